"""A newcomer who has only the page adds articles, asks, narrows and widens, searches, and takes the answer along."""

import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pages import ARTIFACTS, ROOT, ask, go_to, look_at, serving_nothing
from playwright.sync_api import Browser, Locator, Page, expect

from ui.page import words
from ui.page.words import counted, say

# Milliseconds until articles are indexed, on a machine that has much else to do. Every step ends after so long at most.
PATIENCE = 300_000


@dataclass(frozen=True)
class Newcomer:
    """Somebody with a browser in some language, their articles, what they ask of them, and what they must find."""

    browser: str
    page: str  # the language in which the page speaks to them
    heading: str  # with which it begins
    files: Sequence[str]  # of the sample articles
    texts: Mapping[str, str]  # files of their own
    read: tuple[str, str]  # an article that they look at, and words in it
    question: str
    answer: str
    direction: str  # of the answer
    source: str  # to which they narrow the second question
    second: str
    footnote: str  # the source's sentence has these words
    phrase: str
    name: tuple[str, str]  # as they write it, and as it is found
    person: str  # whose words they read
    speech: str
    language: str  # of the articles to which they narrow that
    found: tuple[str, str]  # words that they look for in the article that they open, and how those stand there
    removed: str


NEWCOMERS = tomllib.loads(Path(__file__).with_name("newcomers.toml").read_text(encoding="utf-8"))


@pytest.fixture(params=NEWCOMERS)
def newcomer(request: pytest.FixtureRequest) -> Iterator[Newcomer]:
    """One of them; `say` tells meanwhile what the page says to them."""
    one = Newcomer(**NEWCOMERS[request.param])
    words.speak(one.page)
    yield one
    words.speak("en")


@pytest.mark.slow
def test_a_newcomer_gets_from_nothing_to_an_answer_in_their_hands(
    browser: Browser, tmp_path: Path, newcomer: Newcomer
) -> None:
    with (
        serving_nothing(tmp_path / "index", "light") as served,
        browser.new_context(locale=newcomer.browser, viewport={"width": 1280, "height": 900}) as context,
    ):
        page = context.new_page()
        page.goto(f"{served.url}/search")  # where nothing is yet
        expect(page.get_by_role("heading", name=newcomer.heading)).to_be_visible(timeout=60_000)
        expect(page.get_by_role("dialog")).to_have_count(0)
        look_at(page, f"first-{newcomer.browser}")
        files = _files(newcomer, tmp_path)
        _add(page, newcomer, files)
        assert len(list(served.folder.iterdir())) == len(files)
        _ask_and_narrow(page, newcomer)
        _search(page, newcomer)
        person = _read_a_person(page, newcomer)
        _take_along(page, newcomer, tmp_path)
        _look_on_a_phone(browser, newcomer, (f"{served.url}/search?q={newcomer.name[1]}", person, f"{served.url}/add"))
        _remove(page, newcomer, served.folder)


def _files(newcomer: Newcomer, scratch: Path) -> list[Path]:
    for name, text in newcomer.texts.items():
        (scratch / name).write_text(text, encoding="utf-8")
    return [*(ROOT / "corpus" / one for one in newcomer.files), *(scratch / one for one in newcomer.texts)]


def _add(page: Page, newcomer: Newcomer, files: list[Path]) -> None:
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name=counted("Add {n} file", "Add {n} files", len(files))).click()
    expect(page.locator(".added .name[data-send]")).to_have_count(len(files), timeout=PATIENCE)
    article, text = newcomer.read
    page.locator(".added .name[data-send]", has_text=article).click()
    expect(page.locator(".panel .text")).to_contain_text(text)
    box = page.get_by_role("searchbox", name=say("Find in this article"))
    wanted, found = newcomer.found
    box.fill(wanted)
    expect(page.locator(".match.here")).to_have_text(found)
    look_at(page, f"find-{newcomer.browser}")
    box.press("Escape")  # empties the box
    page.keyboard.press("Escape")
    look_at(page, f"added-{newcomer.browser}")


def _ask_and_narrow(page: Page, newcomer: Newcomer) -> None:
    go_to(page, say("Ask"))
    ask(page, newcomer.question, PATIENCE)
    turn = page.locator(".turn").last
    expect(turn).to_contain_text(newcomer.answer)
    for told in (turn.locator(".question"), turn.locator(".quote").first):
        expect(told).to_have_css("direction", newcomer.direction)
    page.get_by_role("button", name=say("Narrow")).click()
    chosen = page.get_by_role("combobox", name=say("Source"))
    chosen.fill(newcomer.source.split()[0])
    chosen.press("Enter")
    page.keyboard.press("Escape")
    chip = page.locator(".st-key-ask .narrowed li", has_text=newcomer.source)
    expect(chip).to_be_visible()
    ask(page, newcomer.second, PATIENCE)
    own = page.locator(".turn").last.locator(".narrowed li")
    expect(own).to_contain_text(newcomer.source)
    look_at(page, f"narrowed-{newcomer.browser}")
    own.get_by_role("button").click()  # asks again, of all articles
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn .narrowed")).to_have_count(0)
    expect(chip).to_have_count(0)
    expect(page.locator(".footnote, .refusal")).to_have_count(2, timeout=PATIENCE)


