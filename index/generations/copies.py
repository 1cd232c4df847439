"""Articles that are copies of one already indexed, word for word."""

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from index.articles import Article

# MinHash over runs of five words: articles that share one of the bands are compared. Of two with nine runs in ten in
# common, 99.8 % do.
RUN, BANDS, ROWS = 5, 10, 5
# Of a longer text only this much is looked at, and only an identical one is a copy. Of the articles that share a
# band, the newest few are compared: a form letter must not be compared with all the others.
LONGEST, COMPARED = 100_000, 4

Keys = npt.NDArray[np.uint64]

_PRIME = np.uint64((1 << 31) - 1)
_FACTORS, _OFFSETS = np.random.default_rng(0).integers(1, int(_PRIME), (2, BANDS * ROWS, 1)).astype(np.uint64)
_ENDS = re.compile(r"(?<=[?？؟])(?=\W|$)|[.!…。！।]+(?=\W|$)|[。！]+|\n")
# A sign before a number, of money or of a share, and the sign of a question tell as much as a word.
_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|(?<!\w)[-−](?=\d)|[%‰?？؟$€£¥₴₽₹+]|"
    r"[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+"
)


# The marks of a sentence that are none of its words: brackets, quotes and points, by Unicode's categories.
_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po")


@dataclass(frozen=True, slots=True)
class Decision:
    """Of which article another is a copy, None if of none, and which it was compared with to tell; by number."""

    original: int | None = None
    compared: tuple[int, ...] = ()


def decide(
    numbers: Sequence[int], keys: Keys, known: Mapping[int, Decision], text_of: Callable[[int], str]
) -> Iterator[tuple[int, Decision]]:
    """The articles for which the decision is another than the one `known`, or than the usual Decision().

    The articles come in order, with their `keys_of`, shape (n, BANDS): what is a copy of an earlier one is told from
    what comes before it alone. Texts are compared only where the articles to compare with are others than before,
    so that this takes as long as what has changed, and milliseconds for each thousand of the rest.
    """
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    is_shared = (counts[inverse] > 1).reshape(keys.shape)
    earlier: dict[int, list[int]] = {}
    for row, number in enumerate(numbers):
        before = known.get(number, Decision())
        own = keys[row, is_shared[row]].tolist()
        compared = tuple(dict.fromkeys(other for key in own for other in earlier.get(key, ())))
        decision = before
        if compared != before.compared:
            text = text_of(number)
            original = next((other for other in compared if is_copy(text, text_of(other))), None)
            decision = Decision(original, compared)
            yield number, decision
        if decision.original is None:
            for key in own:
                earlier[key] = [*earlier.get(key, ()), number][-COMPARED:]


def is_copy(text: str, original: str) -> bool:
    """Whether both texts have the same sentences, whatever the layout.

    One that holds more is no copy, and none of the other: what was added was never said by that one's outlet.
    """
    if max(len(text), len(original)) > LONGEST:
        return text == original
    sentences = _sentences(text)
    # One word can be the news: "closed" for "opened", or a "not" that is missing.
    return bool(sentences) and sentences == _sentences(original)


def keys_of(article: Article) -> Keys:
    """What the article has in common with its copies of the same day and language: a key for each band, (BANDS,)."""
    hashes = np.array([zlib.crc32(run.encode()) for run in _runs(article.text[:LONGEST])], dtype=np.uint64)
    signature = ((_FACTORS * hashes + _OFFSETS) % _PRIME).min(axis=1)
    keys = (
        hashlib.blake2b(f"{article.published} {article.language} {row} ".encode() + band.tobytes(), digest_size=8)
        for row, band in enumerate(signature.reshape(BANDS, ROWS))
    )
    return np.frombuffer(b"".join(key.digest() for key in keys), dtype="<u8")


def places_in(copy: str, sentences: Sequence[str]) -> list[tuple[int, int] | None]:
    """Where each of the sentences stands in a copy, its marks included, whatever the layout; None where it does not."""
    told = [(found[0].casefold(), *found.span()) for found in _WORD.finditer(copy)]
    line = f" {' '.join(word for word, _, _ in told)} "
    starts = dict(zip(accumulate((len(word) + 1 for word, _, _ in told), initial=0), range(len(told)), strict=False))
    places: list[tuple[int, int] | None] = []
    for sentence in sentences:
        words = words_of(sentence)
        first = starts.get(line.find(f" {' '.join(words)} ")) if words else None
        places.append(None if first is None else _with_marks(copy, told[first][1], told[first + len(words) - 1][2]))
    return places


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The place of some words with what opens before them and ends after them."""
    while start and unicodedata.category(text[start - 1]) in _OPENING:
        start -= 1
    while end < len(text) and unicodedata.category(text[end]) in _CLOSING:
        end += 1
    return start, end


def _sentences(text: str) -> frozenset[str]:
    return frozenset(" ".join(words_of(part)) for part in _ENDS.split(text)) - {""}


def words_of(text: str) -> list[str]:
    """The words of a text and the signs that tell something, in order, in small letters."""
    # A character of Chinese, Japanese or Thai is a word here: they are written without spaces.
    return [word.casefold() for word in _WORD.findall(text)]


def _runs(text: str) -> frozenset[str]:
    words = words_of(text)
    return frozenset(" ".join(words[first : first + RUN]) for first in range(max(1, len(words) - RUN + 1)))
