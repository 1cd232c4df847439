"""A reader's trained weights, written as assistant/reading/packed.py reads them."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from assistant.reading.packed import SCALE


def write_weights(weights: Mapping[str, Tensor], card: Mapping[str, str], file: Path) -> None:
    """Write the file under another name first: whoever reads it finds the old one or the new one, whole."""
    packed: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if weight.dim() == 2:
            packed[name], packed[name + SCALE] = int8_rows(weight)
        else:
            packed[name] = weight.detach().float().contiguous()
    scratch = file.with_suffix(".partial")
    save_file(packed, scratch, metadata=dict(card))
    scratch.replace(file)


def int8_rows(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The matrix as int8 from -127 to 127, and its rows' scales: matrix is about int8 * scale."""
    exact = matrix.detach().float()
    scale = exact.abs().amax(dim=1, keepdim=True) / 127
    scale = torch.where(scale == 0, torch.ones_like(scale), scale)
    return torch.round(exact / scale).clamp(-127, 127).to(torch.int8), scale
