"""What turns a question, and what was read for it, into what is said."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.answers import Piece
from assistant.reading.findings import Finding


class Answerer(Protocol):
    """Turns a question and what was read into a draft."""

    name: str

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        """Pieces of the written answer as they are made (may be none), and last the draft.

        `language` is the question's; what is written is to be in `answer_language`. There is a finding at least, and
        the first is the likeliest to answer.
        """
        ...

    def translate(self, sentence: str, language: str) -> Iterator[Piece]:
        """The sentence in the language, in pieces; none of an answerer that writes nothing."""
        ...
