"""Texts to unit vectors: sentence-transformers, run by OpenVINO where its vectors agree with torch's.

`load_embedding` is the one way in. A model is converted once, in a child process of its own (the conversion
holds two copies of the weights), and the conversion is used only when its vectors agree with torch's.
"""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from index.errors import UserError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

# Tokens in one batch, padding included: enough to keep two cores busy, small enough to stay in their caches.
BATCH_TOKENS = 2048

# A conversion whose vectors differ more than this from torch's is not used.
AGREEMENT = 0.999
AGREEMENT_TEXTS = (
    "The ambassador handed over the written reply on 26 January.",
    "Il primo round si è svolto a Ginevra il 10 gennaio.",
    "Де відбулися переговори про гарантії безпеки?",
    "Die Straßenbahn fährt ab Montag wieder. " * 30,
    "来週の会議は延期された。",
    "أعلنت الوزارة النتائج يوم الجمعة.",
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fallback:
    """Why torch runs a model that OpenVINO should have run."""

    reason: str


class Embedding(BaseEmbedding):
    """A LlamaIndex embedding over one sentence-transformers model; every vector is float32 of unit length."""

    dimension: int
    backend: str  # "openvino" or "torch"
    fallback_reason: str = ""
    _model: "SentenceTransformer" = PrivateAttr()

    def __init__(self, model: "SentenceTransformer", name: str, backend: str, fallback_reason: str = "") -> None:
        dimension = model.get_embedding_dimension()
        assert dimension is not None
        fields = {"dimension": dimension, "backend": backend, "fallback_reason": fallback_reason}
        super().__init__(model_name=name, **fields)  # type: ignore[arg-type]
        self._model = model

    def count_tokens(self, text: str) -> int:
        """The number of the model's own tokens in the text, without special ones."""
        return len(self._model.tokenizer.encode(text, add_special_tokens=False))

    def embed_query(self, query: str) -> Vectors:
        """The question's vector, shape (d,)."""
        return self.embed_queries([query]).reshape(self.dimension)

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        """The questions' vectors in their order, shape (n, d); a question asked twice is computed once."""
        different = list(dict.fromkeys(queries))
        vectors = self._encode(different, self._prompt("query"))
        return vectors[[different.index(query) for query in queries]]

    def embed_texts(self, texts: Sequence[str], on_done: Callable[[int], None] = lambda count: None) -> Vectors:
        """The texts' vectors in their order, shape (n, d); `on_done` hears how many more texts are finished."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in self._batches(texts):
            vectors[batch] = self._encode([texts[row] for row in batch], self._prompt("document"))
            on_done(len(batch))
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Rows of similar length together, longest first, so that hardly any padding is computed."""
        lengths = [self.count_tokens(text) + 8 for text in texts]
        limit = self._model.max_seq_length or BATCH_TOKENS
        batch: list[int] = []
        for row in sorted(range(len(texts)), key=lengths.__getitem__, reverse=True):
            longest = min(limit, lengths[batch[0]] if batch else lengths[row])
            if batch and (len(batch) + 1) * longest > BATCH_TOKENS:
                yield batch
                batch = []
            batch.append(row)
        if batch:
            yield batch

    def _prompt(self, kind: str) -> str:
        return self._model.prompts.get(kind) or ""

    def _encode(self, texts: list[str], prompt: str) -> Vectors:
        vectors = self._model.encode(
            texts, prompt=prompt, batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self.embed_query(query)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in self.embed_texts([text])[0]]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self.embed_texts(texts)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def load_embedding(model: str | Path, name: str, cache: Path, backend: str = "openvino") -> Embedding:
    """The embedding ready to use. `model` is a folder, or a name that is fetched from the model hub.

    `cache` holds the conversions. With `backend="openvino"` torch still takes over when a model cannot be
    converted or its vectors disagree; the embedding's `backend` and `fallback_reason` tell.
    """
    folder = Path(model) if Path(model).is_dir() else _from_hub(str(model))
    if backend == "torch":
        return Embedding(_load_torch(folder), name, "torch")
    ready = _converted(folder, cache)
    if isinstance(ready, Fallback):
        logger.warning("%s runs on torch, several times slower: %s", name, ready.reason)
        return Embedding(_load_torch(folder), name, "torch", ready.reason)
    return Embedding(_assemble(folder, ready), name, "openvino")


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


def _load_torch(folder: Path) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(folder), device="cpu", trust_remote_code=False, local_files_only=True)
    except (OSError, ValueError) as error:
        raise UserError(
            f"The embedding model in {folder} could not be loaded: {str(error).splitlines()[0]} "
            "Give the folder of a sentence-transformers model."
        ) from error


