"""Passage vectors in a collection of Chroma, and in a folder that it keeps."""

import errno
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import chromadb
import chromadb.errors
import numpy as np
from chromadb.api.client import Client
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings

from index.errors import UserError
from index.rows import Rows
from index.stores.full_text import FullText
from index.stores.sqlite_text import SqliteText
from index.stores.vectors import (
    BUILD_CANDIDATES,
    CANDIDATES,
    EVERYTHING,
    LEAST_RECALL,
    MOST_CANDIDATES,
    Metadata,
    PassageVectors,
    Put,
    VectorHome,
    Wanted,
)
from index.vectors import Vectors, VectorsOnDisk

COLLECTION = "passages"
# Chroma writes a file that grows with the whole collection whenever it syncs, by default after 1,000 passages; it
# reads back all that is not synced at every write, and at the first query of every process. So each write is as
# large as Chroma takes, and is synced.
SYNC_THRESHOLD = 2
NO_ARTICLE = -1  # Chroma takes no empty choice
Made = TypeVar("Made")

logger = logging.getLogger(__name__)


class ChromaVectors(PassageVectors):
    """One collection of Chroma, with cosine distance."""

    def __init__(
        self,
        client: Client,
        collection: chromadb.Collection,
        copy: "tempfile.TemporaryDirectory[str] | None" = None,
    ) -> None:
        """`copy` is a folder that goes when the store is closed."""
        # A stored embedding function is configuration that Chroma would execute, even to store ready vectors.
        model = collection._model
        model.configuration_json = _without_functions(model.configuration_json)
        model.serialized_schema = _without_functions(model.serialized_schema)
        self._client = client
        self._collection = collection
        self._copy = copy

    def put(
        self,
        numbers: Sequence[int],
        vectors: VectorsOnDisk,
        metadatas: Sequence[Metadata],
        terms: Iterable[Collection[str]] = (),
    ) -> None:
        """Store passages under their numbers, each in place of the one that had its number before."""
        size = self._rows_at_once(vectors.shape[1], metadatas)
        for first in range(0, len(numbers), size):
            some = slice(first, first + size)
            batch: dict[str, Any] = {
                "ids": [str(number) for number in numbers[some]],
                "embeddings": vectors[some].astype(np.float32),
                "metadatas": [dict(one) for one in metadatas[some]],
            }
            upsert = partial(self._collection.upsert, **batch)
            self._run(upsert)
            if len(batch["ids"]) < SYNC_THRESHOLD:
                # Unsynced, it would be synced by whoever reads it.
                self._run(upsert)

    def remove(self, numbers: Sequence[int], stand_in: Vectors) -> None:
        """Take passages out. Chroma only marks them: the vector that stays in its files is the `stand_in`."""
        size = self._client.get_max_batch_size()
        for first in range(0, len(numbers), size):
            ids = [str(number) for number in numbers[first : first + size]]
            with _full_disk_as_os_error():
                self._collection.update(ids=ids, embeddings=np.tile(stand_in, (len(ids), 1)))
                self._collection.delete(ids=ids)

    def nearest(self, vector: Vectors, count: int, wanted: Wanted = EVERYTHING) -> list[int]:
        """The numbers of the wanted passages most similar to the vector, best first."""
        found = self._run(
            lambda: self._collection.query(
                query_embeddings=vector[None].astype(np.float32),
                n_results=count,
                where=_where(wanted),
                include=[],
            )
        )
        return [int(number) for number in found["ids"][0]]

    def count(self) -> int:
        """How many passages are stored."""
        return self._run(self._collection.count)

    def close(self) -> None:
        """Let go of the folder."""
        self._client.close()
        if self._copy:
            self._copy.cleanup()

    def _run(self, work: Callable[[], Made]) -> Made:
        """What the work gives, which asks Chroma; its errors become those that people are told."""
        with _full_disk_as_os_error():
            return work()

    def _rows_at_once(self, dimension: int, metadatas: Sequence[Metadata]) -> int:
        """How many such passages Chroma takes in one call."""
        return self._client.get_max_batch_size()