def _search(page: Page, newcomer: Newcomer) -> None:
    go_to(page, say("Search"))
    box = page.get_by_label(say("Words, a phrase between quotation marks, a name"))
    _type(box, f'"{newcomer.phrase}"')
    expect(page.locator(".found mark")).to_have_text(newcomer.phrase, timeout=30_000)
    written, spelled = newcomer.name
    _type(box, written)
    expect(page.locator(".found mark", has_text=spelled).first).to_be_visible(timeout=30_000)
    language = words.language_name(newcomer.language)
    page.locator(".facets > summary").click()
    page.locator(".facets button", has_text=language).click()
    expect(page.locator(".narrowed li", has_text=language)).to_be_visible()
    look_at(page, f"search-{newcomer.browser}")
    page.locator(".narrowed").get_by_role("button", name=say("Take off: {name}", name=language)).click()
    expect(page.locator(".narrowed")).to_have_count(0)
    page.locator(".found .sentence").first.click()
    expect(page.locator(".panel mark").first).to_be_in_viewport()
    look_at(page, f"search-article-{newcomer.browser}")
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.get_by_role("button", name=say("Save as CSV")).click()
    assert spelled in saved.value.path().read_text(encoding="utf-8-sig")


def _read_a_person(page: Page, newcomer: Newcomer) -> str:
    """Finds somebody and reads what they said; where that stands."""
    go_to(page, say("Names"))
    _type(page.get_by_label(say("A name, or part of one")), newcomer.person.split()[-1])
    page.locator(".names button", has_text=newcomer.person).click()
    said = page.locator(".sentence mark", has_text=newcomer.speech)
    expect(said).to_be_visible(timeout=30_000)
    look_at(page, f"person-{newcomer.browser}")
    said.click()
    expect(page.locator(".panel mark", has_text=newcomer.speech)).to_be_in_viewport()
    page.keyboard.press("Escape")
    return page.url


def _type(box: Locator, query: str) -> None:
    box.fill(query)
    box.press("Enter")


def _take_along(page: Page, newcomer: Newcomer, scratch: Path) -> None:
    go_to(page, say("Ask"))
    page.locator(".save summary").first.click()
    expect(page.get_by_role("button", name=say("The whole conversation (print, PDF)")).first).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name=say("The whole conversation (Word)")).first.click()
    saved.value.save_as(scratch / "talk.docx")
    with zipfile.ZipFile(scratch / "talk.docx") as document:
        assert newcomer.footnote in document.read("word/footnotes.xml").decode()
        assert newcomer.question in document.read("word/document.xml").decode()


def _look_on_a_phone(browser: Browser, newcomer: Newcomer, addresses: Sequence[str]) -> None:
    with browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", locale=newcomer.browser
    ) as context:
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            expect(page.locator(".found .sentence, .sentences mark, .added li").first).to_be_visible(timeout=60_000)
            name = urlsplit(address).path.strip("/")
            look_at(page, f"{name}-{newcomer.browser}-390-dark")
        page.get_by_test_id("stExpandSidebarButton").click()
        sidebar = page.get_by_test_id("stSidebar")
        expect(sidebar).to_be_in_viewport(ratio=0.9)
        look_at(page, f"sidebar-{newcomer.browser}-390-dark")
        go_to(page, say("Search"))
        expect(sidebar).not_to_be_in_viewport()
        _type(page.get_by_label(say("Words, a phrase between quotation marks, a name")), f'"{newcomer.phrase}"')
        page.locator(".found mark").click(timeout=30_000)
        expect(page.locator(".panel mark")).to_be_in_viewport()


def _remove(page: Page, newcomer: Newcomer, folder: Path) -> None:
    go_to(page, say("Add"))
    count = len(newcomer.files) + len(newcomer.texts)
    page.get_by_role("button", name=say("Remove {name}", name=newcomer.removed)).click()
    page.get_by_role("button", name=say("Remove it"), exact=True).click()
    expect(page.locator(".added li")).to_have_count(count - 1, timeout=30_000)
    assert not (folder / newcomer.removed).exists()
    expect(page.locator("progress")).to_have_count(0, timeout=PATIENCE)
    assert (ARTIFACTS / f"added-{newcomer.browser}.png").exists()
