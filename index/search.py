"""A query to the sentences that answer it best."""

from dataclasses import dataclass

from index.articles import Article
from index.passages import Passage, Sentence


@dataclass(frozen=True, slots=True)
class Hit:
    """One sentence of one passage; `similarity` is higher for better, at most 1."""

    article: Article
    passage: Passage
    sentence: Sentence
    similarity: float

    @property
    def text(self) -> str:
        """The sentence, byte for byte as stored."""
        return self.article.text[self.sentence.start : self.sentence.end]
