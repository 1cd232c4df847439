"""OpenDocument texts (.odt) and electronic books (.epub), which are both zip files of XML."""

import io
import posixpath
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote
from zipfile import ZipFile

from index.errors import Unreadable
from index.reading.readers.archive import open_archive, read_member
from index.reading.readers.days import day_of
from index.reading.readers.safexml import local_name, own, xml_member
from index.reading.readers.story import Flaw, Story, language_code, one_line
from index.reading.readers.webpage import read_webpage
from index.reading.texts.decoding import decode, sanitise

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOT_READ = frozenset("annotation tracked-changes note-citation hidden-text".split())
# A page of a book with fewer words is a cover or a list of contents.
LEAST_WORDS = 20


def read_odt(content: bytes) -> Iterator[Story]:
    """The document's text: a paragraph a line with an empty one between, the cells of a table row beside each other."""
    with open_archive(io.BytesIO(content)) as archive:
        document = xml_member(archive, "content.xml")
        said = None
        with suppress(Unreadable):  # the words can be read without
            said = xml_member(archive, "meta.xml")
    body = next(document.iter("{*}text"), None) if document is not None else None
    if body is None:
        raise Unreadable("it is a zip file, but no OpenDocument text")
    text = sanitise("\n\n".join(_paragraphs(body)))
    yield Story(text, _properties(said, "document properties"), {"encoding": "OpenDocument"})


def read_epub(content: bytes) -> Iterator[Story | Flaw]:
    """Each page of the book that holds an article, in the order of reading."""
    with open_archive(io.BytesIO(content)) as archive:
        container = xml_member(archive, "META-INF/container.xml")
        root = next(container.iter("{*}rootfile"), None) if container is not None else None
        place = root.get("full-path", "") if root is not None else ""
        package = xml_member(archive, place)
        if package is None:
            raise Unreadable("it is a zip file, but no electronic book")
        if _member(archive, "META-INF/encryption.xml") and _member(archive, "META-INF/rights.xml"):
            raise Unreadable("it is encrypted; save it without a password")
        book = _properties(package, "book")
        files = {one.get("id"): one.get("href", "") for one in package.iter("{*}item")}
        names = filter(None, (files.get(one.get("idref"), "") for one in package.iter("{*}itemref")))
        base = posixpath.dirname(place)
        # A page may be named in many ways, and is read once.
        for name in dict.fromkeys(posixpath.normpath(posixpath.join(base, unquote(name))) for name in names):
            yield from _page(archive, name, book)


def _page(archive: ZipFile, name: str, book: dict[str, tuple[str, str]]) -> Iterator[Story | Flaw]:
    try:
        member = archive.getinfo(name)
    except KeyError:
        yield Flaw(f"/{one_line(name)}", "the book does not hold this page")
        return
    try:
        html, encoding = decode(read_member(archive, member))
        page = read_webpage(html)
    except Unreadable as reason:
        yield Flaw(f"/{one_line(name)}", str(reason))
        return
    if len(page.text.split()) >= LEAST_WORDS or len(page.text) >= 5 * LEAST_WORDS:
        # The book's title is its outlet's, or a collection's: an article has its own.
        outlet = {"source": book["title"]} if "title" in book else {}
        said = {name: value for name, value in book.items() if name != "title"}
        yield Story(page.text, {**outlet, **said, **page.found}, {"encoding": encoding}, part=f"/{one_line(name)}")


def _member(archive: ZipFile, name: str) -> bool:
    return name in archive.namelist()


def _properties(said: "_Element | None", where: str) -> dict[str, tuple[str, str]]:
    """What the Dublin Core of the file tells; the day that a text was first written, if any, is its day."""
    values: dict[str, str] = {}
    for element in said.iter() if said is not None else ():
        line = one_line(element.text or "")
        match local_name(element):
            case "title" | "creator" | "initial-creator" as name:
                values.setdefault("title" if name == "title" else "author", line)
            case "date" if where == "book":
                values.setdefault("published", day_of(line))
            case "language":
                values.setdefault("language", language_code(line))
    return {name: (value, where) for name, value in values.items() if value}


def _paragraphs(element: "_Element") -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name in ("p", "h"):
            if line := one_line(_words(child)):
                yield line
            for note in own(child, "note-body"):
                yield from _paragraphs(note)
        elif name == "table-row":
            cells = [" ".join(_paragraphs(cell)) for cell in child if local_name(cell) == "table-cell"]
            if any(cells):
                yield " | ".join(cells)
        elif name not in _NOT_READ:
            yield from _paragraphs(child)


def _words(element: "_Element") -> str:
    """The paragraph's own words; notes are paragraphs of their own."""
    words = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name in ("s", "tab", "line-break"):
            words.append(" ")
        elif name not in _NOT_READ and name not in ("note", "note-body"):
            words.append(_words(child))
        words.append(child.tail or "")
    return "".join(words)
