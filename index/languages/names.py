"""What languages call the months, the days of the week and one another, out of CLDR.

Whoever asks for none of them does not wait for the library, which takes a tenth of a second.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from index.languages.detection import LANGUAGES

if TYPE_CHECKING:
    from babel import Locale


@cache
def months(code: str) -> Mapping[str, int]:
    """Names of the months and their short forms, in small letters without a full stop, to their numbers.

    None for a language of no press.
    """
    if code not in LANGUAGES:
        return {}
    return {
        name.casefold().rstrip("."): number
        for context in _locale(code).months.values()
        for width in ("abbreviated", "wide")
        for number, name in context[width].items()
        if not name.isdigit()
    }


@cache
def weekdays(code: str) -> frozenset[str]:
    """The days of the week in small letters; none for a language of no press."""
    if code not in LANGUAGES:
        return frozenset()
    return frozenset(name.casefold() for name in _locale(code).days["format"]["wide"].values())


@cache
def english_name(code: str) -> str:
    """What English calls the language: "Polish"; the code itself when it has no name."""
    return str(_locale("en").languages.get(code, code))


def _locale(code: str) -> "Locale":
    from babel import Locale  # a tenth of a second, which every child that reads files would wait

    return Locale.parse(code)
