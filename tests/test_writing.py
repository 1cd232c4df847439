"""A generation made from an older one is the one that a build in one go makes, and only what has changed is read."""

import json
import os
import random
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import read_in_this_process
from contents import contents
from fakes import HashingEmbedding

from index import rebuild as rebuilding
from index.articles import Article, Skipped
from index.generations.generation import Generation
from index.generations.integrity import files_in
from index.generations.manifest import read_manifest, write_manifest
from index.generations.pointer import open_current
from index.generations.verification import NotSound, problem_of
from index.reading.units import read_file
from index.reading.workers import Workers
from index.rebuild import rebuild
from index.stores import sqlite_text

pytestmark = pytest.mark.slow

WORDS = "the river rose again and people left their houses while boats carried food to villages further down".split()
QUESTIONS = ("Which boats carried food?", "Who left the houses?")


def sentence(seed: int) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=14)).capitalize() + f" in {1900 + seed}."


def story(seed: int, length: int = 12) -> str:
    return f"Report {seed}.\n\n" + " ".join(sentence(1000 * seed + number) for number in range(length))


def record(text: object) -> str:
    return json.dumps({"text": text}) + "\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of nine articles, two of them copies, and its index."""
    scratch = tmp_path_factory.mktemp("built")
    (scratch / "articles").mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        place = Place(scratch, monkeypatch)
        for number in range(7):
            place.write(f"{number}.txt", story(number, 4 if number else 40))
        place.write("copy.txt", story(3, 4))
        place.write("deep.jsonl", record(sentence(1)) + record(story(5, 4)) + record(7))
        assert place.rebuild()["duplicates"] == [("copy.txt", "3.txt"), ("deep.jsonl#2", "5.txt")]
    return scratch


@pytest.fixture
def place(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Place":
    return Place(Path(shutil.copytree(built, tmp_path / "place")), monkeypatch)


class Place:
    """A folder and its index; `read` are the files read the last time."""

    def __init__(self, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.index_dir, self.scratch = scratch / "articles", scratch / "index", scratch
        self.read: list[str] = []
        self._all_read = read_in_this_process(monkeypatch)
        monkeypatch.setattr(sqlite_text, "COMMON_TERM", 3)
        monkeypatch.setattr(rebuilding, "prepare", lambda: None)
        monkeypatch.setattr(rebuilding, "verify", _verify)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def rebuild(self) -> dict[str, object]:
        """What the index holds after a rebuild; the same as one made in one go."""
        self._all_read.clear()
        rebuild(self.folder, self.index_dir, HashingEmbedding, allow_shrink=True)
        self.read = list(self._all_read)
        # A folder of its own each time: Chroma would not notice that another store is in the old one.
        oracle = Path(tempfile.mkdtemp(dir=self.scratch))
        rebuild(self.folder, oracle, HashingEmbedding)
        one, other = (
            contents(open_current(where), HashingEmbedding(), QUESTIONS) for where in (self.index_dir, oracle)
        )
        for part in one:
            assert one[part] == other[part], part
        return one


def _verify(path: Path) -> None:
    generation = Generation(path)
    problem = problem_of(generation)
    generation.vectors.close()
    if problem:
        raise NotSound(problem)


@pytest.mark.parametrize(
    ("edit", "read"),
    [
        (lambda place: place.write("4.txt", story(90, 4)), ["4.txt"]),
        (lambda place: place.write("4.txt", story(90, 60)), ["4.txt"]),
        (lambda place: (place.folder / "0.txt").unlink(), []),
        (lambda place: (place.folder / "6.txt").unlink(), []),
        (lambda place: (place.folder / "3.txt").unlink(), []),  # its copy takes its place
        (lambda place: (place.folder / "copy.txt").unlink(), []),
        (lambda place: (place.folder / "3.txt").rename(place.folder / "8.txt"), ["8.txt"]),  # and is its copy then
        (lambda place: place.write("0.txt", story(3, 4)), ["0.txt"]),  # comes first, and is the original then
        (lambda place: place.write("deep.jsonl", record(sentence(2))), ["deep.jsonl"]),
        (lambda place: [place.write(f"{number}.txt", story(number, 3)) for number in range(6)], None),
        (lambda place: place.write("empty.txt", ""), ["empty.txt"]),
    ],
    ids="one longer shorter last original copy moved first several most skipped".split(),
)
def test_what_changed_is_read_and_the_rest_is_taken_over(
    place: Place, edit: Callable[[Place], object], read: list[str] | None
) -> None:
    edit(place)
    place.rebuild()
    assert read is None or place.read == read
    place.write("9.txt", story(9))
    place.rebuild()
    assert place.read == ["9.txt"]


def test_other_code_reads_everything(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "_maker", lambda embedding: "another")
    place.rebuild()
    assert len(place.read) == 9


def test_a_reader_that_was_lost_is_tried_again_with_the_next_change(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def losing(_: Workers, paths: Sequence[str]) -> list[list[Article | Skipped]]:
        return [
            [Skipped(path, "it crashed", again=True)] if path == "4.txt" else read_file(place.folder, path)
            for path in paths
        ]

    place.write("4.txt", story(90, 4))
    with monkeypatch.context() as lost:
        lost.setattr(Workers, "read", losing)
        rebuild(place.folder, place.index_dir, HashingEmbedding)
    assert [one.path for one in open_current(place.index_dir).manifest.skipped] == ["4.txt", "deep.jsonl#3"]
    place.write("9.txt", story(9))
    place.rebuild()
    assert place.read == ["4.txt", "9.txt"]


def test_what_is_not_sound_once_it_is_edited_is_made_anew(place: Place) -> None:
    path = open_current(place.index_dir).path
    with closing(sqlite3.connect(path / "text.sqlite3")) as text, text:
        text.execute("INSERT INTO lexicon (lexicon) VALUES ('delete-all')")
    files = [file for file in files_in(path) if file.path != "manifest.json"]
    write_manifest(path, replace(read_manifest(path), files=tuple(files)))
    place.write("9.txt", story(9))
    place.rebuild()
    assert place.read[0] == "9.txt" and len(place.read) == 1 + 10


def test_vectors_are_made_anew_when_many_were_edited(place: Place) -> None:
    counts = []
    for number in range(20, 24):
        place.write("4.txt", story(number, 4))
        rebuild(place.folder, place.index_dir, HashingEmbedding)
        counts.append(open_current(place.index_dir).manifest.edited_count)
    assert counts == [1, 2, 0, 1]
    assert open_current(place.index_dir).manifest.base == "g000001"
    place.rebuild()


def test_deleted_words_are_off_the_disk_but_for_the_generation_before(place: Place) -> None:
    place.write("secret.txt", "The zanzibarquux was seen in Marlow.")
    (place.folder / "hidden").mkdir()
    place.write("hidden/quuxfolder.txt", story(50, 2))
    place.rebuild()
    place.write("secret.txt", "Nothing was seen in Marlow.")
    (place.folder / "hidden/quuxfolder.txt").unlink()
    place.rebuild()
    for path in open_current(place.index_dir).path.rglob("*"):
        assert path.is_dir() or not re.search(b"zanzibarquux|quuxfolder", path.read_bytes()), path


def test_a_file_whose_name_is_no_text_is_followed_like_any_other(place: Place) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    place.write(name, story(70, 4))
    assert ("caf\\udce9.txt", "its name cannot be stored; rename the file") in place.rebuild()["skipped"]  # type: ignore
    place.write("9.txt", story(9))
    place.rebuild()
    assert place.read == ["9.txt"]
