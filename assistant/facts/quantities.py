"""Numbers in text that count or measure something, whichever way they are written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from itertools import product

from assistant.facts.dates import read_once
from assistant.facts.fractions import HALF, fraction_at, half_at
from assistant.facts.number_words import begins_number, read_number
from assistant.facts.pieces import Phrases, TextPiece, key_of, pieces_of
from index.articles import Article
from index.languages.cldr import CURRENCIES, SYMBOLS, currencies, decimal_sign, home_unit, multiples
from index.languages.scripts import HANGUL, SPACELESS
from index.languages.words import Words, base, language, languages, pattern, with_capitals

SIGNS = {"€": "€", "$": "$", "£": "£", "¥": "JPY", "￥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY", "₴": "UAH"}
SIGNS |= {"₩": "KRW", "₪": "ILS", "%": "%", "٪": "%", "％": "%"}
# What stands right before a number only: dollars of other countries, and the codes that banks write.
DOLLAR_SIGNS = {
    "US$": "$",
    "R$": "BRL",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "HK$": "HKD",
    "NZ$": "NZD",
}
DOLLAR_SIGNS |= {"NT$": "TWD", "S$": "SGD"}
BEFORE = {code: SYMBOLS.get(code, code) for code in CURRENCIES} | DOLLAR_SIGNS
_GROUP = "[.,'’٬\u00a0\u202f ]"
_DIGITS = rf"\d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?!\d)|\d{{1,3}}(?:{_GROUP}\d{{3}})+(?!\d)|\d+"
_DOT_AND_MORE = re.compile(r"\.\s+\w")
WORDS_BESIDE = 3
# No further is looked for them: a sentence without an end may hold thousands of numbers.
CHARACTERS_BESIDE = 400
MOST_CHARACTERS = 10_000
MILLION = 1_000_000
KEPT = 4096  # sentences whose numbers are remembered
_DASHED = re.compile(r"\s?[–—-]\s?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_CLAUSE_END = re.compile(r"[,;:.!?。，、；：！？](?=\s|$|[^\x00-\x7f])|\s[–—-]\s|[()«»“”„\"]")
_WORD = re.compile(rf"[{SPACELESS}{HANGUL}]+|[^\W\d_]+(?:[-'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Characters `start` to `end` of a text say `value` of `unit`: "%", "€", "$", "£", another currency's code, or "".

    `exact` is false after a word such as "about" or "more than", and of a range, whose end is `most`. `before` and
    `after` are the words beside it in its clause: what is counted is among them.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    exact: bool
    most: Decimal | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    """A number as written: without what it is a multiple of, and where its digits or words begin and end."""

    start: int
    end: int
    value: Decimal
    fraction: str = ""
    grouped: str = ""  # its digits, when they are grouped
    is_year: bool = False


def quantities_in(article: Article, start: int, end: int) -> tuple[Quantity, ...]:
    """The numbers between the offsets of the article, in digits or in words, without ordinals and those of dates.

    What stands more than MOST_CHARACTERS from the first offset is in no sentence that anybody wrote, and is not read.
    """
    return _read_once(article.text, article.language, article.published, start, min(end, start + MOST_CHARACTERS))


@lru_cache(maxsize=KEPT)
def _read_once(text: str, code: str, published: str, start: int, end: int) -> tuple[Quantity, ...]:
    days = read_once(text, code, published).days
    dated = [(day.start, day.end) for day in days if start <= day.start and day.end <= end]
    measures = _measures(base(code) if code else "")
    written = [
        one
        for one in _numbers(text, start, end, measures)
        if not any(first <= one.start < last for first, last in dated)
    ]
    by_tens = bool(code) and language(code).numbers.ten_multiplies
    found: list[Quantity] = []
    last_end = start
    for place, one in enumerate(written):
        if one.start < last_end:
            continue
        following = written[place + 1] if place + 1 < len(written) else None
        if following and _is_score(text[one.end : following.start], one, following):
            last_end = following.end
        elif quantity := _quantity(text, one, following, measures, start, end):
            last_end = quantity.end
            if found and by_tens and _goes_on(text, found[-1], quantity):
                quantity = replace(
                    quantity, start=found[-1].start, value=found[-1].value + quantity.value, before=found.pop().before
                )
            found.append(quantity)
    return tuple(found)


def _numbers(text: str, start: int, end: int, measures: "_Measures") -> list[_Written]:
    """The numbers in digits, then those in words, in the order of the text."""
    found = [_in_digits(match) for match in _number().finditer(text, start, end)]
    code, powers = measures.code, measures.powers
    pieces = pieces_of(text[start:end])
    place = 0
    while place < len(pieces):
        if fraction := fraction_at(pieces, place, code, powers):
            found.append(_Written(start + pieces[place].start, start + fraction.end, fraction.value))
            place += fraction.pieces
            continue
        number = read_number(pieces, place, code) if _may_count(pieces[place].key, code) else None
        if number is None:
            place += 1
            continue
        first, last = pieces[place], pieces[place + number.pieces - 1]
        place += number.pieces
        # "One" is mostly an article, but for "one million"; a single sign of Chinese or Korean is a part of any word.
        is_part = number.pieces == 1 and (_is_unspaced(first.key[0]) or _follows_digits(text, start + first.start))
        counts = number.value > 1 or powers.longest(pieces, place + half_at(pieces, place, code))[0] > 0
        if not number.is_ordinal and counts and not is_part:
            found.append(_Written(start + first.start, start + last.end, Decimal(number.value)))
    return sorted(found, key=lambda one: one.start)


def _follows_digits(text: str, start: int) -> bool:
    """Whether what starts there goes on with a number in digits: "mila" of "390mila"."""
    return start > 0 and text[start - 1].isdecimal()


@lru_cache(maxsize=50_000)
def _may_count(key: str, code: str) -> bool:
    return begins_number(key, code)


def _in_digits(match: re.Match[str]) -> _Written:
    digits, fraction = re.sub(r"\D", "", match["digits"]), match["fraction"] or ""
    value = Decimal(f"{digits}.{fraction[1:]}") if fraction else Decimal(digits)
    grouped = match["digits"] if len(match["digits"]) > len(digits) else ""
    is_year = bool(_YEAR.fullmatch(match["digits"])) and not fraction
    return _Written(match.start(), match.end(), value, fraction, grouped, is_year)


@dataclass(frozen=True, slots=True)
class _Measures:
    """What stands beside numbers in a language."""

    code: str
    powers: Phrases[int]
    units: Phrases[str]
    sums: Phrases[tuple[int, str]]  # a multiple and a unit in one word: "mdkr"
    before: re.Pattern[str]  # a sign or a word of money or per cent
    to: re.Pattern[str]  # between the two numbers of a range
    both: re.Pattern[str]  # the same after "between"
    between: re.Pattern[str]
    about: tuple[frozenset[str], Words]
    ordinal_dot: bool
    decimal: str  # the sign before a fraction, "" in no one language

    def after(self, text: str, start: int, end: int) -> "_After":
        """What the number that ends at `start` is a multiple and a number of."""
        pieces = pieces_of(text[start : min(end, start + 80)])
        powers = list[tuple[int, ...]]()
        place = half = half_at(pieces, 0, self.code)
        at = start + pieces[half - 1].end if half else start
        count, sums = self.sums.longest(pieces, place)
        if count:
            power, unit = sums[0]
            return _After(((power,),), half > 0, unit, start + pieces[place + count - 1].end)
        for _ in range(2):  # "mil millones", "Tausend Milliarden"
            skipped = self._joined(pieces, place) if powers else place
            count, meant = self.powers.longest(pieces, skipped)
            if not count:
                break
            powers.append(meant)
            place = skipped + count
            at = start + pieces[place - 1].end
            place += pieces[place : place + 1] != [] and pieces[place].key == "."  # "Mio."
        if powers and not half and (half := half_at(pieces, place, self.code)):  # "due milioni e mezzo"
            place += half
            at = start + pieces[place - 1].end
        place = self._joined(pieces, place)
        count, units = self.units.longest(pieces, place)
        if not count:
            return _After(tuple(powers), half > 0, "", at)
        return _After(tuple(powers), half > 0, units[0], start + pieces[place + count - 1].end)

    def _joined(self, pieces: list[TextPiece], place: int) -> int:
        """The place after an "of" that joins a number and what it counts."""
        if place < len(pieces) and pieces[place].key in _of():
            place += 1
            place += pieces[place : place + 1] != [] and pieces[place].key == "'"
        return place


@dataclass(frozen=True, slots=True)
class _After:
    """The powers of ten that each multiplying word may have, whether a half is added, the unit, and where they end."""

    powers: tuple[tuple[int, ...], ...]
    half: bool
    unit: str
    end: int


def _quantity(
    text: str, one: _Written, following: _Written | None, measures: _Measures, start: int, end: int
) -> Quantity | None:
    """What the number counts; None for a year, a time or an ordinal."""
    lead = text[max(start, one.start - 40) : one.start]
    most = _range_end(text, one, following, measures, lead) if following else None
    other = following if following and most is not None else one
    after = measures.after(text, other.end, end)
    before = measures.before.search(lead)
    sign = BEFORE.get(before[1]) or SIGNS.get(before[1], "%") if before else ""
    power, last = sum(possible[0] for possible in after.powers), after.end
    if last == other.end and text[last : last + 1].isalpha() and not _is_unspaced(text[last]):
        letter = text[last].casefold()
        if not sign or letter not in _letters() or text[last + 1 : last + 2].isalnum():
            return None  # "5m" of anything but money
        power, last = _letters()[letter], last + 1
    if not power and (other.is_year or (len(other.fraction) == 3 and other.value < 24 and not after.unit)):
        return None
    is_small = not power and other.value < 100 and not other.fraction  # "am 12. Mai", and not "12 Mio. Menschen"
    if measures.ordinal_dot and is_small and _DOT_AND_MORE.match(text, last, end):
        return None
    value = one.value
    signs = re.findall(_GROUP, one.grouped)
    if power and not one.fraction and len(signs) == 1 and measures.decimal in ("", signs[0]):
        value = Decimal(re.sub(r"\D", ".", one.grouped))  # "8,125 milioni", where "2.500 milioni" are thousands of them
    if after.half and not one.fraction:
        # Behind one word for two millions it is half a million.
        value += HALF if power or value < MILLION else MILLION // 2
    first = one.start - len(lead) + before.start(1) if before else one.start
    exact = most is None and not _is_about(text[max(start, first - CHARACTERS_BESIDE) : first], measures)
    return Quantity(
        first,
        last,
        value.scaleb(power),
        sign or after.unit,
        exact,
        most.scaleb(power) if most is not None else None,
        *_words_beside(text, start, first, last, end),
    )


def _goes_on(text: str, one: Quantity, other: Quantity) -> bool:
    """Whether both are one number, written by its parts: 1兆2000億 is 1,200,000,000,000."""
    digits = f"{one.value:f}".rstrip("0")
    is_round = "." not in digits and other.value < one.value / Decimal(digits)
    return is_round and not one.unit and text[one.end : other.start] in ("", " ")


def _range_end(text: str, one: _Written, following: _Written, measures: _Measures, lead: str) -> Decimal | None:
    """The greater number of a range: 350 in "between 300 and 350", "300 to 350" or "300-350"."""
    gap = text[one.end : following.start]
    dashed = re.fullmatch(r"\s?[–—-]\s?", gap)
    if not (dashed or measures.to.fullmatch(gap) or (measures.both.fullmatch(gap) and measures.between.search(lead))):
        return None
    return following.value if one.value < following.value else None


def _is_score(gap: str, one: _Written, following: _Written) -> bool:
    """Whether two numbers with a dash between them are no range: "3-2", "4-0", a part of a longer number."""
    return _DASHED.fullmatch(gap) is not None and (one.value >= following.value or following.value < 10)


def _is_about(before: str, measures: _Measures) -> bool:
    """Whether one of the words before the number makes it an inexact one; unparted by spaces, the last ones."""
    if _is_unspaced(before[-1:]):
        return before.endswith((*measures.about[0], *measures.about[1]))
    words = [key_of(word) for word in _words_before(before)]
    single, phrases = measures.about
    if not single.isdisjoint(words):
        return True
    said = " ".join(words)
    return any(phrase in said for phrase in phrases)


def _words_beside(text: str, start: int, first: int, last: int, end: int) -> tuple[str, str]:
    before = _words_before(text[max(start, first - CHARACTERS_BESIDE) : first])
    after = _WORD.findall(_CLAUSE_END.split(text[last : min(end, last + CHARACTERS_BESIDE)], maxsplit=1)[0])
    return " ".join(before), " ".join(after[:WORDS_BESIDE])


def _words_before(text: str) -> list[str]:
    return _WORD.findall(_CLAUSE_END.split(text)[-1])[-WORDS_BESIDE:]


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether both can be true: they are equal, one is a rounder form of the other, or one is no exact number."""
    if not (one.exact and other.exact) or one.unit != other.unit:
        return True
    return _is_rounder(one.value, other.value) or _is_rounder(other.value, one.value)


