"""What was read in the sentences found: the words that answer, what they mean, and how surely they answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answers import Span
from assistant.facts.quantities import Quantity
from assistant.facts.resolving import ResolvedDate
from index.hits import Hit

# So many of the best hits are read.
READ_HITS = 20
# Words of a smaller share are a guess. Of 13 Norwegian answers to "what" that were, three were right and seven of their
# sentences; of eight to "who", of both readers and four sets, none.
SURE_WORDS = 0.17


@dataclass(frozen=True, slots=True)
class Name:
    """Who or which place it is; `sounds` are the same of any spelling, in any script."""

    text: str
    sounds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    """An answer that is no day, quantity or name: a phrase, a clause, or the whole sentence."""

    text: str


Value = ResolvedDate | Quantity | Name | Words


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What a language model's log-odds of yes weigh beside a standing; of both together `least` is enough."""

    always: float
    standing: float
    model: float
    least: float

    def taken(self, standing: float, log_odds: float) -> tuple[float, bool]:
        """The standing with the model's opinion, and whether that is enough."""
        odds = self.always + self.standing * math.log(standing / (1 - standing)) + self.model * log_odds
        together = 1 / (1 + math.exp(-odds))
        return together, together >= self.least


@dataclass(frozen=True, slots=True)
class Finding:
    """What one sentence answers. `span` are its words, `value` is what they mean.

    `standing` is how likely the sentence is to answer the question, from 0 to 1: of findings with .7, seven in ten do.
    `enough` tells whether that suffices to answer from it; where that is in `doubt`, a language model's opinion may
    change it. What else is told is what the standing is made of: `rank`,
    the hit's place in the search (0 is the best); `answerable`, the reader's log-odds that the sentence answers; and
    `likelihood`, from 0 to 1, its share for these words among all of the sentence.
    """

    span: Span
    value: Value
    standing: float
    enough: bool
    rank: int
    answerable: float = 0.0
    likelihood: float = 1.0
    doubt: SecondLook | None = None

    @property
    def hit(self) -> Hit:
        """The sentence that was read."""
        return self.span.hit

    @property
    def words(self) -> str:
        """The words that answer, byte for byte as stored."""
        return self.span.text


class Reader(Protocol):
    """Reads the sentences found; safe to use from several threads at once."""

    @property
    def name(self) -> str:
        """What reads, for the record of an answer."""
        ...

    @property
    def least(self) -> float:
        """The standing that is enough to answer from a sentence."""
        ...

    def read(self, question: str, language: str, hits: Sequence[Hit], every: bool = True) -> tuple[Finding, ...]:
        """A finding for each of the READ_HITS best hits, the likeliest to answer first; none of no hits.

        Unless `every` one is wanted, hits may be left out that stand no higher than the likeliest, however they were
        read. `language` is the question's. Every span lies in its hit's sentence. Never raises for what a text holds.
        """
        ...
