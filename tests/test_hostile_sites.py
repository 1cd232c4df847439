"""Feeds and sites that mean harm: none stops the others, takes longer than it may, or leads anywhere private."""

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from itertools import repeat
from pathlib import Path

import pytest

import index.fetching.fetch as fetching_module
from index.errors import UserError
from index.fetching import polite
from index.fetching.addresses import NotFetched, is_public, parts_of, resolved
from index.fetching.fetch import KNOWN, NAME_BYTES, SITE_BYTES, Harvest, fetch
from index.fetching.polite import Fetched, Polite
from index.fetching.sources import sources
from index.reading.limits import URL_CHARACTERS

PAGE = b"<html><body><article><p>The bridge in Marlow reopened on 4 March.</p></article></body></html>"
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE)
NONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
Sent = bytes | Callable[[], Iterator[bytes]]


def told(status: str, *headers: bytes, body: bytes = b"") -> bytes:
    """A whole answer, byte by byte as it is given here."""
    lines = [f"HTTP/1.1 {status}".encode(), b"Content-Length: %d" % len(body), *headers, b"", b""]
    return b"\r\n".join(lines) + body


def feed(*links: str, before: str = "") -> bytes:
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    return told("200 OK", body=f"{before}<rss><channel>{items}</channel></rss>".encode())


