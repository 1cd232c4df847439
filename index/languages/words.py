"""What belongs to a language, read from one file for each: index/languages/it.toml and its neighbours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TypeVar

from index.packaged import part_of_program

FOLDER = Path(__file__).parent
Words = tuple[str, ...]
# One entry for each place in a row: of a row of months the third is March, whichever of its forms is written.
Row = tuple[Words, ...]
# What a text must match to its template; of several the first that fits counts.
Templates = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Writing:
    """How the language is written."""

    stemmer: str  # its name in PyStemmer
    capitals: bool  # names begin with a capital letter
    nouns_have_capitals: bool  # and so does every noun
    spaces: bool  # between words
    names_inflect: bool  # a name has other forms in other cases
    ordinal_dot: bool  # "3." is the third
    month_first: bool  # 3/14 is 14 March
    asks_in_place: bool  # what asks does not open the question
    postpositions: bool  # "since" and "until" stand behind the day
    told_by_words: bool  # the model that tells languages was never shown it, so that its own words tell it


@dataclass(frozen=True, slots=True)
class Spelling:
    """What tells the language from those so alike that a model takes one for the other; * stands for any letters."""

    letters: Words
    words: Words


@dataclass(frozen=True, slots=True)
class Questions:
    """The words that a question opens with, by what it asks for; the longer phrase counts."""

    date: Words
    name: Words
    place: Words
    number: Words
    reason: Words
    manner: Words
    thing: Words
    yes_no: Words


@dataclass(frozen=True, slots=True)
class Conversation:
    """What ties a question to the one before it."""

    connectives: Words  # that open it
    stand_ins: Words  # for somebody or something named before
    unnamed: Words  # somebody of whom no more is told


@dataclass(frozen=True, slots=True)
class Claims:
    """The words that change what a sentence claims; * stands for any letters."""

    said: Words  # somebody says so
    denied: Words  # somebody says that it is not so
    negations: Words
    all: Words
    none: Words
    about: Words  # the number beside it is no exact one
    possible: Words  # it would, could or might be, or be if
    planned: Words  # it is to be
    since: Words  # the day beside it is when something began that still is
    until: Words
    first: Words  # or when something was for the first time
    before: Words
    after: Words
    cancelled: Words  # what was to be was not, or not then
    corrected: Words  # a note takes back what was printed before
    untrue: Words  # told as what is not so


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What becomes of people in the news, and which people they are; * stands for any letters."""

    dead: Words
    hurt: Words
    missing: Words
    saved: Words
    men: Words
    women: Words
    people: Words  # that say no more of whom they count than that they are people


@dataclass(frozen=True, slots=True)
class Amounts:
    """The words of questions that only some numbers answer, and of numbers that say none; * stands for any letters."""

    many: Words  # that ask for a count
    vague: Words  # say how many without a number
    much: Words  # that ask for no count
    money: Words
    share: Words  # of a hundred


@dataclass(frozen=True, slots=True)
class People:
    """What somebody is called besides a name."""

    titles: Words
    callings: Words  # before a name and no part of it, "passenger"; * stands for any letters
    no_names: Words  # with capital letters, and nobody's: feasts, wishes, exclamations; * stands for any letters
    organisations: Words  # a word of its name that tells an organisation; * stands for any letters
    roles: Mapping[str, Words]  # the role in English to how the words for it begin; * stands for any letters


@dataclass(frozen=True, slots=True)
class Places:
    """What places are called besides CLDR's names."""

    features: Words  # a word of its name that tells a place, "lake"; * stands for any letters
    cities: Row  # those that CLDR lacks, in the order of the English file
    ordinary: Words  # words that are also a place's name


@dataclass(frozen=True, slots=True)
class Sentences:
    """What tells where sentences begin and end."""

    abbreviations: Words  # a full stop after one does not end the sentence
    ordinary: Words  # ordinary words that look like an abbreviation
    articles: Words
    openers: Words  # small words that open a sentence with a capital letter
    after_quotes: Words  # letters after a closing quotation mark with which the sentence goes on
    hyphenated: Words  # first parts that keep their hyphen in most words


