"""What answers: an answerer, which turns what was read into what is said, and the models beside it."""

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answering.repetition import distinct
from assistant.answers import Piece
from assistant.reading.findings import Finding, Reader
from index.hits import Hit
from index.models.embedding import Embedding
from index.vectors import Vectors


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


@dataclass(frozen=True, slots=True)
class Models:
    """What a question is answered with; `titles` are the vectors of known titles, by their articles' ids."""

    embedding: Embedding
    reader: Reader
    answerer: Answerer
    titles: MutableMapping[str, Vectors]

    def distinct(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """The hits, best first, without those that repeat a better one."""
        return distinct(hits, self.embedding)
