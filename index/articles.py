"""An article, and what of a folder is none: values."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

# Names in an article's evidence: when each of its parts is said in a film, and on which pages a program made out the
# letters of a picture.
TIMES, RECOGNISED = "times", "recognised text"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in its file something of an article stands."""

    page: int | None = None  # counted from 1
    time: str = ""  # of a film, 00:12:04
    recognised: bool = False  # its letters were made out of a picture


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `id` is its file's path relative to the folder, with forward slashes.

    In a file of several it ends with which one: wire.jsonl#3. Inside an archive: week.zip/monday/strike.md.
    """

    id: str
    title: str
    text: str
    published: str = ""  # ISO date, YYYY-MM-DD, or ""
    language: str = ""  # ISO 639-1
    source: str = ""
    author: str = ""
    url: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)  # field name -> where its value was found
    page_starts: tuple[int, ...] = ()  # where in `text` each page, or part of a film, begins
    also_in: tuple[str, ...] = ()  # its copies, which are not indexed themselves

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that holds this character; None for what has no pages."""
        return None if TIMES in self.evidence else self._part_at(offset)

    def spot_at(self, offset: int) -> Spot:
        """Where this character stands in the article's file."""
        part = self._part_at(offset)
        times = self.evidence.get(TIMES, "").split()
        if part and part <= len(times):
            return Spot(time=times[part - 1])
        return Spot(self.page_at(offset), recognised=str(part or 1) in self.evidence.get(RECOGNISED, "").split())

    def _part_at(self, offset: int) -> int | None:
        return bisect_right(self.page_starts, offset) or None


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is not in the index, a file or one article of it, and why, in one sentence."""

    path: str
    reason: str
    again: bool = field(default=False, compare=False)  # the next rebuild may read it: its reader was lost
    missing: bool = field(default=False, compare=False)  # any later one may: its reader is not on this machine


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that is not indexed, being a copy of one that is."""

    path: str
    copy_of: str


def is_day(text: str) -> bool:
    """Whether it is a day as an article has it, YYYY-MM-DD; so written, days are in order as texts are."""
    try:
        return date.fromisoformat(text).isoformat() == text  # not 20240514, nor 2024-W20-2
    except ValueError:
        return False
