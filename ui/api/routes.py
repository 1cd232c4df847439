"""The HTTP API: questions, articles and the index."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextvars import copy_context
from dataclasses import asdict, dataclass
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.sse import format_sse_event
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from assistant.answers import HITS, Answer, Composed, Event, Evidence, ShortAnswer, Turn, Waiting, Written
from assistant.assistant import Assistant
from assistant.lookup.lookup import Facets, look_up
from assistant.lookup.query import QUERY_CHARACTERS, parsed
from assistant.timeline import timeline
from index.articles import Article
from index.errors import UnknownArticle, UserError
from ui.answer_line import AnswerLine, HitLine, answer_line, hit_line
from ui.api import chat_completions
from ui.api.asking import MOST_TURNS, Asking, DeskOf, EventStream, QuestionText, streamed, wants_stream
from ui.api.desk import Asked, Desk
from ui.api.guard import Caller
from ui.api.problems import MOST_BODY_BYTES, ErrorBody, Problem, internal_problem, too_large
from ui.hit_table import PassageLine, passage_line
from ui.narrowing import Narrowing
from ui.rebuilding import Rebuild, Rebuilds

MOST_ANSWER_CHARACTERS = 20_000  # of a turn
MOST_HITS, MOST_ROWS, MOST_BEFORE = 100, 200, 100_000_000
PLAIN_NAME = re.compile(r"[A-Za-z_]{1,40}")  # of a field that is not known: any other might be what was asked

ERRORS: dict[int | str, dict[str, Any]] = {"4XX": {"model": ErrorBody}, "5XX": {"model": ErrorBody}}


def rebuilds_of(request: Request) -> Rebuilds:
    """The rebuilds of the server that got the request."""
    rebuilds: Rebuilds = request.app.state.rebuilds
    return rebuilds


RebuildsOf = Annotated[Rebuilds, Depends(rebuilds_of)]
router = APIRouter()
EVENTS = ("evidence", "short_answer", "composed", "waiting", "text", "answer", "error")
logger = logging.getLogger(__name__)


class TurnBody(BaseModel):
    """An earlier question of the conversation, its answer, and the answer's `short_answer`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: QuestionText
    answer: str = Field("", max_length=MOST_ANSWER_CHARACTERS)
    short_answer: str = Field("", max_length=MOST_ANSWER_CHARACTERS)


class AskBody(Asking):
    """A question; `history` is the conversation so far, oldest turn first."""

    question: QuestionText
    history: tuple[TurnBody, ...] = Field((), max_length=MOST_TURNS)


class SearchQuery(Narrowing):
    """What to search for."""

    q: QuestionText
    top: int = Field(HITS, ge=1, le=MOST_HITS, description="How many hits, best first.")


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, best first."""

    hits: tuple[HitLine, ...]
    generation: str


def _searchable(query: str) -> str:
    try:
        parsed(query)
    except UserError as error:
        raise ValueError(str(error)) from None
    return query


class PassagesQuery(Narrowing):
    """Words, phrases and names to look for, as the Search page takes them."""

    q: Annotated[str, Field(min_length=1, max_length=QUERY_CHARACTERS), AfterValidator(_searchable)]
    order: Literal["best", "newest"] = Field("best", description="The best passages first, or the newest.")
    top: int = Field(HITS, ge=1, le=MOST_ROWS, description="How many passages.")
    offset: int = Field(0, ge=0, le=MOST_BEFORE, description="How many before them to leave out.")


class TimelineQuery(Narrowing):
    """Whose days, or what to follow through time."""

    q: QuestionText


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages that hold all that was looked for; `total` is how many there are, in so many articles."""

    passages: tuple[PassageLine, ...]
    total: int
    article_count: int
    facets: Facets
    unread_count: int  # older articles that may hold it too
    generation: str


@dataclass(frozen=True, slots=True)
class DatedSentence:
    """A sentence and the ISO days, from `first` to `last`, that it tells of."""

    first: str
    last: str
    sentence: HitLine


@dataclass(frozen=True, slots=True)
class DatedSentences:
    """What is told of, earliest first."""

    events: tuple[DatedSentence, ...]
    generation: str


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article without its text."""

    id: str
    title: str
    published: str
    language: str
    source: str
    author: str
    url: str


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Some of the articles, newest first; `total` is how many there are."""

    articles: tuple[ArticleLine, ...]
    total: int
    generation: str


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """What the index holds; found = articles + duplicates + skipped."""

    generation: str
    created: str  # ISO date and time with zone
    embedding: str
    article_count: int
    passage_count: int
    sentence_count: int
    found_count: int
    duplicate_count: int
    skipped_count: int


