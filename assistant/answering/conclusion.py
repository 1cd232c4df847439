"""What an answer comes to, however it was made, and the answer made of that."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from assistant.answering.corrected import with_corrections
from assistant.answering.models import Models
from assistant.answering.tellings import Telling, numbered
from assistant.answers import (
    HITS,
    LIKELY,
    NOT_ANSWERED,
    NOT_PLAINLY,
    UNSURE,
    Account,
    Answer,
    Citation,
    Span,
    Statement,
)
from assistant.checking.findings import Remark
from assistant.question import Question
from assistant.understanding.request import Request
from index.articles import Article
from index.generations.generation import Generation
from index.hits import Hit
from index.passages import Sentence

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What of an answer depends on how it was made; the fields are those of Answer."""

    answered: bool
    reason: str = ""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    span: Span | None = None
    answer_date: str = ""
    reported_date: str = ""
    accounts: tuple[Account, ...] = ()
    confidence: float = 0.0
    record: Mapping[str, object] = field(default_factory=dict)
    told: tuple[Hit, ...] = ()  # what the citations are of, besides the hits of the search


def conclusion_of(tellings: Sequence[Telling], answer_language: str, confidence: float = 0.0) -> Conclusion:
    """What the tellings come to: an answer, or that the articles do not say when none cites or counts anything."""
    statements, citations = numbered(tellings, answer_language)
    if all(telling.role == "note" and telling.hits == () for telling in tellings) and len(tellings) != 1:
        return Conclusion(False, NOT_ANSWERED, confidence=confidence)
    told = tuple(hit for telling in tellings for hit in telling.hits)
    reason = "" if tellings else NOT_ANSWERED
    return Conclusion(bool(tellings), reason, statements, citations, confidence=confidence, told=told)


def with_remarks(conclusion: Conclusion, remarks: Sequence[Remark]) -> Conclusion:
    """The conclusion with what was said against sentences that seemed to answer."""
    if not remarks:
        return conclusion
    reason = conclusion.reason if conclusion.answered or conclusion.reason != NOT_ANSWERED else NOT_PLAINLY
    told = [asdict(remark) for remark in remarks]
    return replace(conclusion, reason=reason, record={**conclusion.record, "checks": told})


def with_doubt(conclusion: Conclusion) -> Conclusion:
    """The conclusion, and that it may well be wrong where its sentence does not surely answer."""
    is_sure = not conclusion.answered or bool(conclusion.reason) or conclusion.confidence >= LIKELY
    return conclusion if is_sure else replace(conclusion, reason=UNSURE)


def with_notes(conclusion: Conclusion, notes: Sequence[Telling], answer_language: str) -> Conclusion:
    """The conclusion, and behind an answer the notes."""
    if not notes or not conclusion.answered:
        return conclusion
    statements, _ = numbered(notes, answer_language)
    return replace(conclusion, statements=(*conclusion.statements, *statements))


def finished(
    question: Question, request: Request, hits: Sequence[Hit], conclusion: Conclusion, models: Models
) -> Answer:
    """The answer with all that is told of it."""
    statements, citations = conclusion.statements, conclusion.citations
    if conclusion.answered and citations:
        article_of = _articles((*conclusion.told, *hits), question.generation)
        statements, citations = with_corrections(statements, citations, article_of, question.answer_language)
    timings, generation = question.timings, question.generation.name
    timings.note("first_token")
    timings.note("total")
    logger.info("answered=%s in %.0f ms from %s", conclusion.answered, timings.noted["total"], generation)
    return Answer(
        question=question.text,
        search_query=request.question,
        language=question.answer_language,
        answered=conclusion.answered,
        reason=conclusion.reason,
        statements=statements,
        short_answer=conclusion.span.text if conclusion.span else "",
        answer_date=conclusion.answer_date,
        reported_date=conclusion.reported_date,
        citations=citations,
        accounts=conclusion.accounts,
        hits=tuple(hits[:HITS]),
        generation=generation,
        answerer=models.answerer.name,
        confidence=conclusion.confidence,
        record={"embedding": models.embedding.model_name, "reader": models.reader.name, **conclusion.record},
        kind=request.kind,
        understood=request.evidence,
        cited=_sentences_of(citations, (*conclusion.told, *hits)),
        timings_ms=timings.noted,
    )


def _articles(hits: Sequence[Hit], generation: Generation) -> Callable[[str], Article]:
    """The article of an id, read from the index only where no hit has it."""
    known = {hit.article.id: hit.article for hit in hits}
    return lambda article: known.get(article) or generation.article(article)


def _sentences_of(citations: Sequence[Citation], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hit that each citation is of; where that sentence was not found by itself, its article's with it."""
    places = {(hit.article.id, hit.sentence.start): hit for hit in reversed(hits)}
    articles = {hit.article.id: hit for hit in reversed(hits)}
    return tuple(
        places.get((one.article, one.start))
        or replace(articles[one.article], sentence=Sentence(one.start, one.end), also_in=())
        for one in citations
    )
