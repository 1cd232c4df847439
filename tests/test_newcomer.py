"""A newcomer with ten files and only the page asks, narrows, widens, searches, reads a person, takes it all along."""

import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from pages import ask, go_to, look_at, serving_nothing
from playwright.sync_api import Browser, Locator, Page, expect
from samples import docx, paragraph, pdf

from ui.page import words
from ui.page.words import counted, language_name, say

# Milliseconds until articles are indexed or a question is answered, and until any other step has ended, on a machine
# that has much else to do.
PATIENCE, STEP = 300_000, 60_000
NARROW = 768  # pixels, below which the sidebar and the article cover the page


@dataclass(frozen=True)
class Newcomer:
    """Somebody with a browser in some language, their articles, what they ask of them, and what they must find."""

    browser: str
    page: str  # the language in which the page speaks to them
    window: tuple[int, int]
    scheme: Literal["light", "dark"]
    heading: str  # with which it begins
    texts: Mapping[str, str]  # their files, each the text of one article
    read: tuple[str, str]  # an article that they look at, and words in it
    found: tuple[str, str]  # words that they look for in it, and how those stand there
    question: str
    answer: str
    cited: str  # words of the sentence that says so
    direction: str  # of the answer
    source: str  # to which they narrow the second question
    second: str
    narrowed: str  # the source's sentence has these words
    phrase: str
    phrase_in: str  # the headline of the article that holds it
    name: tuple[str, str]  # as they write it, and as it is found
    language: str  # of the articles to which they narrow that
    person: str  # whose words they read
    speech: str
    removed: str

    @property
    def is_on_a_phone(self) -> bool:
        return self.window[0] < NARROW

    @property
    def looks(self) -> str:
        """What tells their pictures from those of others."""
        return f"{self.page}-{self.window[0]}-{self.scheme}"


NEWCOMERS = tomllib.loads(Path(__file__).with_name("newcomers.toml").read_text(encoding="utf-8"))


@pytest.fixture(params=NEWCOMERS)
def newcomer(request: pytest.FixtureRequest) -> Iterator[Newcomer]:
    """One of them; `say` tells meanwhile what the page says to them."""
    one = Newcomer(**NEWCOMERS[request.param])
    words.speak(one.page)
    expect.set_options(timeout=STEP)
    yield one
    expect.set_options()
    words.speak("en")


@pytest.mark.slow
def test_a_newcomer_gets_from_nothing_to_an_answer_in_their_hands(
    browser: Browser, tmp_path: Path, newcomer: Newcomer
) -> None:
    width, height = newcomer.window
    with (
        serving_nothing(tmp_path / "index", "light") as served,
        browser.new_context(
            locale=newcomer.browser,
            viewport={"width": width, "height": height},
            color_scheme=newcomer.scheme,
            has_touch=newcomer.is_on_a_phone,
            is_mobile=newcomer.is_on_a_phone,
        ) as context,
    ):
        page = context.new_page()
        page.goto(f"{served.url}/search")  # where nothing is yet
        expect(page.get_by_role("heading", name=newcomer.heading)).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        look_at(page, f"walk-1-first-{newcomer.looks}")
        files = _files(newcomer, tmp_path)
        _add(page, newcomer, files)
        assert len(list(served.folder.iterdir())) == len(files)
        _ask(page, newcomer)
        _narrow_and_widen(page, newcomer)
        _search_a_phrase(page, newcomer)
        _search_a_name(page, newcomer)
        person = _read_a_person(page, newcomer)
        _take_along(page, newcomer, tmp_path)
        if not newcomer.is_on_a_phone:
            _look_on_a_phone(browser, newcomer, (f"{served.url}/search?q={newcomer.name[1]}", person))
        _remove(page, newcomer, served.folder)


def _files(newcomer: Newcomer, scratch: Path) -> list[Path]:
    """Their articles as files, one each."""
    for name, text in newcomer.texts.items():
        (scratch / name).write_bytes(_content(name, text))
    return [scratch / one for one in newcomer.texts]


def _content(name: str, text: str) -> bytes:
    title, *paragraphs = [one for one in text.splitlines() if one]
    if name.endswith(".docx"):
        return docx("".join([paragraph(title, "Heading1"), *map(paragraph, paragraphs)]))
    if name.endswith(".pdf"):
        return pdf([paragraphs], title)
    return text.encode()


