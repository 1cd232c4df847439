"""One file a language: complete, readable, and enough to add one."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copytree

import pytest
from sources import ROOT, SOURCES

from index.languages import words
from index.languages.table import table

HOUSE = "ar bg cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sk sv th tr uk vi zh".split()


def test_every_language_of_the_house_has_a_file() -> None:
    assert list(words.codes()) == HOUSE


@pytest.mark.parametrize("code", HOUSE)
def test_a_file_has_every_key_or_says_why_not(code: str) -> None:
    written = tomllib.loads((words.FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    assert words.missing(written) == []
    wanted = {f"{name}.{key}" for name, kind in words.SECTIONS.items() for key in words.keys(kind)}
    assert set(written["absent"]) <= wanted
    unknown = {
        f"{name}.{key}" for name in words.SECTIONS for key in written.get(name, {}) if f"{name}.{key}" not in wanted
    }
    assert unknown == set()


@pytest.mark.parametrize("code", HOUSE)
def test_rows_are_as_long_as_what_they_stand_for(code: str) -> None:
    spoken = words.language(code)
    assert len(spoken.dates.months) in (0, 12)
    assert len(spoken.dates.weekdays) in (0, 7)
    assert len(spoken.dates.seasons) == 4
    assert len(spoken.numbers.tens) == 8
    assert len(spoken.places.cities) in (0, len(words.language("en").places.cities))
    assert len(spoken.numbers.cardinals) >= 11


def test_what_a_key_holds() -> None:
    italian = words.language("it")
    assert "quando" in italian.questions.date
    assert italian.dates.days[-1] == ("ieri", "stanotte")
    assert italian.dates.seasons[0] == ("primavera",)
    assert italian.people.roles["mayor"] == ("sindac*",)
    assert words.language("de").writing.nouns_have_capitals
    assert not words.language("ja").writing.spaces


@pytest.mark.parametrize(("code", "found"), [("pt-BR", "pt"), ("nb", "no"), ("ZH_hant", "zh"), ("bn", "neutral")])
def test_a_code_with_a_region_is_its_language(code: str, found: str) -> None:
    assert words.language(code).code == found


def test_a_star_stands_for_any_letters_and_the_longest_word_counts() -> None:
    assert words.pattern(("di", "sindac*", "l'altro ieri")) == "l['’ʼ]altro\\s+ieri|sindac\\w*|di"


def test_the_page_about_languages_is_made_from_the_files() -> None:
    assert (ROOT / "docs" / "LANGUAGES.md").read_text(encoding="utf-8") == table()


# Where words of languages stand in code: to try a model on, to spell letters in others.
WORDS_IN_CODE = {
    "index/lexicon.py",
    "index/engines/cluster.py",
    "assistant/reading/conversion.py",
}


def foreign_words(path: Path) -> dict[int, list[str]]:
    """Line to the words with other letters than English ones, but those of docstrings and of classes of letters."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            words = re.findall(r"[^\W\d_]{3,}", re.sub(r"\[[^]]*\]|.-.", " ", node.value))
            if foreign := [word for word in words if not word.isascii()]:
                found[node.lineno] = foreign
    return found


def test_no_word_of_a_language_stands_in_code() -> None:
    names = {str(path.relative_to(ROOT)): path for path in SOURCES}
    held = {
        name: found for name, path in names.items() if (found := foreign_words(path)) and not name.startswith("ui/")
    }
    assert {name: found for name, found in held.items() if name not in WORDS_IN_CODE} == {}
    assert held.keys() >= WORDS_IN_CODE


def test_importing_them_is_quick_and_loads_no_library() -> None:
    code = "import sys, index.languages.words; sys.exit(any(one in sys.modules for one in ('babel', 'numpy', 'lxml')))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


# Esperanto's words put otherwise than they are, so that none of them can be another language's.
MADE_UP = {
    'date = "': 'date = "kjamzo|',
    'name = "': 'name = "kjuzo|',
    'yesterday = "': 'yesterday = "hjerauzo|',
    'stand_ins = "': 'stand_ins = "ljizo|',
    'mayor = "': 'mayor = "urbestrozo*|',
    'hundred = "': 'hundred = "centozo|',
}
ASKING = """
from assistant.followups import refers
from assistant.understanding.questions import asked_for
from assistant.facts.dates import dates_in
from index.articles import Article
article = Article("a", "", "Tio okazis hjerauzo en Malden.", "2024-03-06", "qy")
print([day.iso for day in dates_in(article)])
print(asked_for("Kjamzo okazis?", "qy"), asked_for("Kjuzo venis?", "qy"), refers("kie ljizo estas", "qy"))
"""


def test_a_language_is_added_by_one_file(tmp_path: Path) -> None:
    for package in ("assistant", "index"):
        copytree(ROOT / package, tmp_path / package)
    text = (words.FOLDER / "en.toml").read_text(encoding="utf-8")
    for key, value in MADE_UP.items():
        text = text.replace(f"\n{key}", f"\n{value}")
    (tmp_path / "index" / "languages" / "qy.toml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASKING], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.splitlines() == ["['2024-03-05']", "date name True"], done.stderr


def test_code_says_what_it_says_in_every_language() -> None:
    phrases = tomllib.loads((ROOT / "assistant" / "answering" / "phrases.toml").read_text(encoding="utf-8"))
    assert sorted(phrases) == HOUSE
    places = {name: sorted(re.findall(r"{(\w+)}", phrase)) for name, phrase in phrases["en"].items()}
    for code, own in phrases.items():
        assert {name: sorted(re.findall(r"{(\w+)}", phrase)) for name, phrase in own.items()} == places, code
