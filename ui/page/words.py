"""What the page says, and how it writes dates and numbers, in the reader's language."""

import gettext
import re
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from assistant.facts.dates import ResolvedDate, display

LANGUAGES = {
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "uk": "Українська",
}
CATALOGUES = Path(__file__).with_name("languages")

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


def say(sentence: str, **values: object) -> str:
    """The sentence in the language spoken, with the values put in their places."""
    said = _translations(language()).gettext(sentence) if sentence else ""
    return said.format(**values) if values else said


def reason(english: str) -> str:
    """Why a file was left out, as the index says it, in the language spoken; unchanged where that has no words for it.

    The catalogue holds it with the context "reason", and names for what differs from file to file.
    """
    for pattern, translated in _reasons(language()):
        if found := pattern.fullmatch(english):
            return translated.format(**found.groupdict())
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
        return format_date(date.fromisoformat(iso), "d MMM yyyy", _locale())
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
    try:
        return format_datetime(datetime.fromisoformat(iso), "d MMM yyyy, HH:mm", locale=_locale())
    except ValueError:
        return iso


def language_name(code: str) -> str:
    """What the language spoken calls the language of that code; the code itself when it has no name."""
    try:
        return Locale.parse(code).get_display_name(_locale()) or code
    except (ValueError, UnknownLocaleError):
        return code


def _locale() -> Locale:
    # The plain English locale is American; day first suits a reader of many countries' news better.
    return Locale.parse("en_GB" if language() == "en" else language())


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
