"""Sentences and passages of an article: values, with exact offsets into its text."""

from dataclasses import dataclass

from index.articles import Article


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


@dataclass(frozen=True, slots=True)
class CutArticle:
    """An article with its sentences and passages; of one beyond all measure, so many sentences are left out."""

    article: Article
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]
    left_out_count: int = 0
