"""With Ray the index is the one that this machine makes alone, whichever node is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import HashingEmbedding
from contents import contents

from index.articles import Article
from index.cache import EmbeddingCache
from index.engines import code_digest, with_vectors
from index.errors import UserError
from index.generations import open_current
from index.passages import cut
from index.ray_engine import PROBES, RayEngine, _arrived, _Embed, _problem, _Read
from index.rebuild import read_status, rebuild

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ["Who led the repair of bridge 17?", "What did mill 40 cost?"]
# Of the code on a busy machine; what is measured of it is in docs/SCALING.md.
SECONDS = 85


def write_articles(folder: Path, count: int) -> None:
    """So many articles, a copy of one, a file that cannot be read, and one that is no article."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04}.md").write_text(
            f"---\ntitle: Bridge {number}\npublished: 2024-03-{1 + number % 28:02}\nlanguage: en\n---\n\n"
            f"Engineer Ada Finch led the repair of bridge {number}.\n\nIt cost {number * 37} crowns, as mill {number} did."
        )
    (folder / "copy.md").write_text((folder / "0001.md").read_text())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG")


@contextmanager
def rebuilding(folder: Path, index_dir: Path, address: str = "local") -> Iterator["subprocess.Popen[str]"]:
    """The rebuild in its process, which ends with the block."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    program = [sys.executable, "-c", "import ray_rebuild; ray_rebuild.main()"]
    process = subprocess.Popen(
        [*program, str(folder), str(index_dir), address, str(index_dir) + ".notes"],
        env={**os.environ, "PYTHONPATH": paths, "RAY_worker_niceness": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def notes(index_dir: Path) -> list[tuple[str, int, list[str]]]:
    """What was begun and what was done, by which process, of which texts."""
    path = Path(str(index_dir) + ".notes")
    return [tuple(json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def everything(index_dir: Path) -> tuple[dict[str, object], dict[str, int]]:
    """What the index holds, and the checksums of its files but for the vector store's."""
    generation = open_current(index_dir)
    checksums = {file.path: file.crc32 for file in generation.manifest.files if not file.path.startswith("chroma")}
    return contents(generation, HashingEmbedding(), QUESTIONS), checksums


def report(printed: str) -> dict[str, Any]:
    """The manifest without what tells one build from another of the same."""
    manifest = json.loads(printed)
    return {name: value for name, value in manifest.items() if name not in ("created", "files", "recall")}


def wait_until(is_so: Callable[[], object], seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two nodes on loopback, with one processor each, that nothing is left of."""
    for name, value in {
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",
        "RAY_health_check_initial_delay_ms": "0",
        "RAY_health_check_period_ms": "1000",
    }.items():
        monkeypatch.setenv(name, value)
    from ray.cluster_utils import Cluster

    cluster = Cluster()
    try:
        for name in ("first", "second"):
            cluster.add_node(num_cpus=1, node_name=name, object_store_memory=100_000_000, include_dashboard=False)
        yield cluster
    finally:
        cluster.shutdown()


@pytest.mark.slow
def test_ray_makes_the_same_index_and_embeds_only_what_is_new(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "articles", tmp_path / "ray"
    write_articles(folder, 40)
    with rebuilding(folder, index_dir) as process:
        printed, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    alone = rebuild(folder, tmp_path / "local", HashingEmbedding)
    assert everything(index_dir) == everything(tmp_path / "local")
    made = json.loads(printed)
    assert (made["article_count"], made["passage_count"]) == (alone.article_count, alone.passage_count) == (40, 40)
    assert made["made_by"] == alone.made_by
    assert {one["path"] for one in made["skipped"]} == {"empty.txt", "picture.png"}
    assert not list(Path("/tmp").glob("nd-*"))
    (folder / "0000.md").write_text("A new ferry crosses the lake at Quibble.")
    before = len(notes(index_dir))
    with rebuilding(folder, index_dir) as process:
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    texts = [text for what, _, texts in notes(index_dir)[before:] if what == "begun" for text in texts]
    assert texts == ["A new ferry crosses the lake at Quibble."]
