"""A question being answered in the background, so that no click on the page can lose the answer."""

import logging
import threading
from collections.abc import Sequence

from assistant.assistant import Answer, Assistant, Evidence, Turn
from index.errors import UserError
from index.search import Hit

log = logging.getLogger(__name__)


class Reply:
    """The answer to one question so far. Its fields are written by one thread and may be read by any."""

    def __init__(self, question: str) -> None:
        self.question = question
        self.hits: tuple[Hit, ...] | None = None  # None until the search is done
        self.written = ""
        self.answer: Answer | None = None
        self.error = ""
        self.stopped = False
        self._done = threading.Event()

    @property
    def done(self) -> bool:
        """Whether nothing more will come: answered, failed or stopped."""
        return self._done.is_set()

    def stop(self) -> None:
        """Ends the answer here at once, and the model's work at its next word; what is written stays."""
        if not self.done:
            self.stopped = True
            self._done.set()

    def wait(self, seconds: float) -> bool:
        """Whether the reply was done within that time."""
        return self._done.wait(seconds)

    def fill(self, assistant: Assistant, history: Sequence[Turn]) -> None:
        """Runs the question through the assistant to its end."""
        try:
            for event in assistant.stream(self.question, history):
                if self.stopped:
                    return
                if isinstance(event, Evidence):
                    self.hits = event.hits
                elif isinstance(event, Answer):
                    self.answer = event
                else:
                    self.written += event
        except UserError as error:
            self.error = str(error)
        except Exception:  # the thread's edge: nobody above could show it
            log.exception("A question could not be answered")
            self.error = "Something went wrong in newsdesk itself. The terminal it runs in shows the details."
        finally:
            self._done.set()


def ask(assistant: Assistant, question: str, earlier: Sequence[Reply]) -> Reply:
    """A reply to the question that fills itself, with the finished replies as the conversation so far."""
    history = [Turn(reply.question, reply.answer.text) for reply in earlier if reply.answer]
    reply = Reply(question)
    threading.Thread(target=reply.fill, args=(assistant, history), name="answer", daemon=True).start()
    return reply
