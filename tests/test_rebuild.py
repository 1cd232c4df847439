"""A rebuild publishes what can be read, lists the rest, and otherwise leaves the old index alone."""

import errno
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEmbedding, remember_embedded

from index import rebuild as rebuilding
from index.articles import Skipped
from index.errors import UserError
from index.filters import Filters
from index.generations.integrity import files_in
from index.generations.manifest import Manifest, read_manifest, write_manifest
from index.generations.pointer import current_folder, current_name, open_current, rebuild_lock, roll_back
from index.generations.verification import verify
from index.reading.readers.kinds import SUPPORTED
from index.rebuild import Status, default_folder, follow, read_status, rebuild
from index.search import search
from index.stores.vectors import wanted
from ui.rebuilding import Rebuilds

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("files_read")]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(folder: Path, index_dir: Path, allow_shrink: bool = False) -> Manifest:
    return rebuild(folder, index_dir, HashingEmbedding, allow_shrink=allow_shrink)


def test_every_readable_article_is_in_and_the_rest_is_listed(folder: Path, index_dir: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    manifest = rebuild(folder, index_dir, HashingEmbedding)
    assert manifest.article_count == 3
    left_out = {skipped.path: skipped.reason for skipped in manifest.skipped}
    reason = f"files of this type are not read; supported are {SUPPORTED}"
    assert left_out == {"empty.txt": "the file is empty", "film.mp4": reason}
    generation = open_current(index_dir)
    assert generation.manifest == manifest
    assert [article.id for article in generation.articles()] == ["mercato.md", "bridge.md", "snih.txt"]


def test_the_stored_text_and_every_hit_are_verbatim(folder: Path, index_dir: Path, embedding: HashingEmbedding) -> None:
    build(folder, index_dir)
    generation = open_current(index_dir)
    best, *others = search("Who led the repair of the bridge?", generation, embedding)
    assert best.text == "Engineer Ada Finch led the repair."
    assert best.article.published == "2024-03-05"
    for hit in (best, *others):
        assert hit.passage.text == hit.article.text[hit.passage.start : hit.passage.end]
        assert hit.passage.start <= hit.sentence.start < hit.sentence.end <= hit.passage.end


@pytest.mark.parametrize(
    ("filters", "articles"),
    [
        (Filters(since="2024-04-01"), {"mercato.md"}),
        (Filters(until="2024-04-01"), {"bridge.md"}),
        (Filters(languages=("it",)), {"mercato.md"}),
        (Filters(sources=("The Daily Wren",), since="2024-01-01"), {"bridge.md"}),
        (Filters(sources=("Nobody",)), set()),
    ],
)
def test_filters_hold_before_ranking(
    folder: Path,
    index_dir: Path,
    embedding: HashingEmbedding,
    filters: Filters,
    articles: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build(folder, index_dir)
    for few_left in (0, 2000):  # by the vector store, and without
        monkeypatch.setattr("index.generations.generation.FEW_LEFT", few_left)
        hits = search("bridge", open_current(index_dir), embedding, filters=filters)
        assert {hit.article.id for hit in hits} == articles


def test_a_filter_that_is_no_day_is_one_sentence() -> None:
    with pytest.raises(UserError, match="'yesterday' is not a day"):
        wanted(Filters(since="yesterday"), lambda query, *values: [])


def test_an_index_of_another_format_is_named_and_rebuilt_from_its_own_folder(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    manifest = index_dir / "generations" / current_name(index_dir) / "manifest.json"
    fields = json.loads(manifest.read_text())
    del fields["recall"]
    manifest.write_text(json.dumps(fields | {"format": 1, "colour": "an older field"}))
    with pytest.raises(UserError, match=r"by an earlier newsdesk \(format 1; this one reads \d+\)\. Rebuild"):
        open_current(index_dir)
    assert default_folder(index_dir) == folder
    build(default_folder(index_dir), index_dir)
    assert open_current(index_dir).manifest.article_count == 3


@pytest.mark.parametrize("damage", ["[" * 100_000, "", "\0", "null", "[]", '{"format": "x"}'])
def test_a_damaged_manifest_and_status_are_told_or_none(folder: Path, index_dir: Path, damage: str) -> None:
    build(folder, index_dir)
    (index_dir / "generations" / current_name(index_dir) / "manifest.json").write_text(damage)
    (index_dir / "status.json").write_text(damage)
    with pytest.raises(UserError, match="manifest"):
        open_current(index_dir)
    assert read_status(index_dir) is None and current_folder(index_dir) == ""


def test_a_failed_rebuild_leaves_the_old_index(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(UserError, match="holds no files"):
        build(folder, index_dir)
    assert open_current(index_dir).manifest.article_count == 3
    assert not list((index_dir / "generations").glob("*.building"))
    status = read_status(index_dir)
    assert status is not None and status.finished and "holds no files" in status.error


def test_a_folder_that_lost_most_articles_is_refused_unless_allowed(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    (folder / "bridge.md").unlink()
    with pytest.raises(UserError, match="--allow-shrink"):
        build(folder, index_dir)
    build(folder, index_dir, allow_shrink=True)
    assert open_current(index_dir).manifest.article_count == 2


def test_a_folder_that_does_not_exist_is_one_sentence(tmp_path: Path, index_dir: Path) -> None:
    with pytest.raises(UserError, match="nowhere"):
        build(tmp_path / "nowhere", index_dir)


def test_two_rebuilds_never_run_at_once(folder: Path, index_dir: Path) -> None:
    with rebuild_lock(index_dir), pytest.raises(UserError, match=f"already running .*pid {os.getpid()}"):
        build(folder, index_dir)


def test_only_the_newest_two_generations_are_kept(folder: Path, index_dir: Path) -> None:
    for number in range(4):
        (folder / "note.txt").write_text(f"Note {number}.")
        build(folder, index_dir)
    assert names(index_dir) == ["g000003", "g000004"]
    assert current_name(index_dir) == "g000004"


def names(index_dir: Path) -> list[str]:
    return sorted(path.name for path in (index_dir / "generations").iterdir())


def test_a_file_that_cannot_be_read_for_a_while_stays_as_it_was(
    folder: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(folder, index_dir)
    (folder / "bridge.md").write_text("Nobody may read this yet.")
    with monkeypatch.context() as closed:
        real = os.open

        def refuse(path: "os.PathLike[str]", *arguments: Any, **named: Any) -> int:
            if Path(path).name == "bridge.md":
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return real(path, *arguments, **named)

        closed.setattr(os, "open", refuse)
        kept = build(folder, index_dir)
        reason = Skipped("bridge.md", "it may not be opened; give read permission")
        assert (kept.kept, kept.skipped) == ((reason,), before.skipped)
        assert kept.article_count == before.article_count
        assert "iron bridge" in open_current(index_dir).article("bridge.md").text
        assert build(folder, index_dir).name == kept.name  # nothing has changed since

        closed.setattr("index.rebuild._maker", lambda embedding: "other code")  # which reads everything again
        lost = build(folder, index_dir, allow_shrink=True)
        assert (lost.kept, lost.skipped) == ((), (reason, *before.skipped))
        assert build(folder, index_dir).name == lost.name
    read = build(folder, index_dir)
    assert (read.kept, read.skipped) == ((), before.skipped)
    assert open_current(index_dir).article("bridge.md").text == "Nobody may read this yet."


def test_an_open_generation_still_answers_after_the_next_one(
    folder: Path, index_dir: Path, embedding: HashingEmbedding
) -> None:
    build(folder, index_dir)
    old = open_current(index_dir)
    for number in range(3):
        (folder / "note.txt").write_text(f"Note {number}.")
        build(folder, index_dir)
    assert search("bridge", old, embedding)[0].article.id == "bridge.md"


def test_a_rebuild_with_nothing_changed_publishes_nothing(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    (folder / "bridge.md").touch()
    (folder / "snih.txt").write_bytes((folder / "snih.txt").read_bytes())
    build(folder, index_dir)
    assert names(index_dir) == ["g000001"]
    rebuild(folder, index_dir, lambda: HashingEmbedding("other"))
    assert current_name(index_dir) == "g000002"


def test_only_new_text_is_embedded(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    (folder / "bridge.md").rename(folder / "span.md")
    (folder / "mercato.md").write_text((folder / "mercato.md").read_text() + "\nPiove da ieri.\n")
    embedding = HashingEmbedding()
    embedded = remember_embedded(embedding)
    rebuild(folder, index_dir, lambda: embedding)
    assert [text for text in embedded if "Piove" not in text] == []
    assert "Piove da ieri." in embedded
    assert open_current(index_dir).article("span.md").title == "The bridge reopens"


def test_a_deleted_text_is_off_the_disk_after_the_second_rebuild(folder: Path, index_dir: Path) -> None:
    (folder / "secret.txt").write_text("The zanzibarquux was seen.")
    build(folder, index_dir)
    (folder / "secret.txt").unlink()
    build(folder, index_dir, allow_shrink=True)
    with pytest.raises(UserError, match="No article"):
        open_current(index_dir).article("secret.txt")
    build(folder, index_dir)
    files = [path for path in index_dir.rglob("*") if path.is_file()]
    assert not [path for path in files if b"zanzibarquux" in path.read_bytes()]


def test_going_back_is_one_step_and_the_next_rebuild_goes_on(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    (folder / "note.txt").write_text("A note.")
    build(folder, index_dir)
    assert open_current(index_dir).has_previous
    assert roll_back(index_dir).name == "g000001"
    assert open_current(index_dir).manifest.article_count == 3
    assert not open_current(index_dir).has_previous
    with pytest.raises(UserError, match="no older index to go back to; g000001 stays in use"):
        roll_back(index_dir)
    build(folder, index_dir)
    assert open_current(index_dir).manifest.article_count == 4
    assert names(index_dir) == ["g000001", "g000003"]


def test_a_damaged_index_is_passed_over_and_rebuilt(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    (folder / "note.txt").write_text("A note.")
    build(folder, index_dir)
    (graph,) = (index_dir / "generations" / "g000002").glob("chroma/*/data_level0.bin")
    graph.write_bytes(graph.read_bytes()[:-1] + b"!")
    opened = open_current(index_dir)
    assert opened.name == "g000001"
    assert "data_level0.bin is damaged. Rebuild with `newsdesk index`. Until then g000001 answers." in opened.notice
    build(folder, index_dir)
    assert (open_current(index_dir).name, open_current(index_dir).notice) == ("g000003", "")


@pytest.mark.parametrize("pointer", [b"", b"g000099", b"\xff../../etc"])
def test_without_a_pointer_the_newest_index_answers_and_says_so(folder: Path, index_dir: Path, pointer: bytes) -> None:
    build(folder, index_dir)
    (index_dir / "current").write_bytes(pointer)
    opened = open_current(index_dir)
    assert opened.name == "g000001"
    assert "Rebuild with `newsdesk index`. Until then g000001 answers." in opened.notice
    assert default_folder(index_dir) == folder


def test_without_any_whole_index_one_sentence_says_what_to_do(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    (index_dir / "generations" / "g000001" / "text.sqlite3").write_bytes(b"not a database")
    with pytest.raises(UserError, match=r"text.sqlite3 is damaged. Rebuild with `newsdesk index`"):
        open_current(index_dir)
    build(folder, index_dir)
    assert open_current(index_dir).manifest.article_count == 3


def test_an_index_whose_reader_is_killed_is_not_sound(folder: Path, index_dir: Path) -> None:
    """Chroma's own files, damaged before their checksums were taken: Chroma kills the process that asks."""
    build(folder, index_dir)
    path = index_dir / "generations" / "g000001"
    verify(path)
    (graph,) = path.glob("chroma/*/data_level0.bin")
    graph.write_bytes(b"\xff" * graph.stat().st_size)
    chroma = [file for file in files_in(path) if file.path != "manifest.json"]
    write_manifest(path, replace(read_manifest(path), files=tuple(chroma)))
    with pytest.raises(UserError, match=r"g000001 is not sound: "):
        verify(path)
    write_manifest(path, replace(read_manifest(path), passage_count=99))
    with pytest.raises(UserError, match=r"is not sound: .*Rebuild"):
        verify(path)


def test_a_lock_of_a_process_that_is_gone_holds_nobody_up(folder: Path, index_dir: Path) -> None:
    index_dir.mkdir()
    (index_dir / "lock").write_text("since 14:02, pid 999999999")
    build(folder, index_dir)


def test_a_change_is_followed_whatever_the_index_is_called(folder: Path) -> None:
    steps = follow(folder, folder.with_name("art"))  # not the beginning of "articles" is to be left out
    next(steps)
    (folder / "note.txt").write_text("A note.")
    with ThreadPoolExecutor(max_workers=1) as pool:
        assert pool.submit(next, steps).result(timeout=60) is None


def test_the_folder_is_remembered(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    assert default_folder(index_dir) == folder.resolve()


def test_progress_counts_files_to_the_end(folder: Path, index_dir: Path) -> None:
    seen: list[Status] = []
    rebuild(folder, index_dir, HashingEmbedding, seen.append)
    assert [(status.stage, status.done) for status in seen] == [
        ("looking for changes", 0),
        *(("reading", 0), ("reading", 3)),
        *(("indexing", 0), ("indexing", 3)),
        *(("verifying", 3), ("published", 3)),
    ]
    assert (seen[-1].total, seen[-1].finished) == (3, True)
    (folder / "note.txt").write_text("A note.")
    seen.clear()
    rebuild(folder, index_dir, HashingEmbedding, seen.append)
    assert [(status.stage, status.done) for status in seen[1:3]] == [("reading", 3), ("reading", 4)]


def test_a_full_disk_after_the_switch_does_not_say_that_the_old_index_is_in_use(
    folder: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_FAILPOINT", "pointing:full")
    with pytest.raises(UserError, match="there is no index yet"):
        build(folder, index_dir)
    monkeypatch.setenv("NEWSDESK_FAILPOINT", "published:full")
    with pytest.raises(UserError, match="the new index is in use"):
        build(folder, index_dir)
    (folder / "note.txt").write_text("A note.")
    monkeypatch.setenv("NEWSDESK_FAILPOINT", "pointing:full")
    with pytest.raises(UserError, match="the old index stays in use"):
        build(folder, index_dir)


def test_code_that_is_not_installed_is_told_apart_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(rebuilding, "requires", not_installed)
    one, other = (rebuilding._maker(HashingEmbedding(name)) for name in ("one", "other"))
    assert one == rebuilding._maker(HashingEmbedding("one")) != other


STOPPED = """
import sys, time
from pathlib import Path
sys.path.append("tests")
from fakes import HashingEncoder
from index.models.embedding import Embedding
from index.rebuild import rebuild

class Slow(HashingEncoder):
    def encode(self, texts):
        if not any("Marlow" in text for text in texts):  # what is indexed already
            print("embedding", flush=True)
            time.sleep(1)
        return super().encode(texts)

rebuild(Path(sys.argv[1]), Path(sys.argv[2]), lambda: Embedding(Slow(), "hashing", "hashing"))
"""


def test_ctrl_c_leaves_the_old_index_and_what_was_embedded(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    before = embedded_count(index_dir)
    for number in range(100):
        words = " ".join(f"w{random.Random(number).randrange(10**6)}x{word}" for word in range(60))
        (folder / f"{number:03}.txt").write_text(f"Note {number}. {words}.")
    command = [sys.executable, "-c", STOPPED, str(folder), str(index_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as stopped:
        assert stopped.stdout is not None
        for _ in range(2):
            assert stopped.stdout.readline() == "embedding\n"
        stopped.send_signal(signal.SIGINT)
        assert stopped.wait(30) == -signal.SIGINT
    assert open_current(index_dir).name == "g000001"
    status = read_status(index_dir)
    assert status is not None and status.error == "The rebuild was stopped; the old index stays in use."
    assert names(index_dir) == ["g000001"]
    kept = embedded_count(index_dir)
    assert kept > before
    embedding = HashingEmbedding()
    embedded = remember_embedded(embedding)
    rebuild(folder, index_dir, lambda: embedding)
    assert open_current(index_dir).manifest.article_count == 103
    assert len(embedded) == embedded_count(index_dir) - kept


HUNGRY = """
import resource, sys
from pathlib import Path
import numpy as np
sys.path.append("tests")
from fakes import HashingEncoder
from index.models.embedding import Embedding
from index.errors import UserError
from index.rebuild import rebuild

class Hungry(HashingEncoder):
    def encode(self, texts):
        np.ones(4_000_000_000, dtype=np.uint8)
        return super().encode(texts)

taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (taken + 3_000_000_000, taken + 3_000_000_000))
try:
    rebuild(Path(sys.argv[1]), Path(sys.argv[2]), lambda: Embedding(Hungry(), "hashing", "hashing"))
except UserError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_rebuild_that_runs_out_of_memory_says_so_and_leaves_the_old_index(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    (folder / "note.txt").write_text("A note.")
    command = [sys.executable, "-c", HUNGRY, str(folder), str(index_dir)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)
    sentence = "Indexing ran out of memory; the old index stays in use. Close other programs and run"
    assert done.stdout.startswith(sentence), done.stderr
    status = read_status(index_dir)
    assert status is not None and status.error.startswith(sentence)
    assert names(index_dir) == ["g000001"] and open_current(index_dir).name == "g000001"
    build(folder, index_dir)
    assert open_current(index_dir).manifest.article_count == 4


def embedded_count(index_dir: Path) -> int:
    with closing(sqlite3.connect(index_dir / "cache.sqlite3")) as cache:
        ((count,),) = cache.execute("SELECT count(*) FROM embeddings")
    return int(count)


def test_text_is_stored_with_its_evidence(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    path = index_dir / "generations" / "g000001" / "text.sqlite3"
    ((evidence,),) = sqlite3.connect(path).execute("SELECT evidence FROM articles WHERE id = 'bridge.md'").fetchall()
    assert '"published": "front matter"' in evidence


@pytest.mark.parametrize("pid", [os.getpid(), 1])
def test_a_status_whose_process_number_another_program_has_is_stale(tmp_path: Path, pid: int) -> None:
    left = Status(stage="verifying", pid=pid, born="1")
    (tmp_path / "status.json").write_text(json.dumps(asdict(left)))
    status = read_status(tmp_path)
    assert status and status.finished and status.error == "The rebuild was stopped before it had finished."
    assert Rebuilds(tmp_path).progress is None


def test_a_status_without_a_birth_is_told_by_the_lock(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text(json.dumps(asdict(Status(born=""))))
    stale = read_status(tmp_path)
    with rebuild_lock(tmp_path):
        running = read_status(tmp_path)
    assert stale and stale.finished and running and not running.finished
