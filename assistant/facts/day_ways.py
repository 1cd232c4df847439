"""What each way of writing a day says, once it is found."""

import re
from collections.abc import Callable, Mapping

from assistant.facts.day_grammar import FoundWay
from assistant.facts.day_words import UNITS
from assistant.facts.shapes import (
    LAST,
    NEXT,
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
)

# A year of fewer than so many digits is of a reign or an era, where a language counts by one alone: 113 in Taiwan.
LONGEST_REIGN = 200
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
# The next word, or what of it stands before an apostrophe.
_FOLLOWING = re.compile(r"\s([^\W\d_]+)")


def _day_month(found: FoundWay) -> Mention | None:
    year, day, month = found.value("Y", "y") or 0, found.value("DO", "d"), found.value("MA", "m")
    if day is None or month is None or day > 31:
        return None
    last = None
    if found.has("e"):
        last = (found.value("Y", "z") or 0, found.value("MA", "n") or 0, found.value("DO", "e") or 0)
        year = year or last[0]
    elif found.has("and") and not found.has("b"):
        # Of "10 and 13 January" the first day has no month of its own.
        return found.mention(Calendar(year, month, found.value("DO", "x") or 0), "x")
    elif found.has("to", "and"):
        last = (year, month, found.value("DO", "x") or 0)
    weekday = found.value("Ww", "w", "v")
    return found.mention(Calendar(year, month, day, weekday, last), "w" if found.has("w") else "d")


def _month_day(found: FoundWay) -> Mention | None:
    place = found.match.end("d")
    mark = found.tokens[place].kinds if place < len(found.tokens) else {}
    is_ordinal = "O" in found.tokens[found.match.start("d")].kinds or ("d" in mark and "." not in mark)
    if not (found.grammar.month_leads or is_ordinal or found.has("y", "y2")):
        return None
    year, month, day = _year_of(found), found.value("MA", "m"), found.value("DO", "d")
    if year is None:
        return found.mention(Unread())
    if month is None or day is None or day > 31 or _goes_on_in_digits(found):
        return None
    weekday = found.value("Ww", "w")
    start = "" if found.has("r") else next((name for name in ("y2", "y3", "w") if found.has(name)), "m")
    if found.has("and") and not found.has("b"):
        return found.mention(Calendar(year, month, day, weekday), start, "d")
    last = None
    if found.has("to", "and"):
        last = (year, found.value("MA", "n") or month, found.value("DO", "x") or 0)
    return found.mention(Calendar(year, month, day, weekday, last), start)


def _goes_on_in_digits(found: FoundWay) -> bool:
    """Whether the day's digits are a part of more: "March 2.5", "May 10:30"."""
    return re.match(r"[.:]\d", found.text[found.tokens[found.match.end("d") - 1].end :][:2]) is not None


def _signs(found: FoundWay) -> Mention | None:
    year = _year_of(found)
    if year is None:
        return found.mention(Unread())
    month, day = found.value("D", "m") or 13, found.value("D", "d") or 0
    if found.has("w") and "O" in found.tokens[found.match.start("d")].kinds:  # the third Sunday of May
        return None
    # "3月5" may go on as a number of something.
    is_marked = "d" in found.tokens[found.match.end("d") - 1 if not found.has("w") else found.match.end("d")].kinds
    if month > 12 or not (is_marked or found.has("y2") or found.match.end() > found.match.end("d")):
        return None
    return found.mention(Calendar(year, month, day, found.value("W", "w", "v")))


def _signs_month(found: FoundWay) -> Mention | None:
    month, year = found.value("D", "m") or 13, _year_of(found)
    if year is None:
        return found.mention(Unread())
    return found.mention(Calendar(year, month, 0)) if month <= 12 else None


def _year_of(found: FoundWay) -> int | None:
    """The year as written, of two digits too, or as the so-manieth of a reign; 0 for none, None for one of a reign that
    nobody knows."""
    if (reigned := found.value("N", "r")) is not None:
        reign = found.tokens[found.match.start("r") - 1].kinds["R"]
        return reign + reigned
    year = found.value("YN", "y", "y2", "y3")
    eras = frozenset(found.grammar.language.dates.eras.values())
    if year is None or year >= LONGEST_REIGN or (year >= 100 and len(eras) != 1):
        return year or 0
    if year >= 100:
        return next(iter(eras)) + year
    place = found.match.start(next(name for name in ("y", "y2", "y3") if found.has(name)))
    before = found.tokens[place - 1] if place else None
    start = found.tokens[place].start
    is_named = (
        before is not None
        and before.end == start
        and not set("pijuo&b,") & set(before.kinds)
        and _IDEOGRAPH.match(found.text, before.start) is not None
    )
    return None if is_named or found.tokens[place].end - start != 2 else year


