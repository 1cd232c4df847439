"""The sources to files of the folder: each page that a feed lists once, and never one taken away again."""

import json
import re
import time
from base64 import encodebytes
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import Unreadable, UserError
from index.fetching.addresses import NotFetched, joined, shown
from index.fetching.polite import Fetched, Polite
from index.reading.files import not_a_device, open_file, replace_file
from index.reading.limits import URL_CHARACTERS
from index.reading.readers.safexml import local_name, mend_xml, parse_xml
from index.reading.readers.story import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

# What was fetched before is in this file of the folder, which no rebuild reads: its name begins with a dot.
KNOWN = ".fetched.json"
# Of as many characters as that is what was asked, or listed by a feed, last; more is forgotten, and fetched anew if a
# feed still lists it.
KNOWN_CHARACTERS = 20_000_000
# New pages of one feed at a time, and what they may take together before the rest is left for the next time.
MOST_PAGES, FEED_SECONDS, FEED_BYTES = 100, 900.0, 200_000_000
# Links of a feed that are looked at, and bytes of a page's name and of its site's.
MOST_LINKS, NAME_BYTES, SITE_BYTES = 10_000, 60, 200
_FEED = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL
)
_NAME = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Harvest:
    """How many files are new or changed, and of which addresses there are none, with the reason."""

    written: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page or a PDF as a file: the site that it is from, a name of its own there, and what is in the file."""

    site: str
    name: str
    content: bytes


@dataclass(slots=True)
class _Known:
    etag: str = ""
    changed: str = ""


@dataclass(slots=True)
class _Folder:
    path: Path
    known: dict[str, _Known] = field(default_factory=dict)

    def know(self, url: str, known: _Known) -> None:
        """Remember this of the address, as what was heard of last."""
        self.known.pop(url, None)
        self.known[url] = known

    def forget(self) -> None:
        """Keep what was heard of last, as much as there is room for."""
        left = KNOWN_CHARACTERS
        for url, one in reversed(list(self.known.items())):
            left -= len(json.dumps([url, asdict(one)])) + len(", ")
            if left < 0:
                del self.known[url]

    def save(self) -> None:
        """Write it into the folder."""
        self.forget()
        kept = json.dumps({url: asdict(one) for url, one in self.known.items()})
        replace_file(self.path, KNOWN, kept.encode())


def fetch(addresses: Sequence[str], folder: Path, polite: Polite | None = None) -> Harvest:
    """Fetch what is new at the addresses into the folder: a page as itself, of a feed the pages that it lists.

    Raises UserError when the folder cannot be written to.
    """
    polite = polite or Polite()
    written, refused = 0, list[str]()
    try:
        kept = _open(folder)
        for address in addresses:
            try:
                written += _fetch_source(address, kept, polite, refused)
            except NotFetched as error:
                refused.append(str(error))
            kept.save()
    except OSError as error:
        raise UserError(f"{folder} cannot be written to ({error.strerror}). Name another.") from error
    return Harvest(written, tuple(refused))


def fetch_page(address: str, polite: Polite) -> Page:
    """The one page at the address; raises NotFetched where it may not be had, and for a feed."""
    if len(address) > URL_CHARACTERS:
        raise NotFetched(f"{shown(address)} is no address that can be fetched. Check it.")
    got = polite.get(address)
    if _FEED.match((got.content or b"")[:2000]):
        raise NotFetched(f"{shown(address)} is a feed. Give the addresses of its articles.")
    return _page(address, got)


def _open(folder: Path) -> _Folder:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open_file(folder, KNOWN) as file:
            known = json.loads(file.read(2 * KNOWN_CHARACTERS))
        return _Folder(folder, {url: _Known(**one) for url, one in known.items()})
    except (Unreadable, ValueError, TypeError, AttributeError, RecursionError):  # everything is fetched anew
        return _Folder(folder)


def _fetch_source(address: str, kept: _Folder, polite: Polite, refused: list[str]) -> int:
    """How many files were written for it."""
    before = kept.known.get(address, _Known())
    if address in kept.known:
        kept.know(address, before)
    got = polite.get(address, before.etag, before.changed)
    if got.content is None:
        return 0
    if not _FEED.match(got.content[:2000]):
        kept.know(address, _Known(got.etag, got.changed))
        return _write(address, got, kept)
    written, failed, byte_count, began = 0, len(refused), 0, time.monotonic()
    listed = _listed(got)
    new = [url for url in listed if url not in kept.known]
    for url in reversed(listed):
        if url in kept.known:
            kept.know(url, kept.known[url])
    for url in new[:MOST_PAGES]:
        if byte_count > FEED_BYTES or time.monotonic() - began > FEED_SECONDS:
            refused.append(f"{shown(address)} has too much for one time. The rest is fetched the next time.")
            break
        try:
            page = polite.get(url)
            byte_count += len(page.content or b"")
            written += _write(url, page, kept)
            kept.know(url, _Known(page.etag, page.changed))
        except NotFetched as error:
            refused.append(str(error))
    if len(refused) == failed and len(new) <= MOST_PAGES:  # else it is looked at again, though it may not have changed
        kept.know(address, _Known(got.etag, got.changed))
    return written


def _listed(feed: Fetched) -> list[str]:
    """The addresses of the pages that the feed lists, each once, newest first as a rule."""
    try:
        root = _mended(feed.content or b"")
    except Unreadable as reason:
        raise NotFetched(f"{shown(feed.url)} is a feed that cannot be read ({reason}).") from reason
    written = (
        str(link.get("href") or link.text or "").strip()
        for entry in root.iter("{*}item", "{*}entry")
        for link in entry.iterchildren()
        if local_name(link) == "link" and link.get("rel", "alternate") == "alternate"
    )
    links: dict[str, None] = {}
    for link in islice(written, MOST_LINKS):
        with suppress(NotFetched):  # one that leads nowhere
            links[joined(feed.url, link)] = None
    return [one for one in links if one.startswith(("http://", "https://")) and len(one) <= URL_CHARACTERS]


def _mended(content: bytes) -> "_Element":
    """The root of the feed, though it may not be well-formed; raises Unreadable for what is none."""
    try:
        return parse_xml(content)
    except Unreadable:
        mended = mend_xml(content)
        if mended is None:
            raise
        return mended


def _write(url: str, got: Fetched, kept: _Folder) -> int:
    """Keep what was fetched under a name of its own; 1 where that is a page or a PDF, which are kept."""
    page = _page(url, got)
    (kept.path / page.site).mkdir(exist_ok=True)
    replace_file(kept.path, f"{page.site}/{page.name}", page.content)
    return 1


def _page(url: str, got: Fetched) -> Page:
    """What was fetched as a file; raises NotFetched for what is neither a page nor a PDF."""
    kind = got.kind.partition(";")[0].strip().lower()
    content = got.content or b""
    if kind == "application/pdf" or content.startswith(b"%PDF-"):
        ending = ".pdf"
    elif kind in ("text/html", "application/xhtml+xml", ""):
        ending, content = ".mhtml", _saved_page(got)
    else:
        raise NotFetched(f"{shown(url)} is no page ({one_line(kind)[:60]}).")
    parts = urlsplit(url)
    site = _NAME.sub("-", parts.hostname or "").strip(".-") or "page"
    name = _NAME.sub("-", parts.path.rstrip("/").rpartition("/")[2]).strip(".-")
    digest = sha256(url.encode("utf-8", "replace")).hexdigest()[:10]
    return Page(_cut(site, SITE_BYTES), f"{_cut(name, NAME_BYTES) or 'page'}-{digest}{ending}", content)


def _cut(name: str, most: int) -> str:
    """As much of the name as so many bytes hold, which no system takes for a device."""
    return not_a_device(name.encode("utf-8", "ignore")[:most].decode("utf-8", "ignore").rstrip(".-"))


def _saved_page(got: Fetched) -> bytes:
    """The page as browsers save one, with its address and encoding."""
    charset = re.search(r"charset=[\"']?([\w-]{2,30})", got.kind, re.IGNORECASE)
    said = f"; charset={charset[1]}" if charset else ""
    address = "".join(got.url.split())
    head = f"Snapshot-Content-Location: {address}\nContent-Type: text/html{said}\nContent-Transfer-Encoding: base64\n\n"
    return head.encode("ascii", "replace") + encodebytes(got.content or b"")
