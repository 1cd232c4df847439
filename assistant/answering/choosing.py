"""How many of the sentences found an answer tells."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.hits import Hit

# Where an article has fewer sentences than are looked at together, each that lacks counts as so much below the last.
LACKING = 0.5


@dataclass(frozen=True, slots=True)
class Width:
    """How far behind the best an article, and then a sentence of it, may rank, in standard deviations of all ranks.

    An article ranks by the mean of its best sentences, so many `together`: one that is alone in being near may be of
    another story. At least `least` sentences of those articles are told where there are so many, and at most `most`.
    """

    article: float
    sentence: float
    least: int
    most: int
    together: int = 1


def chosen(hits: Sequence[Hit], width: Width) -> tuple[Hit, ...]:
    """The hits that the width lets through, best first; their ranks are in standard deviations."""
    best = sorted(hits, key=lambda hit: -hit.rank_value)
    ranks: dict[str, list[float]] = {}
    for hit in best:
        ranks.setdefault(hit.article.id, []).append(hit.rank_value)
    worth = {article: _mean_of_best(values, width.together) for article, values in ranks.items()}
    highest = max(worth.values(), default=0.0)
    story = [hit for hit in best if highest - worth[hit.article.id] <= width.article]
    near = [hit for hit in story if story[0].rank_value - hit.rank_value <= width.sentence]
    return tuple(story[: max(len(near), width.least)][: width.most])


def _mean_of_best(ranks: Sequence[float], count: int) -> float:
    """The mean of so many of the ranks, best first."""
    lacking = [ranks[-1] - LACKING] * (count - len(ranks))
    return float(np.mean([*ranks, *lacking][:count]))


def in_order_of_text(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits with those of one article together and in its order; articles in the order of their best hit."""
    every = list(hits)
    place = {hit.article.id: number for number, hit in reversed(list(enumerate(every)))}
    return tuple(sorted(every, key=lambda hit: (place[hit.article.id], hit.sentence.start)))


def raised(hits: Sequence[Hit], worth: Callable[[Hit], float]) -> tuple[Hit, ...]:
    """The hits ranked anew, each by what else it is worth, in standard deviations of all ranks."""
    moved = [replace(hit, rank_value=hit.rank_value + worth(hit)) for hit in hits]
    return tuple(sorted(moved, key=lambda hit: -hit.rank_value))


def standardised(values: Sequence[float]) -> list[float]:
    """The values in standard deviations from their mean; all 0 where they are the same."""
    spread = float(np.std(values)) if values else 0.0
    return [(value - float(np.mean(values))) / spread if spread else 0.0 for value in values]
