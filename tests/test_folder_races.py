"""What lies outside the folder stays outside: links of every kind, deep folders, and folders swapped meanwhile."""

import ctypes
import multiprocessing
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from index.errors import Unreadable
from index.reading.files import MOST_DEPTH, list_files, open_file
from index.reading.snapshot import take_snapshot

EXCHANGE = 2  # of renameat2: both names change places at one instant


def refusal(folder: Path, path: str) -> str:
    with pytest.raises(Unreadable) as caught, open_file(folder, path):
        pass
    return str(caught.value)


def test_a_thousand_folders_in_one_another_cost_themselves_only(tmp_path: Path) -> None:
    (tmp_path / "z.txt").write_text("Some words.")
    deep = "/".join(["a"] * 1000)
    here = os.open(tmp_path, os.O_RDONLY)
    for name in deep.split("/"):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    try:
        [skipped, article] = list_files(tmp_path)
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "a" / "a"], check=True)  # what pytest itself could not remove
    assert (skipped, article) == ("/".join(["a"] * (MOST_DEPTH + 1)), "z.txt")
    (tmp_path / skipped).mkdir(parents=True)
    assert refusal(tmp_path, skipped) == "over 100 folders in one another are not read; move it up"


def test_a_link_at_any_step_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    (folder / "in" / "side").mkdir(parents=True)
    (tmp_path / "out" / "side").mkdir(parents=True)
    (tmp_path / "out" / "side" / "secret.txt").write_text("A secret.")
    (folder / "linked").symlink_to(tmp_path / "out")
    (folder / "in" / "linked").symlink_to(tmp_path / "out" / "side")
    (folder / "in" / "side" / "secret.txt").symlink_to(tmp_path / "out" / "side" / "secret.txt")
    (folder / "loop").symlink_to("loop")
    reason = "it is a symbolic link; put the file itself into the folder"
    for path in ("linked", "in/linked", "in/side/secret.txt", "loop"):
        assert path in list_files(folder)
        assert refusal(folder, path) == reason
    for path in ("linked/side/secret.txt", "in/linked/secret.txt", "in/../../out/side/secret.txt"):
        assert refusal(folder, path) == reason


def test_a_file_with_another_name_outside_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("A secret.")
    os.link(tmp_path / "secret.txt", folder / "article.txt")
    (folder / "one.txt").write_text("Some words.")
    os.link(folder / "one.txt", folder / "two.txt")
    paths = list_files(folder)
    states = {state.path: state for state in take_snapshot(folder, paths, {})}
    assert "a hard link" in states["article.txt"].refused and states["article.txt"].digest == ""
    assert states["one.txt"].refused == states["two.txt"].refused == ""
    assert all(state.digest for state in take_snapshot(folder, paths, {}, hard_links=True))


def _swap(one: str, other: str) -> None:
    """For ever."""
    libc = ctypes.CDLL(None)
    for _ in count():
        libc.renameat2(-100, one.encode(), -100, other.encode(), EXCHANGE)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere two names cannot change places at one instant")
def test_a_folder_swapped_with_a_link_leads_nowhere(tmp_path: Path) -> None:
    inside, outside = tmp_path / "articles", tmp_path / "private"
    for folder, word in ((inside / "sub", "public"), (outside, "secret")):
        folder.mkdir(parents=True)
        for number in range(40):
            (folder / f"{word}{number}.txt").write_text(f"A {word} matter.")
            (folder / f"{number}.txt").write_text(f"A {word} matter.")
    (inside / ".link").symlink_to(outside)
    swapping = multiprocessing.get_context("spawn").Process(
        target=_swap, args=(str(inside / "sub"), str(inside / ".link")), daemon=True
    )
    swapping.start()
    read: list[str] = []
    try:
        for _ in range(30):
            paths = list_files(inside)
            assert not [path for path in paths if "secret" in path]
            for path in [f"sub/{number}.txt" for number in range(40)]:
                try:
                    with open_file(inside, path) as file:
                        read.append(file.read().decode())
                except Unreadable:
                    continue
    finally:
        swapping.kill()
        swapping.join()
    assert set(read) == {"A public matter."}
