"""An answer of several sentences: shown as they are stored, and then with them translated."""

import logging
from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answering.belonging import belonging, of_surest, sureness
from assistant.answering.collection import opening
from assistant.answering.composing import Means, about, compose, in_window, is_told, openings, telling
from assistant.answering.conclusion import Conclusion, conclusion_of
from assistant.answering.context import in_context
from assistant.answering.drafting import short_answer
from assistant.answering.models import Models
from assistant.answering.tellings import Telling, quoted
from assistant.answering.wording import worded
from assistant.answers import HITS, NOT_ANSWERED, TO_COME, Composed, Event, Waiting, failure
from assistant.facts.facts import facts_of, is_name
from assistant.facts.quantities import Quantity
from assistant.facts.resolving import ResolvedDate
from assistant.question import Question
from assistant.reading.findings import SURE_WORDS, Finding
from assistant.understanding.kinds import FACT
from assistant.understanding.request import Request, asks_only_when
from index.errors import UserError
from index.hits import Hit, place_of
from index.search import search
from index.steps import step

BRIEF = 4  # sentences
# Of the kinds composed of sentences those that a few words of the best one answer too: "because of the wind".
# Of 23 Norwegian answers those so sure were right in nine of eleven, and of the others one.
TOLD_SHORTLY = frozenset({"why", "how"})
COUNT_WORDS = 3  # of a count, "nine young miners"
SURE_SENTENCE = 0.45
SURE_FACT = 0.5  # the standing of a sentence that answers a question which may ask for a fact

logger = logging.getLogger(__name__)


def settled(request: Request, findings: Sequence[Finding]) -> Request:
    """The request; as one for a fact where that is as likely, and a sentence surely answers it."""
    is_fact = request.may_be_fact and bool(findings) and findings[0].enough and findings[0].standing >= SURE_FACT
    if not is_fact:
        return request
    evidence = tuple(replace(one, value=FACT) if one.what == "kind" else one for one in request.evidence)
    return replace(request, kind=FACT, evidence=evidence)


def composed(
    question: Question, request: Request, hits: Sequence[Hit], findings: Sequence[Finding], models: Models
) -> Generator[Event, None, Conclusion]:
    """What code composes of stored sentences; a reason when nothing is told."""
    confidence = max(finding.standing for finding in findings)
    if not asks_only_when(request) and not is_told(request, hits, confidence, models.reader.least):
        return Conclusion(False, NOT_ANSWERED, confidence=confidence)
    hits = in_window(request, hits)
    if not hits:
        is_to_come = request.filters.since > date.today().isoformat()
        return Conclusion(False, TO_COME if is_to_come else NOT_ANSWERED, confidence=confidence)
    best = findings[0] if request.kind in TOLD_SHORTLY and tells_shortly(request.kind, findings[0]) else None
    if best:
        question.timings.note("short_answer")
        yield short_answer(request, best)
    with step("composing"):
        tellings = _tellings(question, request, hits, findings, models)
    if best and place_of(best.hit) not in {place_of(hit) for one in tellings for hit in one.hits}:
        tellings = (*quoted([best.hit]), *tellings)
    conclusion = conclusion_of(tellings, question.answer_language, confidence)
    if best and conclusion.answered:
        conclusion = replace(conclusion, span=best.span)
    return (yield from shown(question, conclusion, tellings, models))


def tells_shortly(kind: str, finding: Finding) -> bool:
    """Whether these words of this sentence tell so surely why or how that they stand alone.

    A name, a number and a day are no reason; nor is what a reader takes rather for no answer, however near it stands.
    """
    is_sure = finding.enough and finding.likelihood >= SURE_WORDS and finding.standing >= SURE_SENTENCE
    is_sure = is_sure and finding.answerable >= 0
    is_value = isinstance(finding.value, Quantity | ResolvedDate) or _is_count(finding)
    is_no_reason = is_value or is_name(finding.hit.article, finding.hit.sentence, finding.words)
    return is_sure and not (kind == "why" and is_no_reason)


def _is_count(finding: Finding) -> bool:
    """Whether the words are no more than a number and what it counts: "nine miners"."""
    opens = any(
        one.start == finding.span.start for one in facts_of(finding.hit.article, finding.hit.sentence).quantities
    )
    return opens and len(finding.words.split()) <= COUNT_WORDS


def _tellings(
    question: Question, request: Request, hits: Sequence[Hit], findings: Sequence[Finding], models: Models
) -> tuple[Telling, ...]:
    """What is told of the hits."""
    generation, reader = question.generation, models.reader
    means = Means(
        search=lambda asked: search(asked, generation, models.embedding, HITS, question.filters),
        read=lambda asked, some: reader.read(asked, request.language, some),
        sure=sureness(findings, lambda some: reader.read(request.question, request.language, some)),
        distinct=models.distinct,
    )
    ranked = in_context(request.question, hits, models.embedding, models.titles)
    if asks_only_when(request):
        ranked = openings(request, ranked, lambda article: opening(generation, article))
    else:
        ranked = belonging(request.kind, ranked, means.sure)
    told = of_surest(request.kind, telling(about(request, ranked)), means.sure)
    # Who asks no more than why wants a word on what was told, not all of it again.
    return compose(request, told[:BRIEF] if request.only_asks else told, means, question.answer_language)


def shown(
    question: Question, conclusion: Conclusion, tellings: Sequence[Telling], models: Models
) -> Generator[Event, None, Conclusion]:
    """The conclusion, shown as it is, and anew whenever one more of its sentences is translated.

    Those stay as they are that the model does not translate, or not rightly.
    """
    if not conclusion.answered:
        return conclusion
    question.timings.note("first_token")
    yield Composed(conclusion.statements, conclusion.citations)
    language = question.answer_language
    try:
        with step("wording"):
            for piece in worded(tellings, language, models.answerer.translate, models.embedding):
                if isinstance(piece, Waiting):
                    yield piece
                    continue
                conclusion = replace(conclusion_of(piece, language, conclusion.confidence), span=conclusion.span)
                yield Composed(conclusion.statements, conclusion.citations)
    except Exception as error:  # whatever a model, its runtime or its server does wrong, what was found stands
        logger.warning("%s", failure(error), exc_info=not isinstance(error, UserError))
    return conclusion
