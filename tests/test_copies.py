"""Copies of an article are found, indexed once, named with every hit, and counted."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import HashingEmbedding

from index.articles import Duplicate
from index.filters import Filters
from index.generations.copies import is_copy, places_in, words_of
from index.generations.pointer import open_current
from index.rebuild import rebuild
from index.search import search

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
        (lambda text: text[: text.rindex("The ", 0, -80)], False),
        (lambda text: text.replace("4 March", "-4 March"), False),
        (lambda text: text.replace("4 March.", "4 March?"), False),
        (lambda text: text.replace("4 March", "5 March"), False),
        (lambda text: text.replace("Marlow", "Henley"), False),
        (lambda text: text + " Engineer Ada Finch led the repair.", False),
        (lambda text: "\n".join(random.Random(1).sample(text.split(), len(text.split()))), False),
        (lambda text: "", False),
    ],
    ids="same upper apart word opposite denied omitted cut sign question number name sentence shuffled empty".split(),
)
def test_copy_says_nothing_that_its_original_does_not(edit: Callable[[str], str], copy: bool) -> None:
    assert is_copy(edit(STORY), STORY) is copy


def test_copy_in_chinese_is_found() -> None:
    text = "部长周四表示,日内瓦的谈判没有取得任何结果。双方将在下周再次会面。"
    assert is_copy(text.replace(",", "，"), text) and not is_copy(text[:22], text)


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
        edited = STORY.replace(". ", ".\n\n") if number % 2 else STORY
        wire(folder, f"{'north' if number < 10 else 'south'}/{number:02}.md", f"Paper {number}", edited)
    (folder / "empty.txt").write_text("")
    index_dir = tmp_path / "index"
    manifest = rebuild(folder, index_dir, HashingEmbedding)
    assert (manifest.found_count, manifest.article_count, len(manifest.skipped)) == (24, 4, 1)
    assert manifest.duplicates[0] == Duplicate("north/01.md", "north/00.md")
    assert len(manifest.duplicates) == 19
    generation = open_current(index_dir)
    assert generation.manifest == manifest
    hits = search("Which bridge in Marlow reopened?", generation, embedding)
    hit = next(hit for hit in hits if hit.article.id == "north/00.md")
    sentences = [words_of(sentence) for sentence in STORY.split(". ")]
    assert {hit.article.id, *hit.also_in} == {f"{'north' if n < 10 else 'south'}/{n:02}.md" for n in range(20)}
    copy = generation.article("south/19.md")
    assert (copy.id, copy.source, len(copy.also_in)) == ("south/19.md", "Paper 19", 19)
    assert generation.original("south/19.md").id == "north/00.md"

    # What only a copy is, filters still find, and show as that copy has it.
    for filters, copy_id in (
        (Filters(sources=("Paper 19",)), "south/19.md"),
        (Filters(folders=("south",)), "south/10.md"),
        (Filters(sources=("Paper 19",), folders=("south",)), "south/19.md"),
    ):
        for few_left in (0, 2000):  # by the vector store, and without
            monkeypatch.setattr("index.generations.generation.FEW_LEFT", few_left)
            found = search("Which bridge in Marlow reopened?", generation, embedding, filters=filters)
            assert {one.article.id for one in found} == {copy_id}
            assert all(words_of(one.text) in sentences for one in found)
            assert all(one.text in one.passage.text and one.also_in[0] == "north/00.md" for one in found)
    assert not search("bridge", generation, embedding, filters=Filters(sources=("Paper 19",), folders=("north",)))

    (folder / "north/00.md").unlink()
    rebuild(folder, index_dir, HashingEmbedding)
    hits = search("Which bridge in Marlow reopened?", open_current(index_dir), embedding)
    assert {19} == {len({hit.article.id, *hit.also_in}) for hit in hits if hit.article.id == "north/01.md"}


def test_a_copy_never_speaks_for_another_outlet(folder: Path, tmp_path: Path, embedding: HashingEmbedding) -> None:
    """Whoever comes first by name: a headline of one's own over Wren's words is none of Wren's."""
    forged = STORY.upper().replace(" ", "  ")
    (folder / "a.md").write_text(f"---\ntitle: Wren lies\npublished: 2024-03-05\nsource: Crow\n---\n{forged}\n")
    wire(folder, "wren.md", "Wren")
    assert rebuild(folder, tmp_path / "index", HashingEmbedding).duplicates == (Duplicate("wren.md", "a.md"),)
    generation = open_current(tmp_path / "index")
    found = search("Which bridge in Marlow reopened?", generation, embedding, filters=Filters(sources=("Wren",)))
    assert {(one.article.id, one.article.title) for one in found} == {("wren.md", "Bridge")}
    assert "The bridge in Marlow reopened on 4 March." in [one.text for one in found]


