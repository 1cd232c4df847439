"""Passage vectors in a collection of Chroma's own server, which several machines may ask."""

import json
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import cache

import chromadb
import chromadb.errors
import httpx
from chromadb.api.client import Client
from chromadb.config import Settings

from index.errors import StoreRefused, StoreUnreachable, StoreVanished
from index.rows import Rows
from index.stores.chroma import ChromaVectors, Made, configuration
from index.stores.full_text import FullText
from index.stores.retry import CONNECT_SECONDS, READING, WRITING, Patience, patiently
from index.stores.sqlite_text import SqliteText
from index.stores.vectors import CANDIDATES, LEAST_RECALL, MOST_CANDIDATES, Metadata, Put, VectorHome
from index.vectors import VectorsOnDisk

# Its limit is 40 MiB; a number of a vector takes 4 bytes, and a third more as base64.
PAYLOAD_BYTES, NUMBER_BYTES, ROW_BYTES = 30_000_000, 16 / 3, 50
GATEWAY_ERRORS = (502, 503, 504)  # of a proxy before it
NAMES_AT_ONCE = 100

logger = logging.getLogger(__name__)


class ServedVectors(ChromaVectors):
    """A collection on a server. A connection that was lost is made again by the next call."""

    def __init__(
        self, home: "ChromaServer", client: Client, collection: chromadb.Collection, patience: Patience
    ) -> None:
        super().__init__(client, collection)
        self._home = home
        self._patience = patience

    def close(self) -> None:
        """Nothing: all stores of a server share one connection."""

    def _run(self, work: Callable[[], Made]) -> Made:
        return self._home.run(work, self._patience)

    def _rows_at_once(self, dimension: int, metadatas: Sequence[Metadata]) -> int:
        widest = max((len(json.dumps(one)) for one in metadatas), default=0)
        fitting = int(PAYLOAD_BYTES / (NUMBER_BYTES * dimension + widest + ROW_BYTES))
        return max(1, min(super()._rows_at_once(dimension, metadatas), fitting))


class ChromaServer:
    """A collection of that name on the server at the address."""

    def __init__(self, address: str, name: str) -> None:
        self._address = address
        self._name = name

    def create(self, candidates: int = CANDIDATES) -> ServedVectors:
        """An empty store, in place of what a rebuild that was ended may have left under its name."""

        def made() -> ServedVectors:
            client = _client(self._address, WRITING)
            self._drop(client)
            collection = client.create_collection(
                self._name, embedding_function=None, configuration=configuration(candidates)
            )
            return ServedVectors(self, client, collection, WRITING)

        return self.run(made, WRITING)

    def open(self) -> ServedVectors:
        """The store that `create` made."""

        def opened() -> ServedVectors:
            client = _client(self._address, READING)
            collection = client.get_collection(self._name, embedding_function=None)
            return ServedVectors(self, client, collection, READING)

        return self.run(opened, READING)

    def fill(self, put: Put, vectors: VectorsOnDisk) -> float:
        """The recall of a new store, once `put` has filled it with the vectors and queries look at enough candidates.

        A server in which a collection was changed to look at more does so only once it was started again: so another
        one is filled.
        """
        candidates = CANDIDATES
        while True:
            store = self.create(candidates)
            put(store)
            recall = store.recall(vectors)
            if recall >= LEAST_RECALL or candidates >= MOST_CANDIDATES:
                return recall
            candidates *= 2

    def edit(self, older: VectorHome, put: Put, removed: Sequence[int], vectors: VectorsOnDisk) -> float:
        """0: a server copies nothing, so that filling a new store costs no more."""
        return 0.0

    def drop(self) -> None:
        """Remove the collection, if there is one."""
        self.run(lambda: self._drop(_client(self._address, READING)), READING)

    def full_text(self, rows: Rows) -> FullText:
        """That in the generation's text.sqlite3."""
        return SqliteText(rows)

    def _drop(self, client: Client) -> None:
        with suppress(chromadb.errors.NotFoundError):
            client.delete_collection(self._name)

    def run(self, work: Callable[[], Made], patience: Patience) -> Made:
        """What the work gives, which is tried again for a while when the server does not answer."""
        try:
            return _retried(work, self._address, patience)
        except chromadb.errors.NotFoundError as error:
            raise StoreVanished(self._address, self._name) from error


def check(address: str) -> None:
    """Nothing when the server answers; raises StoreUnreachable when it does not."""
    _retried(lambda: _client(address, READING).heartbeat(), address, READING)


def sweep(address: str, prefix: str, kept: Collection[str]) -> None:
    """Remove the collections whose names begin with the prefix, but for those whose names are kept."""

    def names() -> list[str]:
        client = _client(address, READING)
        found: list[str] = []
        while more := client.list_collections(NAMES_AT_ONCE, len(found)):
            found += [one.name for one in more]
        return found

    for name in _retried(names, address, READING):
        if name.startswith(prefix) and name not in kept:
            ChromaServer(address, name).drop()
            logger.info("removed %s from %s", name, address)


def _retried(work: Callable[[], Made], address: str, patience: Patience) -> Made:
    """What the work gives; raises NotFoundError, and for all other errors what people are told."""
    try:
        return patiently(work, patience, _may_pass)
    except chromadb.errors.NotFoundError:
        raise
    except Exception as error:
        if _is_unreachable(error):
            raise StoreUnreachable(address) from error
        if isinstance(error, chromadb.errors.ChromaError | ValueError) or _cause(error):
            raise StoreRefused(address, str(error)) from error
        raise


def _is_unreachable(error: BaseException) -> bool:
    cause = _cause(error)
    if isinstance(cause, httpx.HTTPStatusError):
        return cause.response.status_code in GATEWAY_ERRORS
    return isinstance(cause, httpx.TransportError)


def _may_pass(error: BaseException) -> bool:
    """Whether trying again soon may help: who waited in vain has waited long."""
    return _is_unreachable(error) and not isinstance(_cause(error), httpx.TimeoutException)


def _cause(error: BaseException) -> httpx.HTTPError | None:
    """What went wrong on the way; Chroma hides it behind errors of other kinds."""
    if isinstance(error, httpx.HTTPError) or error.__context__ is None:
        return error if isinstance(error, httpx.HTTPError) else None
    return _cause(error.__context__)


@cache
def _client(address: str, patience: Patience) -> Client:
    """One for all stores of this process: Chroma keeps what each needs, be it closed."""
    timeout = httpx.Timeout(patience.reply, connect=CONNECT_SECONDS)
    # Chroma's own first call, and by default every other one, would wait for ever.
    httpx.get(f"{address}/api/v2/heartbeat", timeout=timeout).raise_for_status()
    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    client = chromadb.HttpClient(address, settings=settings)
    assert isinstance(client, Client)
    client._server._session.timeout = timeout  # type: ignore[attr-defined]
    return client
