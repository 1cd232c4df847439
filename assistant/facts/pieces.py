"""A text in pieces, words, numbers and marks, and the phrases of a language found in it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from index.languages.scripts import CAPITALS, HANGUL, SMALL, SPACELESS
from index.lexicon import folded

# Marks that belong to the letter before them: accents, the vowels of Arabic, Hebrew and Hindi, a joiner of Persian.
_MARKS = "\u0300-\u036f\u05b0-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0962\u0963\u200c"
_PIECE = re.compile(
    rf"\d+|[{SPACELESS}{HANGUL}]|(?:[^\W\d_{SPACELESS}{HANGUL}]|[{_MARKS}])+|\n|[^\w\s]|_",
)
_APOSTROPHES = str.maketrans("’ʼ`‘´", "'''''")

# Words that begin with one capital letter, one after the other, in any script that has them; no abbreviations.
CAPITALISED = rf"\b(?![^\W\d_{SMALL}]{{2}})[{CAPITALS}][^\W\d_]*"
NAME = rf"{CAPITALISED}(?:[\s'’-]+{CAPITALISED})*"
# Words that begin with the same so many letters are forms of one word.
BEGINNING = 5
Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Characters `start` to `end` of a text; `key` is what they are compared by."""

    key: str
    start: int
    end: int


def word_beginnings(text: str) -> frozenset[str]:
    """How the longer words of the text begin, whatever their endings and accents."""
    return frozenset(folded(word)[:BEGINNING] for word in re.findall(r"[^\W\d_]{4,}", text))


def pieces_of(text: str) -> list[TextPiece]:
    """The words, numbers and marks of the text; of a script without spaces every character is one."""
    # In some fonts an apostrophe is a letter.
    return [TextPiece(key_of(found[0]), *found.span()) for found in _PIECE.finditer(text.translate(_APOSTROPHES))]


def key_of(word: str) -> str:
    """The word in lower case, whichever apostrophe or way to compose an accent it is written with."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word.translate(_APOSTROPHES)).casefold()


@dataclass(slots=True)
class Phrases(Generic[Meaning]):
    """Phrases and what each may mean, looked up piece by piece."""

    _next: dict[str, "Phrases[Meaning]"] = field(default_factory=dict)
    meanings: dict[Meaning, None] = field(default_factory=dict)

    def add(self, phrase: str, meaning: Meaning) -> None:
        """Enter a phrase; it may already have other meanings."""
        node = self
        for piece in pieces_of(phrase):
            node = node._next.setdefault(piece.key, Phrases())
        if node is not self:
            node.meanings[meaning] = None

    def add_all(self, phrases: Iterable[str], meaning: Meaning) -> None:
        """Enter each of the phrases with the meaning."""
        for phrase in phrases:
            self.add(phrase, meaning)

    def begins(self, key: str) -> bool:
        """Whether a phrase begins with the piece."""
        return key in self._next

    def longest(self, pieces: list[TextPiece], start: int) -> tuple[int, tuple[Meaning, ...]]:
        """How many pieces from `start` on the longest phrase has, and what it may mean; 0 for none."""
        node: Phrases[Meaning] | None = self
        best: tuple[int, tuple[Meaning, ...]] = (0, ())
        for place in range(start, len(pieces)):
            node = node._next.get(pieces[place].key) if node else None
            if node is None:
                break
            if node.meanings:
                best = (place - start + 1, tuple(node.meanings))
        return best
