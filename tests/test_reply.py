"""A question answered in the background: whole, failed or stopped, it is never lost."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import HashingEmbedding, ScriptedAnswerer, SureReader, WithoutTranslation

from assistant.answerer import Answerer
from assistant.answers import Draft, Piece, Written
from assistant.assistant import Assistant
from assistant.models.turns import Line
from assistant.reading.findings import Finding
from index.generations.pointer import open_current
from index.vectors import Vectors
from ui.reply import Reply, ask

QUESTION = "Who led the repair of the iron bridge in Marlow?"


class HeldAnswerer(WithoutTranslation):
    """Says one word, and waits to be let go before the next."""

    name = "held"

    def __init__(self) -> None:
        self.let_go = threading.Event()

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        yield Written("Ada ")
        self.let_go.wait(10)
        yield Written("Finch.")
        yield Draft(True, sentences=("Ada Finch.",), confidence=1.0)


class BrokenEmbedding(HashingEmbedding):
    """Has a bug."""

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        raise ZeroDivisionError("a secret")


def opened(index_dir: Path, embedding: HashingEmbedding, answerer: Answerer) -> Assistant:
    return Assistant(index_dir, open_current(index_dir), embedding, answerer)


def test_a_reply_fills_itself_and_remembers_the_conversation(index_dir: Path, embedding: HashingEmbedding) -> None:
    answerer = ScriptedAnswerer("Engineer Ada Finch led the repair.")
    assistant = opened(index_dir, embedding, answerer)
    first = ask(assistant, QUESTION, [])
    assert first.wait(10)
    assert first.answer
    assert first.answer.question == QUESTION
    assert first.found
    assert {quote.text for quote in first.answer.citations} <= {quote.text for quote in first.found}
    second = ask(assistant, "And what did it cost?", [first])
    assert second.wait(10)
    assert answerer.asked[1] != "And what did it cost?"


def test_a_reply_has_its_short_answer_before_it_is_written(index_dir: Path, embedding: HashingEmbedding) -> None:
    answerer = HeldAnswerer()
    assistant = Assistant(index_dir, open_current(index_dir), embedding, answerer, reader=SureReader("hashing"))
    reply = ask(assistant, QUESTION, [])
    while not reply.written:
        assert not reply.wait(0.01)
    assert reply.short and reply.short.text == "The iron bridge in Marlow reopened on 4 March." and reply.answer is None
    answerer.let_go.set()


def test_a_stopped_reply_keeps_what_was_there(index_dir: Path, embedding: HashingEmbedding) -> None:
    answerer = HeldAnswerer()
    reply = ask(opened(index_dir, embedding, answerer), QUESTION, [])
    while not reply.written:
        assert not reply.wait(0.01)
    reply.stop()
    answerer.let_go.set()
    assert reply.done
    assert reply.stopped
    assert reply.found
    assert (reply.written, reply.answer) == ("Ada ", None)


def test_a_finished_reply_cannot_be_stopped(index_dir: Path, embedding: HashingEmbedding) -> None:
    reply = Reply(QUESTION)
    reply.fill(opened(index_dir, embedding, ScriptedAnswerer("Ada Finch.")), [], Line(1))
    reply.stop()
    assert not reply.stopped
    assert reply.answer


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (" ", "The question is empty. Ask something about the articles."),
        (QUESTION, "Something went wrong in newsdesk itself. The terminal it runs in shows the details."),
    ],
)
def test_a_failure_becomes_a_sentence(index_dir: Path, embedding: HashingEmbedding, question: str, error: str) -> None:
    assistant = opened(index_dir, embedding, ScriptedAnswerer("Ada Finch."))
    assistant.embedding = BrokenEmbedding()
    reply = Reply(question)
    reply.fill(assistant, [], Line(1))
    assert reply.done
    assert reply.error == error