def loses_multiple(text: str, source: str) -> bool:
    """Whether the text has a number of the source without what it is multiplied by there: 11.5 for 11.5 million.

    A billion is a thousand millions in one language and a million in another: it may be either.
    """
    powers: dict[str, set[int]] = {}
    for number, possible in _powers(source):
        powers.setdefault(number, set()).update(possible)
    return any(possible.isdisjoint(powers.get(number, possible)) for number, possible in _powers(text))


def multiple_or_unit(word: str) -> int | str | None:
    """The power of ten that the word multiplies by, or the unit that it names; None for any other word."""
    measures, pieces = _measures(""), pieces_of(word)
    powers, units = measures.powers.longest(pieces, 0)[1], measures.units.longest(pieces, 0)[1]
    return min(powers) if powers else units[0] if units else None


def _powers(text: str) -> Iterator[tuple[str, set[int]]]:
    """Each number in digits, and by which powers of ten it may be multiplied."""
    measures = _measures("")
    for found in _number().finditer(text):
        digits, fraction = re.sub(r"\D", "", found["digits"]), (found["fraction"] or "")[1:]
        held = measures.after(text, found.end(), len(text)).powers
        yield f"{Decimal(digits)}.{fraction}", {sum(powers) for powers in product(*held)}


def _is_rounder(one: Decimal, other: Decimal) -> bool:
    """Whether `other`, with as few digits as `one`, is `one`: 1500 for 1487, 900 for 912, never 31 for 34."""
    exponent = one.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    shifted = other.scaleb(-exponent)
    return one.scaleb(-exponent) in (shifted.to_integral_value(ROUND_HALF_UP), shifted.to_integral_value(ROUND_DOWN))


