"""The embedded language model ready to write, with the weights and the precision that are fastest on this processor."""

import logging
import shutil
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path

import openvino_genai as genai  # type: ignore[import-untyped]

from assistant.models.embedded import EmbeddedModel
from index.errors import UserError
from index.models.conversions import made_once, run_apart
from index.models.ladder import Trial, Verdict, fastest, in_child
from index.models.processor import processor

# The weights as the file has them, in groups, or rewritten as int8 rows (int8_rows.py); and OpenVINO's properties. Of
# int8 rows the activations are int8 too, in groups of 128, or as they are where nothing multiplies int8; the rest is
# float32.
WAYS: dict[str, tuple[str, dict[str, object]]] = {
    "groups f32": ("", {"INFERENCE_PRECISION_HINT": "f32"}),
    "rows f32": ("-int8", {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 128}),
    "rows f32 activations": ("-int8", {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0}),
    "groups bf16": ("", {"INFERENCE_PRECISION_HINT": "bf16"}),
}
# A folder with it is whole.
MODEL = "openvino_model.xml"
# Runs everywhere, and is what the file says.
SAFE = "groups f32"
# For the first way; the others may take as long again, and a little.
TRIAL_SECONDS, GRACE_SECONDS = 1800, 60

logger = logging.getLogger(__name__)


class Unconvertible(UserError):
    """A file of weights cannot be converted."""


def load(model: Path, cache: Path, way: str = "", warm: bool = True) -> EmbeddedModel:
    """The model in a GGUF file, or in a folder saved by OpenVINO.

    A GGUF file is converted into a folder under `cache` once, and the fastest of its ways sought once a kind of
    processor. `way`, one of WAYS, leaves no choice.
    """
    if model.is_dir():
        return EmbeddedModel(model, model.stem, warm=warm)
    weights, properties = WAYS[way or usable(find_fastest(model, cache), model.stem)]
    return EmbeddedModel(converted(model, cache, weights), model.stem, properties, warm)


def usable(verdict: Verdict, name: str) -> str:
    """The way that is chosen; of a model that reads wrongly in every way what the file says, if that runs."""
    if verdict.chosen:
        return verdict.chosen
    if any(trial.candidate == SAFE and trial.speed for trial in verdict.trials):
        logger.warning("%s reads wrongly however it is run here: %s", name, verdict.refusals)
        return SAFE
    raise UserError(
        f"The language model {name} cannot be run here: {verdict.refusals}. "
        "Name another in NEWSDESK_LANGUAGE_MODEL, or use --answerer extractive."
    )


def find_fastest(gguf: Path, cache: Path, anew: bool = False) -> Verdict:
    """How the ways to run the model compare on this processor; measured if that is not known yet."""
    holds_for = {"processor": processor(), "openvino": version("openvino-genai"), "bytes": str(gguf.stat().st_size)}
    return fastest(gguf.stem, holds_for, cache / "verdicts", list(WAYS), _Attempts(gguf, cache), anew)


class _Attempts:
    """The trials of a model's ways, one after the other; the first sets the time for the others."""

    def __init__(self, gguf: Path, cache: Path) -> None:
        self._gguf, self._cache = gguf, cache
        self._seconds: float = TRIAL_SECONDS

    def __call__(self, way: str) -> Trial:
        try:
            folder = converted(self._gguf, self._cache, WAYS[way][0])
        except Unconvertible as error:
            if way == SAFE:
                raise
            return Trial(way, refusal=str(error))
        began = time.monotonic()
        trial = in_child(way, "assistant.models.trial", way, str(folder), seconds=self._seconds)
        if way == SAFE and trial.speed:
            self._seconds = GRACE_SECONDS + 2 * (time.monotonic() - began)
        return trial


def converted(gguf: Path, cache: Path, weights: str) -> Path:
    """The complete conversion of this file under `cache`, with such weights; made when there is none."""
    name = f"{gguf.stem}-{gguf.stat().st_size}-openvino-"
    folder = cache / f"{name}{genai.get_version().split('-')[0]}{weights}"
    grouped = converted(gguf, cache, "") if weights else None

    def earlier() -> list[Path]:
        return [one for one in cache.glob(f"{name}*") if not one.name.startswith(folder.name.removesuffix(weights))]

    try:
        return made_once(folder, MODEL, partial(_convert, gguf, grouped), earlier)
    except (OSError, RuntimeError, IndexError, ValueError) as error:
        raise Unconvertible(
            f"{gguf} cannot be converted ({str(error).splitlines()[-1]}). Free disk space, or fetch the model again."
        ) from error


def _convert(gguf: Path, grouped: Path | None, unfinished: Path) -> None:
    """Fill the folder with the model in the file, or with the grouped one's weights rewritten as int8 rows."""
    if grouped:
        shutil.copytree(grouped, unfinished, dirs_exist_ok=True)
        run_apart("assistant.models.int8_rows", str(unfinished))
        return
    link = unfinished / "model.gguf"  # OpenVINO writes next to the file that it reads
    try:
        link.symlink_to(gguf.resolve())
    except OSError:  # not everybody may make links on Windows
        shutil.copyfile(gguf, link)
    genai.LLMPipeline(link, "CPU", enable_save_ov_model=True)
    link.unlink()
