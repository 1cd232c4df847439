"""A conversion compiled for this processor; what that took is kept beside it, so that the next time takes a tenth."""

import hashlib
from pathlib import Path
from typing import Any

from index.models.processor import processor

KEPT = "compiled"
# "int8" is of a conversion whose matrices are int8 (int8.py): what is multiplied with them is rounded by so many.
GROUP = 64
PROPERTIES: dict[str, dict[str, object]] = {
    "f32": {"INFERENCE_PRECISION_HINT": "f32"},
    "bf16": {"INFERENCE_PRECISION_HINT": "bf16"},
    "f16": {"INFERENCE_PRECISION_HINT": "f16"},
    "int8": {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP},
}


def compiled(folder: Path, precision: str) -> Any:
    """OpenVINO's compiled model of the conversion in the folder, to be run in that precision.

    Raises RuntimeError when this processor does not have it.
    """
    import openvino  # takes a second, and another way to run a model needs none of it

    wanted = {"PERFORMANCE_HINT": "LATENCY", **PROPERTIES[precision]}
    # Each precision has a folder of its own: OpenVINO's name for what it keeps is the same for all, and read in another
    # precision than it was made for some of it crashes.
    kept = folder / KEPT / f"{hashlib.sha256(processor().encode()).hexdigest()[:16]}-{precision}"
    # The weights stay where they are: kept are two megabytes, and not six hundred.
    keeping = {"CACHE_DIR": str(kept), "CACHE_MODE": "OPTIMIZE_SIZE"}
    core = openvino.Core()
    try:
        return core.compile_model(folder / "model.xml", "CPU", {**wanted, **keeping})
    except RuntimeError:  # nothing can be kept there, or nothing be compiled at all
        return core.compile_model(folder / "model.xml", "CPU", wanted)
