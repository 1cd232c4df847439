"""What tools give: values with a schema, and the same as text whose quotes are numbered."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Protocol

from assistant.answers import MODEL_FAILED, Answer, in_lines
from index.articles import Article
from index.hits import Hit
from ui.answer_text import DIFFER, marked, place, reported_on, spot

CLOSEST = 3  # sentences shown when nothing answers


class Told(Protocol):
    """What a tool gives: values, and the same as text."""

    def texts(self) -> Iterable[str]:
        """The same for whoever reads no values, in one or several texts."""
        ...


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """One of an article: `quote` equals characters `start` to `end` of the article's stored text."""

    number: int  # 1-based
    article: str
    title: str
    published: str  # ISO date, or ""
    source: str
    language: str
    start: int
    end: int
    quote: str
    also_in: tuple[str, ...]  # other articles that hold it, or copies of this one
    page: int | None = None  # counted from 1
    time: str = ""  # in a film
    recognised: bool = False  # its letters were made out of a picture, and may be wrong

    def __str__(self) -> str:
        # As JSON writes it, so that no quote can go on with a line that looks like the next one.
        characters = f"{self.article}, characters {self.start}-{self.end}"
        within = spot(self.page, self.time, self.recognised)
        where = place(self.title, self.source, self.published, characters, within)
        return f"[{self.number}] {json.dumps(self.quote, ensure_ascii=False)}\n    {where}"


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a search found, best first."""

    quotes: tuple[CitedSentence, ...]

    def texts(self) -> Iterable[str]:
        yield "\n".join(map(str, self.quotes)) or "Nothing in the articles matches."


@dataclass(frozen=True, slots=True)
class Differing:
    """What one of several articles that differ says the answer is; `date` is the ISO day when it is a day."""

    value: str
    date: str
    number: int  # of its quote


@dataclass(frozen=True, slots=True)
class CitedAnswer:
    """An answer with the number of a quote behind each statement, or, not `answered`, why and what came closest."""

    answered: bool
    answer: str
    reason: str
    language: str
    short_answer: str
    answer_date: str
    reported_date: str
    quotes: tuple[CitedSentence, ...]
    differing: tuple[Differing, ...]
    closest: tuple[CitedSentence, ...]

    def texts(self) -> Iterable[str]:
        reported = reported_on(self.reported_date) if self.reported_date else ""
        lines = [*filter(None, (self.answer, reported, self.reason)), *map(str, self.quotes)]
        if self.differing:
            lines += [
                DIFFER,
                *(f"- {place(one.value, one.date)} [{one.number}]" for one in self.differing),
            ]
        if self.closest:
            lines += ["What came closest:", *map(str, self.closest)]
        yield "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ArticleText:
    """Characters `start` to `end` of an article's stored text, which has `length` of them."""

    article: str
    title: str
    published: str
    source: str
    language: str
    author: str
    url: str
    also_in: tuple[str, ...]
    start: int
    end: int
    length: int
    text: str

    def texts(self) -> Iterable[str]:
        part = f"{self.article}, characters {self.start}-{self.end} of {self.length}"
        yield place(self.title, self.author, self.source, self.published, self.url, part)
        yield self.text


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened from ISO day `first` to `last`."""

    first: str
    last: str
    told: CitedSentence


@dataclass(frozen=True, slots=True)
class Happenings:
    """What is told of, earliest first."""

    events: tuple[Happening, ...]

    def texts(self) -> Iterable[str]:
        days = (one.first if one.first == one.last else f"{one.first} to {one.last}" for one in self.events)
        lines = [f"{day} {one.told}" for day, one in zip(days, self.events, strict=True)]
        yield "\n".join(lines) or "Nothing in the articles tells of a day."


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article without its text; `published` is an ISO date, or ""."""

    article: str
    title: str
    published: str
    source: str
    language: str
    author: str


@dataclass(frozen=True, slots=True)
class ListedArticles:
    """Some of the articles, newest first; `total` is how many there are."""

    articles: tuple[ListedArticle, ...]
    total: int

    def texts(self) -> Iterable[str]:
        lines = (place(one.article, one.title, one.source, one.published, one.author) for one in self.articles)
        yield "\n".join([f"{len(self.articles)} of {self.total} articles", *lines])


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet, the languages of its articles, and the ISO days of the first and the last of them."""

    source: str
    article_count: int
    languages: tuple[str, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Outlets:
    """The outlets of the articles, those of most articles first."""

    outlets: tuple[Outlet, ...]

    def texts(self) -> Iterable[str]:
        lines = (
            place(one.source, f"{one.article_count} articles", ", ".join(one.languages), one.first, one.last)
            for one in self.outlets
        )
        yield "\n".join(lines) or "No article says which outlet it is from."


def cited(answer: Answer) -> CitedAnswer:
    """The answer as the tool gives it."""
    return CitedAnswer(
        answered=answer.answered,
        answer=in_lines(answer.statements, marked),
        reason=without_places(answer.reason, MODEL_FAILED),
        language=answer.language,
        short_answer=answer.short_answer,
        answer_date=answer.answer_date,
        reported_date=answer.reported_date,
        quotes=tuple(
            _quote(one.number, hit.article, one.start, one.end, hit.also_in)
            for one, hit in zip(answer.citations, answer.cited, strict=True)
        ),
        differing=tuple(Differing(one.value, one.date, one.number) for one in answer.accounts),
        closest=() if answer.answered else quotes_of(answer.hits[:CLOSEST]),
    )


def quotes_of(hits: Iterable[Hit]) -> tuple[CitedSentence, ...]:
    """The hits' sentences, numbered from 1."""
    return tuple(
        _quote(number, hit.article, hit.sentence.start, hit.sentence.end, hit.also_in)
        for number, hit in enumerate(hits, start=1)
    )


def _quote(number: int, article: Article, start: int, end: int, also_in: tuple[str, ...]) -> CitedSentence:
    return CitedSentence(
        number,
        article.id,
        article.title,
        article.published,
        article.source,
        article.language,
        start,
        end,
        article.text[start:end],
        also_in,
        **asdict(article.spot_at(start)),
    )


def without_places(sentence: str, otherwise: str) -> str:
    """The sentence, unless it names a file or an address of this machine, which are nobody's business."""
    return otherwise if "/" in sentence else sentence