class ChromaFolder:
    """A folder of a generation with one collection in it; nothing of it changes once it was filled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self) -> ChromaVectors:
        """An empty store in a new folder."""
        client = _client(self._folder, "apply")
        with _full_disk_as_os_error():
            collection = client.create_collection(
                COLLECTION, embedding_function=None, configuration=configuration(CANDIDATES)
            )
        return ChromaVectors(client, collection)

    def open(self) -> ChromaVectors:
        """The store that `create` made, be it with an earlier Chroma."""
        if not (self._folder / "chroma.sqlite3").is_file():
            raise UserError(f"The vectors are missing from {self._folder}. Rebuild with `newsdesk index`.")
        try:
            copy = None
            try:
                client = _client(self._folder, "validate")
            except chromadb.errors.InternalError as error:
                if "Unapplied migrations" not in str(error):
                    raise
                logger.warning(
                    "%s is of an earlier Chroma; a copy of it answers until `newsdesk index` is run", self._folder
                )
                copy = _linked_copy(self._folder)
                client = _client(Path(copy.name), "apply")
            return ChromaVectors(client, client.get_collection(COLLECTION, embedding_function=None), copy)
        except OSError as error:
            raise UserError(
                f"The index in {self._folder} cannot be opened, because its disk is full. "
                "Free some disk space and try again."
            ) from error
        except (chromadb.errors.ChromaError, ValueError) as error:
            raise UserError(
                f"The vectors in {self._folder} cannot be read ({error}). Rebuild with `newsdesk index`."
            ) from error

    def fill(self, put: Put, vectors: VectorsOnDisk) -> float:
        """The recall of a new store, filled by `put` with the vectors, once queries look at enough candidates."""
        with closing(self.create()) as store:
            put(store)
        return self._finish(vectors)

    def edit(self, older: VectorHome, put: Put, removed: Sequence[int], vectors: VectorsOnDisk) -> float:
        """The same of a copy of the older one, changed; 0 where that one is no folder, or the recall is too low."""
        if not isinstance(older, ChromaFolder):
            return 0.0
        shutil.copytree(older._folder, self._folder)
        with closing(sqlite3.connect(self._folder / "chroma.sqlite3")) as database:
            database.execute("DROP TRIGGER sealed")
        _client(self._folder, "apply").close()  # now this Chroma's own, whichever made it
        with closing(self.open()) as store:
            put(store)
            store.remove(removed, vectors[0].astype(np.float32))
        recall = self._finish(vectors)
        if recall >= LEAST_RECALL:
            return recall
        self.drop()
        return 0.0

    def drop(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def full_text(self, rows: Rows) -> FullText:
        """That in the generation's text.sqlite3."""
        return SqliteText(rows)

    def _finish(self, vectors: VectorsOnDisk) -> float:
        recall = self.tune(vectors)
        self._seal()
        return recall

    def tune(self, vectors: VectorsOnDisk) -> float:
        """The recall of the store, once its queries look at enough candidates for LEAST_RECALL."""
        while True:
            with closing(self.open()) as store:
                recall = store.recall(vectors)
                candidates = int(store._collection.configuration_json["hnsw"]["ef_search"])
                if recall >= LEAST_RECALL or candidates >= MOST_CANDIDATES:
                    return recall
                # Takes effect when the collection is opened again.
                store._collection.modify(configuration={"hnsw": {"ef_search": 2 * candidates}})

    def _seal(self) -> None:
        """Make the closed store one that reading never changes, without room left by what was removed.

        Chroma takes its write lock by inserting a row whenever a store is opened, even to be read. With the insert
        ignored the files stay as they are, byte for byte, and can be read on a full disk.
        """
        sealed = self._folder / "sealed.sqlite3"
        with closing(sqlite3.connect(self._folder / "chroma.sqlite3")) as database:
            database.execute("CREATE TRIGGER sealed BEFORE INSERT ON acquire_write BEGIN SELECT RAISE(IGNORE); END")
            # Chroma's log of what was added is four fifths of the file.
            database.execute("VACUUM INTO ?", (str(sealed),))
        sealed.replace(self._folder / "chroma.sqlite3")


def configuration(candidates: int) -> Any:
    """A collection's, whose queries look at so many candidates."""
    return {
        "hnsw": {
            "space": "cosine",
            "ef_search": candidates,
            "ef_construction": BUILD_CANDIDATES,
            "sync_threshold": SYNC_THRESHOLD,
        }
    }


def _without_functions(stored: Any) -> Any:
    """The same configuration, with Chroma's name for none in place of every embedding function."""
    if not isinstance(stored, dict):
        return stored
    return {
        key: {"type": "legacy"} if key == "embedding_function" else _without_functions(value)
        for key, value in stored.items()
    }


def _client(folder: Path, migrations: Literal["apply", "validate"]) -> Client:
    """Chroma's client; raises OSError when there is no room for the files that Chroma writes even to read.

    A database of an earlier Chroma is changed into one of this by "apply", and refused by "validate".
    """
    # A file called .env where the command is run could name another class, or a server.
    settings = Settings(_env_file=None, anonymized_telemetry=False, migrations=migrations)  # type: ignore[call-arg]
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


def _where(wanted: Wanted) -> dict[str, Any] | None:
    """Chroma's form of what is wanted."""
    clauses: list[dict[str, Any]] = []
    if wanted.since:
        clauses.append({"published": {"$gte": wanted.since}})
    if wanted.until:
        # An article without a date is not known to be early enough.
        clauses += [{"published": {"$lte": wanted.until}}, {"published": {"$gte": 1}}]
    if wanted.languages:
        clauses.append({"language": {"$in": list(wanted.languages)}})
    if wanted.articles is not None:
        clauses.append({"article": {"$in": list(wanted.articles) or [NO_ARTICLE]}})
    places: list[dict[str, Any]] = []
    if wanted.sources:
        places.append({"source": {"$in": list(wanted.sources)}})
    if wanted.folders:
        places.append({"folder": {"$in": list(wanted.folders)}})
    if places and wanted.copied:
        clauses.append({"$or": [_all(places), {"article": {"$in": list(wanted.copied)}}]})
    else:
        clauses += places
    return _all(clauses)


def _all(clauses: list[dict[str, Any]]) -> dict[str, Any] | None:
    """All clauses as one: Chroma wants two at least to be joined, and None for none."""
    return {"$and": clauses} if len(clauses) > 1 else next(iter(clauses), None)