def _add(page: Page, newcomer: Newcomer, files: list[Path]) -> None:
    page.locator("input[type=file]").set_input_files(files)
    add = page.get_by_role("button", name=counted("Add {n} file", "Add {n} files", len(files)))
    expect(add).to_be_enabled()
    if not newcomer.is_on_a_phone:
        expect(page.get_by_test_id("stFileChipName").last).to_be_in_viewport(ratio=1)
    look_at(page, f"walk-2-chosen-{newcomer.looks}")
    add.click()
    expect(page.locator(".added .name[data-send]")).to_have_count(len(files), timeout=PATIENCE)
    expect(page.locator(".added small", has_text=counted("{n} article", "{n} articles", 1))).to_have_count(len(files))
    expect(page.locator(".added .ill, .problem")).to_have_count(0)
    look_at(page, f"walk-3-added-{newcomer.looks}")
    article, text = newcomer.read
    page.locator(".added .name[data-send]", has_text=article).click()
    expect(page.locator(".panel .text")).to_contain_text(text)
    box = page.get_by_role("searchbox", name=say("Find in this article"))
    wanted, found = newcomer.found
    box.fill(wanted)
    expect(page.locator(".match.here")).to_have_text(found, ignore_case=True)
    look_at(page, f"walk-4-found-{newcomer.looks}")
    box.press("Escape")  # empties the box
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)


def _ask(page: Page, newcomer: Newcomer) -> None:
    page.get_by_role("button", name=say("Ask your articles")).click()
    expect(page.locator(".welcome")).to_be_visible(timeout=PATIENCE)
    _is_at_its_head(page)
    look_at(page, f"walk-5-welcome-{newcomer.looks}")
    ask(page, newcomer.question, PATIENCE)
    turn = page.locator(".turn").last
    expect(turn.locator(".short, .statements").first).to_contain_text(newcomer.answer)
    source = turn.locator("ol.sentences .sentence", has=page.locator(".number")).first
    expect(source).to_contain_text(newcomer.cited)
    for told in (turn.locator(".question"), turn.locator(".quote").first):
        expect(told).to_have_css("direction", newcomer.direction)
    look_at(page, f"walk-6-answer-{newcomer.looks}")
    turn.locator(".chip").first.click()
    mark = page.locator(".panel mark").first
    expect(mark).to_contain_text(newcomer.cited)
    expect(mark).to_be_in_viewport()
    look_at(page, f"walk-7-cited-{newcomer.looks}")
    page.locator(".panel .close").click()
    expect(page.locator(".panel")).to_have_count(0)


def _is_at_its_head(page: Page) -> None:
    """Nobody has scrolled this page, however far the one before was."""
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


def _narrow_and_widen(page: Page, newcomer: Newcomer) -> None:
    page.get_by_role("button", name=say("Narrow")).click()
    chosen = page.get_by_role("combobox", name=say("Source"))
    chosen.click()
    whole = page.locator("[data-key=__select_all__] [data-item-hl]")
    said = whole.evaluate("one => getComputedStyle(one, '::after').content")
    assert (said, whole.evaluate("one => getComputedStyle(one).fontSize")) == (f'"{say("All")}"', "0px")
    chosen.fill(newcomer.source.split()[0])
    offered = page.get_by_role("option", name=newcomer.source)
    expect(offered).to_be_in_viewport(ratio=1)
    expect(offered).to_have_css("direction", words.direction(newcomer.page))
    look_at(page, f"walk-8-narrowing-{newcomer.looks}")
    offered.click()
    page.get_by_test_id("stChatInputTextArea").click()  # which closes what was opened
    expect(chosen).to_have_count(0)
    chip = page.locator(".st-key-ask .narrowed li", has_text=newcomer.source)
    expect(chip).to_be_visible()
    ask(page, newcomer.second, PATIENCE)
    own = page.locator(".turn").last.locator(".narrowed li")
    expect(own).to_contain_text(newcomer.source)
    expect(page.locator(".turn").last.locator("ol.sentences")).to_contain_text(newcomer.narrowed)
    look_at(page, f"walk-9-narrowed-{newcomer.looks}")
    own.get_by_role("button").click()  # asks again, of all articles
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn .narrowed")).to_have_count(0)
    expect(chip).to_have_count(0)
    expect(page.locator(".footnote, .refusal")).to_have_count(2, timeout=PATIENCE)
    expect(page.locator(".turn").last.locator("ol.sentences")).to_contain_text(newcomer.narrowed)
    look_at(page, f"walk-10-widened-{newcomer.looks}")


def _search_a_phrase(page: Page, newcomer: Newcomer) -> None:
    go_to(page, say("Search"))
    box = page.get_by_label(say("Words, a phrase between quotation marks, a name"))
    _type(box, f'"{newcomer.phrase}"')
    expect(page.locator(".found mark")).to_have_text(newcomer.phrase)
    expect(page.locator(".found .title")).to_have_text(newcomer.phrase_in)
    _is_at_its_head(page)
    look_at(page, f"walk-11-phrase-{newcomer.looks}")


