"""Passage vectors: what every store of them does, and what passages can be filtered by.

A store is one of these classes, not any that LlamaIndex has an integration for: it replaces a passage under its number,
counts, and is filled until it finds what it should, none of which LlamaIndex's interface of a vector store asks for.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index.filters import Filters, day_of, folder_of
from index.rows import Rows, rows_in
from index.stores.full_text import FullText
from index.vectors import Vectors, VectorsOnDisk

# Candidates while building, and the fewest while searching; Chroma's default is 100 of each. Over 100,000 passages
# of bench/scale.py, 100, 200, 400 and 800 while searching find .82, .93, .98 and .99 of the 10 nearest, in 2.4,
# 3.3, 4.1 and 6.1 ms: `VectorHome.fill` finds how many a store needs.
BUILD_CANDIDATES, CANDIDATES = 200, 200
# What `recall` compares. Of two passages alike, either may be found.
RECALL_QUESTIONS, RECALL_NEIGHBOURS, ALIKE = 100, 10, 2e-5
ROWS_AT_ONCE = 20_000
# The share found falls with the number of passages: a synthetic archive of 300,000 had 0.84 at 800.
LEAST_RECALL, MOST_CANDIDATES = 0.98, 64 * CANDIDATES

Metadata = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passages to search, over `passage_metadata`; an empty field lets everything through.

    Of several names in one field, any will do. `copied` are articles that sources and folders let through whatever
    their own are: those of which a copy is there. `articles` are the only ones, where authors or articles are chosen;
    it is None where none are.
    """

    since: int = 0  # YYYYMMDD, as the next
    until: int = 0
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    copied: tuple[int, ...] = ()
    articles: tuple[int, ...] | None = None


EVERYTHING = Wanted()


class PassageVectors(ABC):
    """Vectors by the number of their passage, compared by their cosine. They come in ready; text stays out."""

    @abstractmethod
    def put(
        self,
        numbers: Sequence[int],
        vectors: VectorsOnDisk,
        metadatas: Sequence[Metadata],
        terms: Iterable[Collection[str]] = (),
    ) -> None:
        """Store passages under their numbers, each in place of the one that had its number before.

        `terms` are those of each passage, gone through only where the full text is in the store as well.
        """

    @abstractmethod
    def nearest(self, vector: Vectors, count: int, wanted: Wanted = EVERYTHING) -> list[int]:
        """The numbers of the wanted passages most similar to the vector, best first."""

    @abstractmethod
    def count(self) -> int:
        """How many passages are stored."""

    def recall(self, vectors: VectorsOnDisk) -> float:
        """The share of the 10 passages truly nearest to a question that `nearest` finds, on average over 100 questions
        (as many as there are passages, if fewer).

        `vectors` are those that were put, shape (n, d), each in the row that its number names. Takes about a second
        for 100,000. Questions are points halfway between two passages: as hard as real ones (0.997 and 0.995 with
        12,861 vectors of e5 and 1,173 questions), where a passage's own vector is too easy (0.9997).
        """
        question_count = min(RECALL_QUESTIONS, len(vectors))
        pairs = np.random.default_rng(0).integers(0, len(vectors), (2, question_count))
        questions = vectors[pairs[0]].astype(np.float32) + vectors[pairs[1]].astype(np.float32)
        count = min(RECALL_NEIGHBOURS, len(vectors))
        nearest = np.empty((question_count, 0), dtype=np.float32)
        for first in range(0, len(vectors), ROWS_AT_ONCE):
            similarities = questions @ vectors[first : first + ROWS_AT_ONCE].astype(np.float32).T
            nearest = np.sort(np.hstack([nearest, similarities]), axis=1)[:, -count:]
        found_count = 0
        for question, furthest in zip(questions, nearest[:, 0], strict=True):
            rows = self.nearest(question, count)
            found_count += int(np.count_nonzero(vectors[rows].astype(np.float32) @ question >= furthest - ALIKE))
        return found_count / (question_count * count)

    @abstractmethod
    def close(self) -> None:
        """Let go of the store."""


Put = Callable[[PassageVectors], None]


class VectorHome(Protocol):
    """Where the vectors of one generation are: in its folder, or on a server."""

    def fill(self, put: Put, vectors: VectorsOnDisk) -> float:
        """The recall of a new store, filled by `put` with the vectors, once queries look at enough candidates."""
        ...

    def edit(self, older: "VectorHome", put: Put, removed: Sequence[int], vectors: VectorsOnDisk) -> float:
        """The same of a copy of the older one in which only what has changed is put; 0 where nothing is left of it,
        since the recall would be too low or filling a new one costs no more."""
        ...

    def open(self) -> PassageVectors:
        """The store, to be read; raises UserError when it is not there, StoreUnreachable when its server is not."""
        ...

    def drop(self) -> None:
        """Remove the store, if there is one."""
        ...

    def full_text(self, rows: Rows) -> FullText:
        """That of the generation, whose text.sqlite3 `rows` asks: there, or with the vectors."""
        ...


def passage_metadata(number: int, article_id: str, published: str, language: str, source: str) -> Metadata:
    """What a passage of that article can be filtered by; `published` is the number YYYYMMDD, 0 when unknown."""
    return {
        "published": int(published.replace("-", "") or 0),
        "language": language,
        "source": source,
        "folder": folder_of(article_id),
        "article": number,
    }


def wanted(filters: Filters, rows: Rows) -> Wanted:
    """The passages that the filters let through, in the generation whose text.sqlite3 `rows` asks."""
    copied: list[int] = []
    if filters.folders or filters.sources:
        condition, values = filters.of_copies_as_sql()
        copied = [number for (number,) in rows(f"SELECT DISTINCT article FROM copies WHERE {condition}", *values)]
    return Wanted(
        _day_number(filters.since),
        _day_number(filters.until),
        filters.languages,
        filters.sources,
        _inside(filters.folders, folders_in(rows)) if filters.folders else (),
        tuple(copied),
        _chosen(filters, rows) if filters.authors or filters.articles else None,
    )


def _chosen(filters: Filters, rows: Rows) -> tuple[int, ...]:
    """The numbers of the articles by any of the authors, and of those that are chosen by their ids."""
    found = [
        {number for (number,) in rows_in(rows, f"SELECT number FROM articles WHERE {column} IN (?)", values)}
        for column, values in (("author", filters.authors), ("id", filters.articles))
        if values
    ]
    return tuple(sorted(set.intersection(*found)))


def folders_in(rows: Rows) -> list[str]:
    """Every folder that holds articles, relative to the indexed one."""
    ids = rows("SELECT id FROM articles WHERE original IS NULL")
    return sorted({folder_of(article_id) for (article_id,) in ids})


def _inside(chosen: Sequence[str], folders: Sequence[str]) -> tuple[str, ...]:
    """Those of the folders that are inside a chosen one, or the chosen ones when none is."""
    inside = (one for one in folders if any(f"{one}/".startswith(f"{folder}/") for folder in chosen))
    return tuple(inside) or tuple(chosen)


def _day_number(day: str) -> int:
    return int(day_of(day).strftime("%Y%m%d")) if day else 0
