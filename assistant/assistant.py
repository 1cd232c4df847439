"""A question to an answer: search, evidence, draft, citations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.citations import Citation
from index.search import Hit


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, and the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Verbatim words inside `hits[hit]`: characters `start` to `end` of that hit's article."""

    hit: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer has to say, before code has checked it.

    `sentences` are the written answer, in the question's language; `reason` says why it is empty when the
    articles don't say; `confidence` is the answerer's own score (higher: more surely answerable).
    """

    answered: bool
    reason: str = ""
    span: Span | None = None
    sentences: tuple[str, ...] = ()
    confidence: float = 0.0


class Answerer(Protocol):
    """Turns a question and its hits into a draft."""

    name: str

    def draft(self, question: str, language: str, hits: Sequence[Hit]) -> Iterator[str | Draft]:
        """Pieces of the written answer as they are made (may be none), and last the draft."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation, and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer. `statements` join to `text`; citation numbers are 1-based and assigned here."""

    question: str
    search_query: str
    language: str
    answered: bool
    reason: str
    statements: tuple[Statement, ...]
    short_answer: str
    answer_date: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    generation: str
    answerer: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The written answer without its markers."""
        return " ".join(statement.text for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The first event of an answer: what search found, best first, before anything is written."""

    search_query: str
    hits: tuple[Hit, ...]


Event = Evidence | str | Answer
