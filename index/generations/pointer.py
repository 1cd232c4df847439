"""Which generation of an index is in use: opened, switched, gone back from, and all others swept away.

    <index dir>/ lock · current (pointer) · status.json · cache.sqlite3 · generations/g000042/

With a server for the vectors the folder of the index also holds its `identity`. A damaged generation is passed over
for the newest that is whole.
"""

import json
import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import NoIndexYet, StoreUnreachable, UserError
from index.failpoints import failpoint
from index.generations.disk import fsync, make_folder
from index.generations.generation import Generation
from index.generations.manifest import read_manifest
from index.generations.text import read_only
from index.locks import is_kept
from index.reading.snapshot import FileState
from index.stores.addresses import address_of
from index.stores.addresses import sweep as sweep_server

logger = logging.getLogger(__name__)


def current_name(index_dir: Path) -> str:
    """The name of the generation in use, "" when none was published or the pointer is damaged."""
    try:
        name = (index_dir / "current").read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return name if re.fullmatch(r"g\d{6,}", name) else ""


def current_folder(index_dir: Path) -> str:
    """The folder that the generation in use was made from, in whichever format; "" when nothing tells."""
    for path in _candidates(index_dir):
        try:
            return str(json.loads((path / "manifest.json").read_text(encoding="utf-8"))["folder"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            continue
    return ""


def open_current(index_dir: Path) -> Generation:
    """The generation in use; if that is damaged, the newest whole one, with a `notice` of it.

    Raises UserError when there is none, and when the server that holds its vectors does not answer.
    """
    name = current_name(index_dir)
    problem = "" if name else "Nothing tells which index is in use. Rebuild with `newsdesk index`."
    for path in _candidates(index_dir):
        try:
            notice = problem and f"{problem} Until then {path.name} answers."
            return Generation(path, "" if path.name == name else notice)
        except StoreUnreachable:
            raise
        except UserError as error:
            problem = problem or str(error)
        if current_name(index_dir) != name:  # a rebuild was quicker
            return open_current(index_dir)
    if not _published(index_dir) and not name:
        raise NoIndexYet(f"There is no index in {index_dir} yet. Build one with `newsdesk index FOLDER`.")
    raise UserError(problem)


def holds_deleted(index_dir: Path, name: str, snapshot: Iterable[FileState]) -> bool:
    """Whether the generation of that name holds what is not in the snapshot; a damaged one may."""
    path = index_dir / "generations" / name / "text.sqlite3"
    if not name or not path.exists():
        return False
    try:
        with closing(read_only(path)) as text:
            digests = {digest for (digest,) in text.execute("SELECT digest FROM files")}
    except sqlite3.DatabaseError:
        return True
    return not digests <= {file.digest for file in snapshot}


def roll_back(index_dir: Path) -> Generation:
    """The newest whole generation from before the one in use, now in use itself."""
    name = current_name(index_dir)
    for path in reversed(_published(index_dir)):
        if name and number_of(path) >= number_of(Path(name)):
            continue
        try:
            generation = Generation(path)
        except StoreUnreachable:
            raise
        except UserError as error:
            logger.warning("%s", error)
            continue
        point_to(index_dir, generation.name)
        return generation
    raise UserError(f"{index_dir} holds no older index to go back to; {name or 'what is there'} stays in use.")


def is_published(index_dir: Path) -> bool:
    """Whether there is any generation, be it in use or not."""
    return bool(current_name(index_dir) or _published(index_dir))


def _published(index_dir: Path) -> list[Path]:
    """Every published generation, oldest first."""
    found = [path for path in (index_dir / "generations").glob("g[0-9]*") if re.fullmatch(r"g\d{6,}", path.name)]
    return sorted(found, key=number_of)


def _candidates(index_dir: Path) -> list[Path]:
    """The generations that can answer, the one in use first, then the newest."""
    name = current_name(index_dir)
    published = _published(index_dir)
    in_use = [index_dir / "generations" / name] if name else []
    return in_use + [path for path in reversed(published) if path.name != name]


def point_to(index_dir: Path, name: str) -> None:
    """Make the generation of that name the one in use, at one instant."""
    pointer = index_dir / "current.new"
    pointer.write_text(name + "\n", encoding="utf-8")
    fsync(pointer)
    failpoint("pointing")
    pointer.replace(index_dir / "current")
    fsync(index_dir)


def number_of(path: Path) -> int:
    """The number of the generation in `path`, be it published or only begun; they are counted up from 1."""
    return int(path.name.removesuffix(".building")[1:])


def sweep_unfinished(index_dir: Path) -> None:
    """Remove whatever a killed rebuild left behind."""
    for path in (index_dir / "generations").glob("*.building"):
        shutil.rmtree(path, ignore_errors=True)


def sweep(index_dir: Path, keep_previous: bool = True, store_address: str = "") -> tuple[int, int]:
    """Remove all generations but the current one, the one before it and those read; the numbers of the oldest one
    left, and of the oldest on which one that is left is based.

    Their vectors go too, and what ended rebuilds left on the server at the address. Nothing goes while the current
    one is damaged: both are 0 then.
    """
    name = current_name(index_dir)
    try:
        manifest = read_manifest(index_dir / "generations" / name)
    except UserError:
        return 0, 0
    keep = {name, manifest.previous if keep_previous else ""}
    addresses = {store_address}
    for path in _published(index_dir):
        if path.name not in keep and not is_kept(path / "manifest.json"):
            addresses.add(_address_of(path))
            shutil.rmtree(path, ignore_errors=True)
            failpoint("swept")
    left = _published(index_dir)
    for address in addresses:
        try:
            sweep_server(address, index_dir, [path.name for path in left])
        except UserError as error:  # the next rebuild tries again
            logger.warning("%s", error)
    return min(map(number_of, left)), min(map(_base_of, left))


def _base_of(path: Path) -> int:
    """The number of the generation on which that in `path` is based; 0 when that cannot be read."""
    try:
        return number_of(Path(read_manifest(path).base))
    except UserError:
        return 0


def _address_of(path: Path) -> str:
    """Where the server is that has the vectors of the generation in `path`; "" when none has, or nothing tells."""
    try:
        return address_of(read_manifest(path).store)
    except UserError:
        return ""


def is_locked(index_dir: Path) -> bool:
    """Whether a rebuild runs, told by its lock."""
    owner = index_dir / "lock"
    if not owner.is_file():
        return False
    lock = FileLock(owner)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


@contextmanager
def rebuild_lock(index_dir: Path, wait: bool = False) -> Iterator[None]:
    """Held while one rebuild runs; the kernel lets go of it when its owner dies, however it dies.

    Raises UserError when another process has it, unless it is to `wait`.
    """
    owner = index_dir / "lock"
    lock = FileLock(owner)
    try:
        make_folder(index_dir)
        lock.acquire(timeout=-1 if wait else 0)
    except Timeout:
        raise UserError(f"A rebuild is already running ({_told(owner)}). Wait until it has finished.") from None
    except OSError as error:
        raise UserError(
            f"No index can be written to {index_dir} ({error.strerror}). Name another place with --index-dir."
        ) from error
    try:
        with suppress(OSError):  # some systems let nobody write into a file that is locked
            owner.write_text(f"since {datetime.now():%H:%M}, pid {os.getpid()}", encoding="utf-8")
        yield
    finally:
        lock.release()


def _told(owner: Path) -> str:
    try:
        return owner.read_text(encoding="utf-8").strip() or "another process"
    except OSError:
        return "another process"
