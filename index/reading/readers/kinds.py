"""Which reader a file needs: by its content where that is unmistakable, else by its name."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from index.errors import Unreadable
from index.reading.readers.books import read_epub, read_odt
from index.reading.readers.docx import read_docx
from index.reading.readers.feed import read_feed
from index.reading.readers.mail import read_mail, read_mailbox, read_web_archive
from index.reading.readers.olddoc import OLD_OFFICE, read_doc
from index.reading.readers.pdf import PDF, read_pdf
from index.reading.readers.picture import read_picture
from index.reading.readers.plain import read_markdown, read_text
from index.reading.readers.records import read_json, read_json_lines, read_table
from index.reading.readers.rtf import read_rtf
from index.reading.readers.story import Flaw, Story
from index.reading.readers.subtitles import read_subtitles
from index.reading.readers.warc import read_warc
from index.reading.readers.webpage import read_html
from index.reading.readers.workbook import read_workbook

ReadContent = Callable[[bytes], Iterable[Story | Flaw]]

READERS: Mapping[str, ReadContent] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".doc": read_doc,
    ".rtf": read_rtf,
    ".odt": read_odt,
    ".epub": read_epub,
    ".eml": lambda content: read_mail(content, reader_for),
    ".mbox": lambda content: read_mailbox(content, reader_for),
    ".mht": read_web_archive,
    ".mhtml": read_web_archive,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_table,
    ".tsv": read_table,
    ".xlsx": read_workbook,
    ".srt": read_subtitles,
    ".vtt": read_subtitles,
    ".warc": read_warc,
    ".warc.gz": read_warc,
    ".png": read_picture,
    ".jpg": read_picture,
    ".jpeg": read_picture,
    ".tif": read_picture,
    ".tiff": read_picture,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
    ".nitf": read_feed,
    ".newsml": read_feed,
}
SUPPORTED = ", ".join(sorted([*READERS, ".zip"]))

_SPACE = rb"(?:\xef\xbb\xbf)?\s*"
_BY_CONTENT: tuple[tuple[re.Pattern[bytes], ReadContent], ...] = (
    (re.compile(PDF), read_pdf),
    (re.compile(rb"\{\\rtf"), read_rtf),
    (re.compile(rb"PK\x03\x04.{26,60}mimetypeapplication/epub\+zip", re.DOTALL), read_epub),
    (re.compile(rb"PK\x03\x04.{26,60}mimetypeapplication/vnd\.oasis\.opendocument\.text", re.DOTALL), read_odt),
    (re.compile(rb"PK\x03\x04"), read_docx),
    (re.compile(_SPACE + rb"(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)[\s>]", re.IGNORECASE), read_html),
    (
        re.compile(
            _SPACE + rb"(?:<\?xml[^>]*>\s*)?<(?:rss|feed|rdf:RDF|nitf|newsItem|newsMessage)[\s>]", re.IGNORECASE
        ),
        read_feed,
    ),
)
_NO_TEXT: tuple[tuple[bytes, str], ...] = (
    (OLD_OFFICE, "it is an old Word or Office file; save it as .docx"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"GIF8", "it is a picture"),
    (b"\x1f\x8b", "it is packed with gzip; unpack it"),
    (b"7z\xbc\xaf", "it is packed with 7z; unpack it, or pack it as .zip"),
    (b"Rar!", "it is packed with RAR; unpack it, or pack it as .zip"),
)


# A picture and a web archive say what they are in ways of their own; a zip file is what its name says.
_WHATEVER_IT_BEGINS_WITH = (read_picture, read_warc)
_ZIPPED = (read_odt, read_epub, read_workbook)


def is_archive(path: str) -> bool:
    """Whether the file is named as an archive of articles."""
    return path.lower().endswith(".zip")


def has_pages(path: str) -> bool:
    """Whether the file is named as one that is looked at page by page: a PDF or a picture."""
    return READERS.get(PurePosixPath(path.lower()).suffix) in (read_pdf, read_picture)


def reader_for(path: str, content: bytes) -> ReadContent:
    """The reader of these bytes; raises Unreadable for what cannot hold an article."""
    name = path.lower()
    by_name = READERS.get(PurePosixPath(name).suffix if not name.endswith(".warc.gz") else ".warc.gz")
    if by_name is None:
        raise Unreadable(f"files of this type are not read; supported are {SUPPORTED}")
    if by_name in _WHATEVER_IT_BEGINS_WITH:
        return by_name
    for mark, reason in _NO_TEXT:
        if content.startswith(mark) and not (by_name is read_doc and mark == OLD_OFFICE):
            raise Unreadable(reason)
    for pattern, reader in _BY_CONTENT:
        is_prose = by_name is read_markdown and reader in (read_html, read_feed)  # markdown may begin with HTML
        if pattern.match(content[:2000]) and not is_prose:
            return by_name if reader is read_docx and by_name in _ZIPPED else reader
    return by_name
