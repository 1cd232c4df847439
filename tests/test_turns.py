"""Several ask at once: one is answered after the other, nobody's time runs while they wait, and who leaves is gone."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import HashingEmbedding, WithoutTranslation

from assistant.answers import Draft, Piece, Written
from assistant.assistant import Assistant
from assistant.models.limits import LimitedAnswerer
from assistant.models.turns import Line
from assistant.reading.findings import Finding
from index.generations.pointer import open_current
from ui.reply import Reply, ask

QUESTION = "Who led the repair of the iron bridge in Marlow?"
SECONDS = 0.3  # that an answer takes


class SlowAnswerer(WithoutTranslation):
    """Takes its time, and notes which questions it had at once."""

    name = "slow"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.at_once: list[int] = []
        self._busy = 0

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        self._busy += 1
        self.asked.append(question)
        self.at_once.append(self._busy)
        time.sleep(SECONDS)
        yield Written("Engineer Ada Finch led the repair.")
        self._busy -= 1
        yield Draft(True, sentences=("Engineer Ada Finch led the repair.",), confidence=1.0)


@pytest.fixture
def answerer() -> SlowAnswerer:
    return SlowAnswerer()


@pytest.fixture
def limited(answerer: SlowAnswerer) -> LimitedAnswerer:
    """May take four times the time until the first word that it takes."""
    return LimitedAnswerer(answerer, 8 * SECONDS)


@pytest.fixture
def line(limited: LimitedAnswerer) -> Line:
    return limited.line


@pytest.fixture
def assistant(index_dir: Path, embedding: HashingEmbedding, limited: LimitedAnswerer) -> Assistant:
    return Assistant(index_dir, open_current(index_dir), embedding, limited)


def test_places_come_up_in_their_order_and_one_given_up_leaves_no_gap() -> None:
    line = Line(2)
    with line.join() as first, line.join() as second:
        with line.join() as third, line.join() as fourth:
            assert [place(0) for place in (first, second, third, fourth)] == [0, 0, 1, 2]
            assert len(line) == 4
        with line.join() as fifth:
            assert fifth(0.01) == 1
    assert len(line) == 0


def test_a_place_is_told_at_once_when_its_turn_comes() -> None:
    line = Line(1)
    waited: list[float] = []

    def wait() -> None:
        began = time.monotonic()
        with line.join() as place:
            assert place(10) == 0
        waited.append(time.monotonic() - began)

    with line.join():
        thread = threading.Thread(target=wait)
        thread.start()
        while len(line) < 2:
            pass
    thread.join(10)
    assert waited[0] < 1


def ask_in_turn(assistant: Assistant, line: Line, count: int) -> list[Reply]:
    """Replies to `count` questions, each asked when the one before has its place."""
    replies = []
    for number in range(count):
        replies.append(ask(assistant, f"{QUESTION} {number}", []))
        while len(line) <= number:
            assert not replies[-1].wait(0.01)
    return replies


def test_five_at_once_are_answered_one_after_the_other_and_evidence_waits_for_none(
    assistant: Assistant, answerer: SlowAnswerer, line: Line
) -> None:
    began = time.monotonic()
    replies = ask_in_turn(assistant, line, 5)
    assert all(reply.found for reply in replies)
    assert len(answerer.asked) < 5
    assert all(reply.wait(20) for reply in replies)
    assert time.monotonic() - began > 4 * SECONDS  # more than one answer may take: nobody's time ran while they waited
    assert [reply.answer and reply.answer.reason for reply in replies] == [""] * 5
    assert answerer.asked == [reply.question for reply in replies]
    assert answerer.at_once == [1] * 5
    assert len(line) == 0


def test_who_waits_is_told_how_many_are_before_and_may_leave(
    assistant: Assistant, answerer: SlowAnswerer, line: Line
) -> None:
    served, leaving, last = ask_in_turn(assistant, line, 3)
    while (leaving.before, last.before) != (1, 2):
        assert not served.done
    leaving.stop()
    assert leaving.done and leaving.found
    while last.before == 2:
        assert not last.done
    assert served.wait(10) and last.wait(10)
    assert (served.before, last.before) == (0, 0)
    assert answerer.asked == [served.question, last.question]


def test_a_server_answers_several_at_once() -> None:
    assert LimitedAnswerer(SlowAnswerer(), 1, "http://127.0.0.1:1/v1").line.at_once > 1
