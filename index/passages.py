"""Sentences and passages of an article: values, with exact offsets into its text."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.articles import Article

Extent = tuple[int, int]  # characters of a text, 0-based, end exclusive


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` (0-based, end exclusive) of the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole, neighbouring sentences of one article; `text == article.text[start:end]`.

    Where they correct what the article said before, it begins with that, which is no sentence of it.
    """

    id: str
    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]


def passage_of(article: Article, sentences: Sequence[Sentence], start: int | None = None) -> Passage:
    """The passage of these sentences of the article, in their order, from `start` on where that is before them."""
    start, end = sentences[0].start if start is None else start, sentences[-1].end
    return Passage(f"{article.id}#{start}-{end}", article.id, start, end, article.text[start:end], tuple(sentences))


@dataclass(frozen=True, slots=True)
class CutArticle:
    """An article with its sentences and passages; of one beyond all measure, so many sentences are left out."""

    article: Article
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    left_out_count: int = 0