def _search_a_name(page: Page, newcomer: Newcomer) -> None:
    written, spelled = newcomer.name
    _type(page.get_by_label(say("Words, a phrase between quotation marks, a name")), written)
    expect(page.locator(".found mark", has_text=spelled).first).to_be_visible()
    language = language_name(newcomer.language)
    page.locator(".facets > summary").click()
    page.locator(".facets button", has_text=language).click()
    expect(page.locator(".narrowed li", has_text=language)).to_be_visible()
    look_at(page, f"walk-12-name-{newcomer.looks}")
    page.locator(".narrowed").get_by_role("button", name=say("Take off: {name}", name=language)).click()
    expect(page.locator(".narrowed")).to_have_count(0)
    page.locator(".found .sentence").first.click()
    expect(page.locator(".panel mark").first).to_be_in_viewport()
    look_at(page, f"walk-13-opened-{newcomer.looks}")
    page.locator(".panel .close").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name=say("Save as CSV")).click()
    assert spelled in saved.value.path().read_text(encoding="utf-8-sig")


def _read_a_person(page: Page, newcomer: Newcomer) -> str:
    """Finds somebody and reads what they said; where that stands."""
    go_to(page, say("Names"))
    expect(page.locator(".names button").first).to_be_visible()
    look_at(page, f"walk-14-names-{newcomer.looks}")
    _type(page.get_by_label(say("A name, or part of one")), newcomer.person.split()[-1])
    page.locator(".names button", has_text=newcomer.person).click()
    expect(page.get_by_role("heading", name=newcomer.person)).to_be_visible()
    said = page.locator(".sentence mark", has_text=newcomer.speech)
    expect(said).to_be_visible()
    look_at(page, f"walk-15-person-{newcomer.looks}")
    said.click()
    expect(page.locator(".panel mark", has_text=newcomer.speech)).to_be_in_viewport()
    page.locator(".panel .close").click()
    return page.url


def _type(box: Locator, query: str) -> None:
    box.fill(query)
    box.press("Enter")


def _take_along(page: Page, newcomer: Newcomer, scratch: Path) -> None:
    go_to(page, say("Ask"))
    page.locator(".save summary").first.click()
    expect(page.get_by_role("button", name=say("The whole conversation (print, PDF)")).first).to_be_visible()
    look_at(page, f"walk-16-saving-{newcomer.looks}")
    for link, answers in (("Word", 1), (say("The whole conversation (Word)"), 2)):
        with page.expect_download() as saved:
            page.get_by_role("link", name=link, exact=True).first.click()
        saved.value.save_as(scratch / "saved.docx")
        with zipfile.ZipFile(scratch / "saved.docx") as document:
            footnotes, body = (document.read(f"word/{part}.xml").decode() for part in ("footnotes", "document"))
        told = [newcomer.question, newcomer.second][:answers]
        assert all(one in body for one in [newcomer.answer, *told])
        assert all(one in footnotes for one in [newcomer.cited, newcomer.narrowed][:answers])


def _look_on_a_phone(browser: Browser, newcomer: Newcomer, addresses: Sequence[str]) -> None:
    with browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", locale=newcomer.browser
    ) as context:
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            expect(page.locator(".found .sentence, .sentences mark, .added li").first).to_be_visible()
            name = urlsplit(address).path.strip("/")
            look_at(page, f"{name}-{newcomer.page}-390-dark")
        page.get_by_test_id("stExpandSidebarButton").click()
        sidebar = page.get_by_test_id("stSidebar")
        expect(sidebar).to_be_in_viewport(ratio=0.9)
        look_at(page, f"sidebar-{newcomer.page}-390-dark")
        go_to(page, say("Search"))
        expect(sidebar).not_to_be_in_viewport()
        _type(page.get_by_label(say("Words, a phrase between quotation marks, a name")), f'"{newcomer.phrase}"')
        page.locator(".found mark").click(timeout=STEP)
        expect(page.locator(".panel mark").first).to_be_in_viewport()


def _remove(page: Page, newcomer: Newcomer, folder: Path) -> None:
    go_to(page, say("Add"))
    page.get_by_role("button", name=say("Remove {name}", name=newcomer.removed)).click()
    page.get_by_role("button", name=say("Remove it"), exact=True).click()
    expect(page.locator(".added li")).to_have_count(len(newcomer.texts) - 1)
    assert not (folder / newcomer.removed).exists()
    expect(page.locator("progress")).to_have_count(0, timeout=PATIENCE)