@dataclass(frozen=True, slots=True)
class RebuildProgress:
    """How far a rebuild is; `done` and `total` are files, `rate` files per second."""

    stage: str
    done: int
    total: int
    rate: float
    seconds_left: float
    started: str  # ISO date and time with zone


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index in use, null when there is none yet, and the rebuild at work, null when there is none."""

    index: IndexSummary | None
    rebuild: RebuildProgress | None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether questions are answered, and over which generation of the index."""

    ready: bool
    generation: str


@router.post(
    "/v1/ask",
    response_model=AnswerLine,
    responses=streamed("evidence", "short_answer", "composed", "waiting", "text", "answer", "error"),
)
async def ask(body: AskBody, request: Request, desk: DeskOf) -> Response:
    """The answer to a question, every statement cited; or, streamed, its events as they come.

    The events are `evidence`, `waiting`, `text` (unchecked, as it is written), and last `answer` or `error`.
    """
    history = [Turn(turn.question, turn.answer, turn.short_answer) for turn in body.history]
    asked = Asked(body.question, history, body.filters, body.answer_language)
    if wants_stream(body, request):
        return EventStream(desk, asked, request, _Events())
    return JSONResponse(answer_line(await desk.answer(asked, request.is_disconnected), HITS))


@router.get("/v1/search", response_model=SearchResult)
async def search(query: Annotated[SearchQuery, Query()], desk: DeskOf) -> Response:
    """The sentences that fit best, without an answer."""
    hits, generation = await desk.search(query.q, query.filters, query.top)
    return JSONResponse(asdict(SearchResult(tuple(map(hit_line, hits)), generation)))


@router.get("/v1/passages", response_model=Passages)
async def passages(query: Annotated[PassagesQuery, Query()], desk: DeskOf) -> Response:
    """The passages that hold these words, phrases and names, word for word; no model is asked."""

    def found(assistant: Assistant) -> Passages:
        generation = assistant.open_generation()
        given = look_up(query.q, generation, query.filters, newest_first=query.order == "newest")
        shown = given.found[query.offset : query.offset + query.top]
        lines = tuple(map(passage_line, shown))
        counts = (len(given.found), given.article_count, given.facets, given.unread_count)
        return Passages(lines, *counts, generation.name)

    return JSONResponse(asdict(await desk.work(found)))


@router.get("/v1/timeline", response_model=DatedSentences)
async def days(query: Annotated[TimelineQuery, Query()], desk: DeskOf) -> Response:
    """The sentences about a name or a question in the order of the days that they tell of."""

    def found(assistant: Assistant) -> DatedSentences:
        generation = assistant.open_generation()
        events = timeline(query.q, generation, assistant.embedding, query.filters)
        told = tuple(DatedSentence(one.first, one.last, hit_line(one.hit)) for one in events)
        return DatedSentences(told, generation.name)

    return JSONResponse(asdict(await desk.work(found)))


@router.get("/v1/articles", response_model=ArticleList)
def list_articles(
    desk: DeskOf,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_BEFORE)] = 0,
) -> Response:
    """The articles, newest first."""
    generation = desk.open_generation()
    articles = tuple(
        ArticleLine(one.id, one.title, one.published, one.language, one.source, one.author, one.url)
        for one in generation.articles(limit, offset)
    )
    return JSONResponse(asdict(ArticleList(articles, generation.manifest.article_count, generation.name)))


@router.get("/v1/articles/{article_id:path}", response_model=Article)
def show_article(article_id: str, desk: DeskOf) -> Response:
    """An article and its exact stored text; `also_in` names those that hold the same."""
    try:
        return JSONResponse(asdict(desk.open_generation().article(article_id)))
    except UnknownArticle:
        raise Problem(404, "no_article", "The index holds no such article. GET /v1/articles lists them.") from None


@router.get("/v1/index", response_model=IndexState)
def index_state(desk: DeskOf, rebuilds: RebuildsOf) -> Response:
    """What the index holds, and how far a rebuild is."""
    return JSONResponse(asdict(IndexState(_summary(desk), _progress(rebuilds))))


@router.post("/v1/index", response_model=IndexState, status_code=202)
def start_rebuild(request: Request, desk: DeskOf, rebuilds: RebuildsOf) -> Response:
    """Rebuilds the index from the folder that it was made from, unless a rebuild is at work already.

    Needs an admin's token as soon as there are tokens.
    """
    caller: Caller = request.scope["newsdesk.caller"]
    if not caller.admin:
        raise Problem(403, "admin", "Only an admin's token may rebuild: `newsdesk token create NAME --admin`.")
    if rebuilds.progress is None:
        started = rebuilds.start(caller.admin)
        Thread(target=copy_context().run, args=(_log_end, started), name="rebuild", daemon=True).start()
    return JSONResponse(asdict(IndexState(_summary(desk), _progress(rebuilds))), status_code=202)


