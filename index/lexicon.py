"""The full-text side of the search: the terms of a text, and what they weigh (stores/full_text.py: who holds them).

Within a language, words are compared by their stems. Across languages only names, numbers and months are:
"Sullivan" and "Салливан" are one term, and so are "January" and "gennaio".
"""

import math
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import Stemmer  # type: ignore[import-not-found]

from index.languages import words as language_words
from index.languages.names import weekdays, whole_months
from index.languages.scripts import SPACELESS

# Rows that one question may make the full-text index rank, rarest terms first: bounds its time whatever the size.
MOST_ROWS = 20_000
# A term of this share of all passages says nothing about any of them.
COMMON = 0.1
RARE_ANYWAY = 200

_WORD = re.compile(rf"\d+|[{SPACELESS}]|[^\W\d_{SPACELESS}]+")

# How a name sounds, roughly, whichever alphabet and spelling: its first letter and its consonants.
_CYRILLIC = str.maketrans(
    dict(zip("абвгґдежзийклмнопрстуфхцчшщыэієїё", "abvggdessiiklmnoprstufhssssieieie", strict=True))
    | {"ю": "u", "я": "a", "ъ": "", "ь": "", "ў": "u"}
)
_SPELLINGS = (
    ("sch", "s"), ("sh", "s"), ("ch", "s"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("dz", "s"), ("tz", "s"),
    ("gh", "g"), ("w", "v"), ("c", "k"), ("q", "k"), ("x", "ks"), ("z", "s"), ("j", ""),
)  # fmt: skip
_SOUND_LENGTH = 3

Fingerprints = npt.NDArray[np.uint32]
WeightedTerms = tuple[Fingerprints, npt.NDArray[np.float64]]  # terms and their weights


def words_of(text: str, language: str) -> frozenset[str]:
    """What can be compared with a text of the same language: stems, numbers, months."""
    stemmer = _stemmer(language)
    found = set()
    for word in _WORD.findall(text):
        if shared := _shared(word):
            found.add(shared)
            continue
        term = folded(stemmer.stemWord(word.casefold()) if stemmer else word)
        if not stemmer and len(term) >= 5:
            # An ending of up to two letters is cut: enough for Ukrainian cases.
            term = term[: max(4, len(term) - 2)]
        if term.isalnum():  # "½", which Python takes for a word, becomes "1⁄2": no single token
            found.add(term)
    return frozenset(found)


def names_of(text: str) -> frozenset[str]:
    """What can be compared with a text of any language: how names sound, numbers, months."""
    # Who writes without capitals, or in nothing else, does not tell names apart.
    tells = text != text.lower() and text != text.upper()
    found = set()
    for word in _WORD.findall(text):
        if shared := _shared(word):
            found.add(shared)
        elif (word[0].isupper() or not tells) and len(sound := sound_of(word)) >= _SOUND_LENGTH and sound.isalnum():
            found.add(f"~{sound}")
    return frozenset(found)


def words_in(text: str) -> Iterator[re.Match[str]]:
    """The places of the words in the text; of a script without spaces, of every character."""
    return _WORD.finditer(text)


def fingerprints(terms: Iterable[str]) -> Fingerprints:
    """The terms as sorted numbers: four bytes each, compared a thousand times faster than the words."""
    return np.array(sorted(zlib.crc32(term.encode()) for term in terms), dtype="<u4")


def without_names(question: str, language: str) -> str:
    """The question without the names in it; the question itself when it has none or little else.

    A language is left as it is that writes every noun with a capital letter.
    """
    if language_words.language(language).writing.nouns_have_capitals:
        return question
    parts = re.findall(r"\w+|\W+", question)
    words = [number for number, part in enumerate(parts) if part[0].isalpha()]
    names = {number for number in words[1:] if parts[number][0].isupper()}
    left = [parts[number] for number in words if number not in names and len(parts[number]) > 3]
    if not names or len(left) < 3 or question == question.upper():
        return question
    return " ".join("".join("" if number in names else part for number, part in enumerate(parts)).split())


def weights(rows: Iterable[tuple[str, int]], passage_count: int) -> dict[str, float]:
    """Each term's inverse document frequency as BM25 has it, from (term, passages that hold it)."""
    return {term: _weight(frequency, passage_count) for term, frequency in rows}


def telling(rows: Iterable[tuple[str, int]], passage_count: int) -> dict[str, int]:
    """The terms worth looking up, rarest first: few enough rows together, none in every tenth passage.

    Each has its weight in thousandths: whole numbers, whose sums are the same in whatever order they are added.
    """
    chosen: dict[str, int] = {}
    row_count = 0
    most = max(RARE_ANYWAY, min(COMMON * passage_count, MOST_ROWS))
    for term, frequency in sorted(rows, key=lambda row: row[1]):
        row_count += frequency
        if frequency > most or row_count > MOST_ROWS:
            break
        chosen[term] = round(1000 * _weight(frequency, passage_count))
    return chosen


def wanted(weights: Mapping[str, float]) -> WeightedTerms:
    """Weighted terms, ready to be looked for."""
    numbers = (zlib.crc32(term.encode()) for term in weights)
    return np.fromiter(numbers, dtype=np.uint32, count=len(weights)), np.array(list(weights.values()), dtype=float)


def coverage(held: Fingerprints, wanted: WeightedTerms) -> float:
    """The share, 0 to 1, of the wanted terms' weight that the held terms make up."""
    terms, values = wanted
    if not len(terms) or not len(held):
        return 0.0
    # The held terms are sorted: far faster than np.isin for so few.
    places = np.minimum(held.searchsorted(terms), len(held) - 1)
    return float(values[held[places] == terms].sum() / values.sum())


def _weight(frequency: int, passage_count: int) -> float:
    return math.log(1 + (passage_count - frequency + 0.5) / (frequency + 0.5))


def _shared(word: str) -> str:
    """The number without leading zeros, or the month's number as "~m1"; "" for any other word."""
    if word[0].isdigit():
        return word.lstrip("0") or "0"
    month = _months().get(folded(word))
    return f"~m{month}" if month else ""


def is_calendar_word(word: str) -> bool:
    """Whether the word is the name of a month or a day of the week in one of the languages of the press."""
    return folded(word) in _months() or folded(word) in _days()


@lru_cache(100_000)
def folded(word: str) -> str:
    """The word in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    # What "ℋ" stands for is a capital again.
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


@lru_cache(100_000)
def sound_of(word: str) -> str:
    """How a name sounds, roughly, whatever its alphabet: "Sullivan" and "Салливан" are both slvn."""
    sound = unicodedata.normalize("NFKC", folded(word)).translate(_CYRILLIC)
    for spelling, plain in _SPELLINGS:
        sound = sound.replace(spelling, plain)
    first = "a" if sound[:1] in ("e", "i", "o", "u", "y") else sound[:1]
    return re.sub(r"(.)\1+", r"\1", first + re.sub("[aeiouyh]", "", sound[1:]))


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    name = language_words.language(language).writing.stemmer or language_words.others().get(language, "")
    return Stemmer.Stemmer(name) if name else None


@cache
def _days() -> frozenset[str]:
    return frozenset(folded(name) for code in language_words.with_capitals() for name in weekdays(code))


@cache
def _months() -> Mapping[str, int]:
    """Every month's name in the languages of the press, folded, to its number."""
    names: dict[str, int] = {}
    for code in language_words.with_capitals():
        for name, number in whole_months(code).items():
            if name.isalpha():
                names.setdefault(folded(name), number)
    return names
