"""The days that a text mentions, as they are written: tokens, and the ways in which any language orders them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from assistant.facts.number_words import begins_number, read_number
from assistant.facts.pieces import Phrases, Piece, pieces_of
from index.languages import cldr
from index.languages.scripts import HANGUL, SPACELESS
from index.languages.words import Row, Words, language, languages, pattern

THIS, NEXT, COMING, LAST = 0, 1, 2, -1


@dataclass(frozen=True, slots=True)
class Calendar:
    """Year, month and day as written, 0 for what is not; `last` is the end of a range in the same form."""

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
    """Last May, this May, next May."""

    month: int
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


Shape = Calendar | Weekday | MonthDay | SidedMonth | NthWeekday | Shift | Lapse | Season | Weekend | ByTense | Unread


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters `start` to `end` of a text mention a day, a week, a month …"""

    start: int
    end: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, number, mark or phrase, and what it may be, kind by kind."""

    start: int
    end: int
    kinds: Mapping[str, int]


# A token's kind is one of these: what a pattern may ask for.
KINDS = (
    "D day number|O ordinal word|N number|Y year|y two digits|M month|A short month|W weekday|w short weekday|S season|"
    "K last this next|U day unit|V week unit|X month unit|Z year unit|r relative day|t day from the text|o of|u until|"
    "& and|b between|p before a bare day|i in a month|j in a year|e year mark|m month mark|d day mark|f few|"
    "g ago before|"
    "G ago behind|h ahead before|H ahead behind|l later before|L later behind|k earlier before|E earlier behind|"
    "n counted from|q counted before|F weekend|B before Christ|a article|- dash|/ slash|. stop|, comma|"
    "c from now before|C from now behind|R reign|T day by the tense"
)
_KIND = {named[0]: named[2:] for named in KINDS.split("|")}
_MARKS = {"-": "-", "–": "-", "—": "-", "/": "/", ".": ".", ",": ",", "،": ",", "、": ",", "，": ","}
_MARKS |= {"~": "-", "～": "-", "〜": "-"}
NOTHING: Mapping[str, int] = {}
NO_KIND = "\ue000"  # further sets of kinds have the characters after it
# A later number is no year, but in a calendar that is ahead.
LATEST_YEAR = 2200
# Between the parts of a date stand articles and prepositions.
_FILL = "[opai]{0,2}"


def _pattern(written: str) -> str:
    """A pattern over kinds as one over the kind's characters; see `_Grammar.compiled`."""
    return written.replace("FILL", _FILL).replace(" ", "")


