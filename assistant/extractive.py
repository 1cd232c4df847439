"""Answers by quoting the best sentences; needs no language model."""

import re
from collections.abc import Iterator, Sequence

from assistant.assistant import Draft
from assistant.citations import Span
from assistant.dates import dates_in
from index.search import Hit

# What the opening words of a question ask for, in the languages of the page and their neighbours.
ASKED = {
    "date": "when quando wann quand cuándo коли когда wanneer når",
    "name": "who whom whose chi wer wen wem qui quién quiénes хто кого кому кто quem wie hvem",
    "place": "where dove wo wohin où dónde де куди где куда onde waar hvor",
    "number": "many much quanti quante quanto quanta viele viel combien cuántos cuántas cuánto скільки сколько quantos "
    "quantas hoeveel mange",
}
# Words that begin with a capital letter, one after the other, in Latin or Cyrillic letters.
CAPITALISED = r"\b[A-ZÀ-ÖØ-ÞĀĂĄČĎĐĒĘĚĢĪĶĹĽŁŃŇŌŐŒŔŘŚŞŠŤŪŮŰŹŻŽЀ-Я][^\W\d_]*"
NAME = rf"{CAPITALISED}(?:[\s'’-]+{CAPITALISED})*"
# A close second sentence that holds the kind of thing asked for is preferred to the best one that does not.
CLOSE = 0.05
CANDIDATES = 5


class ExtractiveAnswerer:
    """Quotes the sentence that answers, with the few words in it that were asked for."""

    name = "extractive"

    def __init__(self, least_similarity: float) -> None:
        self.least_similarity = least_similarity

    def draft(self, question: str, language: str, hits: Sequence[Hit]) -> Iterator[str | Draft]:
        """One draft, made of stored sentences only."""
        if not hits or hits[0].similarity < self.least_similarity:
            yield Draft(answered=False, reason="The articles do not say.")
            return
        kind = asked_for(question)
        close = [row for row, hit in enumerate(hits[:CANDIDATES]) if hit.similarity > hits[0].similarity - CLOSE]
        spans = {row: _span(kind, question, hits[row]) for row in close}
        best = next((row for row in close if spans[row]), 0)
        place = spans[best] or (hits[best].sentence.start, hits[best].sentence.end)
        yield Draft(
            answered=True, span=Span(best, *place), sentences=(hits[best].text,), confidence=hits[best].similarity
        )


def asked_for(question: str) -> str:
    """ "date", "name", "place", "number", or "" when the question asks for something else."""
    words = re.findall(r"[^\W\d_]+", question.casefold())
    for word in words[:6]:
        for kind, openers in ASKED.items():
            if word in openers.split():
                return kind
    return ""


def _span(kind: str, question: str, hit: Hit) -> tuple[int, int] | None:
    """The characters of the article that hold what is asked for, None when the sentence has no such thing."""
    first = hit.sentence.start
    if kind == "date":
        for date in dates_in(hit.article, first, hit.sentence.end):
            return date.start, date.end
    elif kind == "number":
        found = re.search(r"\d+(?:[.,  ]\d{3})*(?:[.,]\d+)?(?:\s?[%€$£])?", hit.text)
        return (first + found.start(), first + found.end()) if found else None
    elif kind in ("name", "place"):
        known = {word.casefold() for word in re.findall(r"[^\W\d_]+", question)}
        for found in re.finditer(NAME, hit.text):
            words = {word.casefold() for word in re.findall(r"[^\W\d_]+", found[0])}
            if found.start() > 0 and not known & words:
                return first + found.start(), first + found.end()
    return None
