"""Conversations: found again after a reload and a restart, never another browser's, and gone when deleted."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashingEmbedding, ScriptedAnswerer, WithoutTranslation

from assistant.answers import Draft, Piece, Written
from assistant.assistant import Assistant
from assistant.lookup.query import QUERY_CHARACTERS
from assistant.reading.findings import Finding
from index.errors import UserError
from index.filters import Filters
from index.generations.pointer import open_current
from ui.conversations import MOST_SEARCHES, Conversations, KeptSearch
from ui.page.render import to_html

QUESTION = "Who led the repair in Marlow?"


class HeldAnswerer(WithoutTranslation):
    """Says one word, and the rest when it is let go."""

    name = "held"

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.asked = 0

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        self.asked += 1
        yield Written("Ada ")
        self.let_go.wait(10)
        yield Draft(True, sentences=("Engineer Ada Finch led the repair.",), confidence=1.0)


@pytest.fixture
def assistant(index_dir: Path, embedding: HashingEmbedding) -> Assistant:
    return Assistant(index_dir, open_current(index_dir), embedding, ScriptedAnswerer("Ada Finch led the repair."))


def test_a_conversation_is_found_after_a_restart(assistant: Assistant, tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "kept.sqlite3")
    conversation, first = kept.ask("me", "", QUESTION, Filters(languages=("en",)), assistant)
    assert first.wait(60)
    same, second = kept.ask("me", conversation, " ", Filters(), assistant)
    assert second.wait(60)
    assert same == conversation
    while "''" in str(kept._rows("SELECT answer FROM turns")):
        pass
    again = Conversations(tmp_path / "kept.sqlite3")
    assert [(one.id, one.question) for one in again.of("me")] == [(conversation, QUESTION)]
    answered, failed = again.replies("me", conversation)
    assert answered.answer == first.answer
    assert answered.filters == Filters(languages=("en",))
    assert (failed.error, failed.done) == (second.error, True)


def test_a_running_answer_is_found_by_a_reload_and_not_asked_twice(assistant: Assistant, tmp_path: Path) -> None:
    held = HeldAnswerer()
    assistant.answerer = held
    kept = Conversations(tmp_path / "kept.sqlite3")
    conversation, reply = kept.ask("me", "", QUESTION, Filters(), assistant)
    (found,) = kept.replies("me", conversation)
    assert found is reply
    (after_a_restart,) = Conversations(tmp_path / "kept.sqlite3").replies("me", conversation)
    assert (after_a_restart.interrupted, after_a_restart.done) == (True, True)
    held.let_go.set()
    assert reply.wait(10)
    assert held.asked == 1


def test_nobody_sees_anothers_conversation(assistant: Assistant) -> None:
    kept = Conversations(None)
    conversation, reply = kept.ask("me", "", QUESTION, Filters(), assistant)
    assert reply.wait(10)
    assert (kept.of("you"), kept.replies("you", conversation)) == ([], [])
    other, _ = kept.ask("you", conversation, QUESTION, Filters(), assistant)
    assert other != conversation
    kept.delete("you", conversation)
    assert len(kept.replies("me", conversation)) == 1


def test_what_is_deleted_is_nowhere_in_the_file(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "kept.sqlite3"
    kept = Conversations(file)
    for question in (QUESTION, "What did it cost?"):
        assert kept.ask("me", "", question, Filters(), assistant)[1].wait(10)
    assert file.stat().st_mode & 0o077 == 0
    newest, oldest = kept.of("me")
    kept.delete("me", newest.id)
    assert [one.question for one in kept.of("me")] == [QUESTION]
    kept.delete("me")
    assert kept.of("me") == []
    assert oldest.question.encode() not in file.read_bytes()


def test_a_changed_question_takes_the_place_of_the_old_one_and_drops_what_came_after(
    assistant: Assistant, tmp_path: Path
) -> None:
    kept = Conversations(tmp_path / "kept.sqlite3")
    conversation, first = kept.ask("me", "", QUESTION, Filters(), assistant)
    assert first.wait(10)
    held = assistant.answerer = HeldAnswerer()
    for later in ("What did it cost?", "And where is it?"):
        kept.ask("me", conversation, later, Filters(), assistant)
    *_, running = kept.replies("me", conversation)
    same, changed = kept.ask("me", conversation, "Who repaired it?", Filters(), assistant, instead_of=1)
    assert (same, running.stopped) == (conversation, True)
    held.let_go.set()
    assert changed.wait(10)
    while "answer" in {thread.name for thread in threading.enumerate()}:
        pass
    shown = [first, changed]
    for conversations in (kept, Conversations(tmp_path / "kept.sqlite3")):
        replies = conversations.replies("me", conversation)
        assert [(one.question, one.answer) for one in replies] == [(one.question, one.answer) for one in shown]
    assert held.asked <= 3


def test_the_first_question_can_be_changed_too(assistant: Assistant) -> None:
    kept = Conversations(None)
    conversation, first = kept.ask("me", "", QUESTION, Filters(), assistant)
    assert first.wait(10)
    same, _ = kept.ask("me", conversation, "Who repaired it?", Filters(), assistant, instead_of=0)
    assert same == conversation
    assert [one.question for one in kept.of("me")] == ["Who repaired it?"]


def test_the_language_asked_for_is_kept_with_the_question(assistant: Assistant, tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "kept.sqlite3")
    conversation, reply = kept.ask("me", "", QUESTION, Filters(sources=("The Daily Wren",)), assistant, "it")
    assert reply.wait(10)
    while "''" in str(kept._rows("SELECT answer FROM turns")):
        pass
    (again,) = Conversations(tmp_path / "kept.sqlite3").replies("me", conversation)
    assert again.answer and again.answer.language == again.answer_language == "it"
    assert again.filters == Filters(sources=("The Daily Wren",))
    assert "--source 'The Daily Wren' --answer-language it" in to_html(again.answer).replace("&#39;", "'")


def test_a_link_opens_one_answer_to_anybody_until_it_is_withdrawn(assistant: Assistant, tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "kept.sqlite3")
    conversation, first = kept.ask("me", "", QUESTION, Filters(), assistant)
    assert first.wait(10)
    _, second = kept.ask("me", conversation, "Who led it in Marlow?", Filters(), assistant)
    assert second.wait(10)
    while "''" in str(kept._rows("SELECT answer FROM turns")):
        pass
    token = kept.share("me", conversation, 0)
    assert len(token) >= 32
    assert kept.share("me", conversation, 0) == token
    assert kept.shared(token) == first.answer
    assert Conversations(tmp_path / "kept.sqlite3").shared(token) == first.answer
    assert kept.links("me", conversation) == {0: token}
    assert kept.links("you", conversation) == {}
    for owner, number in (("you", 1), ("me", 2), ("me", -1)):
        assert kept.share(owner, conversation, number) == ""
    kept.withdraw("you", conversation, 0)
    assert kept.shared(token) == first.answer
    for guessed in ("", conversation, token[:-1], "%", "0"):
        assert kept.shared(guessed) is None
    kept.withdraw("me", conversation, 0)
    assert kept.shared(token) is None
    assert kept.share("me", conversation, 0) != token


def test_a_link_and_a_rating_go_with_the_answer_and_come_back_with_it(assistant: Assistant) -> None:
    kept = Conversations(None)
    conversation, first = kept.ask("me", "", QUESTION, Filters(), assistant)
    assert first.wait(10)
    while not kept.share("me", conversation, 0):
        pass
    while kept.busy:
        pass
    token = kept.share("me", conversation, 0)
    kept.rate("you", conversation, 0, "down")
    kept.rate("me", conversation, 0, "down")
    kept.rate("me", conversation, 0, "up")
    assert kept.ratings("me", conversation) == {0: "up"}
    deleted = kept.delete("me", conversation)
    assert (kept.shared(token), kept.ratings("me", conversation)) == (None, {})
    kept.restore("you", deleted)
    assert kept.shared(token) is None
    kept.restore("me", deleted)
    assert (kept.shared(token), kept.ratings("me", conversation)) == (first.answer, {0: "up"})
    kept.rate("me", conversation, 0, "")
    assert kept.ratings("me", conversation) == {}
    _, again = kept.ask("me", conversation, QUESTION, Filters(), assistant, instead_of=0)
    assert again.wait(10)
    assert (kept.shared(token), kept.links("me", conversation)) == (None, {})


STRIKE = KeptSearch("Strike", '"port strike" OR sciopero', Filters(languages=("it",)), True, frozenset({7, 11}))


def test_a_search_is_kept_over_a_restart_under_its_name_and_is_nobody_elses(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "kept.sqlite3")
    kept.keep_search("me", STRIKE)
    kept.keep_search("you", replace(STRIKE, query="theirs"))
    again = Conversations(tmp_path / "kept.sqlite3")
    assert again.searches("me") == [STRIKE]
    again.keep_search("me", replace(STRIKE, name=" Strike ", newest_first=False, seen=frozenset()))
    assert again.searches("me") == [replace(STRIKE, newest_first=False, seen=frozenset())]
    again.forget_search("me", "Strike")
    assert (again.searches("me"), [one.query for one in again.searches("you")]) == ([], ["theirs"])


def test_a_search_without_a_name_and_one_too_many_are_refused() -> None:
    kept = Conversations(None)
    with pytest.raises(UserError, match="no name"):
        kept.keep_search("me", replace(STRIKE, name=" \n"))
    for number in range(MOST_SEARCHES):
        kept.keep_search("me", replace(STRIKE, name=str(number)))
    with pytest.raises(UserError, match="kept already"):
        kept.keep_search("me", STRIKE)
    kept.keep_search("me", replace(STRIKE, name="3", query="changed"))
    kept.keep_search("you", STRIKE)


@pytest.mark.parametrize("query", ["x" * (QUERY_CHARACTERS + 1), "(" * 99 + "a", "-a", "\ud800", ""])
def test_only_what_can_be_looked_for_is_kept(query: str) -> None:
    kept = Conversations(None)
    with pytest.raises(UserError):
        kept.keep_search("me", replace(STRIKE, query=query))
    assert kept.searches("me") == []