_DAY = "[DO]d{0,2}"
_YEAR = "Ye{0,2}"
_LAPSE = "[NOf][UVXZ](?:,?&?[NO][UVXZ]){0,2}"
# The name of each way, and how its tokens follow one another. (?P<x>K) is a token that the way reads.
WAYS: tuple[tuple[str, str], ...] = (
    ("unread", f"(?:{_DAY} FILL [MA].?,?o?)?(?:[NY]B|B[NY])"),
    ("unread", "[ghlk]f[UVXZ]|f[UVXZ][GHLE]"),
    ("unread", f"O[pUo]?W|NW|Tn{_LAPSE}[GHLE]?"),
    (
        "day_month",
        "(?:(?P<w>[Ww]).?,?FILL)?(?:(?P<b>b)FILL)?(?P<d>[DO])d{0,2}(?:(?:(?P<to>[u-])|(?P<and>&))FILL(?P<x>[DO])d{0,2})?"
        ".?FILL[-/]?(?P<m>[MA]).?(?:[-/]?,?o{0,2}(?P<y>Y)e{0,2})?"
        "(?:[u-]FILL(?P<e>[DO])d{0,2}FILL(?P<n>[MA]).?(?:,?o{0,2}(?P<z>Y)e{0,2})?)?(?:,?(?P<v>W))?",
    ),
    (
        "month_day",
        "(?:(?P<y2>Y)[-/.]?e?o?)?(?:(?P<w>[Ww]).?,?FILL)?(?P<b>b)?(?P<m>[MA]).?[-/]?,?[pao]{0,2}(?P<d>[DO])d{0,2}"
        "(?:(?:(?P<to>[u-])|(?P<and>&))FILL(?:(?P<n>[MA]).?)?(?P<x>[DO])d{0,2})?(?:,?o{0,2}(?P<y>Y)e{0,2})?",
    ),
    (
        "signs",
        "(?:(?P<v>W),?)?(?:(?P<y>[YN])eo?,?|R(?P<r>N)eo?)?(?P<m>D)mo?-?(?P<d>D)d?(?:o?,?(?P<w>W))?(?:,?(?P<y2>Y)e?)?",
    ),
    ("signs_month", "(?:(?P<y>Y)e|R(?P<r>N)e)o?(?P<m>D)m"),
    ("month_year", "(?P<m>[MA]).?,?o{0,2}(?P<y>Y)e{0,2}|(?P<y2>Y)[e.]?o?(?P<m2>M)"),
    ("sided_month", "(?P<k>K)o?(?P<m>M)|(?P<m2>M)(?P<k2>K)"),
    ("month_alone", "[ip](?P<m>M)|(?P<m2>D)m"),
    ("year_alone", "[jip](?P<y>Y)e{0,2}|(?P<y2>Y)e{1,2}"),
    (
        "week_day",
        "(?P<w>W),?FILL(?P<k>K)Va?|(?P<w2>W),?FILL VFILL(?P<k2>K)|(?P<k3>K)V,?FILL(?P<w3>W)|V(?P<k4>K),?FILL(?P<w4>W)",
    ),
    ("weekday_day", "(?P<w>W).?,?[pai]{0,2}(?P<d>[DO])d{0,2}|(?P<d2>D)do?(?P<w2>W)"),
    (
        "nth",
        "(?:(?P<o>O)|(?P<l>K))(?P<w>W)(?:[oi]{1,2}(?P<m>M)(?:o{0,2}(?P<y>Y))?|[oi]{0,2}(?P<k>K)X|[oi]{1,2}X(?P<k2>K)?)",
    ),
    ("nth", "(?P<o3>O)[pU](?P<w3>W)[oi]{1,2}(?:(?P<m4>M)|(?P<k4>K)X|X(?P<k5>K))"),
    ("nth", "(?:(?P<m>M)|(?P<m3>D)m|(?P<k>K)X)o?(?:(?P<o>O))V?o?(?P<w>W)|(?P<o2>O)(?:(?P<w2>W))[oi]{0,2}(?P<m2>M)"),
    ("month_of_day", "(?P<kz>K)Zo?(?P<k4>K)Xo?(?P<d4>[DO])d{1,2}"),
    (
        "month_of_day",
        "(?P<d>[DO])d{0,2}o{0,2}(?P<k>K)X|(?P<d2>[DO])d{0,2}[oi]{0,2}X(?P<k2>K)|(?P<k3>K)Xo?(?P<d3>[DO])d{1,2}",
    ),
    ("weekday", "(?:(?P<kk>K)?(?P<k>K)o?)?(?P<w>W)(?:(?P<k2>K))?"),
    ("week_on", "(?P<n>N)V(?P<h>[GH])o?(?P<w>W)"),
    ("unit", "(?P<k>K)(?P<u>[VXZ])(?!o)|(?P<u2>[VXZ])(?P<k2>K)"),
    ("lapse", f"(?P<pre>[ghlk])(?P<n>{_LAPSE})(?P<post>[GHLE])?|(?P<n2>{_LAPSE})(?P<post2>[GHLE])"),
    ("from_day", f"[gh]?(?P<n>{_LAPSE})(?P<s>[nq])(?P<r>r)|(?P<r2>r)(?P<s2>n)(?P<n2>{_LAPSE})(?P<back>G)?[HL]?"),
    ("from_day", f"(?P<r2>r)o?(?P<n2>{_LAPSE})(?P<back>G)"),
    ("from_now", f"[gh]?(?P<n>{_LAPSE})C|c(?P<n2>{_LAPSE})[HL]?"),
    ("relative", "(?P<r>r)|(?P<t>t)|(?P<T>T)"),
    ("season", "(?P<k>K)?(?P<s>S)(?:o{0,2}(?P<y>Y)e?|(?P<k2>K))?|(?P<y2>Y)eo?(?P<s2>S)"),
    ("weekend", "(?P<k>K)?F(?P<k2>K)?"),
    ("day_of_number", "p(?P<d>D)[op]{1,2}(?P<m>D)"),
    ("bare_day", "p(?P<d>D)(?P<mark>d)?|(?P<d2>D)(?P<mark2>d)"),
)


def _without(kinds: str, held: Mapping[str, int]) -> Mapping[str, int]:
    return {kind: value for kind, value in held.items() if kind not in kinds}


