"""Sentences that say what a better one says already, in whichever language, are told once."""

from collections.abc import Callable, Sequence

import numpy as np

from assistant.calibration import calibration
from index.hits import Hit
from index.models.embedding import Embedding

Distinct = Callable[[Sequence[Hit]], tuple[Hit, ...]]


def distinct(hits: Sequence[Hit], embedding: Embedding) -> tuple[Hit, ...]:
    """The hits, best first, without those that repeat a better one."""
    least = calibration(embedding.model_name).repeats
    if len(hits) < 2 or least > 1:  # nobody has measured it
        return tuple(hits)
    vectors = embedding.embed_texts([hit.text for hit in hits])
    similarities = np.einsum("nd,md->nm", vectors, vectors)
    kept: list[int] = []
    for row in range(len(hits)):
        if all(similarities[row, other] < least for other in kept):
            kept.append(row)
    return tuple(hits[row] for row in kept)
