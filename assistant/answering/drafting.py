"""An answer out of one sentence: drafted, and what of the draft stands once it is checked."""

import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from assistant.answering.conclusion import Conclusion
from assistant.answering.differences import accounts
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.models import Models
from assistant.answering.tellings import Telling, numbered
from assistant.answering.wording import standing
from assistant.answers import (
    QUOTED_INSTEAD,
    Citation,
    Draft,
    Event,
    Piece,
    ShortAnswer,
    Statement,
    Waiting,
    Written,
    failure,
)
from assistant.checking.asked import asked
from assistant.checking.citations import cite, quotation
from assistant.checking.days import days_told
from assistant.question import Question
from assistant.reading.findings import Finding
from assistant.understanding.request import Request
from index.errors import UserError
from index.hits import Hit
from index.models.embedding import Embedding
from index.reading.texts.decoding import sanitise
from index.steps import step

logger = logging.getLogger(__name__)


def short_answer(request: Request, finding: Finding) -> ShortAnswer:
    """What the finding says, before anything is written."""
    _, (citation,) = quotation(finding.span, [finding.hit])
    day, reported = days_told(asked(request.question, request.language), finding)
    return ShortAnswer(finding.words, day, citation, reported)


def drafted(
    question: Question, request: Request, findings: Sequence[Finding], models: Models
) -> Generator[Event, None, Conclusion]:
    """What the answerer writes, streamed, and what of it stands once it is checked."""
    draft = Draft(answered=False)
    with step("drafting"):
        for piece in _draft(request, question.answer_language, findings, models):
            if not isinstance(piece, Waiting):
                question.timings.note("first_token")
            match piece:
                case Draft():
                    draft = piece
                case Written(text):
                    shown = sanitise(text)
                    yield Written(shown) if shown else Waiting()
                case Waiting():
                    yield piece
    with step("verification"):
        hits = [finding.hit for finding in sorted(findings, key=lambda finding: finding.rank)]
        statements, citations = _checked(draft, hits, question.answer_language, models.embedding)
        span = draft.span if draft.answered else None
        differing, citations = accounts(request.question, request.language, span, hits, citations, models.embedding)
        days = days_told(asked(request.question, request.language), findings[0]) if span else ("", "")
    return Conclusion(
        draft.answered, draft.reason, statements, citations, span, *days, differing, draft.confidence, draft.record
    )


def _draft(request: Request, answer_language: str, findings: Sequence[Finding], models: Models) -> Iterator[Piece]:
    """The answerer's draft; when its language model fails, the quoting answerer's, and that it did."""
    try:
        yield from models.answerer.draft(request.question, request.language, answer_language, findings)
    except Exception as error:  # whatever a model, its runtime or its server does wrong, what was found stands
        reason = failure(error)
        logger.warning("%s", reason, exc_info=not isinstance(error, UserError))
        for quoted in ExtractiveAnswerer().draft(request.question, request.language, answer_language, findings):
            assert isinstance(quoted, Draft)
            yield replace(quoted, reason=f"{reason} {quoted.reason or QUOTED_INSTEAD}")


def _checked(
    draft: Draft, hits: Sequence[Hit], answer_language: str, embedding: Embedding
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The supported statements; when none is left, the sentence that holds the short answer, quoted."""
    if not draft.answered:
        return (), ()
    span = draft.span
    source = replace(span.hit, sentence=span.sentence) if span else hits[0]
    if draft.is_translated:
        translation = standing(" ".join(draft.sentences), answer_language, source, embedding)
        told = Telling(translation, (source,), "translation") if translation else Telling(source.text, (source,))
        return numbered([told], answer_language)
    if draft.sentences != (source.text,):
        sentences = [sentence for written in draft.sentences if (sentence := sanitise(written).strip())]
        statements, citations = cite(sentences, span, hits, embedding, answer_language)
        if statements:
            return statements, citations
    return numbered([Telling(source.text, (source,))], answer_language)
