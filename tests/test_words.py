"""The page's languages: every sentence of the page is in every catalogue, with the same places for values."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fakes import HashingEmbedding
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from index.errors import UserError
from index.generations.pointer import rebuild_lock, roll_back
from index.reading.readers.kinds import _NO_TEXT
from index.reading.readers.story import NOT_PUBLISHED
from index.reading.worker import OUT_OF_MEMORY
from index.reading.workers import _TOO_LARGE, _reason
from index.rebuild import rebuild
from ui.page import words
from ui.page.templating import TEMPLATES
from ui.reply import BROKEN

ROOT = Path(__file__).resolve().parent.parent
UI, INDEX = ROOT / "ui", ROOT / "index"
# Where what a person did on the page is refused, in sentences for them.
REFUSING = (
    "ui/intake.py",
    "ui/conversations.py",
    "ui/rebuilding.py",
    "ui/page/add_page.py",
    "assistant/lookup/query.py",
)
# What makes, of a field's value and where it was found, a pair.
MAKING_PAIRS = ("checked", "_properties")
LEAVES_OUT = ("Unreadable", "ProgramMissing", "Untaught", "TookTooLong", "Flaw", "Skipped", "_Lost", "NotFetched")


def said() -> set[str | tuple[str, ...]]:
    """Every sentence in the code and the templates of the page."""
    found: set[str | tuple[str, ...]] = set()
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                words_of_call = tuple(str(one.value) for one in node.args if isinstance(one, ast.Constant))
                if node.func.id == "say" and words_of_call:
                    found.add(words_of_call[0])
                elif node.func.id == "counted":
                    found.add(words_of_call)
    for path in TEMPLATES.glob("*.html"):
        for _, name, texts in extract_from_ast(Environment().parse(path.read_text()), ("say", "counted")):
            constant = tuple(str(one) for one in (texts if isinstance(texts, tuple) else [texts]) if one)
            if constant:
                found.add(constant if name == "counted" else constant[0])
    return found


def test_sentences_of_templates_are_found() -> None:
    assert {"Sources", ("{n} article", "{n} articles"), "Copied"} <= said()


@pytest.mark.parametrize("language", [one for one in words.LANGUAGES if one != "en"])
def test_a_catalogue_says_everything_that_the_page_says(language: str) -> None:
    with (words.CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = {message.id: message.string for message in read_po(file, locale=language) if message.id}
    assert said() - catalogue.keys() == set()
    for sentence, translated in catalogue.items():
        forms = [translated] if isinstance(translated, str) else list(translated or ())
        values = re.findall(r"{\w+}", sentence if isinstance(sentence, str) else sentence[1])
        assert all(forms), sentence
        for form in forms:
            assert set(re.findall(r"{\w+}", form)) <= set(values), sentence
        assert set(re.findall(r"{\w+}", forms[-1])) == set(values), sentence


def sentences_of(paths: Iterable[Path], *classes: str) -> set[str]:
    """The sentences of which the code makes values of the classes, with "7" wherever something is filled in."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes:
                found |= {_filled(one) for one in node.args[-1:]} - {""}
    return found


@pytest.mark.parametrize("language", [one for one in words.LANGUAGES if one != "en"])
def test_every_refusal_on_the_page_is_told_in_the_language(language: str) -> None:
    words.speak(language)
    found = sentences_of((ROOT / path for path in REFUSING), "UserError")
    assert len(found) > 12
    for sentence in found | {BROKEN}:
        assert words.reason(words.say(sentence)) != sentence


