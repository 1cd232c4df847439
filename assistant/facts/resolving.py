"""A date in a text to the days that it means, by the article's date and by the text before it."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.facts.shapes import (
    COMING,
    LAST,
    NEXT,
    THIS,
    ByTense,
    Calendar,
    Lapse,
    Mention,
    MonthDay,
    NthWeekday,
    OfSidedYear,
    Season,
    Shift,
    SidedMonth,
    Unread,
    Weekday,
    Weekend,
    with_century,
)
from index.languages.scripts import SENTENCE_ENDS

WRITTEN = "written in full"
FROM_TEXT = "year from the text before"
FROM_WEEKDAY = "year from the weekday"
FROM_ARTICLE = "year from the article's date"
RELATIVE_TO_ARTICLE = "relative to the article's date"
RELATIVE_TO_TEXT = "relative to a date before it in the text"

# A year of two digits is known where it is within so many years of the article's: in Japan and Taiwan one further away
# may be that of a reign.
SHORT_YEARS = 25
# News speaks of the past: a day to come must be this much nearer than the past one to be meant.
FUTURE_WEIGHT = 2
# How far back a written year may decide about a day without one, in characters and in days of its sequence.
YEAR_REACH = 500
SEQUENCE_DAYS = 200
BACK_DAYS = 60  # and it seldom goes back further
_POSSESSIVE = re.compile(r"(?:\s\w+)?['’]s\b")  # "for Monday's crash", "for Sunday night's"
_SENTENCE_END = re.compile(rf"[{SENTENCE_ENDS};\n]")
# Characters on each side of a date that are searched for a future tense, never past the sentence.
TENSE_REACH = 120
MONTH_DAYS = 35
# A weekday tells the year of a day so near: a year, and as much as news is printed late.
WEEKDAY_REACH = 372


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


@dataclass(slots=True)
class Course:
    """What is known of the time while reading on: the article's date, the last day, the last written year."""

    text: str
    published: date | None
    years: set[int]
    future: re.Pattern[str]
    reported_future: re.Pattern[str]
    set_for: re.Pattern[str]
    set_for_bare: re.Pattern[str]
    last_day: date | None = None
    last_year: tuple[int, date] | None = None  # where it ends, and the first day it may mean
    last_year_alone: tuple[int, int] | None = None

    def resolve(self, mention: Mention) -> ResolvedDate | None:
        """The days meant, or None when they depend on something unknown."""
        try:
            span = self._span(mention)
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

    def _span(self, mention: Mention) -> tuple[date, date, str] | None:
        match mention.shape:
            case Calendar():
                return self._calendar(mention, mention.shape)
            case Unread():
                return None
            case Shift(from_text=True) | Lapse(from_text=True):
                return self._from(self.last_day, mention, RELATIVE_TO_TEXT)
        return self._from(self.published, mention, RELATIVE_TO_ARTICLE)

    def _from(self, anchor: date | None, mention: Mention, basis: str) -> tuple[date, date, str] | None:
        """What is told from a day, None when that is not known."""
        if anchor is None:
            return None
        days: tuple[date, date] | date | None
        match mention.shape:
            case Weekday():
                days = self._weekday(anchor, mention, mention.shape)
            case MonthDay():
                days = self._month_day(anchor, mention, mention.shape)
            case SidedMonth():
                days = _sided_month(anchor, mention.shape)
            case OfSidedYear(month=month, day=day, side=side):
                year = anchor.year + side
                days = date(year, month, day) if day else month_of(year, month)
            case NthWeekday():
                days = self._nth(anchor, mention, mention.shape)
            case Season():
                days = _season(anchor, mention.shape)
            case Weekend():
                days = self._weekend(anchor, mention, mention.shape)
            case ByTense(days=count):
                days = anchor + timedelta(days=count if self._looks_ahead(mention) else -count)
            case Lapse():
                days = _lapse(anchor, mention.shape)
            case Shift():
                days = _shift(anchor, mention.shape)
            case _:
                days = None
        if days is None:
            return None
        return (*days, basis) if isinstance(days, tuple) else (days, days, basis)

    def _calendar(self, mention: Mention, shape: Calendar) -> tuple[date, date, str] | None:
        year, basis = shape.year, WRITTEN
        if 0 < year < 100:
            year = with_century(year)
            if self.published is None or abs(self.published.year - year) > SHORT_YEARS:
                return None
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
            first, last = month_of(year, shape.month)
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

    def _year(self, mention: Mention, shape: Calendar) -> tuple[int, str] | None:
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
            near = [candidate for candidate in right if abs((candidate - anchor).days) <= WEEKDAY_REACH]
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
            looks_ahead = self._looks_ahead(mention)
            if not shape.day:
                # "In May" of an article of March is last May, unless the words look ahead.
                ahead = shape.month - self.published.month
                other = int(ahead < 0) if looks_ahead else -int(ahead > 0)
                return self.published.year + other, FROM_ARTICLE
            meant = nearest(self.published, 1 / FUTURE_WEIGHT if looks_ahead else FUTURE_WEIGHT)
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

    def _is_near(self, mention: Mention, end: int) -> bool:
        return mention.start - end <= YEAR_REACH and "\n" not in self.text[end : mention.start]

    def _looks_ahead(self, mention: Mention) -> bool:
        before = _SENTENCE_END.split(self.text[max(0, mention.start - TENSE_REACH) : mention.start])[-1]
        after = _SENTENCE_END.split(self.text[mention.end : mention.end + TENSE_REACH], maxsplit=1)[0]
        reported = self.reported_future.search(before)
        return bool(self.future.search(before) or self.future.search(after) or reported)

    def _is_to_come(self, mention: Mention) -> bool:
        """Whether a day within a few is one to come: the words look ahead, or something is set for it."""
        before, after = self.text[max(0, mention.start - TENSE_REACH) : mention.start], self.text[mention.end :]
        until = before + self.text[mention.start : mention.end]
        found = self.set_for.search(before) or self.set_for_bare.search(until)
        is_set = found is not None and not _POSSESSIVE.match(after[:TENSE_REACH])
        return is_set or self._looks_ahead(mention)

    def _weekday(self, anchor: date, mention: Mention, shape: Weekday) -> date:
        monday = anchor - timedelta(days=anchor.weekday())
        if shape.in_week or shape.side in (THIS, NEXT):
            return monday + timedelta(days=7 * (shape.side or 0) + shape.weekday)
        ahead, back = (shape.weekday - anchor.weekday()) % 7, (anchor.weekday() - shape.weekday) % 7
        if shape.side == COMING or (shape.side is None and self._is_to_come(mention)):
            return anchor + timedelta(days=ahead or 7 * (shape.side == COMING))
        return anchor - timedelta(days=back or 7 * (shape.side == LAST))

    def _month_day(self, anchor: date, mention: Mention, shape: MonthDay) -> date | None:
        if shape.side is not None:
            first, _ = _months_from(anchor, shape.side)
            return _day(first.year, first.month, shape.day)
        months = (_months_from(anchor, offset)[0] for offset in range(-3, 4))
        found = [day for month in months if (day := _day(month.year, month.month, shape.day))]
        if shape.weekday is not None:
            found = [day for day in found if day.weekday() == shape.weekday]
            # A weekday that fits no month beside the article's was a slip, or is no date.
            found = [day for day in found if abs((day - anchor).days) <= MONTH_DAYS]
        looks_ahead = self._is_to_come(mention)
        meant = [day for day in found if (day >= anchor if looks_ahead else day <= anchor)] or found
        return min(meant, key=lambda day: abs((day - anchor).days), default=None)

    def _nth(self, anchor: date, mention: Mention, shape: NthWeekday) -> date | None:
        if not shape.month:
            first, _ = _months_from(anchor, shape.side)
            return _nth_weekday(first.year, first.month, shape)
        if shape.year:
            return _nth_weekday(shape.year, shape.month, shape)
        years = (anchor.year - 1, anchor.year, anchor.year + 1)
        found = [day for year in years if (day := _nth_weekday(year, shape.month, shape))]
        weight = 1 / FUTURE_WEIGHT if self._looks_ahead(mention) else FUTURE_WEIGHT
        return min(found, key=lambda day: max((day - anchor).days * weight, (anchor - day).days), default=None)

    def _weekend(self, anchor: date, mention: Mention, shape: Weekend) -> tuple[date, date]:
        saturday = anchor + timedelta(days=5 - anchor.weekday())
        is_ahead = shape.side in (NEXT, COMING) or (shape.side is None and self._is_to_come(mention))
        if shape.side == NEXT and anchor.weekday() < 5:
            is_ahead = True
        if shape.side == LAST or (not is_ahead and shape.side is None and saturday > anchor):
            saturday -= timedelta(days=7)
        elif shape.side in (NEXT, COMING) and saturday <= anchor:
            saturday += timedelta(days=7)
        return saturday, saturday + timedelta(days=1)