class _Grammar:
    """The tokens and ways of one language."""

    def __init__(self, code: str) -> None:
        self.language = language(code)
        self.code = code
        self.locale = cldr.locale_of(code)
        self.phrases = _phrases(code)
        long = self.locale.date_formats["long"].pattern if self.locale else "d M"
        self.month_leads = long.find("M") < long.find("d")
        self.year_leads = long.find("y") < long.find("d")
        before = pattern((*self.language.dates.on, *self.language.dates.in_month))
        self.dashed = re.compile(
            rf"(?<!\w)(?:{before})\s+(?P<d>\d{{1,2}})-(?P<m>\d{{1,2}})(?![\d/:%-]|[.,]\d)", re.IGNORECASE
        )
        percent, money = self.language.numbers.percent, cldr.currencies(code).keys()
        ordinary = {word for spoken in languages() for word in spoken.numbers.ordinary_money}
        units = pattern((*percent, *(name for name in money if name not in ordinary)))
        self.counted = re.compile(rf"%|[.,/:-]\d|\s?(?:{units})(?!\w)", re.IGNORECASE)
        self._may_begin = lru_cache(maxsize=50_000)(self._is_word_of_dates)
        self._letters: dict[frozenset[str], str] = {}
        self._ways: list[tuple[str, str]] = [(name, _pattern(way)) for name, way in WAYS]
        self._compiled: tuple[int, list[tuple[str, re.Pattern[str]]]] = (0, [])

    def tokens(self, text: str) -> list[_Token]:
        """The text's tokens; a phrase is one, and so is a number in words."""
        pieces = pieces_of(text)
        tokens: list[_Token] = []
        place = 0
        while place < len(pieces):
            piece = pieces[place]
            if not self._may_begin(piece.key) or self._ends_sentence(text, piece, tokens):
                tokens.append(_Token(piece.start, piece.end, NOTHING))
                place += 1
                continue
            count, kinds = self._read(pieces, place)
            if piece.key in self.language.dates.ordinary_months and not text[piece.start].isupper():
                kinds = _without("MA", kinds)
            if ("w" in kinds or "A" in kinds) and not self._is_short_name(pieces, place, count):
                kinds = _without("wA", kinds)
            if "r" in kinds and self._is_noun(text, piece, tokens):
                kinds = _without("r", kinds)
            tokens.append(_Token(piece.start, pieces[place + count - 1].end, kinds))
            place += count
        return tokens

    def _read(self, pieces: list[Piece], place: int) -> tuple[int, Mapping[str, int]]:
        """How many pieces belong together from that one on, and what they may be."""
        key = pieces[place].key
        count, meanings = self.phrases.longest(pieces, place)
        kinds = dict(meanings)
        if sum(kind == "r" for kind, _ in meanings) > 1:
            kinds = {"T": abs(kinds["r"])}
        if count <= 1:
            mark = _MARKS.get(key)
            kinds |= self._digits(key) if key[0].isdecimal() else {mark: 0} if mark else self._stemmed(key)
        if number := read_number(pieces, place, self.code):
            if number.pieces > count:
                kinds = {}
            if number.pieces >= count:
                kinds, count = {**kinds, **self._number(number.value, number.is_ordinal)}, number.pieces
        if (
            key in self.language.numbers.ordinal_sign
            and place + 1 < len(pieces)
            and (which := self._which(pieces, place + 1))
        ):
            return 1 + which[1], {"O": which[0]}
        return max(count, 1), kinds

    def _is_word_of_dates(self, key: str) -> bool:
        """Whether a phrase, a number or a mark may begin with the piece."""
        is_sign = key in _MARKS or key in self.language.numbers.ordinal_sign
        if key[0].isdigit() or is_sign or self.phrases.begins(key):
            return True
        return begins_number(key, self.code) or bool(self._stemmed(key))

    def _which(self, pieces: list[Piece], place: int) -> tuple[int, int] | None:
        """The number after such a sign as 第, and how many pieces it has."""
        if pieces[place].key.isdigit() and len(pieces[place].key) < 4:
            return int(pieces[place].key), 1
        number = read_number(pieces, place, self.code)
        return (number.value, number.pieces) if number else None

    def _ends_sentence(self, text: str, piece: Piece, before: list[_Token]) -> bool:
        """Whether it is a full stop before a word with a capital letter, and none of "Sat. March 5" or "5. März"."""
        if piece.key != "." or not before or re.match(r"\s+[\"“„«‘(]?[^\W\d_]", text[piece.end :]) is None:
            return False
        if not text[piece.end :].lstrip(' \t\n"“„«‘(')[:1].isupper() or "w" in before[-1].kinds:
            return False
        return not (self.language.writing.ordinal_dot and "D" in before[-1].kinds)

    def _is_noun(self, text: str, piece: Piece, before: list[_Token]) -> bool:
        """Whether "mañana" or "Morgen" is the morning and not tomorrow."""
        begins = not before or text[before[-1].start : piece.start].strip() in {".", "!", "?", ":", "\n"}
        if self.language.writing.nouns_have_capitals and text[piece.start].isupper() and not begins:
            return True
        return bool(before) and "a" in before[-1].kinds

    def _is_short_name(self, pieces: list[Piece], place: int, count: int) -> bool:
        """Whether a word that may be "Mar" or "so" stands for a month or a weekday: beside a number."""
        after = pieces[place + count : place + count + 3]
        before = pieces[max(0, place - 4) : place]
        return any(piece.key[0].isdigit() or self._has_number(piece) for piece in (*before, *after))

    def _has_number(self, piece: Piece) -> bool:
        return read_number([piece], 0, self.code) is not None

    def _digits(self, key: str) -> dict[str, int]:
        if len(key) > 9:
            return {}
        value = int(key)
        kinds = {"N": value}
        if 1 <= value <= 31 and len(key) <= 2:
            kinds["D"] = value
        if len(key) == 2:
            kinds["y"] = value
        ahead = self.language.dates.years_ahead
        shifted = value - ahead if ahead and value > LATEST_YEAR else value
        if len(key) == 4 and 1000 <= shifted < LATEST_YEAR:
            kinds["Y"] = shifted
        return kinds

    def _number(self, value: int, is_ordinal: bool) -> dict[str, int]:
        kinds = {"O" if is_ordinal else "N": value}
        if 1 <= value <= 31:
            kinds["D"] = value
        if 1000 <= value < LATEST_YEAR and not is_ordinal:
            kinds["Y"] = value
        return kinds

    def _stemmed(self, key: str) -> dict[str, int]:
        """What the word is without a prefix or an ending of its language."""
        dates = self.language.dates
        for ending in dates.endings:
            if key.endswith(ending) and len(key) > len(ending) + 1:
                found = self.phrases.longest([Piece(key[: -len(ending)], 0, 0)], 0)[1]
                if kept := {kind: value for kind, value in found if kind in "MWSUr"}:
                    return kept
        for prefix in dates.prefixes:
            if key.startswith(prefix) and len(key) > len(prefix) + 1:
                found = self.phrases.longest([Piece(key[len(prefix) :], 0, 0)], 0)[1]
                if kept := {kind: value for kind, value in found if kind in "MWSUVXZKrtF"}:
                    return kept
        return {}

    def mentions(self, text: str) -> list[Mention]:
        """What is written, in order; where expressions overlap, the longest."""
        tokens = self.tokens(text)
        found = [*_numeric(text, self), *self._every(tokens, text)]
        chosen: list[Mention] = []
        for mention in sorted(found, key=lambda mention: (mention.start, -mention.end)):
            if not chosen or mention.start >= chosen[-1].end:
                chosen.append(mention)
            elif mention.end - mention.start > chosen[-1].end - chosen[-1].start:
                chosen[-1] = mention
        return chosen

    def _every(self, tokens: list[_Token], text: str) -> Iterator[Mention]:
        letters = "".join(self._letter(token.kinds) for token in tokens)
        for name, way in self._patterns():
            read = READERS[name]
            for match in way.finditer(letters):
                if shape := read(_Match(match, tokens, text, self)):
                    yield shape

    def _letter(self, kinds: Mapping[str, int]) -> str:
        """One character for a set of kinds."""
        if not kinds:
            return NO_KIND
        return self._letters.setdefault(frozenset(kinds), chr(ord(NO_KIND) + 1 + len(self._letters)))

    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        """The ways, each kind as the class of all characters whose set has it."""
        if self._compiled[0] != len(self._letters):
            compiled = [(name, re.compile(self._spelled(way))) for name, way in self._ways]
            self._compiled = (len(self._letters), compiled)
        return self._compiled[1]

    def _spelled(self, way: str) -> str:
        classes = {kind: "".join(letter for held, letter in self._letters.items() if kind in held) for kind in _KIND}

        def one(match: re.Match[str]) -> str:
            if match[1]:
                return match[1]
            inside = "".join(classes[kind] for kind in match[2] or match[3])
            return f"[{inside}]" if inside else "(?!)"

        # A group's name and a quantifier are left as they are; [DO] is a class of kinds, and D one kind.
        return re.sub(r"(\(\?P<\w+>|\(\?[:!]|\{\d,\d\}|[()|?*+])|\[([^\]]+)\]|(.)", one, way)


