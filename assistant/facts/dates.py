"""The days that an article tells of, the day of a sentence's event, and days as a language writes them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from babel.dates import format_date, format_skeleton

from assistant.facts.mentions import mentions_in
from assistant.facts.resolving import Course, ResolvedDate, month_of
from assistant.facts.shapes import Calendar, Mention
from index.articles import Article
from index.languages.cldr import day_first
from index.languages.names import weekdays
from index.languages.scripts import CAPITALS
from index.languages.words import Language, Words, base, codes, language, pattern
from index.passages import Sentence

OPENING = "the day the article opens with"
ARTICLE = "the article's date"

# The opening is searched for the reported day in so many characters and so many days before publication.
# Chosen on the very questions it is measured with: of 140, 87 are right without it, 122 with 7 days, 124 with 14,
# and the last two are one article in two languages.
OPENING_LENGTH = 400
OPENING_DAYS = 14
# How much of an article without a language is read to tell its language by its dates.
GUESS_LENGTH = 20_000
# So many articles' days are kept: as many as a few questions find.
KEPT = 256
# A dateline is a short line's beginning, or its whole: "LONDON, March 6 (Newswire) - ".
_DATELINE = re.compile(r"\s*(?:\([^()\n]{2,40}\)\s*)?(?:\.\s?)?(?:[-–—]{1,2}\s|:\s|\n\s*\S)")
_CITY = re.compile(r"(?:[^\W\d_][\w.'’-]*[,\s/]{0,3}){1,6}[,\s(]{1,3}|[(\s]*")
DATELINE_LENGTH = 90
# News told on a dateline's day was printed at most so many days later.
DATELINE_DAYS = 7


def dates_in(article: Article, start: int = 0, end: int | None = None) -> tuple[ResolvedDate, ...]:
    """Every date expression between the offsets, in order.

    An expression whose day depends on a year or on an article date that nobody knows is left out, as is an
    English 03/04/2022, which is two different days on two sides of an ocean, and the day of a dateline, on which
    the news was told.
    """
    until = len(article.text) if end is None else end
    return tuple(found for found in read_days(article).days if start <= found.start and found.end <= until)


def answer_date(article: Article, sentence: Sentence, beside: Collection[ResolvedDate] = ()) -> ResolvedDate | None:
    """When the event told by the sentence happened, or None when nothing tells.

    In this order: a day the sentence names, a week or month it names, the recent day the article opens with
    ("Yesterday, ..."), the article's own date. The last two have no text of their own (`text == ""`), and
    their basis says where they come from. A sentence with a time that cannot be read ("a few days ago", "44 BC")
    happened at neither of them. The days `beside` are of something else.
    """
    read = read_days(article)
    own = [date_ for date_ in read.days if sentence.start <= date_.start and date_.end <= sentence.end]
    own = [date_ for date_ in own if date_ not in beside]
    named = next((date_ for date_ in own if date_.iso), None) or next(
        (date_ for date_ in own if not is_background(article, date_)), None
    )
    if named:
        return named
    if any(sentence.start <= start < sentence.end for start in read.unread):
        return None
    reported = _reported_day(article, list(read.days), read.dateline)
    if reported is None:
        return None
    day, basis = reported
    return ResolvedDate(sentence.start, sentence.start, "", day, day, basis)


def is_background(article: Article, own: ResolvedDate) -> bool:
    """Whether the date is a year next to the article's: what news compares with, not when it happened."""
    published = _iso_day(article.published)
    first, last = date.fromisoformat(own.first), date.fromisoformat(own.last)
    return published is not None and (last - first).days > 300 and abs(first.year - published.year) <= 1


def display(resolved: ResolvedDate, language: str) -> str:
    """The date as the language writes it: "26 January 2022", "gennaio 2022", "10–13 January 2022"."""
    locale = day_first(language)
    first, last = date.fromisoformat(resolved.first), date.fromisoformat(resolved.last)
    if first == last:
        return format_date(first, "long", locale)
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return str(first.year)
    if (first, last) == month_of(first.year, first.month):
        return format_skeleton("yMMMM", first, locale=locale)
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    patterns = locale.interval_formats.get("yMMMd", {}).get(differs)
    if not patterns:
        return f"{format_date(first, 'long', locale)} – {format_date(last, 'long', locale)}"
    wide = [pattern.replace("MMM", "MMMM").replace("dd", "d") for pattern in patterns]
    shown = "".join(format_date(day, pattern, locale) for day, pattern in zip((first, last), wide, strict=True))
    # CLDR has thin spaces here in some languages and versions, ordinary ones or none in others.
    return shown.replace("\u2009–\u2009", "–" if differs == "d" else " – ")


