"""Whenever the power is lost during a rebuild, what is left is the old index or the new one."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding

from bench.power_loss import Moment, Tree, recorded, states_around, write
from index.errors import UserError
from index.generations.disk import fsync
from index.generations.pointer import open_current
from index.rebuild import rebuild
from index.search import search

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Recorded:
    """A rebuild: its moments, as told from the folder that the index lies in, and what the articles say by then."""

    moments: Sequence[Moment]
    folder: Path
    said: tuple[str, ...]  # before it and after it; nothing before the first

    @property
    def switch(self) -> int:
        """The first moment at which the new index is sure to be in use."""
        return [pointer(moment.synced.tree()) for moment in self.moments].index(self.new)

    @property
    def new(self) -> str:
        return pointer(self.moments[-1].seen.tree())


def pointer(tree: Tree) -> str:
    """The name of the generation in use, "" when there is none."""
    return (tree.get("index/current") or b"").decode().strip()


def generation_in(tree: Tree, name: str) -> Tree:
    return {path: content for path, content in tree.items() if path.startswith(f"index/generations/{name}/")}


@pytest.fixture(scope="module")
def rebuilds(tmp_path_factory: pytest.TempPathFactory) -> list[Recorded]:
    """Three: the first ever, one that goes on from it, and one that sweeps the first."""
    scratch = tmp_path_factory.mktemp("recorded")
    folder, home = scratch / "articles", scratch / "home"
    folder.mkdir()
    home.mkdir()
    found: list[Recorded] = []
    said: tuple[str, ...] = ()
    with pytest.MonkeyPatch.context() as monkeypatch:
        read_in_this_process(monkeypatch)
        for colour in ("red", "green", "blue"):
            (folder / "bridge.txt").write_text(f"The bridge of Marlow is {colour}. It was painted in spring.")
            (folder / f"{colour}.txt").write_text(f"Ada Finch likes {colour} paint more than any other paint.")
            with recorded(home) as moments:
                rebuild(folder, home / "index", HashingEmbedding)
            said = (*said[-1:], f"The bridge of Marlow is {colour}.")
            found.append(Recorded(moments, folder, said))
    return found


def test_an_index_is_on_the_disk_before_anything_names_it(rebuilds: list[Recorded]) -> None:
    for one in rebuilds:
        published = [generation_in(moment.seen.tree(), one.new) for moment in (one.moments[-1], one.moments[0])]
        assert published[0] and not published[1]
        for moment in one.moments:
            kept = moment.synced.tree()
            if one.new in (pointer(moment.seen.tree()), pointer(kept)):
                assert generation_in(kept, one.new) == published[0]


def test_once_a_rebuild_has_ended_its_index_is_on_the_disk(rebuilds: list[Recorded]) -> None:
    for one in rebuilds:
        seen, kept = one.moments[-1].seen.tree(), one.moments[-1].synced.tree()
        assert pointer(kept) == one.new
        assert generation_in(kept, one.new) == generation_in(seen, one.new)


def test_an_index_is_deleted_only_once_the_next_is_sure_to_be_in_use(rebuilds: list[Recorded]) -> None:
    third = rebuilds[2]
    before = {name: generation_in(third.moments[0].seen.tree(), name) for name in ("g000001", "g000002")}
    assert all(before.values())
    for moment in third.moments[: third.switch]:
        assert {name: generation_in(moment.seen.tree(), name) for name in before} == before
    assert not generation_in(third.moments[-1].seen.tree(), "g000001")


@pytest.mark.parametrize("which", [0, 2])
def test_whatever_is_left_is_the_old_index_or_the_new_one(rebuilds: list[Recorded], which: int, tmp_path: Path) -> None:
    one = rebuilds[which]
    answers = set()
    for number, state in enumerate(states_around(one.moments, one.switch, 20)):
        home = tmp_path / str(number)
        write(state, home)
        answers.add(answer(home / "index"))
        if number % 8 == 0:  # takes most of the time
            rebuild(one.folder, home / "index", HashingEmbedding, allow_shrink=True)
            assert answer(home / "index") == "The bridge of Marlow is blue."
            assert len(list((home / "index" / "generations").iterdir())) <= 2
    assert {*one.said} <= answers <= ({*one.said} if which else {"", *one.said})


def answer(index_dir: Path) -> str:
    """What the index says of the bridge, "" when there is none."""
    try:
        generation = open_current(index_dir)
    except UserError as error:
        assert "There is no index" in str(error)
        return ""
    found = search("What colour is the bridge of Marlow?", generation, HashingEmbedding())
    generation.vectors.close()
    return found[0].text


def test_a_name_may_reach_the_disk_before_its_content(tmp_path: Path) -> None:
    """The trap for who renames a file that was never synced: the old content is gone, the new one not there yet."""
    file, fresh = tmp_path / "pointer", tmp_path / "pointer.new"
    file.write_text("old")
    with recorded(tmp_path) as moments:
        fresh.write_text("new")
        fresh.replace(file)
    last = list(moments[-1].states(random.Random(0)))
    assert {"pointer": b"old"} in last
    assert {"pointer": b"\0\0\0"} in last
    assert {"pointer": b"new"} in last
    with recorded(tmp_path) as moments:
        fsync(file)
        fsync(tmp_path)
    assert moments[-1].synced == moments[-1].seen
