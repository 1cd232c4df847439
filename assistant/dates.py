"""Dates in text, resolved against the article's date and the text before them."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from assistant.date_words import DATE_WORDS, DateWords
from index.articles import Article
from index.passages import Sentence

WRITTEN = "written in full"
FROM_TEXT = "year from the text before"
FROM_WEEKDAY = "year from the weekday"
FROM_ARTICLE = "year from the article's date"
RELATIVE_TO_ARTICLE = "relative to the article's date"
RELATIVE_TO_TEXT = "relative to a date before it in the text"
OPENING = "the day the article opens with"
ARTICLE = "the article's date"

# News speaks of the past: a day to come must be this much nearer than the past one to be meant.
FUTURE_WEIGHT = 2
# How far back a written year may decide about a day without one, in characters and in days of its sequence.
YEAR_REACH = 500
SEQUENCE_DAYS = 200
BACK_DAYS = 60  # and it seldom goes back further
# The opening is searched for the reported day in so many characters and so many days before publication.
# Chosen on the very questions it is measured with: of 140, 87 are right without it, 122 with 7 days, 124 with 14,
# and the last two are one article in two languages.
OPENING_LENGTH = 400
OPENING_DAYS = 14
# Characters on each side of a date that are searched for a future tense, never past the sentence.
TENSE_REACH = 120
# How much of an article without a language is read to tell its language by its dates.
GUESS_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """A date expression and the days it covers.

    `text == article.text[start:end]`; `first` and `last` are ISO days, both included, equal for a single day.
    """

    start: int
    end: int
    text: str
    first: str
    last: str
    basis: str

    @property
    def iso(self) -> str:
        """The day, or "" for a week, a month, a year or another range."""
        return self.first if self.first == self.last else ""


def dates_in(article: Article, start: int = 0, end: int | None = None) -> tuple[ResolvedDate, ...]:
    """Every date expression between the offsets, in order.

    An expression whose day depends on a year or on an article date that nobody knows is left out, as is an
    English 03/04/2022, which is two different days on two sides of an ocean.
    """
    until = len(article.text) if end is None else end
    return tuple(found for found in _resolved(article) if start <= found.start and found.end <= until)


def answer_date(article: Article, sentence: Sentence) -> ResolvedDate | None:
    """When the event told by the sentence happened, or None when nothing tells.

    In this order: a day the sentence names, a week or month it names, the recent day the article opens with
    ("Yesterday, ..."), the article's own date. The last two have no text of their own (`text == ""`), and
    their basis says where they come from.
    """
    found = _resolved(article)
    own = [date_ for date_ in found if sentence.start <= date_.start and date_.end <= sentence.end]
    named = next((date_ for date_ in own if date_.iso), None) or next(
        (date_ for date_ in own if not _is_background(article, date_)), None
    )
    if named:
        return named
    reported = _reported_day(article, found)
    if reported is None:
        return None
    day, basis = reported
    return ResolvedDate(sentence.start, sentence.start, "", day, day, basis)


def _is_background(article: Article, own: ResolvedDate) -> bool:
    """Whether the date is a year next to the article's: what news compares with, not when it happened."""
    published = _iso_day(article.published)
    first, last = date.fromisoformat(own.first), date.fromisoformat(own.last)
    return published is not None and (last - first).days > 300 and abs(first.year - published.year) <= 1


def display(resolved: ResolvedDate, language: str) -> str:
    """The date as the language writes it: "26 January 2022", "gennaio 2022", "10–13 January 2022"."""
    # The plain English locale is American; a reader of many countries' news is better served day first.
    locale = _locale("en_GB" if language == "en" else language) or Locale("en", "GB")
    first, last = date.fromisoformat(resolved.first), date.fromisoformat(resolved.last)
    if first == last:
        return format_date(first, "long", locale)
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return str(first.year)
    if (first, last) == _month(first.year, first.month):
        return format_skeleton("yMMMM", first, locale=locale)
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    patterns = locale.interval_formats.get("yMMMd", {}).get(differs)
    if not patterns:
        return f"{format_date(first, 'long', locale)} – {format_date(last, 'long', locale)}"
    wide = [pattern.replace("MMM", "MMMM").replace("dd", "d") for pattern in patterns]
    shown = "".join(format_date(day, pattern, locale) for day, pattern in zip((first, last), wide, strict=True))
    # CLDR has thin spaces here in some languages and versions, ordinary ones or none in others.
    return shown.replace("\u2009–\u2009", "–" if differs == "d" else " – ")


