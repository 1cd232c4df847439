"""What EmbeddingGemma's first layers, which are not trained, make of tokens: by OpenVINO, many times faster."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino
import torch
from torch import Tensor

from bench.reader.networks import Frozen
from bench.reader.sequences import Tokens

Numbers = npt.NDArray[np.int64]


def convert(model: Any, file: Path) -> None:
    """Write the first layers as an OpenVINO model, weights as float16 as OpenVINO keeps them."""
    example = torch.randint(5, 1000, (2, 24))
    with torch.no_grad():
        converted = openvino.convert_model(Frozen(model).eval(), example_input=(example, torch.ones_like(example)))
    scratch = file.with_suffix(".partial.xml")
    openvino.save_model(converted, scratch)
    scratch.with_suffix(".bin").replace(file.with_suffix(".bin"))
    scratch.replace(file)


class FrozenStates:
    """Gives the states of sequences after the first layers."""

    def __init__(self, file: Path, threads: int = 1) -> None:
        core = openvino.Core()
        self._request = core.compile_model(file, "CPU", {"INFERENCE_NUM_THREADS": threads}).create_infer_request()

    def __call__(self, tokens: Sequence[Tokens], length: int) -> Tensor:
        """float32, shape (n, length, width)."""
        ids, real = padded(tokens, length, 0)
        return torch.from_numpy(np.array(self._request.infer([ids, real])[0], dtype=np.float32))


def padded(tokens: Sequence[Tokens], length: int, padding: int) -> tuple[Numbers, Numbers]:
    """The numbers of the tokens, shape (n, length), and which of them are no padding."""
    ids = np.full((len(tokens), length), padding, dtype=np.int64)
    real = np.zeros_like(ids)
    for row, one in enumerate(tokens):
        ids[row, : len(one.ids)] = one.ids
        real[row, : len(one.ids)] = 1
    return ids, real


def word_numbers(tokens: Sequence[Tokens], length: int) -> Tensor:
    """What the light reader is given: the numbers of the tokens, padded as its model pads."""
    return torch.from_numpy(padded(tokens, length, 1)[0])
