"""One way to run an embedding model, tried: `python -m index.models.trial WAY FOLDER REFERENCE SLOWEST`.

FOLDER is torch's model, or its conversion. The vectors of ordinary texts are written to the file REFERENCE by torch,
and held to it otherwise. The last line that is printed is a Trial as JSON. A way that runs fewer than SLOWEST tokens a
second is given up.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from pathlib import Path

import numpy as np

from index.errors import UserError
from index.models.embedding import AGREEMENT, Embedding, Encoder, OpenVINOEncoder, TorchEncoder
from index.models.processor import cores
from index.vectors import Vectors

ORDINARY_TEXTS = Path(__file__).with_name("ordinary_texts.json")
# Of the passages nearest to each question so many are compared, and such a share must be the same.
NEAREST = 5
SAME_NEIGHBOURS = 0.95
# At first a few short texts at a time: a way that is far too slow is given up soon.
TEXTS_AT_FIRST = 8
ROUNDS, ROUND_SECONDS = 3, 10
# Of the processor, for the first texts.
GRACE_SECONDS = 5


def ordinary_texts() -> list[str]:
    """Passages and questions of several lengths in many scripts."""
    told = json.loads(ORDINARY_TEXTS.read_text(encoding="utf-8"))
    return [*told["passages"], *told["questions"]]


class TooSlow(Exception):
    """A way takes much longer than torch."""


def attempt(encoder: Encoder, way: str, reference: Path, slowest: float) -> dict[str, object]:
    """The fields of the way's Trial."""
    told = json.loads(ORDINARY_TEXTS.read_text(encoding="utf-8"))
    passages, questions = told["passages"], told["questions"]
    document, query = encoder.prompts.get("document", ""), encoder.prompts.get("query", "")
    try:
        vectors = _vectors(
            encoder, [document + text for text in passages] + [query + text for text in questions], slowest
        )
    except TooSlow:
        return {"refusal": f"is slower than torch (under {slowest:,.0f} tokens a second)"}
    if way == "torch":
        np.save(reference, vectors)
    embedding = Embedding(encoder, "tried", way)
    tokens = sum(encoder.count_tokens(document + text) for text in passages)
    spent = _least(partial(embedding.embed_texts, passages))
    asked = min(_seconds(partial(embedding.embed_query, question)) for question in questions)
    measured = {"speed": round(tokens * cores() / spent, 1), "milliseconds": round(1000 * asked, 2)}
    return {**measured, **compared(vectors, np.load(reference), len(questions))}


def compared(vectors: Vectors, right: Vectors, questions: int) -> dict[str, object]:
    """The lowest cosine, the share of the same neighbours, and why the vectors are refused; the last are questions'."""
    if vectors.shape != right.shape:
        return {"refusal": f"gives {vectors.shape[1]} dimensions where torch gives {right.shape[1]}"}
    agreement = float((vectors * right).sum(axis=1).min())
    nearest = [_nearest(some, questions) for some in (vectors, right)]
    same = sum(len(ours & theirs) for ours, theirs in zip(*nearest, strict=True))
    neighbours = same / sum(map(len, nearest[1]))
    told: dict[str, object] = {"agreement": round(agreement, 5), "neighbours": round(neighbours, 4)}
    if not agreement >= AGREEMENT:  # nor when it is no number
        return {**told, "agreement": 0.0, "refusal": f"disagrees with torch (cosine {agreement:.4f})"}
    if neighbours < SAME_NEIGHBOURS:
        return {**told, "refusal": f"finds other neighbours than torch ({1 - neighbours:.1%})"}
    return told


def _nearest(vectors: Vectors, questions: int) -> list[set[int]]:
    passages, asked = vectors[:-questions], vectors[-questions:]
    return [set(np.argsort(-row, kind="stable")[:NEAREST].tolist()) for row in asked @ passages.T]


def _vectors(encoder: Encoder, texts: Sequence[str], slowest: float) -> Vectors:
    """The texts' vectors in their order; raises TooSlow."""
    rows = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    tokens = sum(map(encoder.count_tokens, texts))
    most = GRACE_SECONDS + tokens * cores() / slowest if slowest else inf
    began = time.process_time()
    for batch in (rows[first : first + TEXTS_AT_FIRST] for first in range(0, len(rows), TEXTS_AT_FIRST)):
        vectors[batch] = encoder.encode([texts[row] for row in batch])
        if time.process_time() - began > most:
            raise TooSlow
        if batch[0] == rows[0]:
            began = time.process_time()  # the first texts also pay for compiling
    return vectors


def _least(run: Callable[[], object]) -> float:
    """The processor's seconds for the fastest of a few rounds; a slow way has time for one."""
    rounds = [_processor_seconds(run)]
    while len(rounds) < ROUNDS and sum(rounds) < ROUND_SECONDS:
        rounds.append(_processor_seconds(run))
    return min(rounds)


def _processor_seconds(run: Callable[[], object]) -> float:
    """Of all cores together, so that nothing else that the machine does meanwhile counts."""
    began = time.process_time()
    run()
    return time.process_time() - began


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main(way: str, folder: str, reference: str, slowest: str) -> None:
    """Try the way, and print its Trial."""
    runs, _, precision = way.partition(" ")
    try:
        encoder = TorchEncoder(Path(folder)) if runs == "torch" else OpenVINOEncoder(Path(folder), precision)
        if isinstance(encoder, OpenVINOEncoder) and encoder.runs_in != precision:
            told: dict[str, object] = {"refusal": f"is run in {encoder.runs_in} here"}
        else:
            told = attempt(encoder, way, Path(reference), float(slowest))
    except UserError as error:
        told = {"refusal": str(error)}
    sys.stdout.write(f"\n{json.dumps(told)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
