"""Which words of a text are those that are looked for: their places in it, to mark them and to judge by."""

import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product

from assistant.facts.names import MOST_LETTERS, forms_of, latin_letters, same_name, script_of
from assistant.facts.places import called_elsewhere
from assistant.lookup.query import Leaf, Near, Phrase, Word
from index.lexicon import folded, is_calendar_word, words_in, words_of
from index.passages import Extent

# A name with fewer consonants sounds like too many words.
LEAST_CONSONANTS = 3
# For these some scripts and languages write a consonant of that class, others a vowel or nothing: "Hamburg", "Гамбург";
# "Meloni", "ميلوني". Of those in a name the first ones are tried as both, and what is behind them is left out.
UNSURE, MOST_TRIED = {"g": "k", "h": "k", "j": "k", "w": "b"}, 3
# Two spellings have this much in common where both scripts write vowels, unless so many consonants tell enough.
IN_COMMON, MANY_CONSONANTS = 0.62, 5
# So many words that sound like a name are compared with it: an article may be made of nothing else.
MOST_ALIKE = 100
_CLASSES = {
    letter: kind
    for kind, letters in (("b", "bpvf"), ("d", "dt"), ("k", "kcqszx"), ("l", "lr"), ("m", "mn"))
    for letter in letters
}


@dataclass(slots=True)
class TextTokens:
    """A text's words and where each stands."""

    language: str
    words: list[str]
    places: list[Extent]

    @classmethod
    def of(cls, text: str, language: str) -> "TextTokens":
        """Those of the text."""
        found = list(words_in(text))
        return cls(language, [match[0] for match in found], [match.span() for match in found])


@dataclass(slots=True)
class Matcher:
    """Tells which words of any text are a leaf of a query; what it has found of a word it remembers."""

    leaf: Leaf
    _known: dict[tuple[Word, str], "_Known"] = field(default_factory=dict)

    def places(self, tokens: TextTokens) -> list[Extent]:
        """Where the text has it, first to last; of two words near each other, both."""
        runs = self._runs(self.leaf, tokens)
        return [(tokens.places[first][0], tokens.places[last][1]) for first, last in runs]

    def _runs(self, leaf: Leaf, tokens: TextTokens) -> list[tuple[int, int]]:
        """The first and the last word of each place."""
        if isinstance(leaf, Near):
            one, other = self._runs(leaf.one, tokens), self._runs(leaf.other, tokens)
            ends = leaf.distance + 1
            kept = {run for run in one if _is_any_near(run, other, ends)} | {
                run for run in other if _is_any_near(run, one, ends)
            }
            return sorted(kept)
        return sorted({run for words in ways(leaf) for run in self._runs_of(words, tokens)})

    def _runs_of(self, words: Sequence[Word], tokens: TextTokens) -> list[tuple[int, int]]:
        """Where these words stand one after the other."""
        length = len(words)
        first, *rest = (self._known_of(word, tokens.language) for word in words)
        starts = [at for at, token in enumerate(tokens.words[: len(tokens.words) - length + 1]) if first[token]]
        return [
            (at, at + length - 1)
            for at in starts
            if all(known[tokens.words[at + step]] for step, known in enumerate(rest, start=1))
        ]

    def _known_of(self, word: Word, language: str) -> "_Known":
        key = (word, language)
        if key not in self._known:
            self._known[key] = _Known(word, language)
        return self._known[key]


class _Known(dict[str, bool]):
    """Whether each token of a text in the language is the word, found out when it is first met."""

    def __init__(self, word: Word, language: str) -> None:
        super().__init__()
        self._word, self._language, self._alike = word, language, 0

    def __missing__(self, token: str) -> bool:
        meant = self._word
        if meant.is_name and sounds_like(meant.text, token):
            self._alike += 1
            meant = meant if self._alike <= MOST_ALIKE else replace(meant, is_name=False)
        self[token] = is_one(meant, token, self._language)
        return self[token]


@lru_cache(1_000)
def ways(leaf: Word | Phrase) -> tuple[tuple[Word, ...], ...]:
    """The words that are the leaf: its own, and where those may be a name also what a text in another script has."""
    if isinstance(leaf, Phrase):
        own, name = leaf.words, leaf.name
    else:
        own, name = (leaf,), leaf.text if leaf.is_name else ""
    if not name:
        return (own,)
    in_parts = [tuple(Word(part[0], is_exact=True) for part in words_in(one)) for one in sorted(called_elsewhere(name))]
    joined = ((Word(name, is_exact=True, is_name=True),),) if isinstance(leaf, Phrase) else ()
    return (own, *joined, *(words for words in in_parts if len(words) > 1))


