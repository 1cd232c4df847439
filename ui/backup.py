"""A back-up of what no rebuild brings back: conversations, what readers said of answers, and tokens.

It is a zip file, nothing in it compressed, so that it never unpacks to more than its own size. Its manifest names each
file with its size and SHA-256: that tells damage, not forgery, so whoever may write a back-up may write what it holds.
"""

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from index.errors import UserError
from index.generations.disk import fsync
from ui import conversations, feedback
from ui.api import tokens

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 100_000
LATER_TABLES = ("titles", "links", "ratings")  # that conversations of earlier versions have not
KEPT = (conversations.FILE, feedback.FILE, tokens.FILE)


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a back-up."""

    name: str  # one of KEPT
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a back-up holds, and when it was made."""

    made: str  # ISO date and time with zone
    files: tuple[Kept, ...]
    format: int = FORMAT


def back_up(index_dir: Path, archive: Path) -> Backup:
    """Writes the archive, while anything may be in use; raises UserError when it is there already, or nothing is."""
    if archive.exists():
        raise UserError(f"{archive} is there already. Name another file for the back-up.")
    with _scratch(archive.absolute().parent) as scratch:
        found = [name for name in KEPT if _copy(index_dir / name, scratch / name)]
        if not found:
            raise UserError(f"There is nothing to back up in {index_dir}: no conversations, feedback or tokens.")
        made = datetime.now().astimezone().isoformat(timespec="seconds")
        backup = Backup(made, tuple(_describe(scratch / name) for name in found))
        (scratch / MANIFEST).write_text(json.dumps(asdict(backup), indent=1), encoding="utf-8")
        packed_file = scratch / "archive"
        packed_file.touch(mode=0o600)
        with zipfile.ZipFile(packed_file, "w", zipfile.ZIP_STORED) as packed:
            for name in (MANIFEST, *found):
                packed.write(scratch / name, name)
        fsync(packed_file)
        packed_file.replace(archive)
        fsync(archive.absolute().parent)
    return backup


def restore(archive: Path, index_dir: Path, force: bool = False) -> Backup:
    """Puts what the archive holds in its place, all of it checked before the first file is touched.

    Each file is then replaced whole. Nothing else is changed. Raises UserError when the archive is damaged or none, and
    unless `force` is given, when one of its files is there.
    """
    with _scratch(index_dir) as scratch:
        backup = _unpack(archive, scratch)
        there = [one.name for one in backup.files if (index_dir / one.name).exists()]
        if there and not force:
            raise UserError(
                f"{' and '.join(there)} in {index_dir} would be overwritten. Give --force if that is meant."
            )
        for one in backup.files:
            for ending in ("-journal", "-wal", "-shm"):  # of the database before, which would be played into this one
                (index_dir / (one.name + ending)).unlink(missing_ok=True)
            (scratch / one.name).replace(index_dir / one.name)
        fsync(index_dir)
    return backup


@contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """A folder that only this account can read, on the disk where the files are to be, gone at the end."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".newsdesk-", dir=parent) as scratch:
            yield Path(scratch)
    except OSError as error:
        raise UserError(
            f"{error.filename or parent} cannot be read or written ({error.strerror}). "
            "Give permission, or free some disk space, and try again."
        ) from error


def _copy(source: Path, copy: Path) -> bool:
    """Whether there was such a file, copied as it was at one moment."""
    if not source.exists():
        return False
    copy.touch(mode=0o600)
    if source.suffix == ".sqlite3":
        _copy_database(source, copy)
    else:
        content = source.read_bytes()
        # A line that is being appended just now is not whole yet.
        copy.write_bytes(content[: content.rfind(b"\n") + 1] if source.suffix == ".jsonl" else content)
    fsync(copy)
    return True


def _copy_database(source: Path, copy: Path) -> None:
    try:
        # Not read only: what a writer that was killed left undone is undone first.
        database = sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
        with closing(database), closing(sqlite3.connect(copy)) as copied:
            database.backup(copied)
        _check_database(copy)
    except (sqlite3.Error, ValueError) as error:
        raise UserError(f"No back-up can be made of {source}, which may be damaged ({error}).") from error


def _check_database(path: Path) -> None:
    """Raises ValueError or sqlite3.Error unless it is a sound database of conversations and nothing besides."""
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(conversations.SCHEMA)
        schema = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
        # A trigger or a view of somebody else's would be run by whoever asks the next question.
        found, known = (set(one.execute(schema).fetchall()) for one in (database, fresh))
        later = {one for one in known if one[2] in LATER_TABLES}  # which opening the conversations adds
        if not known - later <= found <= known:
            raise ValueError("it holds other tables than conversations have")
        if (verdict := database.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise ValueError(verdict)


def _describe(file: Path) -> Kept:
    with file.open("rb") as content:
        return Kept(file.name, file.stat().st_size, hashlib.file_digest(content, "sha256").hexdigest())


def _unpack(archive: Path, scratch: Path) -> Backup:
    """What the archive holds, its files in `scratch`; UserError unless all of it is as the manifest says."""
    try:
        with zipfile.ZipFile(archive) as packed:
            members = {one.filename: one for one in packed.infolist()}
            backup = _manifest(packed, members)
            named = sorted([MANIFEST, *(one.name for one in backup.files)])
            if not named == sorted(members) == sorted(packed.namelist()):
                raise ValueError("it holds other files than its manifest names")
            for one in backup.files:
                _unpack_file(packed, members[one.name], one, scratch)
    except FileNotFoundError as error:
        raise UserError(f"There is no file {archive}.") from error
    # RuntimeError and NotImplementedError are what zipfile says of a password and of what it does not know.
    except (zipfile.BadZipFile, sqlite3.Error, ValueError, TypeError, LookupError, RuntimeError, EOFError) as error:
        raise UserError(f"{archive} is damaged, or no back-up of newsdesk ({error}). Nothing was changed.") from error
    return backup


def _manifest(packed: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> Backup:
    manifest = members[MANIFEST]
    if manifest.compress_type != zipfile.ZIP_STORED or manifest.file_size > MOST_MANIFEST_BYTES:
        raise ValueError("its manifest is too large")
    fields = json.loads(packed.read(manifest))
    if fields["format"] != FORMAT:
        raise ValueError(f"its format is {fields['format']!r}, and this version reads {FORMAT}")
    files = tuple(Kept(**one) for one in fields["files"])
    if unknown := {one.name for one in files} - set(KEPT):
        raise ValueError(f"it names {min(map(repr, unknown))}")
    return Backup(datetime.fromisoformat(fields["made"]).isoformat(), files)


def _unpack_file(packed: zipfile.ZipFile, member: zipfile.ZipInfo, said: Kept, scratch: Path) -> None:
    if member.compress_type != zipfile.ZIP_STORED or member.file_size != said.size:
        raise ValueError(f"{said.name} has another size than its manifest says")
    path = scratch / said.name
    path.touch(mode=0o600)
    with packed.open(member) as content, path.open("wb") as file:
        shutil.copyfileobj(content, file)
    if _describe(path) != said:
        raise ValueError(f"{said.name} is not what its manifest says")
    if path.suffix == ".sqlite3":
        _check_database(path)
    fsync(path)
