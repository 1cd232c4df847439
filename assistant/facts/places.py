"""What a place is called in each language: "Geneva", "Ginevra" and "Женева" are one place.

Countries, continents and the cities that time zones are named after come from Unicode's CLDR, by way of Babel; the
files of the languages add cities of the news that it lacks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from index.languages.cldr import locale_of
from index.languages.words import languages, with_capitals
from index.lexicon import folded

CONTINENTS = frozenset({"002", "003", "005", "009", "142", "150"})
# Elsewhere zones are named after what is also a surname or a word: Davis, Center, Easter.
ZONES = re.compile(r"(Europe|Asia|Africa)/|America/(Havana|Mexico_City)$")
MOST_WORDS = 3
# In the code of every city, and of no country.
CITY = "/"
# A shorter name is oftener something else.
SHORTEST = 4

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` to `end` of a text name the place that all languages' names share the `code` of."""

    start: int
    end: int
    code: str


def places_in(text: str) -> Iterator[Place]:
    """The places that the text names, each with a capital letter, in its order; of two the longer name."""
    words = [(word.start(), word.end(), folded(word[0])) for word in _WORD.finditer(text)]
    codes = _codes()
    at = 0
    while at < len(words):
        start = words[at][0]
        for count in range(min(MOST_WORDS, len(words) - at), 0, -1):
            end = words[at + count - 1][1]
            code = codes.get(" ".join(word for _, _, word in words[at : at + count]))
            if code and text[start].isupper():
                yield Place(start, end, code)
                at += count - 1
                break
        at += 1


def name_of(code: str, language: str) -> str:
    """What the language calls the place, "" when that is not known."""
    return _names().get((code, language), "")


@cache
def _names() -> dict[tuple[str, str], str]:
    """(code, language) to name, for every place."""
    names: dict[tuple[str, str], str] = {}
    english = {name: code for code, name in Locale("en").territories.items()}
    for language in with_capitals():
        locale = locale_of(language)
        if locale is None:
            continue
        for code, name in locale.territories.items():
            if code in CONTINENTS or len(code) == 2:
                names[code, language] = name
        for zone, described in locale.time_zones.items():
            if ZONES.match(zone):
                city = zone.rpartition("/")[2].replace("_", " ")
                # A city named like its country is not told apart from it: Luxembourg, Singapore.
                names.setdefault((english.get(city, zone), language), described.get("city") or city)
    for zone in {code for code, _ in names if CITY in code}:
        # A language that calls a city as English does does not list it.
        for language in with_capitals():
            names.setdefault((zone, language), names.get((zone, "en")) or zone.rpartition("/")[2].replace("_", " "))
    listed = {spoken.code: spoken.places.cities for spoken in languages() if spoken.places.cities}
    for code, cities in listed.items():
        pairs = zip(listed["en"], cities, strict=True)
        names |= {(f"city{CITY}{english_name}", code): name for (english_name,), (name,) in pairs}
    return names


@cache
def _codes() -> dict[str, str]:
    """Folded name to code; a name of several places is left out, for it tells none of them."""
    ordinary = {word for spoken in languages() for word in spoken.places.ordinary}
    found: dict[str, set[str]] = {}
    for (code, _), name in _names().items():
        found.setdefault(" ".join(folded(word) for word in _WORD.findall(name)), set()).add(code)
    return {
        name: codes.pop()
        for name, codes in found.items()
        if len(codes) == 1 and len(name) >= SHORTEST and name not in ordinary
    }