# --- Reading what a way has found -----------------------------------------------------------------------------


class _Match:
    """A way found in the tokens of a text."""

    def __init__(self, match: re.Match[str], tokens: list[_Token], text: str, grammar: _Grammar) -> None:
        self.match = match
        self.tokens = tokens
        self.text = text
        self.grammar = grammar

    def value(self, kinds: str, *names: str) -> int | None:
        """The value of the first of the named tokens that is there, as the first of the kinds that it has."""
        for name in names:
            if name in self.match.re.groupindex and self.match[name]:
                held = self.tokens[self.match.start(name)].kinds
                return next((held[kind] for kind in kinds if kind in held), None)
        return None

    def is_count(self, place: int) -> bool:
        """Whether the token is a number in words that says how many: of a day, words say which one."""
        token = self.tokens[place]
        written = self.text[token.start : token.end]
        spaced = self.grammar.language.writing.spaces
        return spaced and "O" not in token.kinds and not any(letter.isdigit() for letter in written)

    def has(self, *names: str) -> bool:
        return any(name in self.match.re.groupindex and bool(self.match[name]) for name in names)

    def mention(self, shape: Shape, first: str = "", last: str = "") -> Mention:
        """The shape where the way stands, or from one named token to the end of another."""
        start = self.match.start(first) if first and self.match[first] else self.match.start()
        end = self.match.end(last) if last and self.match[last] else self.match.end()
        while end - start > 1 and set(self.tokens[end - 1].kinds) <= {".", ","}:
            end -= 1
        return Mention(self.tokens[start].start, self.tokens[end - 1].end, shape)

    def lapse(self, *names: str) -> list[tuple[str, int]]:
        """The units and their numbers in a lapse such as "2 years, 1 month and 21 days"."""
        name = next(name for name in names if self.has(name))
        counts: list[tuple[str, int]] = []
        number = 0
        for token in self.tokens[self.match.start(name) : self.match.end(name)]:
            unit = next((kind for kind in "UVXZ" if kind in token.kinds), "")
            if unit and number:
                counts.append((UNITS[unit], number))
                number = 0
            elif "N" in token.kinds or "O" in token.kinds:
                number = token.kinds.get("N", token.kinds.get("O", 0))
        return counts


