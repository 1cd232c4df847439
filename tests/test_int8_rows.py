"""The language model's weights, rewritten, multiply as they did."""

from pathlib import Path

import numpy as np
import openvino
from openvino import opset13

from assistant.models import int8_rows


def matrix(packed: np.ndarray, kind: openvino.Type, shape: list[int], zeros: np.ndarray, scales: np.ndarray) -> object:
    """(weights - zeros) * scales by group, as OpenVINO writes the weights of a GGUF file."""
    weights = opset13.convert(opset13.constant(openvino.Tensor(packed, openvino.Shape(shape), kind)), "f16")
    levels = opset13.subtract(weights, opset13.convert(opset13.constant(zeros), "f16"))
    scaled = opset13.multiply(levels, opset13.constant(scales))
    return opset13.convert(opset13.reshape(scaled, [shape[0], shape[1] * shape[2]], False), "f32")


def product(folder: Path, vector: np.ndarray) -> np.ndarray:
    exact = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}
    model = openvino.Core().compile_model(folder / int8_rows.MODEL, "CPU", exact)
    result: np.ndarray = model([vector])[0]
    return result


def test_a_rewritten_model_multiplies_as_before(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    vector = random.standard_normal((1, 64), dtype=np.float32)
    halves = random.integers(0, 256, 64 * 64 // 2, dtype=np.uint8)  # two 4-bit weights in a byte
    bytes_ = random.integers(0, 64, 8 * 64, dtype=np.uint8)
    four = matrix(
        halves, openvino.Type.u4, [64, 2, 32],
        random.integers(4, 12, (64, 2, 1), dtype=np.uint8), random.random((64, 2, 1)).astype(np.float16),
    )  # fmt: skip
    six = matrix(
        bytes_, openvino.Type.u8, [8, 4, 16],
        np.full((8, 4, 1), 32, np.uint8), random.random((8, 4, 1)).astype(np.float16),
    )  # fmt: skip
    given = opset13.parameter([1, 64], openvino.Type.f32)
    output = opset13.matmul(opset13.matmul(given, four, False, True), six, False, True)
    openvino.save_model(openvino.Model([output], [given], "two layers"), tmp_path / int8_rows.MODEL)
    before = product(tmp_path, vector)

    assert int8_rows.rewrite(tmp_path) == 2

    stored = openvino.Core().read_model(tmp_path / int8_rows.MODEL)
    kinds = [one.get_element_type().get_type_name() for one in stored.get_ops() if one.get_type_name() == "Constant"]
    assert "u4" not in kinds and "u8" not in kinds and kinds.count("i8") == 2
    after = product(tmp_path, vector)
    assert np.linalg.norm(after - before) < 0.02 * np.linalg.norm(before)
    assert not np.array_equal(after, before)  # rounded again: another model was read


def test_a_row_of_zeros_stays_zero() -> None:
    weights = np.full((2, 1, 4), 8, dtype=np.uint8)
    weights[1, 0] = [0, 4, 8, 12]
    rows, scales = int8_rows._int8_rows(weights, np.full((2, 1, 1), 8, np.uint8), np.ones((2, 1, 1), np.float16))
    assert rows.tolist() == [[0, 0, 0, 0], [-127, -64, 0, 64]]
    assert scales[1, 0] == np.float16(8 / 127)