@dataclass(frozen=True, slots=True)
class Pages:
    """The words around an article on its page."""

    asides: Words  # they lead to another article
    labels: Words  # before the day it was published
    prepositions: Words  # a day after one is part of a sentence
    times: Words  # before the time of day
    bylines: Words  # before the author
    ends: Words  # a last line of nothing else, in capital letters, says that the report is over
    corrections: Words  # they head a correction
    versions: Words  # a sentence with one tells what the article said before it was corrected
    mistaken: Words  # within a correction: what follows was wrong
    instead: Words  # within a correction, and before what was wrong; behind it where it begins with *
    untitled: Words  # what a program calls a file that its writer gave no title, besides a number


@dataclass(frozen=True, slots=True)
class Walls:
    """What pages say that stand where an article should be; * stands for any letters, … for a few words."""

    error: Words  # beside the number of one
    refused: Words  # all that the page's title says
    missing: Words  # how the title of a page begins whose article is not there
    robots: Words  # who asks whether a person reads
    consent: Words  # what a question about cookies is about
    accept: Words
    we: Words  # who asks it
    paid: Words  # the rest must be paid for


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers in words."""

    ten_multiplies: bool  # 二十 is two tens
    cardinals: Row  # from 0 on
    tens: Row  # 20 to 90
    hundred: Words
    hundreds: Row  # 200 to 900, where they are no plain multiples of that
    thousand: Words
    joiners: Words  # between the parts of a number
    ordinals: Row  # from the first on
    ordinal_tens: Row  # 20th, 30th
    ordinal_sign: Words  # before a number it makes it say which one
    half: Words  # behind a number, or behind what it is a multiple of, it adds a half
    half_ending: Words  # the same as the end of a number's word
    fractions: Mapping[str, Words]  # a number with a fraction to its words; of less than one only before a multiple
    alone: Words  # multiples that say one of themselves
    percent: Words
    percent_before: Words  # the same where it stands before the number
    of: Words  # between a number and what is counted
    duals: Mapping[str, Words]  # a power of ten to the words for two of it
    letters: Mapping[str, Words]  # a power of ten to the letter for it behind a sum of money
    multiples: Mapping[str, Words]  # a power of ten to the words for it that CLDR lacks
    sums: Mapping[str, Words]  # a power of ten to the words for so much of the currency of most who speak the language
    money: Mapping[str, Words]  # a currency's code to what it is called besides
    ordinary_money: Words  # names of money that are oftener something else


@dataclass(frozen=True, slots=True)
class Dates:
    """The words of days that CLDR lacks. {n} is a number and its unit ("three days"), * stands for any letters."""

    months: Row
    ordinary_months: Words  # names of months that are other words too, in small letters
    weekdays: Row  # Monday first
    endings: Words  # of months and weekdays, in cases and compounds
    prefixes: Words  # written as one with the next word
    of: Words  # between a day and its month
    to: Words
    between: Words
    both: Words  # "and", between the two days of a pair
    on: Words  # makes a day of a number alone
    in_month: Words
    in_year: Words
    year_mark: Words
    month_mark: Words
    day_mark: Words
    days: Mapping[int, Words]  # days from the article's
    text_days: Mapping[int, Words]  # days from one named before in the text
    last: Words
    this: Words
    next: Words
    coming: Words  # the nearest one to come, where "next" is that of next week
    day: Words
    week: Words
    month: Words
    year: Words
    few: Words  # a number that nobody knows
    ago: Words
    ahead: Words
    later: Words
    earlier: Words
    now: Words  # "from now", "from today"
    future: Words  # what makes a weekday, or a day without a year, one to come
    reported_future: Words  # what makes it so where it stands before the day: "would not reopen before Friday"
    set_for: Words  # what makes it so right before the day: "a strike for Thursday"; "på {d}", if it has no ending
    years: Row  # words for last year, this one and the next that name it alone
    seasons: Row  # spring first
    weekend: Words
    bc: Words
    clock: Words  # behind a number they make a time of day of it
    years_ahead: int  # the year by its calendar less ours
    eras: Mapping[str, int]  # a reign to the year before its first


@dataclass(frozen=True, slots=True)
class Phrases:
    """What code itself says; values stand in braces. A plural is avoided: "Articles that mention X: 3"."""

    who_is: str
    mentions: str
    none_mentions: str
    articles: str
    none: str
    newest: str
    oldest: str
    days: str
    outlets: str
    authors: str
    languages: str
    more: str
    found: str
    difference: str
    others: str
    latest_state: str
    earlier: str
    unsaid: str
    undated: str
    corrected: str
    talk: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """How a question is made that is offered; an empty template asks nothing.

    A name stands where no case changes it; {rest} is what a sentence says after its number, its day or its subject.
    """

    verb_opens: bool  # right behind what asks, so that only a day that opened the sentence can be asked for
    how_many: Templates  # behind a number that opens a sentence
    when: Templates  # behind, or before, the day of a sentence
    who: Templates  # behind the name that opens a sentence
    said: Templates
    day: Templates
    latest: Templates
    place: Templates  # a city
    about: Templates
    safe: Words  # what code counts exactly in any collection


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language; `absent` tells of each list that is empty on purpose why it is."""

    code: str
    writing: Writing
    spelling: Spelling
    questions: Questions
    conversation: Conversation
    claims: Claims
    outcomes: Outcomes
    amounts: Amounts
    people: People
    places: Places
    sentences: Sentences
    pages: Pages
    walls: Walls
    numbers: Numbers
    dates: Dates
    phrases: Phrases
    suggestions: Suggestions
    absent: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Detection:
    """What tells languages apart besides the model: those alike, their letters, those nobody publishes in, scripts."""

    alike: tuple[frozenset[str], ...]
    told_by_spelling: tuple[tuple[str, ...], ...]
    doubted: frozenset[str]
    letters: Mapping[str, str]
    unpublished: frozenset[str]
    scripts: Mapping[str, re.Pattern[str]]
    shared_scripts: tuple[tuple[re.Pattern[str], frozenset[str]], ...]


