"""The file of an article as it lies in the folder: to be saved, and a scanned page of it to be looked at."""

from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.settings import Settings
from index.articles import Article
from index.errors import UnknownArticle, UserError
from index.generations.generation import Generation
from index.reading.originals import NoOriginal, original, page_picture
from index.reading.readers.kinds import has_pages
from ui.page.downloads import visitor_of
from ui.page.opening import opening
from ui.page.render import Original
from ui.page.signin import NoEntry

FILE, PICTURE = "/original/file", "/original/page"
# Each takes a process of its own, for some seconds at most.
PICTURES_AT_ONCE, WAIT_SECONDS = 2, 20.0
MOST_DIGITS = 6
# A picture is looked at again while one goes from sentence to sentence.
KEPT_SECONDS = 300


def original_of(generation: Generation, article: Article, start: int) -> Original | None:
    """Of the page that holds that character; None for what is no file of its own, or no PDF and no picture."""
    if not has_pages(article.id) or generation.file(article.id) is None:
        return None
    spot = article.spot_at(max(start, 0))
    asked = {"article": article.id}
    picture = f"{PICTURE}?{urlencode({**asked, 'page': spot.page or 1})}" if spot.recognised else ""
    return Original(f"{FILE}?{urlencode(asked)}", picture, spot.page)


def file_route(settings: Settings) -> Route:
    """Serves FILE?article=ID: the file, to be saved and never shown as a page of this server's."""

    def send(request: Request) -> Response:
        try:
            article, content = _read(request, settings)
        except (NoEntry, UserError, NoOriginal):
            return PlainTextResponse("There is no such file, or it is not as it was indexed.", status_code=404)
        name = quote(article.id.rpartition("/")[2], safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(content, media_type="application/octet-stream", headers=headers)

    return Route(FILE, send)


def picture_route(settings: Settings) -> Route:
    """Serves PICTURE?article=ID&page=N: the scanned page as a JPEG; pages are counted from 1."""
    free = BoundedSemaphore(PICTURES_AT_ONCE)

    def send(request: Request) -> Response:
        digits = request.query_params.get("page", "")
        try:
            article, content = _read(request, settings)
            if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
                raise NoOriginal("that is no page")
            if not article.spot_at(_start_of(article, int(digits))).recognised:
                raise NoOriginal("that page is no scan")
            if not free.acquire(timeout=WAIT_SECONDS):
                return PlainTextResponse("Too many pages are looked at; try again.", status_code=503)
            try:
                picture = page_picture(content, int(digits))
            finally:
                free.release()
        except (NoEntry, UserError, NoOriginal):
            return PlainTextResponse("There is no picture of such a page.", status_code=404)
        return Response(picture, media_type="image/jpeg", headers={"Cache-Control": f"private, max-age={KEPT_SECONDS}"})

    return Route(PICTURE, send)


def _start_of(article: Article, page: int) -> int:
    """The first character of the page; raises NoOriginal when there is no such page."""
    starts = article.page_starts or (0,)
    if not 1 <= page <= len(starts):
        raise NoOriginal("there is no such page")
    return starts[page - 1]


def _read(request: Request, settings: Settings) -> tuple[Article, bytes]:
    """The article that is asked for, and its file; raises NoEntry, UserError or NoOriginal when it may not be had."""
    visitor_of(request, settings)
    opened = opening(settings).future
    if not opened.done():
        raise NoOriginal("the index is not open yet")
    generation = opened.result().open_generation()
    asked = request.query_params.get("article", "")
    state = generation.file(asked) if has_pages(asked) else None
    if state is None or not state.digest:
        raise UnknownArticle("There is no such file.")
    article = generation.article(asked)
    if article.id != asked:
        raise UnknownArticle("That is a copy of another article.")
    return article, original(Path(generation.manifest.folder), state)
