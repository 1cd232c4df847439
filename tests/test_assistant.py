"""One question, from search to the checked answer."""

from pathlib import Path

import pytest
from conftest import HashingEmbedding, ScriptedAnswerer

from assistant.assistant import Answer, Assistant, Evidence, Turn
from index.errors import UserError
from index.generations import open_current
from index.rebuild import rebuild


def assistant_over(folder: Path, tmp_path: Path, answerer: ScriptedAnswerer) -> Assistant:
    index_dir = tmp_path / "index"
    rebuild(folder, index_dir, HashingEmbedding)
    return Assistant(index_dir, open_current(index_dir), HashingEmbedding(), answerer)


def test_evidence_comes_first_then_text_then_the_checked_answer(folder: Path, tmp_path: Path) -> None:
    assistant = assistant_over(folder, tmp_path, ScriptedAnswerer("Ada Finch led the repair.", "It cost 9,999 crowns."))
    evidence, *pieces, answer = assistant.stream("Who led the repair of the bridge?")
    assert isinstance(evidence, Evidence) and evidence.hits[0].text == "Engineer Ada Finch led the repair."
    assert pieces == ["Ada Finch led the repair.", "It cost 9,999 crowns."]
    assert isinstance(answer, Answer)
    assert answer.text == "Ada Finch led the repair."  # nothing in the articles says 9,999
    assert answer.citations[0].quote == "Engineer Ada Finch led the repair."
    assert (answer.short_answer, answer.generation, answer.language) == ("Engineer", "g000001", "en")


def test_an_answer_of_which_nothing_is_supported_becomes_a_quotation(folder: Path, tmp_path: Path) -> None:
    answer = assistant_over(folder, tmp_path, ScriptedAnswerer("It cost 9,999 crowns.")).ask("Who led the repair?")
    assert answer.text == answer.citations[0].quote == "Engineer Ada Finch led the repair."


def test_a_refusal_has_a_reason_and_no_citation(folder: Path, tmp_path: Path) -> None:
    answer = assistant_over(folder, tmp_path, ScriptedAnswerer(answered=False)).ask("Who won the cup?")
    assert (answer.answered, answer.text, answer.citations) == (False, "", ())
    assert answer.reason and answer.hits


def test_a_follow_up_is_searched_with_its_topic(folder: Path, tmp_path: Path) -> None:
    answerer = ScriptedAnswerer("Ada Finch led the repair.")
    answer = assistant_over(folder, tmp_path, answerer).ask("And when?", [Turn("Who led the repair in Marlow?", "Ada")])
    assert answer.search_query == answerer.asked[0] == "And when? (Who led the repair in Marlow?)"


def test_a_new_generation_is_picked_up(folder: Path, tmp_path: Path) -> None:
    assistant = assistant_over(folder, tmp_path, ScriptedAnswerer("Anything."))
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    assert assistant.ask("Who led the repair?").generation == "g000002"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("", "empty"), (" \n\t", "empty"), ("\x00\x01", "empty"), ("why " * 25_000, "at most 80,000")],
)
def test_a_question_that_is_none_is_refused(folder: Path, tmp_path: Path, question: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        assistant_over(folder, tmp_path, ScriptedAnswerer("Anything.")).ask(question)


@pytest.mark.parametrize("question", ["?", "the", "OR AND NOT *", "(((", "\u202eabc", "кто" * 300, "🦊"])
def test_an_odd_question_is_answered_or_refused_but_never_fails(folder: Path, tmp_path: Path, question: str) -> None:
    answer = assistant_over(folder, tmp_path, ScriptedAnswerer(answered=False)).ask(question)
    assert answer.reason
