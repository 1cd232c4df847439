"""Numbers written in words: "twenty-one", "einundzwanzig", "vingt et un", "二十一"."""

import re
from dataclasses import dataclass
from functools import cache

from assistant.facts.pieces import Phrases, TextPiece, key_of
from index.languages.words import Language, language

HUNDRED, THOUSAND = 100, 1000
MOST_PIECES = 12


@dataclass(frozen=True, slots=True)
class Number:
    """So many pieces say the value; `is_ordinal` when they say which one and not how many."""

    pieces: int
    value: int
    is_ordinal: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """A language's words for numbers: the phrases with value and whether ordinal, and what joins them."""

    phrases: Phrases[tuple[int, bool]]
    joiners: frozenset[str]
    part: re.Pattern[str]  # one part of a word of several
    whole: re.Pattern[str]
    values: dict[str, tuple[int, bool]]
    multiplies_ten: bool  # 二十 is two tens

    def read(self, pieces: list[TextPiece], start: int) -> Number | None:
        """The number in words that begins at a piece, None when none does."""
        values: list[tuple[int, bool]] = []
        ends: list[int] = []  # the place after each value
        place = start
        while place < len(pieces) and place - start < MOST_PIECES:
            length, found = self.phrases.longest(pieces, place)
            if found:
                values.append(found[0])
                place += length
            elif parts := self._parts(pieces[place].key):
                if (value := self._composed([one for one, _ in parts])) is None:
                    break
                values.append((value, parts[-1][1]))
                place += 1
            elif values and pieces[place].key in self.joiners:
                place += 1
                continue
            else:
                break
            ends += [place] * (len(values) - len(ends))
            if values[-1][1] and not self._goes_on(values[-1][0], pieces, place):
                break
        for count in range(len(values), 0, -1):
            value = self._composed([one for one, _ in values[:count]])
            if value is not None and (count == len(values) or ends[count] > ends[count - 1]):
                return Number(ends[count - 1] - start, value, values[count - 1][1])
        return None

    def _goes_on(self, value: int, pieces: list[TextPiece], place: int) -> bool:
        """Whether an ordinal may go on: "vigésimo segundo", "الثاني والعشرين"."""
        if value >= 20 and value % 10 == 0:
            return True
        return place < len(pieces) and any(
            joiner.isalpha() and len(joiner) == 1 and pieces[place].key.startswith(joiner) for joiner in self.joiners
        )

    def _parts(self, key: str) -> list[tuple[int, bool]]:
        """The numbers that a word of several is made of: "einundzwanzig"."""
        if not self.whole.fullmatch(key):
            return []
        return [self.values[part] for part in self.part.findall(key) if part in self.values]

    def _composed(self, values: list[int]) -> int | None:
        """The number that the parts make together, None when they are none."""
        if len(values) > 1 and all(value < 10 for value in values):
            return int("".join(map(str, values))) if self.multiplies_ten and len(values) in (3, 4) else None
        total, current = 0, 0
        for value in values:
            if value > THOUSAND:
                if current:
                    return None
                total += value
            elif value == THOUSAND:
                total, current = total + max(1, current) * THOUSAND, 0
            elif value == HUNDRED:
                current = max(1, current) * HUNDRED
            elif value % HUNDRED == 0 and HUNDRED < value < THOUSAND and current:
                return None
            elif value == 10 and self.multiplies_ten and 0 < current % HUNDRED < 10:
                current += 9 * (current % HUNDRED)
            elif not _fits(current, value):
                if not 10 <= current <= 20 or total or 0 < value < 10:
                    return None
                current = current * HUNDRED + value  # "nineteen seventy"
            else:
                current += value
        return total + current


def _fits(current: int, value: int) -> bool:
    """Whether the value can be added to what was said before it in the same hundreds."""
    small = current % HUNDRED
    return (
        small == 0
        or (value < 10 and small >= 20 and small % 10 == 0)
        or (small < 10 and value % 10 == 0)
        or (value < 20 and small in (60, 80))
        or (value < 10 and small == 10)
    )


def read_number(pieces: list[TextPiece], start: int, code: str) -> Number | None:
    """The number in the words of the language that begins at that piece, None when none does."""
    return _words(language(code).code).read(pieces, start)


def begins_number(key: str, code: str) -> bool:
    """Whether a number in the words of the language may begin with the piece."""
    words = _words(language(code).code)
    return words.phrases.begins(key) or words.whole.fullmatch(key) is not None


@cache
def _words(code: str) -> _Words:
    spoken = language(code)
    phrases: Phrases[tuple[int, bool]] = Phrases()
    values: dict[str, tuple[int, bool]] = {}
    for form, value, is_ordinal in _forms(spoken):
        phrases.add(form, (value, is_ordinal))
        values.setdefault(key_of(form), (value, is_ordinal))
    joiners = frozenset(map(key_of, spoken.numbers.joiners)) | {"-"}
    parts = sorted((*values, *(joiner for joiner in joiners if joiner.isalpha())), key=len, reverse=True)
    part = re.compile("|".join(map(re.escape, parts)) or "(?!)")
    whole = re.compile(f"(?:{part.pattern})+")
    return _Words(phrases, joiners, part, whole, values, spoken.numbers.ten_multiplies)


def _forms(spoken: Language) -> list[tuple[str, int, bool]]:
    numbers = spoken.numbers
    rows = [(forms, value, False) for value, forms in enumerate(numbers.cardinals)]
    rows += [(forms, 10 * ten, False) for ten, forms in enumerate(numbers.tens, start=2)]
    rows += [(numbers.hundred, HUNDRED, False), (numbers.thousand, THOUSAND, False)]
    rows += [(forms, HUNDRED * count, False) for count, forms in enumerate(numbers.hundreds, start=2)]
    rows += [(forms, value, True) for value, forms in enumerate(numbers.ordinals, start=1)]
    rows += [(forms, 10 * ten, True) for ten, forms in enumerate(numbers.ordinal_tens, start=2)]
    rows += [(forms, 2 * 10 ** int(power), False) for power, forms in numbers.duals.items()]
    return [(form, value, is_ordinal) for forms, value, is_ordinal in rows for form in forms]
