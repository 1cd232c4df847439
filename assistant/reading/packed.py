"""A reader's trained weights in one file: matrices as int8 with a scale a row, the rest as float32."""

from pathlib import Path

from safetensors import safe_open
from torch import Tensor

SCALE = ".scale"  # behind the name of a matrix: its rows' scales, float32, shape (rows, 1)


def read_weights(file: Path) -> dict[str, Tensor]:
    """The weights as float32."""
    with safe_open(file, framework="pt") as packed:
        stored = {name: packed.get_tensor(name) for name in packed.keys()}  # noqa: SIM118 - it is no mapping
    return {
        name: weight.float() * stored[name + SCALE] if name + SCALE in stored else weight.float()
        for name, weight in stored.items()
        if not name.endswith(SCALE)
    }


def read_card(file: Path) -> dict[str, str]:
    """What the file says of itself."""
    with safe_open(file, framework="pt") as packed:
        return dict(packed.metadata() or {})
