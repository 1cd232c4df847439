"""What search puts first, and what it leaves out, on tiny articles."""

from pathlib import Path

import pytest
from fakes import HashingEmbedding

from index.filters import Filters
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.lexicon import names_of
from index.rebuild import rebuild
from index.search import search

REPORT = "The dam at Orsk burst on 5 April after a week of rain."


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """A report that three outlets printed, one of them with another number, and articles beside it."""
    articles = {
        "wire/a.txt": f"{REPORT} Boats came from three towns.",
        "wire/b.txt": f"{REPORT.replace(' on 5 April', ', on 5 April,')} Nobody was hurt.",
        "local/c.txt": f"{REPORT.replace('5', '6')} The mayor spoke.",
        "local/d.txt": "Il ministro Sullivan parlò il 13 gennaio. Lo stesso giorno partì per Ginevra.",
        "wireless/e.txt": "A radio was sold at the market. Snow fell on the hills.",
    }
    scratch = tmp_path_factory.mktemp("reports")
    for name, text in articles.items():
        path = scratch / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    rebuild(scratch / "articles", scratch / "index", HashingEmbedding)
    return open_current(scratch / "index")


def test_a_copied_sentence_counts_once_and_names_its_other_articles(generation: Generation) -> None:
    hits = search("When did the dam at Orsk burst after rain?", generation, HashingEmbedding())
    reports = [hit for hit in hits if "dam" in hit.text]
    assert {(hit.article.id, hit.also_in) for hit in reports} in (
        {("wire/a.txt", ("wire/b.txt",)), ("local/c.txt", ())},
        {("wire/b.txt", ("wire/a.txt",)), ("local/c.txt", ())},
    )


@pytest.mark.parametrize(
    ("folder", "articles"),
    [
        ("wire", {"wire/a.txt", "wire/b.txt"}),
        ("local", {"local/c.txt", "local/d.txt"}),
        ("nowhere", set()),
        ("wire%", set()),
    ],
)
@pytest.mark.parametrize("few_left", [0, 2000])  # by the vector store, and without
def test_a_folder_filter_takes_that_folder_only(
    few_left: int, generation: Generation, folder: str, articles: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.generations.generation.FEW_LEFT", few_left)
    hits = search("dam burst market", generation, HashingEmbedding(), filters=Filters(folders=(folder,)))
    assert {hit.article.id for hit in hits} | {one for hit in hits for one in hit.also_in} == articles


def test_a_small_index_is_asked_without_its_vector_store_and_finds_the_same(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = open_current(index_dir)
    found = search("Who led the repair of the bridge?", small, HashingEmbedding())
    assert "vectors" not in vars(small)  # never opened
    monkeypatch.setattr("index.generations.generation.FEW_LEFT", 0)
    large = open_current(index_dir)
    assert "vectors" in vars(large)
    assert [hit.text for hit in search("Who led the repair of the bridge?", large, HashingEmbedding())] == [
        hit.text for hit in found
    ]


def test_where_a_report_comes_from_is_no_answer(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(f"ORSK/PERM.\n\n{REPORT}\n\nНАТО відповіла.\n")
    rebuild(tmp_path / "articles", tmp_path / "index", HashingEmbedding)
    hits = search("orsk perm", open_current(tmp_path / "index"), HashingEmbedding())
    assert {hit.text for hit in hits} == {REPORT, "НАТО відповіла."}


def test_a_name_and_a_date_are_found_in_another_language(generation: Generation) -> None:
    for question in ("Что сказал Салливан?", "What was said on 13 January?"):
        numbers = generation.worded(dict.fromkeys(names_of(question), 1), 1, Filters())
        assert [one.article.id for one in generation.passages(numbers)] == ["local/d.txt"]


def test_full_text_alone_finds_what_similarity_missed(generation: Generation) -> None:
    numbers = generation.worded({"orsk": 1}, 10, Filters(folders=("wire",)))
    assert [one.article.id for one in generation.passages(numbers)] == ["wire/a.txt", "wire/b.txt"]


def test_the_passage_that_shares_most_comes_first_and_two_alike_by_number(generation: Generation) -> None:
    everything = generation.passages(range(generation.manifest.passage_count))
    assert [one.article.id[-5] for one in everything] == ["c", "d", "a", "b", "e"]  # local/ before wire/
    terms = {"dam": 3, "boat": 2, "nobodi": 2, "snow": 4, "and": 9, "or": 9, "13": 3}
    # b and a have 5 each, e 4, c and d 3
    assert generation.worded(terms, 5, Filters()) == [2, 3, 4, 0, 1]
    assert generation.worded(terms, 1, Filters(folders=("wire",))) == [2]


@pytest.mark.parametrize(
    "query",
    [
        "?",
        "the",
        "dam",
        "DAM AT ORSK",
        "dma brust",
        "OR AND NOT * NEAR(a b)",
        '"dam',
        "\u202ehcs\x00",
        "大坝决堤了吗",
        "x " * 10_000,
    ],
)
def test_no_query_is_an_error(generation: Generation, query: str) -> None:
    hits = search(query, generation, HashingEmbedding())
    assert len({(hit.article.id, hit.sentence) for hit in hits}) == len(hits) == 9
    assert [hit.rank_value for hit in hits] == sorted((hit.rank_value for hit in hits), reverse=True)
