"""With Ray the index is the one that this machine makes alone, whichever node is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from contents import contents
from fakes import HashingEmbedding

from index.articles import Article
from index.engines.cluster import PROBES, RayEngine, _arrived, _Embed, _problem, _Read
from index.engines.local import code_digest, with_vectors
from index.errors import UserError
from index.generations.cache import EmbeddingCache
from index.generations.pointer import open_current
from index.models.loading import load_own_embedding
from index.reading.snapshot import SETTLED_SECONDS
from index.reading.units import read_file
from index.rebuild import rebuild
from index.splitting.passages import cut

ROOT = Path(__file__).resolve().parent.parent
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
QUESTIONS = ["Who led the repair of bridge 17?", "What did bridge 40 cost?"]
SECONDS = 150  # on a busy machine; on one of its own all this takes less than a minute


def write_articles(folder: Path, count: int) -> None:
    """So many articles of words that few others have, a copy of one, an empty file, and one that is no article."""
    folder.mkdir()
    for number in range(count):
        words = [
            f"{name}{number * step % 997}" for step, name in enumerate(("mill", "lane", "quay", "weir", "ford"), 3)
        ]
        (folder / f"{number:04}.md").write_text(
            f"---\ntitle: Bridge {number}\npublished: 2024-03-{1 + number % 28:02}\nlanguage: en\n---\n\n"
            f"Engineer Ada{number} led the repair of bridge {number} at {' '.join(words)}.\n\n"
            f"It cost {number * 37} crowns, which {' and '.join(words[::-1])} paid."
        )
    (folder / "copy.md").write_text((folder / "0001.md").read_text())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    time.sleep(SETTLED_SECONDS)  # of a file that has only just changed, the index does not keep when


@contextmanager
def rebuilding(folder: Path, index_dir: Path, address: str = "local", **more: str) -> Iterator["subprocess.Popen[str]"]:
    """The rebuild in its process, which ends with the block."""
    program = [sys.executable, "-c", "import ray_rebuild; ray_rebuild.main()"]
    process = subprocess.Popen(
        [*program, str(folder), str(index_dir), address, str(index_dir) + ".notes"],
        env={**os.environ, "PYTHONPATH": PATHS, "RAY_worker_niceness": "0", **more},
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
    return [tuple(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


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
        "PYTHONPATH": PATHS,
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


def test_a_node_that_cannot_take_part_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_MODELS", str(tmp_path / "models"))
    (tmp_path / "a.txt").write_text("Some words.")
    code = code_digest()
    assert _problem(tmp_path, "a.txt", code, HashingEmbedding) == ""
    assert _problem(tmp_path, "a.txt", "other", HashingEmbedding).startswith("it runs another newsdesk.")
    unseen = f"it does not see {tmp_path}/b.txt. Mount {tmp_path} there, at the same path."
    assert _problem(tmp_path, "b.txt", code, HashingEmbedding) == unseen
    assert _problem(tmp_path / "gone", "", code, HashingEmbedding).startswith("it does not see ")
    missing = _problem(tmp_path, "a.txt", code, partial(load_own_embedding, "multilingual-e5-small"))
    assert missing.startswith("The embedding multilingual-e5-small is not on this machine. Run `newsdesk models fetch")


def test_a_node_reads_as_this_machine_does_and_says_what_it_does_not_see(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some words.")
    (tmp_path / "b.png").write_bytes(b"x")
    reading = _Read(tmp_path, 1)
    read, unseen = reading(["a.txt", "b.png", "c.txt"])
    assert read == [read_file(tmp_path, path) for path in ("a.txt", "b.png", "c.txt")]
    assert unseen == ["c.txt"]


def test_a_node_whose_model_gives_other_vectors_is_refused() -> None:
    probes = HashingEmbedding().embed_texts(PROBES)
    assert _Embed(HashingEmbedding, probes)(["Snow fell."]).dtype == np.float16
    with pytest.raises(UserError, match="its model hashing gives other vectors than the one here"):
        _Embed(HashingEmbedding, probes[::-1])(["Snow fell."])


def test_vectors_that_came_are_taken_and_those_that_did_not_are_made(tmp_path: Path) -> None:
    article = Article("a.md", "A", "Snow fell. The bridge reopened.", language="en")
    embedding = HashingEmbedding()
    cuts = [cut(article, embedding.count_tokens)]
    cache = EmbeddingCache(tmp_path, embedding, 1)
    came = embedding.embed_texts(["Thunder."]).astype("<f2")
    made = with_vectors(cuts, cache, _arrived(["Snow fell."], came, embedding))
    cache.close()
    assert np.array_equal(made.sentences[0], came[0])
    assert np.allclose(made.sentences[1], embedding.embed_texts(["The bridge reopened."])[0], atol=1e-3)


def test_without_ray_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with (
        pytest.raises(UserError, match=r"Run `pip install '\.\[ray\]'`"),
        RayEngine("local", HashingEmbedding) as engine,
    ):
        list(engine.read(ROOT, ["README.md"]))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_an_address_where_no_cluster_is_says_so_at_once(address: str) -> None:
    with pytest.raises(UserError, match="No Ray cluster answers at "), RayEngine(address, HashingEmbedding) as engine:
        list(engine.read(ROOT, ["README.md"]))


@pytest.mark.slow
def test_the_default_way_never_imports_ray() -> None:
    modules = "sys, ui.commands.rebuild, index.rebuild, assistant.opening"
    program = f"import {modules}; print({{'ray', 'pyarrow'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "set()\n"


@pytest.mark.slow
def test_ray_makes_the_same_index_and_embeds_only_what_is_new(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "articles", tmp_path / "ray"
    write_articles(folder, 40)
    with (
        TemporaryDirectory(prefix="t-") as scratch,  # the path of a socket may not be long
        rebuilding(folder, index_dir, TMPDIR=scratch) as process,
    ):
        printed, errors = process.communicate(timeout=SECONDS)
        assert not list(Path(scratch).iterdir())
    assert process.returncode == 0, errors
    alone = rebuild(folder, tmp_path / "local", HashingEmbedding)
    assert everything(index_dir) == everything(tmp_path / "local")
    made = json.loads(printed)
    assert (made["article_count"], made["passage_count"]) == (alone.article_count, alone.passage_count) == (40, 40)
    assert made["made_by"] == alone.made_by
    assert {one["path"] for one in made["skipped"]} == {"empty.txt", "picture.png"}
    (folder / "0000.md").write_text("A new ferry crosses the lake at Quibble.")
    before = len(notes(index_dir))
    with rebuilding(folder, index_dir) as process:
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    texts = [text for what, _, texts in notes(index_dir)[before:] if what == "begun" for text in texts]
    assert texts == ["A new ferry crosses the lake at Quibble."]


@pytest.mark.slow
def test_what_a_lost_node_had_in_hand_is_done_again_on_another(tmp_path: Path, nodes: Any) -> None:
    folder, index_dir = tmp_path / "articles", tmp_path / "ray"
    write_articles(folder, 320)
    with rebuilding(folder, index_dir, nodes.address) as process:
        wait_until(lambda: process.poll() is not None or is_half_way(index_dir))
        assert process.poll() is None, process.communicate()
        lost = kill(nodes.worker_nodes)
        printed, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    alone = rebuild(folder, tmp_path / "local", HashingEmbedding)
    assert everything(index_dir) == everything(tmp_path / "local")
    assert report(printed) == report(json.dumps(asdict(alone)))
    begun, done = (
        [texts for what, by, texts in notes(index_dir) if what == one and by in lost] for one in ("begun", "done")
    )
    assert len(begun) > len(done) > 0, "the node was lost while it had something in hand"
    again = [texts for what, by, texts in notes(index_dir) if what == "done" and by not in lost]
    assert all(texts in again for texts in begun if texts not in done)


def is_half_way(index_dir: Path) -> bool:
    """Whether both nodes have done something, and are at something else."""
    done = Counter(by for what, by, _ in notes(index_dir) if what == "done")
    begun = Counter(by for what, by, _ in notes(index_dir) if what == "begun")
    return len(done) == 2 and all(begun[by] > done[by] > 1 for by in done)


def kill(nodes: Collection[Any]) -> set[int]:
    """The processes that worked on the node, which are all killed now."""
    [node] = nodes
    raylet = node.all_processes["raylet"][0].process.pid
    lost = {raylet, *descendants(raylet)}
    for process in lost:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    return lost


def descendants(process: int) -> set[int]:
    """The processes that it started, and those that these did."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {process}
