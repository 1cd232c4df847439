"""The two readers as torch modules: from tokens to the start and end of the words that answer, and whether any do.

light   multilingual-e5-small, its word table frozen, its twelve layers trained
full    EmbeddingGemma's layers from the nineteenth on, over what its first eighteen, frozen, make of the tokens
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoModel, BertModel

FROZEN_LAYERS = 18  # of EmbeddingGemma's 24
HEAD = 384  # units between a sentence's two vectors and the logit that it answers
OUTSIDE = -1e4  # the logit of a token that is not the sentences'


class Marks(NamedTuple):
    """Logits: of each token to be the first or the last that answers, shape (n, length); that any answers, (n,)."""

    starts: Tensor
    ends: Tensor
    answers: Tensor


class Heads(nn.Module):
    """What both readers end with."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.span = nn.Linear(width, 2)
        self.a1 = nn.Linear(2 * width, HEAD)
        self.a2 = nn.Linear(HEAD, 1)

    def marks(self, states: Tensor, inside: Tensor) -> Marks:
        """The logits, from the last layer's states, shape (n, length, width)."""
        spans = self.span(states).float()
        weights = inside.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1).clamp(min=1)
        answers = self.a2(nn.functional.gelu(self.a1(torch.cat([states[:, 0], mean], -1)))).squeeze(-1)
        outside = (1 - inside.float()) * OUTSIDE
        return Marks(spans[..., 0] + outside, spans[..., 1] + outside, answers.float())

    def trained(self) -> tuple[dict[str, nn.Parameter], dict[str, nn.Parameter]]:
        """The weights to train by name, those of the layers and those of the heads."""
        named = {name: weight for name, weight in self.named_parameters() if weight.requires_grad}
        heads = {name for name in named if name.split(".")[0] in ("span", "a1", "a2")}
        return {n: w for n, w in named.items() if n not in heads}, {n: w for n, w in named.items() if n in heads}

    def put(self, weights: Mapping[str, Tensor]) -> None:
        """Take these for the trained weights."""
        layers, heads = self.trained()
        with torch.no_grad():
            for name, weight in (layers | heads).items():
                weight.copy_(weights[name])


class LightReader(Heads):
    """All of multilingual-e5-small; it is given the numbers of the tokens."""

    def __init__(self, folder: Path) -> None:
        bert = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation="eager",
        )
        super().__init__(bert.config.hidden_size)
        self.bert: Any = bert
        self.bert.embeddings.requires_grad_(False)

    def forward(self, given: Tensor, real: Tensor, inside: Tensor) -> Marks:
        return self.marks(self.bert(input_ids=given, attention_mask=real).last_hidden_state, inside)


class FullReader(Heads):
    """EmbeddingGemma from layer FROZEN_LAYERS on; it is given the states after the layer before."""

    def __init__(self, model: Any) -> None:
        super().__init__(model.config.hidden_size)
        self.layers: Any = nn.ModuleList(list(model.layers)[FROZEN_LAYERS:])
        self.norm: Any = model.norm
        self._kinds: list[str] = list(model.config.layer_types)[FROZEN_LAYERS:]
        self._rotary: Any = [model.rotary_emb]  # in a list: it has no weights of its own

    def forward(self, given: Tensor, real: Tensor, inside: Tensor) -> Marks:
        states = through(self.layers, self._kinds, self._rotary[0], given, real)
        return self.marks(self.norm(states), inside)


class Frozen(nn.Module):
    """EmbeddingGemma's layers before FROZEN_LAYERS: from the numbers of tokens to their states, (n, length, 768)."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.words: Any = model.embed_tokens
        self.layers: Any = nn.ModuleList(list(model.layers)[:FROZEN_LAYERS])
        self._kinds: list[str] = list(model.config.layer_types)[:FROZEN_LAYERS]
        self.rotary: Any = model.rotary_emb

    def forward(self, given: Tensor, real: Tensor) -> Tensor:
        return through(self.layers, self._kinds, self.rotary, self.words(given), real)


def through(layers: Any, kinds: list[str], rotary: Any, states: Tensor, real: Tensor) -> Tensor:
    """The states after the layers, each token seeing every other: no input is as long as their window."""
    lowest = torch.finfo(torch.float32).min
    mask = torch.where(real[:, None, None, :] > 0, 0.0, lowest).to(states.dtype).expand(-1, 1, real.shape[1], -1)
    positions = torch.arange(real.shape[1])[None]
    turned = {kind: rotary(states, positions, kind) for kind in set(kinds)}
    for layer, kind in zip(layers, kinds, strict=True):
        after = layer(states, attention_mask=mask, position_embeddings=turned[kind], position_ids=positions)
        states = after[0] if isinstance(after, tuple) else after
    return states


def load_gemma(folder: Path) -> Any:
    """EmbeddingGemma's transformer, in float32."""
    return AutoModel.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
