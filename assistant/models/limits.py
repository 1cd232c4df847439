"""A draft that comes in time and ends, whatever its language model does."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue

from assistant.answerer import Answerer
from assistant.answers import MODEL_FAILED, Draft, Piece, Waiting, Written, model_failed
from assistant.models.turns import Line
from assistant.reading.findings import Finding
from index.errors import UserError

FIRST_PIECE_SHARE = 0.5  # of the time for the whole answer
# Ten times the longest answer that was asked for.
MOST_CHARACTERS = 4_000
# How soon whoever waits is told that nothing has come, and may leave.
PAUSE_SECONDS = 0.2
# A model that hangs may hold so many threads before it is no longer asked.
MOST_HANGING = 4
# How many answers are made at once: by a model in this process, and by a server, which has a line of its own.
AT_ONCE_HERE, AT_ONCE_SERVED = 1, 4

Made = Piece | Exception | None  # None when there are no more


class LimitedAnswerer:
    """An answerer whose drafts are made aside, so that one that is slow or hangs is left instead of waited for.

    Questions wait in `line` for their turn, which takes nothing of their time. While nothing comes, `draft` yields
    Waiting every PAUSE_SECONDS; closed, it lets the answerer stop at its next piece.
    """

    def __init__(self, answerer: Answerer, seconds: float, address: str = "") -> None:
        """`address` is that of the server that the language model is asked at."""
        self.name = answerer.name
        self._answerer = answerer
        self._seconds = seconds
        self._address = address
        self._hanging: list[threading.Thread] = []
        self.line = Line(AT_ONCE_SERVED if address else AT_ONCE_HERE)

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        """The answerer's pieces and its draft; raises UserError when they are late or too long."""
        return self._in_turn(lambda: self._answerer.draft(question, language, answer_language, findings))

    def translate(self, sentence: str, language: str) -> Iterator[Piece]:
        """The pieces of the answerer's translation; raises UserError when they are late or too long."""
        return self._in_turn(lambda: self._answerer.translate(sentence, language))

    def _in_turn(self, work: Callable[[], Iterator[Piece]]) -> Iterator[Piece]:
        with self.line.join() as place:
            while before := place(0):
                yield Waiting(before)
                place(PAUSE_SECONDS)
            yield from self._limited(work)

    def _limited(self, work: Callable[[], Iterator[Piece]]) -> Iterator[Piece]:
        self._hanging = [thread for thread in self._hanging if thread.is_alive()]
        if len(self._hanging) >= MOST_HANGING:
            raise UserError(f"{MODEL_FAILED} It still has not answered the questions before.")
        made: SimpleQueue[Made] = SimpleQueue()
        left = threading.Event()
        thread = threading.Thread(target=copy_context().run, args=(self._make, work, made, left), daemon=True)
        thread.start()
        began, limit = time.monotonic(), self._seconds * FIRST_PIECE_SHARE
        try:
            while (piece := _next(made)) is not None:
                if isinstance(piece, Exception):
                    raise piece
                if isinstance(piece, Written):
                    limit = self._seconds
                if time.monotonic() - began > limit and not isinstance(piece, Draft):
                    self._hanging.append(thread)
                    raise UserError(model_failed(f"within {limit:g} seconds"))
                yield piece
        finally:
            left.set()

    def _make(self, work: Callable[[], Iterator[Piece]], made: SimpleQueue[Made], left: threading.Event) -> None:
        length = 0
        try:
            for piece in work():
                length += len(piece.text) if isinstance(piece, Written) else 0
                if left.is_set():
                    return
                if length > MOST_CHARACTERS:
                    raise UserError(model_failed("with an end"))
                made.put(piece)
        except Exception as error:  # noqa: BLE001 - raised again where the draft is waited for
            made.put(self._without_secrets(error))
        finally:
            made.put(None)

    def _without_secrets(self, error: Exception) -> Exception:
        """The error itself, or, as a server may repeat the key that it was given, no more than its kind."""
        if not self._address or isinstance(error, UserError):
            return error
        return UserError(model_failed(f"at {self._address} ({type(error).__name__})"))


def _next(made: SimpleQueue[Made]) -> Made:
    """The next piece, or that none came before the pause was over."""
    try:
        return made.get(timeout=PAUSE_SECONDS)
    except Empty:
        return Waiting()
