"""A question as it came in: checked, with all that it is to be answered from."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.answers import Turn
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from index.languages.words import known_codes
from index.search import QUERY_CHARACTERS

# More than this is no question, whatever stands at its end.
QUESTION_CHARACTERS = 80_000


class Timings:
    """How many milliseconds after a question came in each step of its answer was there."""

    def __init__(self) -> None:
        self.noted: dict[str, float] = {}
        self._began = time.perf_counter()

    def note(self, step: str) -> None:
        """Notes that the step is there; what was noted before stays."""
        self.noted.setdefault(step, round((time.perf_counter() - self._began) * 1000, 1))


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, in which `language`, after which turns, and over what it is asked.

    The answer is wanted in `answer_language`.
    """

    text: str
    language: str
    history: Sequence[Turn]
    answer_language: str
    filters: Filters | None
    generation: Generation
    timings: Timings = field(default_factory=Timings)


def checked_question(question: str) -> str:
    """The question, without control characters and outer space, as far as it is read.

    Raises UserError when nothing is left, or when it is too long to be a question at all.
    """
    kept = "".join(c if c.isprintable() or c.isspace() else " " for c in question)
    words = " ".join(kept.split())
    if not words:
        raise UserError("The question is empty. Ask something about the articles.")
    if len(words) > QUESTION_CHARACTERS:
        raise UserError(
            f"The question has {len(words):,} characters; at most {QUESTION_CHARACTERS:,} are taken. Shorten it."
        )
    return words[-QUERY_CHARACTERS:]


def known_language(code: str) -> str:
    """The code itself; raises UserError when it is neither "" nor a language that answers can be written in."""
    if code and code not in known_codes():
        raise UserError(f"An answer cannot be written in {code!r}. Choose one of {', '.join(sorted(known_codes()))}.")
    return code
