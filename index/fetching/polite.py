"""One address to what is there: within bounds, at its site's pace, and only what its site lets robots have."""

import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlunsplit
from urllib.robotparser import RobotFileParser

import httpx

from index.fetching.addresses import PORTS, Address, NotFetched, is_public, joined, parts_of, resolved, shown

AGENT = "newsdesk"
MOST_BYTES, ROBOTS_BYTES = 20_000_000, 500_000
SECONDS = 30.0  # for one answer, whatever trickles
ALL_SECONDS = 120.0  # for all to which one address leads, with the rules of their sites and the waits between
MOST_TOLD = 500  # characters of what a site calls a version of a page
MOST_REDIRECTS = 5
# Between two requests to a site, unless it asks for more; longer than the second it is not waited.
DELAY, MOST_DELAY = 1.0, 30.0
MOST_SITES = 20  # whose rules are remembered: those of one may take 10 MB
_REDIRECTS = (301, 302, 303, 307, 308)
_PLAIN, _PACKED = ("", "identity"), ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at the address `url`, to which the one asked for may have led; `content` None: as it was before."""

    url: str
    content: bytes | None
    kind: str = ""
    etag: str = ""
    changed: str = ""


@dataclass(slots=True)
class _Site:
    robots: RobotFileParser
    delay: float
    last: float = 0.0


@dataclass(slots=True)
class Polite:
    """Asks sites, each at its pace; `may_ask` tells which machines may be asked at all."""

    may_ask: Callable[[Address], bool] = is_public
    delay: float = DELAY
    _sites: dict[str, _Site] = field(default_factory=dict)

    def get(self, url: str, etag: str = "", changed: str = "") -> Fetched:
        """What is at the address, unless it is as it was when it had this etag and was changed then.

        Raises NotFetched where it may not be had, does not answer, or answers with an error.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": changed}
        headers = {name: value for name, value in conditions.items() if _sayable(value)}
        deadline = time.monotonic() + ALL_SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            site = self._site(url, deadline)
            if not _allows(site.robots, url):
                raise NotFetched(f"{shown(url)} is not for programs, says its site (robots.txt).")
            time.sleep(max(0.0, site.last + site.delay - time.monotonic()))
            try:
                status, answered, content = self._ask(url, headers, MOST_BYTES, deadline)
            finally:
                site.last = time.monotonic()
            if status in _REDIRECTS and answered.get("location"):
                url = joined(url, answered["location"])
                continue
            if status == 304 and headers:
                return Fetched(url, None, etag=etag, changed=changed)
            if status != 200:
                raise NotFetched(f"{shown(url)} answers with an error ({status}).")
            versions = (_sayable(answered.get(name, "")) for name in ("etag", "last-modified"))
            return Fetched(url, content, answered.get("content-type", ""), *versions)
        raise NotFetched(f"{shown(url)} leads from one address to the next without end.")

    def _site(self, url: str, deadline: float) -> _Site:
        parts, _, _ = parts_of(url)
        place = f"{parts.scheme}://{parts.netloc}"
        if place not in self._sites:
            robots = _rules(*self._robots(f"{place}/robots.txt", deadline))
            wanted = int(robots.crawl_delay(AGENT) or 0)
            for earlier in list(self._sites)[: 1 - MOST_SITES]:
                del self._sites[earlier]
            self._sites[place] = _Site(robots, min(max(self.delay, wanted), MOST_DELAY))
        return self._sites[place]

    def _robots(self, url: str, deadline: float) -> tuple[int, bytes]:
        for _ in range(MOST_REDIRECTS + 1):
            status, answered, content = self._ask(url, {}, ROBOTS_BYTES, deadline)
            if status not in _REDIRECTS or not answered.get("location"):
                return status, content
            url = joined(url, answered["location"])
        return 500, b""

    def _ask(
        self, url: str, headers: Mapping[str, str], most: int, deadline: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and content by then; of the very machine that was found to be one that may be asked."""
        host, machine, port = resolved(url, self.may_ask)
        parts, _, _ = parts_of(url)
        asked = urlunsplit((parts.scheme, f"{_bracketed(machine)}:{port}", parts.path or "/", parts.query, ""))
        named = _bracketed(host) + (f":{port}" if port != PORTS[parts.scheme] else "")
        sent = {"Host": named, "User-Agent": AGENT, "Accept-Encoding": "gzip, deflate", **headers}
        late = NotFetched(f"{shown(url)} takes over {SECONDS:.0f} seconds.")
        seconds = min(SECONDS, deadline - time.monotonic())
        if seconds <= 0:
            raise late
        deadline = time.monotonic() + seconds
        content = bytearray()
        try:
            with (
                _cut_off(seconds) as watch,
                httpx.Client(trust_env=False, follow_redirects=False, timeout=seconds) as client,
                client.stream("GET", asked, headers=sent, extensions={"sni_hostname": host, "trace": watch}) as answer,
            ):
                for piece in _unpacked(answer, most):
                    content += piece
                    if len(content) > most:
                        raise NotFetched(f"{shown(url)} has over {most / 1e6:.1f} MB.")
                    if time.monotonic() > deadline:
                        raise late
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, zlib.error) as error:
            if time.monotonic() > deadline:
                raise late from error
            raise NotFetched(f"{shown(host)} does not answer ({type(error).__name__}). Try again later.") from error
        if time.monotonic() > deadline:  # what was cut off may look whole
            raise late
        return answer.status_code, answer.headers, bytes(content)


@contextmanager
def _cut_off(seconds: float) -> Iterator[Callable[[str, Mapping[str, Any]], None]]:
    """What is to be told of each step of a request; its connection is closed after so many seconds, whatever comes.

    Headers, chunks and interim answers that trickle without end would each be in time.
    """
    held: list[socket.socket] = []
    is_over = threading.Event()

    def watch(step: str, told: Mapping[str, Any]) -> None:
        if step == "connection.connect_tcp.complete":
            # One of its own: encryption takes the other away.
            held.append(told["return_value"].get_extra_info("socket").dup())
            if is_over.is_set():  # it took all the time to connect
                cut()

    def cut() -> None:
        is_over.set()
        for one in held:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        timer.join()
        for one in held:
            one.close()


def _unpacked(answer: httpx.Response, most: int) -> Iterator[bytes]:
    """The content in pieces, unpacked once at most, and no further than a byte over `most`."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    if packing in _PLAIN:
        yield from answer.iter_raw()
        return
    if packing not in _PACKED:
        raise NotFetched(f"{answer.url.host} packs its pages in a way that is not read.")
    unpacking, left = zlib.decompressobj(_GZIP_OR_ZLIB), most + 1
    for packed in answer.iter_raw():
        piece = unpacking.decompress(packed, left)
        left -= len(piece)
        yield piece
        if left <= 0 or unpacking.eof:  # what comes behind its end is nothing, and would be kept all the same
            return


def _rules(status: int, content: bytes) -> RobotFileParser:
    """What a site lets programs have; nothing where that is not known, or cannot be read."""
    robots = RobotFileParser()
    if 400 <= status < 500:
        robots.parse([])  # there are none
        return robots
    with suppress(ValueError):  # numbers that are none
        if status == 200:
            robots.parse(content.decode("utf-8", "replace").splitlines())
            return robots
    robots = RobotFileParser()
    robots.parse(["User-agent: *", "Disallow: /"])
    return robots


def _allows(robots: RobotFileParser, url: str) -> bool:
    with suppress(ValueError):  # the parser unquotes the address before it takes it apart
        return robots.can_fetch(AGENT, url)
    return False


def _sayable(value: str) -> str:
    """What a site calls a version of a page, where it can be said back to it; else ""."""
    return value if value.isascii() and value.isprintable() and len(value) <= MOST_TOLD else ""


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
