"""Reads without a model: which words answer is told by what the question asks for."""

import math
import re
from collections.abc import Sequence

from assistant.answers import Span
from assistant.calibration import calibration
from assistant.facts.facts import facts_of
from assistant.reading.event_days import event_day
from assistant.reading.findings import READ_HITS, Finding, Name, SecondLook, Value, Words
from assistant.reading.standing import lead
from assistant.understanding.questions import asked_for
from index.hits import Hit

# Of an embedding whose scale nobody has measured: enough to answer.
UNKNOWN = 1.2
# Out of fewer articles nothing stands out: all may be about the one story. Then only the similarity tells.
FEW_ARTICLES = 5
# Where questions are refused and answered wrongly about as often (docs/BENCHMARKS.md, What falls short).
LEAST_STANDING = 1.15
# A standing over STANDING_CAP counts as that: it may outweigh a language model's doubts, but not its no. Below HOPELESS
# the model is not even asked. Asked for a day it says no too readily, since the sentence seldom has the year.
STANDING_CAP, HOPELESS = 1.28, 0.6
LOOK, DAY_LOOK = SecondLook(-0.25, 3.0, 1.0, 0.5), SecondLook(0.75, 3.0, 1.0, 0.5)


class RuleReader:
    """Takes the first day, number or name of a sentence that the question asks for, else all of the sentence."""

    name = "rules"
    least = 0.5

    def __init__(self, embedding: str) -> None:
        """`embedding` names the model whose similarities the hits have."""
        self._embedding = embedding

    def read(self, question: str, language: str, hits: Sequence[Hit], every: bool = True) -> tuple[Finding, ...]:
        """A finding for each of the best hits in their order; see `Reader`."""
        if not hits:
            return ()
        kind = asked_for(question, language)
        best = min(stands_out(hits, self._embedding), STANDING_CAP)
        doubt = None if best < HOPELESS else DAY_LOOK if kind == "date" else LOOK
        found = []
        for rank, hit in enumerate(hits[:READ_HITS]):
            span, value = by_rules(kind, question, language, hit)
            over = best - hits[0].rank_value + hit.rank_value - LEAST_STANDING
            found.append(Finding(span, value, 1 / (1 + math.exp(-over)), over >= 0, rank, doubt=doubt))
        return tuple(found)


def by_rules(kind: str, question: str, language: str, hit: Hit) -> tuple[Span, Value]:
    """The first words of the sentence that are of the kind asked for, else all of it, and what they mean."""
    facts = facts_of(hit.article, hit.sentence)
    if kind == "date":
        if told := event_day(question, language, hit.article, hit.sentence):
            whole = Span(hit, hit.sentence.start, hit.sentence.end)
            return (Span(hit, told.start, told.end) if told.text else whole), told
    elif kind == "number":
        for one in facts.quantities:
            return Span(hit, one.start, one.end), one
    elif kind in ("name", "place"):
        known = _words(question)
        for name in facts.names:
            is_day = any(day.start < name.end and name.start < day.end for day in facts.days)  # "4 March" led nothing
            if name.start > hit.sentence.start and not known & _words(name.text) and not is_day:
                return Span(hit, name.start, name.end), Name(name.text, name.sounds)
    return Span(hit, hit.sentence.start, hit.sentence.end), Words(hit.text)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}


def stands_out(hits: Sequence[Hit], embedding: str) -> float:
    """The best hit's rank value and its lead over the crowd's average, as a multiple of what is doubtful.

    Higher when the articles likelier answer; UNKNOWN for an embedding that was never measured. On 1,180
    developers' questions, 530 of them without their article: at a fifth of the answerable ones refused, 26 % of the
    others are answered with EmbeddingGemma and 33 % with e5; by the best similarity alone, 34 % and 56 %.
    """
    doubtful = calibration(embedding).doubtful
    if doubtful is None:
        return UNKNOWN
    if len({hit.article.id for hit in hits}) < FEW_ARTICLES:
        return (hits[0].similarity - doubtful.ordinary) / (doubtful.similarity - doubtful.ordinary)
    return (hits[0].rank_value + lead(hits[0], hits)) / doubtful.rank
