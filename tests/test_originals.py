"""The file of an article beside it: a scanned page as a picture, only as it was indexed, and only for who may enter."""

import io
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import read_in_this_process
from entrance import ADA, cookie, write
from fakes import HashingEmbedding
from installed import SEEN, TESSERACT, install
from pages import ask, free_port, look_at, running
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, expect
from samples import FIRST, pdf
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from index.generations.pointer import open_current
from index.reading.originals import NoOriginal, original, page_picture
from index.reading.texts import programs, recognition
from index.rebuild import rebuild
from ui.page.originals import FILE, PICTURE, original_of


def scan(kind: str, mode: str = "L", size: tuple[int, int] = (620, 877)) -> bytes:
    """A page with a black bar across its upper half, as a file of the kind."""
    page = Image.new(mode, size, 1 if mode == "1" else 255 if mode == "L" else "white")
    ImageDraw.Draw(page).rectangle((0, 0, size[0], size[1] // 2), fill=0)
    content = io.BytesIO()
    page.save(content, kind)
    return content.getvalue()


def two_pages() -> bytes:
    """A PDF of two scans, of which the second is the larger picture."""
    content = io.BytesIO()
    first, second = (Image.open(io.BytesIO(scan("PNG", size=size))) for size in ((300, 400), (620, 877)))
    first.save(content, "PDF", save_all=True, append_images=[second])
    return content.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "page", "size"),
    [
        (scan("PNG"), 1, (620, 877)),
        (scan("JPEG", "RGB"), 1, (620, 877)),
        (scan("TIFF", "1"), 1, (620, 877)),
        (scan("PDF"), 1, (620, 877)),
        (two_pages(), 1, (300, 400)),
        (two_pages(), 2, (620, 877)),
        (scan("PNG", size=(4000, 6000)), 1, (1600, 2400)),  # no more than a screen shows
    ],
)
def test_a_page_is_a_jpeg_of_what_was_scanned(content: bytes, page: int, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(page_picture(content, page))) as made:
        assert (made.format, made.size) == ("JPEG", size)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "page"),
    [
        (b"", 1),
        (b"words", 1),
        (scan("PNG")[:90], 1),
        (scan("PDF")[:300], 1),
        (scan("PDF"), 2),
        (pdf([[FIRST]]), 1),  # which has letters, and no picture
        (b"GIF89a" + bytes(99), 1),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 1),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n", 1),  # a program would run that
        (scan("PNG", "1", (30_000, 30_000)), 1),  # 900 million points, of which the file has a few thousand bytes
    ],
)
def test_what_is_no_picture_or_too_large_a_one_is_refused(content: bytes, page: int) -> None:
    with pytest.raises(NoOriginal):
        page_picture(content, page)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of scans and other files, indexed: a PDF of two scans, one with letters, a text."""
    scratch = tmp_path_factory.mktemp("originals")
    folder, tools = scratch / "articles", scratch / "programs"
    folder.mkdir()
    tools.mkdir()
    install(tools, "tesseract", TESSERACT)
    (folder / "two.pdf").write_bytes(two_pages())
    (folder / "written.pdf").write_bytes(pdf([[FIRST], ["The toll is 4 crowns."]]))
    (folder / "plain.md").write_text("Snow fell on the town.\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
        read_in_this_process(patched)
        for remembered in (programs.found, recognition.installed_languages):
            remembered.cache_clear()
        rebuild(folder, scratch / "index", HashingEmbedding)
    for remembered in (programs.found, recognition.installed_languages):
        remembered.cache_clear()
    yield scratch


def test_what_was_skipped_is_read_once_its_program_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, tools = tmp_path / "articles", tmp_path / "programs"
    folder.mkdir()
    tools.mkdir()
    (folder / "scan.png").write_bytes(scan("PNG"))
    (folder / "plain.md").write_text("Snow fell on the town.\n", encoding="utf-8")
    monkeypatch.setenv("PATH", str(tools))
    read_in_this_process(monkeypatch)
    made = []
    for tesseract in ("", "", TESSERACT, TESSERACT):
        if tesseract:
            install(tools, "tesseract", tesseract)
        for remembered in (programs.found, recognition.installed_languages):
            remembered.cache_clear()
        made.append(rebuild(folder, tmp_path / "index", HashingEmbedding))
    assert [one.article_count for one in made] == [1, 1, 2, 2]
    assert made[0].name == made[1].name != made[2].name == made[3].name


def test_only_pages_and_pictures_have_an_original_and_only_scans_a_picture(scratch: Path) -> None:
    generation = open_current(scratch / "index")
    told = {}
    for one in generation.articles():
        article = generation.article(one.id)
        told[one.id] = original_of(generation, article, len(article.text) - 1)
    assert told["plain.md"] is None
    written, two = told["written.pdf"], told["two.pdf"]
    assert written and (written.file, written.picture, written.page) == (f"{FILE}?article=written.pdf", "", 2)
    assert two and two.picture == f"{PICTURE}?article=two.pdf&page=2"


def test_a_file_that_is_not_as_it_was_indexed_is_not_shown(scratch: Path, tmp_path: Path) -> None:
    state = open_current(scratch / "index").file("two.pdf")
    assert state and original(scratch / "articles", state) == (scratch / "articles" / "two.pdf").read_bytes()
    with pytest.raises(NoOriginal, match="deleted"):
        original(tmp_path, state)
    (tmp_path / "two.pdf").write_bytes(scan("PDF"))
    with pytest.raises(NoOriginal, match="has changed since it was indexed"):
        original(tmp_path, state)
    (tmp_path / "two.pdf").unlink()
    (tmp_path / "two.pdf").symlink_to(scratch / "articles" / "two.pdf")
    with pytest.raises(NoOriginal, match="symbolic link"):
        original(tmp_path, state)


@contextmanager
def page_over(index_dir: Path, port: int, **more: str) -> Iterator[str]:
    """The page at that port; its address."""
    environment = {"NEWSDESK_PROFILE": "light", "NEWSDESK_INDEX_DIR": str(index_dir), **more}
    with running([sys.executable, str(Path(__file__).with_name("hashed_page.py")), str(port)], environment):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def address(scratch: Path) -> Iterator[str]:
    with page_over(scratch / "index", free_port()) as address:
        yield address


@pytest.mark.slow
def test_with_a_sign_in_a_file_is_for_who_may_enter(browser: Browser, scratch: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    sign_in = write(scratch / "signin.toml", {"address": url})
    known = cookie({**ADA, "iat": time.time(), "origin": url, "provider": "default"})
    unknown = cookie({**ADA, "iat": time.time(), "origin": url, "provider": "default", "email": "eve@evil.example"})
    with page_over(scratch / "index", port, NEWSDESK_SIGNIN=str(sign_in)) as address:
        for place in (f"{FILE}?article=two.pdf", f"{PICTURE}?article=two.pdf&page=1"):
            statuses = [_status(browser, address + place, value) for value in (known, unknown, "")]
            assert statuses == [200, 404, 404], place


def _status(browser: Browser, address: str, value: str) -> int:
    with browser.new_context() as context:
        if value:
            context.add_cookies([{"name": USER_COOKIE_NAME, "value": value, "url": address}])
        return context.request.get(address).status


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "width"), [("en-GB", 1280), ("de-DE", 390)])
def test_the_scan_stands_beside_the_article_and_the_file_can_be_saved(
    browser: Browser, address: str, scratch: Path, locale: str, width: int
) -> None:
    summary, link = {
        "en-GB": ("The page as it was scanned", "Original file"),
        "de-DE": ("Die Seite, wie sie gescannt wurde", "Originaldatei"),
    }[locale]
    scheme = "dark" if width == 390 else "light"
    with browser.new_context(
        locale=locale, color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 844}
    ) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator(".welcome")).to_be_visible(timeout=60_000)
        ask(page, "Who will close the Orrin bridge?")
        page.locator(".turn .sentence", has_text=SEEN).first.click()
        page.get_by_text(summary).click()
        picture = page.locator(".scan img")
        expect(picture).to_have_js_property("complete", True)
        expect(picture).not_to_have_js_property("naturalWidth", 0)
        look_at(page, f"scan-{width}-{scheme}")
        with page.expect_download() as saved:
            page.get_by_role("link", name=link).click()
        assert saved.value.path().read_bytes() == (scratch / "articles" / "two.pdf").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "query", "status"),
    [
        (FILE, "article=written.pdf", 200),
        (FILE, "article=plain.md", 404),  # the panel has all of it
        (FILE, "article=../articles/written.pdf", 404),
        (FILE, "article=/etc/passwd.pdf", 404),
        (FILE, "article=none.pdf", 404),
        (FILE, "article=%ff%00.pdf", 404),
        (FILE, "", 404),
        (PICTURE, "article=two.pdf&page=2", 200),
        (PICTURE, "article=written.pdf&page=1", 404),  # no scan
        *((PICTURE, f"article=two.pdf&page={page}", 404) for page in ("", "0", "3", "-1", "²", "1" * 5000, "two")),
        (PICTURE, "page=1", 404),
    ],
)
def test_nothing_but_files_that_were_indexed_is_served(
    browser: Browser, address: str, place: str, query: str, status: int
) -> None:
    with browser.new_context() as context:
        answer = context.request.get(f"{address}{place}?{query}")
        assert answer.status == status
        if status == 200:
            is_file = place == FILE
            assert answer.headers["content-type"] == ("application/octet-stream" if is_file else "image/jpeg")
            assert ("attachment" in answer.headers.get("content-disposition", "")) == is_file
            assert answer.headers["x-content-type-options"] == "nosniff"
