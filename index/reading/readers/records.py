"""JSON and JSON lines whose objects are articles."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from index.errors import Unreadable
from index.reading.readers.days import day_of
from index.reading.readers.pagedata import text_of
from index.reading.readers.story import FIELDS, Fields, Flaw, Story, checked, language_code, not_published, one_line
from index.reading.readers.webpage import read_fragment
from index.reading.texts.decoding import decode_exactly, sanitise

# What NewsAPI, news-please and CC-News, ninjs, schema.org, JSON Feed and WordPress call the same things, without
# capitals, underscores and dashes; the fullest first.
_TEXT_KEYS = (
    "text maintext articlebody bodytext contenttext bodyxhtml bodyhtml contenthtml fulltext articletext content body "
    "article story"
).split()
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("headline", "headlines", "title", "name"),
    "published": (
        "datepublished", "publishedat", "datepublish", "firstcreated", "contentcreated", "versioncreated", "pubdate",
        "publishdate", "publicationdate", "dategmt", "date", "created",
    ),
    "language": ("language", "inlanguage", "lang"),
    "source": ("source", "publisher", "sourcedomain", "copyrightholder", "infosources", "domain", "sitename"),
    "author": ("author", "authors", "byline", "bylines", "creator"),
    "url": ("url", "link", "webpageurl", "canonicalurl", "uri"),
}  # fmt: skip
_LISTS = "articles items posts entries results docs stories news data @graph associations".split()
_MARKUP = re.compile(
    r"<(?:p|div|br|html|body|h[1-6]|ul|ol|article|section|span|a|b|i|em|strong)\b[^>]{0,500}>", re.IGNORECASE
)
_CUT = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\+\d+ chars\]\s*$")
MOST_HEADER = 10_000
NO_COLUMNS = "its first line does not name the columns; one of them must be called text"


def read_json(content: bytes) -> Iterator[Story | Flaw]:
    """One article, or each of a list of them (also as {"articles": […]}), counted from 1."""
    text, encoding = decode_exactly(content)
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no valid JSON ({error})") from error
    listed, source = _listed(document)
    if not isinstance(listed, list):
        yield _story(listed, encoding, "")
        return
    for number, one in enumerate(listed, start=1):
        yield _story(one, encoding, f"#{number}", source)


def read_table(content: bytes) -> Iterator[Story | Flaw]:
    """The article of each row below a header that names the columns, counted from 1."""
    text, encoding = decode_exactly(content)
    text = text.replace("\0", "")
    first_line = text[:MOST_HEADER].lstrip().partition("\n")[0]
    separator = max("\t;,|", key=first_line.count)
    rows = csv.reader(io.StringIO(text.lstrip()), delimiter=separator)
    try:
        header = [name.strip() for name in next(rows, [])]
        if not names_columns(header):
            raise Unreadable(NO_COLUMNS)
        for number, row in enumerate(rows, start=1):
            if any(cell.strip() for cell in row):
                yield row_story(header, row, encoding, f"#{number}")
    except csv.Error as error:
        raise Unreadable("its rows cannot be told apart; save it anew as CSV") from error


def names_columns(header: Sequence[str]) -> bool:
    """Whether the line says which column holds an article's text."""
    return any(_plain_key(name) in _TEXT_KEYS for name in header)


def row_story(header: Sequence[str], row: Sequence[str], encoding: str, part: str) -> Story | Flaw:
    """The article of a row below that header."""
    return _story(dict(zip(header, row, strict=False)), encoding, part)


def read_json_lines(content: bytes) -> Iterator[Story | Flaw]:
    """The article of each line, counted from 1; empty lines are passed over."""
    text, encoding = decode_exactly(content)
    # No other break ends a line: U+2028 may stand in the texts.
    for number, line in enumerate(re.split("\r\n|[\r\n]", text), start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line, strict=False)
        except (ValueError, RecursionError) as error:
            yield Flaw(f"#{number}", f"line {number} is no valid JSON ({error})")
        else:
            yield _story(document, encoding, f"#{number}")


def _listed(document: object) -> tuple[object, str]:
    """The articles of a document that lists them under a name of its own, and who publishes them; else itself."""
    if not isinstance(document, dict) or _text(document):
        return document, ""
    if isinstance(document.get("articles"), dict):
        return document["articles"], ""
    for name in _LISTS:
        if isinstance(document.get(name), list):
            is_feed = "jsonfeed.org" in str(document.get("version"))
            return document[name], one_line(text_of(document.get("title"))) if is_feed else ""
    return document, ""


def _story(document: object, encoding: str, part: str, source: str = "") -> Story | Flaw:
    text = _text(document) if isinstance(document, dict) else ""
    if not isinstance(document, dict) or not (text or isinstance(document.get("text"), str)):
        return Flaw(part, 'it has no "text"; an article is {"title": "…", "text": "…", "published": "YYYY-MM-DD", …}')
    if reason := next(filter(None, (not_published(text_of(document.get(key))) for key in ("pubstatus", "status"))), ""):
        return Flaw(part, reason)
    found = {"source": (source, "JSON Feed")} if source else {}
    try:
        for name in FIELDS:
            value = document.get(name)
            values = value if isinstance(value, list) else [value]
            raw = one_line(", ".join(str(one) for one in values if isinstance(one, str | int)))
            if raw:
                found[name] = (
                    checked(name, (day_of(raw) if name == "published" else "") or raw, "its metadata"),
                    "JSON",
                )
    except Unreadable as reason:
        return Flaw(part, str(reason))
    return Story(text, _said(document, found), {"encoding": encoding}, part=part)


def _text(document: Mapping[str, object]) -> str:
    """The words of the article, under whichever name its format has for them; "" for none."""
    if isinstance(document.get("text"), str):
        return sanitise(str(document["text"]))
    known = {_plain_key(name): value for name, value in document.items()}
    bodies = known.get("bodies")
    for value in [known.get(name) for name in _TEXT_KEYS] + (bodies if isinstance(bodies, list) else []):
        words = _words(value)
        if _CUT.search(words):  # a service that gives no more than this
            said = _words(known.get("description"))
            words = "\n\n".join(dict.fromkeys(filter(None, (said, _CUT.sub("", words).strip()))))
        if words:
            return words
    return ""


def _words(value: object) -> str:
    if isinstance(value, dict):  # WordPress and ninjs 2
        value = value.get("rendered") or value.get("value")
    if not isinstance(value, str):
        return ""
    return read_fragment(value) if _MARKUP.search(value) else sanitise(value)


def _said(document: Mapping[str, object], found: Mapping[str, tuple[str, str]]) -> Fields:
    """What was found, and what other formats' names tell; a value that cannot be meant tells nothing."""
    known = {_plain_key(name): value for name, value in document.items()}
    said = dict(found)
    for field, names in _NAMES.items():
        for name in names:
            value = known.get(name)
            line = one_line(read_fragment(raw) if "<" in (raw := _name_of(value)) else html.unescape(raw))
            if field == "published":
                line = day_of(line)
            if field == "language":
                line = language_code(line)
            if (field == "url") != line.startswith(("http://", "https://")) or (field == "source" and not line):
                continue
            if line and not said.get(field, ("", ""))[0]:
                said[field] = (line, "JSON")
    return said


def _name_of(value: object) -> str:
    if isinstance(value, dict):
        return text_of(value.get("rendered") or value.get("value")) or text_of(value)
    if isinstance(value, list) and value and isinstance(value[0], dict) and "value" in value[0]:
        return text_of(value[0]["value"])
    return text_of(value)


def _plain_key(name: object) -> str:
    return str(name).replace("_", "").replace("-", "").replace(" ", "").casefold()
