"""How surely a sentence answers: what the reader, the search and other articles tell, weighed as was fitted to them.

`standing.toml` holds the weights, made by `python -m bench.standing`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.answers import Span
from assistant.facts.quantities import Quantity
from assistant.facts.resolving import ResolvedDate
from assistant.reading.findings import READ_HITS, Finding, Name, SecondLook, Value, Words
from assistant.reading.topics import topic
from index.hits import Hit
from index.lexicon import folded
from index.packaged import finite, part_of_program

FILE = Path(__file__).parent / "standing.toml"
ANY = "any embedding"  # what was fitted to the reader alone
# The hits after so many are the crowd: a story may be told by several articles, and those are no crowd.
FIRST_OF_CROWD = 10
# The reader's log-odds beyond these tell no more.
MOST_LOG_ODDS, LEAST_LIKELIHOOD = 8.0, 1e-4
# Of days the rules know more than a reader, and it has learnt from no question for a yes or a no.
NOT_ITS_OWN = frozenset({"date", "yes or no"})
SUREST = 4.0  # log-odds that hardly a sentence has; of 2,250 from the sixth on none had more than 1.5
SIGNS = frozenset("always reader words rank value lead similarity agreement".split())


@dataclass(frozen=True, slots=True)
class Standing:
    """The weights of the signs for one reader over one embedding's hits; a standing of `least` is enough.

    Where it lies between the two `doubtful` ones, `second_look` is what a language model's opinion weighs. A sentence
    of less log-odds than `least_answerable` the reader takes for no answer, however near the question it is. The
    standing for a hit `alone` is without the signs that compare it with others, which of no others would count against
    it.
    """

    weights: Mapping[str, float]
    least: float
    doubtful: tuple[float, float]
    second_look: SecondLook
    least_answerable: float = -math.inf
    alone: "Standing | None" = None

    def is_no_answer(self, answerable: float, kind: str) -> bool:
        """Whether the reader takes a sentence of such log-odds for none; `kind` is what the question asks for."""
        return answerable < self.least_answerable and kind not in NOT_ITS_OWN

    def weighed(self, findings: Sequence[Finding], hits: Sequence[Hit], kind: str) -> tuple[Finding, ...]:
        """The findings with their standing, the highest first, those that are no answer last.

        `kind` is what the question asks for.
        """
        if self.alone and len(hits) == 1:
            return self.alone.weighed(findings, hits, kind)
        weighed = []
        for one in findings:
            standing = self._of(one, findings, hits)
            is_other_kind = kind == "name" and isinstance(one.value, ResolvedDate)  # "Who stole it?" - "On Monday"
            may_be = not self.is_no_answer(one.answerable, kind) and not is_other_kind
            is_doubtful = self.doubtful[0] <= standing < self.doubtful[1] and not is_other_kind
            doubt = self.second_look if is_doubtful else None
            weighed.append(replace(one, standing=standing, enough=may_be and standing >= self.least, doubt=doubt))
        return tuple(sorted(weighed, key=lambda one: (self.is_no_answer(one.answerable, kind), -one.standing)))

    def highest(self, hits: Sequence[Hit], first: int) -> float:
        """How high any of the hits to be read from the `first` on could stand, read as surely as a reader ever is."""
        surest = (
            Finding(Span(hit, hit.sentence.start, hit.sentence.end), Words(hit.text), 0.0, False, rank, SUREST)
            for rank, hit in enumerate(hits[first:READ_HITS], first)
        )
        return max((self._of(one, (), hits) for one in surest), default=0.0)

    def _of(self, finding: Finding, findings: Sequence[Finding], hits: Sequence[Hit]) -> float:
        told = signs(finding, findings, hits)
        return 1 / (1 + math.exp(-sum(weight * told[name] for name, weight in self.weights.items())))


def load_standing(reader: str, embedding: str, file: Path = FILE) -> Standing:
    """What was fitted to the reader over this embedding's hits, else to the reader alone.

    Raises UserError when the file is damaged.
    """
    with part_of_program(file) as tables:
        fitted = tables[reader]
        alone = _standing(fitted[ANY])
        return replace(_standing(fitted[embedding]), alone=alone) if embedding in fitted else alone


def _standing(fitted: Mapping[str, Any]) -> Standing:
    least_doubtful, most_doubtful = map(finite, fitted["doubtful"])
    weights = {name: finite(weight) for name, weight in fitted["weights"].items()}
    if unknown := weights.keys() - SIGNS:
        raise ValueError(f"there is no sign {min(unknown)}")
    look = SecondLook(**{name: finite(value) for name, value in fitted["second look"].items()})
    least, least_answerable = finite(fitted["least"]), finite(fitted["least answerable"])
    return Standing(weights, least, (least_doubtful, most_doubtful), look, least_answerable)


def signs(finding: Finding, findings: Sequence[Finding], hits: Sequence[Hit]) -> dict[str, float]:
    """What tells whether the sentence answers, by name."""
    answerable = max(-MOST_LOG_ODDS, min(MOST_LOG_ODDS, finding.answerable))
    return {
        "always": 1.0,
        "reader": answerable,
        "words": math.log(max(LEAST_LIKELIHOOD, finding.likelihood)),
        "rank": math.log(finding.rank + 1),
        "value": finding.hit.rank_value,
        "lead": _lead_with_topic(finding, findings, hits),
        "similarity": finding.hit.similarity,
        "agreement": _agreement(finding, findings),
    }


def lead(hit: Hit, hits: Sequence[Hit]) -> float:
    """How far the hit's rank value is above the crowd's average."""
    crowd = hits[FIRST_OF_CROWD:] or hits[-1:]
    return hit.rank_value - sum(other.rank_value for other in crowd) / len(crowd)


def _lead_with_topic(finding: Finding, findings: Sequence[Finding], hits: Sequence[Hit]) -> float:
    """The lead of a sentence, or of the one that it goes on from, unless that is read to answer rather than it."""
    own, told = lead(finding.hit, hits), topic(finding.hit, hits)
    rather = any(one.hit is told and one.answerable > finding.answerable for one in findings)
    return own if rather else max(own, lead(told, hits))


def _agreement(finding: Finding, findings: Sequence[Finding]) -> float:
    """How many other articles say the same value, each as far as its sentence answers; copies do not count."""
    same = _said(finding.value)
    own = {finding.hit.article.id, *finding.hit.also_in}
    sure: dict[str, float] = {}
    for other in findings:
        article = other.hit.article.id
        if article not in own and _said(other.value) == same:
            sure[article] = max(sure.get(article, 0.0), 1 / (1 + math.exp(-other.answerable)))
    return math.log1p(sum(sure.values()))


def _said(value: Value) -> object:
    """Equal for two values only if they say the same."""
    if isinstance(value, ResolvedDate):
        return value.first, value.last
    if isinstance(value, Quantity):
        return value.value, value.unit
    if isinstance(value, Name) and value.sounds:
        return value.sounds
    return " ".join(folded(word) for word in value.text.split())
