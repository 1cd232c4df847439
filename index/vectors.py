"""Vectors of texts: a value that any file may speak of without loading what computes them."""

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]  # shape (n, d), each of unit length; of one text (d,)
VectorsOnDisk = npt.NDArray[np.float16 | np.float32]
