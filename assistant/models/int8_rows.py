"""A language model's weights as int8 with one scale a row: `python -m assistant.models.int8_rows FOLDER`.

A Q4_K_M file holds them in groups of 32 and 16, with a scale and a zero each, which OpenVINO unpacks for every token.
Whole rows of int8 it multiplies by activations rounded to int8 too, with the processor's integer instructions:
on a Xeon with AMX 8.4 tokens a second are written instead of 4.4, and as many read (190).
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino

from index.models.int8 import Int8Rows, Scales, as_floats, in_rows

MODEL = "openvino_model.xml"
PACKED = ("u4", "u8")
ROWS_AT_ONCE = 4096

Array = npt.NDArray[Any]


def rewrite(folder: Path) -> int:
    """How many weight matrices of the model in `folder` were rewritten; the model takes the old one's place."""
    core = openvino.Core()
    core.set_property({"ENABLE_MMAP": False})  # the file that is read is replaced
    model = core.read_model(folder / MODEL)
    count = 0
    for weights, zeros, scales, matrix in list(_grouped(model)):
        rows, row_scales = _int8_rows(_values(weights), _values(zeros), scales.data)
        replacement = as_floats(rows, row_scales)
        for user in list(matrix.output(0).get_target_inputs()):
            user.replace_source_output(replacement.output(0))
        count += 1
    scratch = folder / "int8.xml"
    openvino.save_model(model, scratch, compress_to_fp16=False)
    scratch.with_suffix(".bin").replace((folder / MODEL).with_suffix(".bin"))
    scratch.replace(folder / MODEL)
    return count


def _grouped(model: openvino.Model) -> Iterator[tuple[Any, Any, Any, Any]]:
    """The constants of each matrix, (weights - zeros) * scales by group, and the node that gives it as f32."""
    for node in model.get_ordered_ops():
        if node.get_type_name() != "Constant" or node.get_element_type().get_type_name() not in PACKED:
            continue
        shape = list(node.get_output_shape(0))
        if len(shape) != 3 or shape[2] == 1:  # the zeros themselves
            continue
        subtraction = _only_user(_only_user(node))
        product = _only_user(subtraction)
        zeros = subtraction.input_value(1).get_node()
        if zeros.get_type_name() == "Convert":
            zeros = zeros.input_value(0).get_node()
        yield node, zeros, product.input_value(1).get_node(), _only_user(_only_user(product))


def _only_user(node: Any) -> Any:
    [user] = node.output(0).get_target_inputs()
    return user.get_node()


def _values(constant: Any) -> Array:
    """The constant's numbers, uint8, in its own shape; of two 4-bit ones in a byte the lower comes first."""
    shape = list(constant.get_output_shape(0))
    if constant.get_element_type().get_type_name() == "u8":
        return np.asarray(constant.data)
    packed = np.asarray(constant.data).reshape(-1).view(np.uint8)
    return np.stack([packed & 15, packed >> 4], axis=1).reshape(-1)[: int(np.prod(shape))].reshape(shape)


def _int8_rows(weights: Array, zeros: Array, scales: Array) -> tuple[Int8Rows, Scales]:
    """The same matrix, shape (n, k), and the scale of each row, some rows at a time."""
    count = len(weights)
    rows = np.empty((count, weights[0].size), dtype=np.int8)
    row_scales = np.empty((count, 1), dtype=np.float16)
    for first in range(0, count, ROWS_AT_ONCE):
        some = slice(first, first + ROWS_AT_ONCE)
        exact = (weights[some].astype(np.float32) - zeros[some]) * scales[some].astype(np.float32)
        rows[some], row_scales[some] = in_rows(exact.reshape(len(exact), -1))
    return rows, row_scales


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
