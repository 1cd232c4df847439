"""The tokens of a text that may tell a day, and the ways in which any language orders them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock

from assistant.facts.day_words import UNITS, phrases_of
from assistant.facts.number_words import begins_number, read_number
from assistant.facts.pieces import TextPiece, pieces_of
from assistant.facts.shapes import Mention, Shape, with_century
from index.languages import cldr
from index.languages.words import language, languages, pattern


@dataclass(frozen=True, slots=True)
class DayToken:
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
    "c from now before|C from now behind|R reign|T day by the tense|P year from the article's|"
    "1 one of a unit|2 two of a unit"
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
    """A pattern over kinds as one over the kind's characters; see `Grammar.compiled`."""
    return written.replace("FILL", _FILL).replace(" ", "")


_DAY = "[DO]d{0,2}"
_NTH = "(?:O|D[.d]{1,2})"  # "third", "3rd", "3."
_YEAR = "Ye{0,2}"
# "last year", "año pasado", "tavaly"; and what stands between it and a day.
_SIDED_YEAR, _TO_YEAR = "(?:(?P<k>K)Z|Z(?P<l>K)|(?P<p>P))", "[oaip]{0,3}"
_LAPSE = "(?:[NOf][UVXZ]|2)(?:,?&?(?:[NO][UVXZ]|2)){0,2}"
# The name of each way, and how its tokens follow one another. (?P<x>K) is a token that the way reads.
WAYS: tuple[tuple[str, str], ...] = (
    ("unread", f"(?:{_DAY} FILL [MA].?,?o?)?(?:[NY]B|B[NY])"),
    ("unread", "[ghlk]f[UVXZ]|f[UVXZ][GHLE]"),
    ("unread", "OU"),
    ("unread", "(?:KZ|ZK|P),?p{1,2}[DO]d{1,2}"),
    ("unread", f"O[pUo]?W|NW|Tn{_LAPSE}[GHLE]?"),
    (
        "day_month",
        "(?:(?P<w>[Ww]).?,?FILL)?(?:(?P<b>b)FILL)?(?P<d>[DO])d{0,2}(?:(?:(?P<to>[u-])|(?P<and>&))FILL(?P<x>[DO])d{0,2})?"
        ".?FILL[-/]?(?P<m>[MA]).?(?:[-/]?,?o{0,2}(?P<y>Y)e{0,2})?"
        "(?:[u-]FILL(?P<e>[DO])d{0,2}FILL(?P<n>[MA]).?(?:,?o{0,2}(?P<z>Y)e{0,2})?)?(?:,?(?P<v>W))?",
    ),
    (
        "month_day",
        "(?:(?P<y2>Y)[-/.]?e?o?|(?P<y3>N)eo?|R(?P<r>N)eo?)?(?:(?P<w>[Ww]).?,?FILL)?"
        "(?P<b>b)?(?P<m>[MA]).?[-/]?,?[pao]{0,2}(?P<d>[DO])d{0,2}"
        "(?:(?:(?P<to>[u-])|(?P<and>&))FILL(?:(?P<n>[MA]).?)?(?P<x>[DO])d{0,2})?(?:,?o{0,2}(?P<y>Y)e{0,2})?",
    ),
    (
        "signs",
        "(?:(?P<v>W),?)?(?:(?P<y>[YN])eo?,?|R(?P<r>N)eo?)?(?P<m>D)mo?-?(?P<d>D)d?(?:o?,?(?P<w>W))?(?:,?(?P<y2>Y)e?)?",
    ),
    (
        "of_sided_year",
        f"(?:[Ww].?,?FILL)?(?P<d>[DO])d{{0,2}}.?FILL(?P<m>[MA]).?{_TO_YEAR}{_SIDED_YEAR}"
        f"|(?:[Ww].?,?FILL)?(?P<m2>[MA]).?[-/]?(?P<d2>[DO])d{{0,2}}{_TO_YEAR}{_SIDED_YEAR.replace('>', '2>')}"
        f"|(?P<m3>[MA]).?{_TO_YEAR}{_SIDED_YEAR.replace('>', '3>')}",
    ),
    (
        "of_sided_year",
        f"{_SIDED_YEAR}(?:,[ip])?{_TO_YEAR}(?:(?P<m>[MA]).?(?P<d>[DO])d{{0,2}}|(?P<d2>[DO])d{{0,2}}.?FILL(?P<m2>[MA])"
        "|(?P<m3>D)mo?-?(?P<d3>D)d?|(?P<m4>D)m)",
    ),
    ("of_sided_year", f"{_SIDED_YEAR}[oi]{{1,2}}(?P<m>M)|(?P<p2>P)(?P<m2>M)"),
    ("signs_month", "(?:(?P<y>[YN])e|R(?P<r>N)e)o?(?P<m>D)m"),
    ("month_year", "(?P<m>[MA]).?,?o{0,2}(?P<y>Y)e{0,2}|(?P<y2>Y)[e.]?o?(?P<m2>M)"),
    ("sided_month", "(?P<k>K)o?(?P<m>M)|(?:[Ww].?,?FILL)?(?:(?P<d>[DO])d{0,2}FILL)?(?P<m2>M)(?P<k2>K)(?![UVXZ])"),
    ("month_alone", "[ip](?P<m>M)|(?P<m2>D)m"),
    ("year_alone", "[jipP](?P<y>Y)e{0,2}|(?P<y2>Y)e{1,2}|R(?P<r>N)e{1,2}"),
    (
        "week_day",
        "(?P<w>W),?FILL(?P<k>K)Va?|(?P<w2>W),?FILL VFILL(?P<k2>K)|(?P<k3>K)V,?FILL(?P<w3>W)|V(?P<k4>K),?FILL(?P<w4>W)",
    ),
    ("weekday_day", "(?P<w>W).?,?[pai]{0,2}(?P<d>[DO])d{0,2}|(?P<d2>D)do?(?P<w2>W)"),
    (
        "nth",
        f"(?:(?P<o>{_NTH})|(?P<l>K))(?P<w>W)"
        "(?:FILL(?P<m>M)(?:o{0,2}(?P<y>Y))?|[oi]{0,2}(?P<k>K)X|[oi]{1,2}X(?P<k2>K)?)",
    ),
    ("nth", f"(?P<o3>{_NTH})[pU](?P<w3>W)[oi]{{1,2}}(?:(?P<m4>M)|(?P<k4>K)X|X(?P<k5>K))"),
    ("nth", "(?:(?P<m>M)|(?P<m3>D)m|(?P<k>K)X)o?(?:(?P<o>O))V?o?(?P<w>W)|(?P<o2>O)(?:(?P<w2>W))[oi]{0,2}(?P<m2>M)"),
    ("month_of_day", "(?P<kz>K)Zo?(?P<k4>K)Xo?(?P<d4>[DO])d{1,2}"),
    (
        "month_of_day",
        "(?P<d>[DO])d{0,2}o{0,2}(?P<k>K)X|(?P<d2>[DO])d{0,2}[oi]{0,2}X(?P<k2>K)|(?P<k3>K)Xo?(?P<d3>[DO])d{1,2}",
    ),
    ("weekday", "(?:(?P<kk>K)?(?P<k>K)o?)?(?P<w>W)(?:(?P<k2>K))?"),
    ("week_on", "c?(?P<n>N)V(?P<h>[GH])o?(?P<w>W)"),
    ("unit", "(?P<k>K)(?P<u>[VXZ])(?!o)|(?P<u2>[VXZ])(?P<k2>K)"),
    ("lapse", f"(?P<pre>[ghlk])(?P<n>{_LAPSE})(?P<post>[GHLE])?|(?P<n2>{_LAPSE})(?P<post2>[GHLE])"),
    ("lapse", "(?P<pre>g)(?P<n>1)|(?P<n2>1)(?P<post2>G)"),
    ("from_day", f"[gh]?(?P<n>{_LAPSE})(?P<s>[nq])(?P<r>r)|(?P<r2>r)(?P<s2>n)(?P<n2>{_LAPSE})(?P<back>G)?[HL]?"),
    ("from_day", f"(?P<r2>r)o?(?P<n2>{_LAPSE})(?P<back>G)"),
    ("from_now", f"[gh]?(?P<n>{_LAPSE})C|c(?P<n2>{_LAPSE})[HL]?"),
    ("year_from", "(?P<P>P)(?!Y)"),
    ("relative", "(?P<r>r)|(?P<t>t)|(?P<T>T)"),
    ("season", "(?P<k>[KP])?(?P<s>S)(?:o{0,2}(?P<y>Y)e?|(?P<k2>K)|o{0,2}(?P<k3>P))?|(?P<y2>Y)eo?(?P<s2>S)"),
    ("weekend", "(?P<k>K)?F(?P<k2>K)?"),
    ("day_of_number", "p(?P<d>D)[op]{1,2}(?P<m>D)"),
    ("bare_day", "p(?P<d>D)(?P<mark>d)?|(?P<d2>D)(?P<mark2>d)"),
)


