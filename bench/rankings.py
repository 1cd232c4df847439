"""Articles ranked for a question, and several rankings made one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# From a question to article ids, best first.
Searcher = Callable[[str], list[str]]
# What our own search returns; LlamaIndex's default of 2 could never fill a list of ten articles.
TOP = 20
# Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
RRF_CONSTANT, RRF_DEPTH = 60, 100


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage or a sentence of our own index: what bm25s and plain similarity rank."""

    article: str
    text: str


def by_value(values: npt.NDArray[np.float32]) -> list[int]:
    """The rows with a value above zero, highest first."""
    return [int(row) for row in np.argsort(-values, kind="stable") if values[row] > 0]


def fused(*rankings: Sequence[int]) -> list[int]:
    """The rows of all the rankings by reciprocal rank fusion at equal weight."""
    values: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking[:RRF_DEPTH], start=1):
            values[row] = values.get(row, 0.0) + 1 / (RRF_CONSTANT + rank)
    return sorted(values, key=lambda row: -values[row])
