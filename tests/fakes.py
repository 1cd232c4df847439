"""What stands in for models: an embedding that hashes words, and an answerer that says what it was given."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from assistant.answers import Draft, Piece, Span, Written
from assistant.reading.findings import Finding
from assistant.reading.rules import RuleReader
from index.hits import Hit
from index.models.embedding import Embedding
from index.vectors import Vectors


class HashingEncoder:
    """Each word a direction picked by its hash: texts are similar as far as they share words."""

    dimension = 256
    prompts: dict[str, str] = {}  # noqa: RUF012 - as every encoder has them

    def count_tokens(self, text: str) -> int:
        """One for each word."""
        return len(text.split())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (n, d)."""
        vectors = np.full((len(texts), self.dimension), 1e-6, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                vectors[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


class HashingEmbedding(Embedding):
    """The real embedding over the fake encoder."""

    def __init__(self, name: str = "hashing") -> None:
        super().__init__(HashingEncoder(), name, "hashing")


class SureReader(RuleReader):
    """Reads by rules, and is never in doubt."""

    def read(self, question: str, language: str, hits: Sequence[Hit], every: bool = True) -> tuple[Finding, ...]:
        return tuple(replace(one, doubt=None) for one in super().read(question, language, hits, every))


class WithoutTranslation:
    """What an answerer does that translates nothing."""

    def translate(self, sentence: str, language: str) -> Iterator[Piece]:
        """Nothing."""
        return iter(())


class ScriptedAnswerer(WithoutTranslation):
    """Says what it was given; the span is the first hit's first word."""

    name = "scripted"

    def __init__(self, *sentences: str, answered: bool = True, confidence: float = 1.0) -> None:
        self.sentences = sentences
        self.answered = answered
        self.confidence = confidence
        self.asked: list[str] = []
        self.languages: list[tuple[str, str]] = []

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        self.asked.append(question)
        self.languages.append((language, answer_language))
        yield from map(Written, self.sentences)
        best = findings[0].hit
        start = best.sentence.start
        span = Span(best, start, start + len(best.text.split()[0]))
        reason = "" if self.answered else "The articles do not say."
        yield Draft(self.answered, reason, span, self.sentences, self.confidence)


def embedding() -> HashingEmbedding:
    """The fake embedding, as what rebuilds loads it."""
    return HashingEmbedding()


def remember_embedded(embedding: HashingEmbedding) -> list[str]:
    """The texts that it embeds from now on."""
    embedded: list[str] = []
    encode = embedding._encoder.encode

    def remembering(texts: Sequence[str]) -> Vectors:
        embedded.extend(texts)
        return encode(texts)

    object.__setattr__(embedding._encoder, "encode", remembering)
    return embedded
