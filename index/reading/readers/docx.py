"""Word documents (.docx): paragraphs and tables in their order."""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from zipfile import ZipFile

from index.errors import Unreadable
from index.reading.readers.archive import open_archive
from index.reading.readers.safexml import local_name, own, xml_member
from index.reading.readers.story import Story, one_line
from index.reading.texts.decoding import sanitise

if TYPE_CHECKING:
    from lxml.etree import _Element

# Deleted text (w:delText) needs no mention here: only w:t is read.
_NOT_READ = frozenset({"Fallback", "instrText", "pPr", "rPr", "tblPr", "sectPr", "moveFrom", "del"})
# Of notes these are the lines that Word draws above them.
_NO_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def read_docx(content: bytes) -> Iterator[Story]:
    """The document's text: a paragraph a line with an empty one between, the cells of a table row beside each other.

    Footnotes and endnotes follow it; what runs along the edge of every page is not read.
    """
    with open_archive(io.BytesIO(content)) as archive:
        body = xml_member(archive, "word/document.xml")
        properties, notes = None, []
        with suppress(Unreadable):  # the words can be read without
            properties = xml_member(archive, "docProps/core.xml")
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            with suppress(Unreadable):
                notes += [note for note in _children(archive, name) if not _NO_NOTES & set(note.attrib.values())]
    if body is None:
        raise Unreadable("it is a zip file, but no Word document")
    paragraphs = list(_paragraphs(body)) + [one for note in notes for one in _paragraphs(note)]
    found = {}
    for element in properties if properties is not None else ():
        field = {"title": "title", "creator": "author"}.get(local_name(element))
        if field and (line := one_line(element.text or "")):
            found[field] = (line, "document properties")
    for style, text in paragraphs[:1]:
        if style.casefold() in ("title", "heading1"):
            found["title"] = (one_line(text), "first heading")
    yield Story(sanitise("\n\n".join(text for _, text in paragraphs)), found, {"encoding": "docx"})


def _children(archive: ZipFile, name: str) -> list["_Element"]:
    part = xml_member(archive, name)
    return [] if part is None else list(part)


def _paragraphs(element: "_Element") -> Iterator[tuple[str, str]]:
    """Style and text of each paragraph or table row that holds any."""
    for child in element:
        name = local_name(child)
        if name == "p":
            style = next((value for one in child.iter("{*}pStyle") for value in one.attrib.values()), "")
            lines = (" ".join(line.split()) for line in _words(child).split("\n"))
            if text := "\n".join(line for line in lines if line):
                yield str(style), text
        elif name == "tr":
            cells = [" ".join(text for _, text in _paragraphs(cell)).replace("\n", " ") for cell in own(child, "tc")]
            if any(cells):
                yield "", " | ".join(cells)
        elif name not in _NOT_READ:
            yield from _paragraphs(child)


def _words(paragraph: "_Element") -> str:
    words = []
    for element in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}cr", "{*}noBreakHyphen"):
        if any(local_name(parent) in _NOT_READ or _is_hidden(parent) for parent in element.iterancestors()):
            continue
        name = local_name(element)
        words.append((element.text or "") if name == "t" else {"tab": " ", "noBreakHyphen": "-"}.get(name, "\n"))
    return "".join(words)


def _is_hidden(element: "_Element") -> bool:
    """Whether it is a run of letters that its writer has hidden."""
    if local_name(element) != "r":
        return False
    vanish = next(element.iterfind("{*}rPr/{*}vanish"), None)
    return vanish is not None and not {"0", "false", "off"} & set(map(str, vanish.attrib.values()))
