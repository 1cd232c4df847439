"""Halves in words: "two and a half million", "anderthalb", "mezzo milione", "полмиллиона", and one of a multiple."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from assistant.facts.number_words import read_number
from assistant.facts.pieces import Phrases, TextPiece, key_of
from index.languages.words import Words, language

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Fraction:
    """So many pieces say the value, up to `end`: within the last piece where a multiple is written with it as one."""

    pieces: int
    end: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class _Words:
    halves: Phrases[bool]
    endings: Words
    fractions: Phrases[Decimal]
    beginnings: tuple[tuple[str, Decimal], ...]
    alone: frozenset[str]


def fraction_at(pieces: list[TextPiece], place: int, code: str, multiples: Phrases[int]) -> Fraction | None:
    """The number with a half that begins at the piece, or what one of a multiple has before it; None when neither."""
    words, piece = _words(language(code).code), pieces[place]
    if piece.key in words.alone:
        return Fraction(1, piece.start, Decimal(1))
    count, meant = words.fractions.longest(pieces, place)
    if count and (meant[0] > 1 or multiples.longest(pieces, place + count)[0]):
        return Fraction(count, pieces[place + count - 1].end, meant[0])
    for word, value in words.beginnings:
        rest = piece.key.removeprefix(word)
        if rest != piece.key and multiples.longest([TextPiece(rest, 0, 0)], 0)[0]:
            return Fraction(1, piece.start + len(word), value)
    for ending in words.endings:
        stem = piece.key.removesuffix(ending)
        if stem and stem != piece.key and (number := read_number([TextPiece(stem, 0, 0)], 0, code)):
            return Fraction(1, piece.end, number.value + HALF)
    return None


def half_at(pieces: list[TextPiece], place: int, code: str) -> int:
    """How many pieces from there on add a half to the number before them."""
    return _words(language(code).code).halves.longest(pieces, place)[0]


@cache
def _words(code: str) -> _Words:
    numbers = language(code).numbers
    halves: Phrases[bool] = Phrases()
    halves.add_all(numbers.half, True)
    fractions: Phrases[Decimal] = Phrases()
    for value, words in numbers.fractions.items():
        fractions.add_all(words, Decimal(value))
    # A sign of Chinese is a number of its own, whatever follows.
    ones = [] if numbers.ten_multiplies else [word for forms in numbers.cardinals[1:2] for word in forms]
    beginnings = [(word, Decimal(1)) for word in ones]
    beginnings += [(word, HALF) for word in numbers.fractions.get("0.5", ()) if " " not in word]
    return _Words(
        halves,
        tuple(map(key_of, numbers.half_ending)),
        fractions,
        tuple((key_of(word), value) for word, value in beginnings),
        frozenset(map(key_of, numbers.alone)),
    )
