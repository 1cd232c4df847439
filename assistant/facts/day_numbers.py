"""Days written in numbers only, as 2024-03-05 or 5.3.24."""

import re
from collections.abc import Iterator
from datetime import date

from assistant.facts.day_grammar import Grammar
from assistant.facts.shapes import THIS_CENTURY, Calendar, Mention, with_century
from index.languages.scripts import HANGUL, SPACELESS

_ALONE = rf"(?<![^\W{SPACELESS}{HANGUL}])(?<![./:-])"
_YEAR_FIRST = re.compile(_ALONE + r"(\d{4})\s?([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d/-]|\.\d)")
_YEAR_LAST = re.compile(_ALONE + r"(\d{1,2})([-/.])(\d{1,2})(?:\2|,\s?)(\d{4}|\d\d)(?![\d/:%-]|[.,]\d)")
_SHORT_YEAR_FIRST = re.compile(_ALONE + r"(\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\d/:%-]|[.,]\d)")
_NO_YEAR = re.compile(_ALONE + r"(\d{1,2})/(\d{1,2})(?![\d/:%-]|[.,]\d)")
_DOTTED = re.compile(_ALONE + r"(\d{1,2})\.\s?(\d{1,2})\.(?!\d)")


def numeric(text: str, grammar: Grammar) -> Iterator[Mention]:
    """Days written in numbers; where they are two different days on two sides of an ocean, none."""
    for match in _YEAR_FIRST.finditer(text):
        if _is_day(int(match[1]), int(match[3]), int(match[4])):
            yield Mention(*match.span(), Calendar(int(match[1]), int(match[3]), int(match[4])))
    for match in _YEAR_LAST.finditer(text):
        year = int(match[4])
        if len(match[4]) == 2:
            year = with_century(year)
        yield from _day_of_two(match, int(match[1]), int(match[3]), year, grammar)
    for match in _SHORT_YEAR_FIRST.finditer(text):
        if int(match[1]) > THIS_CENTURY and _is_day(1900 + int(match[1]), int(match[3]), int(match[4])):
            yield Mention(*match.span(), Calendar(1900 + int(match[1]), int(match[3]), int(match[4])))
    for match in grammar.dashed.finditer(text):
        if max(int(match["d"]), int(match["m"])) > 12:
            first, other = int(match["d"]), int(match["m"])
            yield from (
                Mention(match.start("d"), match.end(), mention.shape)
                for mention in _day_of_two(match, first, other, 0, grammar)
            )
    for match in _NO_YEAR.finditer(text):
        if (int(match[1]), int(match[2])) not in NO_DAYS and (int(match[1]) > 12 or int(match[2]) > 12):
            yield from _day_of_two(match, int(match[1]), int(match[2]), 0, grammar)
    if grammar.language.writing.ordinal_dot:
        for match in _DOTTED.finditer(text):
            if int(match[2]) <= 12:
                yield from _day_of_two(match, int(match[1]), int(match[2]), 0, grammar)


NO_DAYS = {(24, 7), (9, 11)}


def _day_of_two(match: re.Match[str], one: int, other: int, year: int, grammar: Grammar) -> Iterator[Mention]:
    if grammar.year_leads and len(match[1]) == 2 and one > 12 and match.lastindex == 4 and len(match[4]) == 2:
        one, other, year = int(match[4]), other, with_century(one)  # "15-9-18" in Japanese
    if one <= 12 and other <= 12 and one != other and grammar.language.writing.month_first:
        return
    day, month = (one, other) if other <= 12 else (other, one)
    if _is_day(year or 2024, month, day):
        yield Mention(*match.span(), Calendar(year, month, day))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
