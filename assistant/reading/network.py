"""The reader's model as OpenVINO runs it: a question and sentences to the words that answer, and whether they do."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from index.models.compiling import compiled
from index.models.tokens import load_tokens

Logits = npt.NDArray[np.float32]
Spans = Sequence[tuple[int, int]]  # first character and the one after the last

# Of a sentence so many characters are read at most, and so many tokens at once; more of it in as many windows, which
# share the last tokens of the one before.
CHARACTERS, MOST_WINDOWS, SHARED_TOKENS = 4_000, 4, 40
LONGEST_ANSWER = 40  # tokens
# Tokens in one batch, padding included, which may make it so many times as long; lengths are rounded up, so that few
# shapes have to be prepared. Twenty sentences are a quarter fewer tokens so than in one batch.
BATCH_TOKENS, MOST_PADDING, MULTIPLE = 768, 1.15, 8
FIRST_ROWS = 5  # are read before the others
# A question's last characters hold all of its tokens that are read.
QUESTION_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Layout:
    """How a reader takes its texts: the question, behind a prompt, the sentence, and its article's title, if any."""

    prompt: str
    begin: str
    between: str
    end: str
    question_tokens: int
    sentence_tokens: int
    title_tokens: int = 24


LAYOUTS = {
    "full": Layout("task: question answering | query: ", "<bos>", "\n", "<eos>", 60, 200),
    "light": Layout("", "<s>", "</s></s>", "</s>", 48, 200),
}


@dataclass(frozen=True, slots=True)
class TokenRow:
    """What the model reads at once: the sentence's tokens are `ids[first : first + count]`, `offsets` where they stand
    in the sentence."""

    ids: tuple[int, ...]
    first: int
    count: int
    offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a sentence are the likeliest to answer, by that share among all of its words.

    `answerable` are the log-odds that the sentence answers at all; `among` tells of each of the characters that were
    named how likely the answer is to begin and to end in them.
    """

    start: int
    end: int
    likelihood: float
    answerable: float
    among: tuple[float, ...] = ()

    @property
    def sureness(self) -> float:
        """How surely these words answer: what the windows of one sentence are compared by."""
        return self.answerable + float(np.log(max(self.likelihood, 1e-6)))


class Network:
    """A conversion, compiled for the first sentences; safe to use from several threads at once."""

    def __init__(self, folder: Path, precision: str) -> None:
        self._folder = folder
        self._precision = precision
        self.kind: str = json.loads((folder / "reader.json").read_text(encoding="utf-8"))["reader"]
        self.name = f"{self.kind} {folder.name.rpartition('-')[2][:8]}"
        self._layout = LAYOUTS[self.kind]
        self._tokens = load_tokens(folder)
        self._compiling = Lock()
        layout = self._layout
        parts = (layout.begin, layout.between, layout.end, layout.prompt, "<pad>")
        self._begin, self._between, self._end, self._prompt, padding = (
            tuple(self._tokens.numbers(one, True)) for one in parts
        )
        [self._padding] = padding

    @cached_property
    def _model(self) -> Any:
        return compiled(self._folder, self._precision)

    def marks(
        self,
        question: str,
        sentences: Sequence[str],
        titles: Sequence[str] = (),
        never: Sequence[Spans] = (),
        seconds: float = float("inf"),
        among: Sequence[Spans] = (),
    ) -> dict[int, Mark]:
        """The likeliest words of each sentence, by its number; those are left out that were not read in time.

        `titles` are their articles', "" for none; `never` are the characters of each sentence that answer no such
        question, and `among` those of which `Mark.among` tells. The first sentences are read first. None of a sentence
        without any word.
        """
        limit = time.monotonic() + seconds
        asked = self._question(question)
        afters = [self._after(title) for title in titles or [""] * len(sentences)]
        windows = (self._windows(asked, sentence, after) for sentence, after in zip(sentences, afters, strict=True))
        rows = [(number, row) for number, some in enumerate(windows) for row in some]
        found: dict[int, Mark] = {}
        for batch in _batches(rows):
            if found and time.monotonic() > limit:
                break
            logits = self.logits([row for _, row in batch])
            for place, (number, row) in enumerate(batch):
                starts, ends, answers = (one[place] for one in logits)
                named = among[number] if among else ()
                mark = _mark(starts, ends, float(answers), row, never[number] if never else (), named)
                if number not in found or mark.sureness > found[number].sureness:
                    found[number] = mark
        return dict(sorted(found.items()))

    def rows(self, question: str, sentence: str, title: str = "") -> list[TokenRow]:
        """What the model reads of the sentence: one row, of a long one several, of an empty one none."""
        return self._windows(self._question(question), sentence, self._after(title))

    def logits(self, rows: Sequence[TokenRow]) -> tuple[Logits, Logits, Logits]:
        """Of each token to be the first or the last that answers, shape (n, length), and of answering, shape (n,)."""
        with self._compiling:
            model = self._model
        tensors = self.tensors(rows, self._padding)
        made = model.create_infer_request().infer(tensors)
        starts, ends, answers = (np.array(made[number], dtype=np.float32) for number in range(3))
        return starts, ends, answers

    @staticmethod
    def tensors(rows: Sequence[TokenRow], padding: int) -> tuple[npt.NDArray[np.int64], ...]:
        """The rows' tokens, which of them are real, and which are the sentence's; each of shape (n, length)."""
        longest = max(len(row.ids) for row in rows)
        ids = np.full((len(rows), -(-longest // MULTIPLE) * MULTIPLE), padding, dtype=np.int64)
        real, inside = np.zeros_like(ids), np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row.ids)] = row.ids
            real[place, : len(row.ids)] = 1
            inside[place, row.first : row.first + row.count] = 1
        return ids, real, inside

    def _question(self, question: str) -> tuple[int, ...]:
        """The tokens before a sentence: of a long question its end, as search reads it."""
        room = self._layout.question_tokens - len(self._prompt)
        words = self._tokens.numbers(_plain(question[-QUESTION_CHARACTERS:]))[-room:]
        return (*self._begin, *self._prompt, *words, *self._between)

    def _after(self, title: str) -> tuple[int, ...]:
        """The tokens after a sentence: the beginning of its article's title, and the end."""
        words = self._tokens.numbers(_plain(title[:CHARACTERS]))[: self._layout.title_tokens]
        return (*self._between, *words, *self._end) if words else self._end

    def _windows(self, asked: tuple[int, ...], sentence: str, after: tuple[int, ...]) -> list[TokenRow]:
        tokens, places = self._tokens.placed(_plain(sentence[:CHARACTERS]))
        size = self._layout.sentence_tokens
        rows = []
        for first in range(0, len(tokens), size - SHARED_TOKENS)[:MOST_WINDOWS]:
            ids, offsets = tokens[first : first + size], places[first : first + size]
            rows.append(TokenRow((*asked, *ids, *after), len(asked), len(ids), tuple(offsets)))
            if first + size >= len(tokens):
                break
        return rows


