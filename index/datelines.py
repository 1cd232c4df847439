"""The day and the author that an article's own first lines give it."""

import re
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from index.language import LANGUAGES
from index.readers.story import Found, one_line

if TYPE_CHECKING:
    from babel import Locale

# A dateline stands in one of so many first lines, and near its beginning.
LINES, WORDS_BEFORE = 6, 4

_LABELS = (
    "published|posted|updated|date|pubblicato|aggiornato|data|veröffentlicht|stand|datum|publié|mis à jour|publicado|"
    "actualizado|fecha|atualizado|gepubliceerd|opublikowano|опубліковано|оновлено|дата|опубликовано|обновлено"
)
# Before a day these make a sentence of it, unless a label comes first.
_PREPOSITIONS = frozenset("on il lo la am an dem den le el em no op w в у від since until dal fino seit bis".split())
_BEFORE = re.compile(rf"\W*(?:(?:{_LABELS})\b\W*(?:on|il|am|le|el|em|op|on the)?\b)?", re.IGNORECASE)
_AFTER = re.compile(
    r"[)\]]?(?:,?\s+(?:ore|alle|at|um|à|a las|às|om)?\s*\d{1,2}[:.h]\d{2}.{0,20})?\s*(?:$|[—–|·•:-]\s?)"
)
_BYLINE = re.compile(
    r"(?:[Bb]y|[Dd]i|[Vv]on|[Pp]ar|[Pp]or|[Dd]oor|[Aa]utore?|[Aa]uthor|Автор)\s*:?\s+"
    r"((?:[^\W\d_a-zà-ÿ][\w'’.-]+\s*(?:,|\be\b|\by\b|\band\b|\bund\b|\bet\b)?\s*){2,6})"
)


def from_first_lines(text: str, language: str) -> Found:
    """The date published and the author, if the first lines name them apart from any sentence."""
    found: dict[str, tuple[str, str]] = {}
    lines = [line.strip() for line in text[:3000].split("\n") if line.strip()]
    for line in lines[:LINES]:
        if day := _dateline(line[:200], language):
            found.setdefault("published", (day, "first lines"))
        byline = _BYLINE.fullmatch(line) if len(line) < 80 else None
        if byline:
            found.setdefault("author", (one_line(byline[1]).rstrip(","), "first lines"))
    return found


def _dateline(line: str, language: str) -> str:
    for match in _dates(language).finditer(line):
        label = _BEFORE.match(line[: match.start()])
        before = line[label.end() if label else 0 : match.start()]
        words = re.findall(r"\w+", before)
        is_place = all(word[0].isupper() or word.casefold() in _weekdays(language) for word in words)
        is_sentence = bool(words) and words[-1].casefold() in _PREPOSITIONS
        if len(words) <= WORDS_BEFORE and is_place and not is_sentence and _AFTER.match(line[match.end() :]):
            return _day(match, language)
    return ""


def _day(match: re.Match[str], language: str) -> str:
    """YYYY-MM-DD, "" for what is no day or may be either of two."""
    part = {name: value for name, value in match.groupdict().items() if value}
    year = int(next(value for name, value in part.items() if name.startswith("year")))
    day = int(next(value for name, value in part.items() if name.startswith("day")))
    name = next(value for name, value in part.items() if name.startswith("month"))
    month = int(name) if name.isdigit() else _months(language)[name.casefold().rstrip(".")]
    if part.get("slash") and language == "en":
        if max(day, month) <= 12 and day != month:
            return ""
        day, month = max(day, month), min(day, month)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


@cache
def _dates(language: str) -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _months(language)), key=len, reverse=True))
    year = r"(?P<year{}>(?:19|20)\d\d)(?!\d)".format
    forms = (
        rf"{year(1)}-(?P<month1>\d\d)-(?P<day1>\d\d)(?:T[\d:.]+Z?)?",
        rf"(?P<day2>\d{{1,2}})(?:st|nd|rd|th|er|[.°º])?\s+(?:de\s+|di\s+)?(?P<month2>{months})\b\.?,?\s+"
        rf"(?:de\s+|del\s+)?{year(2)}(?:\s*(?:р\.|г\.|року|года))?",
        rf"(?P<month3>{months})\.?\s+(?P<day3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{year(3)}",
        rf"(?P<day4>\d{{1,2}})\.\s?(?P<month4>\d{{1,2}})\.\s?{year(4)}",
        rf"(?P<day5>\d{{1,2}})(?P<slash>/)(?P<month5>\d{{1,2}})/{year(5)}",
        rf"{year(6)}\s*年\s*(?P<month6>\d{{1,2}})\s*月\s*(?P<day6>\d{{1,2}})\s*日",
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})", re.IGNORECASE)


@cache
def _months(language: str) -> dict[str, int]:
    """Names of the months and their short forms, in the language and in English."""
    return {
        name.casefold().rstrip("."): number
        for locale in _locales(language)
        for context in locale.months.values()
        for width in ("abbreviated", "wide")
        for number, name in context[width].items()
        if not name.isdigit()
    }


@cache
def _weekdays(language: str) -> frozenset[str]:
    return frozenset(
        name.casefold() for locale in _locales(language) for name in locale.days["format"]["wide"].values()
    )


@cache
def _locales(language: str) -> tuple["Locale", ...]:
    from babel import Locale

    codes = dict.fromkeys(("en", language if language in LANGUAGES else "en"))
    return tuple(Locale.parse(code) for code in codes)