# --- What is written ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Year, month and day as written, 0 for what is not; `last` is the end of a range in the same form."""

    year: int
    month: int
    day: int
    weekday: int | None = None
    last: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Weekday:
    """A bare weekday; `side` is -1 for "last", 1 for "next", 0 when the tense decides."""

    weekday: int
    side: int


@dataclass(frozen=True, slots=True)
class _Shift:
    """`count` units from the article's date, or from a day named before it in the text."""

    unit: str
    count: int
    from_text: bool = False


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    shape: _Calendar | _Weekday | _Shift


# --- Finding ------------------------------------------------------------------------------------------------

# No quantifier below is unbounded: a match costs a constant, a text its length.
_APOSTROPHES = "['’ʼ`‘]"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?!\d)"
_ORDINAL = r"(?:(?:\.|[°º]|-?(?:st|nd|rd|th|er|го|е|те|ste|de|e|o))(?!\w))?"
_YEAR = r"(?:1\d|20|21)\d\d(?![\w%]|[.,/:-]\d)"
_DASH = r"\s?[-–—/]\s?"
_START = r"(?<!\w)(?<!\d[.,/:-])"
_YEAR_FIRST = re.compile(r"(?<![\w./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-]|\.\d)")
_DAY_FIRST = re.compile(r"(?<![\w./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?![\d/-]|\.\d)")
_SENTENCE_END = re.compile(r"[.!?;\n]")


def _key(word: str) -> str:
    word = unicodedata.normalize("NFC", re.sub(_APOSTROPHES, "'", word)).casefold()
    return " ".join(word.rstrip(".").split())


def _pattern(words: str) -> str:
    """The phrases as a pattern that knows every blank, apostrophe and way to compose an accent."""
    if not words:
        return "(?!)"
    letters = (
        letter if letter.isascii() else f"(?:{letter}|{unicodedata.normalize('NFD', letter)})" for letter in words
    )
    return "(?:" + "".join(letters).replace(" ", r"\s{1,3}").replace("'", _APOSTROPHES) + ")"


def _any_of(words: Iterable[str]) -> str:
    return _pattern("|".join(sorted(map(re.escape, words), key=len, reverse=True)).replace(r"\ ", " "))


def _then(words: str) -> str:
    """One of the words and what parts it from the next: a blank, or nothing after an apostrophe."""
    return rf"{_pattern(words)}(?:(?<={_APOSTROPHES})\s?|\s{{1,3}})"


