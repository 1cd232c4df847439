"""With its vectors on a server of Chroma an index keeps its promises, whatever becomes of the server."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest
from chromadb.utils.embedding_functions import register_embedding_function
from conftest import HashingEmbedding, ScriptedAnswerer
from contents import contents
from llama_index.core.vector_stores.types import VectorStoreQuery
from servers import serving
from stores import ChromaProcess, chroma_server
from test_rebuild import remember_embedded
from test_vectors import random_vectors

from assistant.checkup import store_finding
from assistant.settings import read_settings
from index import chroma_server as served
from index.chroma_server import ChromaServer, Patience
from index.errors import StoreUnreachable, UserError
from index.generations import Generation, Manifest, current_name, open_current
from index.rebuild import Status, read_status, rebuild
from index.search import search

pytestmark = [pytest.mark.usefixtures("files_read"), pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Who led the repair of the bridge?"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    with chroma_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(running: ChromaProcess) -> ChromaProcess:
    """The server, which a test before may have ended, without any collection."""
    if not running.runs:
        running.start()
    for name in names(running):
        client(running).delete_collection(name)
    return running


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def client(server: ChromaProcess) -> Any:
    return served._client(server.address, served.READING)


def names(server: ChromaProcess) -> list[str]:
    return sorted(one.name for one in client(server).list_collections())


def build(folder: Path, index_dir: Path, server: ChromaProcess | None, **options: Any) -> Manifest:
    return rebuild(folder, index_dir, HashingEmbedding, store_address=server.address if server else "", **options)


def best(generation: Generation) -> str:
    return search(QUESTION, generation, HashingEmbedding())[0].text


def test_vectors_are_on_the_server_and_all_else_in_the_folder(
    folder: Path, index_dir: Path, server: ChromaProcess
) -> None:
    manifest = build(folder, index_dir, server)
    (name,) = names(server)
    assert manifest.store == f"{server.address}#{name}"
    assert name.startswith("newsdesk-") and name.endswith("-g000001")
    files = {path.name for path in (index_dir / "generations" / "g000001").iterdir()}
    assert files == {"text.sqlite3", "passages.f16", "sentences.f16", "manifest.json"}
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."
    assert build(folder, index_dir, server) == manifest


def test_an_index_on_the_server_is_the_one_in_a_folder(
    folder: Path, index_dir: Path, server: ChromaProcess, tmp_path: Path
) -> None:
    build(folder, index_dir, server)
    (folder / "bridge.md").write_text((folder / "bridge.md").read_text() + "\nThe mayor cut a ribbon.\n")
    (folder / "snih.txt").unlink()
    build(folder, index_dir, server, allow_shrink=True)
    build(folder, tmp_path / "other", None)
    one, other = (
        contents(open_current(where), HashingEmbedding(), (QUESTION,)) for where in (index_dir, tmp_path / "other")
    )
    for part in one:
        assert one[part] == other[part], part


def test_vectors_move_with_the_setting_and_nothing_is_embedded_again(
    folder: Path, index_dir: Path, server: ChromaProcess
) -> None:
    build(folder, index_dir, None)
    for number, address in enumerate([server.address, ""], start=2):
        embedding = HashingEmbedding()
        embedded = remember_embedded(embedding)
        manifest = rebuild(folder, index_dir, lambda embedding=embedding: embedding, store_address=address)
        assert (manifest.name, manifest.store.partition("#")[0]) == (f"g{number:06}", address)
        assert embedded == []
        assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."
    (folder / "note.txt").write_text("A note.")
    build(folder, index_dir, None)
    assert names(server) == []  # its generation was swept, though the setting names no server any more


def test_collections_go_with_their_generations_and_no_others(
    folder: Path, index_dir: Path, server: ChromaProcess, tmp_path: Path
) -> None:
    build(folder, tmp_path / "other", server)
    (others,) = names(server)
    client(server).create_collection("newsdesk-somebody-elses", embedding_function=None)
    opened = []
    for number in range(4):
        (folder / "note.txt").write_text(f"Note {number}.")
        build(folder, index_dir, server)
        if number == 0:
            opened.append(open_current(index_dir))
    kept = {name.rpartition("-")[2] for name in names(server) if name not in (others, "newsdesk-somebody-elses")}
    assert kept == {"g000001", "g000003", "g000004"} == {path.name for path in (index_dir / "generations").iterdir()}
    assert best(opened.pop()) == "Engineer Ada Finch led the repair."
    copy = shutil.copytree(index_dir, tmp_path / "copy")
    before = names(server)
    for number in range(4, 7):
        (folder / "note.txt").write_text(f"Note {number}.")
        build(folder, copy, server)
    assert set(before) < set(names(server))
    assert best(open_current(index_dir)) == best(open_current(copy)) == "Engineer Ada Finch led the repair."


REBUILT = """
import sys
from pathlib import Path
from bench.soak import embedding
from index.rebuild import rebuild

