"""A day as files write it beside their articles, in whatever form, to YYYY-MM-DD."""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import cache

from index.languages.names import months
from index.languages.words import Language, known_codes, languages, pattern, written_marks
from index.languages.words import language as words_of

_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_NUMBERS = (
    re.compile(rf"{_YEAR}\s?[-/._]\s?{_MONTH}\s?[-/._]\s?{_DAY}(?!\d)"),
    re.compile(rf"{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:(?:T?\d{{4,6}}(?:\.\d+)?)?(?!\d))"),
    re.compile(rf"(?<!\d){_DAY}\s?\.\s?{_MONTH}\s?\.\s?{_YEAR}(?!\d)"),
)
# Which of the two is the month, only the language tells, and where one of them is above twelve.
_EITHER = re.compile(rf"(?P<first>\d{{1,2}})\s?[-/_]\s?(?P<second>\d{{1,2}})\s?[-/_]\s?{_YEAR}(?!\d)")
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?")
_LAST_SHORT_YEAR = 68  # of this century
# As mails once wrote it, with a time behind a year of two digits.
_SHORT_YEAR = re.compile(r"(?<!\d)(?P<day>\d{1,2})\s(?P<month>[^\W\d_]{3,9})\s(?P<year>\d\d)\s+\d{1,2}:\d\d")
_FAR_YEAR = re.compile(r"(?<!\d)2[4-6]\d\d(?!\d)")
# In an address a day stands between slashes, or opens the last part.
_IN_ADDRESS = re.compile(
    rf"/{_YEAR}[/-](?P<month>0?[1-9]|1[0-2]|[a-z]{{3,9}})[/-]{_DAY}(?=[/_.-]|$)|"
    r"[/_.-](?P<run>(?:19|20)\d\d(?P<dash>-?)(?:0[1-9]|1[0-2])(?P=dash)(?:0[1-9]|[12]\d|3[01]))(?=[/_.-]|$)",
    re.IGNORECASE,
)


def day_of(value: str, language: str = "") -> str:
    """The first day that the value writes out, as the writer's clock had it; "" for none, or for one of two."""
    value = _of_our_calendar(_plain(value), language)
    for form in (*_NUMBERS, _marked()):
        if match := form.search(value):
            return iso_day(int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _EITHER.search(value):
        return _of_either(int(match["first"]), int(match["second"]), int(match["year"]), language)
    for form in _named():
        for match in form.finditer(value):
            if number := month_named(match["month"], language):
                return iso_day(int(match["year"]), number, int(match["day"]))
    if (match := _SHORT_YEAR.search(value)) and (number := month_named(match["month"], language)):
        year = int(match["year"])
        return iso_day(year + (1900 if year > _LAST_SHORT_YEAR else 2000), number, int(match["day"]))
    if match := _SECONDS.fullmatch(value):
        return datetime.fromtimestamp(int(match[0][:10]), UTC).date().isoformat()
    return ""


def day_in_address(address: str) -> str:
    """The day in the path of an article's address, as in /2024/03/05/; "" for none."""
    for match in _IN_ADDRESS.finditer(address.partition("://")[2].partition("?")[0]):
        if match["run"]:
            return day_of(match["run"])
        month = int(match["month"]) if match["month"].isdigit() else month_named(match["month"])
        if month and (day := iso_day(int(match["year"]), month, int(match["day"]))):
            return day
    return ""


def month_named(name: str, language: str = "") -> int:
    """The month of that name or short form in the language, in English, or in any; 0 for none, or for several."""
    wanted = name.strip(" .").casefold()
    for names in (months_written(language), months("en")):
        if wanted in names:
            return names[wanted]
    return _months_anywhere().get(wanted, 0)


@cache
def months_written(language: str) -> dict[str, int]:
    """The names of the months in the language, also with what it writes as one with them: Hebrew's "in March"."""
    names = months(language)
    prefixes = words_of(language).dates.prefixes
    return {**{prefix + name: number for name, number in names.items() for prefix in prefixes}, **names}


def _of_our_calendar(value: str, language: str) -> str:
    """The value with a year of another calendar as one of ours, where the language or the month's name tells that."""
    match = _FAR_YEAR.search(value)
    if match is None:
        return value
    for spoken in _of_other_calendars():
        if spoken.code == language or any(name in value for name in months(spoken.code)):
            return f"{value[: match.start()]}{int(match[0]) - spoken.dates.years_ahead}{value[match.end() :]}"
    return value


@cache
def _of_other_calendars() -> tuple[Language, ...]:
    return tuple(spoken for spoken in languages() if spoken.dates.years_ahead)


def _of_either(first: int, second: int, year: int, language: str) -> str:
    if first == second or second > 12 >= first:
        return iso_day(year, first, second)
    if first > 12 or language not in ("", "en"):
        return iso_day(year, second, first)
    return ""


def iso_day(year: int, month: int, day: int) -> str:
    """YYYY-MM-DD, "" for what is no day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _plain(value: str) -> str:
    """With digits of any script as 0 to 9."""
    return "".join(str(unicodedata.decimal(one, one)) for one in value.strip()[:200])


@cache
def _months_anywhere() -> dict[str, int]:
    """Those names that mean the same month wherever they are used."""
    meant: dict[str, set[int]] = {}
    for language in known_codes():
        for name, number in months_written(language).items():
            meant.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in meant.items() if len(numbers) == 1}


@cache
def _marked() -> re.Pattern[str]:
    """A day whose numbers have a sign each, as 2024年3月5日."""
    year, month, day = map(written_marks, ("year_mark", "month_mark", "day_mark"))
    return re.compile(rf"{_YEAR}\s?(?:{year})\s?{_MONTH}\s?(?:{month})\s?{_DAY}\s?(?:{day})?")


@cache
def _named() -> tuple[re.Pattern[str], ...]:
    """Days with the month's name: its place, and those of the day and the year, differ."""
    mark = written_marks("day_mark")
    joins = {word for spoken in languages() for word in spoken.dates.of}
    of = pattern(tuple(joins - {word for spoken in languages() for word in spoken.dates.in_month}))
    numbered = pattern(tuple(name for name in _months_anywhere() if re.search(r"^\D+\d+$", name)))
    return (
        re.compile(
            rf"(?<!\d)(?P<day>\d{{1,2}})(?:{mark}|\.)?[\s,]+(?:(?:{of})(?:\s|(?<=')))?"
            rf"(?P<month>{numbered}|[^\W\d_][^\d,]{{1,20}}?)\W+(?:(?:{of})\s)?(?P<year>(?:19|20)\d\d)(?!\d)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?P<month>[^\W\d_][^\s\d.,]{{1,15}})\.?\s+(?P<day>\d{{1,2}})(?:{mark})?(?!\w)[\s,]+"
            r"(?P<year>(?:19|20)\d\d)(?!\d)",
            re.IGNORECASE,
        ),
        re.compile(
            r"(?<!\d)(?P<year>(?:19|20)\d\d)[\s.,-]+(?P<month>[^\W\d_][^\s\d.,]{1,15})[\s.,-]+(?P<day>\d{1,2})(?!\d)"
        ),
    )
