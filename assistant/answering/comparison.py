"""What is said of each of the things compared, side by side, and how far their values are apart."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from babel.numbers import format_decimal

from assistant.answering.choosing import Width, chosen, in_order_of_text
from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling, quoted
from assistant.facts.names import is_named
from assistant.facts.quantities import Quantity
from assistant.reading.findings import Finding
from assistant.understanding.questions import NAME
from index.hits import Hit
from index.languages.cldr import locale_of

Read = Callable[[str, Sequence[Hit]], Sequence[Finding]]

WIDTH = Width(article=1.5, sentence=1.5, least=2, most=8)


def compared(question: str, hits: Sequence[Hit], read: Read, language: str) -> tuple[Telling, ...]:
    """What the articles say of each of the two things that the question names, below its name; else of either.

    Where one number is told of each, of the same unit, how far they are apart is computed.
    """
    found = in_order_of_text(chosen(hits, WIDTH))
    sides = sides_of(question)
    told = [_only_of(side, other, found) for side, other in (sides, sides[::-1])] if sides else []
    if not sides or not all(told):
        return quoted(found)
    tellings = [*quoted(hit for hit in found if hit not in told[0] and hit not in told[1])]
    numbers = []
    for side, some in zip(sides, told, strict=True):
        tellings += [Telling(side, (), "heading"), *quoted(some)]
        numbers.append(next(_numbers(read(question, some)), None))
    first, second = numbers
    if first and second and first[0].unit == second[0].unit:
        tellings.append(_difference(first, second, language))
    return tuple(tellings)


def sides_of(question: str) -> tuple[str, str] | None:
    """The last two names in the question, which are what it compares; None when there are fewer."""
    found = [name[0] for name in re.finditer(NAME, question) if name.start() > 0]
    return (found[-2], found[-1]) if len(found) > 1 else None


def _only_of(side: str, other: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Those that name the one thing and not the other, by the last word of its name."""
    return tuple(
        hit for hit in hits if is_named(side.split()[-1], hit.text) and not is_named(other.split()[-1], hit.text)
    )


def _numbers(findings: Sequence[Finding]) -> Iterator[tuple[Quantity, Finding]]:
    """The numbers that surely enough answer."""
    return ((one.value, one) for one in findings if isinstance(one.value, Quantity) and one.enough)


def _difference(one: tuple[Quantity, Finding], other: tuple[Quantity, Finding], language: str) -> Telling:
    """How far the two are apart, resting on both sentences."""
    greater, less = sorted((one, other), key=lambda pair: -pair[0].value)
    values = [_written(value, greater[0].unit, language) for value in (greater[0].value, less[0].value)]
    apart = _written(greater[0].value - less[0].value, greater[0].unit, language)
    told = phrase("difference", language, greater=values[0], less=values[1], apart=apart)
    return Telling(told, (greater[1].hit, less[1].hit), "value")


def _written(value: Decimal, unit: str, language: str) -> str:
    number = str(format_decimal(value, locale=locale_of(language) or "en"))
    return f"{number} {unit}".strip()
