"""Conversions of an embedding model: made once, accepted by agreement, and only the newest kept."""

import json
import subprocess
from pathlib import Path

import pytest

from index import embedding


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "some-model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def converting(monkeypatch: pytest.MonkeyPatch, agreement: float = 1.0, code: int = 0) -> list[str]:
    """Stands in for the child process that converts; the folders that it was given."""
    given: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        given.append(command[-2])
        (Path(command[-1]) / "encoder.json").write_text(json.dumps({"agreement": agreement}))
        return subprocess.CompletedProcess(command, code, "", "out of memory")

    monkeypatch.setattr(embedding.subprocess, "run", run)
    return given


def test_a_conversion_is_made_once_and_replaces_that_of_another_version(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    (cache / "some-model-openvino-0123456789abcdef").mkdir(parents=True)
    (cache / "some-model-large-openvino-0123456789abcdef").mkdir()  # another model's
    given = converting(monkeypatch)
    made = embedding._converted(model, cache)
    assert isinstance(made, Path)
    assert embedding._converted(model, cache) == made
    assert given == [str(model)]
    assert sorted(path.name for path in cache.iterdir()) == ["some-model-large-openvino-0123456789abcdef", made.name]


@pytest.mark.parametrize(("agreement", "code", "reason"), [(0.99, 0, "disagree"), (1.0, 1, "out of memory")])
def test_a_conversion_that_fails_or_disagrees_is_not_used(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agreement: float, code: int, reason: str
) -> None:
    converting(monkeypatch, agreement, code)
    older = tmp_path / "some-model-openvino-0123456789abcdef"
    older.mkdir()
    fallback = embedding._converted(model, tmp_path)
    assert isinstance(fallback, embedding.Fallback)
    assert reason in fallback.reason
    assert older.is_dir()
