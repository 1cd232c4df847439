"""A reader made once for OpenVINO to run: `python -m assistant.reading.conversion BASE WEIGHTS TARGET`.

A process of its own, because it holds the weights twice. The reader is the base model with its upper layers replaced by
trained ones, and two heads over the last states: which words answer, and whether any do.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openvino
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from assistant.reading.network import Network
from assistant.reading.packed import read_card, read_weights
from index.models.conversion import last_states
from index.models.tokens import keep_tokens
from index.models.trial import ordinary_texts

HEADS = ("span", "a1", "a2")
OUTSIDE = -1e4  # the logit of a token that is not the sentence's
_LAYER = re.compile(r"(?P<before>.*\blayers?\.)(?P<number>\d+)(?P<after>\..*)")

# In several scripts, with an answer and without one.
AGREEMENT_PAIRS = (
    ("When did the ambassador deliver the reply?", "The ambassador handed over the written reply on 26 January."),
    ("Where was the first round held?", "Il primo round si è svolto a Ginevra il 10 gennaio."),
    ("Хто підписав угоду?", "Договір підписала міністерка Оксана Петренко у Відні."),
    ("Wie viel kostete die Reparatur?", "Die Reparatur der Strecke kostete am Ende 3,2 Millionen Euro."),
    ("Who won the race?", "来週の会議は延期された。"),
    ("متى أعلنت النتائج؟", "أعلنت الوزارة النتائج يوم الجمعة."),
)


class ReaderModule(nn.Module):
    """From the numbers of tokens to the logits of being the first or last word that answers, and of answering."""

    def __init__(self, transformer: Any, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.transformer = transformer
        self.span, self.a1, self.a2 = (_linear(weights, name) for name in HEADS)

    def forward(self, ids: Tensor, real: Tensor, inside: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Starts and ends, shape (n, length), and answers, shape (n,); `inside` marks the sentence's tokens."""
        states = last_states(self.transformer, ids, real)
        shares = inside.unsqueeze(-1).to(states.dtype)
        mean = (states * shares).sum(1) / shares.sum(1).clamp(min=1)
        answers = self.a2(nn.functional.gelu(self.a1(torch.cat([states[:, 0], mean], -1)))).squeeze(-1)
        spans = self.span(states) + ((1 - shares) * OUTSIDE)
        return spans[..., 0], spans[..., 1], answers


def convert(base: Path, file: Path, target: Path) -> None:
    """Write `model.xml`, `model.bin`, the tokens and `reader.json` into target.

    `reader.json` tells the reader's kind, and how far its logits are from torch's at most.
    """
    model = trained(base, read_weights(file))
    ids = torch.randint(5, 1000, (2, 24))
    with torch.no_grad():
        converted = openvino.convert_model(model, example_input=(ids, torch.ones_like(ids), torch.ones_like(ids)))
    openvino.save_model(converted, target / "model.xml", compress_to_fp16=True)
    keep_tokens(Tokenizer.from_file(str(base / "tokenizer.json")), target, ordinary_texts())
    described: dict[str, object] = {"reader": read_card(file)["reader"]}
    (target / "reader.json").write_text(json.dumps(described), encoding="utf-8")
    described["difference"] = _difference(model, Network(target, "f32"))
    (target / "reader.json").write_text(json.dumps(described), encoding="utf-8")


def trained(base: Path, weights: Mapping[str, Tensor]) -> ReaderModule:
    """The base model in float32 with the trained weights in place of its uppermost layers'."""
    transformer = AutoModel.from_pretrained(base, attn_implementation="eager", dtype=torch.float32, use_cache=False)
    layers = {int(found["number"]) for name in weights if (found := _LAYER.match(name))}
    lower = transformer.config.num_hidden_layers - len(layers)
    upper = {
        _renumbered(name.removeprefix("bert."), lower): weight
        for name, weight in weights.items()
        if name.partition(".")[0] not in HEADS
    }
    transformer.load_state_dict(transformer.state_dict() | upper)
    return ReaderModule(transformer, weights).eval()


def _renumbered(name: str, lower: int) -> str:
    """The name in the whole model of a layer's weight, when `lower` layers come before the trained ones."""
    return _LAYER.sub(lambda found: f"{found['before']}{int(found['number']) + lower}{found['after']}", name)


def _linear(weights: Mapping[str, Tensor], name: str) -> nn.Linear:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    linear = nn.Linear(weight.shape[1], weight.shape[0])
    linear.load_state_dict({"weight": weight, "bias": bias})
    return linear


def _difference(model: ReaderModule, network: Network) -> float:
    """The largest difference between torch's logits that a pair answers, or of its words, and the conversion's."""
    largest = np.float32(0.0)
    for question, sentence in AGREEMENT_PAIRS:
        row = network.rows(question, sentence)[0]
        ids, real, inside = (torch.from_numpy(one) for one in Network.tensors([row], 0))
        with torch.no_grad():
            ours = [one.numpy() for one in model(ids, real, inside)]
        theirs = network.logits([row])
        kept = slice(row.first, row.first + row.count)
        apart = [abs(a - b)[..., kept].max() for a, b in zip(ours[:2], theirs[:2], strict=True)]
        # Of these, one that is no number makes all of it none.
        largest = np.max([largest, *apart, abs(ours[2] - theirs[2]).max()])
    return float(largest)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
