"""Passage vectors: what every store of them does, and what passages can be filtered by."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
)

from index.errors import UserError

# Candidates while building, and the fewest while searching; Chroma's default is 100 of each. Over 100,000 passages
# of bench/scale.py, 100, 200, 400 and 800 while searching find .82, .93, .98 and .99 of the 10 nearest, in 2.4,
# 3.3, 4.1 and 6.1 ms: `VectorHome.fill` finds how many a store needs.
BUILD_CANDIDATES, CANDIDATES = 200, 200
# What `recall` compares. Of two passages alike, either may be found.
RECALL_QUESTIONS, RECALL_NEIGHBOURS, ALIKE = 100, 10, 2e-5
ROWS_AT_ONCE = 20_000
# The share found falls with the number of passages: a synthetic archive of 300,000 had 0.84 at 800.
LEAST_RECALL, MOST_CANDIDATES = 0.98, 64 * CANDIDATES

VectorsOnDisk = npt.NDArray[np.float16 | np.float32]


class PassageVectors(BasePydanticVectorStore):
    """Vectors by the number of their passage, compared by their cosine. They come in ready; text stays out.

    Where its home holds terms, a store has the full text of the passages too.
    """

    stores_text: bool = False

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """The ids of the nodes added, which are numbers; each node brings its vector and flat metadata."""
        vectors = np.array([node.get_embedding() for node in nodes], dtype=np.float32)
        self.put([int(node.node_id) for node in nodes], vectors, [node.metadata for node in nodes])
        return [node.node_id for node in nodes]

    @abstractmethod
    def put(
        self,
        numbers: Sequence[int],
        vectors: VectorsOnDisk,
        metadatas: Sequence[Mapping[str, Any]],
        terms: Sequence[Collection[str]] = (),
    ) -> None:
        """Store passages under their numbers, each in place of the one that had its number before.

        `terms` are those of each passage, given where the home holds them.
        """

    @abstractmethod
    def count(self) -> int:
        """How many passages are stored."""

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each of the terms that occur at all."""
        raise NotImplementedError("The full text is in the folder.")

    def worded(self, terms: Mapping[str, int], top: int, filters: MetadataFilters) -> list[int]:
        """What `Generation.worded` gives."""
        raise NotImplementedError("The full text is in the folder.")

    def recall(self, vectors: VectorsOnDisk) -> float:
        """The share of the 10 passages truly nearest to a question that `query` finds, on average over 100 questions
        (as many as there are passages, if fewer).

        `vectors` are those that were added, shape (n, d), each in the row that its id names. Takes about a second
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
            found = self.query(VectorStoreQuery(query_embedding=question.tolist(), similarity_top_k=count))
            rows = [int(number) for number in found.ids or ()]
            found_count += int(np.count_nonzero(vectors[rows].astype(np.float32) @ question >= furthest - ALIKE))
        return found_count / (question_count * count)

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        raise NotImplementedError("A published generation never changes; rebuild instead.")

    @abstractmethod
    def close(self) -> None:
        """Let go of the store."""


Put = Callable[[PassageVectors], None]


class VectorHome(Protocol):
    """Where the vectors of one generation are: in its folder, or on a server."""

    holds_terms: bool  # whether the full text is there too, and not in the folder's text.sqlite3

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


def passage_metadata(number: int, article_id: str, published: str, language: str, source: str) -> dict[str, str | int]:
    """What a passage of that article can be filtered by; `published` is the number YYYYMMDD, 0 when unknown."""
    return {
        "published": int(published.replace("-", "") or 0),
        "language": language,
        "source": source,
        "folder": folder_of(article_id),
        "article": number,
    }


def folder_of(article_id: str) -> str:
    """The article's folder, relative to the indexed one, "" for that one itself."""
    return article_id.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles to search; an empty field lets everything through. Dates are YYYY-MM-DD, both included."""

    since: str = ""
    until: str = ""
    source: str = ""
    language: str = ""
    folder: str = ""  # this one and those inside it, relative to the indexed folder

    def as_metadata_filters(self, folders: Sequence[str], copied: Sequence[int]) -> MetadataFilters:
        """The same in LlamaIndex's terms, over `passage_metadata`.

        `folders` are all that hold articles, `copied` the numbers of those of which a copy is from the source and
        in the folder.
        """
        clauses: list[MetadataFilter | MetadataFilters] = []
        if self.since:
            value = _day_number(self.since)
            clauses.append(MetadataFilter(key="published", value=value, operator=FilterOperator.GTE))
        if self.until:
            value = _day_number(self.until)
            clauses.append(MetadataFilter(key="published", value=value, operator=FilterOperator.LTE))
            # An article without a date is not known to be early enough.
            clauses.append(MetadataFilter(key="published", value=1, operator=FilterOperator.GTE))
        if self.language:
            clauses.append(MetadataFilter(key="language", value=self.language))
        places: list[MetadataFilter | MetadataFilters] = []
        if self.source:
            places.append(MetadataFilter(key="source", value=self.source))
        if self.folder:
            inside = [folder for folder in folders if f"{folder}/".startswith(f"{self.folder}/")]
            inside = inside or [self.folder]  # Chroma wants one at least
            places.append(MetadataFilter(key="folder", value=inside, operator=FilterOperator.IN))
        if places and copied:
            copies = MetadataFilter(key="article", value=list(copied), operator=FilterOperator.IN)
            either: list[MetadataFilter | MetadataFilters] = [MetadataFilters(filters=places), copies]
            clauses.append(MetadataFilters(filters=either, condition=FilterCondition.OR))
        else:
            clauses += places
        return MetadataFilters(filters=clauses)

    def as_sql(self) -> tuple[str, list[str]]:
        """The same as a condition on the columns of the table `articles`, and its values."""
        place, place_values = self.of_copies_as_sql()
        copied = f"(({place}) OR articles.number IN (SELECT article FROM copies WHERE {place}))"
        conditions = (
            ("published >= ?", [self.since and _day(self.since).isoformat()]),
            ("published <= ? AND published <> ''", [self.until and _day(self.until).isoformat()]),
            ("language = ?", [self.language]),
            (copied, place_values * 2),
        )
        kept = [(condition, values) for condition, values in conditions if any(values)]
        return " AND ".join(["TRUE", *(condition for condition, _ in kept)]), [
            value for _, values in kept for value in values
        ]

    def of_copies_as_sql(self) -> tuple[str, list[str]]:
        """Of source and folder alone, a condition on the columns `source` and `id` of articles or copies."""
        clauses, values = ["TRUE"], []
        if self.source:
            clauses.append("source = ?")
            values.append(self.source)
        if self.folder:
            # The next string after every one that begins with the folder and a slash.
            clauses.append("id > ? || '/' AND id < ? || '0'")
            values += [self.folder] * 2
        return " AND ".join(clauses), values


def _day_number(day: str) -> int:
    return int(_day(day).strftime("%Y%m%d"))


def _day(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise UserError(f"{day!r} is not a day. Write it as YYYY-MM-DD.") from None
