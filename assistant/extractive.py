"""Answers by quoting the best sentences; needs no language model."""

import re
from collections.abc import Iterator, Sequence

from assistant.answerable import standing
from assistant.assistant import NOT_ANSWERED, Draft
from assistant.citations import Span
from assistant.dates import dates_in
from assistant.quantities import quantities_in
from assistant.questions import NAME, asked_for
from index.search import Hit
from index.steps import step

# Where 1,180 developers' questions, 530 of them without their article, are refused and answered wrongly about as
# often: 19 % and 35 % with e5, 22 % and 23 % with EmbeddingGemma. At 1.0 it would be 10 % and 59 %, 10 % and 41 %.
LEAST_STANDING = 1.15


class ExtractiveAnswerer:
    """Quotes the sentence that answers, with the few words in it that were asked for."""

    name = "extractive"

    def __init__(self, embedding: str) -> None:
        self._embedding = embedding

    def draft(self, question: str, language: str, answer_language: str, hits: Sequence[Hit]) -> Iterator[str | Draft]:
        """One draft, made of stored sentences only."""
        with step("confidence"):
            confidence = standing(hits, self._embedding) if hits else 0.0
        if confidence < LEAST_STANDING:
            yield Draft(answered=False, reason=NOT_ANSWERED, confidence=confidence)
            return
        best = hits[0]
        start, end = _span(asked_for(question, language), question, best) or (best.sentence.start, best.sentence.end)
        yield Draft(True, "", Span(0, start, end), (best.text,), confidence)


def _span(kind: str, question: str, hit: Hit) -> tuple[int, int] | None:
    """The characters of the article that hold what is asked for, None when the sentence has no such thing."""
    first = hit.sentence.start
    if kind == "date":
        for date in dates_in(hit.article, first, hit.sentence.end):
            return date.start, date.end
    elif kind == "number":
        for one in quantities_in(hit.article, first, hit.sentence.end):
            return one.start, one.end
    elif kind in ("name", "place"):
        days = dates_in(hit.article, first, hit.sentence.end)
        known = {word.casefold() for word in re.findall(r"[^\W\d_]+", question)}
        for found in re.finditer(NAME, hit.text):
            words = {word.casefold() for word in re.findall(r"[^\W\d_]+", found[0])}
            start, end = first + found.start(), first + found.end()
            is_day = any(day.start < end and start < day.end for day in days)  # "4 March" led nothing
            if found.start() > 0 and not known & words and not is_day:
                return start, end
    return None
