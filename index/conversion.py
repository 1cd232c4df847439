"""A sentence-transformers model, made once into one that OpenVINO runs: `python -m index.conversion MODEL TARGET`.

A process of its own, because it holds the weights twice. All that follows the tokens is one graph: transformer,
pooling, dense layers and the unit length.
"""

import json
import sys
from pathlib import Path
from typing import Any

import openvino
import torch
from sentence_transformers import SentenceTransformer
from transformers import AttentionInterface

from index.embedding import OpenVINOEncoder, load_torch

# In several scripts, one text long.
AGREEMENT_TEXTS = (
    "The ambassador handed over the written reply on 26 January.",
    "Il primo round si è svolto a Ginevra il 10 gennaio.",
    "Де відбулися переговори про гарантії безпеки?",
    "Die Straßenbahn fährt ab Montag wieder. " * 30,
    "来週の会議は延期された。",
    "أعلنت الوزارة النتائج يوم الجمعة.",
)


class UnitVectors(torch.nn.Module):
    """The model from token numbers to unit vectors."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.transformer: Any = model[0].auto_model
        self.rest = torch.nn.ModuleList(list(model)[1:])

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        mask: torch.Tensor | dict[str, torch.Tensor] = attention_mask
        config = self.transformer.config
        if config.model_type == "gemma3_text":
            mask = _bidirectional_masks(attention_mask, config.sliding_window)
            if config.num_key_value_heads == 1:
                config._attn_implementation = "shared"
        try:
            states = self.transformer(input_ids=input_ids, attention_mask=mask).last_hidden_state
        finally:
            config._attn_implementation = "eager"
        features = {"token_embeddings": states, "attention_mask": attention_mask}
        for part in self.rest:
            features = part(features)
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)


def convert(folder: Path, target: Path) -> None:
    """Write `model.xml`, `model.bin`, `tokenizer.json` and `encoder.json` into target.

    `encoder.json` tells the vectors' dimension, the prompts, and the lowest cosine to torch's vectors.
    """
    reference = load_torch(folder, model_kwargs={"attn_implementation": "eager"})
    features = reference.preprocess(list(AGREEMENT_TEXTS[:2]))
    example = {name: features[name] for name in ("input_ids", "attention_mask")}
    with torch.no_grad():
        converted = openvino.convert_model(UnitVectors(reference).eval(), example_input=example)
    openvino.save_model(converted, target / "model.xml", compress_to_fp16=True)
    tokenizer = reference.tokenizer.backend_tokenizer
    tokenizer.enable_truncation(reference.max_seq_length or reference.tokenizer.model_max_length)
    tokenizer.enable_padding(pad_id=reference.tokenizer.pad_token_id, pad_token=reference.tokenizer.pad_token)
    tokenizer.save(str(target / "tokenizer.json"))
    prompts = {kind: prompt or "" for kind, prompt in reference.prompts.items()}
    described: dict[str, object] = {"dimension": reference.get_embedding_dimension(), "prompts": prompts}
    (target / "encoder.json").write_text(json.dumps(described))
    texts = list(AGREEMENT_TEXTS)
    products = reference.encode(texts, normalize_embeddings=True) * OpenVINOEncoder(target).encode(texts)
    described["agreement"] = float(products.sum(axis=1).min())
    (target / "encoder.json").write_text(json.dumps(described))


def _shared_attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor,
    scaling: float,
    **others: object,
) -> tuple[torch.Tensor, None]:
    """The attention of heads that share one key and one value, as softmax(QKᵀ · scaling + mask)V.

    The model's own copies both for every head before it multiplies; multiplying broadcasts them just as well, and
    EmbeddingGemma is a fifth faster.
    """
    weights = torch.softmax(query @ key.transpose(2, 3) * scaling + attention_mask, dim=-1)
    return (weights @ value).transpose(1, 2).contiguous(), None


def _bidirectional_masks(attention_mask: torch.Tensor, window: int) -> dict[str, torch.Tensor]:
    """Additive 4-D masks for EmbeddingGemma.

    Left to itself, the traced module takes the causal mask of the language model it came from, and search
    quality falls by a third without a word.
    """
    count = attention_mask.shape[1]
    kept = attention_mask[:, None, None, :].to(torch.bool)
    position = torch.arange(count)
    near = ((position[:, None] - position[None, :]).abs() < window)[None, None]
    hidden = torch.finfo(torch.float32).min
    return {
        "full_attention": torch.where(kept, 0.0, hidden).expand(-1, 1, count, -1),
        "sliding_attention": torch.where(kept & near, 0.0, hidden),
    }


AttentionInterface.register("shared", _shared_attention)

if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
