"""Web archives of crawlers (.warc, .warc.gz): each page that a server answered with."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.errors import Unreadable
from index.reading.readers.archive import MOST_MEMBERS, UNPACKED_MEGABYTES
from index.reading.readers.story import Flaw, Story
from index.reading.readers.webpage import read_webpage
from index.reading.texts.decoding import decode, decode_declared, sanitise

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

PAGE_MEGABYTES = 20


def read_warc(content: bytes) -> Iterator[Story | Flaw]:
    """The article of each page, counted from 1 among the pages; what is no page or was not found is passed over."""
    import warcio.archiveiterator  # only the child that meets such an archive loads it

    count = unpacked = 0
    try:
        for record in warcio.archiveiterator.ArchiveIterator(io.BytesIO(content), arc2warc=True):
            if not _is_page(record):
                continue
            count += 1
            if count > MOST_MEMBERS:
                yield Flaw("", f"only its first {MOST_MEMBERS:,} pages were read; split it")
                return
            page = record.content_stream().read(PAGE_MEGABYTES * 1_000_000 + 1)
            unpacked += len(page)
            if unpacked > UNPACKED_MEGABYTES * 1_000_000:
                yield Flaw("", f"only its first {UNPACKED_MEGABYTES} MB of pages were read; split it")
                return
            yield _page(record, page, f"#{count}")
    except (warcio.exceptions.ArchiveLoadFailed, EOFError, OSError, ValueError, LookupError, AttributeError) as error:
        if not count:
            raise Unreadable("it is a damaged web archive; save it anew") from error
        yield Flaw("", "it is a damaged web archive; save it anew")
    if not count:
        raise Unreadable("it holds no page")


def _is_page(record: "ArcWarcRecord") -> bool:
    if record.rec_type not in ("response", "resource"):
        return False
    headers = record.http_headers
    if headers is not None and headers.get_statuscode() not in ("200", "203"):
        return False
    return _kind(record).partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")


def _kind(record: "ArcWarcRecord") -> str:
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _page(record: "ArcWarcRecord", page: bytes, part: str) -> Story | Flaw:
    charset = _kind(record).lower().partition("charset=")[2].strip(" \"';")
    try:
        read = decode_declared(page, charset) if charset and charset != "utf-8" else None
        html, encoding = (sanitise(read[0]), f"header: {charset}") if read else decode(page)
        story = read_webpage(html)
    except Unreadable as reason:
        return Flaw(part, str(reason))
    address = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    found = {"url": (address, "archive header")} if address.startswith(("http://", "https://")) else {}
    return Story(story.text, {**found, **story.found}, {**story.evidence, "encoding": encoding}, part=part)