@pytest.mark.parametrize(
    ("copy", "sentence", "place"),
    [
        ("Rain fell.\n“The bridge\nis closed.” So it was.", '"The bridge is closed."', "“The bridge\nis closed.”"),
        ("部长说，没有结果。双方将再次会面。", "双方将再次会面。", "双方将再次会面。"),
        ("Is it closed? It is.", "It is.", "It is."),
        ("Rain fell.", "Snow fell.", None),
        ("Rain fell.", "…", None),
    ],
)
def test_a_sentence_is_found_in_a_copy_with_its_marks(copy: str, sentence: str, place: str | None) -> None:
    [found] = places_in(copy, [sentence])
    assert (found and copy[found[0] : found[1]]) == place


def test_what_another_article_adds_is_never_said_to_be_in_the_one_that_it_holds(
    folder: Path, tmp_path: Path, embedding: HashingEmbedding
) -> None:
    wire(folder, "a-more.md", "Heron", f"{STORY} Engineer Ada Finch stole the bridge in Marlow.")
    wire(folder, "b-whole.md", "Wren", STORY)
    assert rebuild(folder, tmp_path / "index", HashingEmbedding).duplicates == ()
    generation = open_current(tmp_path / "index")
    [added] = [hit for hit in search("Who stole the bridge in Marlow?", generation, embedding) if "stole" in hit.text]
    assert (added.article.id, added.also_in) == ("a-more.md", ())
    found = search("Which bridge in Marlow reopened?", generation, embedding, filters=Filters(sources=("Wren",)))
    assert found[0].article.source == "Wren"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The council will approve the plan for the mill.", "The council will not approve the plan for the mill."),
        ("Il consiglio approva il piano per il mulino.", "Il consiglio non approva il piano per il mulino."),
        ("Ada Finch beat Tom Vale in the race for mayor.", "Tom Vale beat Ada Finch in the race for mayor."),
        ("Die Kosten stiegen um 5 Prozent auf vier Millionen.", "Die Kosten stiegen um 6 Prozent auf vier Millionen."),
        ("Рада підтримала план ремонту мосту в Одесі.", "Рада підтримала план ремонту мосту в Києві."),
    ],
)
def test_sentences_that_differ_in_one_word_are_no_copies(
    tmp_path: Path, one: str, other: str, embedding: HashingEmbedding
) -> None:
    (tmp_path / "in").mkdir()
    for name, text in (("a.txt", one), ("b.txt", other), ("c.txt", one.upper())):
        (tmp_path / "in" / name).write_text(text)
    rebuild(tmp_path / "in", tmp_path / "index", HashingEmbedding)
    hits = search(one, open_current(tmp_path / "index"), embedding)
    copied = [{hit.article.id, *hit.also_in} for hit in hits]
    assert {"b.txt"} in copied and not any({"a.txt", "b.txt"} <= ids for ids in copied)


def test_copy_of_another_day_is_an_article_of_its_own(folder: Path, tmp_path: Path) -> None:
    wire(folder, "a.md", "Wren")
    (folder / "b.md").write_text((folder / "a.md").read_text().replace("2024-03-05", "2025-03-05"))
    assert rebuild(folder, tmp_path / "index", HashingEmbedding).duplicates == ()


def test_what_a_copy_corrects_is_read_with_its_correction(
    folder: Path, tmp_path: Path, embedding: HashingEmbedding
) -> None:
    foot = (
        "Correction, 7 March: an earlier version of this article said eleven miners died in the Brask pit. "
        "Nine miners died."
    )
    for name, source in (("a.md", "North"), ("b.md", "South")):
        wire(folder, name, source, f"{STORY}\n\n{foot}")
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    generation = open_current(tmp_path / "index")
    for source, name in (("North", "a.md"), ("South", "b.md")):
        hits = search("How many miners died?", generation, embedding, filters=Filters(sources=(source,)))
        hit = next(hit for hit in hits if hit.text == "Nine miners died.")
        assert hit.article.id == name and "eleven miners died" in hit.taken_back
