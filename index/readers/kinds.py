"""Which reader a file needs: by its content where that is unmistakable, else by its name."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from index.errors import Unreadable
from index.readers.docx import read_docx
from index.readers.feed import read_feed
from index.readers.mail import read_mail, read_web_archive
from index.readers.pdf import read_pdf
from index.readers.plain import read_markdown, read_text
from index.readers.records import read_json, read_json_lines
from index.readers.story import Flaw, Story
from index.readers.webpage import read_html

Reader = Callable[[bytes], Iterable[Story | Flaw]]

READERS: Mapping[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".eml": read_mail,
    ".mht": read_web_archive,
    ".mhtml": read_web_archive,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}
SUPPORTED = ", ".join(sorted([*READERS, ".zip"]))

_SPACE = rb"(?:\xef\xbb\xbf)?\s*"
_BY_CONTENT: tuple[tuple[re.Pattern[bytes], Reader], ...] = (
    (re.compile(rb"%PDF-"), read_pdf),
    (re.compile(rb"PK\x03\x04"), read_docx),
    (re.compile(_SPACE + rb"(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)[\s>]", re.IGNORECASE), read_html),
    (re.compile(_SPACE + rb"(?:<\?xml[^>]*>\s*)?<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE), read_feed),
)
_NO_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "it is an old Word or Office file; save it as .docx"),
    (b"{\\rtf", "it is an RTF file; save it as .docx or .txt"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"GIF8", "it is a picture"),
    (b"\x1f\x8b", "it is packed with gzip; unpack it"),
    (b"7z\xbc\xaf", "it is packed with 7z; unpack it, or pack it as .zip"),
    (b"Rar!", "it is packed with RAR; unpack it, or pack it as .zip"),
)


def is_archive(path: str) -> bool:
    """Whether the file is named as an archive of articles."""
    return path.lower().endswith(".zip")


def reader_for(path: str, content: bytes) -> Reader:
    """The reader of these bytes; raises Unreadable for what cannot hold an article."""
    by_name = READERS.get(PurePosixPath(path).suffix.lower())
    if by_name is None:
        raise Unreadable(f"files of this type are not read; supported are {SUPPORTED}")
    for mark, reason in _NO_TEXT:
        if content.startswith(mark):
            raise Unreadable(reason)
    for pattern, reader in _BY_CONTENT:
        is_prose = by_name is read_markdown and reader in (read_html, read_feed)  # markdown may begin with HTML
        if pattern.match(content[:2000]) and not is_prose:
            return reader
    return by_name