def _sided_month(anchor: date, shape: SidedMonth) -> tuple[date, date] | date:
    year, told = anchor.year, (shape.month, shape.day)
    now = (anchor.month, anchor.day if shape.day else 0)
    if shape.side == LAST:
        year -= told >= now
    elif shape.side in (NEXT, COMING):
        year += told <= now
    return date(year, shape.month, shape.day) if shape.day else month_of(year, shape.month)


def _season(anchor: date, shape: Season) -> tuple[date, date] | None:
    """From its first month to its last; a winter belongs to the year in which it begins."""
    year, month = shape.year, 3 + 3 * shape.season
    if not year:
        year = anchor.year
        if shape.side == LAST and date(year, month, 1) > anchor - timedelta(days=92):
            year -= 1
        elif shape.side in (NEXT, COMING) and date(year, month, 1) <= anchor:
            year += 1
    last_year, last_month = divmod(month + 1, 12)
    return date(year, month, 1), month_of(year + last_year, last_month + 1)[1]


def _lapse(anchor: date, shape: Lapse) -> date | None:
    start = anchor + timedelta(days=shape.base)
    first, last = _months_from(start, 12 * shape.years + shape.months)
    return date(first.year, first.month, min(start.day, last.day)) + timedelta(days=shape.days)


def _shift(anchor: date, shape: Shift) -> tuple[date, date]:
    if shape.unit == "day":
        day = anchor + timedelta(days=shape.count)
        return day, day
    if shape.unit == "week":
        first = anchor + timedelta(days=7 * shape.count - anchor.weekday())
        return first, first + timedelta(days=6)
    if shape.unit == "month":
        return _months_from(anchor, shape.count)
    return date(anchor.year + shape.count, 1, 1), date(anchor.year + shape.count, 12, 31)


def _nth_weekday(year: int, month: int, shape: NthWeekday) -> date | None:
    first, last = month_of(year, month)
    if shape.number < 0:
        return last - timedelta(days=(last.weekday() - shape.weekday) % 7)
    day = first + timedelta(days=(shape.weekday - first.weekday()) % 7 + 7 * (shape.number - 1))
    return day if day <= last else None


def _months_from(anchor: date, count: int) -> tuple[date, date]:
    """The first and the last day of the month that is so many months from the day."""
    years, month = divmod(anchor.month - 1 + count, 12)
    return month_of(anchor.year + years, month + 1)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of the month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])
