"""Where else a story is told: by other outlets, in any language and script, and nowhere when nothing is close."""

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding

from assistant.lookup.elsewhere import MOST_READ, _names, other_outlets
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.rebuild import rebuild

HARBOUR = "The lifeboat of Brannock rescued skipper Torvald Lindqvist off Marstrand on Sunday."
ARTICLES = {
    "wren.md": ("en", "The Daily Wren", f"{HARBOUR} He thanked the crew, and the boat is lost."),
    "colle.md": ("it", "Il Colle", "Il canotto di Brannock ha salvato Torvald Lindqvist al largo di Marstrand."),
    "dzvin.md": ("uk", "Дзвін", "Торвальда Ліндквіста врятували біля Марстранда, повідомили у Бранноку."),
    "wren2.md": (
        "en",
        "The Daily Wren",
        "Skipper Torvald Lindqvist of Brannock is back in Marstrand.",
    ),
    "copy.md": ("en", "The Copyist", f"{HARBOUR} He thanked the crew, and the boat is lost."),
    "market.md": (
        "en",
        "The Heron",
        "The Sunday market of Collina has the lifeboat of Brannock on show.",
    ),
    "bote.md": ("de", "Der Bote", "Die Kommission prüft den Haushalt der Gemeinde Neudorf im Herbst."),
    "kurier.md": ("de", "Der Kurier", "Die Kommission prüft den Haushalt der Gemeinde Altstadt im Herbst."),
}


@pytest.fixture
def generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    read_in_this_process(monkeypatch)
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, (language, source, text) in ARTICLES.items():
        head = f"---\ntitle: {text[:20]}\nlanguage: {language}\nsource: {source}\npublished: 2024-03-05\n---\n\n"
        (folder / name).write_text(f"{head}{text}\n")
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    return open_current(tmp_path / "index")


def told(generation: Generation, article: str) -> set[str]:
    return {one.id for one in other_outlets(generation.article(article), generation)}


def test_other_outlets_tell_it_in_any_language_and_script(generation: Generation) -> None:
    indexed = "copy.md"  # of two that are word for word the same, the first
    assert told(generation, "colle.md") == {indexed, "dzvin.md", "wren2.md"}
    assert told(generation, "dzvin.md") == {indexed, "colle.md", "wren2.md"}


def test_neither_its_own_outlet_nor_a_copy_of_it_is_told(generation: Generation) -> None:
    assert told(generation, "wren2.md") == {"copy.md", "colle.md", "dzvin.md"}
    assert told(generation, "wren.md") == {"colle.md", "dzvin.md"}


def test_of_an_article_without_end_the_names_at_its_start_are_compared(generation: Generation) -> None:
    one = generation.article("copy.md")
    endless = replace(one, text=one.text + "".join(f" Ka{n % 9}la Bori{'b' * (n % 7)}" for n in range(90_000)))
    assert _names(endless) == _names(replace(endless, text=endless.text[:MOST_READ]))
    assert _names(one) <= _names(endless)


def test_one_shared_name_is_no_story_and_nouns_with_capitals_are_no_names(generation: Generation) -> None:
    assert told(generation, "market.md") == set()
    assert told(generation, "bote.md") == set()
