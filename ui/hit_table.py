"""What a search for words found, as a table and as JSON."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.lookup.lookup import Found

COLUMNS = ("article", "title", "source", "published", "language", "author", "url", "start", "end", "text")
# What a spreadsheet would take for a formula: where a cell begins, and where one begins for those that part cells by
# semicolons or tabs, as in most of Europe, and for which quotation marks behind a comma are letters.
_FORMULA = re.compile(r"((?:^|[;\t\r\n])(?:[^\S\t\r\n]|[\"\u00ad\u200b-\u200f\u2060-\u2064\ufeff])*)([=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True)
class PassageLine:
    """A passage: `text` equals characters `start` to `end` of the article's stored text, `marks` are what was found."""

    article: str
    title: str
    source: str
    published: str
    language: str
    author: str
    url: str
    start: int
    end: int
    text: str
    marks: tuple[tuple[int, int], ...]


def passage_line(found: Found) -> PassageLine:
    """The passage with what is known of its article."""
    one = found.article
    place = (found.start, found.end, found.text, found.marks)
    return PassageLine(one.id, one.title, one.source, one.published, one.language, one.author, one.url, *place)


def as_csv(found: Sequence[Found]) -> str:
    """The passages as a table with COLUMNS, which a spreadsheet opens in any script and as text only."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for line in map(passage_line, found):
        table.writerow([_harmless(getattr(line, column)) for column in COLUMNS])
    return "\ufeff" + written.getvalue()


def _harmless(value: str | int) -> str | int:
    return _FORMULA.sub(r"\1'\2", value) if isinstance(value, str) else value
