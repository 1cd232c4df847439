"""A story to an article: what its file does not tell is found in its first lines, its name and its words."""

import re
from functools import cache
from pathlib import PurePosixPath

from index.articles import Article
from index.errors import Unreadable
from index.languages.detection import decided_language
from index.languages.scripts import SENTENCE_ENDS
from index.languages.words import base, languages, pattern, written_marks
from index.reading.datelines import from_first_lines
from index.reading.limits import bounded, field
from index.reading.readers.days import day_in_address, day_of
from index.reading.readers.story import Fields, Story, one_line

_TITLE_CHARACTERS = 120
# As archives of a desk or of a site are kept: 2024/03/05/strike.html
_FOLDERS = re.compile(r"(?:^|/)((?:19|20)\d{2})/(\d{2})/(\d{2})/")


@cache
def _untitled() -> re.Pattern[str]:
    """What programs call a file without a title, in any language: "Untitled-2", "Dokument1"."""
    names = pattern(tuple(name for spoken in languages() for name in spoken.pages.untitled))
    return re.compile(rf"(?:(?:{names})[\W\d_]*)+", re.IGNORECASE)


def _language(story: Story) -> tuple[str, str]:
    """The language declared, unless the text is clearly in another one, and where it is known from."""
    declared = story.found.get("language", ("", ""))
    decided = decided_language(story.text, declared[0])
    return declared if declared[0] and decided == base(declared[0]) else (decided, "detected")


def to_article(path: str, story: Story) -> Article:
    """The article of that file; a field that the story does not tell is found in its text or the file's name.

    Raises Unreadable when it has no text, or far too much.
    """
    story = bounded(story)
    if not story.text.strip():
        raise Unreadable("it holds no text")
    language = _language(story)
    first_lines = {**_headline(story.text), **from_first_lines(story.text, language[0])}
    decided = {"language": language} if language[0] else {}
    told = {name: one for name, one in story.found.items() if name != "title" or not _untitled().fullmatch(one[0])}
    found = {**_from_name(path, language[0]), **first_lines, **_from_address(story), **told, **decided}

    def value(name: str) -> str:
        return field(name, found.get(name, ("", ""))[0])

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


def _from_name(path: str, language: str) -> Fields:
    """A title out of the file's name, and the day in it or in the names of its folders."""
    name = PurePosixPath(path)
    words = " ".join(re.sub("[-_]", " ", _date().sub(" ", name.stem)).split())
    found = {"title": (words[:1].upper() + words[1:] or name.stem, "file name")}
    folders = _FOLDERS.search(path)
    written = [(match[0], "file name") for match in _date().finditer(name.stem)]
    written += [("-".join(folders.groups()), "folder names")] if folders else []
    written += [(match[0], "folder names") for match in [_date().fullmatch(name.parent.name)] if match]
    for raw, where in written:
        if day := day_of(raw if re.fullmatch(r"[\W\d_]+", raw) else re.sub("[-_.,]", " ", raw), language):
            found["published"] = (day, where)
            break
    return found


@cache
def _date() -> re.Pattern[str]:
    """A day in a file's name: with the year first, or last; as eight digits; with the month's name; or with marks."""
    year, month, day = map(written_marks, ("year_mark", "month_mark", "day_mark"))
    return re.compile(
        r"(?<!\d)(?:\d{4}([-_.])\d{2}\1\d{2}|\d{1,2}([-_.])\d{1,2}\2(?:19|20)\d{2}|(?:19|20)\d{6}|"
        r"\d{1,2}[-_. ]{1,2}[^\W\d_]{3,10}[-_. ](?:19|20)\d{2}|[^\W\d_]{3,10}[-_. ]\d{1,2}[-_., ]+(?:19|20)\d{2}|"
        rf"(?:19|20)\d{{2}}\s?(?:{year})\s?\d{{1,2}}\s?(?:{month})\s?\d{{1,2}})(?!\d)(?:{day})?"
    )


def _from_address(story: Story) -> Fields:
    """The day in the address of the article."""
    day = day_in_address(story.found.get("url", ("", ""))[0])
    return {"published": (day, "address")} if day else {}


def _headline(text: str) -> Fields:
    """The first line, if it stands like a title: short, no sentence, and apart from what follows."""
    line, _, rest = text.lstrip("\n").partition("\n")
    title = one_line(line)
    # With one paragraph to a line there are no empty lines between them; a wrapped line is no headline.
    stands_apart = rest.startswith("\n") or any(len(other) > _TITLE_CHARACTERS for other in rest.split("\n"))
    is_sentence = re.search(rf"[{SENTENCE_ENDS}:;,][\"'”’»“)\]]*$", title) is not None
    if title and rest.strip() and stands_apart and len(title) <= _TITLE_CHARACTERS and not is_sentence:
        return {"title": (title, "first line")}
    return {}
