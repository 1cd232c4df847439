"""What a question is answered with: the embedding, the reader and the answerer."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass

from assistant.answerer import Answerer
from assistant.answering.repetition import distinct
from assistant.reading.findings import Reader
from index.hits import Hit
from index.models.embedding import Embedding
from index.vectors import Vectors


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
