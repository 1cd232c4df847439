"""An index that an earlier newsdesk, another Chroma or another model made answers, or says what made it."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from earlier_indexes import ANSWER, QUESTION, stored, write_articles
from fakes import HashingEmbedding, HashingEncoder

from index.errors import UserError
from index.generations.manifest import read_manifest
from index.generations.pointer import open_current
from index.models.embedding import Embedding
from index.rebuild import rebuild
from index.search import search
from index.vectors import Vectors

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("files_read")]
READABLE, TOO_OLD = ("format-5", "chroma-1.4.1"), ("format-3", "format-4")


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def answer(index_dir: Path, embedding: Embedding) -> str:
    generation = open_current(index_dir)
    assert not generation.notice
    found = search(QUESTION, generation, embedding)[0].text
    generation.vectors.close()
    return found


def contents(index_dir: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in index_dir.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", READABLE)
def test_one_that_can_be_read_answers_and_stays_as_it_is(
    name: str, index_dir: Path, embedding: HashingEmbedding
) -> None:
    stored(name, index_dir)
    before = contents(index_dir)
    for _ in range(2):
        assert answer(index_dir, embedding) == ANSWER
    assert contents(index_dir) == before


@pytest.mark.parametrize("name", TOO_OLD)
def test_one_of_an_earlier_format_says_so(name: str, index_dir: Path) -> None:
    stored(name, index_dir)
    made = rf"made on 20\d\d-\d\d-\d\d by an earlier newsdesk \(format {name[-1]}; this one reads \d+\)\. Rebuild with"
    with pytest.raises(UserError, match=made):
        open_current(index_dir)


def test_one_of_a_later_format_says_so(index_dir: Path, tmp_path: Path) -> None:
    stored("format-5", index_dir)
    manifest = index_dir / "generations" / "g000001" / "manifest.json"
    later = {"name": "g000001", "created": "2031-02-03T04:05:06+00:00", "format": 99, "parts": ["another way"]}
    manifest.write_text(json.dumps(later))
    made = r"made on 2031-02-03 by a later newsdesk \(format 99; this one reads \d+\)\. Rebuild with `newsdesk index`\."
    with pytest.raises(UserError, match=made):
        open_current(index_dir)
    replaces_it(index_dir, tmp_path / "articles", HashingEmbedding())


@pytest.mark.parametrize("name", [*READABLE, *TOO_OLD])
def test_a_rebuild_replaces_it(name: str, index_dir: Path, tmp_path: Path) -> None:
    stored(name, index_dir)
    replaces_it(index_dir, tmp_path / "articles", HashingEmbedding())


def replaces_it(index_dir: Path, folder: Path, embedding: Embedding) -> None:
    write_articles(folder)
    manifest = rebuild(folder, index_dir, lambda: embedding)
    assert (manifest.name, manifest.base, manifest.article_count) == ("g000002", "g000002", 2)
    assert answer(index_dir, embedding) == ANSWER


def test_what_an_earlier_chroma_made_can_be_built_on(
    index_dir: Path, tmp_path: Path, embedding: HashingEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma was changed and nothing else."""
    path = stored("chroma-1.4.1", index_dir) / "generations" / "g000001"
    monkeypatch.setattr("index.rebuild._maker", lambda embedding: read_manifest(path).made_by)
    write_articles(tmp_path / "articles")
    (tmp_path / "articles" / "note.txt").write_text("A note.")
    monkeypatch.setattr("index.generations.writing.MOST_EDITED", 1.0)
    assert rebuild(tmp_path / "articles", index_dir, HashingEmbedding).base == "g000001"
    assert answer(index_dir, embedding) == ANSWER


class Backwards(HashingEncoder):
    """Another model: the same numbers in another order, or fewer of them."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode(texts)[:, ::-1]


@pytest.mark.parametrize("dimension", [256, 64])
def test_another_model_is_refused_and_a_rebuild_with_it_mixes_nothing(
    dimension: int, index_dir: Path, tmp_path: Path, embedding: HashingEmbedding
) -> None:
    stored("format-5", index_dir)
    other = Embedding(Backwards(dimension), "other", "hashing")
    with pytest.raises(UserError, match=rf"made with hashing \(256 .* asked with other \({dimension}\)\. Rebuild with"):
        answer(index_dir, other)
    replaces_it(index_dir, tmp_path / "articles", other)
    generation = open_current(index_dir)
    texts = [one.passage.text for one in generation.passages(range(2))]
    assert np.allclose(generation.passage_vectors, other.embed_texts(texts), atol=1e-3)
    with pytest.raises(UserError, match="made with other"):
        answer(index_dir, embedding)


def test_a_model_of_the_same_name_with_another_dimension_is_refused(
    index_dir: Path, embedding: HashingEmbedding
) -> None:
    stored("format-5", index_dir)
    with pytest.raises(UserError, match=r"made with hashing \(256 dimensions\) .* with hashing \(64\)"):
        answer(index_dir, Embedding(Backwards(64), "hashing", "hashing"))
    assert answer(index_dir, embedding) == ANSWER


def test_a_model_of_the_same_name_with_other_weights_is_refused(index_dir: Path, embedding: HashingEmbedding) -> None:
    stored("format-5", index_dir)
    with pytest.raises(UserError, match="made with other weights of hashing"):
        answer(index_dir, Embedding(Backwards(256), "hashing", "hashing", weights="retrained"))
    assert answer(index_dir, embedding) == ANSWER
