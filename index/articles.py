"""An article: what its file tells, completed from its first lines, its name and its words."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from index.datelines import from_first_lines
from index.errors import Unreadable
from index.language import detect_language
from index.readers.story import Found, Story, is_date, one_line

_TITLE_CHARACTERS = 120
_ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


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
    page_starts: tuple[int, ...] = ()  # where in `text` each page of a PDF begins
    also_in: tuple[str, ...] = ()  # its copies, which are not indexed themselves

    def page_at(self, offset: int) -> int | None:
        """The page, counted from 1, that holds this character; None for what has no pages."""
        return bisect_right(self.page_starts, offset) or None


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is not in the index, a file or one article of it, and why, in one sentence."""

    path: str
    reason: str
    again: bool = field(default=False, compare=False)  # its reader was lost over it, which may have been by accident


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that is not indexed, being a copy of one that is."""

    path: str
    copy_of: str


def to_article(path: str, story: Story) -> Article:
    """The article of that file; a field that the story does not tell is found in its text or the file's name.

    Raises Unreadable when it has no text.
    """
    if not story.text.strip():
        raise Unreadable("it holds no text")
    language = dict(story.found).get("language") or (detect_language(story.text), "detected")
    first_lines = {**_headline(story.text), **from_first_lines(story.text, language[0])}
    found = {**_from_name(path), **first_lines, **({"language": language} if language[0] else {}), **story.found}

    def value(name: str) -> str:
        return found.get(name, ("", ""))[0]

    return Article(
        id=path + story.part,
        title=value("title"),
        text=story.text,
        published=value("published"),
        language=value("language"),
        source=value("source"),
        author=value("author"),
        url=value("url"),
        evidence={name: where for name, (_, where) in found.items()} | dict(story.evidence),
        page_starts=story.page_starts,
    )


def _from_name(path: str) -> Found:
    """A title out of the file's name, and the date in it."""
    name = PurePosixPath(path)
    words = " ".join(re.sub("[-_]", " ", _ISO_DATE.sub(" ", name.stem)).split())
    found = {"title": (words[:1].upper() + words[1:] or name.stem, "file name")}
    if (published := next(filter(is_date, _ISO_DATE.findall(name.name)), None)) is not None:
        found["published"] = (published, "file name")
    return found


def _headline(text: str) -> Found:
    """The first line, if it stands like a title: short, no sentence, and apart from what follows."""
    line, _, rest = text.lstrip("\n").partition("\n")
    title = one_line(line)
    # With one paragraph to a line there are no empty lines between them; a wrapped line is no headline.
    stands_apart = rest.startswith("\n") or any(len(other) > _TITLE_CHARACTERS for other in rest.split("\n"))
    is_sentence = re.search(r"[.!?…:;,。！？।؟][\"'”’»“)\]]*$", title) is not None
    if title and rest.strip() and stands_apart and len(title) <= _TITLE_CHARACTERS and not is_sentence:
        return {"title": (title, "first line")}
    return {}
