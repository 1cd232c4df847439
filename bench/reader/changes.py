"""A question or its sentence changed by rule, so that the sentence no longer answers: in every language.

What they share is put out of step: a stretch of the same words, or a number, is exchanged on one side only. Where
`changes.yaml` knows the language's words, a question is also denied, turned into its opposite, or asks for another
kind of thing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from random import Random

import yaml

WORD = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+|\d+"
)  # a letter each where no spaces part words
NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?![\d.,]*\d)")
SHORTEST = {True: 4, False: 2}  # characters of a stretch worth exchanging: words with spaces between them, or without

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The longest run of words that question and sentence share: where it starts in each, and the run."""

    in_question: int
    in_sentence: int
    words: str


@dataclass(frozen=True, slots=True)
class Words:
    """A language's words for changes: `negate` puts the second after the first, `asks` come before what is asked."""

    negate: Mapping[str, str] = field(default_factory=dict)
    opposites: Sequence[Sequence[str]] = ()
    asks: Sequence[str] = ()
    things: Sequence[str] = ()
    spaces: bool = True


@cache
def words_of(language: str) -> Words:
    """The language's words; none where the file has none."""
    known = yaml.safe_load(Path(__file__).with_name("changes.yaml").read_text(encoding="utf-8"))
    return Words(**known.get(language, {}))


def shared_stretch(question: str, sentence: str) -> Stretch | None:
    """None where they share no more than small words."""
    asked, written = list(WORD.finditer(question)), list(WORD.finditer(sentence))
    same = SequenceMatcher(
        None, [m.group().lower() for m in asked], [m.group().lower() for m in written], autojunk=False
    ).find_longest_match()
    if not same.size:
        return None
    first, last = asked[same.a], asked[same.a + same.size - 1]
    words = question[first.start() : last.end()]
    if len(words) < SHORTEST[len(first.group()) > 1]:
        return None
    return Stretch(first.start(), written[same.b].start(), words)


def alike(words: str, others: Sequence[str], random: Random) -> str | None:
    """One of the others that could stand for the words: as long, and a name or number as they are; None if none is."""
    for _ in range(20):
        other = random.choice(others)
        same_kind = other[0].isupper() == words[0].isupper() and other[0].isdigit() == words[0].isdigit()
        if same_kind and abs(other.count(" ") - words.count(" ")) <= 1:
            return other
    return None


def exchanged(text: str, at: int, old: str, new: str, spans: Spans = ()) -> tuple[str, Spans] | None:
    """The text with `new` for `old` at its place, and the spans where they are now; None if it lies in one of them."""
    end = at + len(old)
    if any(start < end and at < stop for start, stop in spans):
        return None
    shift = len(new) - len(old)
    moved = tuple((s + shift, e + shift) if s >= end else (s, e) for s, e in spans)
    return text[:at] + new + text[end:], moved


def another_number(text: str, other: str, random: Random) -> str | None:
    """The text with one of its numbers changed to one that is not in `other`; None if it has none."""
    found = list(NUMBER.finditer(text))
    if not found:
        return None
    number = random.choice(found)
    value = max(1, int(number.group()) + random.choice((-7, -4, -3, -2, -1, 1, 2, 3, 5, 10)))
    zero = ord(number.group()[0]) - int(number.group()[0])  # the script's own digits follow it
    new = "".join(chr(zero + int(digit)) for digit in str(value))
    if new in other or new == number.group():
        return None
    return text[: number.start()] + new + text[number.end() :]


def turned(question: str, sentence: str, language: str, random: Random) -> str | None:
    """The question denied, with a word turned into its opposite, or asking for another kind of thing; None if no rule
    of the language applies."""
    found = [new for new in _turns(question, sentence, words_of(language), random) if new != question]
    return random.choice(found) if found else None


def _turns(question: str, sentence: str, words: Words, random: Random) -> Iterator[str]:
    for before, after in words.negate.items():
        if match := _find(before, question, words.spaces):
            yield question[: match.end()] + after + question[match.end() :]
            break
    for pair in words.opposites:
        for old, new in (pair, reversed(pair)):
            match = _find(old, question, words.spaces)
            if match and not _find(new, sentence, words.spaces):
                yield question[: match.start()] + new + question[match.end() :]
    for asks in words.asks:
        match = re.search(rf"\b{asks} (\w+)", question, re.IGNORECASE)
        if match and words.things:
            yield question[: match.start(1)] + random.choice(words.things) + question[match.end(1) :]
            break


def _find(words: str, text: str, spaces: bool) -> re.Match[str] | None:
    edge = r"\b" if spaces else ""
    return re.search(edge + re.escape(words) + edge, text, re.IGNORECASE)
