"""What Unicode's CLDR knows of a language's numbers, money and days, by way of Babel."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies

from index.languages.scripts import SPACELESS

# Currencies whose name is one word in any language, for their country stands beside it: the dollar's show which word.
DOLLARS = ("USD", "CAD", "AUD", "NZD")
# Those of the news. Where several share a name it stands for none of their countries, but for the first of all.
CURRENCIES = (
    "USD EUR GBP CHF CAD AUD NZD HKD SGD TWD JPY CNY KRW INR IDR PKR RUB UAH BYN PLN CZK HUF RON BGN RSD TRY ILS EGP "
    "SAR AED IRR IQD KWD QAR ZAR NGN KES GHS BRL ARS MXN CLP COP PEN SEK NOK DKK ISK THB VND PHP MYR KZT GEL".split()
)
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
UNITS = ("day", "week", "month", "year")
DIMENSIONS = ("duration", "length")
_UNSPACED = re.compile(f"[{SPACELESS}]{{2,}}")
_PLURALS = ("zero", "one", "two", "few", "many", "other")


def locale_of(code: str) -> Locale | None:
    """The language's locale, None when CLDR has none."""
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def day_first(code: str) -> Locale:
    """The locale in which days are written; English where CLDR has none for the language.

    The plain English locale is American; a reader of many countries' news is better served day first.
    """
    return locale_of("en-GB" if code == "en" else code) or Locale("en", "GB")


def is_from_right(code: str) -> bool:
    """Whether the language is written from right to left."""
    locale = locale_of(code)
    return locale is not None and locale.text_direction == "rtl"


@cache
def decimal_sign(code: str) -> str:
    """What parts a whole number from its fraction: "," in most languages; "" where CLDR does not know."""
    locale = locale_of(code)
    signs = locale.number_symbols if locale else {}
    return str(signs.get("latn", signs).get("decimal", ""))


@cache
def multiples(code: str) -> Mapping[str, int]:
    """What a number may be a multiple of, to its power of ten: "mil millones" to 9, "млрд" to 9, "万" to 4."""
    locale = locale_of(code)
    found: dict[str, int] = {}
    for width in ("long", "short") if locale else ():
        assert locale is not None
        for patterns in locale.compact_decimal_formats[width].values():
            for number, pattern in patterns.items():
                word = re.sub(r"['.]", "", pattern.suffix[0]).strip().casefold()
                # "K" and "M" are as often something else.
                if len(word) > 1 or (word and not word.isascii()):
                    found.setdefault(" ".join(word.split()), len(number) - pattern.pattern.count("0"))
    return found


@cache
def currencies(code: str) -> Mapping[str, str]:
    """What money is called, in each form, to its unit: "złotych" to PLN, "dollars" to $, "pesos" to ARS/MXN/…"""
    locale = locale_of(code)
    if locale is None:
        return {}
    owners: dict[str, dict[str, None]] = {}
    nouns: dict[str, dict[str, None]] = {}
    for currency in CURRENCIES:
        for name in _names(locale, currency):
            owners.setdefault(name, {})[currency] = None
            nouns.setdefault(_noun(name, locale), {})[currency] = None
    nouns.pop("", None)
    for currency in CURRENCIES:  # "Dollar" is the "US-Dollar" too, "ドル" the "米ドル", "фунт" the "фунт стерлингов"
        for name in _names(locale, currency):
            pieces = re.split(r"[\s\u2010-]+", name)
            for noun, held in nouns.items():
                if noun in pieces or (_UNSPACED.fullmatch(noun) and name.endswith(noun)):
                    held[currency] = None
    for noun, held in nouns.items():
        owners.setdefault(noun, {}).update(held)
    home = _home(locale)
    symbol = str(locale.currency_symbols.get(home, "")).rstrip(".")
    if symbol.isalpha():  # "zł", "Kč", "Ft", "kr"
        owners.setdefault(symbol.casefold(), {})[home] = None
    return {name: _unit(tuple(held), home) for name, held in owners.items() if len(name) > 1 or not name.isascii()}


def home_unit(code: str) -> str:
    """The symbol or code of the currency of most who speak the language, "" when that is not known."""
    locale = locale_of(code)
    home = _home(locale) if locale else ""
    return SYMBOLS.get(home, home)


def _noun(name: str, locale: Locale) -> str:
    """The word of a currency's name that says what money it is; "" where that may mean something else."""
    dollar, words = _dollar(locale), name.split()
    if found := next((word for word in words if word.startswith(dollar)), ""):
        return found
    others = _before_dollar(locale)
    if _is_noun_first(locale):
        return next((word for word in words if word not in others), "")
    return "" if words[-1] in others else words[-1]


@cache
def _is_noun_first(locale: Locale) -> bool:
    """Whether the word for the dollar opens its names oftener than it ends them."""
    dollar, names = _dollar(locale), [name.split() for name in _all_names(locale, DOLLARS)]
    return sum(words[0].startswith(dollar) for words in names) > sum(words[-1].startswith(dollar) for words in names)


