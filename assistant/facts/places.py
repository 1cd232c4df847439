"""What a place is called in each language: "Geneva", "Ginevra" and "Женева" are one place.

Countries, continents and the cities that time zones are named after come from Unicode's CLDR, by way of Babel; the
files of the languages add cities of the news that it lacks.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

from index.languages.cldr import locale_of
from index.languages.words import known_codes, languages, with_capitals
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
    names = _names_in_cldr(with_capitals())
    for zone in {code for code, _ in names if CITY in code}:
        # A language that calls a city as English does does not list it.
        for language in with_capitals():
            names.setdefault((zone, language), names.get((zone, "en")) or zone.rpartition("/")[2].replace("_", " "))
    listed = {spoken.code: spoken.places.cities for spoken in languages() if spoken.places.cities}
    for code, cities in listed.items():
        pairs = zip(listed["en"], cities, strict=True)
        names |= {(f"city{CITY}{english_name}", code): name for (english_name,), (name,) in pairs}
    return names


def _names_in_cldr(codes: Iterable[str]) -> dict[tuple[str, str], str]:
    """(code, language) to name, for every place and each of these languages."""
    names: dict[tuple[str, str], str] = {}
    english = {name: code for code, name in Locale("en").territories.items()}
    for language in codes:
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
    return names


def called_elsewhere(name: str) -> frozenset[str]:
    """What languages call the place of that name, folded, but for the name itself; none where no place has it.

    Unlike `places_in` it knows names in scripts without capital letters: who looks for a name means one.
    """
    own = folded(name)
    return _same().get(own, frozenset()) - {own}


@cache
def _same() -> dict[str, frozenset[str]]:
    """Folded name to all names of its place, in every language; a name of several places is left out."""
    names_of: dict[str, set[str]] = defaultdict(set)
    codes_of: dict[str, set[str]] = defaultdict(set)
    without = sorted(known_codes() - frozenset(with_capitals()))
    for (code, _), name in [*_names().items(), *_names_in_cldr(without).items()]:
        if _may_be_place(folded(name)):
            names_of[code].add(folded(name))
            codes_of[folded(name)].add(code)
    own = {name: next(iter(codes)) for name, codes in codes_of.items() if len(codes) == 1}
    return {name: frozenset(names_of[code] & own.keys()) for name, code in own.items()}


def _may_be_place(name: str) -> bool:
    """Whether the folded name is hardly anything else; where no letter is a capital one, fewer letters tell as much."""
    return name not in _ordinary() and (len(name) >= SHORTEST or name.upper() == name)


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(word for spoken in languages() for word in spoken.places.ordinary)


@cache
def _codes() -> dict[str, str]:
    """Folded name to code; a name of several places is left out, for it tells none of them."""
    found: dict[str, set[str]] = {}
    for (code, _), name in _names().items():
        found.setdefault(" ".join(folded(word) for word in _WORD.findall(name)), set()).add(code)
    return {
        name: codes.pop()
        for name, codes in found.items()
        if len(codes) == 1 and len(name) >= SHORTEST and name not in _ordinary()
    }
