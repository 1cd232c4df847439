"""The invented articles of bench/scale.py are whole, repeatable, and lie as far apart as they should."""

from pathlib import Path

import numpy as np

from bench.scale import Inventor, read, write


def test_invented_articles_are_the_same_for_the_same_seed() -> None:
    one, other = (Inventor(30, 48, seed).article(7) for seed in (1, 1))
    assert one.cut == other.cut
    assert np.array_equal(one.passage_vectors, other.passage_vectors)
    assert one.cut != Inventor(30, 48, 2).article(7).cut


def test_invented_cuts_fit_their_text_and_their_vectors() -> None:
    inventor = Inventor(30, 48)
    for number in range(20):
        one = inventor.article(number)
        text = one.cut.article.text
        for sentence in one.cut.sentences:
            assert text[sentence.start : sentence.end].strip()
        for passage in one.cut.passages:
            assert passage.text == text[passage.start : passage.end]
        assert one.passage_vectors.shape == (len(one.cut.passages), 48)
        assert one.sentence_vectors.shape == (len(one.cut.sentences), 48)
        for vectors in (one.passage_vectors, one.sentence_vectors):
            assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nearest_neighbours_are_as_near_as_those_of_e5() -> None:
    inventor = Inventor(26, 384)  # as many articles as corpus/ has; there the median is 0.902
    vectors = np.concatenate([inventor.article(number).passage_vectors for number in range(26)])
    similarities = vectors @ vectors.T - 2 * np.eye(len(vectors))
    assert 0.89 < np.median(similarities.max(axis=1)) < 0.915


def test_a_question_asks_with_words_of_its_passage() -> None:
    inventor = Inventor(30, 48)
    one = inventor.article(0)
    question, vector = inventor.question(one)
    assert all(word in one.cut.article.text for word in question.rstrip("?").split())
    assert vector.shape == (48,)


def test_an_invented_index_is_built_and_finds_the_nearest(tmp_path: Path) -> None:
    written = write(300, 48, tmp_path)
    assert written.passages >= 300
    assert read(300, 48, tmp_path).recall_10 > 0.95
