"""Articles that come in through the page: checked, written into the folder that is indexed, and removed again."""

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

import yaml

from index.errors import Unreadable, UserError
from index.reading.files import create_file, list_files, not_a_device, open_file, remove_file
from index.reading.readers.kinds import READERS
from index.reading.units import FILE_MEGABYTES

FILE = "added.sqlite3"
# At once; the index reads no larger file.
MOST_FILES, MOST_BYTES_AT_ONCE, FILE_BYTES = 500, 100_000_000, FILE_MEGABYTES * 1_000_000
ENDINGS = tuple(sorted({*READERS, ".zip"}))
ENDINGS_LONGEST_FIRST = sorted(ENDINGS, key=len, reverse=True)  # ".warc.gz"
NAME_BYTES = 120
TITLE_CHARACTERS, TEXT_CHARACTERS = 300, 500_000
MOST_OF_A_NAME = 99  # files of one name that are told apart
MOST_FOLDERS = 200
# What some system takes for more than a part of a name, or the index for the number of an article.
_NO_NAME = frozenset('/\\:*?"<>|#%')

# What became of a file.
NEW, KNOWN = "new", "known"
UNKNOWN_KIND, EMPTY, TOO_LARGE, TOO_MANY = (
    "It is of no kind that is read.",
    "It is empty.",
    "It is too large.",
    "It is one too many for one go.",
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that somebody wants to add: its name there, and what it holds."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: `path` in the folder is where it stands now, "" with a `problem`; `known` if it was there."""

    name: str
    path: str = ""
    known: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A file that came in through the page, by whom and when."""

    path: str
    owner: str
    added: str  # ISO date and time with zone


class Intake:
    """What may come into one folder. Which files came in is kept beside the index; nothing else can be removed."""

    def __init__(self, folder: Path, index_dir: Path) -> None:
        self.folder = folder
        self._path = index_dir / FILE

    def folders(self) -> list[str]:
        """The folders that are offered, "" for the one that is indexed itself."""
        if not self.folder.is_dir():
            return [""]
        found = {parent.as_posix() for path in list_files(self.folder) for parent in PurePosixPath(path).parents}
        return ["", *sorted(found - {"."})[:MOST_FOLDERS]]

    def add(self, owner: str, into: str, files: Sequence[Incoming]) -> tuple[Outcome, ...]:
        """What became of each file; none takes the place of another, and what is there already is not written twice.

        Raises UserError when the folder `into` is not among those that are offered.
        """
        if into not in self.folders():
            raise UserError("There is no such folder. Choose one that is offered.")
        self.folder.mkdir(parents=True, exist_ok=True)
        outcomes: list[Outcome] = []
        total = 0
        for count, file in enumerate(files):
            total += len(file.content)
            if count >= MOST_FILES or total > MOST_BYTES_AT_ONCE:
                outcomes.append(Outcome(file.name, problem=TOO_MANY))
            elif problem := _problem(file):
                outcomes.append(Outcome(file.name, problem=problem))
            else:
                outcomes.append(self._write(owner, into, file))
        return tuple(outcomes)

    def added(self) -> list[Added]:
        """What came in and is still there as it came, newest first."""
        if not self._path.is_file():
            return []
        there = set(list_files(self.folder)) if self.folder.is_dir() else set()
        with closing(self._database()) as database:
            rows = database.execute("SELECT path, owner, added FROM added ORDER BY added DESC, rowid DESC").fetchall()
        return [Added(*row) for row in rows if row[0] in there]

    def remove(self, owner: str, path: str, of_anybody: bool = False) -> None:
        """Takes the file out of the folder; raises UserError unless it came in through the page, by that owner."""
        with closing(self._database()) as database, database:
            rows = database.execute("SELECT owner, digest FROM added WHERE path = ?", (path,)).fetchall()
            if not rows or not (of_anybody or rows[0][0] == owner):
                raise UserError("Only what you have added here can be removed here.")
            with suppress(FileNotFoundError, Unreadable):
                if self._digest(path) != rows[0][1]:
                    raise UserError("The file has been changed since it was added. Remove it in its folder.")
                remove_file(self.folder, path)
            database.execute("DELETE FROM added WHERE path = ?", (path,))

    def _write(self, owner: str, into: str, file: Incoming) -> Outcome:
        """Where the file stands now, under its own name or, where another has that, with a number behind it."""
        digest = hashlib.sha256(file.content).hexdigest()
        stem, ending = _name(file.name)
        for number in range(1, MOST_OF_A_NAME + 1):
            name = f"{stem} ({number}){ending}" if number > 1 else f"{stem}{ending}"
            path = f"{into}/{name}" if into else name
            try:
                create_file(self.folder, path, file.content)
            except FileExistsError:
                if self._digest(path) == digest:
                    return Outcome(file.name, path, known=True)
                continue
            except OSError as error:
                raise UserError(
                    f"{self.folder} cannot be written to ({error.strerror}). Ask whoever runs this page."
                ) from error
            with closing(self._database()) as database, database:
                now = datetime.now().astimezone().isoformat(timespec="seconds")
                database.execute("INSERT OR REPLACE INTO added VALUES (?, ?, ?, ?)", (path, owner, digest, now))
            return Outcome(file.name, path)
        return Outcome(file.name, problem=TOO_MANY)

    def _digest(self, path: str) -> str:
        """That of the file there, "" for one that cannot be read."""
        try:
            with open_file(self.folder, path) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except Unreadable:
            return ""

    def _database(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        database = sqlite3.connect(self._path, timeout=10)
        database.execute(
            "CREATE TABLE IF NOT EXISTS added (path TEXT PRIMARY KEY, owner TEXT, digest TEXT, added TEXT)"
        )
        return database


def written(title: str, source: str, published: str, text: str) -> Incoming:
    """A pasted text as a file, with what is known of it as front matter; raises UserError when there is no text."""
    text = _storable(text).strip()
    if not text:
        raise UserError("There is no text. Paste the article into the field.")
    if len(text) > TEXT_CHARACTERS:
        raise UserError(f"The text has {len(text):,} characters; at most {TEXT_CHARACTERS:,} are taken. Shorten it.")
    title, source = (" ".join(_storable(one).split())[:TITLE_CHARACTERS] for one in (title, source))
    title = title or text.splitlines()[0].strip()[:TITLE_CHARACTERS]
    known = {"title": title, "published": published, "source": source}
    front = yaml.safe_dump({key: value for key, value in known.items() if value}, allow_unicode=True, sort_keys=False)
    day = f"{published}-" if published else ""
    name = re.sub(r"[/\\]", "-", title[:60])  # else all before it would be folders
    return Incoming(f"{day}{name}.md", f"---\n{front}---\n\n{text}\n".encode())


def _storable(text: str) -> str:
    """The text without halves of characters, which no file holds."""
    return text.encode("utf-8", "replace").decode()


def _problem(file: Incoming) -> str:
    """Why the file is not taken, "" when it is."""
    if not _name(file.name)[1]:
        return UNKNOWN_KIND
    if not file.content:
        return EMPTY
    return TOO_LARGE if len(file.content) > FILE_BYTES else ""


def _name(given: str) -> tuple[str, str]:
    """The name under which a file is written, whatever it was called elsewhere, and its ending, "" for one not read."""
    plain = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    plain = "".join("-" if one in _NO_NAME or not one.isprintable() else one for one in plain)
    ending = next((one for one in ENDINGS_LONGEST_FIRST if plain.lower().endswith(one)), "")
    stem = not_a_device(plain[: len(plain) - len(ending)].strip(" .-") or "article")
    return stem.encode()[:NAME_BYTES].decode(errors="ignore").rstrip(" ."), ending
