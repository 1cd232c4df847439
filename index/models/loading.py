"""The embedding ready to use, run by whatever is fastest on this processor and right.

`load_embedding` is the one way in. A model is converted for OpenVINO once (conversion.py), and every precision in which
that can be run is held to torch (trial.py) once a kind of processor (ladder.py).
"""

import errno
import hashlib
import json
import logging
import os
import shutil
import tempfile
from functools import partial
from importlib.metadata import version
from pathlib import Path

from index.errors import UserError
from index.models import weights
from index.models.conversions import made_once, run_apart
from index.models.embedding import Embedding, OpenVINOEncoder, TorchEncoder
from index.models.ladder import AS_FAST, Trial, Verdict, fastest, in_child
from index.models.processor import processor

# Goes up with every change of what a conversion holds.
CONVERSION = 4
# Torch first: the others are held to its vectors, and given up when they are slower. float32 runs on every processor.
TORCH, WAYS = "torch", ("torch", "openvino f32", "openvino bf16", "openvino f16", "openvino int8")
# int8 only where no float of 16 bits runs so many times as fast as one of 32, which is as fast and closer: a processor
# may run them without units for them.
INT8, HALVED = WAYS[-1], 1.3
# For one way, on a slow machine that is busy.
TRIAL_SECONDS = 900

logger = logging.getLogger(__name__)


