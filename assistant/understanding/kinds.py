"""What kind of answer a question wants, told by labelled example questions and the embedding."""

import hashlib
import json
import logging
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from index.languages.detection import detect_language
from index.lexicon import folded, without_names
from index.models.embedding import Embedding
from index.models.loading import load_own_embedding
from index.packaged import part_of_program

EXAMPLES = Path(__file__).parent / "examples"
FITTED = Path(__file__).parent / "fitted"
FACT, TALK, COLLECTION = "fact", "talk", "collection"
# Of these no sentence is searched for: whoever is taken for asking so by mistake gets nothing of what was asked.
UNSEARCHED, SURE = (COLLECTION, TALK), 0.5
WORDS_ALONE = "words"  # fitted without an embedding
# Another kind must be so much likelier than a single fact. With EmbeddingGemma 94 % of 220 questions in eleven
# languages are told rightly so, and with e5 87 %; without a margin hardly more, and thrice as many single facts are
# mistaken. The words alone tell less, and of an odd question nothing.
MARGIN, MARGIN_OF_WORDS = 0.1, 0.5
# What the words are worth beside the vector, and how the fit is held back.
VECTOR_WEIGHT, WORD_WEIGHT, RESTRAINT = 5.0, 4.0, 3e-3
STEPS, PACE = 300, 0.1
SEEN = 2  # a word of fewer examples tells nothing
COMMON = 6  # a word of the examples of so many kinds is about nothing
TELLING = 0.7  # of the examples with a word, so many must be of a kind for it to tell that

