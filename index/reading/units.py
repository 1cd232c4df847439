"""One file to its articles: opened, its kind told, read, and every part of it accounted for."""

import logging
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from index.articles import Article, Skipped
from index.errors import Unreadable
from index.reading.completing import to_article
from index.reading.files import open_file, read_all
from index.reading.limits import NAME_CHARACTERS, most_characters, within_limits
from index.reading.readers.archive import articles_in, open_archive, read_member
from index.reading.readers.kinds import is_archive, reader_for
from index.reading.readers.story import Flaw, Story
from index.reading.texts.decoding import INVISIBLE

FILE_MEGABYTES = 20
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unit:
    """A file, or one file of an archive, that can be read by itself."""

    id: str
    load: Callable[[], bytes]  # raises Unreadable

    def read(self) -> list[Article | Skipped]:
        """The articles in it, and what of it is none."""
        try:
            if len(self.id) > NAME_CHARACTERS:
                raise Unreadable("its name is too long to be stored; rename the file")
            if any(_is_unstorable(character) for character in self.id):
                raise Unreadable("its name cannot be stored; rename the file")
            content = self.load()
            if not content:
                raise Unreadable("the file is empty")
            stories = reader_for(self.id, content)(content)
            read = (_outcome(self.id, story) for story in stories)
            outcomes = list(within_limits(self.id, read, most_characters(len(content))))
            if not outcomes:
                raise Unreadable("it holds no articles")
            return outcomes
        except Unreadable as reason:
            return [Skipped(shown(self.id), str(reason), reason.again, reason.missing)]
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a parser may fail in any way over a damaged file
            logger.warning("%s: %r", shown(self.id), error)
            return [Skipped(shown(self.id), f"it is damaged: its reader failed ({type(error).__name__})")]


def _outcome(path: str, story: Story | Flaw) -> Article | Skipped:
    if isinstance(story, Flaw):
        return Skipped(path + story.part, story.reason, story.again)
    try:
        return to_article(path, story)
    except Unreadable as reason:
        return Skipped(path + story.part, str(reason))


def read_file(folder: Path, path: str) -> list[Article | Skipped]:
    """Every article in the file `path` of `folder`, in order, and what of it is none; at least one of either."""
    outcomes = (outcome for unit in units(folder, path) for outcome in unit.read())
    return list(within_limits(path, outcomes) if is_archive(path) else outcomes)


def units(folder: Path, path: str) -> Iterator[Unit]:
    """The file itself, or each file in it when it is an archive; at least one, which says why if it is unreadable."""
    if not is_archive(path):
        yield Unit(path, partial(_load, folder, path))
        return
    reason: Unreadable | None = Unreadable("the archive holds no files")
    try:
        with open_file(folder, path) as file, open_archive(file) as archive:
            for name, member in articles_in(archive):
                reason = None
                yield Unit(f"{path}/{name}", partial(_load_member, archive, member))
    except Unreadable as error:
        reason = error
    if reason:
        yield Unit(path, partial(_fail, reason))


def shown(path: str) -> str:
    """The path, with characters that would break a terminal or a database escaped, and no longer than one may be."""
    path = path if len(path) <= NAME_CHARACTERS else f"{path[:NAME_CHARACTERS]}…"
    return "".join(
        character.encode("unicode_escape").decode() if _is_unstorable(character) else character for character in path
    )


def _load(folder: Path, path: str) -> bytes:
    with open_file(folder, path) as file:
        return read_all(file, FILE_MEGABYTES)


def _load_member(archive: ZipFile, member: ZipInfo | Unreadable) -> bytes:
    if isinstance(member, Unreadable):
        raise member
    return read_member(archive, member, FILE_MEGABYTES)


def _fail(reason: Unreadable) -> bytes:
    raise reason


def _is_unstorable(character: str) -> bool:
    """Whether a name with this character breaks a terminal, or (lone surrogates) Chroma and SQLite."""
    return INVISIBLE.match(character) is not None or unicodedata.category(character) in ("Cc", "Zl", "Zp")