def is_one(word: Word, token: str, language: str) -> bool:
    """Whether a text in the language has with that token the word."""
    own, other = folded(word.text), folded(token)
    if word.is_beginning:
        return other.startswith(own)
    if own == other:
        return True
    if word.is_exact and not word.is_name:
        return False
    if not word.is_exact and own[:1] == other[:1] and words_of(word.text, language) & words_of(token, language):
        return True
    if not word.is_name or _is_of_place(token, word.text):
        return word.is_name
    return is_same_name(word.text, token) and not _is_unlike_place(token, word.text)


def _is_of_place(token: str, name: str) -> bool:
    """Whether the token is what another language calls the place of that name, and no word in small letters."""
    return not token[0].islower() and folded(token) in called_elsewhere(name)


def _is_unlike_place(token: str, name: str) -> bool:
    """Whether the place of that name is known to be called otherwise in the token's script: "براغ" is no Brugge."""
    script = script_of(token)
    own = [one for one in called_elsewhere(name) if script_of(one) == script] if script != script_of(name) else []
    return bool(own) and not any(is_same_name(one, token) for one in own)


def is_same_name(name: str, token: str) -> bool:
    """Whether the token may be the name, in another spelling or script; a day of the week or a month never is."""
    if not sounds_like(name, token) or is_calendar_word(token):
        return False
    if not any(same_name(one, other) for one, other in product(forms_of(name), forms_of(token))):
        return False
    if min(map(len, consonants(name))) >= MANY_CONSONANTS or not (_has_vowels(name) and _has_vowels(token)):
        return True
    one, other = (latin_letters(word[:MOST_LETTERS]) for word in (name, token))
    return SequenceMatcher(None, one, other).ratio() >= IN_COMMON


def sounds_like(name: str, token: str) -> bool:
    """Whether the token, with a capital letter if its script has any, may have the same consonants, and enough."""
    if token[0].islower() or not is_telling(name):
        return False
    if script_of(name) == script_of(token):
        return _surely_heard(name) == _surely_heard(token)
    return not consonants(token).isdisjoint(consonants(name))


def _has_vowels(word: str) -> bool:
    """Whether its script writes them."""
    return unicodedata.name(word[0], "").startswith(("LATIN", "CYRILLIC", "GREEK", "KATAKANA"))


def is_telling(name: str) -> bool:
    """Whether the name has enough consonants to be known by them."""
    if unicodedata.name(name[:1], "").startswith("CJK"):  # of a Chinese character only its meaning is known
        return False
    letters = latin_letters(name[:MOST_LETTERS])
    return sum(one in _CLASSES or one in UNSURE for one in letters) >= LEAST_CONSONANTS


@lru_cache(200_000)
def consonants(name: str) -> frozenset[str]:
    """What the consonants of a name may be, in classes of those that scripts and languages write for one another."""
    every: list[str] = []
    for form in forms_of(name[:MOST_LETTERS]):
        heard = [""]
        tried = 0
        for letter in latin_letters(form):
            if letter in _CLASSES:
                heard = [_with(one, _CLASSES[letter]) for one in heard]
            elif letter in UNSURE and tried < MOST_TRIED:
                heard += [_with(one, UNSURE[letter]) for one in heard]
                tried += 1
        every += heard
    return frozenset(every)


@lru_cache(200_000)
def _surely_heard(name: str) -> str:
    """The consonants that every language with the name's script writes; w is one of them, as v is."""
    heard = ""
    for letter in latin_letters(name[:MOST_LETTERS]):
        heard = _with(heard, UNSURE["w"] if letter == "w" else _CLASSES.get(letter, ""))
    return heard


def _with(heard: str, kind: str) -> str:
    """The consonants and one more, if it is another than the last."""
    return heard if heard.endswith(kind) else heard + kind


def _is_any_near(run: tuple[int, int], others: Sequence[tuple[int, int]], ends: int) -> bool:
    """Whether one of the other runs, which are in order, is so few words before or behind."""
    at = bisect_left(others, (run[0] - ends - 50, 0))
    for first, last in others[at:]:
        if first - run[1] > ends:
            return False
        if (first, last) != run and run[0] - last <= ends:
            return True
    return False