def _month_year(found: FoundWay) -> Mention | None:
    month, year = found.value("MA", "m", "m2"), found.value("Y", "y", "y2")
    if found.has("y2") and not found.grammar.year_leads:
        return None
    return found.mention(Calendar(year, month, 0)) if month and year else None


def _sided_month(found: FoundWay) -> Mention | None:
    month, side = found.value("M", "m", "m2"), found.value("K", "k", "k2")
    day = found.value("DO", "d") or 0
    return found.mention(SidedMonth(month, side, day)) if month and side is not None and day <= 31 else None


def _of_sided_year(found: FoundWay) -> Mention | None:
    month, day = found.value("MAD", "m", "m2", "m3", "m4"), found.value("DO", "d", "d2", "d3") or 0
    side = found.value("KP", "k", "l", "p", "k2", "l2", "p2", "k3", "l3", "p3")
    if not month or month > 12 or day > 31 or side is None or abs(side) > 1:
        return None
    return found.mention(OfSidedYear(month, day, side))


def _month_alone(found: FoundWay) -> Mention | None:
    month = found.value("M", "m") or found.value("D", "m2") or 13
    if month > 12:
        return None
    return found.mention(Calendar(0, month, 0), "m" if found.has("m") else "m2")


def _year_alone(found: FoundWay) -> Mention | None:
    year = _year_of(found)
    if not year or found.grammar.counted.match(found.text, _end(found)):
        return None
    if "." in found.tokens[found.match.end() - 1].kinds:
        return None
    return found.mention(Calendar(year, 0, 0), "y" if found.has("y") else "")


def _end(found: FoundWay) -> int:
    return found.tokens[found.match.end() - 1].end


def _week_day(found: FoundWay) -> Mention | None:
    weekday, side = found.value("W", "w", "w2", "w3", "w4"), found.value("K", "k", "k2", "k3", "k4")
    if weekday is None or side is None:
        return None
    return found.mention(Weekday(weekday, min(side, NEXT), in_week=True))


def _weekday_day(found: FoundWay) -> Mention | None:
    weekday, day = found.value("W", "w", "w2"), found.value("DO", "d", "d2")
    if found.has("d2") and not found.grammar.year_leads:  # "de 3e dinsdag" is the third of some month
        return found.mention(Unread())
    place = found.match.start("d")
    if (
        found.has("d") and found.is_count(place) and not _is_last(found)
    ):  # "On Monday a ferry sank", "am Montag drei Züge"
        return None
    if found.has("d") and day is not None and day <= 5 and "O" in found.tokens[place].kinds:
        # "الأحد الأول", with nothing between, is the first Sunday of some month.
        return found.mention(Unread() if place == found.match.start("w") + 1 else MonthDay(day, weekday=weekday))
    return found.mention(MonthDay(day, weekday=weekday)) if day is not None and weekday is not None else None


def _nth(found: FoundWay) -> Mention | None:
    weekday = found.value("W", "w", "w2", "w3")
    number = found.value("OD", "o", "o2", "o3") or (-1 if found.value("K", "l") == LAST else None)
    if weekday is None or number is None or number > 5:
        return None
    month, year = found.value("M", "m", "m2", "m4") or found.value("D", "m3") or 0, found.value("Y", "y") or 0
    side = found.value("K", "k", "k2", "k4", "k5")
    return found.mention(NthWeekday(number, weekday, year, month, min(side or 0, NEXT))) if month <= 12 else None


def _month_of_day(found: FoundWay) -> Mention | None:
    day, side = found.value("DO", "d", "d2", "d3", "d4"), found.value("K", "k", "k2", "k3", "k4")
    if day is None or side is None or _tells_how_long(found, "k2"):
        return None
    return found.mention(MonthDay(day, min(side, NEXT) + 12 * (found.value("K", "kz") or 0)))


