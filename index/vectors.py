"""Passage vectors in Chroma, behind LlamaIndex's vector store interface; the only file that knows Chroma."""

import errno
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import chromadb
import chromadb.errors
import numpy as np
import numpy.typing as npt
from chromadb.api.client import Client
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryResult,
)
from pydantic import PrivateAttr

from index.embedding import Vectors
from index.errors import UserError

COLLECTION = "passages"
# Candidates while building, and the fewest while searching; Chroma's default is 100 of each. Over 100,000 passages
# of bench/scale.py, 100, 200, 400 and 800 while searching find .82, .93, .98 and .99 of the 10 nearest, in 2.4,
# 3.3, 4.1 and 6.1 ms: `tune` finds how many a store needs.
BUILD_CANDIDATES, CANDIDATES = 200, 200
# Chroma writes a file that grows with the whole collection whenever it syncs, by default after 1,000 passages; it
# reads back all that is not synced at every write, and at the first query of every process. So each write is as
# large as Chroma takes, and is synced.
SYNC_THRESHOLD = 2
# What `recall` compares. Of two passages alike, either may be found.
RECALL_QUESTIONS, RECALL_NEIGHBOURS, ALIKE = 100, 10, 2e-5
ROWS_AT_ONCE = 20_000
LEAST_RECALL, MOST_CANDIDATES = 0.98, 64 * CANDIDATES
OPERATORS = {
    FilterOperator.EQ: "$eq",
    FilterOperator.GTE: "$gte",
    FilterOperator.LTE: "$lte",
    FilterOperator.IN: "$in",
}

logger = logging.getLogger(__name__)

VectorsOnDisk = npt.NDArray[np.float16 | np.float32]


