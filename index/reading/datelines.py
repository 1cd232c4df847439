"""The day and the author that an article's own first lines give it."""

import re
from functools import cache

from index.languages.names import months, weekdays
from index.languages.scripts import SMALL
from index.languages.words import Language, languages, pattern, written_marks
from index.languages.words import language as words_of
from index.reading.readers.days import iso_day, months_written
from index.reading.readers.story import Fields, one_line

# A dateline stands in one of so many first lines, and near its beginning.
LINES, WORDS_BEFORE = 6, 4


def from_first_lines(text: str, language: str) -> Fields:
    """The date published and the author, if the first lines name them apart from any sentence."""
    found: dict[str, tuple[str, str]] = {}
    lines = [line.strip() for line in text[:3000].split("\n") if line.strip()]
    for line in lines[:LINES]:
        if day := _dateline(line[:200], language):
            found.setdefault("published", (day, "first lines"))
        byline = _byline().fullmatch(line) if len(line) < 80 else None
        if byline:
            found.setdefault("author", (one_line(byline[1]).rstrip(","), "first lines"))
    return found


def _dateline(line: str, language: str) -> str:
    for match in _dates(language).finditer(line):
        label = _before(language).match(line[: match.start()])
        before = line[label.end() if label else 0 : match.start()]
        words = re.findall(r"\w+", before)
        is_place = all(word[0].isupper() or word.casefold() in _weekdays(language) for word in words)
        is_sentence = bool(words) and words[-1].casefold() in _prepositions(language)
        if len(words) <= WORDS_BEFORE and is_place and not is_sentence and _after(language).match(line[match.end() :]):
            return _day(match, language)
    return ""


def _day(match: re.Match[str], language: str) -> str:
    """YYYY-MM-DD, "" for what is no day or may be either of two."""
    part = {name: value for name, value in match.groupdict().items() if value}
    year = int(next(value for name, value in part.items() if name.startswith("year")))
    day = int(next(value for name, value in part.items() if name.startswith("day")))
    name = next(value for name, value in part.items() if name.startswith("month"))
    month = int(name) if name.isdigit() else _months(language)[name.casefold().rstrip(".")]
    if part.get("slash") and words_of(language).writing.month_first:
        if max(day, month) <= 12 and day != month:
            return ""
        day, month = max(day, month), min(day, month)
    return iso_day(year, month, day)


def _both(language: str) -> tuple[Language, ...]:
    """The language and English, which pages in any other mix in."""
    return tuple(dict.fromkeys((words_of(language), words_of("en"))))


@cache
def _before(language: str) -> re.Pattern[str]:
    labels = pattern(tuple(word for spoken in _both(language) for word in spoken.pages.labels))
    small = pattern(tuple(_prepositions(language)))
    return re.compile(rf"\W*(?:(?:{labels})(?!\w)\W*(?:(?:{small})(?!\w))?(?:\s+the\b)?)?", re.IGNORECASE)


@cache
def _after(language: str) -> re.Pattern[str]:
    times = pattern(tuple(word for spoken in _both(language) for word in spoken.pages.times))
    return re.compile(
        rf"[)\]]?(?:,?\s+(?:{times})?\s*\d{{1,2}}[:.h]\d{{2}}.{{0,20}})?\s*(?:$|[—–|·•:-]\s?)", re.IGNORECASE
    )


@cache
def _prepositions(language: str) -> frozenset[str]:
    """Before a day these make a sentence of it, unless a label comes first."""
    return frozenset(word for spoken in _both(language) for word in spoken.pages.prepositions)


@cache
def _byline() -> re.Pattern[str]:
    """A line that names the author, in any language: so short a text may be taken for another one."""
    words = pattern(tuple(word for spoken in languages() for word in spoken.pages.bylines))
    joined = pattern(tuple(word for spoken in languages() for word in spoken.dates.both))
    return re.compile(rf"(?i:{words})\s*:?\s+((?:[^\W\d_{SMALL}][\w'’.-]+\s*(?:,|\b(?:{joined})\b)?\s*){{2,6}})")


@cache
def _dates(language: str) -> re.Pattern[str]:
    named = "|".join(sorted(map(re.escape, _months(language)), key=len, reverse=True))
    year = r"(?P<year{}>(?:19|20)\d\d)(?!\d)".format
    dates = [spoken.dates for spoken in _both(language)]
    of = pattern(tuple(word for one in dates for word in one.of))
    day_mark, year_mark = (written_marks(name) for name in ("day_mark", "year_mark"))
    forms = (
        rf"{year(1)}-(?P<month1>\d\d)-(?P<day1>\d\d)(?:T[\d:.]+Z?)?",
        rf"(?P<day2>\d{{1,2}})(?:{day_mark}|\.)?\s+(?:(?:{of})\s+)?(?P<month2>{named})\b\.?,?\s+"
        rf"(?:(?:{of})\s+)?{year(2)}(?:\s*(?:{year_mark}))?",
        rf"(?P<month3>{named})\.?\s+(?P<day3>\d{{1,2}})(?:{day_mark})?,?\s+{year(3)}",
        rf"(?P<day4>\d{{1,2}})\.\s?(?P<month4>\d{{1,2}})\.\s?{year(4)}",
        rf"(?P<day5>\d{{1,2}})(?P<slash>/)(?P<month5>\d{{1,2}})/{year(5)}",
        rf"{year(6)}\s*(?:{year_mark})\s*(?P<month6>\d{{1,2}})\s*(?:{written_marks('month_mark')})\s*"
        rf"(?P<day6>\d{{1,2}})\s*(?:{day_mark})",
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})", re.IGNORECASE)


@cache
def _months(language: str) -> dict[str, int]:
    """Names of the months and their short forms, in the language and in English."""
    return {**months("en"), **months_written(language)}


@cache
def _weekdays(language: str) -> frozenset[str]:
    return weekdays("en") | weekdays(language)