def _tells_how_long(found: FoundWay, name: str) -> bool:
    """Whether the word behind a month is that of "두 달 전", two months ago, and not of the second of last month."""
    return found.has(name) and any(kind in "GHLE" for kind in found.tokens[found.match.start(name)].kinds)


def _weekday(found: FoundWay) -> Mention | None:
    weekday, side = found.value("W", "w") or 0, found.value("K", "k", "k2")
    if found.has("kk") and side is not None:  # "上上周三", two weeks before
        side += found.value("K", "kk") or 0
    # Chinese says "last week one" for last week's Monday.
    in_week = side is not None and not found.grammar.language.writing.spaces
    return found.mention(Weekday(weekday, side, in_week))


def _week_on(found: FoundWay) -> Mention | None:
    weekday, count = found.value("W", "w"), found.value("N", "n")
    sign = -1 if "G" in found.tokens[found.match.start("h")].kinds else 1
    if weekday is None or count is None:
        return None
    return found.mention(Weekday(weekday, sign * count, in_week=True))


def _unit(found: FoundWay) -> Mention | None:
    side = found.value("K", "k", "k2")
    unit = next(kind for kind in "VXZ" if found.value(kind, "u", "u2") is not None)
    return found.mention(Shift(UNITS[unit], min(side or 0, NEXT)))


def _lapse(found: FoundWay) -> Mention | None:
    counts = found.lapse("n", "n2")
    if not counts or _is_before_something(found):
        return found.mention(Unread()) if counts else None
    place = found.match.start("post2") if found.has("post2") else found.match.start("pre")
    kinds = found.tokens[place].kinds
    if found.has("post2"):
        kind = next(kind for kind in "GHLE" if kind in kinds)
        if kind == "L" and _goes_on_with_a_noun(found):
            return found.mention(Unread())
    else:
        kind = next(kind for kind in "ghlk" if kind in kinds)
    sign, from_text = (1 if kind in "HhLl" else -1), kind in "LlEk"
    if len(counts) == 1:
        unit, count = counts[0]
        return found.mention(Shift(unit, sign * count, from_text))
    held = {unit: sign * count for unit, count in counts}
    return found.mention(_as_lapse(held, from_text=from_text))


def _is_before_something(found: FoundWay) -> bool:
    """Whether a word for ago says before what: "قبل أسبوع من الانتخابات", "преди месец май"."""
    first, place = found.tokens[found.match.start()], found.match.end()
    after = found.tokens[place].kinds if place < len(found.tokens) else {}
    is_before = found.text[first.start : first.end].casefold() in found.grammar.language.claims.before
    return is_before and ("M" in after or ("o" in after and not {"i", "p"} & after.keys()))


def _goes_on_with_a_noun(found: FoundWay) -> bool:
    """Whether it is told after what: "…, due settimane dopo l'apertura", "dos días después del ataque".

    The word must be one that says so elsewhere. What opens a sentence may stand by itself: "Due settimane dopo il
    governo cadde".
    """
    last, start = found.tokens[found.match.end() - 1], found.tokens[found.match.start()].start
    following = _FOLLOWING.match(found.text, last.end)
    if following is None:
        return False
    spoken = found.grammar.language
    of, articles = frozenset(spoken.dates.of), frozenset(spoken.sentences.articles)
    phrases = (phrase.split() for phrase in spoken.claims.after)
    after = frozenset(first for first, *rest in phrases if not rest or rest[0] in of)
    before = found.text[:start].rstrip()
    opens = not before or before[-1] in ".!?:\n"
    return found.text[last.start : last.end].casefold() in after and following[1].casefold() in (
        of - articles if opens else of | articles
    )


def _as_lapse(held: Mapping[str, int], from_text: bool = False, base: int = 0) -> Lapse:
    days = held.get("day", 0) + 7 * held.get("week", 0)
    return Lapse(held.get("year", 0), held.get("month", 0), days, from_text, base)


def _from_day(found: FoundWay) -> Mention | None:
    sign = -1 if found.has("back") or found.value("n", "s", "s2") is None else 1
    held = {unit: sign * count for unit, count in found.lapse("n", "n2")}
    return found.mention(_as_lapse(held, base=found.value("r", "r", "r2") or 0)) if held else None


