"""An article's text cut into sentences with exact offsets, and into overlapping passages of whole sentences."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` (0-based, end exclusive) of the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole, neighbouring sentences of one article; `text == article.text[start:end]`."""

    id: str
    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
