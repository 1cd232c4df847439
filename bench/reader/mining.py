"""For each question the sentences that share most with it and yet are not its answer: they look as if they were.

Words weigh by how rare they are; a word is its first letters, and where no spaces part words, each pair of letters.
It takes a minute for 60,000 questions, and finds what shares names with the question rather than what means the same.
"""

import logging
import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from bench.reader.changes import words_of
from bench.reader.rows import Row, Rows

log = logging.getLogger(__name__)

NEAREST = 10
STEM = 6  # letters of a word that count
RARE, COMMONEST = 50, 0.02  # words in more sentences than both, the second a share of all, tell nothing
QUESTIONS_AT_ONCE = 256
TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mined:
    """Sentences are counted through all passages: `firsts[p]` is the number of the first of passage p.

    `nearest[row]` are numbers of sentences of other passages in the passage's language, nearest first, -1 for none;
    `own[row]` the sentences of its own passage, nearest first, counted from 0 within it.
    """

    firsts: npt.NDArray[np.int64]
    nearest: npt.NDArray[np.int32]
    own: list[npt.NDArray[np.int16]]


def mine(rows: Rows) -> Mined:
    """What is nearest to each row's question."""
    firsts = np.concatenate([[0], np.cumsum([len(passage.sentences) for passage in rows.passages])])
    mined = Mined(
        firsts, np.full((len(rows.rows), NEAREST), -1, dtype=np.int32), [np.zeros(0, np.int16)] * len(rows.rows)
    )
    by_language: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows.rows):
        by_language[rows.passages[row.passage].language].append(number)
    for language, numbers in by_language.items():
        _mine_language(rows, language, numbers, mined)
        log.info("mined %s: %d questions", language, len(numbers))
    return mined


def _mine_language(rows: Rows, language: str, numbers: list[int], mined: Mined) -> None:
    """Fill in the rows `numbers`, all of passages in the language."""
    pool = _Pool(rows, language, mined.firsts)
    for first in range(0, len(numbers), QUESTIONS_AT_ONCE):
        some = numbers[first : first + QUESTIONS_AT_ONCE]
        shared = pool.shared([_sought(rows, rows.rows[number]) for number in some])
        for number, line in zip(some, shared, strict=True):
            own = pool.places(rows.rows[number].passage)
            mined.own[number] = np.argsort(-line[own], kind="stable").astype(np.int16)
            line[own] = 0
            best = np.argpartition(-line, min(NEAREST, len(line) - 1))[:NEAREST]
            best = best[line[best] > 0]
            mined.nearest[number, : len(best)] = pool.sentences[best[np.argsort(-line[best], kind="stable")]]


class _Pool:
    """The sentences of all passages in a language, by their words."""

    def __init__(self, rows: Rows, language: str, firsts: npt.NDArray[np.int64]) -> None:
        passages = [number for number, passage in enumerate(rows.passages) if passage.language == language]
        counts = [len(rows.passages[number].sentences) for number in passages]
        ends = np.cumsum(counts).tolist()
        self._places = {p: slice(end - n, end) for p, n, end in zip(passages, counts, ends, strict=True)}
        self.sentences = np.concatenate([np.arange(firsts[p], firsts[p + 1]) for p in passages])
        texts = [p.text[s.start : s.end] for p in map(rows.passages.__getitem__, passages) for s in p.sentences]
        self._weigh = TfidfVectorizer(
            analyzer=_beginnings if words_of(language).spaces else _letter_pairs,
            max_df=max(RARE, int(COMMONEST * len(texts))),
            sublinear_tf=True,
            dtype=np.float32,
        )
        self._written = self._weigh.fit_transform(texts).T.tocsr()

    def places(self, passage: int) -> slice:
        """Where the passage's sentences are among those of the pool."""
        return self._places[passage]

    def shared(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """How much each text shares with each sentence, shape (texts, sentences)."""
        shared: npt.NDArray[np.float32] = (self._weigh.transform(texts) @ self._written).toarray()
        return shared


def _sought(rows: Rows, row: Row) -> str:
    """The question; asked in another language, what stands around the words that answer."""
    passage = rows.passages[row.passage]
    if row.language == passage.language or not row.spans:
        return row.question
    start, end = row.spans[0]
    return passage.text[max(0, start - 80) : end + 80]


def _beginnings(text: str) -> list[str]:
    return [word[:STEM] for word in TOKEN.findall(text.lower())]


def _letter_pairs(text: str) -> list[str]:
    return [word[at : at + 2] for word in TOKEN.findall(text) for at in range(max(1, len(word) - 1))]