def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class _Reader:
    """The date expressions of one language; each pattern is looked for in the whole text."""

    words: DateWords
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    units: Mapping[str, str]
    numbers: Mapping[str, int]
    day_month: re.Pattern[str]
    month_day: re.Pattern[str]
    month_year: re.Pattern[str]
    month_alone: re.Pattern[str]
    year_alone: re.Pattern[str]
    weekday_alone: re.Pattern[str]
    sided_units: tuple[re.Pattern[str], ...]
    counted: tuple[tuple[re.Pattern[str], int, bool], ...]  # pattern, direction in time, from the text?
    phrases: tuple[tuple[re.Pattern[str], int, bool], ...]  # pattern, days, from the text?
    future: re.Pattern[str]

    def mentions(self, text: str) -> list[_Mention]:
        """What is written, in order; where expressions overlap, the longest."""
        chosen: list[_Mention] = []
        for mention in sorted(self._every(text), key=lambda mention: (mention.start, -mention.end)):
            if not chosen or mention.start >= chosen[-1].end:
                chosen.append(mention)
            elif mention.end - mention.start > chosen[-1].end - chosen[-1].start:
                chosen[-1] = mention
        return chosen

    def _every(self, text: str) -> Iterator[_Mention]:
        for match in _YEAR_FIRST.finditer(text):
            yield from _full(match, int(match[1]), int(match[3]), int(match[4]))
        for match in _DAY_FIRST.finditer(text):
            day, month = int(match[1]), int(match[3])
            if month > 12:
                day, month = month, day
            elif self.words.month_first and day <= 12 and day != month:
                continue
            yield from _full(match, int(match[4]), month, day)
        for match in self.day_month.finditer(text):
            yield from self._day_month(match)
        for match in self.month_day.finditer(text) if self.words.month_first else ():
            yield from self._month_day(match)
        for match in self.month_year.finditer(text):
            if self._is_month(match["m"]):
                yield _Mention(*match.span(), _Calendar(int(match["y"]), self.months[_key(match["m"])], 0))
        for match in self.month_alone.finditer(text):
            if self._is_month(match["m"]):
                yield _Mention(*match.span("m"), _Calendar(0, self.months[_key(match["m"])], 0))
        for match in self.year_alone.finditer(text):
            group = "y" if match["y"] else "marked"
            yield _Mention(*match.span(group), _Calendar(int(match[group][:4]), 0, 0))
        for match in self.weekday_alone.finditer(text):
            yield _Mention(*match.span(), _Weekday(self.weekdays[_key(match["w"])], _side(match)))
        for pattern in self.sided_units:
            for match in pattern.finditer(text):
                if (unit := self.units[_key(match["u"])]) != "day":
                    yield _Mention(*match.span(), _Shift(unit, _side(match)))
        for pattern, sign, from_text in self.counted:
            for match in pattern.finditer(text):
                number = _key(match["n"])
                count = int(number) if number.isdecimal() else self.numbers[number]
                yield _Mention(*match.span(), _Shift(self.units[_key(match["u"])], sign * count, from_text))
        for pattern, count, from_text in self.phrases:
            for match in pattern.finditer(text):
                yield _Mention(*match.span(), _Shift("day", count, from_text))

    def _day_month(self, match: re.Match[str]) -> Iterator[_Mention]:
        if not self._is_month(match["m"]) or (match["m2"] and not self._is_month(match["m2"])):
            return
        year, day, month = int(match["y"] or 0), int(match["d"]), self.months[_key(match["m"])]
        last = None
        if match["m2"]:
            last_year = int(match["y2"] or 0)
            last = (last_year, self.months[_key(match["m2"])], int(match["d2"]))
            year = year or last_year
        elif match["and"] and not match["between"]:
            # Of "10 and 13 January" the first day has no month of its own.
            yield _Mention(match.start("to"), match.end(), _Calendar(year, month, int(match["to"])))
            return
        elif match["to"]:
            last = (year, month, int(match["to"]))
        weekday = self.weekdays[_key(match["w"])] if match["w"] else None
        start = match.start("w" if match["w"] else "d")
        yield _Mention(start, match.end(), _Calendar(year, month, day, weekday, last))

    def _month_day(self, match: re.Match[str]) -> Iterator[_Mention]:
        if not self._is_month(match["m"]) or (match["m2"] and not self._is_month(match["m2"])):
            return
        year, month, day = int(match["y"] or 0), self.months[_key(match["m"])], int(match["d"])
        weekday = self.weekdays[_key(match["w"])] if match["w"] else None
        start = match.start("w" if match["w"] else "m")
        if match["and"] and not match["between"]:
            yield _Mention(start, match.end("d"), _Calendar(year, month, day, weekday))
            return
        last = None
        if match["to"]:
            last = (year, self.months[_key(match["m2"])] if match["m2"] else month, int(match["to"]))
        yield _Mention(start, match.end(), _Calendar(year, month, day, weekday, last))

    def _is_month(self, written: str) -> bool:
        return not self.words.capitals or written[0].isupper()


def _full(match: re.Match[str], year: int, month: int, day: int) -> Iterator[_Mention]:
    if _day(year, month, day):
        yield _Mention(*match.span(), _Calendar(year, month, day))


def _side(match: re.Match[str]) -> int:
    """-1 for "last", 1 for "next", 0 for "this" or nothing."""
    groups = match.groupdict()
    ahead, back = groups.get("next") or groups.get("next2"), groups.get("last") or groups.get("last2")
    return bool(ahead) - bool(back)


