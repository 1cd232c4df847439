"""What Chroma's server in particular might do, and must not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest
from chromadb.utils.embedding_functions import register_embedding_function
from fakes import HashingEmbedding, ScriptedAnswerer
from random_vectors import random_vectors
from servers import serving
from stores import ChromaProcess, StoreProcess, best, build, store_server

from assistant.settings import read_settings
from index.errors import StoreUnreachable, UserError
from index.generations.pointer import open_current
from index.rebuild import rebuild
from index.stores import chroma_server as served
from index.stores.chroma_server import ChromaServer
from index.stores.retry import Patience

pytestmark = [pytest.mark.usefixtures("files_read"), pytest.mark.slow]


@pytest.fixture(scope="module")
def running() -> Iterator[StoreProcess]:
    with store_server("chroma") as server:
        yield server


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_a_server_that_hangs_is_one_that_does_not_answer(
    folder: Path, index_dir: Path, server: StoreProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "READING", Patience(back=0.5, reply=0.6))
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    server.hang()
    for now in (opened, None):
        with pytest.raises(StoreUnreachable):
            best(now or open_current(index_dir))
        served._client.cache_clear()  # the second is the first question of its process
    server.go_on()
    assert best(opened) == "Engineer Ada Finch led the repair."


def test_a_stored_embedding_function_is_never_run(server: StoreProcess) -> None:
    assert isinstance(server, ChromaProcess)
    run: list[str] = []

    @register_embedding_function
    class Poison(chromadb.EmbeddingFunction[Any]):
        """Configuration that whoever can write to the server may leave there."""

        def __init__(self) -> None:
            run.append("made")

        def __call__(self, input: Any) -> Any:
            run.append("called")
            return [np.ones(4, dtype=np.float32) for _ in input]

        @staticmethod
        def name() -> str:
            return "poison"

        @staticmethod
        def build_from_config(config: dict[str, Any]) -> "Poison":
            run.append("built")
            return Poison()

        def get_config(self) -> dict[str, Any]:
            return {}

    server.client.create_collection("newsdesk-poisoned", embedding_function=Poison())
    home = ChromaServer(server.address, "newsdesk-poisoned")
    run.clear()
    store = home.open()
    store.put([0], random_vectors(1, 4), [{"article": 0}])
    found = store.nearest(np.array([1, 0, 0, 0], dtype=np.float32), 1)
    assert (found, store.count(), run) == ([0], 1, [])
    served.sweep(server.address, "newsdesk-poison", ())
    assert (server.names, run) == ([], [])
    # The trap is one: without None it would have been sprung.
    server.client.create_collection("newsdesk-poisoned", embedding_function=Poison())
    server.client.get_collection("newsdesk-poisoned").add(ids=["0"], documents=["text"])
    assert "called" in run


def test_a_batch_is_never_larger_than_the_server_takes(server: StoreProcess) -> None:
    vectors = random_vectors(1400, 8000)  # 60 MB as the server takes them
    home = ChromaServer(server.address, "newsdesk-large")
    home.create().put(range(1400), vectors, [{"source": "é" * 1000}] * 1400)
    store = home.open()
    assert (store.count(), store.nearest(vectors[1399], 1)) == (1400, [1399])


def test_a_store_that_finds_too_little_is_filled_again(server: StoreProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_vectors(3000, 64)  # without any structure: as hard as it gets
    monkeypatch.setattr(served, "CANDIDATES", 10)
    home = ChromaServer(server.address, "newsdesk-hard")
    poor = home.create(10)
    poor.put(range(3000), vectors, [{"article": 0}] * 3000)
    assert poor.recall(vectors) < 0.98
    recall = home.fill(lambda store: store.put(range(3000), vectors, [{"article": 0}] * 3000), vectors)
    assert recall >= 0.98
    assert home.open().recall(vectors) == recall


def test_what_is_no_server_of_chroma_is_one_sentence(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir, None)
    with serving(index_dir, ScriptedAnswerer()) as api, pytest.raises(UserError, match=r"refuses \("):
        rebuild(folder, index_dir, HashingEmbedding, store_address=api.url)


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://me:secret@host", "http://host/?a=b"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UserError, match="NEWSDESK_STORE") as raised:
        read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_STORE": address})
    assert "secret" not in str(raised.value)