@contextmanager
def site(pages: dict[str, Sent]) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server that says exactly this, and the heads of what it was asked.

    Of "*" wherever there is nothing else; each connection is for one request.
    """
    asked: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = connection.recv(10_000)
            asked.append(head)
            path = head.split(b" ")[1].decode()
            sent = pages.get(path, NONE if path == "/robots.txt" else pages.get("*", NONE))
            for piece in (sent,) if isinstance(sent, bytes) else sent():
                connection.sendall(piece)

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def here() -> Polite:
    return Polite(may_ask=lambda address: address.is_loopback, delay=0.0)


@pytest.mark.parametrize(
    "address",
    "64:ff9b:1:7f00:1::808:808 ::7f00:1 fec0::1 ::ffff:0:7f00:1 5f00::1 3fff::1 4000::1 ::5efe:7f00:1 192.88.99.1 "
    "192.0.0.8 64:ff9b::a00:1 2002:a00:1:: ::ffff:169.254.169.254 ff0e::1".split(),
)
def test_addresses_that_lead_elsewhere_than_they_seem_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def test_what_stands_for_a_public_address_is_public() -> None:
    assert all(is_public(ip_address(one)) for one in ("64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"))


@pytest.mark.parametrize(
    "url",
    [
        "http://0x7f.1/", "http://2130706433/", "http://017700000001/", "http://127.1/", "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/", "http://[::ffff:127.0.0.1]/", "http://127.0.0.1\t/", "http://127.0.0.1#@93.184.216.34/",
    ],
)  # fmt: skip
def test_however_loopback_is_written_it_is_not_asked(url: str) -> None:
    with pytest.raises(NotFetched, match="private network"):
        resolved(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1", "http://[bad]/", "http://a:b/", "http://a:99999/", "http://a:-1/", "http://a:+80/", "http:///a",
        "http://@a.example/", "http://:@a.example/", "http://me:secret@a.example/", "http://a.example\\@b.example/",
        "http://a.example:80@127.0.0.1/", "http://a.example:0/", "http://a.example:22/", "http://a.example:25/",
        "https://a.example:993/", f"http://{'a' * 64}.example/", "http://a..b/", "http://ａ／ｂ/", "ftp://a.example/",
        "gopher://a.example/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "//a.example/", "",
        "http://\ud800/", "http://a\u2100b/",
    ],
)  # fmt: skip
def test_an_address_that_is_amiss_is_not_fetched_and_told_in_one_short_line(url: str) -> None:
    with pytest.raises(NotFetched) as error:
        parts_of(url)
    assert str(error.value).isprintable() and len(str(error.value)) < 300


def test_the_name_that_is_asked_for_is_the_one_that_was_resolved() -> None:
    assert parts_of("https://Bücher.example:8443/ä")[1:] == ("xn--bcher-kva.example", 8443)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        (["127.0.0.1", "127.0.0.1"], "fetched"),
        (["127.0.0.1", "10.0.0.1"], "private network"),
        (["10.0.0.1", "127.0.0.1"], "private network"),
        (["127.0.0.1", "127.0.0.1 10.0.0.1"], "private network"),
        (["127.0.0.1", "10.0.0.1 127.0.0.1"], "private network"),
        (["127.0.0.1", "::ffff:10.0.0.1"], "private network"),
        (["127.0.0.1", ""], "private network"),
    ],
)
def test_a_name_is_asked_where_it_was_found_however_it_answers_the_next_time(
    monkeypatch: pytest.MonkeyPatch, answers: list[str], status: str
) -> None:
    """The first answer is for its rules, the second for the page: whoever connects asks no third time."""
    ask, given = socket.getaddrinfo, list(answers)

    def found(host: str, port: int, *kinds: int, **more: int) -> list[tuple[object, ...]]:
        if host != "moving.example":
            return list(ask(host, port, *kinds, **more))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in given.pop(0).split()]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with site({"/a": GOOD}) as (address, asked):
        port = address.rpartition(":")[2]
        if status == "fetched":
            assert here().get(f"http://moving.example:{port}/a").content == PAGE
            assert [f"Host: moving.example:{port}".encode() in head for head in asked] == [True, True]
        else:
            with pytest.raises(NotFetched, match=status):
                here().get(f"http://moving.example:{port}/a")
    assert len(asked) == 2 - len(given) - (status != "fetched")


ENTITIES = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("first", "others"),
    [
        (feed("http://[bad", "/good"), {}),
        (feed("http://a:b/", "/good"), {}),
        (feed("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/good"), {}),
        (feed("http://169.254.169.254/latest", "http://[::]/", "http://0/", "/good"), {}),
        (feed("http://127.0.0.1:22/", "http://me:pw@127.0.0.1/", "/good"), {}),
        (feed(f"/{'a' * URL_CHARACTERS}", "/good"), {}),
        (feed("/moved", "/good"), {"/moved": told("302 Found", b"Location: http://[bad")}),
        (feed("/moved", "/good"), {"/moved": told("302 Found", b"Location: \x1b]0;owned\x07")}),
        (feed("/moved", "/good"), {"/moved": told("301 Moved", b"Location: //169.254.169.254/")}),
        (feed("/moved", "/good"), {"/moved": told("301 Moved", b"Location: http://\xff\xfe/")}),
        (feed("/same", "/good"), {"/same": told("304 Not Modified")}),
        (feed("/kind", "/good"), {"/kind": told("200 OK", b"Content-Type: \x1b[31mimage/png", body=b"x")}),
        (feed("/odd", "/good"), {"/odd": b"\x00\x01\x02"}),
        (feed("/odd", "/good"), {"/odd": b"HTTP/1.1 999999999999999999999 OK\r\n\r\n"}),
        (feed("/odd", "/good"), {"/odd": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx"}),
        (feed("/odd", "/good"), {"/odd": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000}),
        (feed("/odd", "/good"), {"/odd": told("200 OK", b"Content-Encoding: gzip", body=b"no gzip")}),
        (feed("/odd", "/good"), {"/odd": told("200 OK", b"Content-Encoding: zstd", body=b"x")}),
        (feed("/odd", "/good"), {"/odd": told("200 OK", b"Content-Encoding: gzip, gzip", body=b"x")}),
        (feed("/good", before="<!---->" * 200), {}),
        (feed("/good", before="<!--a--><!--<!--b-->\n" * 60), {}),
    ],
)  # fmt: skip
def test_the_good_page_of_a_hostile_feed_is_fetched_and_nothing_else(
    tmp_path: Path, first: bytes, others: dict[str, bytes]
) -> None:
    with site({"/feed": first, "/good": GOOD, **others}) as (address, _):
        harvest = fetch([f"{address}/feed"], tmp_path, here())
    [path] = tmp_path.glob("*/*")
    assert (harvest.written, path.name[:5]) == (1, "good-")
    assert all(one.isprintable() and len(one) < 400 for one in harvest.refused)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<?xml?>" + b"<!---->" * 285, "is no page"),
        (b"<rss>" + b"<?xml" * 300_000, ""),
        (b"<rss>" + b"&" * 300_000 + b"<br" * 100_000, ""),
        (f"{ENTITIES}<rss><channel><item><link>&x;</link></item></channel></rss>".encode(), "is no page"),
        (b"<rss>" + b"<a>" * 50_000, "nests too deep"),
        (f"<rss>{ENTITIES}<item>&</item>".encode(), "declares entities"),
    ],
)
def test_a_feed_that_cannot_be_read_is_told_at_once(tmp_path: Path, body: bytes, said: str) -> None:
    began = time.monotonic()
    with site({"/feed": told("200 OK", b"Content-Type: application/rss+xml", body=body)}) as (address, _):
        refused = fetch([f"{address}/feed"], tmp_path, here()).refused
    assert len(refused) == bool(said) and said in "".join(refused) and time.monotonic() - began < 10


@pytest.mark.parametrize("rules", ["Crawl-delay: ²", f"Crawl-delay: {'9' * 5_000}", "Request-rate: ²/1"])
def test_rules_that_cannot_be_read_allow_nothing(tmp_path: Path, rules: str) -> None:
    robots = told("200 OK", body=f"User-agent: *\n{rules}".encode())
    with site({"/robots.txt": robots, "/good": GOOD}) as (address, asked):
        assert "robots.txt" in fetch([f"{address}/good"], tmp_path, here()).refused[0]
    assert len(asked) == 1


def test_a_site_that_wants_a_year_between_requests_gets_the_longest_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "MOST_DELAY", 0.0)
    robots = told("200 OK", body=f"User-agent: *\nCrawl-delay: {'9' * 400}".encode())
    with site({"/robots.txt": robots, "/good": GOOD}) as (address, _):
        assert here().get(f"{address}/good").content == PAGE


def trickled(head: bytes, piece: bytes) -> Callable[[], Iterator[bytes]]:
    """An answer that goes on for ever, a little every tenth of a second."""

    def sent() -> Iterator[bytes]:
        yield head
        for one in repeat(piece):
            time.sleep(0.1)
            yield one

    return sent


@pytest.mark.parametrize(
    "sent",
    [
        trickled(b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        trickled(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        trickled(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a"),
        trickled(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"a"),
        trickled(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b""),
    ],
)
@pytest.mark.parametrize("path", ["/robots.txt", "/page"])
def test_whatever_trickles_is_left_in_time(
    tmp_path: Path, sent: Callable[[], Iterator[bytes]], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polite, "SECONDS", 0.7)
    began = time.monotonic()
    with site({path: sent}) as (address, _):
        [refused] = fetch([f"{address}/page"], tmp_path, here()).refused
    assert "takes over" in refused and time.monotonic() - began < 5
    assert list(tmp_path.glob("*/*")) == []


def test_what_unpacks_to_too_much_is_left_before_it_is_in_memory(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    with site({"/a": told("200 OK", b"Content-Encoding: gzip", body=bomb)}) as (address, _):
        assert "has over 20.0 MB" in fetch([f"{address}/a"], tmp_path, here()).refused[0]


def test_what_follows_the_end_of_a_packed_page_is_left(tmp_path: Path) -> None:
    def sent() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE)
        yield from repeat(bytes(1_000_000))

    with site({"/a": sent}) as (address, _):
        assert here().get(f"{address}/a").content == PAGE


@pytest.mark.parametrize("first", ["/robots.txt", "/a"])
def test_however_many_answers_an_address_leads_to_they_have_one_time(
    tmp_path: Path, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved() -> Iterator[bytes]:
        time.sleep(0.4)
        yield told("302 Found", b"Location: /b")

    monkeypatch.setattr(polite, "ALL_SECONDS", 0.6)
    with site({first: moved, "/b": moved, "*": GOOD}) as (address, asked):
        [refused] = fetch([f"{address}/a"], tmp_path, here()).refused
    assert "takes over" in refused and len(asked) <= 3


def test_the_rules_of_so_many_sites_are_remembered_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polite, "MOST_SITES", 2)
    with site({"*": GOOD}) as (address, asked):
        asks, port = here(), address.rpartition(":")[2]
        for host in ("127.0.0.1", "127.1", "127.0.1", "127.0.1"):
            asks.get(f"http://{host}:{port}/a")
    assert list(asks._sites) == [f"http://127.1:{port}", f"http://127.0.1:{port}"]
    assert sum(b"robots.txt" in head for head in asked) == 3


@pytest.mark.parametrize(("limit", "most"), [("FEED_BYTES", len(PAGE) - 1), ("FEED_SECONDS", 0.3)])
def test_a_feed_of_endless_pages_keeps_no_other_waiting_and_loses_none(
    tmp_path: Path, limit: str, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow() -> Iterator[bytes]:
        time.sleep(0.4)
        yield GOOD

    monkeypatch.setattr(fetching_module, limit, most)
    with site({"/feed": feed("/1", "/2"), "/other": GOOD, "*": slow}) as (address, _):
        first = fetch([f"{address}/feed", f"{address}/other"], tmp_path, here())
        assert first.written == 2 and "is fetched the next time" in first.refused[0]
        monkeypatch.undo()
        assert fetch([f"{address}/feed"], tmp_path, here()) == Harvest(1)


def test_packed_pages_are_unpacked(tmp_path: Path) -> None:
    packed = told("200 OK", b"Content-Encoding: gzip", b"Content-Type: text/html", body=gzip.compress(PAGE))
    with site({"/a": packed}) as (address, _):
        assert here().get(f"{address}/a").content == PAGE


def test_what_a_site_calls_a_version_is_said_back_only_where_it_can_be(tmp_path: Path) -> None:
    """Kept and sent, a letter that no header may hold would end every fetch from then on."""
    page = GOOD.replace(b"\r\n\r\n", b'\r\nETag: "\xe9"\r\nLast-Modified: \x1b[31m\r\n\r\n', 1)
    (tmp_path / KNOWN).write_text('{"http://127.0.0.1:9999/": {"etag": "\\u00e9", "changed": "x"}}')
    with site({"/a": page}) as (address, asked):
        for _ in range(2):
            assert fetch([f"{address}/a"], tmp_path, here()).written == 1
        here().get(f"{address}/a", "\u00e9", "a\nb")
    assert not any(b"If-" in head for head in asked)


def test_no_cookie_password_or_proxy_of_this_machine_goes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    moved = told("302 Found", b"Location: /b", b"Set-Cookie: a=b; Path=/", b"WWW-Authenticate: Basic")
    with site({"/a": moved, "/b": GOOD}) as (address, asked):
        here().get(f"{address}/a")
    heads = [head.decode().split("\r\n\r\n")[0].split("\r\n")[1:] for head in asked]
    sent = {line.partition(":")[0].lower() for head in heads for line in head}
    assert len(heads) == 3 and sent == {"host", "user-agent", "accept-encoding", "accept", "connection"}


def test_of_a_machine_that_cannot_prove_its_name_nothing_is_taken(tmp_path: Path) -> None:
    made = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert"), "-subj", "/CN=127.0.0.1"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *made],
        check=True,
        capture_output=True,
    )
    proof = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    proof.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    taken: list[bytes] = []

    def answer() -> None:
        with suppress(OSError), proof.wrap_socket(server.accept()[0], server_side=True) as connection:
            taken.append(connection.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(NotFetched, match="does not answer"):
            here().get(f"https://127.0.0.1:{server.getsockname()[1]}/a")
        thread.join(10)
    assert b"".join(taken) == b""


@pytest.mark.parametrize("known", ["[" * 100_000, '{"a": 1}', '{"a": {"b": 1}}', "\x00", "null", '{"a": {"etag": 1}}'])
def test_a_damaged_note_of_what_was_fetched_begins_anew(tmp_path: Path, known: str) -> None:
    (tmp_path / KNOWN).write_text(known)
    with site({"/a": GOOD}) as (address, _):
        assert fetch([f"{address}/a"], tmp_path, here()).written == 1


def test_no_name_of_a_page_is_too_long_or_leads_out_of_its_folder(tmp_path: Path) -> None:
    ends = ["𠀀" * 100, "..", "%2e%2e%2fetc%2fpasswd", "a\u202etxt.exe", ".bashrc", "CON", "?q=../../x", "a;b|c"]
    with site({"/feed": feed(*(f"/{end}" for end in ends)), "*": GOOD}) as (address, _):
        assert fetch([f"{address}/feed"], tmp_path / "news", here()).written == len(ends)
    names = [path.name for path in tmp_path.glob("news/127.0.0.1/*")]
    assert len(names) == len(ends) and [path.name for path in tmp_path.iterdir()] == ["news"]
    assert all(name.isprintable() and len(name.encode()) <= NAME_BYTES + 20 and name[0] != "." for name in names)


class Named(Polite):
    """Every host has the page, whatever it is called."""

    def get(self, url: str, etag: str = "", changed: str = "") -> Fetched:
        return Fetched(url, PAGE, "text/html")


@pytest.mark.parametrize(
    "host", [f"{'漢' * 54}.{'漢' * 54}.{'漢' * 54}.example", "aux.example", "CON", "a" * 63 + ".a"]
)
def test_no_name_of_a_site_is_one_that_a_system_takes_no_folder_by(tmp_path: Path, host: str) -> None:
    parts_of(f"http://{host}/")
    assert fetch([f"http://{host}/", "http://good.example/"], tmp_path, Named()).written == 2
    [folder] = {path.name for path in tmp_path.iterdir()} - {"good.example", KNOWN}
    assert len(folder.encode()) <= SITE_BYTES and not folder.lower().startswith(("aux", "con"))


def test_nothing_is_written_through_a_link_that_lies_in_the_folder(tmp_path: Path) -> None:
    folder, outside = tmp_path / "news", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "mine").write_text("Mine.")
    with site({"/a": GOOD}) as (address, _):
        (folder / "127.0.0.1").symlink_to(outside)
        with pytest.raises(UserError, match="cannot be written to"):
            fetch([f"{address}/a"], folder, here())
        (folder / "127.0.0.1").unlink()
        (folder / KNOWN).symlink_to(outside / "mine")
        assert fetch([f"{address}/a"], folder, here()).written == 1
    assert [path.name for path in outside.iterdir()] == ["mine"] and (outside / "mine").read_text() == "Mine."


@pytest.mark.parametrize(
    "content", ["sources = " + "[" * 50_000, "sources = 1", "sources = [{}]", "\xff", "[" * 50_000, "sources = ['x']"]
)
def test_a_list_of_feeds_that_is_none_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(UserError):
        sources(str(tmp_path / "a.toml"))


class Connected:
    """A connection as whoever made it tells of it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def get_extra_info(self, _: str) -> socket.socket:
        return self._connection


@pytest.mark.parametrize("is_late", [False, True])
def test_a_connection_is_cut_off_also_where_it_took_all_the_time_to_make(is_late: bool) -> None:
    ours, other = socket.socketpair()
    ours.settimeout(10)
    with ours, other, polite._cut_off(0.05) as watch:
        if is_late:
            time.sleep(0.5)
        watch("connection.connect_tcp.complete", {"return_value": Connected(ours)})
        assert ours.recv(1) == b""
