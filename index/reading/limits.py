"""How much may come out of one file, whatever went in: articles, reasons, characters, and the length of a field."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.articles import Article, Skipped
from index.errors import Unreadable
from index.reading.readers.story import Story

MOST_ARTICLES = 20_000  # of a file, or of all files of an archive
REASONS_NAMED = 100  # why parts of a file are no articles; of more, how many
MOST_CHARACTERS = 1_000_000  # of an article
# Of a file's articles together, for each of its bytes, beside what one article may have: a packed file that repeats one
# long cell thousands of times holds far more than it is large. And of an archive's, whatever its size.
UNPACKED_TIMES = 50
MOST_TOGETHER = 64_000_000
NAME_CHARACTERS = 1_000  # of a file inside its folder or archive
FIELD_CHARACTERS, URL_CHARACTERS = 500, 2_000

# Spaces and empty lines without end say nothing, and each would be kept, searched and quoted.
_BLANK = re.compile(r"(?<!\s)\s{200,}")


def most_characters(byte_count: int) -> int:
    """Of the articles together of a file with so many bytes."""
    return min(MOST_CHARACTERS + UNPACKED_TIMES * byte_count, MOST_TOGETHER)


def within_limits(
    path: str, outcomes: Iterable[Article | Skipped], most: int = MOST_TOGETHER
) -> Iterator[Article | Skipped]:
    """The outcomes of the file, at most so many of either kind, and of the articles as long as they have together up to
    `most` characters; then in one sentence what else there was.
    """
    articles = reasons = characters = 0
    for one in outcomes:
        if isinstance(one, Skipped):
            reasons += 1
            if reasons <= REASONS_NAMED:
                yield one
        elif articles == MOST_ARTICLES:
            yield Skipped(path, f"only its first {MOST_ARTICLES:,} articles were read; split it")
            break
        elif (characters := characters + len(one.text)) > most:
            yield Skipped(path, f"only its first {articles:,} articles were read, the rest is too much text; split it")
            break
        else:
            articles += 1
            yield one
    if reasons > REASONS_NAMED:
        yield Skipped(path, f"{reasons - REASONS_NAMED:,} more of its parts cannot be read")


def bounded(story: Story) -> Story:
    """The story without blanks that go on for ever; raises Unreadable when it is still longer than an article may be.

    The text of a PDF stays as it is: its pages begin at characters of it.
    """
    text = story.text if story.page_starts else _BLANK.sub(lambda run: "\n\n" if "\n" in run[0] else " ", story.text)
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"it has {len(text):,} characters; an article may have up to {MOST_CHARACTERS:,}")
    return replace(story, text=text)


def field(name: str, value: str) -> str:
    """The value of a field, without what is no letter, cut where it is longer than any that is meant.

    An address is whole or none.
    """
    value = value.encode("utf-8", "ignore").decode()  # half of a pair cannot be written down
    if name == "url":
        return value if len(value) <= URL_CHARACTERS else ""
    return value if len(value) <= FIELD_CHARACTERS else f"{value[: FIELD_CHARACTERS - 1]}…"
