"""Conversations that cannot be read take nobody's page away: the file is moved aside, and that is said."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.filters import Filters
from ui.conversations import FILE, Conversations, problem_of


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


def _scribble(path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be taken for one " * 200)


def _overwrite_pages(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4_096] + b"\xff" * (len(whole) - 4_096))


def _make_older(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE conversations (id TEXT, asked TEXT)")
        database.execute("CREATE TABLE turns (conversation TEXT, question TEXT)")


def _make_one_table_older(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript("DROP TABLE ratings; CREATE TABLE ratings (turn TEXT, stars INTEGER)")


def _put_a_folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one conversation."""
    kept = Conversations(tmp_path / FILE)
    kept._rows("INSERT INTO conversations VALUES ('a', 'ada', '2024-01-01')")
    kept._rows("INSERT INTO turns VALUES ('a', 0, 'Who led the repair?', '{}', '')")
    kept._database.close()
    return tmp_path / FILE


@pytest.mark.parametrize(
    "damage", [_cut, _scribble, _overwrite_pages, _make_older, _make_one_table_older, _put_a_folder_there]
)
def test_a_file_that_cannot_be_read_is_moved_aside_and_the_page_goes_on(
    path: Path, damage: Callable[[Path], None]
) -> None:
    damage(path)
    assert problem_of(path)
    kept = Conversations(path)
    assert kept.of("ada") == [] and "cannot be read" in kept.notice
    [aside] = path.parent.glob(f"{FILE}.*.damaged")
    assert aside.name in kept.notice
    assert problem_of(path) == "" and Conversations(path).notice == ""


def test_a_file_from_before_there_were_ratings_stays(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE ratings")
    kept = Conversations(path)
    assert [one.question for one in kept.of("ada")] == ["Who led the repair?"] and kept.notice == ""


def test_a_file_that_is_whole_stays(path: Path) -> None:
    kept = Conversations(path)
    assert [one.question for one in kept.of("ada")] == ["Who led the repair?"] and kept.notice == ""


def test_a_write_that_was_cut_short_is_no_damage(path: Path) -> None:
    script = (
        "import os, sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute('PRAGMA cache_size = 1'); "
        "rows = [(str(n), 'x' * 9000, '{}', '') for n in range(200)]; "
        "d.executemany('INSERT INTO turns VALUES (?, 1, ?, ?, ?)', rows); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)])
    assert path.with_name(f"{FILE}-journal").stat().st_size > 0
    assert [one.question for one in Conversations(path).of("ada")] == ["Who led the repair?"]


def test_damage_while_the_page_is_up_is_moved_aside_too(path: Path) -> None:
    kept = Conversations(path)
    _overwrite_pages(path)
    assert kept.of("ada") == []
    assert "cannot be read" in kept.notice


def test_an_answer_that_cannot_be_read_was_interrupted(path: Path) -> None:
    kept = Conversations(path)
    kept._rows("UPDATE turns SET answer = '{\"answer\": \"{}\"}', filters = '[]'")
    [reply] = kept.replies("ada", "a")
    assert (reply.question, reply.filters, reply.interrupted) == ("Who led the repair?", Filters(), True)