def _from_now(found: FoundWay) -> Mention | None:
    counts = dict(found.lapse("n", "n2"))
    return found.mention(_as_lapse(counts)) if counts else None


def _relative(found: FoundWay) -> Mention | None:
    if _is_nth_day(found):
        return found.mention(Unread())
    if (days := found.value("r", "r")) is not None:
        return found.mention(Shift("day", days))
    if (days := found.value("T", "T")) is not None:
        return found.mention(ByTense(days))
    return found.mention(Shift("day", found.value("t", "t") or 0, from_text=True))


def _year_from(found: FoundWay) -> Mention | None:
    return found.mention(Shift("year", found.value("P", "P") or 0))


def _is_nth_day(found: FoundWay) -> bool:
    """Whether a word for "today" is "the day" with what tells which behind it: "اليوم الخامس" is the fifth day."""
    place = found.match.start()
    after = found.tokens[place + 1].kinds if place + 1 < len(found.tokens) else {}
    return {"r", "U"} <= found.tokens[place].kinds.keys() and bool({"O", "K"} & after.keys())


def _season(found: FoundWay) -> Mention | None:
    season, year = found.value("S", "s", "s2") or 0, found.value("Y", "y", "y2")
    side = found.value("KP", "k", "k2", "k3")
    if year is None and side is None:
        return None
    return found.mention(Season(season, year or 0, side))


def _weekend(found: FoundWay) -> Mention | None:
    return found.mention(Weekend(found.value("K", "k", "k2")))


def _day_of_number(found: FoundWay) -> Mention | None:
    """ "El 17 del 11"."""
    day, month = found.value("D", "d") or 0, found.value("D", "m") or 13
    return found.mention(Calendar(0, month, day), "d") if month <= 12 and _is_last(found) else None


def _is_last(found: FoundWay) -> bool:
    """Whether nothing follows in the clause that the number could count."""
    rest = found.text[_end(found) :][:2]
    return not rest.strip() or re.match(r"\s?[.,;:!?)»”\"](?!\d)", rest) is not None


def _bare_day(found: FoundWay) -> Mention | None:
    """ "On the 27th": a number alone is a day where its mark says so, or where nothing follows that it could count."""
    day = found.value("D", "d", "d2")
    mark = next((found.tokens[found.match.start(name)] for name in ("mark", "mark2") if found.has(name)), None)
    place = found.match.end()
    after = found.tokens[place] if place < len(found.tokens) else None
    if _is_nth_day(found) or (after is not None and set("UVXZMA%") & set(after.kinds)):
        return None
    rest = found.text[_end(found) :][:2]
    if mark is not None and found.has("mark2"):
        is_word = mark.start > found.tokens[found.match.start("d2")].end
        if not (found.grammar.year_leads or is_word):  # "the 21st century", "3. Tag"
            return None
    # After nothing but an article, "the 21st" is as often a century or an anniversary.
    before = found.tokens[found.match.start()].kinds
    if not _is_last(found) and (mark is None or ("p" in before and "a" in before)):
        return None
    if mark is not None and "." in mark.kinds and not (rest[:1] == " " and rest[1:].islower()):
        return None
    return found.mention(MonthDay(day), "d" if found.has("d") else "d2") if day is not None else None


READERS: Mapping[str, Callable[[FoundWay], Mention | None]] = {
    "unread": lambda found: found.mention(Unread()),
    "day_month": _day_month,
    "month_day": _month_day,
    "signs": _signs,
    "signs_month": _signs_month,
    "month_year": _month_year,
    "sided_month": _sided_month,
    "of_sided_year": _of_sided_year,
    "month_alone": _month_alone,
    "year_alone": _year_alone,
    "week_day": _week_day,
    "weekday_day": _weekday_day,
    "nth": _nth,
    "month_of_day": _month_of_day,
    "weekday": _weekday,
    "unit": _unit,
    "lapse": _lapse,
    "from_day": _from_day,
    "from_now": _from_now,
    "week_on": _week_on,
    "year_from": _year_from,
    "relative": _relative,
    "season": _season,
    "weekend": _weekend,
    "day_of_number": _day_of_number,
    "bare_day": _bare_day,
}
