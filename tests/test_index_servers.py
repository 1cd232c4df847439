"""With its vectors on a server an index keeps its promises, whatever becomes of the server."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from contents import contents
from fakes import HashingEmbedding, ScriptedAnswerer, remember_embedded
from random_vectors import random_vectors
from servers import serving
from stores import PROCESSES, QUESTION, StoreProcess, best, build, store_server

from assistant.checkup import store_finding
from assistant.settings import read_settings
from index import lexicon
from index.errors import StoreUnreachable, UserError
from index.filters import Filters
from index.generations.pointer import current_name, open_current
from index.languages.detection import detect_language
from index.rebuild import Status, read_status, rebuild
from index.search import search
from index.stores import chroma_server, postgres
from index.stores.addresses import POSTGRES, home
from index.stores.postgres import PostgresText
from index.stores.retry import Patience
from index.stores.sqlite_text import SqliteText
from index.stores.vectors import LEAST_RECALL, PassageVectors, passage_metadata, wanted

pytestmark = [pytest.mark.usefixtures("files_read"), pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module", params=PROCESSES)
def running(request: pytest.FixtureRequest) -> Iterator[StoreProcess]:
    with store_server(request.param) as server:
        yield server


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_a_store_keeps_what_it_is_given(server: StoreProcess) -> None:
    vectors = random_vectors(3000, 48)
    metadatas = [
        passage_metadata(row // 3, f"desk{row % 2}/{row}.txt", f"20{row % 30:02}-01-01", "en", f"outlet {row % 100}")
        for row in range(3000)
    ]
    kept = home(Path(), f"{server.address}#newsdesk-contract")

    def put(store: PassageVectors) -> None:
        store.put(range(3000), np.roll(vectors, 1, axis=0), metadatas)
        store.put(range(1500), vectors[:1500], metadatas[:1500])  # in place of those
        store.put(range(1500, 3000), vectors[1500:], metadatas[1500:])

    recall = kept.fill(put, vectors)
    store = kept.open()
    assert (store.count(), store.recall(vectors)) == (3000, recall) and recall >= LEAST_RECALL

    def found(filters: Filters, copied: Sequence[int] = (), top: int = 1000) -> set[int]:
        chosen = replace(
            wanted(filters, lambda query, *values: [("desk0/0.txt",), ("desk1/1.txt",)]), copied=tuple(copied)
        )
        return set(store.nearest(vectors[7], top, replace(chosen, copied=tuple(copied))))

    assert found(Filters(), top=1) == {7}
    assert found(Filters(sources=("outlet 7",))) == set(range(7, 3000, 100))
    assert found(Filters(sources=("outlet 7",), folders=("desk0",))) == set()
    assert found(Filters(folders=("desk0",), since="2029-01-01")) == set()
    assert found(Filters(folders=("desk1",), since="2029-01-01")) == set(range(29, 3000, 30))
    assert found(Filters(until="2000-12-31", languages=("en",))) == set(range(0, 3000, 30))
    assert found(Filters(sources=("outlet 7",), since="2027-01-01"), copied=[0, 9]) == {27, 28, 29} | {
        row for row in range(7, 3000, 100) if row % 30 >= 27
    }
    assert found(Filters(languages=("it",))) == set()
    kept.drop()
    kept.drop()
    for ask in (store.count, kept.open):
        with pytest.raises(UserError, match="has no vectors newsdesk-contract any more"):
            ask()


def test_vectors_are_on_the_server_and_all_else_but_its_full_text_in_the_folder(
    folder: Path, index_dir: Path, server: StoreProcess
) -> None:
    manifest = build(folder, index_dir, server)
    (name,) = server.names
    assert manifest.store == f"{server.address}#{name}"
    assert name.startswith("newsdesk-") and name.endswith("-g000001")
    files = {path.name for path in (index_dir / "generations" / "g000001").iterdir()}
    assert files == {"text.sqlite3", "passages.f16", "sentences.f16", "manifest.json"}
    opened = open_current(index_dir)
    assert best(opened) == "Engineer Ada Finch led the repair."
    assert isinstance(opened.full_text, PostgresText if server.address.startswith(POSTGRES) else SqliteText)
    assert build(folder, index_dir, server) == manifest


def test_an_index_on_a_server_is_the_one_in_a_folder(
    folder: Path, index_dir: Path, server: StoreProcess, tmp_path: Path
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


FILTERS = (
    Filters(),
    Filters(languages=("it",)),
    Filters(languages=("uk",), since="2025-01-01"),
    Filters(since="2024-01-01", until="2025-06-30"),
    Filters(sources=("Mitteleuropa Review",)),
    Filters(sources=("Mitteleuropa Review",), folders=("odd",)),
    Filters(folders=("de",)),
    Filters(folders=("odd",), languages=("en",)),
    Filters(folders=("nowhere",)),
)
# Signs that mean something to either engine, many scripts, and a word that is longer than PostgreSQL takes.
ODD = (
    "O'Neill's \"quoted\" back\\slash a:b & !c | (d) <-> x:1A of 6½ m² in Ångström, 'odd'); DROP TABLE x; ~m1 * NEAR. "
    f"The {'Zyzzyva' * 500} burst. Снiг і її. 大坝决堤了吗？ ไทยแลนด์ السلام عليكم नमस्ते."
)


def test_words_on_a_server_are_those_of_the_folder(index_dir: Path, server: StoreProcess, tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "corpus", tmp_path / "articles")
    (folder / "odd").mkdir()
    (folder / "odd" / "signs.md").write_text(f"---\ntitle: Signs\nlanguage: en\n---\n\n{ODD}\n")
    (folder / "odd" / "copy.md").write_text((folder / "en" / "danube-ferry-inquiry.md").read_text())
    places = {tmp_path / "other": None, index_dir: server}
    for place, store in places.items():
        build(folder, place, store)
    # What comes first now has the number of what goes.
    (folder / "de" / "kreml-keine-eile-antwort.md").rename(folder / "aa.md")
    for place, store in places.items():
        build(folder, place, store)
    one, other = map(open_current, places)
    golden = (ROOT / "tests" / "golden.jsonl").read_text().splitlines()
    found = 0
    for question in [ODD, *(json.loads(line)["question"] for line in golden)]:
        language = detect_language(question, default="en")
        frequencies = one.frequencies(terms := lexicon.words_of(question, language) | lexicon.names_of(question))
        assert other.frequencies(terms) == frequencies
        telling = lexicon.telling(frequencies, one.manifest.passage_count)
        for filters in FILTERS:
            for top in (1, 20):
                assert other.worded(telling, top, filters) == one.worded(telling, top, filters)
            hits = search(question, one, HashingEmbedding(), filters=filters)
            assert search(question, other, HashingEmbedding(), filters=filters) == hits
            found += len(hits)
    assert found > 1000
    long = "zyzzyva" * 500
    assert other.frequencies([long, "nothing"]) == [(long, 1)]
    assert other.worded({long: 1}, 5, Filters()) == one.worded({long: 1}, 5, Filters(folders=("odd",))) != []
    assert (other.frequencies([]), other.worded({}, 5, Filters())) == ([], [])


def test_vectors_and_words_move_with_the_setting_and_nothing_is_embedded_again(
    folder: Path, index_dir: Path, server: StoreProcess, tmp_path: Path
) -> None:
    build(folder, index_dir, None)
    (folder / "mercato.md").unlink()
    build(folder, tmp_path / "other", None)
    expected = contents(open_current(tmp_path / "other"), HashingEmbedding(), (QUESTION,))
    for number, address in enumerate([server.address, ""], start=2):
        embedding = HashingEmbedding()
        embedded = remember_embedded(embedding)
        manifest = rebuild(
            folder, index_dir, partial(lambda own: own, embedding), store_address=address, allow_shrink=True
        )
        assert (manifest.name, manifest.store.partition("#")[0]) == (f"g{number:06}", address)
        assert embedded == []
        for part, held in contents(open_current(index_dir), HashingEmbedding(), (QUESTION,)).items():
            assert held == expected[part], part
    (folder / "note.txt").write_text("A note.")
    build(folder, index_dir, None)
    assert server.names == []  # its generation was swept, though the setting names no server any more


def test_vectors_go_with_their_generations_and_no_others(
    folder: Path, index_dir: Path, server: StoreProcess, tmp_path: Path
) -> None:
    build(folder, tmp_path / "other", server)
    (others,) = server.names
    server.make("newsdesk-somebody-elses")
    opened = []
    for number in range(4):
        (folder / "note.txt").write_text(f"Note {number}.")
        build(folder, index_dir, server)
        if number == 0:
            opened.append(open_current(index_dir))
    kept = {name.rpartition("-")[2] for name in server.names if name not in (others, "newsdesk-somebody-elses")}
    assert kept == {"g000001", "g000003", "g000004"} == {path.name for path in (index_dir / "generations").iterdir()}
    assert best(opened.pop()) == "Engineer Ada Finch led the repair."
    copy = shutil.copytree(index_dir, tmp_path / "copy")
    before = server.names
    for number in range(4, 7):
        (folder / "note.txt").write_text(f"Note {number}.")
        build(folder, copy, server)
    assert set(before) < set(server.names)
    assert best(open_current(index_dir)) == best(open_current(copy)) == "Engineer Ada Finch led the repair."


REBUILT = """
import sys
from pathlib import Path
sys.path.append("tests")
from fakes import embedding
from index.rebuild import rebuild