UNITS = {"U": "day", "V": "week", "X": "month", "Z": "year"}


def _day_month(found: _Match) -> Mention | None:
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


def _month_day(found: _Match) -> Mention | None:
    place = found.match.end("d")
    mark = found.tokens[place].kinds if place < len(found.tokens) else {}
    is_ordinal = "O" in found.tokens[found.match.start("d")].kinds or ("d" in mark and "." not in mark)
    if not (found.grammar.month_leads or is_ordinal or found.has("y", "y2")):
        return None
    year, month, day = found.value("Y", "y", "y2") or 0, found.value("MA", "m"), found.value("DO", "d")
    if month is None or day is None or day > 31 or _goes_on_in_digits(found):
        return None
    weekday = found.value("Ww", "w")
    start = "y2" if found.has("y2") else "w" if found.has("w") else "m"
    if found.has("and") and not found.has("b"):
        return found.mention(Calendar(year, month, day, weekday), start, "d")
    last = None
    if found.has("to", "and"):
        last = (year, found.value("MA", "n") or month, found.value("DO", "x") or 0)
    return found.mention(Calendar(year, month, day, weekday, last), start)


def _goes_on_in_digits(found: _Match) -> bool:
    """Whether the day's digits are a part of more: "March 2.5", "May 10:30"."""
    return re.match(r"[.:]\d", found.text[found.tokens[found.match.end("d") - 1].end :][:2]) is not None


def _signs(found: _Match) -> Mention | None:
    month, day = found.value("D", "m") or 13, found.value("D", "d") or 0
    # "3月5" may go on as a number of something.
    is_marked = "d" in found.tokens[found.match.end("d") - 1 if not found.has("w") else found.match.end("d")].kinds
    if month > 12 or not (is_marked or found.has("y2") or found.match.end() > found.match.end("d")):
        return None
    return found.mention(Calendar(_year_of(found), month, day, found.value("W", "w", "v")))


def _signs_month(found: _Match) -> Mention | None:
    month = found.value("D", "m") or 13
    return found.mention(Calendar(_year_of(found), month, 0)) if month <= 12 else None


def _year_of(found: _Match) -> int:
    """The year as written, or as the so-manieth of a reign; 0 for none."""
    if (reigned := found.value("N", "r")) is not None:
        reign = found.tokens[found.match.start("r") - 1].kinds["R"]
        return reign + reigned
    year = found.value("YN", "y", "y2") or 0
    return year if year >= 100 else 0


def _month_year(found: _Match) -> Mention | None:
    month, year = found.value("MA", "m", "m2"), found.value("Y", "y", "y2")
    if found.has("y2") and not found.grammar.year_leads:
        return None
    return found.mention(Calendar(year, month, 0)) if month and year else None


def _sided_month(found: _Match) -> Mention | None:
    month, side = found.value("M", "m", "m2"), found.value("K", "k", "k2")
    return found.mention(SidedMonth(month, side)) if month and side is not None else None


def _month_alone(found: _Match) -> Mention | None:
    month = found.value("M", "m") or found.value("D", "m2") or 13
    if month > 12:
        return None
    return found.mention(Calendar(0, month, 0), "m" if found.has("m") else "m2")


def _year_alone(found: _Match) -> Mention | None:
    year = found.value("Y", "y", "y2")
    if year is None or found.grammar.counted.match(found.text, _end(found)):
        return None
    if "." in found.tokens[found.match.end() - 1].kinds:
        return None
    return found.mention(Calendar(year, 0, 0), "y" if found.has("y") else "y2")