class NotConverted(Exception):
    """Why OpenVINO cannot run a model; `passing` when that may be gone at the next start."""

    def __init__(self, reason: str, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


def load_embedding(name: str, cache: Path, way: str = "") -> Embedding:
    """The embedding ready to use. `name` is one of ours, a folder, or a model that is fetched from the model hub.

    `cache` holds conversions and verdicts. Where torch runs the model though OpenVINO is there, the embedding's
    `fallback_reason` tells why. `way`, one of WAYS, leaves no choice.
    """
    folder = folder_of(name, cache)
    digest, reason = weights_digest(folder), ""
    if not way:
        verdict = find_fastest(folder, name, cache)
        way = verdict.chosen
        reason = verdict.refusals if way == TORCH else ""
    if way != TORCH:
        try:
            encoder = OpenVINOEncoder(converted(folder, cache, way), way.partition(" ")[2])
            return Embedding(encoder, name, way, weights=digest)
        except NotConverted as error:  # once it could be: somebody has removed it
            reason = str(error)
    if reason:
        logger.warning("%s runs on torch, several times slower: %s", name, reason)
    return Embedding(TorchEncoder(folder), name, TORCH, reason, digest)


def find_fastest(folder: Path, name: str, cache: Path, anew: bool = False) -> Verdict:
    """How the ways to run the model in `folder` compare on this processor; measured if that is not known yet."""
    holds_for = {
        "processor": processor(),
        "openvino": version("openvino"),
        "conversion": fingerprint(weights_digest(folder)),
    }
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as scratch:
        attempts = _Attempts(folder, cache, Path(scratch) / "reference.npy")
        return fastest(Path(name).name, holds_for, cache / "verdicts", WAYS, attempts, anew)


class _Attempts:
    """The trials of a model's ways, one after the other; torch's comes first and must succeed."""

    def __init__(self, folder: Path, cache: Path, reference: Path) -> None:
        self._folder, self._cache, self._reference = folder, cache, reference
        self._slowest = 0.0
        self._fastest, self._is_halved = 0.0, False

    def __call__(self, way: str) -> Trial:
        if way == TORCH:
            trial = self._try(way, self._folder)
            if trial.refusal:
                raise UserError(
                    f"{self._folder.name} cannot be run here at all; torch: {trial.refusal.rstrip('.')}. "
                    "Name another embedding in NEWSDESK_EMBEDDING."
                )
            self._slowest = AS_FAST * trial.speed
            return trial
        if way == INT8 and self._is_halved:
            return Trial(way, refusal="is not needed where floats of 16 bits run so fast")
        try:
            folder = converted(self._folder, self._cache, way)
        except NotConverted as error:
            return Trial(way, refusal=str(error), passing=error.passing)
        trial = self._try(way, folder)
        if way == INT8 and (trial.refusal or trial.speed < self._fastest):
            shutil.rmtree(folder, ignore_errors=True)  # half a gigabyte that nothing will run
        if not trial.refusal:
            self._is_halved |= way.endswith("f16") and trial.speed >= HALVED * self._fastest
            self._fastest = max(self._fastest, trial.speed)
        return trial

    def _try(self, way: str, folder: Path) -> Trial:
        arguments = (way, str(folder), str(self._reference), str(self._slowest))
        return in_child(way, "index.models.trial", *arguments, seconds=TRIAL_SECONDS)


def load_own_embedding(name: str) -> Embedding:
    """The embedding called `name` on this machine, where another one's settings do not hold."""
    return load_embedding(name, weights.cache_folder())


def folder_of(name: str, cache: Path) -> Path:
    """Where the embedding is; one of the model hub is fetched if it was never used before."""
    if name not in weights.WEIGHTS:
        return Path(name) if Path(name).is_dir() else _from_hub(name)
    found = weights.installed(name, cache)
    if found is None:
        raise UserError(f"The embedding {name} is not on this machine. Run `newsdesk models fetch {name}`.")
    return found


def _from_hub(name: str) -> Path:
    """The local copy of a model of the hub, fetched now if it was never used before."""
    from huggingface_hub import errors, snapshot_download  # only a model by its hub name needs it

    try:
        return Path(snapshot_download(name, ignore_patterns=["*.onnx", "*.bin", "openvino/*", "*.h5", "*.msgpack"]))
    except (errors.HfHubHTTPError, errors.HFValidationError, errors.LocalEntryNotFoundError, OSError) as error:
        raise UserError(
            f"The embedding model {name!r} is no folder, and the model hub did not give it. "
            "Name the folder of a sentence-transformers model, or one of the models in `newsdesk models`."
        ) from error


def folder_bytes(folder: Path) -> int:
    """How much all files in it take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def weights_digest(folder: Path) -> str:
    """The same for the same weights, wherever they lie.

    A default model was checked when it was fetched, and need not be read again.
    """
    try:
        return str(json.loads((folder / "ready.json").read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        digest = hashlib.sha256()
        for path in sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin")):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()


def fingerprint(weights: str) -> str:
    """Another one for other weights, another way of converting them or another OpenVINO."""
    return hashlib.sha256(json.dumps([CONVERSION, weights, version("openvino")]).encode()).hexdigest()[:16]


def converted(folder: Path, cache: Path, way: str = "") -> Path:
    """The folder of the model's conversion that the way runs, made now if there is none yet; raises NotConverted."""
    target = cache / "openvino" / f"{folder.name}-{fingerprint(weights_digest(folder))}"
    earlier = partial(target.parent.glob, f"{folder.name}-*")
    try:
        made = made_once(target, "encoder.json", partial(_apart, "index.models.conversion", folder), earlier)
        if way != INT8:
            return made
        target, earlier = made.with_name(f"{made.name}-int8"), partial(target.parent.glob, f"{folder.name}-*-int8")
        return made_once(target, "encoder.json", partial(_apart, "index.models.int8", made), earlier)
    except OSError as error:
        raise NotConverted(
            f"cannot be converted for OpenVINO, because {cache} cannot be written ({error.strerror}); set "
            "NEWSDESK_MODELS to a folder with 2 GB of room",
            passing=True,
        ) from error


def _apart(module: str, folder: Path, unfinished: Path) -> None:
    try:
        run_apart(module, str(folder), str(unfinished))
    except ValueError as error:
        if shutil.disk_usage(unfinished).free < folder_bytes(folder):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise NotConverted(f"cannot be converted for OpenVINO ({error})") from error
