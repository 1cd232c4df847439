"""Feeds and pages from a server of ours on loopback, which only these tests may ask."""

import json
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from samples import FIRST, SECOND
from websites import Site, here, site_on_loopback

from index.articles import Article
from index.errors import UserError
from index.fetching.addresses import NotFetched, is_public, resolved
from index.fetching.fetch import KNOWN, fetch
from index.fetching.sources import sources
from index.reading.units import read_file

STORY = f"<article><p>{FIRST}</p><p>{SECOND} Café.</p></article>"
PAGE = f"<html><head><title>Bridge</title></head><body>{STORY}</body></html>"


@pytest.fixture
def site() -> Iterator[tuple[str, type[Site]]]:
    with site_on_loopback() as one:
        yield one


def feed(*links: str) -> bytes:
    items = "".join(f"<item><title>x</title><link>{link}</link></item>" for link in links)
    return f"<?xml version='1.0'?><rss><channel><link>/home</link>{items}</channel></rss>".encode()


HTML = {"Content-Type": "text/html; charset=iso-8859-1"}


def test_the_pages_of_a_feed_become_articles_and_are_fetched_once(tmp_path: Path, site: tuple[str, type[Site]]) -> None:
    address, own = site
    own.pages = {
        "/feed": (200, {"ETag": '"1"'}, feed("/2024/03/05/bridge", f"{address}/2024/03/05/bridge")),
        "/2024/03/05/bridge": (200, HTML, PAGE.encode("latin-1")),
    }
    assert fetch([f"{address}/feed"], tmp_path, here()).written == 1
    [path] = tmp_path.rglob("*.mhtml")
    [article] = read_file(tmp_path, str(path.relative_to(tmp_path)))
    assert isinstance(article, Article)
    assert (article.title, article.published) == ("Bridge", "2024-03-05")
    assert article.url == f"{address}/2024/03/05/bridge" and article.text.endswith("Café.")
    again = fetch([f"{address}/feed"], tmp_path, here())
    assert (again.written, again.refused) == (0, ())
    pages = [one for one in own.asked if one[0] != "/robots.txt"]
    assert pages == [("/feed", ""), ("/2024/03/05/bridge", ""), ("/feed", '"1"')]
    assert (tmp_path / KNOWN).exists()


def test_what_was_fetched_is_remembered_as_far_as_there_is_room_newest_last(
    tmp_path: Path, site: tuple[str, type[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, own = site
    own.pages = {f"/{name}": (200, HTML, PAGE.encode("latin-1")) for name in "abcdefgh"}
    monkeypatch.setattr("index.fetching.fetch.KNOWN_CHARACTERS", 300)
    for listed in ("abc", "bcd", "cde", "def", "bfg", "bgh"):
        own.pages["/feed"] = (200, {}, feed(*(f"/{name}" for name in listed)))
        assert fetch([f"{address}/feed"], tmp_path, here()).refused == ()
        assert len((tmp_path / KNOWN).read_text()) <= 300
    asked = [path for path, _ in own.asked if path not in ("/robots.txt", "/feed")]
    assert sorted(set(asked)) == [f"/{name}" for name in "abcdefgh"]
    assert [name for name in "cdefgh" if asked.count(f"/{name}") > 1] == []
    known = json.loads((tmp_path / KNOWN).read_text())
    assert f"{address}/feed" in known and f"{address}/h" in known and f"{address}/a" not in known
    assert len(list(tmp_path.rglob("*.mhtml"))) == 8


def test_what_a_site_keeps_from_programs_is_not_asked_for(tmp_path: Path, site: tuple[str, type[Site]]) -> None:
    address, own = site
    own.pages = {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private"),
        "/feed": (200, {}, feed("/private/a", "/open")),
        "/private/a": (200, HTML, PAGE.encode("latin-1")),
        "/open": (200, HTML, PAGE.encode("latin-1")),
    }
    harvest = fetch([f"{address}/feed"], tmp_path, here())
    assert harvest.written == 1 and "robots.txt" in harvest.refused[0]
    assert "/private/a" not in [path for path, _ in own.asked]


def test_of_a_site_whose_rules_cannot_be_had_nothing_is(tmp_path: Path, site: tuple[str, type[Site]]) -> None:
    address, own = site
    own.pages = {"/robots.txt": (503, {}, b""), "/a": (200, HTML, PAGE.encode("latin-1"))}
    assert "robots.txt" in fetch([f"{address}/a"], tmp_path, here()).refused[0]


@pytest.mark.parametrize(
    ("headers", "status", "said"),
    [
        ({"Location": "http://169.254.169.254/latest"}, 302, "private network"),
        ({"Location": "http://[::1]:1/"}, 301, "where no pages are"),
        ({"Location": "file:///etc/passwd"}, 302, "no address that can be fetched"),
        ({"Location": "/a"}, 307, "without end"),
        ({"Content-Type": "image/png"}, 200, "is no page"),
        ({}, 500, "answers with an error (500)"),
    ],
)
def test_what_is_refused_says_why(
    tmp_path: Path, site: tuple[str, type[Site]], headers: dict[str, str], status: int, said: str
) -> None:
    address, own = site
    own.pages = {"/a": (status, headers, b"x")}
    harvest = fetch([f"{address}/a"], tmp_path, here())
    assert harvest.written == 0 and said in harvest.refused[0]


def test_an_answer_without_end_is_left(
    tmp_path: Path, site: tuple[str, type[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, own = site
    monkeypatch.setattr("index.fetching.polite.MOST_BYTES", 1000)
    own.pages = {"/a": (200, HTML, b"x" * 2000)}
    assert "has over 0.0 MB" in fetch([f"{address}/a"], tmp_path, here()).refused[0]


def test_no_machine_of_a_private_network_is_asked(tmp_path: Path, site: tuple[str, type[Site]]) -> None:
    address, own = site
    harvest = fetch([f"{address}/a", "http://localhost/"], tmp_path)
    assert all("private network" in reason for reason in harvest.refused) and len(harvest.refused) == 2
    assert own.asked == []


@pytest.mark.parametrize(
    "private",
    "127.0.0.1 10.1.2.3 192.168.0.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 ::1 "
    "fe80::1 fc00::1 ::ffff:127.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1 ff02::1".split(),
)
def test_private_addresses_are_told(private: str) -> None:
    assert not is_public(ip_address(private))
    shown = f"[{private}]" if ":" in private else private
    with pytest.raises(NotFetched, match="private network"):
        resolved(f"http://{shown}/")


def test_public_addresses_are_told() -> None:
    assert is_public(ip_address("93.184.216.34")) and is_public(ip_address("2606:2800:220:1::1"))
    assert resolved("https://93.184.216.34/a") == ("93.184.216.34", "93.184.216.34", 443)


def test_sources_are_an_address_or_a_list(tmp_path: Path) -> None:
    (tmp_path / "a.opml").write_text(
        '<opml><body><outline><outline xmlUrl="https://a.example/f"/></outline></body></opml>'
    )
    (tmp_path / "a.toml").write_text(
        'sources = ["https://a.example/f", "ftp://b.example", {url = "https://c.example"}]'
    )
    (tmp_path / "b.opml").write_text("<opml/>")
    assert sources("https://a.example/f") == sources(str(tmp_path / "a.opml")) == ["https://a.example/f"]
    assert sources(str(tmp_path / "a.toml")) == ["https://a.example/f", "https://c.example"]
    for wrong in ("b.opml", "none.opml"):
        with pytest.raises(UserError):
            sources(str(tmp_path / wrong))