def _end(found: _Match) -> int:
    return found.tokens[found.match.end() - 1].end


def _week_day(found: _Match) -> Mention | None:
    weekday, side = found.value("W", "w", "w2", "w3", "w4"), found.value("K", "k", "k2", "k3", "k4")
    if weekday is None or side is None:
        return None
    return found.mention(Weekday(weekday, min(side, NEXT), in_week=True))


def _weekday_day(found: _Match) -> Mention | None:
    weekday, day = found.value("W", "w", "w2"), found.value("DO", "d", "d2")
    if found.has("d2") and not found.grammar.year_leads:  # "de 3e dinsdag" is the third
        return None
    place = found.match.start("d")
    if found.has("d") and found.is_count(place):  # "On Monday a ferry sank", "am Montag drei Züge"
        return None
    if found.has("d") and day is not None and day <= 5 and "O" in found.tokens[place].kinds:
        # "الأحد الأول", with nothing between, is the first Sunday of some month.
        return found.mention(Unread() if place == found.match.start("w") + 1 else MonthDay(day, weekday=weekday))
    return found.mention(MonthDay(day, weekday=weekday)) if day is not None and weekday is not None else None


def _nth(found: _Match) -> Mention | None:
    weekday = found.value("W", "w", "w2", "w3")
    number = found.value("O", "o", "o2", "o3") or (-1 if found.value("K", "l") == LAST else None)
    if weekday is None or number is None or number > 5:
        return None
    month, year = found.value("M", "m", "m2", "m4") or found.value("D", "m3") or 0, found.value("Y", "y") or 0
    side = found.value("K", "k", "k2", "k4", "k5")
    return found.mention(NthWeekday(number, weekday, year, month, min(side or 0, NEXT))) if month <= 12 else None


def _month_of_day(found: _Match) -> Mention | None:
    day, side = found.value("DO", "d", "d2", "d3", "d4"), found.value("K", "k", "k2", "k3", "k4")
    if day is None or side is None:
        return None
    return found.mention(MonthDay(day, min(side, NEXT) + 12 * (found.value("K", "kz") or 0)))


def _weekday(found: _Match) -> Mention | None:
    weekday, side = found.value("W", "w") or 0, found.value("K", "k", "k2")
    if found.has("kk") and side is not None:  # "上上周三", two weeks before
        side += found.value("K", "kk") or 0
    # Chinese says "last week one" for last week's Monday.
    in_week = side is not None and not found.grammar.language.writing.spaces
    return found.mention(Weekday(weekday, side, in_week))


def _week_on(found: _Match) -> Mention | None:
    weekday, count = found.value("W", "w"), found.value("N", "n")
    sign = -1 if "G" in found.tokens[found.match.start("h")].kinds else 1
    if weekday is None or count is None:
        return None
    return found.mention(Weekday(weekday, sign * count, in_week=True))


def _unit(found: _Match) -> Mention | None:
    side = found.value("K", "k", "k2")
    unit = next(kind for kind in "VXZ" if found.value(kind, "u", "u2") is not None)
    return found.mention(Shift(UNITS[unit], min(side or 0, NEXT)))


def _lapse(found: _Match) -> Mention | None:
    counts = found.lapse("n", "n2")
    if not counts:
        return None
    place = found.match.start("post2") if found.has("post2") else found.match.start("pre")
    kinds = found.tokens[place].kinds
    if found.has("post2"):
        kind = next(kind for kind in "GHLE" if kind in kinds)
    else:
        kind = next(kind for kind in "ghlk" if kind in kinds)
    sign, from_text = (1 if kind in "HhLl" else -1), kind in "LlEk"
    if len(counts) == 1:
        unit, count = counts[0]
        return found.mention(Shift(unit, sign * count, from_text))
    held = {unit: sign * count for unit, count in counts}
    return found.mention(_as_lapse(held, from_text=from_text))


def _as_lapse(held: Mapping[str, int], from_text: bool = False, base: int = 0) -> Lapse:
    days = held.get("day", 0) + 7 * held.get("week", 0)
    return Lapse(held.get("year", 0), held.get("month", 0), days, from_text, base)


def _from_day(found: _Match) -> Mention | None:
    sign = -1 if found.has("back") or found.value("n", "s", "s2") is None else 1
    held = {unit: sign * count for unit, count in found.lapse("n", "n2")}
    return found.mention(_as_lapse(held, base=found.value("r", "r", "r2") or 0)) if held else None


def _from_now(found: _Match) -> Mention | None:
    counts = dict(found.lapse("n", "n2"))
    return found.mention(_as_lapse(counts)) if counts else None


def _relative(found: _Match) -> Mention | None:
    if (days := found.value("r", "r")) is not None:
        return found.mention(Shift("day", days))
    if (days := found.value("T", "T")) is not None:
        return found.mention(ByTense(days))
    return found.mention(Shift("day", found.value("t", "t") or 0, from_text=True))