rebuild(Path(sys.argv[1]), Path(sys.argv[2]), embedding, store_address=sys.argv[3])
"""


def test_what_a_killed_rebuild_left_is_removed_by_the_next(
    folder: Path, index_dir: Path, server: ChromaProcess
) -> None:
    build(folder, index_dir, server)
    (folder / "note.txt").write_text("A note.")
    killed = subprocess.run(
        [sys.executable, "-c", REBUILT, str(folder), str(index_dir), server.address],
        env={**os.environ, "NEWSDESK_FAILPOINT": "sealed"},
        cwd=ROOT,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert [name.rpartition("-")[2] for name in names(server)] == ["g000001", "g000002"]
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."
    (folder / "note.txt").unlink()
    build(folder, index_dir, server)  # nothing has changed
    assert [name.rpartition("-")[2] for name in names(server)] == ["g000001"]


def test_a_failed_rebuild_leaves_nothing_on_the_server(
    folder: Path, index_dir: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, index_dir, server)
    (folder / "note.txt").write_text("A note.")
    for failpoint, left in (("sealed", ["g000001"]), ("renamed", ["g000001", "g000002"])):
        monkeypatch.setenv("NEWSDESK_FAILPOINT", f"{failpoint}:full")
        with pytest.raises(UserError, match="the old index stays in use"):
            build(folder, index_dir, server)
        assert [name.rpartition("-")[2] for name in names(server)] == left, failpoint


def test_an_open_index_answers_again_as_soon_as_its_server_does(
    folder: Path, index_dir: Path, server: ChromaProcess
) -> None:
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    server.kill()
    sentence = f"The index server at {server.address} does not answer. Start it and try again."
    for ask in (lambda: best(opened), lambda: best(open_current(index_dir))):
        began = time.monotonic()
        with pytest.raises(StoreUnreachable) as raised:
            ask()
        assert str(raised.value) == sentence
        assert time.monotonic() - began < 5
    server.start()
    assert best(opened) == best(open_current(index_dir)) == "Engineer Ada Finch led the repair."


def test_a_question_waits_for_a_server_that_is_only_restarted(
    folder: Path, index_dir: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    monkeypatch.setattr(opened.vectors, "_patience", Patience(back=20, reply=20))
    server.kill()
    restart = threading.Timer(0.5, server.start)
    restart.start()
    assert best(opened) == "Engineer Ada Finch led the repair."
    restart.join()


def test_a_server_that_hangs_is_one_that_does_not_answer(
    folder: Path, index_dir: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "READING", Patience(back=0.5, reply=0.6))
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    server.hang()
    with pytest.raises(StoreUnreachable):
        best(opened)
    server.go_on()
    assert best(opened) == "Engineer Ada Finch led the repair."


def test_a_running_api_answers_again_by_itself(folder: Path, index_dir: Path, server: ChromaProcess) -> None:
    build(folder, index_dir, server)
    with serving(index_dir, ScriptedAnswerer("Ada Finch led the repair.")) as api:
        assert api.ask(QUESTION).status == 200
        server.kill()
        told = api.ask(QUESTION)
        assert (told.status, told.code) == (503, "unusable")
        server.start()
        assert api.ask(QUESTION).json["citations"][0]["article"] == "bridge.md"


@pytest.mark.parametrize("stage", ["looking for changes", "reading", "verifying"])
def test_a_server_that_goes_during_a_rebuild_leaves_the_old_index(
    folder: Path, index_dir: Path, server: ChromaProcess, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(served, "WRITING", Patience(back=0.5, reply=20))
    build(folder, index_dir, None)
    (folder / "note.txt").write_text("A note.")

    def kill(status: Status) -> None:
        if status.stage == stage:
            server.kill()

    with pytest.raises(UserError, match=r"Start it and try again\. Until then the old index stays in use"):
        build(folder, index_dir, server, on_status=kill)
    status = read_status(index_dir)
    assert status is not None and "does not answer" in status.error
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."
    assert [path.name for path in (index_dir / "generations").iterdir()] == ["g000001"]
    server.start()
    assert build(folder, index_dir, server).name == "g000002"
    assert [name.rpartition("-")[2] for name in names(server)] == ["g000002"]


def test_a_rebuild_waits_for_a_server_that_is_restarted(folder: Path, index_dir: Path, server: ChromaProcess) -> None:
    restart = threading.Timer(1, server.start)

    def kill(status: Status) -> None:
        if status.stage == "reading" and server.runs and status.done == 0:
            server.kill()
            restart.start()

    assert build(folder, index_dir, server, on_status=kill).name == "g000001"
    restart.join()
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."


def test_vectors_that_vanished_are_made_again_without_embedding(
    folder: Path, index_dir: Path, server: ChromaProcess
) -> None:
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    (name,) = names(server)
    client(server).delete_collection(name)
    sentence = f"has no vectors {name} any more. Make them again with `newsdesk index`, which embeds nothing anew."
    for ask in (lambda: best(opened), lambda: best(open_current(index_dir))):
        with pytest.raises(UserError, match=sentence):
            ask()
    embedding = HashingEmbedding()
    embedded = remember_embedded(embedding)
    rebuild(folder, index_dir, lambda: embedding, store_address=server.address)
    assert embedded == []
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."


def test_a_stored_embedding_function_is_never_run(server: ChromaProcess) -> None:
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

    client(server).create_collection("newsdesk-poisoned", embedding_function=Poison())
    home = ChromaServer(server.address, "newsdesk-poisoned")
    run.clear()
    store = home.open()
    store.put([0], random_vectors(1, 4), [{"article": 0}])
    found = store.query(VectorStoreQuery(query_embedding=[1.0, 0, 0, 0], similarity_top_k=1))
    assert (found.ids, store.count(), run) == (["0"], 1, [])
    served.sweep(server.address, "newsdesk-poison", ())
    assert (names(server), run) == ([], [])
    # The trap is one: without None it would have been sprung.
    client(server).create_collection("newsdesk-poisoned", embedding_function=Poison())
    client(server).get_collection("newsdesk-poisoned").add(ids=["0"], documents=["text"])
    assert "called" in run


def test_a_batch_is_never_larger_than_the_server_takes(server: ChromaProcess) -> None:
    vectors = random_vectors(1400, 8000)  # 60 MB as the server takes them
    home = ChromaServer(server.address, "newsdesk-large")
    home.create().put(range(1400), vectors, [{"source": "é" * 1000}] * 1400)
    store = home.open()
    found = store.query(VectorStoreQuery(query_embedding=vectors[1399].tolist(), similarity_top_k=1))
    assert (store.count(), found.ids) == (1400, ["1399"])


def test_a_store_that_finds_too_little_is_filled_again(server: ChromaProcess, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_the_checkup_says_where_vectors_are_and_whether_it_answers(server: ChromaProcess) -> None:
    settings = read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_STORE": server.address + "/"})
    assert settings.store == server.address
    finding = store_finding(settings)
    assert finding.healthy and finding.text.endswith(f"on the index server at {server.address}")
    server.kill()
    finding = store_finding(settings)
    assert not finding.healthy and "cannot be reached" in finding.text
    finding = store_finding(read_settings({"NEWSDESK_PROFILE": "light"}))
    assert finding.healthy and finding.text.endswith("in the index's folder")


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://", "http://me:secret@host", "http://host/?a=b"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UserError, match="NEWSDESK_STORE") as raised:
        read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_STORE": address})
    assert "secret" not in str(raised.value)


INDEXING = """
import sys
from pathlib import Path
from bench.soak import embedding
from index.rebuild import rebuild

