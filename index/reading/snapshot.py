"""What the files of a folder hold, by digest, read only where something may have changed."""

import hashlib
import os
import stat
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles import Skipped
from index.errors import Unreadable
from index.reading.files import open_file, unreadable

# A file may change again within the resolution of its clock: one changed so recently is read again the next time.
SETTLED_SECONDS = 2.0
# Larger files than any reader takes are not read here either.
DIGEST_BYTES = 100_000_000

_LINKED = "it has another name outside the folder (a hard link); put a copy there, or set NEWSDESK_HARD_LINKS=read"


@dataclass(frozen=True, slots=True)
class FileState:
    """One file as it was: `changed` is its ctime in nanoseconds, 0 when that was too recent to be relied on.

    Unlike the time of modification nobody can set a ctime back. `digest` is "" for what cannot be read; or that of when
    it could, and `kept` says why it cannot be now. `refused` says why it is not to be read at all.
    """

    path: str
    size: int
    changed: int
    digest: str
    kept: str = ""
    refused: str = ""


def take_snapshot(
    folder: Path, paths: Sequence[str], known: Mapping[str, FileState], hard_links: bool = False
) -> list[FileState]:
    """The files' states, in order; where size and time are as in `known`, its digest holds, and where a file that is
    known cannot be read, as on a disk that fails for a while.

    A file that has another name outside the folder is refused, unless `hard_links` says otherwise. Take it before the
    files are read: one that changes in between then counts as changed the next time.
    """
    settled = time.time_ns() - int(SETTLED_SECONDS * 1e9)
    found = [_status(folder / path) for path in paths]
    names = Counter((one.st_dev, one.st_ino) for one in found if one and one.st_nlink > 1)
    states = []
    for path, status in zip(paths, found, strict=True):
        linked = 0 if hard_links or status is None or not stat.S_ISREG(status.st_mode) else status.st_nlink
        if status and linked > max(1, names[status.st_dev, status.st_ino]):
            states.append(FileState(path, status.st_size, 0, "", refused=_LINKED))
        else:
            states.append(_state(folder, path, status, known.get(path), settled))
    return states


def is_same(one: Sequence[FileState], other: Sequence[FileState]) -> bool:
    """Whether the same files with the same content are in both, whenever they were touched."""
    return [(state.path, state.digest) for state in one] == [(state.path, state.digest) for state in other]


def kept_of(snapshot: Iterable[FileState]) -> tuple[Skipped, ...]:
    """What cannot be read now and stays as it was, with the reasons."""
    return tuple(Skipped(state.path, state.kept) for state in snapshot if state.kept)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:  # gone since it was listed, or in a closed folder
        return None


def _state(folder: Path, path: str, status: os.stat_result | None, known: FileState | None, settled: int) -> FileState:
    if status is None:
        return FileState(path, 0, 0, "")
    changed = status.st_ctime_ns if status.st_ctime_ns < settled else 0
    if known and known.digest and changed and (known.size, known.changed) == (status.st_size, changed):
        return known
    try:
        return FileState(path, status.st_size, changed, _digest(folder, path, status))
    except Unreadable as reason:
        if known and known.digest:
            return FileState(path, status.st_size, 0, known.digest, str(reason))
        return FileState(path, status.st_size, 0, "")


def _digest(folder: Path, path: str, status: os.stat_result) -> str:
    """Of the content; raises Unreadable when it cannot be read."""
    if not stat.S_ISREG(status.st_mode):
        return ""
    if status.st_size > DIGEST_BYTES:
        return f"{status.st_size} bytes, changed {status.st_ctime_ns}"
    with open_file(folder, path) as opened:
        try:
            return hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            raise unreadable(error) from error