@dataclass(frozen=True, slots=True)
class Days:
    """What an article tells of days, read once: its dates, where a time stands that cannot be read, its dateline."""

    days: tuple[ResolvedDate, ...]
    unread: tuple[int, ...]
    dateline: str  # ISO, or ""


def read_days(article: Article) -> Days:
    """The days of the article; of the last KEPT articles they are remembered."""
    return read_once(article.text, article.language, article.published)


@lru_cache(maxsize=KEPT)
def read_once(text: str, code: str, published: str) -> Days:
    """The same by what they depend on; `read_once.cache_info().misses` counts the texts that were read."""
    spoken = language(base(code) if code else _guessed(text))
    mentions = mentions_in(text, base(code) if code else spoken.code)
    written = [mention.shape for mention in mentions if isinstance(mention.shape, Calendar)]
    years = {shape.year for shape in written if shape.year}
    day = _iso_day(published)
    dates = spoken.dates
    ahead, reported = (_words(words, spoken.writing.spaces) for words in (dates.future, dates.reported_future))
    looking_ahead = ahead, reported, *_set_for(spoken)
    timeline = Course(text, day, years, *looking_ahead)
    dateline = next((mention for mention in mentions[:3] if _is_dateline(text, mention, spoken)), None)
    told = timeline.resolve(dateline) if dateline else None
    if told and told.iso and (day is None or 0 <= (day - date.fromisoformat(told.iso)).days <= DATELINE_DAYS):
        # "On Tuesday" is said on the dateline's day.
        timeline = Course(text, date.fromisoformat(told.iso), years, *looking_ahead)
    days, unread = [], []
    for mention in mentions:
        if mention == dateline:
            continue
        if resolved := timeline.resolve(mention):
            days.append(resolved)
        else:
            unread.append(mention.start)
    return Days(tuple(days), tuple(unread), told.iso if told else "")


def _is_dateline(text: str, mention: Mention, spoken: Language) -> bool:
    """Whether a day stands at the beginning of a line, after nothing but a place, and before a dash."""
    if not isinstance(mention.shape, Calendar) or not mention.shape.day or mention.start > OPENING_LENGTH:
        return False
    line = text.rfind("\n", 0, mention.start) + 1
    before = text[line : mention.start]
    if mention.end - line > DATELINE_LENGTH or not _CITY.fullmatch(before) or before.strip()[:1].islower():
        return False
    words = [word.strip(",.()/-") for word in before.split()]
    if words and words[-1].casefold() in {*spoken.pages.prepositions, *spoken.dates.on, *spoken.dates.of}:
        return False
    # A place and a press agency, and no beginning of a sentence.
    is_place = all(not word.islower() or len(word) <= 3 for word in words if word)
    return bool(words) and is_place and _DATELINE.match(text, mention.end) is not None


@cache
def _words(words: Words, spaces: bool) -> re.Pattern[str]:
    """Any of the words, whole where words are parted by spaces; what only ends so is no name, as "Irán" is."""
    if not spaces:
        return re.compile(pattern(words), re.IGNORECASE)
    whole, ends = (pattern(tuple(word for word in words if word.startswith("*") == is_end)) for is_end in (False, True))
    return re.compile(rf"(?<!\w)(?:{whole}|(?-i:(?![{CAPITALS}]))(?:{ends}))(?!\w)", re.IGNORECASE)


@cache
def _set_for(spoken: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What ends in words that set something for the day that follows, with its article or without; and what ends in
    such a word and a day that has no ending."""
    own, articles = spoken.dates.set_for, pattern(spoken.sentences.articles)
    alone = pattern(tuple(word.partition(" {d}")[0] for word in own if "{d}" in word))
    words = pattern(tuple(word for word in own if "{d}" not in word))
    names = pattern(tuple(weekdays(spoken.code)))
    if not spoken.writing.spaces:
        return re.compile(rf"(?:{words})$"), re.compile("(?!)")
    before = re.compile(rf"(?<!\w)(?:{words})\s+(?:(?:{articles})\s+)?$", re.IGNORECASE)
    return before, re.compile(rf"(?<!\w)(?:{alone})\s+(?:{names})$", re.IGNORECASE)


def _guessed(text: str) -> str:
    """The language in whose words the text has most dates."""
    part = text[:GUESS_LENGTH]

    def dated(code: str) -> int:
        return sum(mention.end - mention.start for mention in mentions_in(part, code))

    return max(codes(), key=dated)


def _reported_day(article: Article, found: list[ResolvedDate], dateline: str) -> tuple[str, str] | None:
    published = _iso_day(article.published) or _iso_day(dateline)
    if published is None:
        return None
    for opening in found:
        if opening.start > OPENING_LENGTH:
            break
        if opening.iso and 0 <= (published - date.fromisoformat(opening.iso)).days <= OPENING_DAYS:
            return opening.iso, OPENING
    return published.isoformat(), ARTICLE


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