@cache
def relative_days(code: str) -> Mapping[int, tuple[str, ...]]:
    """Days from today to what they are called: -1 to "ieri"."""
    fields = _fields(code, "day")
    named = Counter(fields.get("relative", {}).values())  # Hindi says the same of yesterday and of tomorrow
    return {int(str(days)): (name,) for days, name in fields.get("relative", {}).items() if named[name] == 1}


@cache
def relative_years(code: str) -> Mapping[int, str]:
    """Years from this one to what they are called: -1 to "i fjor"."""
    return {int(str(years)): name for years, name in _fields(code, "year").get("relative", {}).items()}


@cache
def unit_forms(code: str, unit: str) -> tuple[str, ...]:
    """The forms of "day", "week", "month" or "year" after a number: "день", "дня", "дней"."""
    fields = _fields(code, unit)
    patterns = [*fields.get("past", {}).values(), *fields.get("future", {}).values()]
    forms = dict.fromkeys(
        found[1] for pattern in patterns if (found := re.search(r"\{0\}\s?([^\W\d_]+)", pattern.casefold()))
    )
    return tuple(forms)


@cache
def unit_alone(code: str, unit: str, number: str) -> str:
    """The form that is "one" or "two" of the unit without a number, as "неделю" and "يومين" are; "" for none.

    "År", one or many in Swedish, tells no number.
    """
    patterns = {
        str(category): re.sub(r"\(\{0\}\)", "", pattern.casefold()).split()
        for category, pattern in _fields(code, unit).get("past", {}).items()
    }
    if number not in patterns or len(patterns) == 1:
        return ""
    shared = set.intersection(*(set(words) for words in patterns.values())) | {"{0}"}
    forms = {category: next((word for word in words if word not in shared), "") for category, words in patterns.items()}
    return forms[number] if len(set(forms.values())) > 1 else ""


@cache
def counted(code: str, key: str) -> tuple[str, ...]:
    """How the language writes that something was ("past") so long ago, or will be ("future"): "{n} ago"."""
    patterns = [pattern for unit in UNITS for pattern in _fields(code, unit).get(key, {}).values()]
    templates = (re.sub(r"\{0\}\s?[^\W\d_]+", "{n}", pattern.casefold()) for pattern in patterns)
    return tuple(dict.fromkeys(template for template in templates if "{n}" in template and len(template) > 4))


def _fields(code: str, unit: str) -> Mapping[str, Mapping[object, str]]:
    """Babel reads these of CLDR and uses them to write time spans, but has no name of its own for them."""
    locale = locale_of(code)
    return dict(locale._data["date_fields"].get(unit, {})) if locale else {}


def _names(locale: Locale, currency: str) -> Iterator[str]:
    """The names of a currency in every number, folded."""
    plurals = locale._data["currency_names_plural"].get(currency) or {}
    forms = [plurals[plural] for plural in _PLURALS if plural in plurals]
    yield from dict.fromkeys(
        " ".join(name.split()).casefold() for name in (*forms, locale.currencies.get(currency, "")) if name
    )


def _all_names(locale: Locale, held: tuple[str, ...]) -> list[str]:
    return [name for currency in held for name in _names(locale, currency)]


@cache
def _dollar(locale: Locale) -> str:
    """How the word for the dollar begins: what most of the names of dollars have in common, of several the first."""
    begins = Counter(
        begin
        for currency in DOLLARS
        for begin in dict.fromkeys(word[:4] for name in _names(locale, currency) for word in name.split())
    )
    return max(begins, key=lambda begin: (begins[begin], len(begin)), default="?")


@cache
def _before_dollar(locale: Locale) -> frozenset[str]:
    """The words before the dollar in its names, which mean no money: "nuovo", since Taiwan has a new dollar."""
    dollar, names = _dollar(locale), [name.split() for name in _all_names(locale, (*DOLLARS, "TWD"))]
    places = [next((place for place, word in enumerate(words) if word.startswith(dollar)), 0) for words in names]
    return frozenset(word for words, place in zip(names, places, strict=True) for word in words[:place])


def _home(locale: Locale) -> str:
    """The currency of the country that most who speak the language live in, "" when that is not known."""
    likely = str(get_global("likely_subtags").get(locale.language, ""))
    return next(iter(get_territory_currencies(likely.rpartition("_")[2])), "") if likely else ""


def _unit(held: tuple[str, ...], home: str) -> str:
    """The symbol or code of the only currency so called; of several that of home, or of a dollar, euro or pound."""
    known = (home, *SYMBOLS)
    chosen = next((currency for currency in known if currency in held), held[0] if len(held) == 1 else "")
    return SYMBOLS.get(chosen, chosen) or "/".join(held)


@cache
def measures(code: str) -> Mapping[str, str]:
    """What the language calls units of time and length, in each form, to which of the two: "hours" to "duration"."""
    locale = locale_of(code)
    found: dict[str, str] = {}
    for name, widths in (locale._data["unit_patterns"] if locale else {}).items():
        dimension = name.partition("-")[0]
        if dimension in DIMENSIONS:
            for width in ("long", "short"):
                for pattern in widths.get(width, {}).values():
                    word = re.sub(r"\{0\}|\.$", "", str(pattern)).strip().casefold()
                    if re.fullmatch(r"[^\W\d_]+", word) and (len(word) > 1 or not word.isascii()):
                        found.setdefault(word, dimension)
    return found
