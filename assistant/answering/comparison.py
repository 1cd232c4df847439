"""What is said of each of the things compared, side by side, and how far their values are apart."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from babel.numbers import format_decimal

from assistant.answering.belonging import Sure, surest
from assistant.answering.choosing import Width, chosen, in_order_of_text
from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling, quoted
from assistant.facts.names import is_named
from assistant.facts.pieces import NAME
from assistant.facts.quantities import Quantity
from assistant.reading.findings import Finding
from index.hits import Hit
from index.languages.cldr import locale_of

Read = Callable[[str, Sequence[Hit]], Sequence[Finding]]

WIDTH = Width(article=1.5, sentence=1.5, least=2, most=8)
# What answers by log-odds so far behind the surest is of neither.
BEHIND = 1.5


def compared(question: str, hits: Sequence[Hit], read: Read, sure: Sure, language: str) -> tuple[Telling, ...]:
    """What the articles say of each of the two things that the question names, below its name; else of either.

    Where one number is told of each, of the same unit, how far they are apart is computed.
    """
    sides = sides_of(question)
    best = surest(chosen(hits, WIDTH), sure, BEHIND, 1)
    found = in_order_of_text((*best, *_missing(sides, best, hits)) if sides else best)
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


def _missing(sides: tuple[str, str], told: Sequence[Hit], hits: Sequence[Hit]) -> Iterator[Hit]:
    """Of each thing that no sentence told is only of, the best hit of it: one that names it, or whose title does."""
    for side, other in (sides, sides[::-1]):
        if not _only_of(side, other, told):
            of_it = (*_only_of(side, other, hits), *_only_of(side, other, hits, lambda hit: hit.article.title))
            yield from sorted((hit for hit in of_it if hit not in told), key=lambda hit: -hit.rank_value)[:1]


def sides_of(question: str) -> tuple[str, str] | None:
    """The last two names in the question, which are what it compares; None when there are fewer."""
    opening = re.search(r"\w+", question)
    found = [name[0] for name in re.finditer(NAME, question) if opening and name.start() > opening.start()]
    return (found[-2], found[-1]) if len(found) > 1 else None


def _only_of(
    side: str, other: str, hits: Sequence[Hit], text: Callable[[Hit], str] = lambda hit: hit.text
) -> tuple[Hit, ...]:
    """Those whose text names the one thing and not the other, by the last word of its name."""
    one, another = side.split()[-1], other.split()[-1]
    return tuple(hit for hit in hits if is_named(one, text(hit)) and not is_named(another, text(hit)))


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
