"""The states in which a loss of power can leave a folder, at every step of what is done to it.

Of a file only the content of its last fsync is sure to be there, and of a folder the names of its own last one. All
else may have reached the disk or not, each change by itself and in any order. What SQLite and Chroma sync of their own
is not seen here, and taken as unsynced.
"""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CALLS = ("fsync", "mkdir", "rename", "replace", "unlink", "rmdir", "truncate")
ROOT = 0
DRAWS = 3

# The content of every file by its path, None for a folder.
Tree = dict[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Disk:
    """The content of files and the names in folders, which each have a number of their own; the outermost is ROOT."""

    files: dict[int, bytes]
    folders: dict[int, dict[str, int]]

    def tree(self, folder: int = ROOT, above: str = "") -> Tree:
        """What a walk finds."""
        found: Tree = {}
        for name, number in self.folders.get(folder, {}).items():
            is_folder = number in self.folders
            found[above + name] = None if is_folder else self.files.get(number, b"")
            if is_folder:
                found |= self.tree(number, f"{above}{name}/")
        return found


@dataclass(frozen=True, slots=True)
class Moment:
    """A folder between two calls: as every process sees it, and what of it is sure to be there after power was lost."""

    seen: Disk
    synced: Disk

    def states(self, draws: random.Random) -> Iterator[Tree]:
        """What may be there: only what was synced; all names, but not the content; everything; what is drawn."""
        yield self.synced.tree()
        filled = {number: self._synced(number).ljust(len(now), b"\0") for number, now in self.seen.files.items()}
        yield Disk(filled, self.seen.folders).tree()
        yield self.seen.tree()
        for _ in range(DRAWS):
            yield self._drawn(draws).tree()

    def _synced(self, number: int) -> bytes:
        return self.synced.files.get(number, b"")

    def _drawn(self, draws: random.Random) -> Disk:
        files = {**self.synced.files}
        for number, now in self.seen.files.items():
            before = self._synced(number)
            half = now[: len(now) // 2]
            files[number] = draws.choice([now, before, before.ljust(len(now), b"\0"), half + before[len(half) :]])
        folders: dict[int, dict[str, int]] = {}
        for number in self.synced.folders.keys() | self.seen.folders.keys():
            both = [disk.folders.get(number, {}) for disk in (self.synced, self.seen)]
            drawn = {name: draws.choice(both).get(name) for name in sorted(both[0].keys() | both[1].keys())}
            folders[number] = {name: child for name, child in drawn.items() if child is not None}
        return Disk(files, folders)


def states_around(moments: Sequence[Moment], middle: int, most: int) -> list[Tree]:
    """Different states, at most so many, those of the moments nearest to the one in the middle first."""
    draws = random.Random(0)
    found: list[Tree] = []
    for place in sorted(range(len(moments)), key=lambda place: abs(place - middle)):
        found += [state for state in moments[place].states(draws) if state not in found]
    return found[:most]


def write(state: Tree, folder: Path) -> None:
    """Put the state on the disk, in a new folder."""
    folder.mkdir(parents=True)
    for path, content in state.items():
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)


@contextmanager
def recorded(folder: Path) -> Iterator[list[Moment]]:
    """The moments of what is done to the folder while this is open; what it holds at first is on the disk."""
    recorder = _Recorder(folder)
    originals = {name: getattr(os, name) for name in CALLS}
    try:
        for name, call in originals.items():
            setattr(os, name, recorder.around(name, call))
        yield recorder.moments
    finally:
        for name, call in originals.items():
            setattr(os, name, call)
        recorder.look()


class _Recorder:
    """Looks at the folder before and after every call."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[int, int] = {}  # by inode
        self._next_number = ROOT + 1
        self._seen = Disk({}, {})
        self._synced = Disk({}, {})
        self.moments: list[Moment] = []
        self._seen = self._looked()
        self._synced = Disk({**self._seen.files}, {**self._seen.folders})

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, with a look at the folder before and after it."""

        def looking(*arguments: Any, **named: Any) -> Any:
            self.look()
            returned = call(*arguments, **named)
            if name == "fsync":
                self._sync(os.fstat(arguments[0]).st_ino)
            self.look()
            return returned

        return looking

    def look(self) -> None:
        """Take down the moment, unless it is like the one before."""
        self._seen = self._looked()
        for number in self._seen.folders:
            self._synced.folders.setdefault(number, {})
        moment = Moment(self._seen, Disk({**self._synced.files}, {**self._synced.folders}))
        if not self.moments or moment != self.moments[-1]:
            self.moments.append(moment)

    def _sync(self, inode: int) -> None:
        number = self._numbers.get(inode, -1)
        if number in self._seen.files:
            self._synced.files[number] = self._seen.files[number]
        elif number in self._seen.folders:
            self._synced.folders[number] = self._seen.folders[number]

    def _looked(self) -> Disk:
        disk = Disk({}, {})
        numbers: dict[int, int] = {}
        self._look_into(self._folder, ROOT, disk, numbers)
        self._numbers = numbers  # an inode that is gone may come again as another file's
        return disk

    def _look_into(self, folder: Path, own: int, disk: Disk, numbers: dict[int, int]) -> None:
        numbers[folder.stat().st_ino] = own
        names = disk.folders[own] = {}
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            number = self._numbers.get(entry.inode())
            if number is None:
                number, self._next_number = self._next_number, self._next_number + 1
            numbers[entry.inode()] = names[entry.name] = number
            if entry.is_dir():
                self._look_into(Path(entry.path), number, disk, numbers)
                continue
            now, before = Path(entry.path).read_bytes(), self._seen.files.get(number)
            disk.files[number] = before if before is not None and before == now else now
