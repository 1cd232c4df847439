"""Where the words of a language's file stand in a text."""

import re
from functools import cache
from itertools import pairwise

from assistant.facts.pieces import pieces_of
from index.languages.cldr import measures
from index.languages.words import Language, Words, language, pattern

# A clause ends at a mark that parts what is said of two things; a decimal point or comma is none.
CLAUSE_END = re.compile(r"[,;:.!?](?=\s|$|[\"”»“’])|[。，、；：！？؛،]|\s[–—-]\s|[()«»“”„\"]")


def places(text: str, words: Words, spoken: Language) -> list[tuple[int, int]]:
    """Where the words stand in the text, each whole; none that begins with a capital letter within a sentence, for
    that is a name ("Will", "May")."""
    found = _whole(words, spoken.writing.spaces).finditer(text)
    tells_names = spoken.writing.capitals and not spoken.writing.nouns_have_capitals
    return [one.span() for one in found if not (tells_names and _is_name(text, one))]


def has(text: str, words: Words, spoken: Language) -> bool:
    """Whether one of the words stands in the text."""
    return bool(places(text, words, spoken))


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the clauses of a sentence begin and end, in order."""
    cuts = [0, *(found.end() for found in CLAUSE_END.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def clause_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The clauses of the sentence that characters start to end lie in, as one."""
    touched = [(first, last) for first, last in clauses(text) if first < end and start < last]
    return (touched[0][0], touched[-1][1]) if touched else (0, len(text))


def _is_name(text: str, found: re.Match[str]) -> bool:
    first = text[found.start()]
    return first.isupper() and text[: found.start()].strip(" \"'“”«»„¿¡—–-") != ""


@cache
def _whole(words: Words, spaces: bool) -> re.Pattern[str]:
    held = pattern(words)
    # No part of a compound either: "non-communist" says nothing of what is not so.
    return re.compile(rf"(?<!\w)(?<!\w[-‐‑])(?:{held})(?!\w|[-‐‑]\w)" if spaces else f"(?:{held})", re.IGNORECASE)


def is_duration(text: str, code: str) -> bool:
    """Whether a word of the text is a unit of time of the language, in whichever form or compound."""
    units = measures(code)
    keys = [piece.key for piece in pieces_of(text)]
    if language(code).writing.spaces:
        return any(units.get(key) == "duration" or _compound(key, code) for key in keys)
    joined = "".join(keys)
    return any(kind == "duration" and word in joined for word, kind in units.items())


@cache
def _compound(key: str, code: str) -> bool:
    """Whether the word begins with a unit of time, as in "Jahren", "godziny", "vuotta"."""
    long = [word for word, kind in measures(code).items() if kind == "duration" and len(word) >= 4]
    return any(key.startswith(word[: max(4, len(word) - 1)]) for word in long)