@router.get("/health", response_model=Health, responses={503: {"model": Health}})
def health(desk: DeskOf) -> Response:
    """Whether the server is ready; status 503 while it is not."""
    try:
        return JSONResponse(asdict(Health(True, desk.open_generation().name)))
    except Problem as problem:
        return JSONResponse(asdict(Health(False, "")), problem.status)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(desk: DeskOf) -> Response:
    """Counts and times for Prometheus."""
    return desk.measures.response()


def _summary(desk: Desk) -> IndexSummary | None:
    try:
        manifest = desk.open_generation().manifest
    except Problem:
        return None
    return IndexSummary(
        generation=manifest.name,
        created=manifest.created,
        embedding=Path(manifest.embedding).name if Path(manifest.embedding).is_absolute() else manifest.embedding,
        article_count=manifest.article_count,
        passage_count=manifest.passage_count,
        sentence_count=manifest.sentence_count,
        found_count=manifest.found_count,
        duplicate_count=len(manifest.duplicates),
        skipped_count=len(manifest.skipped),
    )


def _progress(rebuilds: Rebuilds) -> RebuildProgress | None:
    status = rebuilds.progress
    if status is None:
        return None
    return RebuildProgress(status.stage, status.done, status.total, status.rate, status.seconds_left, status.started)


def _log_end(rebuild: Rebuild) -> None:
    problem = rebuild.problem(None)
    logger.log(
        logging.WARNING if problem else logging.INFO, "The rebuild has ended%s", f": {problem}" if problem else "."
    )


class _Events:
    """Events of an answer as server-sent events; of equal numbers of questions before, only the first is sent."""

    def __init__(self) -> None:
        self._before = 0

    def written(self, event: Event) -> Iterator[bytes]:
        match event:
            case Evidence():
                hits = [asdict(hit_line(hit)) for hit in event.hits]
                yield _event("evidence", {"search_query": event.search_query, "hits": hits})
            case ShortAnswer():
                yield _event("short_answer", asdict(event))
            case Composed():
                yield _event("composed", asdict(event))
            case Waiting(before):
                if before not in (0, self._before):
                    yield _event("waiting", {"before": before})
                    self._before = before
            case Written(text):
                yield _event("text", {"text": text})
            case Answer():
                yield _event("answer", answer_line(event, HITS))

    def failed(self, problem: Problem) -> bytes:
        return _event("error", asdict(problem.body))


def _event(name: str, fields: Mapping[str, object]) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(fields, ensure_ascii=False))


def create_app(desk: Desk, rebuilds: Rebuilds) -> FastAPI:
    """The application; who may enter is for guard.py to say, around it."""
    app = FastAPI(
        title="newsdesk",
        description="Questions answered from a folder of news articles, every statement cited to the exact sentence. "
        "As soon as a token has been made, every request needs `Authorization: Bearer TOKEN`.",
        version=version("newsdesk"),
        docs_url=None,  # these pages fetch their scripts from another machine
        redoc_url=None,
        redirect_slashes=False,
        responses=ERRORS,
        max_body_size=MOST_BODY_BYTES,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.desk, app.state.rebuilds = desk, rebuilds
    desk.measures.watch("rebuild_running", "Whether a rebuild is at work.", lambda: rebuilds.progress is not None)
    app.include_router(router)
    app.include_router(chat_completions.router)
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(RequestValidationError, _told_what_is_invalid)
    app.add_exception_handler(HTTPException, _told_by_status)
    app.add_exception_handler(Exception, _told_nothing)
    return app


def _told(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem.response()


def _told_what_is_invalid(_: Request, error: Exception) -> Response:
    """The first field that is wrong and why, without what was sent."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "extra_forbidden":  # its place ends with a name that the client has made up
        name = str(first["loc"][-1])
        if not PLAIN_NAME.fullmatch(name):
            return Problem(400, "invalid", "The request has a field that is not known.").response()
        return Problem(
            400, "invalid", f"The field {name!r} is not known. GET /openapi.json lists them.", param=name
        ).response()
    if first["type"] == "json_invalid":
        return Problem(400, "invalid", "The request is not JSON.").response()
    field = ".".join(str(part) for part in first["loc"][1:])
    return Problem(400, "invalid", f"{field}: {first['msg'].removeprefix('Value error, ')}", param=field).response()


def _told_by_status(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    problem = Problem(status, status.name.lower(), f"{status.phrase}.")
    if status == HTTPStatus.NOT_FOUND:
        problem = Problem(404, "not_found", "There is nothing at this address. GET /openapi.json lists the addresses.")
    elif status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        problem = too_large()
    response = problem.response()
    response.headers.update(error.headers or {})
    return response


def _told_nothing(_: Request, error: Exception) -> Response:
    return internal_problem().response()
