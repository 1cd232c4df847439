"""Sentences that say what a better one says already, in whichever language, are told once."""

from collections.abc import Callable, Sequence

import numpy as np

from index.hits import Hit
from index.models.embedding import Embedding

Distinct = Callable[[Sequence[Hit]], tuple[Hit, ...]]

# By embedding, how similar two sentences are that say the same.
REPEATS = {"multilingual-e5-small": 0.95, "embeddinggemma-300m": 0.88}
NEVER = 2.0  # of an embedding whose scale nobody has measured


def distinct(hits: Sequence[Hit], embedding: Embedding) -> tuple[Hit, ...]:
    """The hits, best first, without those that repeat a better one."""
    least = REPEATS.get(embedding.model_name, NEVER)
    if len(hits) < 2 or least == NEVER:
        return tuple(hits)
    vectors = embedding.embed_texts([hit.text for hit in hits])
    similarities = np.einsum("nd,md->nm", vectors, vectors)
    kept: list[int] = []
    for row in range(len(hits)):
        if all(similarities[row, other] < least for other in kept):
            kept.append(row)
    return tuple(hits[row] for row in kept)
