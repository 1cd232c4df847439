"""What somebody is called besides a name: "ambassador", "ambasciatore" and "Botschafter" are one office."""

import re
from collections.abc import Iterator
from functools import cache

from index.languages.scripts import CAPITALS
from index.languages.words import Language, languages, pattern
from index.lexicon import sound_of

# A role so close before a name, or behind it and a comma, is that of whoever is named.
_NAMED = re.compile(rf"\w*\W+(?:\w+\W+){{0,2}}?((?:[{CAPITALS}][\w’']+[\s-]?)+)")
_OF_NAME = re.compile(rf"([{CAPITALS}][\w’']+),\s(?:\w+\W+){{0,3}}$")
# Around a name, so many characters tell what its bearer is.
NEAR = 60


def unknown_roles(text: str, known: str) -> list[str]:
    """The roles that the text gives to somebody who in the known text has another, or that it does not have at all."""
    unknown = []
    for roles, name in _given(text):
        near: set[str] = set()
        for word in re.finditer(r"[^\W\d_]+", known):
            if word[0][0].isupper() and sound_of(word[0]) == sound_of(name):
                near |= _told(known[max(0, word.start() - NEAR) : word.end() + NEAR])
        if not any(role in one for one in near or _told(known) for role in roles):
            unknown.append(f"{roles[0]} {name}")
    return unknown


def _given(text: str) -> Iterator[tuple[list[str], str]]:
    """The roles that a word of the text may give to somebody, and the last word of the name."""
    for (start, end), roles in _found(text).items():
        if found := _NAMED.match(text, end) or _OF_NAME.search(text[:start]):
            yield roles, found[1].split()[-1].strip("-")


def _told(text: str) -> set[str]:
    return {role for roles in _found(text).values() for role in roles}


def _found(text: str) -> dict[tuple[int, int], list[str]]:
    """Where the words for roles stand, and for which; some languages have one word for two."""
    taken: dict[tuple[int, int], list[str]] = {}
    for role, words in _patterns().items():
        for place in words.finditer(text):
            span = place.span()
            if not any(start < span[1] and span[0] < end and (start, end) != span for start, end in taken):
                taken.setdefault(span, []).append(role)
    return taken


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Each role with its words in every language; "minister" comes after "prime minister", which holds it."""
    roles = dict.fromkeys(role for spoken in languages() for role in spoken.people.roles)
    return {
        role.replace("_", " "): re.compile(
            "|".join(_whole(role, spoken) for spoken in languages() if role in spoken.people.roles), re.IGNORECASE
        )
        for role in roles
    }


def _whole(role: str, spoken: Language) -> str:
    words = pattern(spoken.people.roles[role])
    return rf"(?<!\w)(?:\w+-)?(?:{words})(?!\w)" if spoken.writing.spaces else f"(?:{words})"
