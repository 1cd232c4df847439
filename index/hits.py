"""A hit: one sentence that a search found."""

from dataclasses import dataclass

from index.articles import Article
from index.passages import Passage, Sentence

# An article, and where in it a sentence begins and ends.
HitPlace = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """One sentence of one passage; `similarity`, of both to the query, is higher for better, at most 1.

    `rank_value` orders hits: it also counts shared terms. `also_in` are the copies of its article, and other articles
    that copied the sentence. `around` tells how similar what stands around the sentence is to the query.
    """

    article: Article
    passage: Passage
    sentence: Sentence
    similarity: float
    rank_value: float = 0.0
    also_in: tuple[str, ...] = ()
    around: float = 0.0

    @property
    def text(self) -> str:
        """The sentence, byte for byte as stored."""
        return self.article.text[self.sentence.start : self.sentence.end]

    @property
    def taken_back(self) -> str:
        """What the article said before the sentence corrected it, with who says so; "" where it corrects nothing."""
        is_within = self.passage.start < self.passage.sentences[0].start
        return self.article.text[self.passage.start : self.sentence.start] if is_within else ""


def place_of(hit: Hit) -> HitPlace:
    """Where the hit's sentence stands."""
    return hit.article.id, hit.sentence.start, hit.sentence.end