SECTIONS = {
    kind.__name__.lower(): kind
    for kind in (
        Writing,
        Spelling,
        Questions,
        Conversation,
        Claims,
        Outcomes,
        Amounts,
        People,
        Places,
        Sentences,
        Pages,
        Walls,
        Numbers,
        Dates,
        Phrases,
        Suggestions,
    )
}
Section = TypeVar("Section")
# The days that a file has names for, from the article's, and from one named before.
DAYS = {"three_ago": -3, "before_yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1, "after_tomorrow": 2}
DAYS |= {"in_three": 3}
EMPTY: Mapping[object, object] = {
    bool: False,
    int: 0,
    str: "",
    Mapping[str, Words]: {},
    Mapping[str, int]: {},
    Templates: {},
}
TEXT_DAYS = {"day_before": -1, "same_day": 0, "next_day": 1}
NEUTRAL = "neutral"
# Codes of one language that have others too, or had.
SAME_AS = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}


@cache
def codes() -> tuple[str, ...]:
    """The languages that have a file, in the order of the alphabet."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != NEUTRAL))


@cache
def language(code: str) -> Language:
    """The language of the code, whichever its region ("pt-BR"); one without any words when it has no file."""
    code = base(code)
    return read(FOLDER / f"{code if code in codes() else NEUTRAL}.toml")


def base(code: str) -> str:
    """The code without its region, and one for all forms and former codes of a language."""
    short = re.split("[-_]", code.strip().lower(), maxsplit=1)[0]
    return SAME_AS.get(short, short)


@cache
def others() -> Mapping[str, str]:
    """The languages with a press of some size that have no file, each with its stemmer's name, "" where none is."""
    with part_of_program(FOLDER / f"{NEUTRAL}.toml") as table:
        return {code: str(stemmer) for code, stemmer in table["others"].items()}


@cache
def detection() -> Detection:
    """What tells languages apart besides the model, those without a file among them."""
    with part_of_program(FOLDER / f"{NEUTRAL}.toml") as table:
        told, scripts, shared = table["detection"], table["scripts"], table["shared_scripts"]
        return Detection(
            tuple(frozenset(group.split()) for group in told["alike"]),
            tuple(tuple(group.split()) for group in told["told_by_spelling"]),
            frozenset(told["doubted"].split()),
            table["letters"],
            frozenset(told["unpublished"].split()),
            {code: re.compile("[{}-{}]".format(*ends)) for code, ends in scripts.items()},
            tuple((re.compile("[{}-{}]".format(*ends)), frozenset(codes.split())) for ends, codes in shared.items()),
        )


@cache
def known_codes() -> frozenset[str]:
    """The languages that a few words may be in: those that have a file, and `others`."""
    return frozenset({*codes(), *others()})


