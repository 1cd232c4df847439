"""What a batch costs a reader: the words that answer, whether any do, and the right sentence against the others."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from bench.reader.networks import Marks
from bench.reader.sequences import MULTIPLE, Batch, Tokens
from index.models.processor import multiplies_bfloat16

AGAINST_OTHERS = 0.5  # what "the right one against the others" counts beside the rest
CHUNK = 1024  # tokens with padding that go through the network at once

Given = Callable[[Sequence[Tokens], int], Tensor]  # sequences and a length -> what the network is given


class Costs(NamedTuple):
    """Means over a batch; `right` is the share of candidates of which it says rightly whether they answer."""

    span: Tensor
    answers: Tensor
    others: Tensor
    right: Tensor

    @property
    def total(self) -> Tensor:
        """What is made smaller."""
        return self.span + self.answers + AGAINST_OTHERS * self.others


def costs(reader: Any, batch: Batch, given: Given) -> Costs:
    """What the batch costs."""
    tokens = [one for group in batch for one in group]
    answers, spans = _read(reader, tokens, given)
    wanted = torch.tensor([float(bool(one.spans)) for one in tokens])
    weight = torch.tensor([one.weight for one in tokens])
    each = nn.functional.binary_cross_entropy_with_logits(answers, wanted, weight=weight, reduction="sum")
    return Costs(
        span=torch.stack(spans).mean() if spans else answers.sum() * 0,
        answers=each / weight.sum(),
        others=_against_others(answers, [len(group) for group in batch], wanted),
        right=((answers > 0) == (wanted > 0)).float().mean(),
    )


def _read(reader: Any, tokens: Sequence[Tokens], given: Given) -> tuple[Tensor, list[Tensor]]:
    """The logits that each answers, in their order, and what the words of those that do cost."""
    order: list[int] = []
    answers: list[Tensor] = []
    spans: list[Tensor] = []
    with reading():
        for some in chunks(tokens):
            marks = reader(*tensors([tokens[at] for at in some], given))
            order += some
            answers.append(marks.answers)
            spans += [_span_cost(marks, row, tokens[at]) for row, at in enumerate(some) if tokens[at].spans]
    return torch.cat(answers)[torch.argsort(torch.tensor(order))], spans


def reading() -> torch.autocast:
    """The network's own precision: bfloat16 where the processor multiplies it, else float32."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=multiplies_bfloat16())


def chunks(tokens: Sequence[Tokens]) -> Iterator[list[int]]:
    """Those of like length together, so many that they fill a chunk, padding counted."""
    chunk: list[int] = []
    for at in sorted(range(len(tokens)), key=lambda at: len(tokens[at].ids)):
        if chunk and (len(chunk) + 1) * _rounded(len(tokens[at].ids)) > CHUNK:
            yield chunk
            chunk = []
        chunk.append(at)
    if chunk:
        yield chunk


def _rounded(length: int) -> int:
    return -(-length // MULTIPLE) * MULTIPLE


def tensors(tokens: Sequence[Tokens], given: Given) -> tuple[Tensor, Tensor, Tensor]:
    """What the network is given, which tokens are no padding, and which are the sentences'."""
    length = _rounded(max(len(one.ids) for one in tokens))
    real = np.zeros((len(tokens), length), dtype=np.int64)
    inside = np.zeros_like(real)
    for row, one in enumerate(tokens):
        real[row, : len(one.ids)] = 1
        inside[row, one.first : one.first + one.count] = 1
    return given(tokens, length), torch.from_numpy(real), torch.from_numpy(inside)


def _span_cost(marks: Marks, row: int, one: Tokens) -> Tensor:
    """Half of what start and end cost; each of the places that people marked is right."""
    starts = marks.starts[row].log_softmax(-1)[sorted({start for start, _ in one.spans})]
    ends = marks.ends[row].log_softmax(-1)[sorted({end for _, end in one.spans})]
    return -(starts.logsumexp(0) + ends.logsumexp(0)) / 2


def _against_others(answers: Tensor, sizes: Sequence[int], wanted: Tensor) -> Tensor:
    """What the choice of the right one costs, a mean over the groups that have one."""
    costs = []
    first = 0
    for size in sizes:
        if size > 1 and wanted[first] > 0:
            costs.append(-answers[first : first + size].log_softmax(0)[0])
        first += size
    return torch.stack(costs).mean() if costs else answers.sum() * 0