@lru_cache(maxsize=32)
def _reader(language: str) -> _Reader:
    words = DATE_WORDS.get(language, DateWords())
    locale = _locale(language) or Locale("en")
    wide_months: dict[str, int] = {}
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for style in ("format", "stand-alone"):
        wide_months |= {_key(name): month for month, name in locale.months[style]["wide"].items()}
        months |= {_key(name): month for month, name in locale.months[style]["abbreviated"].items()}
        weekdays |= {_key(name): day for day, name in locale.days[style]["wide"].items()}
    wide_months |= {_key(name): month for month, name in enumerate(words.months.split(), start=1)}
    months |= wide_months
    weekdays |= {_key(name): day for day, name in enumerate(words.weekdays.split())}
    units = {_key(form): unit for unit, forms in words.units.items() for form in forms.split("|")}
    numbers = {_key(form): n for n, forms in enumerate(words.numbers.split(), start=1) for form in forms.split("|")}

    wide_month, weekday = _any_of(wide_months), _any_of(weekdays)
    # A full stop belongs to an abbreviation; behind a whole month it ends the sentence.
    month = rf"(?:{wide_month}(?!\w)|{_any_of(months)}(?!\w)\.?)"
    of = rf"(?:{_then(words.of)})?"
    mark = rf"(?:\s{{0,3}}{_pattern(words.year_mark)})"
    to = rf"(?:{_DASH}|\s{{1,3}}{_then(words.to)}|(?P<and>\s{{1,3}}{_then(words.between[1])}))"
    article = rf"(?:{_then('the|il|dem|den|der|o|a|de|dia|día|el|le|l' + chr(39))})?"
    named = rf"(?:(?P<w>{weekday})(?!\w)\.?\s?[,(]?\s{{0,3}}{article})?"
    between = rf"(?P<between>{_then(words.between[0])})?"
    side = rf"(?:(?P<last>{_then(words.last)})|(?P<next>{_then(words.next)})|{_then(words.this)})"
    side_after = rf"(?:\s{{1,3}}(?:(?P<last2>{_pattern(words.last)})|(?P<next2>{_pattern(words.next)}))(?!\w))"
    unit = rf"(?P<u>{_any_of(units)})(?!\w)"
    number = rf"(?P<n>\d{{1,3}}|{_any_of(numbers)})(?!\w)\s{{1,3}}{unit}"

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(_START + pattern, re.IGNORECASE)

    def counted(template: str) -> re.Pattern[str]:
        ahead, _, behind = template.partition("{n}")
        return compiled((_pattern(ahead) if ahead else "") + number + (_pattern(behind) if behind else "") + r"(?!\w)")

    return _Reader(
        words,
        months,
        weekdays,
        units,
        numbers,
        day_month=compiled(
            rf"{named}{between}(?P<d>{_DAY}){_ORDINAL}(?:{to}(?P<to>{_DAY}){_ORDINAL})?"
            rf"\s{{0,3}}{of}(?P<m>{month})(?:,?\s{{1,3}}{of}(?P<y>{_YEAR}){mark}?)?"
            rf"(?:(?:{_DASH}|\s{{1,3}}{_then(words.to)})(?P<d2>{_DAY}){_ORDINAL}\s{{1,3}}{of}(?P<m2>{month})"
            rf"(?:,?\s{{1,3}}{of}(?P<y2>{_YEAR}){mark}?)?)?"
        ),
        month_day=compiled(
            rf"{named}{between}(?P<m>{month})\s{{1,3}}(?:the\s)?(?P<d>{_DAY}){_ORDINAL}(?![:.,]\d)"
            rf"(?:{to}(?:(?P<m2>{month})\s{{1,3}})?(?P<to>{_DAY}){_ORDINAL})?(?:,?\s{{1,3}}{of}(?P<y>{_YEAR}))?"
        ),
        month_year=compiled(rf"(?P<m>{month}),?\s{{1,3}}{of}(?P<y>{_YEAR}){mark}?"),
        month_alone=compiled(rf"{_then(words.in_month)}(?P<m>{wide_month})(?!\w)"),
        year_alone=compiled(rf"(?:{_then(words.in_year)}(?P<y>{_YEAR}{mark}?)|(?P<marked>{_YEAR}{mark}))(?!\w)"),
        weekday_alone=compiled(rf"{side}?(?P<w>{weekday})(?!\w){side_after}?"),
        # "The last week of March" does not end at the article's date.
        sided_units=(compiled(rf"{side}{unit}(?!\s{{1,3}}{_then(words.of)})"), compiled(unit + side_after)),
        counted=tuple(
            (counted(template), sign, from_text)
            for templates, sign, from_text in (
                (words.ago, -1, False),
                (words.ahead, 1, False),
                (words.later, 1, True),
                (words.earlier, -1, True),
            )
            for template in filter(None, templates.split("|"))
        ),
        phrases=tuple(
            (compiled(rf"{_pattern(forms)}(?!\w)"), count, from_text)
            for table, from_text in ((words.days, False), (words.text_days, True))
            for count, forms in table.items()
        ),
        future=re.compile(words.future or "(?!)", re.IGNORECASE),
    )