def _filled(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.parametrize("language", [one for one in words.LANGUAGES if one != "en"])
def test_every_reason_for_leaving_a_file_out_is_told_in_the_language(language: str) -> None:
    words.speak(language)
    reasons = sentences_of(INDEX.rglob("*.py"), *LEAVES_OUT)
    found = reasons | {said for _, said in _NO_TEXT} | {_TOO_LARGE, _reason(OUT_OF_MEMORY), _reason(-9)}
    found |= set(NOT_PUBLISHED.values())
    assert len(found) > 40
    assert [one for one in found if words.reason(one) == one] == []


def _ended(tmp_path: Path) -> Iterator[str]:
    """Why a rebuild published nothing, one reason after the other, as the page is told it."""
    empty, unread, gone = (tmp_path / name for name in ("empty", "unread", "gone"))
    for folder in (empty, unread):
        folder.mkdir()
    (unread / "a.txt").write_bytes(b"")
    (tmp_path / "file").write_text("An article.")
    for folder in (empty, unread, gone, tmp_path / "file"):
        with pytest.raises(UserError) as failed:
            rebuild(folder, tmp_path / "index", HashingEmbedding)
        yield str(failed.value)
    with pytest.raises(UserError) as failed:
        roll_back(tmp_path / "index")
    yield str(failed.value)
    with rebuild_lock(tmp_path / "index"), pytest.raises(UserError) as failed:
        rebuild(unread, tmp_path / "index", HashingEmbedding)
    yield str(failed.value)


def test_why_a_rebuild_published_nothing_is_told_in_every_language(tmp_path: Path) -> None:
    told = list(_ended(tmp_path))
    for language in (one for one in words.LANGUAGES if one != "en"):
        words.speak(language)
        assert [one for one in told if words.reason(words.say(one)) == one] == []
    words.speak("de")
    [unread] = [words.reason(one) for one in told if "a.txt" in one]
    assert "a.txt: die Datei ist leer. Legen Sie" in unread


@pytest.mark.parametrize("language", [one for one in words.LANGUAGES if one != "en"])
def test_where_the_facts_of_a_file_were_found_is_told_in_the_language(language: str) -> None:
    words.speak(language)
    places = {"detected", "address", "subtitles", "feed", "picture", "PDF properties", *_places()}
    assert {"front matter", "first lines", "document properties", "mail header", "its metadata"} <= places
    assert [one for one in places if words.say(one) == one] == []


def _places() -> Iterator[str]:
    """Where a reader says that it found a field: the second of two, and what is handed to what makes such a pair."""
    for path in (INDEX / "reading").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            pair = node.elts[1] if isinstance(node, ast.Tuple) and len(node.elts) == 2 else None
            makes = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKING_PAIRS
            place = node.args[-1] if isinstance(node, ast.Call) and makes and node.args else pair
            if isinstance(place, ast.Constant) and re.fullmatch(r"(?!it is)[a-z]+( [a-z]+)+", str(place.value)):
                yield str(place.value)


def test_what_answers_is_told_in_words_for_a_reader() -> None:
    told = {answerer: set[str]() for answerer in ("generative", "extractive")}
    for language in words.LANGUAGES:
        words.speak(language)
        for answerer, said in told.items():
            said.add(words.answered_by(answerer))
    words.speak("en")
    assert {len(said) for said in told.values()} == {len(words.LANGUAGES)}
    assert [words.answered_by(one) for one in told] == ["language model", "quotation"]


def test_a_day_is_written_as_the_language_writes_it() -> None:
    written = {"de": "16. März 2024", "en": "16 Mar 2024", "fr": "16 mars 2024", "it": "16 mar 2024"}
    for language, day in written.items():
        words.speak(language)
        assert words.day("2024-03-16") == day
        assert words.moment("2024-03-16T09:05:00+00:00").startswith(day)
    words.speak("en")


def test_a_reason_keeps_what_is_told_of_the_file() -> None:
    words.speak("it")
    told = words.reason("line 3: the front matter is not valid YAML (a {brace} (in) it); write the value in quotes")
    assert told.startswith("riga 3: ") and "(a {brace} (in) it)" in told
    assert words.reason("nobody translated this") == "nobody translated this"
    words.speak("en")
    assert words.reason("the file is empty") == "the file is empty"


@pytest.fixture(autouse=True)
def _english_afterwards() -> object:
    yield
    words.speak("en")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("it-CH", "it"), ("uk", "uk"), ("ar-EG", "ar"), ("DE_at", "de"), ("pt-BR", "en"), ("", "en"), (None, "en")],
)
def test_the_browser_chooses_the_language(locale: str | None, language: str) -> None:
    assert words.preferred(locale) == language


def test_dates_and_numbers_are_written_as_the_language_does() -> None:
    assert (words.day("2022-01-06"), words.number(1234.5)) == ("6 Jan 2022", "1,234.5")
    assert words.month("2022-01") == "Jan 2022"
    assert words.moment("2022-01-06T00:04:00+01:00") == "6 Jan 2022, 00:04"
    words.speak("it")
    assert (words.day("2022-01-06"), words.number(1234.5)) == ("6 gen 2022", "1.234,5")
    assert words.language_name("en") == "inglese"
    assert words.counted("{n} article", "{n} articles", 2) == "2 articoli"
    words.speak("uk")
    assert [words.counted("{n} article", "{n} articles", n) for n in (1, 2, 5)] == ["1 стаття", "2 статті", "5 статей"]
    assert words.duration(1.5, "second") == "1,5 с"
    words.speak("ar")
    counts = [words.counted("{n} article", "{n} articles", n) for n in (0, 1, 2, 3, 11, 100, 1103)]
    assert counts == ["0 مقال", "مقال واحد", "مقالان", "3 مقالات", "11 مقالًا", "100 مقال", "1,103 مقالات"]
    assert words.moment("2022-01-06T00:04:00+01:00") == "6 يناير 2022، 00:04"
    assert words.series(["A", "B", "C"]) == "A وB وC"


def test_what_is_put_into_a_sentence_from_right_to_left_keeps_its_own_direction() -> None:
    assert words.say("page {number}", number="12") == "page 12"
    words.speak("ar")
    assert words.direction(words.language()) == "rtl"
    assert words.say("page {number}", number="12") == "صفحة \u206812\u2069"
    assert words.reason("it cannot be read (EOF)") == "تتعذر قراءته (\u2068EOF\u2069)"


@pytest.mark.parametrize("other", ["", "last week", "2022", "'\"><b>"])
def test_what_is_no_date_or_language_stays_as_it_is(other: str) -> None:
    assert words.day(other) == words.moment(other) == words.language_name(other) == other
    assert words.say(other) == other
