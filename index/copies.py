"""Articles that are copies of one already indexed, word for word or nearly."""

import re
import zlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from index.articles import Article

# A copy has so many of its runs of five words in the other article. Neither a number nor a name may be lost with it.
COPIED_SHARE, RUN = 0.9, 5
# MinHash: articles that share one of the bands are compared. Of two with nine runs in ten in common, 99.8 % do.
BANDS, ROWS = 10, 5
# Of a longer text only this much is looked at, and only an identical one is a copy. Of the articles that share a
# band, the newest few are compared: a form letter must not be compared with all the others.
LONGEST, COMPARED = 100_000, 4

_PRIME = np.uint64((1 << 31) - 1)
_FACTORS, _OFFSETS = np.random.default_rng(0).integers(1, int(_PRIME), (2, BANDS * ROWS, 1)).astype(np.uint64)


class Copies:
    """The articles so far, by what tells a copy; a few hundred bytes each."""

    def __init__(self, text_of: Callable[[int], str]) -> None:
        self._text_of = text_of
        self._numbers: dict[tuple[object, ...], list[int]] = {}

    def original(self, article: Article) -> int | None:
        """The number of the article that this one is a copy of, of the same day and language."""
        numbers = dict.fromkeys(number for key in _keys(article) for number in self._numbers.get(key, ()))
        return next((number for number in numbers if is_copy(article.text, self._text_of(number))), None)

    def add(self, article: Article, number: int) -> None:
        """Remember an article that is indexed under this number."""
        for key in _keys(article):
            numbers = self._numbers.setdefault(key, [])
            numbers[:] = [*numbers, number][-COMPARED:]


def is_copy(text: str, original: str) -> bool:
    """Whether leaving out `text` loses next to nothing that `original` does not say."""
    if max(len(text), len(original)) > LONGEST:
        return text == original
    words, others = _words(text), _words(original)
    runs = _runs(words)
    if len(runs & _runs(others)) < COPIED_SHARE * len(runs):
        return False
    lost = {word.casefold() for word in words} - {word.casefold() for word in others}
    return not any(word[0].isdigit() or word[0].isupper() for word in words if word.casefold() in lost)


def _words(text: str) -> list[str]:
    # A character of Chinese, Japanese or Thai is a word here: they are written without spaces.
    return re.findall(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+", text)


def _runs(words: list[str]) -> frozenset[str]:
    low = [word.casefold() for word in words]
    return frozenset(" ".join(low[first : first + RUN]) for first in range(max(1, len(low) - RUN + 1)))


def _keys(article: Article) -> list[tuple[object, ...]]:
    """What the article has in common with its copies: one key for each band of its MinHash signature."""
    hashes = np.array([zlib.crc32(run.encode()) for run in _runs(_words(article.text[:LONGEST]))], dtype=np.uint64)
    signature: npt.NDArray[np.uint64] = ((_FACTORS * hashes + _OFFSETS) % _PRIME).min(axis=1)
    bands = signature.reshape(BANDS, ROWS)
    return [(article.published, article.language, row, hash(band.tobytes())) for row, band in enumerate(bands)]
