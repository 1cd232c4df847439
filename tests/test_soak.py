"""The index holds what the folder holds, whatever happened to either: random histories, and a short soak."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from contents import contents
from fakes import HashingEmbedding
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from index.errors import UserError
from index.generations.pointer import open_current, roll_back
from index.generations.verification import problem_of
from index.rebuild import rebuild

ROOT = Path(__file__).resolve().parent.parent
NAMES = st.sampled_from(["a.txt", "b.txt", "deep/c.txt", "deep/d.md", "ä.txt"])
# Some are copies of others, some take more than a passage, one is none.
TEXTS = st.one_of(
    st.just("One story of the quay, told twice. The tide was high."),
    st.just("One story of the quay, told twice."),
    st.just(" ".join(f"Day {day} was wet and windy." for day in range(90))),
    st.just(""),
    st.none(),  # one that was never there
)
QUESTIONS = ("Which story of the quay?",)


class Folder(RuleBasedStateMachine):
    """A folder, its index, and in `texts` what is in the folder; an empty text is an empty file."""

    def __init__(self) -> None:
        super().__init__()
        self.scratch = tempfile.TemporaryDirectory()
        self.folder, self.index_dir = Path(self.scratch.name, "articles"), Path(self.scratch.name, "index")
        (self.folder / "deep").mkdir(parents=True)
        self.texts: dict[str, str] = {}
        self.earlier: dict[str, tuple[str, int]] = {}
        self.indexed: list[dict[str, str]] = []
        self.published = ""
        self.count = 0

    def teardown(self) -> None:
        self.scratch.cleanup()

    @rule(name=NAMES, text=TEXTS)
    def write(self, name: str, text: str | None) -> None:
        self.count += 1
        if name in self.texts:
            self.earlier[name] = (self.texts[name], (self.folder / name).stat().st_mtime_ns)
        self.texts[name] = f"Story {self.count:06d} of the quay." if text is None else text
        (self.folder / name).write_text(self.texts[name])

    @rule(name=NAMES)
    def revert_with_the_time_it_had(self, name: str) -> None:
        if name in self.texts and name in self.earlier:
            self.texts[name], changed = self.earlier[name]
            (self.folder / name).write_text(self.texts[name])
            os.utime(self.folder / name, ns=(changed, changed))

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        if self.texts.pop(name, None) is not None:
            (self.folder / name).unlink()

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        if name in self.texts:
            (self.folder / name).replace(self.folder / other)
            self.texts[other] = self.texts.pop(name)

    @rule(name=NAMES)
    def touch(self, name: str) -> None:
        if name in self.texts:
            (self.folder / name).touch()

    @rule()
    def rebuild(self) -> None:
        articles = {name: text for name, text in self.texts.items() if text}
        try:
            manifest = rebuild(self.folder, self.index_dir, HashingEmbedding, allow_shrink=True)
        except UserError:
            assert not articles
            return
        assert {one.path for one in manifest.skipped} == self.texts.keys() - articles.keys()
        published = open_current(self.index_dir).name
        if published != self.published:  # a rebuild that finds nothing changed leaves what one goes back to
            self.indexed = [*self.indexed[-1:], articles]
            self.published = published
        self.check(articles)

    @precondition(lambda self: self.indexed)
    @rule()
    def go_back(self) -> None:
        try:
            name = roll_back(self.index_dir).name
        except UserError:
            return
        held = self.held()
        assert open_current(self.index_dir).name == name
        assert held in self.indexed
        self.indexed, self.published = [held], name

    @precondition(lambda self: self.indexed)
    @rule()
    def open_again(self) -> None:
        assert self.held() == self.indexed[-1]

    def held(self) -> dict[str, str]:
        generation = open_current(self.index_dir)
        with closing(sqlite3.connect(generation.path / "text.sqlite3")) as text:
            return dict(text.execute("SELECT id, text FROM articles"))  # copies as well

    def check(self, articles: dict[str, str]) -> None:
        """The same as an index made in one go, which is checked against the folder."""
        generation = open_current(self.index_dir)
        assert not generation.notice
        assert self.held() == articles
        assert problem_of(generation) == ""
        oracle = Path(tempfile.mkdtemp(dir=self.scratch.name))
        rebuild(self.folder, oracle, HashingEmbedding)
        one, other = (contents(open_current(path), HashingEmbedding(), QUESTIONS) for path in (self.index_dir, oracle))
        for part in one:
            assert one[part] == other[part], part


@pytest.mark.slow
def test_the_index_holds_what_the_folder_holds_after_any_history() -> None:
    Folder.TestCase.settings = settings(
        max_examples=int(os.environ.get("NEWSDESK_HISTORIES", "8")),
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    Folder.TestCase("runTest").runTest()


@pytest.mark.slow
def test_kills_damage_full_disks_and_readers_lose_nothing() -> None:
    few = ["--kills", "3", "--aimed", "3", "--swaps", "2", "--rebuilds", "2", "--states", "2"]
    done = subprocess.run([sys.executable, "-m", "bench.soak", *few], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
