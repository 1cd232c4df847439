"""A conversion with its matrices as int8: `python -m index.models.int8 CONVERSION TARGET`.

Each row has a scale of its own. OpenVINO rounds what is multiplied with them to int8 too, so many at a time
(compiling.py), and multiplies with the processor's integer instructions: without bfloat16 twice as fast as float32.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino
from openvino import opset13

MODEL = "model.xml"
LARGEST = 127

Int8Rows = npt.NDArray[np.int8]
Scales = npt.NDArray[np.float16]


def rewrite(conversion: Path, target: Path) -> int:
    """How many matrices of the conversion were rewritten; the target holds all else as it was."""
    model = openvino.Core().read_model(conversion / MODEL)
    count = 0
    for product in list(model.get_ordered_ops()):
        if product.get_type_name() == "MatMul" and (matrix := _matrix(product)) is not None:
            rows = as_floats(*in_rows(matrix))
            transposed = product.get_attributes()["transpose_a"]
            product.output(0).replace(opset13.matmul(product.input_value(0), rows, transposed, True).output(0))
            count += 1
    openvino.save_model(model, target / MODEL, compress_to_fp16=False)
    for path in conversion.iterdir():
        if path.is_file() and path.stem != Path(MODEL).stem:
            shutil.copyfile(path, target / path.name)
    return count


def _matrix(product: Any) -> npt.NDArray[np.float32] | None:
    """What the product multiplies by, one row for each number that comes out; None when that is no stored matrix."""
    node = product.input_value(1).get_node()
    if node.get_type_name() == "Convert":
        node = node.input_value(0).get_node()
    if node.get_type_name() != "Constant" or len(node.get_output_shape(0)) != 2:
        return None
    matrix = np.asarray(node.data).astype(np.float32)
    return matrix if product.get_attributes()["transpose_b"] else matrix.T


def in_rows(matrix: npt.NDArray[np.float32]) -> tuple[Int8Rows, Scales]:
    """The matrix, shape (n, k), as int8 from -127 to 127, and the scale of each row, shape (n, 1)."""
    scales = (np.abs(matrix).max(axis=1, keepdims=True) / LARGEST).astype(np.float16)
    scales[scales == 0] = 1
    return np.rint(matrix / scales.astype(np.float32)).clip(-LARGEST, LARGEST).astype(np.int8), scales


def as_floats(rows: Int8Rows, scales: Scales) -> Any:
    """The node that gives the matrix as float32, in the form in which OpenVINO knows it for one of int8."""
    product = opset13.multiply(opset13.convert(opset13.constant(rows), "f16"), opset13.constant(scales))
    return opset13.convert(product, "f32")


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]), Path(sys.argv[2]))
