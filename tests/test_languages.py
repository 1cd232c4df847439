"""One file a language: complete, readable, and enough to add one."""

import ast
import json
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


@pytest.mark.parametrize(
    ("code", "found"),
    [("pt-BR", "pt"), ("nb", "no"), ("iw", "he"), ("in-ID", "id"), ("ZH_hant", "zh"), ("bn", "neutral")],
)
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


# English with a syllable before each word, so that none can be another language's; and what CLDR cannot have of it.
SYLLABLE = "qz"
ONLY_IN_FILE = {
    "numbers": {"multiples": {"6": "million", "9": "billion"}, "money": {"EUR": "crowns"}},
    "dates": {
        "months": "january|jan, february, march, april, may, june, july, august, september, october, november, "
        "december",
        "weekdays": "monday, tuesday, wednesday, thursday, friday, saturday, sunday",
    },
    "writing": {"told_by_words": True},
}
ASKING = """
from assistant.answering.phrases import phrase
from assistant.facts.dates import dates_in
from assistant.facts.places import places_in
from assistant.facts.quantities import quantities_in
from assistant.followups import refers
from assistant.question import known_language
from assistant.suggestions.templates import is_spoken, question_of, safe_questions
from assistant.understanding.questions import asked_for
from index.articles import Article
from index.languages.detection import decided_language, detect_language, likely_language
from index.languages.names import months, weekdays
from index.languages.words import language
from index.lexicon import is_calendar_word, names_of, words_of
from index.reading.readers.days import day_of

TEXT = "QzOn QzMonday qzthe qzbridge qzin Qzaleppo qzhad qznot qzbeen qzopened, qzsaid qzthe qzmayor."
days = "Qzon 3 Qzmarch qzit qzwas qzshut, qzand qzyesterday qzthe qzbridge qzopened qztwo qzdays qzago."
said = Article("a", "", days, "2024-03-06", "qy")
print("detection", detect_language(TEXT), decided_language(TEXT * 4, "en"), likely_language(TEXT, {"it"}))
print("asking", detect_language("Qzwhen qzdid qzit qzopen?"), detect_language("The bridge had not been opened."))
print("answers", known_language("qy"), phrase("articles", "qy", count=3))
print("stems", words_of("qzbridges", "qy") == words_of("qzbridge", "qy"), sorted(names_of("Qzmarch 2024")))
print("dates", [day.iso for day in dates_in(said)], day_of("3 Qzmarch 2024"), months("qy")["qzjan"])
print("names", is_calendar_word("Qzmonday"), len(weekdays("qy")), [place.code for place in places_in("qzin Qzaleppo")])
told = "Qzit qzcost 5 qzmillion qzcrowns, 2 qzbillion qzand qztwenty-qzthree qzpercent."
counted = quantities_in(Article("a", "", told, "2024-03-06", "qy"), 0, len(told))
print("numbers", *(f"{one.value:.0f}{one.unit}" for one in counted))
print("asks", asked_for("Qzwhen qzdid qzit qzopen?", "qy"), asked_for("Qzwho qzcame?", "qy"), refers("qzhe", "qy"))
print("offers", is_spoken("qy"), question_of("how_many", "qy", rest="qzlorries qzwaited"), len(safe_questions("qy")))
"""
TOLD = [
    "detection qy qy qy",
    "asking qy en",
    "answers qy Qzarticles: 3.",
    "stems True ['2024', '~m3']",
    "dates ['2024-03-03', '2024-03-05', '2024-03-04'] 2024-03-03 1",
    "names True 7 ['city/Aleppo']",
    "numbers 5000000EUR 2000000000 23%",
    "asks date name True",
    "offers True Qzhow qzmany qzlorries qzwaited? 4",
]


def made_up(said: object) -> object:
    """The same with the syllable before each word; what stands in braces is no word."""
    if isinstance(said, dict):
        return {key: made_up(one) for key, one in said.items()}
    if not isinstance(said, str):
        return said

    def word(found: re.Match[str]) -> str:
        if found[0].startswith("{"):
            return found[0]
        return f"Q{SYLLABLE[1:]}{found[0].lower()}" if found[0][0].isupper() else SYLLABLE + found[0]

    return re.sub(r"\{\w+\}|[^\W\d_]+", word, said)


def write_toml(table: dict[str, dict[str, object]]) -> str:
    """The table as a file of a language is written."""

    def value(said: object) -> str:
        if isinstance(said, dict):
            return "{ " + ", ".join(f"{json.dumps(key)} = {value(one)}" for key, one in said.items()) + " }"
        return json.dumps(said, ensure_ascii=False)

    return "\n".join(
        f"[{name}]\n" + "".join(f"{json.dumps(key)} = {value(one)}\n" for key, one in section.items())
        for name, section in table.items()
    )


def test_a_language_is_added_by_one_file(tmp_path: Path) -> None:
    for package in ("assistant", "index"):
        copytree(ROOT / package, tmp_path / package)
    table = tomllib.loads((words.FOLDER / "en.toml").read_text(encoding="utf-8"))
    for name, section in ONLY_IN_FILE.items():
        table[name] |= section
    stemmer = table["writing"]["stemmer"]
    table = {name: made_up(section) for name, section in table.items()}
    table["writing"]["stemmer"] = stemmer
    assert words.missing(table) == []
    (tmp_path / "index" / "languages" / "qy.toml").write_text(write_toml(table), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", ASKING], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.splitlines() == TOLD, done.stderr


def test_code_says_what_it_says_in_every_language() -> None:
    def places(said: str) -> list[str]:
        return sorted(re.findall(r"{(\w+)}", said))

    english = words.language("en").phrases
    for spoken in words.languages():
        for name in words.keys(words.Phrases):
            assert places(getattr(spoken.phrases, name)) == places(getattr(english, name)), (spoken.code, name)


def test_what_is_put_into_a_question_that_is_offered_has_its_place_in_every_template() -> None:
    wanted = {"how_many": "rest", "when": "rest", "who": "rest", "day": "day"}
    for spoken in words.languages():
        for kind in ("how_many", "when", "who", "said", "day", "latest", "place", "about"):
            for fits, template in getattr(spoken.suggestions, kind).items():
                re.compile(fits)
                assert not template or re.findall(r"{(\w+)}", template) == [wanted.get(kind, "name")], spoken.code
        assert len(set(spoken.suggestions.safe)) == 4
