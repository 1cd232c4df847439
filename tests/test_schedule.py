"""Feeds fetched again and again by one command, until it is ended."""

import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import HashingEmbedding

from index.errors import UserError
from index.fetching.fetch import Harvest
from index.generations.pointer import current_name
from ui.cli import newsdesk
from ui.commands import rebuild as command

FEED = "https://wren.example/feed"


def test_feeds_are_fetched_before_each_rebuild_and_after_so_many_minutes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    pauses: list[float] = []

    def fetch(addresses: list[str], into: Path) -> Harvest:
        fetched.extend(addresses)
        if len(fetched) == 2:
            raise UserError("The site is gone.")
        (into / f"fetched-{len(fetched)}.txt").write_text(
            f"A ferry number {len(fetched)} left the harbour of Marlow today.\n"
        )
        return Harvest(1)

    sleep = time.sleep

    def pause(seconds: float) -> None:
        if seconds < 60:  # somebody else's
            return sleep(seconds)
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt
        return None

    monkeypatch.setattr(command, "fetch", fetch)
    monkeypatch.setattr(time, "sleep", pause)
    monkeypatch.setattr(command, "load_embedding", lambda settings: HashingEmbedding())
    monkeypatch.chdir(tmp_path)
    command_line = ["index", str(folder), "--index-dir", str(tmp_path / "index"), "--from", FEED, "--every", "30"]
    done = CliRunner().invoke(newsdesk, command_line)
    assert fetched == [FEED] * 3
    assert pauses == [1800] * 3
    assert "The site is gone." in done.output  # and the next round went on
    assert current_name(tmp_path / "index") == "g000002"
    assert "found 5 = 5 articles" in done.output


@pytest.mark.parametrize("options", [["--every", "30"], ["--from", FEED, "--every", "30", "--watch"]])
def test_a_schedule_needs_something_to_fetch_and_nothing_else_to_follow(folder: Path, options: list[str]) -> None:
    done = CliRunner().invoke(newsdesk, ["index", str(folder), *options], standalone_mode=False)
    assert isinstance(done.exception, UserError) and "--from" in str(done.exception)
