"""Copies of an article are found, indexed once, named with every hit, and counted."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import HashingEmbedding

from index.articles import Duplicate
from index.copies import is_copy
from index.generations import open_current
from index.rebuild import rebuild
from index.search import search
from index.vectors import Filters

WORDS = "the river rose again and people left their houses while boats carried food to villages further down".split()
SENTENCES = [
    f"{random.Random(number).choice(('The', 'This', 'One'))} {' '.join(random.Random(number).choices(WORDS, k=14))}."
    for number in range(20)
]
STORY = "The bridge in Marlow reopened on 4 March. " + " ".join(SENTENCES)


@pytest.mark.parametrize(
    ("edit", "copy"),
    [
        (lambda text: text, True),
        (lambda text: text.upper().replace("THE ", "the "), True),
        (lambda text: text.replace(". ", ".\n\n"), True),
        (lambda text: text.replace("boats", "ships", 1), False),
        (lambda text: text.replace("reopened", "closed", 1), False),
        (lambda text: text.replace(" left", " did not leave", 1), False),
        (lambda text: text.replace("rose again", "rose", 1), False),
        (lambda text: text[: text.rindex("The ", 0, -80)], True),
        (lambda text: text.replace("4 March", "5 March"), False),
        (lambda text: text.replace("Marlow", "Henley"), False),
        (lambda text: text + " Engineer Ada Finch led the repair.", False),
        (lambda text: "\n".join(random.Random(1).sample(text.split(), len(text.split()))), False),
        (lambda text: "", False),
    ],
    ids="same capitals paragraphs word opposite denied omitted cut number name sentence shuffled empty".split(),
)
def test_copy_says_nothing_that_its_original_does_not(edit: Callable[[str], str], copy: bool) -> None:
    assert is_copy(edit(STORY), STORY) is copy


def test_copy_in_chinese_is_found() -> None:
    text = "部长周四表示,日内瓦的谈判没有取得任何结果。双方将在下周再次会面。"
    assert is_copy(text[:22], text) and not is_copy("部长周四表示,谈判已经结束。", text)


def wire(folder: Path, name: str, source: str, text: str = STORY) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(f"---\ntitle: Bridge\npublished: 2024-03-05\nsource: {source}\n---\n{text}\n")


def test_copies_are_indexed_once_and_named_with_every_hit(
    folder: Path,
    tmp_path: Path,
    embedding: HashingEmbedding,
    files_read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(20):
        edited = STORY[: STORY.rindex("The ", 0, -80)] if number % 2 else STORY
        wire(folder, f"{'north' if number < 10 else 'south'}/{number:02}.md", f"Paper {number}", edited)
    (folder / "empty.txt").write_text("")
    index_dir = tmp_path / "index"
    manifest = rebuild(folder, index_dir, HashingEmbedding)
    assert (manifest.found_count, manifest.article_count, len(manifest.skipped)) == (24, 4, 1)
    assert manifest.duplicates[0] == Duplicate("north/01.md", "north/00.md")
    assert len(manifest.duplicates) == 19
    generation = open_current(index_dir)
    assert generation.manifest == manifest
    hit = search("Which bridge in Marlow reopened?", generation, embedding)[0]
    assert {hit.article.id, *hit.also_in} >= {f"{'north' if n < 10 else 'south'}/{n:02}.md" for n in range(20)}
    assert generation.article("south/19.md").id == "north/00.md"

    # What only a copy is, filters still find.
    for filters in (Filters(source="Paper 19"), Filters(folder="south"), Filters(source="Paper 19", folder="south")):
        for few_left in (0, 2000):  # by the vector store, and without
            monkeypatch.setattr("index.search.FEW_LEFT", few_left)
            found = search("Which bridge in Marlow reopened?", generation, embedding, filters=filters)
            assert {one.article.id for one in found} == {"north/00.md"}
    assert not search("bridge", generation, embedding, filters=Filters(source="Paper 19", folder="north"))

    (folder / "north/00.md").unlink()
    rebuild(folder, index_dir, HashingEmbedding)
    hit = search("Which bridge in Marlow reopened?", open_current(index_dir), embedding)[0]
    assert len({hit.article.id, *hit.also_in} - {"bridge.md"}) == 19


def test_copy_of_another_day_is_an_article_of_its_own(folder: Path, tmp_path: Path) -> None:
    wire(folder, "a.md", "Wren")
    (folder / "b.md").write_text((folder / "a.md").read_text().replace("2024-03-05", "2025-03-05"))
    assert rebuild(folder, tmp_path / "index", HashingEmbedding).duplicates == ()