@cache
def with_capitals() -> tuple[str, ...]:
    """Those that write names with a capital letter: months, weekdays, places and money of theirs are known anywhere."""
    return tuple(sorted(code for code in known_codes() if language(code).writing.capitals))


@cache
def languages() -> tuple[Language, ...]:
    """Every language that has a file."""
    return tuple(map(language, codes()))


def read(path: Path) -> Language:
    """The language that the file describes; raises UserError when it is damaged."""
    with part_of_program(path) as table:
        return _language(path.stem, table)


def _language(code: str, table: Mapping[str, Mapping[str, object]]) -> Language:
    def section(kind: type[Section]) -> Section:
        return _section(kind, table.get(kind.__name__.lower(), {}))

    return Language(
        code,
        section(Writing),
        section(Spelling),
        section(Questions),
        section(Conversation),
        section(Claims),
        section(Outcomes),
        section(Amounts),
        section(People),
        section(Places),
        section(Sentences),
        section(Pages),
        section(Walls),
        section(Numbers),
        section(Dates),
        section(Phrases),
        section(Suggestions),
        {key: str(why) for key, why in table.get("absent", {}).items()},
    )


def missing(table: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The keys that a file neither has nor says why not, as "dates.months"."""
    absent = table.get("absent", {})
    wanted = [f"{name}.{key}" for name, kind in SECTIONS.items() for key in keys(kind)]
    return [key for key in wanted if key not in absent and not _has(table, key)]


def keys(kind: type) -> tuple[str, ...]:
    """What a section's keys are called in a file."""
    own = [field.name for field in fields(kind)]
    if kind is Dates:
        own[own.index("days") : own.index("text_days") + 1] = [*DAYS, *TEXT_DAYS]
    return tuple(own)


def _has(table: Mapping[str, Mapping[str, object]], key: str) -> bool:
    section, _, name = key.partition(".")
    return table.get(section, {}).get(name, "") not in ("", {})


def _section(kind: type[Section], table: Mapping[str, object]) -> Section:
    values: dict[str, object] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        found = table.get(field.name)
        _refuse_other_kind(f"{kind.__name__.lower()}.{field.name}", field.type, found)
        if kind is Dates and field.name in ("days", "text_days"):
            names = DAYS if field.name == "days" else TEXT_DAYS
            for name in names:
                _refuse_other_kind(f"dates.{name}", Words, table.get(name))
            values[field.name] = {day: _words(table.get(name)) for name, day in names.items() if table.get(name)}
        elif field.type is Templates:
            values[field.name] = found if isinstance(found, dict) else {"": str(found)} if found else {}
        elif isinstance(found, dict):
            values[field.name] = found if field.name == "eras" else {key: _words(forms) for key, forms in found.items()}
        elif field.type is Row:
            values[field.name] = tuple(map(_words, str(found).split(","))) if found else ()
        elif field.type is Words:
            values[field.name] = _words(found)
        else:
            values[field.name] = found if found is not None else EMPTY[field.type]
    return kind(**values)


def _refuse_other_kind(key: str, wanted: object, found: object) -> None:
    """Raises TypeError where the file says something of another kind than the key is for."""
    kinds: Mapping[object, tuple[type, ...]] = {
        bool: (bool,),
        int: (int,),
        Mapping[str, Words]: (dict,),
        Mapping[str, int]: (dict,),
        Templates: (str, dict),
    }
    if found is not None and type(found) not in kinds.get(wanted, (str,)):
        raise TypeError(f"{key} is {str(found)[:40]!r}")


def _words(written: object) -> Words:
    return tuple(part.strip() for part in str(written or "").split("|") if part.strip())


def pattern(words: Words) -> str:
    """The words as a regular expression that takes each of them whole; the longest first."""
    return "|".join(sorted(map(_flexible, words), key=len, reverse=True)) or "(?!)"


@cache
def written_marks(name: str) -> str:
    """What any language writes at a number to make it a day, a month or a year, as a regular expression.

    `name` is "day_mark", "month_mark" or "year_mark".
    """
    return pattern(tuple(mark for spoken in languages() for mark in getattr(spoken.dates, name)))


def _flexible(word: str) -> str:
    parts = [re.escape(part).replace(r"\ ", r"\s+").replace("'", "['’ʼ]") for part in word.split("*")]
    return r"\w*".join(parts).replace("…", ".{0,60}")
