"""What languages call the months, the days of the week and one another: CLDR's names, or the file's where it has none.

Whoever asks for none of them does not wait for the library, which takes a tenth of a second.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from index.languages.words import Row, known_codes, language

if TYPE_CHECKING:
    from babel import Locale


@cache
def months(code: str) -> Mapping[str, int]:
    """Names of the months and their short forms, in small letters without a full stop, to their numbers.

    None for a language of no press.
    """
    locale = _locale(code) if code in known_codes() else None
    if locale is None:
        return _numbered(language(code).dates.months)
    return {
        name.casefold().rstrip("."): number
        for context in locale.months.values()
        for width in ("abbreviated", "wide")
        for number, name in context[width].items()
        if not name.isdigit()
    }


@cache
def whole_months(code: str) -> Mapping[str, int]:
    """The same, but for the short forms."""
    locale = _locale(code) if code in known_codes() else None
    if locale is None:
        return _numbered(language(code).dates.months)
    contexts = (locale.months[context]["wide"] for context in ("format", "stand-alone"))
    return {name.casefold(): number for names in contexts for number, name in names.items()}


@cache
def weekdays(code: str) -> frozenset[str]:
    """The days of the week in small letters; none for a language of no press."""
    locale = _locale(code) if code in known_codes() else None
    if locale is None:
        return frozenset(_numbered(language(code).dates.weekdays))
    return frozenset(name.casefold() for name in locale.days["format"]["wide"].values())


@cache
def english_name(code: str) -> str:
    """What English calls the language: "Polish"; the code itself when it has no name."""
    english = _locale("en")
    return str(english.languages.get(code, code)) if english else code


def _numbered(row: Row) -> Mapping[str, int]:
    return {name: number for number, names in enumerate(row, start=1) for name in names}


def _locale(code: str) -> "Locale | None":
    """The language's locale, None when CLDR has none."""
    from index.languages.cldr import locale_of  # a tenth of a second, which every child that reads files would wait

    return locale_of(code)
