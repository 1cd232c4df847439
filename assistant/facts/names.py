"""Whether two spellings, in any script, are of one name: "Tsipras" and "Τσίπρας", "Khrushchev" and "Chruschtschow".

Both are written in Latin letters (anyascii) and those in classes of letters that scripts and languages write for one
another. Then the cheapest way from one to the other is found: letters that some scripts do not write (vowels, h, y, w)
cost little, one class for another costs much.
"""

import re
import unicodedata
from functools import cache, lru_cache
from itertools import combinations

from anyascii import anyascii

from index.languages.words import languages
from index.lexicon import folded, sound_of

# At most so much of the longer name's consonants may differ, within a script and across two.
ALIKE, ALIKE_ACROSS = 0.21, 0.29
# What it costs to leave a letter out, and to take another one of its kind for it.
WEAK_LEFT_OUT, WEAK_CHANGED, SAME_KIND, STRONG = 0.13, 0.08, 0.45, 1.0
# No name is longer, and the way from one word to another takes as long as both.
MOST_LETTERS = 40
_SPELLINGS = (
    ("shch", "c"), ("schtsch", "c"), ("chtch", "c"), ("tsch", "c"), ("tch", "c"), ("tsh", "c"), ("sch", "s"),
    ("sh", "s"), ("dzh", "j"), ("dsch", "j"), ("dj", "j"), ("zh", "j"), ("kh", "h"), ("ck", "k"), ("ph", "f"),
    ("th", "t"), ("gh", "g"), ("ts", "z"), ("tz", "z"), ("ch", "c"), ("gi", "ji"), ("q", "k"), ("x", "ks"),
)  # fmt: skip
# In other scripts these are two sounds: "ברצלונה" is Barcelona.
_LATIN_SPELLINGS = (("cz", "c"), ("sz", "s"), ("rz", "j"))
# Letters that one language or script writes where another writes the other.
_KINDS = ("bpvfw", "dt", "gkhc", "jgscz", "szc", "lr", "mn", "gjyi", "hjg")
_ANYWHERE = ("vw", "kh")
# What a script writes alike, by the beginning of its letters' names in Unicode.
_ONE_LETTER = {
    "ARABIC": ("bp", "fv", "gjk", "cs", "gq"),
    "HEBREW": ("bv", "pf", "kh", "sz"),
    "HANGUL": ("bp", "dt", "gk", "jc", "lr", "fp", "vb", "zj"),
    "KATAKANA": ("lr", "bv", "tc", "sz"),
    "HIRAGANA": ("lr", "bv", "tc", "sz"),
    "GREEK": ("bv", "jz", "sc"),
}
_GREEK = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("τζ", "j"))
# Hebrew's vav is oftener a vowel; Arabic's waw is a "w" already.
_VAV = ("ו", "w")
# Its alef, which is left out, between two letters that are not to be taken for one that is doubled: "حداد" is Haddad.
_BETWEEN = re.compile(r"([^\W\d_])ا(?=\1)")
# The article, with "and" before it, is one word with the name: "الحريري" is Hariri.
_ARTICLE = re.compile(r"و?ال(?=[^\W\d_]{3})")
_WEAK = frozenset("aeiouyhw'")
# Foreign names stand in katakana, without a space before what follows.
_WORD = re.compile(r"[ァ-ヴー]+|[^\W\d_ァ-ヴー]+")


def same_name(one: str, other: str) -> bool:
    """Whether the two words are spellings of one name."""
    most = ALIKE if script_of(one) == script_of(other) else ALIKE_ACROSS
    return folded(one) == folded(other) or distance(one[:MOST_LETTERS], other[:MOST_LETTERS]) <= most


def is_named(name: str, text: str) -> bool:
    """Whether the text has the name, a single word, in some spelling."""
    sounds, words = _words(text)
    return sound_of(name) in sounds or any(same_name(name, word) for word in words)


@lru_cache(64)
def _words(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """How the text's words sound, and those that may be names: with a capital letter, or of a script without any."""
    words = dict.fromkeys(_WORD.findall(text))
    names = tuple(word for word in words if not word[0].islower())
    return frozenset(map(sound_of, words)), names


@lru_cache(50_000)
def distance(one: str, other: str) -> float:
    """How far the two are apart, 0 for one name, about 1 for two that have nothing in common."""
    first, second = latin_letters(one), latin_letters(other)
    alike = _written_alike(one) | _written_alike(other)
    strong = max(sum(letter not in _WEAK for letter in letters) for letters in (first, second))
    if not strong:
        return float(first != second)
    row = [0.0]
    for letter in second:
        row.append(row[-1] + _left_out(letter))
    for letter in first:
        following = [row[0] + _left_out(letter)]
        for place, against in enumerate(second):
            following.append(
                min(
                    row[place] + _changed(letter, against, alike),
                    row[place + 1] + _left_out(letter),
                    following[place] + _left_out(against),
                )
            )
        row = following
    return row[-1] / strong


def _left_out(letter: str) -> float:
    if letter in _WEAK:
        return WEAK_LEFT_OUT
    return SAME_KIND if letter == "j" else STRONG  # "Jelzin", "Eltsin"


def _changed(one: str, other: str, alike: frozenset[frozenset[str]]) -> float:
    if one == other:
        return 0.0
    if (one in _WEAK and other in _WEAK) or {one, other} in alike:
        return WEAK_CHANGED
    return SAME_KIND if any(one in kind and other in kind for kind in _KINDS) else STRONG


def _written_alike(name: str) -> frozenset[frozenset[str]]:
    """The pairs of letters that the name's script does not tell apart."""
    groups = (*_ANYWHERE, *_ONE_LETTER.get(script_of(name), ()))
    return frozenset(frozenset(pair) for group in groups for pair in combinations(group, 2))


def script_of(name: str) -> str:
    """The script of the name's first letter, by the beginning of that letter's name in Unicode."""
    return unicodedata.name(name[:1] or " ", "").partition(" ")[0]


def forms_of(name: str) -> tuple[str, ...]:
    """The name, and the same without the article, where that is written as its beginning."""
    article = _ARTICLE.match(name)
    return (name, name[article.end() :]) if article else (name,)


@lru_cache(50_000)
def latin_letters(name: str) -> str:
    """The name in Latin letters, one for each sound, none of them twice in a row."""
    # Of kana the mark of a voiced sound would be taken for an accent: "バ" is "ba", not "ha".
    letters = unicodedata.normalize("NFKC", name) if script_of(name) in ("KATAKANA", "HIRAGANA") else folded(name)
    for spelling, plain in (*_GREEK, _VAV):
        letters = letters.replace(spelling, plain)
    letters = re.sub("[^a-z']", "", anyascii(_BETWEEN.sub(r"\1a", letters)).lower())
    for spelling, plain in (*(_LATIN_SPELLINGS if script_of(name) == "LATIN" else ()), *_SPELLINGS):
        letters = letters.replace(spelling, plain)
    return re.sub(r"(.)\1+", r"\1", letters)


@cache
def openers() -> frozenset[str]:
    """Words that open a sentence with a capital letter and are no part of the name after them, in any language."""
    return frozenset(word for spoken in languages() for word in spoken.sentences.openers)