def _season(found: _Match) -> Mention | None:
    season, year = found.value("S", "s", "s2") or 0, found.value("Y", "y", "y2")
    side = found.value("K", "k", "k2")
    if year is None and side is None:
        return None
    return found.mention(Season(season, year or 0, side))


def _weekend(found: _Match) -> Mention | None:
    return found.mention(Weekend(found.value("K", "k", "k2")))


def _day_of_number(found: _Match) -> Mention | None:
    """ "El 17 del 11"."""
    day, month = found.value("D", "d") or 0, found.value("D", "m") or 13
    return found.mention(Calendar(0, month, day), "d") if month <= 12 and _is_last(found) else None


def _is_last(found: _Match) -> bool:
    """Whether nothing follows in the clause that the number could count."""
    rest = found.text[_end(found) :][:2]
    return not rest.strip() or re.match(r"\s?[.,;:!?)»”\"](?!\d)", rest) is not None


def _bare_day(found: _Match) -> Mention | None:
    """ "On the 27th": a number alone is a day where its mark says so, or where nothing follows that it could count."""
    day = found.value("D", "d", "d2")
    mark = next((found.tokens[found.match.start(name)] for name in ("mark", "mark2") if found.has(name)), None)
    place = found.match.end()
    after = found.tokens[place] if place < len(found.tokens) else None
    if after is not None and set("UVXZMA%") & set(after.kinds):
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


READERS: Mapping[str, Callable[[_Match], Mention | None]] = {
    "unread": lambda found: found.mention(Unread()),
    "day_month": _day_month,
    "month_day": _month_day,
    "signs": _signs,
    "signs_month": _signs_month,
    "month_year": _month_year,
    "sided_month": _sided_month,
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
    "relative": _relative,
    "season": _season,
    "weekend": _weekend,
    "day_of_number": _day_of_number,
    "bare_day": _bare_day,
}

# --- Days in numbers only ------------------------------------------------------------------------------------

_ALONE = rf"(?<![^\W{SPACELESS}{HANGUL}])(?<![./:-])"
_YEAR_FIRST = re.compile(_ALONE + r"(\d{4})\s?([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d/-]|\.\d)")
_YEAR_LAST = re.compile(_ALONE + r"(\d{1,2})([-/.])(\d{1,2})(?:\2|,\s?)(\d{4}|\d\d)(?![\d/:%-]|[.,]\d)")
_SHORT_YEAR_FIRST = re.compile(_ALONE + r"(\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?![\d/:%-]|[.,]\d)")
_NO_YEAR = re.compile(_ALONE + r"(\d{1,2})/(\d{1,2})(?![\d/:%-]|[.,]\d)")
_DOTTED = re.compile(_ALONE + r"(\d{1,2})\.\s?(\d{1,2})\.(?!\d)")
# Of two digits, those up to this one are of this century.
THIS_CENTURY = 40


def _numeric(text: str, grammar: "_Grammar") -> Iterator[Mention]:
    """Days written in numbers; where they are two different days on two sides of an ocean, none."""
    for match in _YEAR_FIRST.finditer(text):
        if _is_day(int(match[1]), int(match[3]), int(match[4])):
            yield Mention(*match.span(), Calendar(int(match[1]), int(match[3]), int(match[4])))
    for match in _YEAR_LAST.finditer(text):
        year = int(match[4])
        if len(match[4]) == 2:
            year += 2000 if year <= THIS_CENTURY else 1900
        yield from _day_of_two(match, int(match[1]), int(match[3]), year, grammar)
    for match in _SHORT_YEAR_FIRST.finditer(text):
        if int(match[1]) > THIS_CENTURY and _is_day(1900 + int(match[1]), int(match[3]), int(match[4])):
            yield Mention(*match.span(), Calendar(1900 + int(match[1]), int(match[3]), int(match[4])))
    for match in grammar.dashed.finditer(text):
        if max(int(match["d"]), int(match["m"])) > 12:
            first, other = int(match["d"]), int(match["m"])
            yield from (
                Mention(match.start("d"), match.end(), mention.shape)
                for mention in _day_of_two(match, first, other, 0, grammar)
            )
    for match in _NO_YEAR.finditer(text):
        if (int(match[1]), int(match[2])) not in NO_DAYS and (int(match[1]) > 12 or int(match[2]) > 12):
            yield from _day_of_two(match, int(match[1]), int(match[2]), 0, grammar)
    if grammar.language.writing.ordinal_dot:
        for match in _DOTTED.finditer(text):
            if int(match[2]) <= 12:
                yield from _day_of_two(match, int(match[1]), int(match[2]), 0, grammar)


NO_DAYS = {(24, 7), (9, 11)}


