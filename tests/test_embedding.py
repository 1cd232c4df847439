"""Conversions of an embedding model: made once, remembered where they fail, and only the newest kept."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import openvino
import pytest
from openvino import opset13

from index.errors import UserError
from index.models import loading
from index.models.compiling import compiled
from index.models.int8 import rewrite
from index.models.ladder import Trial


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "some-model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def converting(monkeypatch: pytest.MonkeyPatch, code: int = 0) -> list[str]:
    """Stands in for the child process that converts; the folders that it was given."""
    given: list[str] = []

    def run_apart(module: str, folder: str, target: str) -> None:
        given.append(folder)
        (Path(target) / "encoder.json").write_text("{}")
        if code:
            raise ValueError("out of memory")

    monkeypatch.setattr(loading, "run_apart", run_apart)
    return given


def trying(monkeypatch: pytest.MonkeyPatch, speeds: Mapping[str, float] | None = None, **refusals: str) -> list[str]:
    """Stands in for the child processes that try; the ways that they were given."""
    given: list[str] = []

    def in_child(way: str, *_: str, seconds: float) -> Trial:
        given.append(way)
        speed = (speeds or {}).get(way.split()[-1], 100.0 * len(given))
        return Trial(way, speed=speed, refusal=refusals.get(way.split()[-1], ""))

    monkeypatch.setattr(loading, "in_child", in_child)
    return given


def test_a_conversion_is_made_once_and_replaces_that_of_another_version(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cache" / "openvino"
    for older in ("some-model-0123456789abcdef", "some-other-model-0123456789abcdef"):
        (folder / older).mkdir(parents=True)
    given = converting(monkeypatch)
    made = loading.converted(model, tmp_path / "cache")
    assert loading.converted(model, tmp_path / "cache") == made
    assert given == [str(model)]
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [
        made.name,
        "some-other-model-0123456789abcdef",
    ]


def test_a_conversion_that_fails_leaves_torch_and_is_not_tried_again(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converting(monkeypatch, code=1)
    given = trying(monkeypatch)
    for _ in range(2):
        verdict = loading.find_fastest(model, "some-model", tmp_path)
        assert verdict.chosen == "torch"
        assert "openvino f32 cannot be converted for OpenVINO (out of memory)" in verdict.refusals
    assert given == ["torch"]


def test_every_precision_is_tried_on_one_conversion(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted = converting(monkeypatch)
    given = trying(monkeypatch, f16="does not run here")
    assert loading.find_fastest(model, "some-model", tmp_path).chosen == "openvino bf16"
    assert given == ["torch", "openvino f32", "openvino bf16", "openvino f16"]
    assert converted == [str(model)]


@pytest.mark.parametrize(("int8", "chosen"), [("", "openvino int8"), ("disagrees with torch", "openvino f32")])
def test_int8_is_tried_where_no_float_of_16_bits_runs_and_kept_where_it_is_used(
    int8: str, chosen: str, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converted = converting(monkeypatch)
    given = trying(monkeypatch, bf16="does not run here", f16="does not run here", int8=int8)
    assert loading.find_fastest(model, "some-model", tmp_path).chosen == chosen
    assert given == ["torch", "openvino f32", "openvino bf16", "openvino f16", "openvino int8"]
    kept = {path.name for path in (tmp_path / "openvino").iterdir() if path.is_dir()}
    whole = Path(converted[1]).name
    assert converted[0] == str(model) and kept == ({whole, f"{whole}-int8"} if chosen.endswith("int8") else {whole})


def test_int8_is_tried_where_floats_of_16_bits_run_no_faster(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converting(monkeypatch)
    given = trying(monkeypatch, {"f32": 650.0, "f16": 700.0, "int8": 2000.0}, bf16="does not run here")
    assert loading.find_fastest(model, "some-model", tmp_path).chosen == "openvino int8"
    assert given[-1] == "openvino int8"


def test_matrices_become_int8_rows_and_all_else_stays(tmp_path: Path) -> None:
    conversion, target = tmp_path / "conversion", tmp_path / "target"
    for folder in (conversion, target):
        folder.mkdir()
    (conversion / "encoder.json").write_text("{}")
    given = opset13.parameter([1, 64], np.float32, name="given")
    matrix = np.random.default_rng(7).normal(size=(8, 64)).astype(np.float32)
    product = opset13.matmul(given, opset13.constant(matrix), False, True)
    turned = opset13.matmul(product, opset13.constant(matrix), False, False)
    openvino.save_model(openvino.Model([turned], [given], "two"), conversion / "model.xml")
    assert rewrite(conversion, target) == 2
    core, row = openvino.Core(), np.ones((1, 64), np.float32)
    wanted, rounded = (
        core.compile_model(folder / "model.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})([row])[0]
        for folder in (conversion, target)
    )
    np.testing.assert_allclose(rounded, wanted, atol=0.02 * np.abs(wanted).max())
    assert (rounded != wanted).any() and (target / "encoder.json").read_text() == "{}"


def test_a_model_that_torch_cannot_run_is_said_to_be_none(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying(monkeypatch, torch="The embedding model in some-model could not be loaded: no config.json.")
    with pytest.raises(UserError, match=r"could not be loaded.* Name another embedding in NEWSDESK_EMBEDDING\."):
        loading.find_fastest(model, "some-model", tmp_path)
    assert not list((tmp_path / "verdicts").glob("*.json"))


def test_a_disk_that_is_full_while_converting_leaves_torch_until_there_is_room(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trying(monkeypatch)
    with monkeypatch.context() as full:
        converting(full, code=1)
        full.setattr(loading, "folder_bytes", lambda folder: 10**18)
        verdict = loading.find_fastest(model, "some-model", tmp_path)
    assert verdict.chosen == "torch"
    assert "No space left on device" in verdict.refusals and "set NEWSDESK_MODELS" in verdict.refusals
    converting(monkeypatch)
    assert loading.find_fastest(model, "some-model", tmp_path).chosen.startswith("openvino")


def test_a_cache_that_cannot_be_written_leaves_torch_and_says_what_to_do(model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(loading.NotConverted, match=r"cannot be written.*set NEWSDESK_MODELS") as raised:
        loading.converted(model, tmp_path / "file")
    assert raised.value.passing


def test_a_model_is_compiled_where_nothing_can_be_kept_and_after_what_was_kept_is_damaged(tmp_path: Path) -> None:
    given = opset13.parameter([1, 2], np.float32, name="given")
    model = openvino.Model([opset13.multiply(given, opset13.constant(np.float32(2)))], [given], "twice")
    openvino.save_model(model, tmp_path / "model.xml")
    (tmp_path / "compiled").touch()
    for _ in range(3):
        twice = compiled(tmp_path, "f32")
        assert twice(np.ones((1, 2), np.float32))[0].tolist() == [[2, 2]]
        if (tmp_path / "compiled").is_file():
            (tmp_path / "compiled").unlink()
        for kept in tmp_path.rglob("*.blob"):
            kept.write_bytes(b"noise" * 100)


def test_what_is_kept_of_one_precision_is_not_read_in_another(tmp_path: Path) -> None:
    given = opset13.parameter([1, 2], np.float32, name="given")
    model = openvino.Model([opset13.multiply(given, opset13.constant(np.float32(2)))], [given], "twice")
    openvino.save_model(model, tmp_path / "model.xml")
    for precision in ("f32", "int8"):
        compiled(tmp_path, precision)
    kept = {path.parent.name for path in tmp_path.rglob("*.blob")}
    assert len(kept) == 2
