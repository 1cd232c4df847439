"""Articles that an editor gives by their addresses: fetched within bounds, taken in like files, and removed again."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from samples import FIRST, SECOND
from websites import Site, here, site_on_loopback

from assistant.models.turns import Line
from assistant.settings import read_settings
from index.articles import Article
from index.fetching.polite import Fetched, Polite
from index.reading.units import read_file
from ui.fetching import MOST_ADDRESSES, Fetching
from ui.intake import TOO_MANY, Intake, Outcome
from ui.reply import BROKEN

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = f"<html><head><title>Bridge</title></head><body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"


@pytest.fixture
def site() -> Iterator[tuple[str, type[Site]]]:
    with site_on_loopback() as one:
        yield one


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(tmp_path / "articles", tmp_path / "index")


def fetched(addresses: list[str], intake: Intake, polite: Polite | None = None) -> tuple[Fetching, list[str]]:
    """The addresses when all are done, and what was said to be taken in."""
    told: list[str] = []
    fetching = Fetching(addresses, intake, "me", "", lambda: told.append("taken in"), Line(1), polite or here())
    fetching._thread.join()
    return fetching, told


def test_an_article_is_fetched_read_with_its_address_and_removed_again(
    intake: Intake, site: tuple[str, type[Site]]
) -> None:
    address, own = site
    own.pages = {"/2024/03/05/bridge": (200, HTML, PAGE.encode())}
    given = [f"{address}/2024/03/05/bridge"] * 2
    fetching, told = fetched(given, intake)
    [outcome] = fetching.outcomes
    assert (outcome.problem, outcome.known, told, fetching.running) == ("", False, ["taken in"], False)
    assert outcome.path.startswith("127.0.0.1-bridge-") and outcome.path.endswith(".mhtml")
    [article] = read_file(intake.folder, outcome.path)
    assert isinstance(article, Article)
    assert (article.title, article.published, article.url) == ("Bridge", "2024-03-05", given[0])
    again, told = fetched(given, intake)
    assert [one.known for one in again.outcomes] == [True] and told == []
    intake.remove("me", outcome.path)
    assert intake.added() == [] and not (intake.folder / outcome.path).exists()
    assert not fetched(given, intake)[0].outcomes[0].known


def test_what_cannot_be_had_says_why_and_the_rest_comes(intake: Intake, site: tuple[str, type[Site]]) -> None:
    address, own = site
    own.pages = {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private"),
        "/private": (200, HTML, PAGE.encode()),
        "/feed": (200, {"Content-Type": "text/xml"}, b"<rss><channel></channel></rss>"),
        "/inside": (302, {"Location": "http://169.254.169.254/latest"}, b""),
        "/open": (200, HTML, PAGE.encode()),
    }
    named = ["/private", "/feed", "/inside", "/none", "/open"]
    fetching, told = fetched([*(address + one for one in named), "file:///etc/passwd"], intake)
    said = [one.problem for one in fetching.outcomes]
    assert "robots.txt" in said[0] and "is a feed" in said[1] and "private network" in said[2]
    assert "error (404)" in said[3] and said[4] == "" and "begins with https://" in said[5]
    assert len(intake.added()) == 1 and told == ["taken in"]


def test_without_leave_no_machine_of_a_private_network_is_asked(intake: Intake, site: tuple[str, type[Site]]) -> None:
    address, own = site
    fetching, told = fetched([f"{address}/a", "http://localhost/", "http://[::1]:8080/"], intake, Polite())
    assert all("private network" in one.problem for one in fetching.outcomes) and len(fetching.outcomes) == 3
    assert (own.asked, told, intake.added()) == ([], [], [])


def test_more_addresses_than_are_taken_at_once_are_told(intake: Intake, site: tuple[str, type[Site]]) -> None:
    address, own = site
    fetching, _ = fetched([f"{address}/{number}" for number in range(MOST_ADDRESSES + 2)], intake)
    assert [one.problem for one in fetching.outcomes[-3:]][1:] == [TOO_MANY, TOO_MANY]
    assert len([path for path, _ in own.asked if path != "/robots.txt"]) == MOST_ADDRESSES


def test_no_more_are_fetched_at_once_than_is_allowed_whoever_gave_them(intake: Intake) -> None:
    class Meeting(Polite):
        """Two that are fetched at once would meet here."""

        def get(self, url: str, etag: str = "", changed: str = "") -> Fetched:
            met.wait(0.2)
            return Fetched(url, PAGE.encode())

    met, line = Barrier(2), Line(1)
    given = ["https://one.example/", "https://two.example/"]
    both = [Fetching([one], intake, "me", "", lambda: None, line, Meeting()) for one in given]
    for one in both:
        one._thread.join()
    assert met.broken and [one.problem for one in both] == [BROKEN] * 2


def test_a_folder_that_cannot_be_written_to_ends_it_with_its_reason(
    tmp_path: Path, site: tuple[str, type[Site]]
) -> None:
    address, own = site
    own.pages = {"/a": (200, HTML, PAGE.encode())}
    intake = Intake(tmp_path / "articles", tmp_path / "index")
    fetching = Fetching([f"{address}/a"], intake, "me", "no such folder", lambda: None, Line(1), here())
    fetching._thread.join()
    assert fetching.outcomes == () and "no such folder" in fetching.problem


@pytest.mark.parametrize(("said", "fetches"), [("", False), ("on", True), ("yes", False)])
def test_nothing_is_fetched_unless_it_is_switched_on(said: str, fetches: bool) -> None:
    assert read_settings({"NEWSDESK_FETCH": said}).fetches is fetches


def test_what_nobody_foresaw_is_told_and_what_came_before_is_taken_in(
    intake: Intake, site: tuple[str, type[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, own = site
    own.pages = {"/bridge": (200, HTML, PAGE.encode()), "/other": (200, HTML, PAGE.encode())}
    add, calls = intake.add, []

    def failing(*given: Any) -> tuple[Outcome, ...]:
        calls.append(given)
        if len(calls) > 1:
            raise RuntimeError("nobody foresaw it")
        return tuple(add(*given))

    monkeypatch.setattr(intake, "add", failing)
    fetching, told = fetched([f"{address}/bridge", f"{address}/other"], intake)
    assert (len(fetching.outcomes), fetching.problem, told) == (1, BROKEN, ["taken in"])
