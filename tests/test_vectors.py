"""The vector store keeps what it is given, needs no repair by its readers, and knows its own recall."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from random_vectors import random_vectors

from index.stores.chroma import ChromaFolder, ChromaVectors
from index.stores.vectors import LEAST_RECALL
from index.vectors import Vectors


def fill(store: ChromaVectors, vectors: Vectors, first: int = 0) -> None:
    """Put the vectors into the store, under the numbers from the first one on."""
    numbers = range(first, first + len(vectors))
    store.put(numbers, vectors, [{"article": 1, "published": number} for number in numbers])


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [[1], [700, 700], [6000, 1]])
def test_everything_added_is_found_by_the_next_process(tmp_path: Path, sizes: list[int]) -> None:
    vectors = random_vectors(sum(sizes), 8)
    written = ChromaFolder(tmp_path / "chroma").create()
    first = 0
    for size in sizes:
        fill(written, vectors[first : first + size], first)
        first += size
    assert written.count() == first
    written.close()
    reader = ChromaFolder(tmp_path / "chroma").open()
    for row in (0, first - 1):
        assert reader.nearest(vectors[row], 1) == [row]
    reader.close()


def test_a_reader_has_no_log_to_work_off(tmp_path: Path) -> None:
    written = ChromaFolder(tmp_path / "chroma").create()
    fill(written, random_vectors(20, 8))
    assert written.count() == 20
    written.close()
    with sqlite3.connect(tmp_path / "chroma" / "chroma.sqlite3") as chroma:
        applied = chroma.execute(
            "SELECT coalesce(max_seq_id.seq_id, 0) FROM segments "
            "LEFT JOIN max_seq_id ON max_seq_id.segment_id = segments.id"
        ).fetchall()
    assert applied == [(20,), (20,)]  # the metadata's and the vectors'


def test_recall_is_whole_when_every_vector_is_where_its_id_says(tmp_path: Path) -> None:
    vectors = random_vectors(400, 16)
    store = ChromaFolder(tmp_path / "chroma").create()
    fill(store, vectors)
    assert store.recall(vectors.astype(np.float16)) == 1.0
    # The best 10 of half the passages are on average half of the best 10 of all.
    twice = np.concatenate([vectors, random_vectors(800, 16)[400:]])
    assert 0.4 < store.recall(twice) < 0.6
    # Stored under each other's names, what is found is hardly nearer than chance: 10 of 400.
    assert store.recall(np.roll(vectors, 1, axis=0)) < 0.1


def test_recall_counts_either_of_two_passages_alike(tmp_path: Path) -> None:
    vectors = np.tile(random_vectors(30, 16), (2, 1))
    store = ChromaFolder(tmp_path / "chroma").create()
    fill(store, vectors)
    assert store.recall(vectors) == 1.0


def test_recall_of_fewer_passages_than_neighbours_is_whole(tmp_path: Path) -> None:
    vectors = random_vectors(3, 16)
    store = ChromaFolder(tmp_path / "chroma").create()
    fill(store, vectors)
    assert store.recall(vectors) == 1.0


@pytest.mark.slow
def test_a_store_that_finds_too_little_looks_at_more_candidates(tmp_path: Path) -> None:
    vectors = random_vectors(3000, 64)  # without any structure: as hard as it gets
    store = ChromaFolder(tmp_path / "chroma").create()
    fill(store, vectors)
    before = store.recall(vectors)
    store._collection.modify(configuration={"hnsw": {"ef_search": 10}})
    store.close()
    poor = ChromaFolder(tmp_path / "chroma").open()
    assert poor.recall(vectors) < LEAST_RECALL
    poor.close()
    assert ChromaFolder(tmp_path / "chroma").tune(vectors) >= min(before, LEAST_RECALL)
