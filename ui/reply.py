"""A question being answered in the background, so that no click on the page can lose the answer."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from secrets import token_hex

from assistant.answers import Answer, Composed, Evidence, ShortAnswer, Statement, Turn, Waiting, Written
from assistant.assistant import Assistant
from assistant.models.turns import Line
from index.errors import UserError
from index.filters import Filters
from index.steps import request_id
from ui.record import Quote, Record, found, record

# Two cores search no faster for more; and whoever draws the page meanwhile gets a turn.
SEARCHES_AT_ONCE = 4
# How often whoever waits is told how many are before, and may leave.
PAUSE_SECONDS = 0.25
BROKEN = "Something went wrong in newsdesk itself. The terminal it runs in shows the details."

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Reply:
    """The answer to one question so far. Its fields are written by one thread and may be read by any."""

    question: str
    filters: Filters = field(default_factory=Filters)
    answer_language: str = ""  # the code of the one asked for, "" for the question's own
    found: tuple[Quote, ...] | None = None  # None until the search is done
    before: int = 0  # other questions that are answered first
    short: ShortAnswer | None = None  # what the likeliest sentence says, before anything is written
    told: tuple[Statement, ...] = ()  # of an answer of several sentences, so far
    written: str = ""
    answer: Record | None = None
    error: str = ""
    stopped: bool = False
    interrupted: bool = False  # the server ended before the answer did
    _evident: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)

    @property
    def done(self) -> bool:
        """Whether nothing more will come: answered, failed, stopped or interrupted."""
        return self.interrupted or self._done.is_set()

    def stop(self) -> None:
        """Ends the answer here at once, and the model's work at its next word; what is written stays."""
        if not self.done:
            self.stopped = True
            self.end()

    def end(self) -> None:
        """Notes that nothing more will come."""
        self._done.set()
        self._evident.set()

    def wait(self, seconds: float) -> bool:
        """Whether the reply was done within that time."""
        return self._done.wait(seconds)

    def wait_for_evidence(self, seconds: float) -> None:
        """Returns when the search is done or nothing more will come, and after that time at the latest."""
        self._evident.wait(seconds)

    def fill(self, assistant: Assistant, history: Sequence[Turn], line: Line) -> None:
        """Runs the question through the assistant to its end, once it is its turn in the line of those who search."""
        try:
            self._read(assistant, history, line)
        except UserError as error:
            self.error = str(error)
        except Exception:  # the thread's edge: nobody above could show it
            logger.exception("A question could not be answered")
            self.error = BROKEN
        finally:
            self.end()

    def _read(self, assistant: Assistant, history: Sequence[Turn], line: Line) -> None:
        with ExitStack() as turn:
            place = turn.enter_context(line.join())
            while (before := place(0)) and not self.stopped:
                self.before = before
                place(PAUSE_SECONDS)
            self.before = 0
            for event in assistant.stream(self.question, history, self.filters, self.answer_language):
                if self.stopped:
                    return
                match event:
                    case Evidence():
                        turn.close()
                        self.found = tuple(found(hit) for hit in event.hits)
                        self._evident.set()
                    case ShortAnswer():
                        self.short = event
                    case Composed():
                        self.told = event.statements
                    case Waiting():
                        self.before = event.before
                    case Written():
                        self.before = 0
                        self.written += event.text
                    case Answer():
                        self.answer = record(event, self.filters, self.answer_language)


def _nothing(reply: Reply) -> None:
    """What there is to do at the end, when nobody said."""


def history_of(replies: Sequence[Reply]) -> list[Turn]:
    """The conversation so far, as the next question may lean on it."""
    return [Turn(one.question, one.answer.text, one.answer.short_answer) for one in replies if one.answer]


def ask(
    assistant: Assistant,
    question: str,
    earlier: Sequence[Reply],
    filters: Filters | None = None,
    answer_language: str = "",
    then: Callable[[Reply], None] = _nothing,
    line: Line | None = None,
) -> Reply:
    """A reply that fills itself, with the earlier ones as the conversation so far; `then` gets it at its end.

    It searches when its turn comes in the `line` of those that do.
    """
    history = history_of(earlier)
    reply = Reply(question, filters or Filters(), answer_language)

    def run() -> None:
        request_id.set(token_hex(8))
        reply.fill(assistant, history, line or Line(SEARCHES_AT_ONCE))
        then(reply)

    threading.Thread(target=run, name="answer", daemon=True).start()
    return reply
