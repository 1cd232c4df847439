"""The words of a language that a date may hold, each with the kind of token that it makes."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.facts.pieces import Phrases
from assistant.facts.shapes import COMING, LAST, NEXT, THIS
from index.languages import cldr
from index.languages.words import Row, Words, language

UNITS = {"U": "day", "V": "week", "X": "month", "Z": "year"}  # by the kind of token


@cache
def phrases_of(code: str) -> Phrases[tuple[str, int]]:
    """Each phrase of the language that a date may hold, and its kind and value."""
    phrases: Phrases[tuple[str, int]] = Phrases()
    dates, locale = language(code).dates, cldr.locale_of(code)
    has_capitals = language(code).writing.capitals

    def named(row: Row, wide: str, short: str, first: int) -> None:
        for value, forms in enumerate(row, start=first):
            for form in forms:
                is_short = has_capitals and len(form.rstrip(".")) <= 4
                phrases.add(form.rstrip("."), (short if is_short else wide, value))

    for style in ("format", "stand-alone") if locale else ():
        assert locale is not None
        for width, kind in (("wide", "M"), ("abbreviated", "A")):
            for value, name in locale.months[style][width].items():
                if any(letter.isalpha() for letter in name) and not name[:1].isdigit():
                    phrases.add(name.rstrip("."), (kind, value))
        for value, name in locale.days[style]["wide"].items():
            phrases.add(name, ("W", value))
    named(dates.months, "M", "A", 1)
    named(dates.weekdays, "W", "w", 0)
    named(dates.seasons, "S", "S", 0)
    for kind, words in _worded(code):
        phrases.add_all(words, (kind, 0))
    # "L'année" before a year is also the year in "l'année dernière".
    for kind, words, units in (("Z", dates.in_year, dates.year), ("X", dates.in_month, dates.month)):
        phrases.add_all((word for word in words if re.split("[ ']", word)[-1] in units), (kind, 0))
    for kind, value, words in (
        ("K", LAST, dates.last),
        ("K", THIS, dates.this),
        ("K", NEXT, dates.next),
        ("K", COMING, dates.coming),
    ):
        phrases.add_all(words, (kind, value))
    for days, words in [*cldr.relative_days(code).items(), *dates.days.items()]:
        phrases.add_all(words, ("r", days))
    for years, name in cldr.relative_years(code).items():
        # "Last year" is read word by word, and Hebrew says "the year" of this one.
        if name not in dates.year and not {*dates.last, *dates.this, *dates.next} & set(name.split()):
            phrases.add(name, ("P", years))
    for years, words in enumerate(dates.years, start=LAST):
        phrases.add_all(words, ("P", years))
    for kind, unit in UNITS.items():
        for number, name in enumerate(("one", "two"), start=1):
            if form := cldr.unit_alone(code, unit, name):
                phrases.add(form, (kind, 0))
                phrases.add(form, (str(number), number))
    for days, words in dates.text_days.items():
        phrases.add_all(words, ("t", days))
    for reign, year in dates.eras.items():
        phrases.add(reign, ("R", year))
    return phrases


def _worded(code: str) -> Iterator[tuple[str, Words]]:
    """The kinds that have no value, and their phrases."""
    spoken = language(code)
    dates = spoken.dates
    # Where no spaces part words, CLDR's "日前" cannot be told into "日" and "前".
    parted = spoken.writing.spaces
    for kind, unit in UNITS.items():
        own: Words = getattr(dates, unit)
        yield kind, (*own, *(cldr.unit_forms(code, unit) if parted else ()))
    yield "o", dates.of
    yield "u", dates.to
    yield "&", dates.both
    yield "b", dates.between
    yield "p", dates.on
    yield "i", dates.in_month
    yield "j", dates.in_year
    yield "e", dates.year_mark
    yield "m", dates.month_mark
    yield "d", (*dates.day_mark, *((".",) if spoken.writing.ordinal_dot else ()))
    yield "f", dates.few
    yield "F", dates.weekend
    yield "B", dates.bc
    yield "a", spoken.sentences.articles
    templates = (
        ("g", "G", (*dates.ago, *(cldr.counted(code, "past") if parted else ()))),
        ("h", "H", (*dates.ahead, *(cldr.counted(code, "future") if parted else ()))),
        ("l", "L", dates.later),
        ("k", "E", dates.earlier),
    )
    for before, behind, words in templates:
        for template in words:
            ahead, _, after = template.partition("{n}")
            # "for three days siden": where something stands on both sides, what stands behind tells.
            if after.strip():
                yield behind, (after.strip(),)
            elif ahead.strip():
                yield before, (ahead.strip(),)
    for template in dates.now:
        ahead, _, after = re.sub(r"\{[nd]\}", "\0", template).partition("\0")
        word = ahead.strip() or after.strip()
        if "{n}" in template:
            yield ("C" if after.strip() else "c"), (word,)
        else:
            yield ("q" if word in spoken.claims.before else "n"), (word,)
