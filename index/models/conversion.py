"""A sentence-transformers model made once for OpenVINO to run: `python -m index.models.conversion MODEL TARGET`.

A process of its own, because it holds the weights twice. All that follows the tokens is one graph: transformer,
pooling, dense layers and the unit length.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openvino
import torch
from sentence_transformers import SentenceTransformer
from transformers import AttentionInterface

from index.models.embedding import load_torch
from index.models.tokens import keep_tokens
from index.models.trial import ordinary_texts

EXAMPLES = ["The ambassador handed over the written reply on 26 January.", "La neve chiude le scuole."]


class UnitVectors(torch.nn.Module):
    """The model from token numbers to unit vectors."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.transformer: Any = model[0].auto_model
        self.rest = torch.nn.ModuleList(list(model)[1:])

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = last_states(self.transformer, input_ids, attention_mask)
        features = {"token_embeddings": states, "attention_mask": attention_mask}
        for part in self.rest:
            features = part(features)
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)


def last_states(transformer: Any, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """The states after the transformer's last layer and norm, shape (n, length, width), traced as they should be."""
    mask: torch.Tensor | dict[str, torch.Tensor] = attention_mask
    config = transformer.config
    if config.model_type == "gemma3_text":
        mask = _bidirectional_masks(attention_mask, config.sliding_window)
        if config.num_key_value_heads == 1:
            config._attn_implementation = "shared"
    try:
        states: torch.Tensor = transformer(input_ids=input_ids, attention_mask=mask).last_hidden_state
    finally:
        config._attn_implementation = "eager"
    return states


def convert(folder: Path, target: Path) -> None:
    """Write `model.xml`, `model.bin`, the tokens and `encoder.json` into target.

    `encoder.json` tells the vectors' dimension, the prompts, and what stands around a text's tokens.
    """
    reference = load_torch(folder, model_kwargs={"attn_implementation": "eager"})
    features = reference.preprocess(EXAMPLES)
    example = {name: features[name] for name in ("input_ids", "attention_mask")}
    with torch.no_grad():
        converted = openvino.convert_model(UnitVectors(reference).eval(), example_input=example)
    openvino.save_model(converted, target / "model.xml", compress_to_fp16=True)
    ordinary = ordinary_texts()
    tokenizer = reference.tokenizer.backend_tokenizer
    most = reference.max_seq_length or reference.tokenizer.model_max_length
    tokenizer.enable_truncation(most)
    right = [tokenizer.encode(text).ids for text in ordinary]
    tokens = keep_tokens(tokenizer, target, ordinary)
    bare = [tokens.numbers(text, special=True) for text in ordinary]
    before, after = around(right, bare, most)
    described = {
        "dimension": reference.get_embedding_dimension(),
        "prompts": {kind: prompt or "" for kind, prompt in reference.prompts.items()},
        "before": before,
        "after": after,
        "padding": reference.tokenizer.pad_token_id,
        "most": most,
    }
    (target / "encoder.json").write_text(json.dumps(described), encoding="utf-8")


def around(whole: Sequence[list[int]], bare: Sequence[list[int]], most: int) -> tuple[list[int], list[int]]:
    """The tokens that the model wants before and after those of a text; raises ValueError when they differ."""
    first, text = min(zip(whole, bare, strict=True), key=lambda pair: len(pair[1]))
    start = next(at for at in range(len(first)) if first[at : at + len(text)] == text)
    before, after = first[:start], first[start + len(text) :]
    room = most - len(before) - len(after)
    if any(row != [*before, *tokens[:room], *after] for row, tokens in zip(whole, bare, strict=True)):
        raise ValueError("what stands around a text's tokens depends on the text")
    return before, after


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
