"""What the similarities of an embedding mean: every default one was measured, any other says nothing."""

import pytest

from assistant.calibration import Doubtful, calibration
from assistant.settings import PROFILES


@pytest.mark.parametrize("embedding", [embedding for embedding, _ in PROFILES.values()])
def test_a_default_embedding_was_measured(embedding: str) -> None:
    measured = calibration(embedding)
    assert measured.doubtful is not None
    assert measured.doubtful.ordinary < measured.doubtful.similarity < measured.alike < 1
    assert measured.doubtful.ordinary < measured.supports < measured.alike


def test_an_embedding_that_nobody_measured_decides_nothing() -> None:
    unknown = calibration("one nobody has measured")
    assert (unknown.supports, unknown.alike, unknown.doubtful) == (-1.0, 1.0, None)
    assert (unknown.repeats, unknown.translates) == (2.0, -1.0)


def test_the_numbers_are_those_of_the_file() -> None:
    assert calibration("embeddinggemma-300m").doubtful == Doubtful(rank=0.50, similarity=0.36, ordinary=0.02)