@cache
def _measures(code: str) -> _Measures:
    """What stands beside numbers: the language's own words first, then those of the press's other languages."""
    powers: Phrases[int] = Phrases()
    units: Phrases[str] = Phrases()
    sums: Phrases[tuple[int, str]] = Phrases()
    for sign, unit in SIGNS.items():
        units.add(sign, unit)
    ordinary = {word for spoken in languages() for word in spoken.numbers.ordinary_money}
    for one in dict.fromkeys([*([code] if code else []), *with_capitals()]):
        for word, power in _multiples(one).items():
            if code in ("", one) or len(word) > 2 or not word.isascii():  # so short a word is of its language alone
                powers.add(word, power)
        units.add_all(language(one).numbers.percent, "%")
        for exponent, words in language(one).numbers.sums.items():
            sums.add_all((word for word in words if one == code or len(word) > 3), (int(exponent), home_unit(one)))
        for name, unit in {**currencies(one), **_own_money(one)}.items():
            if name not in ordinary and (one == code or len(name) > 3):
                units.add(name, unit)
    every = [language(code)] if code and language(code).code == code else list(languages())
    codes = "|".join(map(re.escape, sorted(BEFORE, key=len, reverse=True)))
    signs = rf"(?-i:(?<!\w)(?:{codes}))|[{''.join(map(re.escape, SIGNS))}]"
    per_cent = pattern(tuple(word for spoken in languages() for word in spoken.numbers.percent_before))
    about = [key_of(word) for one in every for word in one.claims.about]
    return _Measures(
        code,
        powers,
        units,
        sums,
        re.compile(rf"({signs}|(?<![^\W{SPACELESS}])(?:{per_cent}))\s?$", re.IGNORECASE),
        _between_words(word for one in every for word in one.dates.to),
        _between_words(word for one in every for word in one.dates.both),
        re.compile(rf"(?:{pattern(tuple(word for one in every for word in one.dates.between))})\s*$", re.IGNORECASE),
        (frozenset(word for word in about if " " not in word), tuple(word for word in about if " " in word)),
        bool(code) and language(code).writing.ordinal_dot,
        decimal_sign(code) if code else "",
    )