for edition in range(2, 12):
    for file in Path(sys.argv[1]).iterdir():
        file.write_text(file.read_text().replace(f"edition {edition - 1}", f"edition {edition}"))
    rebuild(Path(sys.argv[1]), Path(sys.argv[2]), embedding, store_address=sys.argv[3])
"""
ASKING = """
import json, sys, threading, time
from pathlib import Path
from assistant.assistant import Assistant
from assistant.extractive import ExtractiveAnswerer
from bench.soak import embedding
from index.generations import open_current

index_dir, stop = Path(sys.argv[1]), Path(sys.argv[2])
assistant = Assistant(index_dir, open_current(index_dir), embedding(), ExtractiveAnswerer("hashing"))
told = []  # of each answer the generation, and the editions that its articles are of

def ask():
    while not stop.exists():
        time.sleep(0.02)  # so that the rebuilds come forward too
        try:
            answer = assistant.ask("Who led the repair of the bridge?")
            told.append([answer.generation, sorted({hit.article.source for hit in answer.hits})])
        except Exception as error:
            told.append([repr(error), []])

threads = [threading.Thread(target=ask) for _ in range(2)]
print("asking", flush=True)
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(told))
"""


def test_two_readers_and_an_indexer_share_a_server_through_ten_rebuilds(
    tmp_path: Path, index_dir: Path, server: ChromaProcess
) -> None:
    folder, stop = tmp_path / "articles", tmp_path / "stop"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.md").write_text(
            f"---\ntitle: Report {number}\nsource: edition 1\nlanguage: en\n---\n\n"
            f"Engineer Ada Finch led the repair of bridge {97 * number}, says edition 1.\n"
        )
    build(folder, index_dir, server)
    command = [sys.executable, "-c", ASKING, str(index_dir), str(stop)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    try:
        for reader in readers:
            assert reader.stdout and reader.stdout.readline() == "asking\n"
        indexer = [sys.executable, "-c", INDEXING, str(folder), str(index_dir), server.address]
        subprocess.run(indexer, cwd=ROOT, timeout=400, check=True)
        stop.touch()
        answers = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
            reader.wait(10)
    assert current_name(index_dir) == "g000011"
    for told in answers:
        assert [one for one in told if one[1] != [f"edition {int(one[0][1:])}"]] == []
        assert len({name for name, _ in told}) == 11
    assert [name.rpartition("-")[2] for name in names(server)] == ["g000010", "g000011"]
    print(f"{sum(map(len, answers))} questions")