rebuild(Path(sys.argv[1]), Path(sys.argv[2]), embedding, store_address=sys.argv[3])
"""


def test_what_a_killed_rebuild_left_is_removed_by_the_next(folder: Path, index_dir: Path, server: StoreProcess) -> None:
    build(folder, index_dir, server)
    (folder / "note.txt").write_text("A note.")
    killed = subprocess.run(
        [sys.executable, "-c", REBUILT, str(folder), str(index_dir), server.address],
        env={**os.environ, "NEWSDESK_FAILPOINT": "sealed"},
        cwd=ROOT,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert [name.rpartition("-")[2] for name in server.names] == ["g000001", "g000002"]
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."
    (folder / "note.txt").unlink()
    build(folder, index_dir, server)  # nothing has changed
    assert [name.rpartition("-")[2] for name in server.names] == ["g000001"]


def test_a_failed_rebuild_leaves_nothing_on_the_server(
    folder: Path, index_dir: Path, server: StoreProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(folder, index_dir, server)
    (folder / "note.txt").write_text("A note.")
    for failpoint, left in (("sealed", ["g000001"]), ("renamed", ["g000001", "g000002"])):
        monkeypatch.setenv("NEWSDESK_FAILPOINT", f"{failpoint}:full")
        with pytest.raises(UserError, match="the old index stays in use"):
            build(folder, index_dir, server)
        assert [name.rpartition("-")[2] for name in server.names] == left, failpoint


def test_an_open_index_answers_again_as_soon_as_its_server_does(
    folder: Path, index_dir: Path, server: StoreProcess
) -> None:
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    server.kill()
    sentence = f"The index server at {server.address} does not answer. Start it and try again."
    asks: list[Callable[[], object]] = [lambda: best(opened), lambda: best(open_current(index_dir))]
    if isinstance(opened.full_text, PostgresText):
        asks += [lambda: opened.frequencies(["repair"]), lambda: opened.worded({"repair": 1}, 5, Filters())]
    for ask in asks:
        began = time.monotonic()
        with pytest.raises(StoreUnreachable) as raised:
            ask()
        assert str(raised.value) == sentence
        assert time.monotonic() - began < 5
    server.start()
    assert best(opened) == best(open_current(index_dir)) == "Engineer Ada Finch led the repair."
    assert opened.worded({"repair": 1}, 5, Filters()) == [0]


def test_a_question_waits_for_a_server_that_is_only_restarted(
    folder: Path, index_dir: Path, server: StoreProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (chroma_server, postgres):
        monkeypatch.setattr(module, "READING", Patience(back=30, reply=20))
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    server.kill()
    restart = threading.Timer(0.5, server.start)
    restart.start()
    assert best(opened) == "Engineer Ada Finch led the repair."
    restart.join()


def test_a_running_api_answers_again_by_itself(folder: Path, index_dir: Path, server: StoreProcess) -> None:
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
    folder: Path, index_dir: Path, server: StoreProcess, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    for module in (chroma_server, postgres):
        monkeypatch.setattr(module, "WRITING", Patience(back=0.5, reply=20))
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
    assert [name.rpartition("-")[2] for name in server.names] == ["g000002"]


def test_a_rebuild_waits_for_a_server_that_is_restarted(folder: Path, index_dir: Path, server: StoreProcess) -> None:
    restart = threading.Timer(1, server.start)

    def kill(status: Status) -> None:
        if status.stage == "reading" and server.runs and status.done == 0:
            server.kill()
            restart.start()

    assert build(folder, index_dir, server, on_status=kill).name == "g000001"
    restart.join()
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."


def test_vectors_that_vanished_are_made_again_without_embedding(
    folder: Path, index_dir: Path, server: StoreProcess
) -> None:
    build(folder, index_dir, server)
    opened = open_current(index_dir)
    (name,) = server.names
    server.remove(name)
    sentence = f"has no vectors {name} any more. Make them again with `newsdesk index`, which embeds nothing anew."
    for now in (opened, None):
        with pytest.raises(UserError, match=sentence):
            best(now or open_current(index_dir))
    embedding = HashingEmbedding()
    embedded = remember_embedded(embedding)
    rebuild(folder, index_dir, lambda: embedding, store_address=server.address)
    assert embedded == []
    assert best(open_current(index_dir)) == "Engineer Ada Finch led the repair."


def test_the_checkup_says_where_vectors_are_and_whether_it_answers(server: StoreProcess) -> None:
    settings = read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_STORE": server.address + "/"})
    assert settings.store == server.address
    finding = store_finding(settings)
    assert finding.healthy and finding.text.endswith(f"on the index server at {server.address}")
    server.kill()
    finding = store_finding(settings)
    assert not finding.healthy and "cannot be reached" in finding.text
    finding = store_finding(read_settings({"NEWSDESK_PROFILE": "light"}))
    assert finding.healthy and finding.text.endswith("in the index's folder")


INDEXING = """
import sys
from pathlib import Path
sys.path.append("tests")
from fakes import embedding
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
from assistant.answering.extractive import ExtractiveAnswerer
sys.path.append("tests")
from fakes import embedding
from index.generations.pointer import open_current

index_dir, stop = Path(sys.argv[1]), Path(sys.argv[2])
assistant = Assistant(index_dir, open_current(index_dir), embedding(), ExtractiveAnswerer())
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
    tmp_path: Path, index_dir: Path, server: StoreProcess
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
    assert [name.rpartition("-")[2] for name in server.names] == ["g000010", "g000011"]
    print(f"{sum(map(len, answers))} questions")
