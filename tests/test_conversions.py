"""What is made of a model once: whole or not at all, whoever else wants it."""

from pathlib import Path
from threading import Thread

import pytest

from index.models.conversions import made_once, run_apart


def test_it_is_made_once_by_whoever_comes_first(tmp_path: Path) -> None:
    made: list[Path] = []

    def fill(folder: Path) -> None:
        made.append(folder)
        (folder / "last").touch()

    threads = [Thread(target=made_once, args=(tmp_path / "a-1", "last", fill, list)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [tmp_path / "a-1.unfinished"]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["a-1"]


def test_what_fails_or_was_cut_short_is_not_there(tmp_path: Path) -> None:
    for left in ("a-1", "a-1.unfinished"):  # of a process that was killed, or of somebody who removed a file
        (tmp_path / left).mkdir()
        (tmp_path / left / "half").touch()

    def fail(folder: Path) -> None:
        assert list(folder.iterdir()) == []
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"):
        made_once(tmp_path / "a-1", "last", fail, list)
    assert not (tmp_path / "a-1.unfinished").exists()
    made_once(tmp_path / "a-1", "last", lambda folder: (folder / "last").touch(), list)
    assert [path.name for path in (tmp_path / "a-1").iterdir()] == ["last"]


def test_those_of_other_versions_go_when_it_is_there(tmp_path: Path) -> None:
    (tmp_path / "a-0").mkdir()
    (tmp_path / "b-0").mkdir()
    made_once(tmp_path / "a-1", "last", lambda folder: (folder / "last").touch(), lambda: tmp_path.glob("a-*"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["a-1", "b-0"]


def test_what_a_child_says_last_is_why_it_failed() -> None:
    run_apart("json.tool", "--help")
    with pytest.raises(ValueError, match="No module named"):
        run_apart("index.no_such_module")