def _day_of_two(match: re.Match[str], one: int, other: int, year: int, grammar: "_Grammar") -> Iterator[Mention]:
    if grammar.year_leads and len(match[1]) == 2 and one > 12 and match.lastindex == 4 and len(match[4]) == 2:
        one, other, year = int(match[4]), other, 2000 + one - 100 * (one > THIS_CENTURY)  # "15-9-18" in Japanese
    if one <= 12 and other <= 12 and one != other and grammar.language.writing.month_first:
        return
    day, month = (one, other) if other <= 12 else (other, one)
    if _is_day(year or 2024, month, day):
        yield Mention(*match.span(), Calendar(year, month, day))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


# --- The words of a language ----------------------------------------------------------------------------------


@cache
def grammar(code: str) -> _Grammar:
    """The ways and words of the language."""
    return _Grammar(code)


@cache
def _phrases(code: str) -> Phrases[tuple[str, int]]:
    """Each phrase of the language that a date may hold, and its kind and value."""
    phrases: Phrases[tuple[str, int]] = Phrases()
    dates, locale = language(code).dates, cldr.locale_of(code)
    has_capitals = language(code).writing.capitals

    def named(row: Row, wide: str, short: str, first: int) -> None:
        for value, forms in enumerate(row, start=first):
            for form in forms:
                is_short = has_capitals and len(form.rstrip(".")) <= 4
                phrases.add(form.rstrip("."), (short if is_short else wide, value))

    for style in ("format", "stand-alone") if locale else ():
        assert locale is not None
        for width, kind in (("wide", "M"), ("abbreviated", "A")):
            for value, name in locale.months[style][width].items():
                if any(letter.isalpha() for letter in name) and not name[:1].isdigit():
                    phrases.add(name.rstrip("."), (kind, value))
        for value, name in locale.days[style]["wide"].items():
            phrases.add(name, ("W", value))
    named(dates.months, "M", "A", 1)
    named(dates.weekdays, "W", "w", 0)
    named(dates.seasons, "S", "S", 0)
    for kind, words in _worded(code):
        phrases.add_all(words, (kind, 0))
    # "L'année" before a year is also the year in "l'année dernière".
    for kind, words, units in (("Z", dates.in_year, dates.year), ("X", dates.in_month, dates.month)):
        phrases.add_all((word for word in words if re.split("[ ']", word)[-1] in units), (kind, 0))
    for kind, value, words in (
        ("K", LAST, dates.last),
        ("K", THIS, dates.this),
        ("K", NEXT, dates.next),
        ("K", COMING, dates.coming),
    ):
        phrases.add_all(words, (kind, value))
    for days, words in [*cldr.relative_days(code).items(), *dates.days.items()]:
        phrases.add_all(words, ("r", days))
    for days, words in dates.text_days.items():
        phrases.add_all(words, ("t", days))
    for reign, year in dates.eras.items():
        phrases.add(reign, ("R", year))
    return phrases


def _worded(code: str) -> Iterator[tuple[str, Words]]:
    """The kinds that have no value, and their phrases."""
    spoken = language(code)
    dates = spoken.dates
    yield "U", (*dates.day, *cldr.unit_forms(code, "day"))
    yield "V", (*dates.week, *cldr.unit_forms(code, "week"))
    yield "X", (*dates.month, *cldr.unit_forms(code, "month"))
    yield "Z", (*dates.year, *cldr.unit_forms(code, "year"))
    yield "o", dates.of
    yield "u", dates.to
    yield "&", dates.both
    yield "b", dates.between
    yield "p", dates.on
    yield "i", dates.in_month
    yield "j", dates.in_year
    yield "e", dates.year_mark
    yield "m", dates.month_mark
    yield "d", (*dates.day_mark, *((".",) if spoken.writing.ordinal_dot else ()))
    yield "f", dates.few
    yield "F", dates.weekend
    yield "B", dates.bc
    yield "a", spoken.sentences.articles
    templates = (
        ("g", "G", (*dates.ago, *cldr.counted(code, "past"))),
        ("h", "H", (*dates.ahead, *cldr.counted(code, "future"))),
        ("l", "L", dates.later),
        ("k", "E", dates.earlier),
    )
    for before, behind, words in templates:
        for template in words:
            ahead, _, after = template.partition("{n}")
            # "for three days siden": where something stands on both sides, what stands behind tells.
            if after.strip():
                yield behind, (after.strip(),)
            elif ahead.strip():
                yield before, (ahead.strip(),)
    for template in dates.now:
        ahead, _, after = re.sub(r"\{[nd]\}", "\0", template).partition("\0")
        word = ahead.strip() or after.strip()
        if "{n}" in template:
            yield ("C" if after.strip() else "c"), (word,)
        else:
            yield ("q" if word in spoken.claims.before else "n"), (word,)