def _language(article: Article) -> str:
    """The article's language, or the one in whose words its text has most dates."""
    if article.language:
        return article.language.replace("_", "-").split("-")[0].lower()
    text = article.text[:GUESS_LENGTH]

    def dated(language: str) -> int:
        return sum(mention.end - mention.start for mention in _reader(language).mentions(text))

    return max(DATE_WORDS, key=dated)


# --- Resolving ----------------------------------------------------------------------------------------------


def _resolved(article: Article) -> list[ResolvedDate]:
    reader = _reader(_language(article))
    mentions = reader.mentions(article.text)
    calendar = [mention.shape for mention in mentions if isinstance(mention.shape, _Calendar)]
    years = {shape.year for shape in calendar if shape.year}
    timeline = _Timeline(article.text, _iso_day(article.published), years, reader.future)
    return [resolved for mention in mentions if (resolved := timeline.resolve(mention))]


@dataclass(slots=True)
class _Timeline:
    """What is known of the time while reading on: the article's date, the last day, the last written year."""

    text: str
    published: date | None
    years: set[int]
    future: re.Pattern[str]
    last_day: date | None = None
    last_year: tuple[int, date] | None = None  # where it ends, and the first day it may mean
    last_year_alone: tuple[int, int] | None = None

    def resolve(self, mention: _Mention) -> ResolvedDate | None:
        """The days meant, or None when they depend on something unknown."""
        shape = mention.shape
        try:
            if isinstance(shape, _Calendar):
                span = self._calendar(mention, shape)
            elif isinstance(shape, _Weekday):
                span = self._weekday(mention, shape)
            else:
                span = self._shift(shape)
        except (ValueError, OverflowError):  # 31 February; 900 years ago and 9999 years before that
            return None
        if span is None:
            return None
        first, last, basis = span
        if first == last:
            self.last_day = first
        return ResolvedDate(
            mention.start,
            mention.end,
            self.text[mention.start : mention.end],
            first.isoformat(),
            last.isoformat(),
            basis,
        )

    def _calendar(self, mention: _Mention, shape: _Calendar) -> tuple[date, date, str] | None:
        year, basis = shape.year, WRITTEN
        if not shape.month:
            self.last_year_alone = (mention.end, year)
            return date(year, 1, 1), date(year, 12, 31), basis
        if not year:
            found = self._year(mention, shape)
            if found is None:
                return None
            year, basis = found
        if shape.day:
            first = last = date(year, shape.month, shape.day)
        else:
            first, last = _month(year, shape.month)
        if shape.last:
            last_year, last_month, last_day = shape.last
            last = date(last_year or year, last_month, last_day)
            if last < first and last_year and last_year == shape.year:  # 28 December – 3 January 2022
                first = date(year - 1, shape.month, shape.day)
            elif last < first and not last_year:
                last = date(year + 1, last_month, last_day)
            if last < first:
                return None
        # A month alone is mostly an aside ("fermo dal luglio 2019"): the story does not go on from there.
        if (shape.year and shape.day) or self.published is None:
            self.last_year = (mention.end, first)
        return first, last, basis

    def _year(self, mention: _Mention, shape: _Calendar) -> tuple[int, str] | None:
        """The year of a day or month written without one, and where it is known from."""
        day = shape.day or 15

        def nearest(anchor: date, future_weight: float) -> date | None:
            candidates = [
                candidate
                for year in range(anchor.year - 4, anchor.year + 5)
                if (candidate := _day(year, shape.month, day))
            ]
            right = [candidate for candidate in candidates if candidate.weekday() == shape.weekday]
            # A weekday decides among neighbouring years; one that fits none of them was a slip.
            near = [candidate for candidate in right if abs((candidate - anchor).days) < 550]
            return min(
                near or candidates,
                key=lambda candidate: (
                    (candidate - anchor).days * future_weight if candidate > anchor else (anchor - candidate).days
                ),
                default=None,
            )

        if self.published:
            if self.last_year and self._is_near(mention, self.last_year[0]):
                told = self.last_year[1]
                following = nearest(told, 1)
                # Only a story that plays long before the article carries its year on; else both agree.
                if (
                    following
                    and (self.published - told).days > 365
                    and -BACK_DAYS <= (following - told).days <= SEQUENCE_DAYS
                    and following <= self.published
                ):
                    return following.year, FROM_TEXT
            meant = nearest(self.published, 1 / FUTURE_WEIGHT if self._looks_ahead(mention) else FUTURE_WEIGHT)
            return (meant.year, FROM_ARTICLE) if meant else None
        if self.last_year:
            meant = nearest(self.last_year[1], 1)
            return (meant.year, FROM_TEXT) if meant else None
        if self.last_year_alone and self._is_near(mention, self.last_year_alone[0]):
            return self.last_year_alone[1], FROM_TEXT
        if shape.weekday is not None:
            fits = [
                year
                for year in self.years
                if (candidate := _day(year, shape.month, day)) and candidate.weekday() == shape.weekday
            ]
            if len(fits) == 1:
                return fits[0], FROM_WEEKDAY
        return None

    def _is_near(self, mention: _Mention, end: int) -> bool:
        return mention.start - end <= YEAR_REACH and "\n" not in self.text[end : mention.start]

    def _looks_ahead(self, mention: _Mention) -> bool:
        before = _SENTENCE_END.split(self.text[max(0, mention.start - TENSE_REACH) : mention.start])[-1]
        after = _SENTENCE_END.split(self.text[mention.end : mention.end + TENSE_REACH], maxsplit=1)[0]
        return bool(self.future.search(before) or self.future.search(after))

    def _weekday(self, mention: _Mention, shape: _Weekday) -> tuple[date, date, str] | None:
        if self.published is None:
            return None
        if shape.side > 0 or (shape.side == 0 and self._looks_ahead(mention)):
            ahead = (shape.weekday - self.published.weekday()) % 7
            meant = self.published + timedelta(days=ahead or 7 * shape.side)
        else:
            back = (self.published.weekday() - shape.weekday) % 7
            meant = self.published - timedelta(days=back or -7 * shape.side)
        return meant, meant, RELATIVE_TO_ARTICLE

    def _shift(self, shape: _Shift) -> tuple[date, date, str] | None:
        anchor = self.last_day if shape.from_text else self.published
        if anchor is None:
            return None
        basis = RELATIVE_TO_TEXT if shape.from_text else RELATIVE_TO_ARTICLE
        if shape.unit == "day":
            first = last = anchor + timedelta(days=shape.count)
        elif shape.unit == "week":
            first = anchor + timedelta(days=7 * shape.count - anchor.weekday())
            last = first + timedelta(days=6)
        elif shape.unit == "month":
            years, month = divmod(anchor.month - 1 + shape.count, 12)
            first, last = _month(anchor.year + years, month + 1)
        else:
            first, last = date(anchor.year + shape.count, 1, 1), date(anchor.year + shape.count, 12, 31)
        return first, last, basis


def _reported_day(article: Article, found: list[ResolvedDate]) -> tuple[str, str] | None:
    published = _iso_day(article.published)
    if published is None:
        return None
    for opening in found:
        if opening.start > OPENING_LENGTH:
            break
        if opening.iso and 0 <= (published - date.fromisoformat(opening.iso)).days <= OPENING_DAYS:
            return opening.iso, OPENING
    return published.isoformat(), ARTICLE


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
