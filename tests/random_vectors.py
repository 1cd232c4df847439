"""Vectors without any structure."""

import numpy as np

from index.vectors import Vectors


def random_vectors(count: int, dimension: int) -> Vectors:
    """The same ones each time, each of unit length."""
    vectors = np.random.default_rng(0).standard_normal((count, dimension), dtype=np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