def _shortened(pieces: list[TextPiece], place: int) -> int | None:
    """The year that "'78" is, at the apostrophe; None in "5'11" and "the '80s"."""
    before, sign, number, after = (pieces[at] if 0 <= at < len(pieces) else None for at in range(place - 1, place + 3))
    if sign is None or sign.key != "'" or number is None or not (number.key.isdecimal() and len(number.key) == 2):
        return None
    ends = [before.end if before else -1, sign.end, number.end]
    starts = [sign.start, number.start, after.start if after and after.key.isalnum() else -1]
    touches = [end == start for end, start in zip(ends, starts, strict=True)]
    return with_century(int(number.key)) if touches == [False, True, False] else None


def _without(kinds: str, held: Mapping[str, int]) -> Mapping[str, int]:
    return {kind: value for kind, value in held.items() if kind not in kinds}


class Grammar:
    """The tokens and ways of one language."""

    def __init__(self, code: str) -> None:
        self.language = language(code)
        self.code = code
        self.locale = cldr.locale_of(code)
        self.phrases = phrases_of(code)
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
        self._lock = Lock()  # several questions are read at once, each in a thread of its own
        self._letters: dict[frozenset[str], str] = {}
        self._ways: list[tuple[str, str]] = [(name, _pattern(way)) for name, way in WAYS]
        self._compiled: tuple[int, list[tuple[str, re.Pattern[str]]]] = (0, [])

    def tokens(self, text: str) -> list[DayToken]:
        """The text's tokens; a phrase is one, and so is a number in words."""
        pieces = pieces_of(text)
        tokens: list[DayToken] = []
        place = 0
        while place < len(pieces):
            piece = pieces[place]
            if not self._may_begin(piece.key) or self._ends_sentence(text, piece, tokens):
                tokens.append(DayToken(piece.start, piece.end, NOTHING))
                place += 1
                continue
            count, kinds = self._read(pieces, place)
            if tokens and "N" in tokens[-1].kinds and (unit := self._counted_unit(pieces, place, count)):
                count, kinds = unit
            if piece.key in self.language.dates.ordinary_months and not text[piece.start].isupper():
                kinds = _without("MA", kinds)
            if ("w" in kinds or "A" in kinds) and not self._is_short_name(pieces, place, count):
                kinds = _without("wA", kinds)
            if "r" in kinds and self._is_noun(text, piece, tokens):
                kinds = _without("r", kinds)
            tokens.append(DayToken(piece.start, pieces[place + count - 1].end, kinds))
            place += count
        return tokens

    def _read(self, pieces: list[TextPiece], place: int) -> tuple[int, Mapping[str, int]]:
        """How many pieces belong together from that one on, and what they may be."""
        key = pieces[place].key
        if (year := _shortened(pieces, place)) is not None:
            return 2, {"Y": year}
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

    def _counted_unit(self, pieces: list[TextPiece], place: int, count: int) -> tuple[int, Mapping[str, int]] | None:
        """A unit that is a part of a longer phrase, and what follows it says how long ago: Thai "3 วันก่อน"."""
        if self.language.writing.spaces:
            return None
        for length in range(count - 1, 0, -1):
            unit = dict(self.phrases.longest(pieces[place : place + length], 0)[1])
            behind = self.phrases.longest(pieces, place + length)[1]
            if unit.keys() & UNITS.keys() and any(kind in "GHLE" for kind, _ in behind):
                return length, unit
        return None

    def _is_word_of_dates(self, key: str) -> bool:
        """Whether a phrase, a number or a mark may begin with the piece."""
        is_sign = key == "'" or key in _MARKS or key in self.language.numbers.ordinal_sign
        if key[0].isdigit() or is_sign or self.phrases.begins(key):
            return True
        return begins_number(key, self.code) or bool(self._stemmed(key))

    def _which(self, pieces: list[TextPiece], place: int) -> tuple[int, int] | None:
        """The number after such a sign as 第, and how many pieces it has."""
        if pieces[place].key.isdigit() and len(pieces[place].key) < 4:
            return int(pieces[place].key), 1
        number = read_number(pieces, place, self.code)
        return (number.value, number.pieces) if number else None

    def _ends_sentence(self, text: str, piece: TextPiece, before: list[DayToken]) -> bool:
        """Whether it is a full stop before a word with a capital letter, and none of "Sat. March 5" or "5. März"."""
        if piece.key != "." or not before or re.match(r"\s+[\"“„«‘(]?[^\W\d_]", text[piece.end :]) is None:
            return False
        if not text[piece.end :].lstrip(' \t\n"“„«‘(')[:1].isupper() or "w" in before[-1].kinds:
            return False
        return not (self.language.writing.ordinal_dot and "D" in before[-1].kinds)

    def _is_noun(self, text: str, piece: TextPiece, before: list[DayToken]) -> bool:
        """Whether "mañana" or "Morgen" is the morning and not tomorrow."""
        begins = not before or text[before[-1].start : piece.start].strip() in {".", "!", "?", ":", "\n"}
        if self.language.writing.nouns_have_capitals and text[piece.start].isupper() and not begins:
            return True
        return bool(before) and "a" in before[-1].kinds

    def _is_short_name(self, pieces: list[TextPiece], place: int, count: int) -> bool:
        """Whether a word that may be "Mar" or "so" stands for a month or a weekday: beside a number."""
        after = pieces[place + count : place + count + 3]
        before = pieces[max(0, place - 4) : place]
        return any(piece.key[0].isdigit() or self._has_number(piece) for piece in (*before, *after))

    def _has_number(self, piece: TextPiece) -> bool:
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
                found = self.phrases.longest([TextPiece(key[: -len(ending)], 0, 0)], 0)[1]
                if kept := {kind: value for kind, value in found if kind in "MWSUr"}:
                    return kept
        for prefix in dates.prefixes:
            if key.startswith(prefix) and len(key) > len(prefix) + 1:
                found = self.phrases.longest([TextPiece(key[len(prefix) :], 0, 0)], 0)[1]
                if kept := {kind: value for kind, value in found if kind in "MWSUVXZKrtF"}:
                    return kept
        return {}

    def found(self, text: str) -> Iterator["FoundWay"]:
        """Every way that is found in the text, also those that overlap."""
        tokens = self.tokens(text)
        letters = "".join(self._letter(token.kinds) for token in tokens)
        for name, way in self._patterns():
            for match in way.finditer(letters):
                yield FoundWay(name, match, tokens, text, self)

    def _letter(self, kinds: Mapping[str, int]) -> str:
        """One character for a set of kinds."""
        if not kinds:
            return NO_KIND
        with self._lock:
            return self._letters.setdefault(frozenset(kinds), chr(ord(NO_KIND) + 1 + len(self._letters)))

    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        """The ways, each kind as the class of all characters whose set has it."""
        with self._lock:
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


class FoundWay:
    """A way found in the tokens of a text."""

    def __init__(self, way: str, match: re.Match[str], tokens: list[DayToken], text: str, grammar: Grammar) -> None:
        self.way = way
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
            number = number or token.kinds.get("2", 0) or token.kinds.get("1", 0)
            if unit and number:
                counts.append((UNITS[unit], number))
                number = 0
            elif "N" in token.kinds or "O" in token.kinds:
                number = token.kinds.get("N", token.kinds.get("O", 0))
        return counts


@cache
def grammar(code: str) -> Grammar:
    """The ways and words of the language."""
    return Grammar(code)
