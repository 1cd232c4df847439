"""Numbers in text that count or measure something, whichever way they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache

from assistant.date_words import DATE_WORDS
from assistant.dates import dates_in
from index.articles import Article

# Of the page's languages and their neighbours: what a number may be a multiple of.
MULTIPLES = {
    3: "thousand mila tausend mille mil тисяча тисячі тисяч тис тысяча тысячи тысяч тыс duizend tusen",
    6: (
        "million millions milione milioni millionen mio millón millones millon мільйон мільйони мільйона мільйонів "
        "млн миллион миллиона миллионов milhão milhões miljoen millioner"
    ),
    9: (
        "billion miliardo miliardi milliarde milliarden mrd milliard milliards мільярд мільярди мільярда мільярдів "
        "млрд миллиард миллиарда миллиардов miljard milliarder"
    ),
}
UNITS = {
    "%": "% percent per procent prozent pour por відсоток відсотки відсотків процент процента процентов prosent",
    "€": "€ euro euros eur євро евро",
    "$": "$ dollar dollars dollari dollar dólar dólares долар долари доларів доллар долларов",
    "£": "£ pound pounds sterline pfund livres libras фунт фунтів фунтов",
}
_POWERS = {word: power for power, words in MULTIPLES.items() for word in words.split()}
_UNITS = {word: unit for unit, words in UNITS.items() for word in words.split()}
# After a number of hundreds: "per cento", "pour cent", "por ciento", else they are words of their own.
_HALF_PERCENT = frozenset({"per", "pour", "por"})
_NEXT_WORD = re.compile(r"\s\w+")

# No digits of a name ("TUR-17"), a time (9:17, 19.42 Uhr), an ordinal (3rd, 3°), a score or a range (20-30).
_NUMBER = re.compile(
    r"(?<![\w.,:/–-])(?<!\d[–-]\s)(?<!\d\s[–-]\s)(?P<money>[€$£])?\s?"
    r"(?P<digits>\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?!\d)|\d+)(?P<fraction>[.,]\d{1,2}(?!\d))?"
    r"(?![:/–°º-]\w|\d|[^\W\d_]|[.,:]\d|\s?[–-]\s?\d|\s(?:Uhr|h)\b|\s(?:to|a|bis|à|до|até|tot|til)\s\d)"
    r"(?:\s(?P<multiple>[^\W\d_]+)\.?)?(?P<of>\s(?:di|de|d'))?(?:\s?(?P<unit>[%€$£]|[^\W\d_]+))?"
)
# A number after one of these is no exact one.
ABOUT = frozenset(
    "about around some nearly almost over under more less least most fewer up roughly circa quasi oltre almeno fino "
    "più meno etwa rund knapp fast über unter mehr weniger mindestens höchstens bis environ près presque plus moins "
    "casi unos unas más menos hasta cerca alrededor понад близько майже більше менше щонайменше до около почти более "
    "менее свыше mais quase até meer minder ruim bijna ongeveer mer enn nesten omtrent".split()
)
_WORDS_ABOUT = 3
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Characters `start` to `end` of a text say `value` of `unit`: "%", "€", "$", "£", or "" for a plain count.

    `exact` is false after a word such as "about" or "more than".
    """

    start: int
    end: int
    value: Decimal
    unit: str
    exact: bool


def quantities_in(article: Article, start: int, end: int) -> Iterator[Quantity]:
    """The numbers written in digits between the offsets of the article, without those of its dates."""
    dated = [(date.start, date.end) for date in dates_in(article, start, end)]
    for found in _NUMBER.finditer(article.text, start, end):
        first = found.start("digits")
        if any(one <= first < other for one, other in dated):
            continue
        digits, fraction = re.sub(r"\D", "", found["digits"]), found["fraction"] or ""
        last = found.end("fraction") if fraction else found.end("digits")
        power = _POWERS.get((found["multiple"] or "").casefold(), 0)
        grouped = len(found["digits"]) > len(digits)
        if _YEAR.fullmatch(found["digits"]) and not power and not fraction:
            continue
        if len(fraction) == 3 and not power and int(digits) < 24:
            continue  # "alle 3.40", "19.42 Uhr": a time
        value = Decimal(digits)
        if grouped and power and len(found["digits"]) - len(digits) == 1 and not fraction:
            value = Decimal(re.sub(r"\D", ".", found["digits"]))  # "8,125 million"
        elif fraction:
            value = Decimal(f"{digits}.{fraction[1:]}")
        if power:
            last = found.end("multiple")
        named = (found["unit"] if power else found["multiple"] or found["unit"]) or ""
        unit = found["money"] or _unit(named, article.text[last : last + 20])
        if found["unit"] and found["unit"] in "%€$£":
            last = max(last, found.end("unit"))
        elif named and unit and not found["money"]:
            last = found.end("unit" if power or not found["multiple"] else "multiple")
            if named.casefold() in _HALF_PERCENT and (cent := _NEXT_WORD.match(article.text, last)):
                last = cent.end()
        before = re.findall(r"[^\W\d_]+", re.split(r"[.,;:]\s", article.text[start:first])[-1])[-_WORDS_ABOUT:]
        exact = ABOUT.isdisjoint(map(str.casefold, before))
        yield Quantity(found.start("money") if found["money"] else first, last, value.scaleb(power), unit, exact)


def is_number_word(word: str, language: str) -> bool:
    """Whether it has a digit, or is a number from two to ten in that language; "one" is mostly an article."""
    return any(map(str.isdigit, word)) or word.casefold() in _number_words(language)


@cache
def _number_words(language: str) -> frozenset[str]:
    if language not in DATE_WORDS:
        return frozenset()
    return frozenset(form for forms in DATE_WORDS[language].numbers.split()[1:] for form in forms.split("|"))


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether both can be true: they are equal, one is a rounder form of the other, or one is no exact number."""
    if not (one.exact and other.exact) or one.unit != other.unit:
        return True
    return _is_rounder(one.value, other.value) or _is_rounder(other.value, one.value)


def loses_multiple(text: str, source: str) -> bool:
    """Whether the text has a number of the source without what it is multiplied by there: 11.5 for 11.5 million."""
    powers: dict[str, set[int]] = {}
    for number, power in _powers(source):
        powers.setdefault(number, set()).add(power)
    return any(power not in powers.get(number, {power}) for number, power in _powers(text))


def multiple_or_unit(word: str) -> int | str | None:
    """The power of ten that the word multiplies by, or the unit that it names; None for any other word."""
    return _POWERS.get(word.casefold()) or _UNITS.get(word.casefold())


def _powers(text: str) -> Iterator[tuple[str, int]]:
    for found in _NUMBER.finditer(text):
        digits, fraction = re.sub(r"\D", "", found["digits"]), (found["fraction"] or "")[1:]
        yield f"{digits}.{fraction}", _POWERS.get((found["multiple"] or "").casefold(), 0)


def _is_rounder(one: Decimal, other: Decimal) -> bool:
    """Whether `other`, with as few digits as `one`, is `one`: 1500 for 1487, 900 for 912, never 31 for 34."""
    exponent = one.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    shifted = other.scaleb(-exponent)
    return one.scaleb(-exponent) in (shifted.to_integral_value(ROUND_HALF_UP), shifted.to_integral_value(ROUND_DOWN))


def _unit(word: str, following: str) -> str:
    unit = _UNITS.get(word.casefold(), "")
    if word.casefold() in _HALF_PERCENT and not re.match(r"\s?\w+ c(?:ent|ient)", following):
        return ""
    return unit