def _plain(text: str) -> str:
    """The text, character for character, without halves of one that no tokenizer takes."""
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)


def _batches(rows: Sequence[tuple[int, TokenRow]]) -> Iterator[list[tuple[int, TokenRow]]]:
    """The first rows before the others; of each those of like length together, so that little is padding."""
    for some in (rows[:FIRST_ROWS], rows[FIRST_ROWS:]):
        batch: list[tuple[int, TokenRow]] = []
        tokens = 0
        for one in sorted(some, key=lambda numbered: len(numbered[1].ids)):
            own = len(one[1].ids)
            padded = (len(batch) + 1) * own
            if batch and (padded > BATCH_TOKENS or padded > MOST_PADDING * (tokens + own)):
                yield batch
                batch, tokens = [], 0
            batch.append(one)
            tokens += own
        if batch:
            yield batch


def _mark(starts: Logits, ends: Logits, answerable: float, row: TokenRow, never: Spans, among: Spans) -> Mark:
    """The likeliest first and last token, at most LONGEST_ANSWER apart, as characters of the sentence."""
    inside = slice(row.first, row.first + row.count)
    first_shares, last_shares = _shares(starts[inside]), _shares(ends[inside])
    products = np.triu(np.outer(first_shares, last_shares))
    products -= np.triu(products, LONGEST_ANSWER)
    ruled_out = [any(_touches(place, one) for one in never) for place in row.offsets]
    if not all(ruled_out):
        before = np.concatenate([[0], np.cumsum(ruled_out)])  # how many of the tokens before each
        products *= before[None, 1:] == before[:-1, None]
    first, last = divmod(int(products.argmax()), row.count)
    likelihood = float(products[first, last])
    touched = [[_touches(place, one) for place in row.offsets] for one in among]
    held = tuple(float(first_shares[some].sum() * last_shares[some].sum()) for some in touched)
    end = max(row.offsets[last][1], row.offsets[first][1])
    return Mark(row.offsets[first][0], end, likelihood, answerable, held)


def _touches(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _shares(logits: Logits) -> Logits:
    """Softmax."""
    raised = np.exp(logits - logits.max())
    shares: Logits = raised / raised.sum()
    return shares