class PassageVectors(BasePydanticVectorStore):
    """One Chroma folder holding one collection with cosine distance. Vectors come in ready; text stays out."""

    stores_text: bool = False
    _client: Client = PrivateAttr()
    _collection: chromadb.Collection = PrivateAttr()
    _copy: "tempfile.TemporaryDirectory[str] | None" = PrivateAttr()

    def __init__(
        self,
        client: Client,
        collection: chromadb.Collection,
        copy: "tempfile.TemporaryDirectory[str] | None" = None,
    ) -> None:
        """`copy` is a folder that goes when the store is closed."""
        super().__init__(stores_text=False)
        self._client = client
        self._collection = collection
        self._copy = copy

    @classmethod
    def create(cls, folder: Path) -> "PassageVectors":
        """An empty store in a new folder."""
        client = _client(folder, "apply")
        with _full_disk_as_os_error():
            collection = client.create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={
                    "hnsw": {
                        "space": "cosine",
                        "ef_search": CANDIDATES,
                        "ef_construction": BUILD_CANDIDATES,
                        "sync_threshold": SYNC_THRESHOLD,
                    }
                },
            )
        return cls(client, collection)

    @classmethod
    def open(cls, folder: Path) -> "PassageVectors":
        """The store in a folder that `create` made, be it with an earlier Chroma."""
        if not (folder / "chroma.sqlite3").is_file():
            raise UserError(f"The vectors are missing from {folder}. Rebuild with `newsdesk index`.")
        try:
            copy = None
            try:
                client = _client(folder, "validate")
            except chromadb.errors.InternalError as error:
                if "Unapplied migrations" not in str(error):
                    raise
                logger.warning("%s is of an earlier Chroma; a copy of it answers until `newsdesk index` is run", folder)
                copy = _linked_copy(folder)
                client = _client(Path(copy.name), "apply")
            # A stored embedding function is configuration that Chroma would execute; None never runs it.
            return cls(client, client.get_collection(COLLECTION, embedding_function=None), copy)
        except OSError as error:
            raise UserError(
                f"The index in {folder} cannot be opened, because its disk is full. Free some disk space and try again."
            ) from error
        except (chromadb.errors.ChromaError, ValueError) as error:
            raise UserError(
                f"The vectors in {folder} cannot be read ({error}). Rebuild with `newsdesk index`."
            ) from error

    @property
    def client(self) -> Client:
        return self._client

    def add(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[str]:
        """The ids of the nodes added, which are numbers; each node brings its vector and flat metadata."""
        vectors = np.array([node.get_embedding() for node in nodes], dtype=np.float32)
        self.put([int(node.node_id) for node in nodes], vectors, [node.metadata for node in nodes])
        return [node.node_id for node in nodes]

    def put(self, numbers: Sequence[int], vectors: VectorsOnDisk, metadatas: Sequence[Mapping[str, Any]]) -> None:
        """Store passages under their numbers, each in place of the one that had its number before."""
        size = self._client.get_max_batch_size()
        for first in range(0, len(numbers), size):
            some = slice(first, first + size)
            batch: dict[str, Any] = {
                "ids": [str(number) for number in numbers[some]],
                "embeddings": vectors[some].astype(np.float32),
                "metadatas": [dict(one) for one in metadatas[some]],
            }
            with _full_disk_as_os_error():
                self._collection.upsert(**batch)
                if len(batch["ids"]) < SYNC_THRESHOLD:
                    # Unsynced, it would be synced by whoever reads it.
                    self._collection.upsert(**batch)

    def remove(self, numbers: Sequence[int], stand_in: Vectors) -> None:
        """Take passages out. Chroma only marks them: the vector that stays in its files is the `stand_in`."""
        size = self._client.get_max_batch_size()
        for first in range(0, len(numbers), size):
            ids = [str(number) for number in numbers[first : first + size]]
            with _full_disk_as_os_error():
                self._collection.update(ids=ids, embeddings=np.tile(stand_in, (len(ids), 1)))
                self._collection.delete(ids=ids)

    def query(self, query: VectorStoreQuery, **kwargs: Any) -> VectorStoreQueryResult:
        """The ids most similar to the query's vector, best first, with their cosine similarities."""
        if query.filters and any(getattr(one, "value", None) == [] for one in query.filters.filters):
            return VectorStoreQueryResult(ids=[], similarities=[])  # Chroma refuses an empty list
        assert query.query_embedding is not None
        found = self._collection.query(
            query_embeddings=np.array([query.query_embedding], dtype=np.float32),
            n_results=query.similarity_top_k,
            where=_where(query.filters),
            include=["distances"],
        )
        distances = found["distances"]
        assert distances is not None
        similarities = [1.0 - distance for distance in distances[0]]
        return VectorStoreQueryResult(ids=found["ids"][0], similarities=similarities)

    def count(self) -> int:
        """How many passages are stored."""
        return self._collection.count()

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

    @classmethod
    def tune(cls, folder: Path, vectors: VectorsOnDisk) -> float:
        """The `recall` of the store in `folder`, once its queries look at enough candidates for LEAST_RECALL.

        The share found falls with the number of passages: a synthetic archive of 300,000 had 0.84 at 800.
        """
        while True:
            store = cls.open(folder)
            try:
                recall = store.recall(vectors)
                candidates = int(store._collection.configuration_json["hnsw"]["ef_search"])
                if recall >= LEAST_RECALL or candidates >= MOST_CANDIDATES:
                    return recall
                # Takes effect when the collection is opened again.
                store._collection.modify(configuration={"hnsw": {"ef_search": 2 * candidates}})
            finally:
                store.close()

    @staticmethod
    def seal(folder: Path) -> None:
        """Make the closed store in `folder` one that reading never changes, without room left by what was removed.

        Chroma takes its write lock by inserting a row whenever a store is opened, even to be read. With the insert
        ignored the files stay as they are, byte for byte, and can be read on a full disk.
        """
        with closing(sqlite3.connect(folder / "chroma.sqlite3")) as database:
            database.execute("CREATE TRIGGER sealed BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END")
            # Chroma's log of what was added is four fifths of the file.
            database.execute("VACUUM INTO ?", (str(folder / "sealed.sqlite3"),))
        (folder / "sealed.sqlite3").replace(folder / "chroma.sqlite3")

    @staticmethod
    def unseal(folder: Path) -> None:
        """Make a copy of a sealed store one that can be written to again."""
        with closing(sqlite3.connect(folder / "chroma.sqlite3")) as database:
            database.execute("DROP TRIGGER sealed")
        _client(folder, "apply").close()  # now this Chroma's own, whichever made it

    def delete(self, ref_doc_id: str, **delete_kwargs: Any) -> None:
        raise NotImplementedError("A published generation never changes; rebuild instead.")

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()
        if self._copy:
            self._copy.cleanup()


def _client(folder: Path, migrations: Literal["apply", "validate"]) -> Client:
    """Chroma's client; raises OSError when there is no room for the files that Chroma writes even to read.

    A database of an earlier Chroma is changed into one of this by "apply", and refused by "validate".
    """
    settings = Settings(anonymized_telemetry=False, migrations=migrations)
    try:
        with _full_disk_as_os_error():
            client = chromadb.PersistentClient(str(folder), settings)
    except (OSError, chromadb.errors.ChromaError):
        # Chroma keeps the client that failed, and would hand it out the next time.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise
    assert isinstance(client, Client)
    return client


def _linked_copy(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    """A copy of the store's database, which may be changed, beside links to its vectors, which are only read."""
    copy = tempfile.TemporaryDirectory(prefix="newsdesk-chroma-")
    shutil.copyfile(folder / "chroma.sqlite3", Path(copy.name) / "chroma.sqlite3")
    for vectors in folder.glob("*/"):
        (Path(copy.name) / vectors.name).symlink_to(vectors.absolute())
    return copy


@contextmanager
def _full_disk_as_os_error() -> Iterator[None]:
    try:
        yield
    except chromadb.errors.InternalError as error:
        if "disk is full" not in str(error) and "No space left" not in str(error):
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error


def _where(filters: MetadataFilters | None) -> dict[str, Any] | None:
    """Chroma's form of the filters."""
    if filters is None or not filters.filters:
        return None
    clauses: list[dict[str, Any] | None] = [
        _where(one) if isinstance(one, MetadataFilters) else {one.key: {OPERATORS[one.operator]: one.value}}
        for one in filters.filters
    ]
    if len(clauses) == 1:
        return clauses[0]
    return {"$or" if filters.condition == FilterCondition.OR else "$and": clauses}


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
