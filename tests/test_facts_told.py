"""What of the facts an answer tells, worked out by hand."""

from pathlib import Path

import pytest
from fakes import HashingEmbedding

from assistant.answers import Answer, Citation, Statement
from assistant.facts_told import Fact, Tally, WantedFacts, by_kind, overlaps, read_wanted, says, tally, told
from index.errors import UserError
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.rebuild import rebuild

TEXT = "The mine of Ardal is shut. Twelve people were hurt. It rained."


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "mine.txt").write_text(TEXT)
    rebuild(tmp_path / "articles", tmp_path / "index", HashingEmbedding)
    return open_current(tmp_path / "index")


def answer(text: str, *quotes: str, answered: bool = True, language: str = "en") -> Answer:
    stored = [(TEXT.index(quote), quote) for quote in quotes]
    cited = [
        Citation(number, "mine.txt", "", "", start, start + len(quote), quote)
        for number, (start, quote) in enumerate(stored, 1)
    ]
    statement = Statement(text, tuple(one.number for one in cited))
    return Answer("?", "?", language, answered, "", (statement,), "", "", tuple(cited), (), "g000001", "fake")


SHUT, HURT, RAIN = TEXT.split(". ")[0] + ".", "Twelve people were hurt.", "It rained."


def test_a_fact_is_told_by_its_sentence_its_words_or_its_value(generation: Generation) -> None:
    facts = (Fact(quotes=(HURT,)), Fact(any=("ardal",)), Fact(values=(3,)), Fact(values=("2024-03-05",)))
    assert told(facts, answer("x", HURT), generation) == (True, False, False, False)
    assert told(facts, answer("Ardal, three times, on 5 March 2024"), generation) == (False, True, True, True)
    assert told(facts, answer("Ardal", HURT, answered=False), generation) == (False, False, False, False)


def test_that_there_is_none_is_told_by_whatever_cites_nothing(generation: Generation) -> None:
    none = (Fact(values=(0,)),)
    assert told(none, answer("No article mentions it."), generation) == (True,)
    assert told(none, answer("", answered=False), generation) == (True,)
    assert told(none, answer("x", RAIN), generation) == (False,)


def test_half_of_the_shorter_one_must_be_shared() -> None:
    assert overlaps((0, 20), ["The mine  of Ardal"], TEXT)
    assert not overlaps((14, 40), ["The mine of Ardal"], TEXT)  # 3 of 17
    assert not overlaps((0, 20), ["The quarry"], TEXT)


@pytest.mark.parametrize(
    ("text", "language", "value", "is_said"),
    [
        ("Articles: 12.", "en", 12, True),
        ("zwölf Artikel", "de", 12, True),
        ("1,212 articles", "en", 12, False),
        ("«La Mina», 5 marzo 2024", "it", "2024-03-05", True),
        ("im März 2024", "de", "2024-03", True),
        ("The Mine, it reopens", "en", "the mine", True),
    ],
)
def test_values_are_said_in_any_spelling(text: str, language: str, value: str | int, is_said: bool) -> None:
    assert says(answer(text, language=language), value) is is_said


def test_a_tally_counts_what_is_told_and_what_is_cited_besides(generation: Generation) -> None:
    wanted = WantedFacts((Fact(quotes=(HURT,)), Fact(quotes=("The mine of Ardal is shut.",))), fine=(), kind="list")
    counted = tally(wanted, True, answer("x", HURT, RAIN), generation)
    assert counted == Tally("list", True, True, recall=0.5, precision=0.5, lines=1)


def test_kinds_are_scored_apart_and_together() -> None:
    tallies = [
        Tally("list", True, True, 1.0, 0.5, 4),
        Tally("list", True, False, 0.0),
        Tally("nothing", False, False),
        Tally("nothing", False, True),
    ]
    listed, nothing, every = by_kind(tallies)
    assert (listed.n, listed.answered, listed.recall, listed.precision, listed.f1) == (2, 0.5, 0.5, 0.5, 0.5)
    assert (nothing.refused, nothing.f1) == (0.5, None)
    assert (every.kind, every.n, every.refused, every.lines) == ("all", 4, 0.5, 4)


@pytest.mark.parametrize("facts", ["x", [1], [{"quotes": "x"}], [{"value": 1.5}]])
def test_what_is_no_list_of_facts_is_named(facts: object) -> None:
    with pytest.raises(UserError, match="Question q7"):
        read_wanted({"facts": facts}, "q7")
