"""A rebuild publishes what can be read, lists the rest, and otherwise leaves the old index alone."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import HashingEmbedding

from index.errors import UserError
from index.generations import current_name, open_current, rebuild_lock
from index.rebuild import Status, default_folder, read_status, rebuild
from index.search import search
from index.vectors import Filters


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(folder: Path, index_dir: Path, allow_shrink: bool = False) -> None:
    rebuild(folder, index_dir, HashingEmbedding, allow_shrink=allow_shrink)


def test_every_readable_article_is_in_and_the_rest_is_listed(folder: Path, index_dir: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    manifest = rebuild(folder, index_dir, HashingEmbedding)
    assert manifest.article_count == 3
    assert sorted(skipped.path for skipped in manifest.skipped) == ["empty.txt", "picture.png"]
    assert all(skipped.reason for skipped in manifest.skipped)
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
        (Filters(language="it"), {"mercato.md"}),
        (Filters(source="The Daily Wren", since="2024-01-01"), {"bridge.md"}),
        (Filters(source="Nobody"), set()),
    ],
)
def test_filters_hold_before_ranking(
    folder: Path, index_dir: Path, embedding: HashingEmbedding, filters: Filters, articles: set[str]
) -> None:
    build(folder, index_dir)
    hits = search("bridge", open_current(index_dir), embedding, filters=filters)
    assert {hit.article.id for hit in hits} == articles


def test_a_filter_that_is_no_day_is_one_sentence() -> None:
    with pytest.raises(UserError, match="'yesterday' is not a day"):
        Filters(since="yesterday").as_metadata_filters([], [])


def test_an_index_of_another_format_is_named_and_rebuilt_from_its_own_folder(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    manifest = index_dir / "generations" / current_name(index_dir) / "manifest.json"
    fields = json.loads(manifest.read_text())
    del fields["recall"]
    manifest.write_text(json.dumps(fields | {"format": 1, "colour": "an older field"}))
    with pytest.raises(UserError, match=r"has format 1; this version reads \d+\. Rebuild"):
        open_current(index_dir)
    assert default_folder(index_dir) == folder
    build(default_folder(index_dir), index_dir)
    assert open_current(index_dir).manifest.article_count == 3


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
    for _ in range(4):
        build(folder, index_dir)
    assert sorted(path.name for path in (index_dir / "generations").iterdir()) == ["g000003", "g000004"]
    assert current_name(index_dir) == "g000004"


def test_an_open_generation_still_answers_after_the_next_one(
    folder: Path, index_dir: Path, embedding: HashingEmbedding
) -> None:
    build(folder, index_dir)
    old = open_current(index_dir)
    build(folder, index_dir)
    assert search("bridge", old, embedding)[0].article.id == "bridge.md"


def test_a_rebuild_killed_while_writing_leaves_the_old_index(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(index_dir)], cwd=Path(__file__).parent, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr.decode()
    status = read_status(index_dir)
    assert status is not None and status.finished and "stopped" in status.error
    assert open_current(index_dir).name == "g000001"
    build(folder, index_dir)
    assert open_current(index_dir).name == "g000002"


KILLED = """
import os, signal, sys
from pathlib import Path
from conftest import HashingEmbedding
from index.rebuild import rebuild

def die(status):
    if status.stage == "publishing":
        os.kill(os.getpid(), signal.SIGKILL)

rebuild(Path(sys.argv[1]), Path(sys.argv[2]), HashingEmbedding, die)
"""


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: (path / "manifest.json").write_text("{"),
        lambda path: (path / "text.sqlite3").write_bytes(b"not a database" * 100),
        lambda path: (path / "sentences.f16").write_bytes(b"short"),
        lambda path: (path / "chroma" / "chroma.sqlite3").unlink(),
        lambda path: (path / "chroma" / "chroma.sqlite3").write_bytes(b"\0" * 4096),
        lambda path: (path.parent.parent / "current").write_text("g000099"),
        lambda path: (path.parent.parent / "current").write_bytes(b"\xff../../etc"),
    ],
)
def test_a_damaged_index_is_one_sentence_that_says_what_to_do(folder: Path, index_dir: Path, damage) -> None:  # type: ignore[no-untyped-def]
    build(folder, index_dir)
    damage(index_dir / "generations" / "g000001")
    with pytest.raises(UserError, match="newsdesk index"):
        open_current(index_dir)
    build(folder, index_dir)
    assert open_current(index_dir).manifest.article_count == 3


def test_the_folder_is_remembered(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    assert default_folder(index_dir) == folder.resolve()


def test_progress_counts_files_to_the_end(folder: Path, index_dir: Path) -> None:
    seen: list[Status] = []
    rebuild(folder, index_dir, HashingEmbedding, seen.append)
    assert [status.stage for status in seen] == ["loading the embedding model", "indexing", "publishing", "published"]
    assert (seen[1].done, seen[1].total, seen[-1].finished) == (3, 3, True)


def test_text_is_stored_with_its_evidence(folder: Path, index_dir: Path) -> None:
    build(folder, index_dir)
    path = index_dir / "generations" / "g000001" / "text.sqlite3"
    ((evidence,),) = sqlite3.connect(path).execute("SELECT evidence FROM articles WHERE id = 'bridge.md'").fetchall()
    assert '"published": "front matter"' in evidence
