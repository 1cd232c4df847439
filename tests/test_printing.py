"""A conversation on paper: what a browser makes a PDF of has every answer with its numbered sources, in any script."""

import io
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from unicodedata import bidirectional, normalize

import pytest
from fakes import HashingEmbedding
from pages import ARTIFACTS, ask, free_port, running
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from index.rebuild import rebuild

# Of each language a question, words of the sentence that answers it, and the headline of its article.
ASKED = {
    "ar": ("كم جسرا أغلق في المدينة؟", "أغلقت البلدية سبعة جسور في المدينة", "الجسور المغلقة"),
    "he": ("כמה גשרים נסגרו בעיר?", "העירייה סגרה שבעה גשרים בעיר", "הגשרים הסגורים"),
    "uk": ("Скільки мостів закрили в місті?", "У місті закрили сім мостів", "Закриті мости"),
    "en": ("How many bridges closed in the town?", "Seven bridges closed in the town", "The closed bridges"),
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a page is over one article in each of the languages."""
    scratch = tmp_path_factory.mktemp("printing")
    folder = scratch / "articles"
    folder.mkdir()
    for language, (_, sentence, title) in ASKED.items():
        head = f"---\ntitle: {title}\npublished: 2024-03-05\nlanguage: {language}\nsource: Drava\n---\n\n"
        (folder / f"{language}.md").write_text(f"{head}{sentence}.\n", encoding="utf-8")
    rebuild(folder, scratch / "index", HashingEmbedding)
    port = free_port()
    environment = {"NEWSDESK_PROFILE": "light", "NEWSDESK_INDEX_DIR": str(scratch / "index")}
    command = [sys.executable, str(Path(__file__).with_name("hashed_page.py")), str(port)]
    with running(command, environment):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_is_printed_whole_with_its_sources_and_nothing_to_press(
    browser: Browser, address: str, scheme: str
) -> None:
    chosen: Literal["light", "dark"] = "dark" if scheme == "dark" else "light"
    with browser.new_context(color_scheme=chosen, viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator(".welcome")).to_be_visible(timeout=60_000)
        for question, _, _ in ASKED.values():
            ask(page, question)
        page.locator(".chip").first.click()
        expect(page.locator(".panel")).to_be_visible()
        printed = PdfReader(io.BytesIO(_pdf(page, f"printed-{scheme}")))
    assert len(printed.pages) > 1  # and not only what was in sight
    text = "".join("".join(one.extract_text().split()) for one in printed.pages)
    for language, written in ASKED.items():
        for words in written:
            assert _stands_in(words, text), (language, words)
    assert text.count("[1]") == len(ASKED)
    for control in ("Saveas", "Askagain", "Makealink", "Narrow", "Newconversation", "Asknext", "Close", "Taketalloff"):
        assert control not in text


def _pdf(page: Page, name: str) -> bytes:
    """What the browser prints, and a picture of that by the name."""
    page.emulate_media(media="print")
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)
    return page.pdf(path=ARTIFACTS / f"{name}.pdf", format="A4")


def _stands_in(words: str, text: str) -> bool:
    """Whether they do; of those that run from the right, which are read out of a PDF in any order, their letters."""
    wanted = "".join(words.split())
    if bidirectional(wanted[0]) in ("R", "AL"):
        return not Counter(_letters(wanted)) - Counter(_letters(text))
    return wanted in text


def _letters(text: str) -> str:
    """The letters apart from how they are joined, and without the signs above them."""
    return "".join(one for one in normalize("NFKD", text) if one.isalpha())


@pytest.mark.slow
def test_the_whole_conversation_is_printed_at_a_press(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 700}) as context:
        page = context.new_page()
        page.add_init_script("window.print = () => { document.title = 'printed'; }")
        page.goto(address)
        expect(page.locator(".welcome")).to_be_visible(timeout=60_000)
        for language in ("en", "uk", "ar"):
            ask(page, ASKED[language][0])
        page.locator(".save summary").last.click()
        last = page.get_by_role("button", name="The whole conversation (print, PDF)").last
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        box, ask_box = last.bounding_box(), page.locator(".st-key-ask").bounding_box()
        assert box and ask_box and box["y"] + box["height"] <= ask_box["y"]  # in sight, above the question box
        last.click()
        expect(page).to_have_title("printed")