@cache
def _number() -> re.Pattern[str]:
    """A number in digits, but none of a name ("TUR-17"), a time (9:17, 19.42 Uhr), an ordinal (3rd, 3°) or a score."""
    every = languages()
    letters = tuple(letter for spoken in every for forms in spoken.numbers.letters.values() for letter in forms)
    words = tuple(word for spoken in every for word in _multiples(spoken.code) if " " not in word)
    clock = pattern(tuple(word for spoken in every for word in spoken.dates.clock))
    which = "".join({f"(?<!{re.escape(sign)})": None for spoken in every for sign in spoken.numbers.ordinal_sign})
    return re.compile(
        rf"(?<![^\W{SPACELESS}{HANGUL}])(?<![.,:/])(?<![^\d][–-]){which}"
        rf"(?P<digits>{_DIGITS})(?P<fraction>[.,٫]\d{{1,2}}(?!\d))?"
        rf"(?![:/°º]\w|-[^\W\d]|\d|(?!(?i:{pattern((*letters, *words))})\b)[^\W\d_{SPACELESS}{HANGUL}]|[.,:]\d|"
        rf"\s(?i:{clock})\b)"
    )


@cache
def _letters() -> Mapping[str, int]:
    """What "m" behind a sum of money multiplies it by, as a power of ten."""
    every = (spoken.numbers.letters for spoken in languages())
    return {letter: int(power) for letters in every for power, forms in letters.items() for letter in forms}


@cache
def _of() -> frozenset[str]:
    return frozenset(word for spoken in languages() for word in spoken.numbers.of)


def _own_money(code: str) -> Mapping[str, str]:
    return {key_of(word): unit for unit, words in language(code).numbers.money.items() for word in words}


def _between_words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\s?(?:{pattern(tuple(words))})\s?", re.IGNORECASE)


def _is_unspaced(letter: str) -> bool:
    return re.fullmatch(f"[{SPACELESS}{HANGUL}]", letter) is not None


@cache
def _multiples(code: str) -> Mapping[str, int]:
    """CLDR's, and those that the language's file has besides."""
    numbers = language(code).numbers
    own = {key_of(word): 3 for word in numbers.thousand}
    own |= {key_of(word): int(power) for power, words in numbers.multiples.items() for word in words}
    if numbers.ten_multiplies:
        own |= {key_of(word): 2 for word in numbers.hundred}
    return {**own, **{key_of(word): power for word, power in multiples(code).items()}}
