"""Texts to unit vectors: one sentence-transformers model, run by OpenVINO where its vectors agree with torch's.

`load_embedding` is the one way in. A model is converted once (`index/conversion.py`), and the conversion is used
only when it agrees. Then neither torch nor sentence-transformers is imported: that saves seconds at every start.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from index.errors import UserError
from index.steps import step

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

# Tokens in one batch, padding included: enough to keep two cores busy, small enough to stay in their caches.
BATCH_TOKENS = 2048
# A conversion whose vectors differ more than this from torch's is not used.
AGREEMENT = 0.999
# Goes up with every change of what a conversion holds.
CONVERSION = 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fallback:
    """Why torch runs a model that OpenVINO should have run."""

    reason: str


class Encoder(Protocol):
    """A sentence-transformers model as something runs it; safe to use from several threads at once."""

    dimension: int
    prompts: dict[str, str]  # what the model wants before a text, by "query" and "document"

    def count_tokens(self, text: str) -> int:
        """The number of the model's own tokens in the text, without special ones; at most as many as it reads."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (n, d), computed in one batch."""
        ...


class Embedding(BaseEmbedding):
    """A LlamaIndex embedding over one sentence-transformers model; every vector is float32 of unit length."""

    dimension: int
    backend: str  # "openvino" or "torch"
    fallback_reason: str = ""
    identity: str  # the same only when the vectors of every text are
    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder, name: str, backend: str, fallback_reason: str = "", weights: str = "") -> None:
        """`weights` tells one file of weights from another of the same name."""
        fields = {
            "dimension": encoder.dimension,
            "backend": backend,
            "fallback_reason": fallback_reason,
            "identity": json.dumps([name, backend, weights, encoder.dimension, encoder.prompts]),
        }
        super().__init__(model_name=name, **fields)  # type: ignore[arg-type]
        self._encoder = encoder

    def count_tokens(self, text: str) -> int:
        """The number of the model's own tokens in the text, without special ones; at most as many as it reads."""
        return self._encoder.count_tokens(text)

    def embed_query(self, query: str) -> Vectors:
        """The question's vector, shape (d,)."""
        return self.embed_queries([query]).reshape(self.dimension)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """The questions' vectors in their order, shape (n, d); a question asked twice is computed once."""
        different = list(dict.fromkeys(queries))
        vectors = self._encode(different, "query")
        return vectors[[different.index(query) for query in queries]]

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors in their order, shape (n, d)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for rows, some in self.embed_batches(texts):
            vectors[rows] = some
        return vectors

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """The same as they are computed: the rows of the texts in a batch, and their vectors."""
        for batch in self._batches(texts):
            yield batch, self._encode([texts[row] for row in batch], "document")

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Rows of similar length together, longest first, so that hardly any padding is computed."""
        lengths = [self.count_tokens(text) + 8 for text in texts]
        batch: list[int] = []
        for row in sorted(range(len(texts)), key=lengths.__getitem__, reverse=True):
            longest = lengths[batch[0]] if batch else lengths[row]
            if batch and (len(batch) + 1) * longest > BATCH_TOKENS:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _encode(self, texts: Sequence[str], kind: str) -> Vectors:
        prompt = self._encoder.prompts.get(kind, "")
        with step("embedding"):
            return self._encoder.encode([prompt + text for text in texts])

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self.embed_query(query)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in self.embed_texts([text])[0]]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self.embed_texts(texts)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class OpenVINOEncoder:
    """A conversion: its tokens by the tokenizers library, everything after them by OpenVINO.

    The model is compiled for the first text: a rebuild that embeds nothing needs no more than the tokenizer.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._folder = folder
        described = json.loads((folder / "encoder.json").read_text())
        self.dimension: int = described["dimension"]
        self.prompts: dict[str, str] = described["prompts"]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    @cached_property
    def _model(self) -> Any:
        import openvino
        from openvino.properties import hint

        return openvino.Core().compile_model(
            self._folder / "model.xml", "CPU", {hint.performance_mode: hint.PerformanceMode.LATENCY}
        )

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def encode(self, texts: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        tokens = {
            "input_ids": np.array([one.ids for one in encodings], dtype=np.int64),
            "attention_mask": np.array([one.attention_mask for one in encodings], dtype=np.int64),
        }
        vectors = self._model.create_infer_request().infer(tokens)[0]
        return np.array(vectors, dtype=np.float32)  # a copy: the request owns what it returned


class TorchEncoder:
    """The model as sentence-transformers itself runs it."""

    def __init__(self, folder: Path) -> None:
        self._model = load_torch(folder)
        dimension = self._model.get_embedding_dimension()
        assert dimension is not None
        self.dimension: int = dimension
        self.prompts = {kind: prompt or "" for kind, prompt in self._model.prompts.items()}

    def count_tokens(self, text: str) -> int:
        return len(self._model.tokenizer.encode(text, add_special_tokens=False, truncation=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        # The prompt is in the texts already.
        vectors = self._model.encode(
            list(texts), prompt="", batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


def load_embedding(model: str | Path, name: str, cache: Path, backend: str = "openvino") -> Embedding:
    """The embedding ready to use. `model` is a folder, or a name that is fetched from the model hub.

    `cache` holds the conversions. With `backend="openvino"` torch still takes over when a model cannot be
    converted or its vectors disagree; the embedding's `backend` and `fallback_reason` tell.
    """
    folder = Path(model) if Path(model).is_dir() else _from_hub(str(model))
    weights = _fingerprint(folder)
    if backend == "torch":
        return Embedding(TorchEncoder(folder), name, "torch", weights=weights)
    ready = _converted(folder, cache)
    if isinstance(ready, Fallback):
        logger.warning("%s runs on torch, several times slower: %s", name, ready.reason)
        return Embedding(TorchEncoder(folder), name, "torch", ready.reason, weights)
    return Embedding(OpenVINOEncoder(ready), name, "openvino", weights=weights)


def _from_hub(name: str) -> Path:
    """The local copy of a model of the hub, fetched now if it was never used before."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, ignore_patterns=["*.onnx", "*.bin", "openvino/*", "*.h5", "*.msgpack"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise UserError(
            f"The embedding model {name!r} is no folder, and the model hub did not give it. "
            "Name the folder of a sentence-transformers model, or one of the models in `newsdesk models`."
        ) from error


def load_torch(folder: Path, model_kwargs: dict[str, Any] | None = None) -> "SentenceTransformer":
    """The model as sentence-transformers reads it; raises UserError when the folder holds none."""
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(
            str(folder), device="cpu", trust_remote_code=False, local_files_only=True, model_kwargs=model_kwargs
        )
    except (OSError, ValueError) as error:
        raise UserError(
            f"The embedding model in {folder} could not be loaded: {str(error).splitlines()[0]} "
            "Give the folder of a sentence-transformers model."
        ) from error


def _fingerprint(folder: Path) -> str:
    """Another one for other weights, another way of converting them or another OpenVINO."""
    import openvino

    weights = sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin"))
    stamp = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in weights]
    return hashlib.sha256(json.dumps([CONVERSION, stamp, openvino.__version__]).encode()).hexdigest()[:16]


def _converted(folder: Path, cache: Path) -> Path | Fallback:
    """The folder of the accepted conversion, made now if there is none yet."""
    target = cache / f"{folder.name}-openvino-{_fingerprint(folder)}"
    if (target / "encoder.json").is_file():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    logger.info("Converting %s for OpenVINO, once", folder.name)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".converting-") as scratch:
        made = subprocess.run(
            [sys.executable, "-m", "index.conversion", str(folder), scratch],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        )
        if made.returncode != 0:
            last_line = (made.stderr.strip().splitlines() or ["no message"])[-1]
            return Fallback(f"the OpenVINO conversion failed ({last_line[:200]})")
        accepted = json.loads((Path(scratch) / "encoder.json").read_text())
        if accepted["agreement"] < AGREEMENT:
            return Fallback(f"the OpenVINO vectors disagree with torch's (cosine {accepted['agreement']:.4f})")
        if not target.exists():
            shutil.copytree(scratch, target.with_suffix(".new"), dirs_exist_ok=True)
            target.with_suffix(".new").replace(target)
        # Of an earlier version of this program or of OpenVINO; whoever still reads them keeps them open.
        for older in set(cache.glob(f"{folder.name}-openvino-*")) - {target}:
            shutil.rmtree(older, ignore_errors=True)
    return target
