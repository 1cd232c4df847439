"""Groups of text to sequences of tokens as a reader takes them, and those to batches of about equal cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from bench.reader.examples import Candidate, Group

MULTIPLE = 16  # lengths are rounded up to it, so that few shapes are computed
GROUPS_AT_ONCE = 1000
POOL = 256  # groups that are sorted by length together
LONGEST = 176


@dataclass(frozen=True, slots=True)
class Layout:
    """start, question, between, sentences, (between, title,) end: the tokens, and how many of each text are kept."""

    prompt: str
    start: tuple[int, ...]
    between: tuple[int, ...]
    end: tuple[int, ...]
    question: int
    sentences: int
    title: int = 24


LIGHT = Layout("", (0,), (2, 2), (2,), question=48, sentences=150)
# 107 is a line break.
FULL = Layout("task: question answering | query: ", (2,), (107,), (1,), question=60, sentences=200)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A candidate as a reader takes it: the sentences are `ids[first : first + count]`, `spans` first and last tokens
    counted from the beginning; `weight` says how much the answer to "does it answer" counts."""

    ids: npt.NDArray[np.int32]
    first: int
    count: int
    spans: tuple[tuple[int, int], ...]
    weight: float


TokenGroup = tuple[Tokens, ...]
Batch = tuple[TokenGroup, ...]

WEIGHTS = {"person": 2.0, "turned": 0.7, "name": 0.7}  # people know best; rules err at times


def load_tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def tokenise(groups: Sequence[Group], tokenizer: Tokenizer, layout: Layout, longest: int = LONGEST) -> list[TokenGroup]:
    """The groups as tokens, without what is longer; where the words of the right one cannot be marked, without all."""
    made: list[TokenGroup] = []
    for first in range(0, len(groups), GROUPS_AT_ONCE):
        some = groups[first : first + GROUPS_AT_ONCE]
        ones = [one for group in some for one in group]
        questions = tokenizer.encode_batch([layout.prompt + one.question for one in ones], add_special_tokens=False)
        texts = tokenizer.encode_batch([one.text for one in ones], add_special_tokens=False)
        titles = tokenizer.encode_batch([one.title for one in ones], add_special_tokens=False)
        four = zip(ones, questions, texts, titles, strict=True)
        tokens = iter([_tokens(one, question, text, title, layout, longest) for one, question, text, title in four])
        for group in some:
            whole = [next(tokens) for _ in group]
            if whole[0]:
                made.append(tuple(one for one in whole if one))
    return made


def _tokens(
    one: Candidate, question: Encoding, text: Encoding, title: Encoding, layout: Layout, longest: int
) -> Tokens | None:
    """None where none of the spans can be marked, or it is longer."""
    before = [*layout.start, *question.ids[: layout.question], *layout.between]
    sentences = text.ids[: layout.sentences]
    after = [*layout.between, *title.ids[: layout.title]] if title.ids else []
    offsets = text.offsets[: layout.sentences] if one.spans else []
    marked = (_span(offsets, start, end) for start, end in one.spans)
    spans = tuple((len(before) + span[0], len(before) + span[1]) for span in marked if span)
    ids = np.array([*before, *sentences, *after, *layout.end], dtype=np.int32)
    if (one.spans and not spans) or not sentences or len(ids) > longest:
        return None
    return Tokens(ids, len(before), len(sentences), spans, WEIGHTS.get(one.kind, 1.0))


def _span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The first and last token that have characters of start to end."""
    inside = [at for at, (first, last) in enumerate(offsets) if first < end and last > start and last > first]
    return (inside[0], inside[-1]) if inside and offsets[inside[-1]][1] >= end else None


def batches(groups: Sequence[TokenGroup], tokens: int, random: Random) -> list[Batch]:
    """The groups in batches of about so many tokens, padding left out; those of like length together."""
    made: list[Batch] = []
    for first in range(0, len(groups), POOL):
        pool = sorted(groups[first : first + POOL], key=lambda group: max(len(one.ids) for one in group))
        batch: list[TokenGroup] = []
        count = 0
        for group in pool:
            size = sum(len(one.ids) for one in group)
            if batch and count + size > tokens:
                made.append(tuple(batch))
                batch, count = [], 0
            batch.append(group)
            count += size
        made.append(tuple(batch))
    random.shuffle(made)
    return made
