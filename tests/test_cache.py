"""What was embedded once is taken from the cache; whatever happens to the cache costs time only."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import HashingEmbedding

from index.generations.cache import EmbeddingCache, trim
from index.vectors import Vectors

TEXTS = ["The bridge reopened.", "The market is back.", "Snow fell."]


class CountingEmbedding(HashingEmbedding):
    """Remembers what it was given to embed."""

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        embedded.extend(texts)
        return super().embed_batches(texts)


embedded: list[str] = []


def embed(index_dir: Path, texts: Sequence[str], generation: int = 1, model: str = "hashing") -> Vectors:
    """The texts' vectors; `embedded` then holds those that were not in the cache."""
    embedded.clear()
    cache = EmbeddingCache(index_dir, CountingEmbedding(model), generation)
    vectors = cache.embed(texts)
    cache.close()
    return vectors


def test_a_text_is_embedded_once_whoever_asks_for_it(tmp_path: Path) -> None:
    first = embed(tmp_path, [*TEXTS, TEXTS[0]])
    assert embedded == TEXTS
    again = embed(tmp_path, [*TEXTS, TEXTS[0]])
    assert embedded == []
    assert np.array_equal(first, again)
    assert np.allclose(first, HashingEmbedding().embed_texts([*TEXTS, TEXTS[0]]), atol=1e-3)


def test_another_model_takes_nothing_from_the_cache(tmp_path: Path) -> None:
    embed(tmp_path, TEXTS)
    embed(tmp_path, TEXTS, model="other")
    assert embedded == TEXTS


def test_a_row_with_a_flipped_bit_is_embedded_again(tmp_path: Path) -> None:
    whole = embed(tmp_path, TEXTS)
    rows = sqlite3.connect(tmp_path / "cache.sqlite3")
    key, vector = rows.execute("SELECT key, vector FROM embeddings LIMIT 1").fetchone()
    with rows:
        rows.execute("UPDATE embeddings SET vector = ? WHERE key = ?", (bytes([vector[0] ^ 4]) + vector[1:], key))
    rows.close()
    assert np.array_equal(embed(tmp_path, TEXTS), whole)
    assert len(embedded) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b"not a database" * 500),
        lambda file: file.write_bytes(file.read_bytes()[:5000]),
        lambda file: file.write_bytes(file.read_bytes()[:4096] + b"\xff" * (file.stat().st_size - 4096)),
        lambda file: file.unlink(),
    ],
    ids=["garbage", "cut off", "overwritten", "gone"],
)
def test_a_damaged_cache_is_begun_anew(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    whole = embed(tmp_path, TEXTS)
    damage(tmp_path / "cache.sqlite3")
    assert np.array_equal(embed(tmp_path, TEXTS), whole)
    assert embedded == TEXTS


def test_a_cache_found_damaged_when_an_index_is_made_already_does_not_fail_its_rebuild(tmp_path: Path) -> None:
    embed(tmp_path, TEXTS)
    file = tmp_path / "cache.sqlite3"
    file.write_bytes(file.read_bytes()[:4096] + b"\xff" * (file.stat().st_size - 4096))
    cache = EmbeddingCache(tmp_path, CountingEmbedding(), generation=2)
    cache.forget(TEXTS)
    assert cache.missing(TEXTS) == TEXTS
    cache.close()


def test_what_no_kept_generation_used_is_gone_from_the_file(tmp_path: Path) -> None:
    many = [f"Day {day} at the quay." for day in range(400)]
    embed(tmp_path, [*many, *TEXTS], generation=1)
    embed(tmp_path, TEXTS, generation=2)
    before = (tmp_path / "cache.sqlite3").stat().st_size
    trim(tmp_path, oldest=2, base=2)
    assert (tmp_path / "cache.sqlite3").stat().st_size < before / 10
    embed(tmp_path, [*many[:1], *TEXTS], generation=3)
    assert embedded == many[:1]


def test_what_was_forgotten_stays_as_long_as_a_generation_from_before_does(tmp_path: Path) -> None:
    embed(tmp_path, ["kept", "gone", "moved"], generation=1)
    for generation, texts in ((2, ["moved"]), (3, ["new"])):
        cache = EmbeddingCache(tmp_path, HashingEmbedding(), generation)
        cache.embed(texts)
        if generation == 2:
            cache.forget(["gone", "moved"])
        cache.close()
        trim(tmp_path, oldest=generation - 1, base=1)
        embedded.clear()
        assert generation == 3 or embed(tmp_path, ["kept", "moved"], generation=2) is not None
        assert embedded == []
    embed(tmp_path, ["kept", "gone", "moved", "new"], generation=3)
    assert embedded == ["gone"]
