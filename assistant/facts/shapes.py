"""What is written where a text mentions a day, a week, a month …: values, not yet resolved."""

from dataclasses import dataclass

THIS, NEXT, COMING, LAST = 0, 1, 2, -1
# Of two digits, those up to this one are of this century.
THIS_CENTURY = 40


def with_century(year: int) -> int:
    """The year that two digits stand for."""
    return year + 1900 + 100 * (year <= THIS_CENTURY)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Year (of two digits too), month and day as written, 0 for what is not; `last` is a range's end, so written."""

    year: int
    month: int
    day: int
    weekday: int | None = None
    last: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """A bare weekday; `side` is None when the tense decides. `in_week` is it one of the last, this or next week."""

    weekday: int
    side: int | None = None
    in_week: bool = False


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of last, this or next month, or, without `side`, of whichever month is meant; its weekday if told."""

    day: int
    side: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class SidedMonth:
    """Last May, this May, next May, or a day of it: "il 3 maggio scorso"."""

    month: int
    side: int
    day: int = 0


@dataclass(frozen=True, slots=True)
class OfSidedYear:
    """A day, or all of a month where `day` is 0, of last, this or next year."""

    month: int
    day: int
    side: int


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The `number`-th of a weekday, -1 for the last, in a month of the year: of a named one, or `side` from now."""

    number: int
    weekday: int
    year: int = 0
    month: int = 0
    side: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """`count` units from the article's date, or from a day named before it in the text."""

    unit: str
    count: int
    from_text: bool = False


@dataclass(frozen=True, slots=True)
class Lapse:
    """So many years, months and days from a day that is so many days from the article's date or the text's day."""

    years: int
    months: int
    days: int
    from_text: bool = False
    base: int = 0


@dataclass(frozen=True, slots=True)
class Season:
    """Spring (0) to winter of a year, of last, this or next year, or of whichever is meant."""

    season: int
    year: int = 0
    side: int | None = None


@dataclass(frozen=True, slots=True)
class Weekend:
    """A weekend; `side` is None when the tense decides."""

    side: int | None = None


@dataclass(frozen=True, slots=True)
class ByTense:
    """So many days ago or from now, as the tense decides: Hindi has one word for yesterday and tomorrow."""

    days: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A time that is told and cannot be known: "a few days ago", "44 BC", "in spring"."""


Shape = (
    Calendar
    | Weekday
    | MonthDay
    | SidedMonth
    | OfSidedYear
    | NthWeekday
    | Shift
    | Lapse
    | Season
    | Weekend
    | ByTense
    | Unread
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters `start` to `end` of a text mention a day, a week, a month …"""

    start: int
    end: int
    shape: Shape
