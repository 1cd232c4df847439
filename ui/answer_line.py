"""An answer as JSON: what `newsdesk ask --json` prints and the server sends."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from assistant.answers import Account, Answer, Citation, Statement, Understood
from index.hits import Hit


@dataclass(frozen=True, slots=True)
class HitLine:
    """A sentence that search found: `text` equals characters `start` to `end` of the article's stored text."""

    article: str
    start: int
    end: int
    text: str
    similarity: float
    also_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """The fields of an answer's JSON."""

    question: str
    search_query: str
    language: str
    kind: str
    understood: tuple[Understood, ...]
    answer: str
    statements: tuple[Statement, ...]
    short_answer: str
    answer_date: str
    reported_date: str
    answered: bool
    reason: str
    citations: tuple[Citation, ...]
    accounts: tuple[Account, ...]
    hits: tuple[HitLine, ...]
    generation: str
    answerer: str
    record: Mapping[str, object]
    timings_ms: Mapping[str, float]


def answer_line(answer: Answer, top: int) -> dict[str, object]:
    """The answer with its `top` best hits, ready for JSON."""
    return asdict(
        AnswerLine(
            question=answer.question,
            search_query=answer.search_query,
            language=answer.language,
            kind=answer.kind,
            understood=answer.understood,
            answer=answer.text,
            statements=answer.statements,
            short_answer=answer.short_answer,
            answer_date=answer.answer_date,
            reported_date=answer.reported_date,
            answered=answer.answered,
            reason=answer.reason,
            citations=answer.citations,
            accounts=answer.accounts,
            hits=tuple(hit_line(hit) for hit in answer.hits[:top]),
            generation=answer.generation,
            answerer=answer.answerer,
            record=dict(answer.record),
            timings_ms=dict(answer.timings_ms),
        )
    )


def hit_line(hit: Hit) -> HitLine:
    """The hit's sentence."""
    return HitLine(
        article=hit.article.id,
        start=hit.sentence.start,
        end=hit.sentence.end,
        text=hit.text,
        similarity=round(hit.similarity, 4),
        also_in=hit.also_in,
    )