def _converted(folder: Path, cache: Path) -> Path | Fallback:
    """The folder of the accepted conversion, made now if there is none yet."""
    import openvino

    weights = sorted(folder.glob("*.safetensors")) + sorted(folder.glob("*.bin"))
    stamp = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in weights]
    key = hashlib.sha256(json.dumps([stamp, openvino.__version__]).encode()).hexdigest()[:16]
    target = cache / f"{folder.name}-openvino-{key}"
    if (target / "accepted.json").is_file():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    logger.info("Converting %s for OpenVINO, once", folder.name)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".converting-") as scratch:
        made = subprocess.run(
            [sys.executable, "-m", "index.embedding", str(folder), scratch],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        )
        if made.returncode != 0:
            last_line = (made.stderr.strip().splitlines() or ["no message"])[-1]
            return Fallback(f"the OpenVINO conversion failed ({last_line[:200]})")
        accepted = json.loads((Path(scratch) / "accepted.json").read_text())
        if accepted["agreement"] < AGREEMENT:
            return Fallback(f"the OpenVINO vectors disagree with torch's (cosine {accepted['agreement']:.4f})")
        if not target.exists():
            shutil.copytree(scratch, target.with_suffix(".new"), dirs_exist_ok=True)
            target.with_suffix(".new").replace(target)
    return target


def _convert(folder: Path, target: Path) -> None:
    """Write `model.xml`, `model.bin` and `accepted.json` (the lowest cosine to torch's vectors) into target."""
    import openvino
    import torch
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(folder), device="cpu", model_kwargs={"attn_implementation": "eager"})
    transformer: Any = reference[0].auto_model

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            mask: torch.Tensor | dict[str, torch.Tensor] = attention_mask
            if transformer.config.model_type == "gemma3_text":
                mask = _bidirectional_masks(attention_mask, transformer.config.sliding_window)
            states = self.transformer(input_ids=input_ids, attention_mask=mask).last_hidden_state
            assert isinstance(states, torch.Tensor)
            return states

    features = reference.preprocess(list(AGREEMENT_TEXTS[:2]))
    example = {name: features[name] for name in ("input_ids", "attention_mask")}
    with torch.no_grad():
        converted = openvino.convert_model(TokenVectors().eval(), example_input=example)
    openvino.save_model(converted, target / "model.xml", compress_to_fp16=True)
    ours = _assemble(folder, target)
    texts = list(AGREEMENT_TEXTS)
    products = reference.encode(texts, normalize_embeddings=True) * ours.encode(texts, normalize_embeddings=True)
    agreement = {"agreement": float(products.sum(axis=1).min())}
    (target / "accepted.json").write_text(json.dumps(agreement))


def _bidirectional_masks(attention_mask: "torch.Tensor", window: int) -> "dict[str, torch.Tensor]":
    """Additive 4-D masks for EmbeddingGemma.

    Left to itself, the traced module takes the causal mask of the language model it came from, and search
    quality falls by a third without a word.
    """
    import torch

    count = attention_mask.shape[1]
    kept = attention_mask[:, None, None, :].to(torch.bool)
    position = torch.arange(count)
    near = ((position[:, None] - position[None, :]).abs() < window)[None, None]
    hidden = torch.finfo(torch.float32).min
    return {
        "full_attention": torch.where(kept, 0.0, hidden).expand(-1, 1, count, -1),
        "sliding_attention": torch.where(kept & near, 0.0, hidden),
    }


def _assemble(folder: Path, converted: Path) -> "SentenceTransformer":
    """The sentence-transformers pipeline of `folder` with its transformer run by OpenVINO."""
    import openvino
    import torch
    from openvino.properties import hint
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import InputModule
    from sentence_transformers.util import import_from_string
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)

    class OpenVINOTransformer(InputModule):
        """Token vectors by OpenVINO; safe to call from several threads at once."""

        def __init__(self) -> None:
            super().__init__()  # type: ignore[no-untyped-call]
            self.tokenizer = tokenizer
            options = json.loads((folder / "sentence_bert_config.json").read_text())
            self.max_seq_length = int(options["max_seq_length"])
            self.compiled = openvino.Core().compile_model(
                converted / "model.xml", "CPU", {hint.performance_mode: hint.PerformanceMode.LATENCY}
            )

        def preprocess(
            self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: object
        ) -> dict[str, torch.Tensor]:
            texts = self._prepend_prompt(list(inputs), prompt) if prompt else list(inputs)
            tokens = tokenizer(
                texts, padding=True, truncation=True, max_length=self.max_seq_length, return_tensors="pt"
            )
            return {name: tokens[name] for name in ("input_ids", "attention_mask")}

        def forward(self, features: dict[str, torch.Tensor], **kwargs: object) -> dict[str, torch.Tensor]:
            request = self.compiled.create_infer_request()
            inputs = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
            states = request.infer(inputs)[0]
            return {**features, "token_embeddings": torch.from_numpy(states.astype(np.float32))}

        def save(self, output_path: str, *args: object, **kwargs: object) -> None:
            raise NotImplementedError("A converted model is a cached copy; save the original.")

    parts = json.loads((folder / "modules.json").read_text())[1:]
    kinds: list[Any] = [import_from_string(part["type"]) for part in parts]
    rest = [kind.load(str(folder), subfolder=part["path"]) for kind, part in zip(kinds, parts, strict=True)]
    described = json.loads((folder / "config_sentence_transformers.json").read_text())
    return SentenceTransformer(modules=[OpenVINOTransformer(), *rest], device="cpu", prompts=described.get("prompts"))


if __name__ == "__main__":
    _convert(Path(sys.argv[1]), Path(sys.argv[2]))