logger = logging.getLogger(__name__)

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and the kind that it is labelled with; its names are taken out."""

    question: str
    kind: str


@dataclass(frozen=True, slots=True)
class Recogniser:
    """A fitted choice among kinds: `weights`, one row a feature, over the vector and the words of a question."""

    kinds: tuple[str, ...]
    words: tuple[str, ...]
    middle: Matrix
    weights: Matrix

    def shares(self, question: str, embedding: Embedding) -> dict[str, float]:
        """How likely each kind is, together 1."""
        asked = without_names(question, detect_language(question, default="en"))
        vectors = embedding.embed_kinds([asked]) if len(self.middle) else _no_vectors(1)
        features = _features([asked], vectors, self.words, self.middle)
        values = (features @ self.weights)[0]
        shares = np.exp(values - values.max())
        return dict(zip(self.kinds, (shares / shares.sum()).tolist(), strict=True))

    def recognised(self, question: str, embedding: Embedding) -> tuple[str, float]:
        """The kind that is likeliest by a margin, else FACT; of the collection's, what it asks of the collection.

        Beside it, by how much it is likelier than a single fact; 1 for that.
        """
        shares = self.shares(question, embedding)
        if not telling_words(COLLECTION) & set(_words(question)):
            # Who says nothing of articles does not ask which is the newest of them, or from when they are.
            shares = {kind: share for kind, share in shares.items() if not kind.startswith(f"{COLLECTION} ")}
        whole: Counter[str] = Counter()
        for kind, share in shares.items():
            whole[kind.partition(" ")[0]] += share  # type: ignore[assignment]
        if without_names(question, detect_language(question, default="en")) != question:
            whole.pop(TALK, None)  # who names somebody asks about the articles
        for kind in UNSEARCHED:
            if whole[kind] < SURE:
                del whole[kind]
        best = max(whole, key=lambda kind: whole[kind])
        lead = whole[best] - whole[FACT]
        if lead < (MARGIN if len(self.middle) else MARGIN_OF_WORDS):
            return FACT, 1.0
        return max((kind for kind in shares if kind.partition(" ")[0] == best), key=lambda kind: shares[kind]), lead


def examples() -> tuple[Labelled, ...]:
    """The labelled questions of every language."""
    found = []
    for path in sorted(EXAMPLES.glob("*.toml")):
        with part_of_program(path) as labelled:
            for kind, questions in labelled.items():
                found += [Labelled(without_names(question, path.stem), kind) for question in questions]
    return tuple(found)


@lru_cache
def greeting_languages() -> Mapping[str, frozenset[str]]:
    """What people say who ask nothing, folded and without marks, to the languages that have it among their examples."""
    found: dict[str, set[str]] = {}
    for path in sorted(EXAMPLES.glob("*.toml")):
        with part_of_program(path) as labelled:
            for said in labelled.get(TALK, ()):
                found.setdefault(" ".join(_words(said)), set()).add(path.stem)
    return {said: frozenset(codes) for said, codes in found.items()}


def greeted_in(text: str) -> frozenset[str]:
    """The languages in which the whole text is a word of greeting, of thanks and the like; none for any other."""
    return greeting_languages().get(" ".join(_words(text)), frozenset())


@lru_cache
def usual_words(kind: str, seen: int = SEEN) -> frozenset[str]:
    """The words, folded, of more than one example of a kind, or `seen`: they say what is asked and not about what."""
    counted = Counter(word for one in examples() if one.kind.startswith(kind) for word in set(_words(one.question)))
    return frozenset(word for word, count in counted.items() if count >= seen)


@lru_cache
def common_words() -> frozenset[str]:
    """The words, folded, of the examples of many kinds: they stand in questions about whatever."""
    kinds: dict[str, set[str]] = {}
    for one in examples():
        for word in _words(one.question):
            kinds.setdefault(word, set()).add(one.kind.partition(" ")[0])
    return frozenset(word for word, held in kinds.items() if len(held) >= COMMON)


@lru_cache
def telling_words(kind: str) -> frozenset[str]:
    """The words, folded, of several examples that are mostly of the kind."""
    own, every = Counter[str](), Counter[str]()
    for one in examples():
        words = set(_words(one.question))
        every.update(words)
        own.update(words if one.kind.startswith(kind) else ())
    return frozenset(word for word, count in own.items() if count >= SEEN and count >= TELLING * every[word])


@lru_cache
def opening_words(kind: str) -> frozenset[str]:
    """The words that open more than one example of a kind."""
    counted = Counter(words[0] for one in examples() if one.kind == kind and (words := _words(one.question)))
    return frozenset(word for word, count in counted.items() if count >= SEEN)


def recogniser(embedding: Embedding, among: Sequence[Labelled] = (), prefix: str = "") -> Recogniser:
    """The one fitted to the embedding, kept with the program for its own ones; for any other that of the words alone.

    One fitted to examples that have changed since is none. It tells what `among` the examples are labelled with, by
    default kinds, and is kept under its name after the `prefix`.
    """
    every = among or examples()
    for name in (embedding.model_name, WORDS_ALONE):
        kept = FITTED / f"{prefix}{name}.npz"
        if kept.is_file():
            try:
                with np.load(kept) as stored:
                    if str(stored["of"]) == fingerprint(every) and len(stored["middle"]) in (0, embedding.dimension):
                        middle, weights = (stored[part].astype(np.float32) for part in ("middle", "weights"))
                        read = Recogniser(tuple(stored["kinds"]), tuple(stored["words"]), middle, weights)
                        if set(read.kinds) != {one.kind for one in every} or not _fits(read):
                            raise ValueError("its tables do not fit together")
                        return read
            except (OSError, ValueError, KeyError, TypeError, EOFError, MemoryError, BadZipFile, zlib.error) as error:
                logger.warning("What was fitted to %s is damaged, and fitted anew: %r", name, error)
    return fit(None, every)


def _fits(read: Recogniser) -> bool:
    """Whether it has a number for each of its features and kinds."""
    feature_count = len(read.middle) + len(read.words) + 1
    is_whole = read.weights.shape == (feature_count, len(read.kinds)) and read.middle.ndim == 1
    return is_whole and bool(np.isfinite(read.weights).all() and np.isfinite(read.middle).all())


def fit(embedding: Embedding | None, every: Sequence[Labelled]) -> Recogniser:
    """A regularised logistic regression over all examples, without an embedding over their words alone."""
    questions = [one.question for one in every]
    vectors = embedding.embed_kinds(questions) if embedding else _no_vectors(len(every))
    kinds = tuple(sorted({one.kind for one in every}))
    counted = Counter(word for one in every for word in _runs(one.question))
    words = tuple(sorted(word for word, count in counted.items() if count >= SEEN))
    middle = vectors.mean(axis=0)
    features = _features(questions, vectors, words, middle)
    labels = np.array([kinds.index(one.kind) for one in every])
    return Recogniser(kinds, words, middle, _regression(features, labels, len(kinds)))


def _no_vectors(count: int) -> Matrix:
    return np.zeros((count, 0), dtype=np.float32)


def _regression(features: Matrix, labels: npt.NDArray[np.intp], count: int) -> Matrix:
    """Weights, shape (features, kinds), by gradient descent with momentum; every kind counts the same (Adam)."""
    told = np.eye(count, dtype=np.float32)[labels]
    worth = (1 / np.bincount(labels, minlength=count))[labels][:, None].astype(np.float32) / count
    weights = np.zeros((features.shape[1], count), dtype=np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for turn in range(1, STEPS + 1):
        values = features @ weights
        shares = np.exp(values - values.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = features.T @ ((shares - told) * worth) + RESTRAINT * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        weights -= PACE * (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.999**turn)) + 1e-8)
    return weights


def _features(questions: Sequence[str], vectors: Matrix, words: Sequence[str], middle: Matrix) -> Matrix:
    """One row a question: its vector, its words, and a 1."""
    place = {word: number for number, word in enumerate(words)}
    worded = np.zeros((len(questions), len(words)), dtype=np.float32)
    for row, question in enumerate(questions):
        known = [place[word] for word in _runs(question) if word in place]
        if known:
            worded[row, known] = WORD_WEIGHT / np.sqrt(len(known))
    ones = np.ones((len(questions), 1), dtype=np.float32)
    return np.hstack([(vectors - middle) * VECTOR_WEIGHT, worded, ones]).astype(np.float32)


def _words(question: str) -> list[str]:
    return [folded(word) for word in re.findall(r"[^\W\d_]+", question)]


def _runs(question: str) -> frozenset[str]:
    """The words, every two neighbours, and both again where they open the question."""
    words = _words(question)
    pairs = [" ".join(pair) for pair in pairwise(words)]
    return frozenset((*words, *pairs, *(f"^{first}" for first in (*words[:1], *pairs[:1]))))


def fingerprint(every: Sequence[Labelled]) -> str:
    """The same only for the same examples, fitted in the same way."""
    described = [[one.question, one.kind] for one in every]
    numbers = [VECTOR_WEIGHT, WORD_WEIGHT, RESTRAINT, STEPS, PACE, SEEN]
    return hashlib.sha256(json.dumps([described, numbers]).encode()).hexdigest()[:16]


def keep(fitted: Recogniser, name: str, every: Sequence[Labelled]) -> Path:
    """The file, kept with the program, that `recogniser` reads for the examples and the embedding called `name`."""
    FITTED.mkdir(exist_ok=True)
    path = FITTED / f"{name}.npz"
    rows = {"middle": fitted.middle.astype(np.float16), "weights": fitted.weights.astype(np.float16)}
    np.savez_compressed(path, of=fingerprint(every), kinds=fitted.kinds, words=fitted.words, **rows)  # type: ignore[arg-type]
    return path


def fit_anew(names: Iterable[str], every: Sequence[Labelled], prefix: str = "") -> None:
    """Fits the recogniser of each named embedding, and of "words", anew, after the examples have changed."""
    for name in names:
        fitted = fit(None if name == WORDS_ALONE else load_own_embedding(name), every)
        keep(fitted, f"{prefix}{name}", every)


if __name__ == "__main__":
    fit_anew(sys.argv[1:], examples())
