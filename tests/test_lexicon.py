"""Which terms two texts share, within a language and across."""

import sqlite3
import unicodedata

import numpy as np
import pytest

from index.filters import Filters
from index.lexicon import (
    coverage,
    fingerprints,
    names_of,
    telling,
    wanted,
    weights,
    without_names,
    words_of,
)
from index.rows import rows_of
from index.stores.sqlite_text import SqliteText


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("Gli ambasciatori consegnarono", "l’ambasciatore consegna", "it"),
        ("the talks were held", "a talk", "en"),
        ("на мосту", "мости", "uk"),
        ("dal 7 gennaio", "7 GENNAIO", "it"),
        ("perché", "perche\u0301", "it"),
    ],
)
def test_words_of_a_language_meet_in_their_stem(one: str, other: str, language: str) -> None:
    assert words_of(one, language) & words_of(other, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("When did Sullivan speak?", "Джон Салливан заявив"),
        ("On 13 January", "il 13 gennaio"),
        ("13 January", "13 січня"),
        ("Präsident Selenskyj", "Volodymyr Zelensky"),
        ("in Varsavia", "до Варшави"),
    ],
)
def test_names_numbers_and_months_meet_across_languages(one: str, other: str) -> None:
    assert names_of(one) & names_of(other)


def test_other_words_never_meet_across_languages() -> None:
    assert names_of("The reply was in the hands of the ambassador.") == frozenset()
    assert names_of("On 13 January") == {"13", "~m1"}


def test_a_question_in_capitals_or_without_any_still_has_its_names() -> None:
    assert "~slvn" in names_of("WHEN DID SULLIVAN SPEAK?")
    assert "~slvn" in names_of("when did sullivan speak?")


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("When did Henderson promise the merger?", "en", "When did promise the merger?"),
        ("Quando Sullivan ha consegnato la risposta?", "it", "Quando ha consegnato la risposta?"),
        ("Who is Ada Finch?", "en", "Who is Ada Finch?"),  # nothing would be left to compare
        ("when did henderson promise the merger?", "en", "when did henderson promise the merger?"),
        ("WHEN DID HENDERSON PROMISE IT?", "en", "WHEN DID HENDERSON PROMISE IT?"),
        ("Wann hat der Botschafter die Antwort übergeben?", "de", "Wann hat der Botschafter die Antwort übergeben?"),
        ("?", "en", "?"),
        ("", "en", ""),
    ],
)
def test_a_question_loses_its_names_unless_little_else_is_left(question: str, language: str, expected: str) -> None:
    assert without_names(question, language) == expected


def test_coverage_is_the_share_of_the_weight_that_is_held() -> None:
    asked = wanted({"bridge": 3.0, "repair": 1.0})
    assert coverage(fingerprints(["bridge", "other"]), asked) == 0.75
    assert coverage(fingerprints(["bridge", "repair"]), asked) == 1.0
    assert coverage(np.array([], dtype=np.uint32), asked) == 0.0
    assert coverage(fingerprints(["bridge"]), wanted({})) == 0.0


def test_a_rare_term_weighs_more_and_a_common_one_is_not_looked_up() -> None:
    rows = [("sullivan", 3), ("reply", 150), ("the", 9_000)]
    # ln(1 + 9997.5 / 3.5) and ln(1 + 9850.5 / 150.5), in thousandths
    assert list(telling(rows, 10_000).items()) == [("sullivan", 7958), ("reply", 4196)]
    by_term = weights(rows, 10_000)
    assert by_term["sullivan"] > by_term["reply"] > by_term["the"] > 0


def test_what_looks_like_an_operator_is_only_a_word() -> None:
    terms = sorted(words_of('NOT "bridge* AND (NEAR/2) OR', "en"))
    assert terms == ["2", "and", "bridg", "near", "not", "or"]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_term_is_one_token_of_the_full_text(language: str) -> None:
    """Also of "6½" and "m²": a term that the full text cuts in two is never found again."""
    known = (chr(code) for code in range(0x10000) if unicodedata.ucd_3_2_0.category(chr(code)) not in ("Cn", "Cs"))
    text = " ".join(f"Ab{character} {character}cd" for character in known)
    terms = words_of(text, language) | names_of(text)
    assert len(terms) > 10_000
    text_index = SqliteText(rows_of(sqlite3.connect(":memory:")))
    text_index.begin([(1, terms)])
    assert terms - text_index.frequencies(sorted(terms)).keys() == set()


def test_a_full_text_gives_what_was_entered_and_not_taken_out_again() -> None:
    text = SqliteText(rows_of(sqlite3.connect(":memory:")))
    text.begin([(0, ["bridge", "repair"])])
    text.add(1, ["bridge"])
    text.add(2, ["bridge", "ada"])
    text.remove(1, ["bridge"])
    text.seal()
    assert text.frequencies(["ada", "bridge", "crowns"]) == {"ada": 1, "bridge": 2}
    assert text.worded({"bridge": 1, "repair": 2, "ada": 4}, 5, Filters()) == [2, 0]
    text.begin([(7, ["never entered: the full text is there"])])
    assert text.frequencies(["never"]) == {}


def test_a_fraction_leaves_its_number() -> None:
    assert {"6", "sack"} <= words_of("6½ sacks", "en")
