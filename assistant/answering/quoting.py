"""Answers that need no language model, because a sentence of the question's language says it."""

from assistant.answers import NOT_ANSWERED, Draft, Span
from assistant.facts.dates import dates_in, display
from assistant.reading.findings import Finding
from assistant.understanding.questions import asked_for


def quoted(
    question: str, language: str, answer_language: str, best: Finding, translates: bool = True, judges: bool = True
) -> Draft | None:
    """The draft that says the finding's sentence, or that the articles do not say; None when something is in doubt, for
    an answerer that `judges`, or has to be written: what is in another language, for one that `translates`."""
    if judges and best.doubt is not None:
        return None
    if not best.enough:
        return Draft(answered=False, reason=NOT_ANSWERED, confidence=best.standing)
    span, _ = wanted(question, language, answer_language, best.span)
    article, sentence = span.article, span.sentence
    if translates and article.language != answer_language:
        return None
    return Draft(True, "", span, (article.text[sentence.start : sentence.end],), best.standing)


def wanted(question: str, language: str, answer_language: str, span: Span) -> tuple[Span, str]:
    """What of the span the question wants, and how it is written."""
    return whole_date(span, answer_language) if asked_for(question, language) == "date" else (span, span.text)


def whole_date(span: Span, language: str) -> tuple[Span, str]:
    """The date that the span touches, and how the language writes it whole; a span that is all of its sentence, or
    touches none, stays what it is: of the sentence's dates none is that of what was asked for."""
    sentence = span.sentence
    if not (span.start <= sentence.start and sentence.end <= span.end):
        for date in dates_in(span.article, sentence.start, sentence.end):
            if date.start < span.end and span.start < date.end:
                return Span(span.hit, date.start, date.end), display(date, language)
    return span, span.text
