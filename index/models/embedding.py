"""Texts to unit vectors: one sentence-transformers model, run by OpenVINO or by torch.

Under OpenVINO neither torch nor sentence-transformers is imported, and LlamaIndex only where its own form of an
embedding is wanted (llama_index_form.py): that saves seconds at every start.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.errors import UserError
from index.models.compiling import compiled
from index.steps import step
from index.vectors import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


# Tokens in one batch, padding included: enough to keep two cores busy, small enough to stay in their caches.
BATCH_TOKENS = 2048
# Two ways to run a model whose vectors differ no more than this make the same index. With bfloat16 the cosines of 210
# real passages and questions in twelve scripts were between 0.9990 and 1, and nothing was found any worse.
AGREEMENT = 0.998


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


class Embedding:
    """One sentence-transformers model; every vector is float32 of unit length.

    `identity` is the same for the same weights, whatever runs them; `backend` tells what does ("openvino" and its
    precision, or "torch"), and `fallback_reason` why nothing faster.
    """

    def __init__(self, encoder: Encoder, name: str, backend: str, fallback_reason: str = "", weights: str = "") -> None:
        """`weights` tells one file of weights from another of the same name."""
        self.model_name = name
        self.dimension = encoder.dimension
        self.backend = backend
        self.fallback_reason = fallback_reason
        self.identity = json.dumps([name, weights, encoder.dimension, encoder.prompts])
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

    def embed_kinds(self, questions: Sequence[str]) -> Vectors:
        """Vectors, shape (n, d), that tell questions of different kinds apart; the topic counts for little in them."""
        kind = "Classification" if "Classification" in self._encoder.prompts else "query"
        vectors = np.empty((len(questions), self.dimension), dtype=np.float32)
        for rows in self._batches(questions):
            vectors[rows] = self._encode([questions[row] for row in rows], kind)
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


class OpenVINOEncoder:
    """A conversion, which OpenVINO runs.

    It is compiled for the first text: a rebuild that embeds nothing needs no more than the tokens. One conversion
    serves every precision ("f32", "bf16", "f16") but "int8", which has one of its own.
    """

    def __init__(self, folder: Path, precision: str) -> None:
        from index.models.tokens import load_tokens  # its libraries are not needed by another way to run a model

        self._folder = folder
        self._precision = precision
        described = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self.dimension: int = described["dimension"]
        self.prompts: dict[str, str] = described["prompts"]
        self._before: list[int] = described["before"]
        self._after: list[int] = described["after"]
        self._padding: int = described["padding"]
        self._room = described["most"] - len(self._before) - len(self._after)
        self._tokens = load_tokens(folder)

    @cached_property
    def _model(self) -> Any:
        return compiled(self._folder, self._precision)

    @property
    def runs_in(self) -> str:
        """The precision that was made of the one asked for: not every processor has all of them."""
        runs_in = str(self._model.get_property("INFERENCE_PRECISION_HINT").to_string())
        return self._precision if (self._precision, runs_in) == ("int8", "f32") else runs_in

    def count_tokens(self, text: str) -> int:
        return len(self._tokens.numbers(text, special=True)[: self._room])

    def encode(self, texts: Sequence[str]) -> Vectors:
        numbers = [self._tokens.numbers(text, special=True)[: self._room] for text in texts]
        rows = [[*self._before, *row, *self._after] for row in numbers]
        ids = np.full((len(rows), max(map(len, rows))), self._padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        vectors = self._model.create_infer_request().infer({"input_ids": ids, "attention_mask": mask})[0]
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


def load_torch(folder: Path, model_kwargs: dict[str, Any] | None = None) -> "SentenceTransformer":
    """The model as sentence-transformers reads it; raises UserError when the folder holds none."""
    from sentence_transformers import (  # takes a second, and another way to run a model needs none of it
        SentenceTransformer,
    )

    try:
        return SentenceTransformer(
            str(folder), device="cpu", trust_remote_code=False, local_files_only=True, model_kwargs=model_kwargs
        )
    except (OSError, ValueError) as error:
        raise UserError(
            f"The embedding model in {folder} could not be loaded: {str(error).splitlines()[0]} "
            "Give the folder of a sentence-transformers model."
        ) from error
