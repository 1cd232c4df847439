"""What the page says, and how it writes dates and numbers, in the reader's language."""

import gettext
import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

from assistant.facts.dates import display
from assistant.facts.resolving import ResolvedDate
from index.languages.cldr import day_first, locale_of

LANGUAGES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "uk": "Українська",
}
CATALOGUES = Path(__file__).with_name("languages")
# What a record calls an answerer, in words for a reader.
ANSWERERS = {"generative": "language model", "extractive": "quotation"}
FIRST_STRONG, END_OF_ISOLATE = "\u2068", "\u2069"

# One server speaks to several people at once, each in a thread of its own.
_language: ContextVar[str] = ContextVar("language", default="en")


def speak(language: str) -> None:
    """From here on, what this thread says is in that language."""
    _language.set(language)


def language() -> str:
    """The language spoken."""
    return _language.get()


def preferred(locale: str | None) -> str:
    """The page's language for a browser set to `locale`, "it-CH" for example; English when it has none."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else "en"


def direction(code: str) -> str:
    """How the language of that code is written: "rtl", "ltr", or "auto" where nothing tells."""
    locale = locale_of(code)
    return str(locale.text_direction) if locale else "auto"


def isolated(text: str) -> str:
    """The text as a run with a direction of its own, whatever stands around it."""
    return f"{FIRST_STRONG}{text}{END_OF_ISOLATE}"


def series(texts: Sequence[str]) -> str:
    """The texts one after the other, as the language lists things: "title, author and source"."""
    return str(format_list(texts, locale=_locale()))


def say(sentence: str, **values: object) -> str:
    """The sentence in the language spoken, with the values put in their places."""
    said = _translations(language()).gettext(sentence) if sentence else ""
    return _filled(said, values) if values else said


def answered_by(answerer: str) -> str:
    """What answers, by the name that an answer's record gives it, in the language spoken."""
    return say(ANSWERERS.get(answerer, answerer))


def reason(english: str) -> str:
    """Why a file was left out, as the index says it, in the language spoken; unchanged where that has no words for it.

    The catalogue holds it with the context "reason", and names for what differs from file to file.
    """
    for pattern, translated in _reasons(language()):
        if found := pattern.fullmatch(english):
            values = found.groupdict()
            within = {name: reason(value) for name, value in values.items() if name == "reason"}
            return _filled(translated, values | within)
    return english


def counted(one: str, many: str, number_: int) -> str:
    """The form of the sentence that goes with the number, which stands in it as {n}."""
    return _translations(language()).ngettext(one, many, number_).format(n=number(number_))


def number(value: float) -> str:
    """The number with the language's separators."""
    return format_decimal(value, locale=_locale())


def day(iso: str) -> str:
    """An ISO day as people write it, here "24 Nov 2026"; anything else unchanged."""
    try:
        return format_date(date.fromisoformat(iso), _day_pattern(), _locale())
    except ValueError:
        return iso


def days(first: str, last: str) -> str:
    """The days from ISO `first` to `last`: "26 January 2022", "January 2022", "10–13 January 2022"."""
    return display(ResolvedDate(0, 0, "", first, last, ""), language())


def month(iso: str) -> str:
    """The month of an ISO date that ends with it, here "Nov 2026"; a year stays a year."""
    return iso if len(iso) < 7 else str(format_skeleton("yMMM", date.fromisoformat(f"{iso}-01"), locale=_locale()))


def moment(iso: str) -> str:
    """An ISO date with time as people write it, here "24 Nov 2026, 00:04"; anything else unchanged."""
    pattern = str(_locale().datetime_formats["medium"]).format("HH:mm", _day_pattern())
    try:
        return format_datetime(datetime.fromisoformat(iso), pattern, locale=_locale())
    except ValueError:
        return iso


def duration(amount: float, unit: str) -> str:
    """So many of a unit of time, "minute" for example, here "3 mins"."""
    return str(format_unit(amount, f"duration-{unit}", "short", locale=_locale()))


def language_name(code: str) -> str:
    """What the language spoken calls the language of that code; the code itself when it has no name."""
    try:
        return Locale.parse(code).get_display_name(_locale()) or code
    except (ValueError, UnknownLocaleError):
        return code


def _filled(template: str, values: Mapping[str, object]) -> str:
    """The template with the values; in one written from right to left, each keeps the direction of its own letters."""
    apart = direction(language()) == "rtl"
    return template.format(**{name: isolated(str(one)) if apart else one for name, one in values.items()})


def _day_pattern() -> str:
    """How the language writes a day with its month cut short: "16. März 2024"."""
    return str(_locale().datetime_skeletons["yMMMd"].pattern)


def _locale() -> Locale:
    return day_first(language())


@lru_cache
def _catalogue(code: str) -> Catalog:
    """What is translated into the language; nothing into English."""
    path = CATALOGUES / f"{code}.po"
    if not path.is_file():
        return Catalog(code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


@lru_cache
def _translations(code: str) -> gettext.NullTranslations:
    compiled = BytesIO()
    write_mo(compiled, _catalogue(code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache
def _reasons(code: str) -> list[tuple[re.Pattern[str], str]]:
    """What to look for in an English reason, and its translation; those with the fewest gaps first."""
    reasons = [one for one in _catalogue(code) if one.context == "reason"]
    reasons.sort(key=lambda one: str(one.id).count("{"))
    return [(_with_gaps(str(one.id)), str(one.string)) for one in reasons]


def _with_gaps(template: str) -> re.Pattern[str]:
    literal_and_name = re.split(r"{(\w+)}", template)
    parts = [f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(literal_and_name)]
    return re.compile("".join(parts), re.DOTALL)
