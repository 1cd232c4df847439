"""What the files of a folder hold, by digest, read only where something may have changed."""

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles import Skipped
from index.files import unreadable

# A file may change again within the resolution of its clock: one changed so recently is read again the next time.
SETTLED_SECONDS = 2.0
# Larger files than any reader takes are not read here either.
DIGEST_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class FileState:
    """One file as it was: `changed` is its ctime in nanoseconds, 0 when that was too recent to be relied on.

    Unlike the time of modification nobody can set a ctime back. `digest` is "" for what cannot be read; or that of when
    it could, and `kept` says why it cannot be now.
    """

    path: str
    size: int
    changed: int
    digest: str
    kept: str = ""


def take_snapshot(folder: Path, paths: Iterable[str], known: Mapping[str, FileState]) -> list[FileState]:
    """The files' states, in order; where size and time are as in `known`, its digest holds, and where a file that is
    known cannot be read, as on a disk that fails for a while.

    Take it before the files are read: one that changes in between then counts as changed the next time.
    """
    settled = time.time_ns() - int(SETTLED_SECONDS * 1e9)
    return [_state(folder, path, known.get(path), settled) for path in paths]


def is_same(one: Sequence[FileState], other: Sequence[FileState]) -> bool:
    """Whether the same files with the same content are in both, whenever they were touched."""
    return [(state.path, state.digest) for state in one] == [(state.path, state.digest) for state in other]


def kept_of(snapshot: Iterable[FileState]) -> tuple[Skipped, ...]:
    """What cannot be read now and stays as it was, with the reasons."""
    return tuple(Skipped(state.path, state.kept) for state in snapshot if state.kept)


def _state(folder: Path, path: str, known: FileState | None, settled: int) -> FileState:
    try:
        status = (folder / path).lstat()
    except OSError:  # gone since it was listed, or in a closed folder
        return FileState(path, 0, 0, "")
    changed = status.st_ctime_ns if status.st_ctime_ns < settled else 0
    if known and known.digest and changed and (known.size, known.changed) == (status.st_size, changed):
        return known
    try:
        return FileState(path, status.st_size, changed, _digest(folder / path, status))
    except OSError as error:
        is_known = known is not None and bool(known.digest)
        return FileState(path, status.st_size, 0, known.digest if known else "", str(unreadable(error)) * is_known)


def _digest(file: Path, status: os.stat_result) -> str:
    """Of the content; raises OSError when it cannot be read."""
    if not stat.S_ISREG(status.st_mode):
        return ""
    if status.st_size > DIGEST_BYTES:
        return f"{status.st_size} bytes, changed {status.st_ctime_ns}"
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
