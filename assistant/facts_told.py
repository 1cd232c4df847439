"""How much of what a perfect answer tells an answer tells, and whether what it cites is wanted."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from assistant.answers import Answer
from assistant.facts.dates import dates_in
from assistant.facts.quantities import quantities_in
from index.articles import Article
from index.errors import UserError
from index.generations.generation import Generation
from index.lexicon import folded
from index.passages import Extent

ToldValue = str | int


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a perfect answer tells: by a sentence that is one of the `quotes`, by words that are one of `any`,
    or, counted in the collection, by one of the `values`.

    A value 0 is told by an answer that cites nothing, and by none.
    """

    quotes: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    values: tuple[ToldValue, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedFacts:
    """The facts of a question, the sentences that are `fine` to cite besides, and the `kind` of the question.

    `least` facts make the answer right; by default all of them.
    """

    facts: tuple[Fact, ...] = ()
    fine: tuple[str, ...] = ()
    kind: str = ""
    least: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What one answer came to; None where nothing can be told of it."""

    kind: str
    answerable: bool
    answered: bool
    recall: float | None = None
    precision: float | None = None
    lines: int | None = None


@dataclass(frozen=True, slots=True)
class KindScore:
    """The answers of one kind of question: shares from 0 to 1, None where there is nothing to take one of.

    `f1` is that of the mean recall and the mean precision; `lines` the median number of lines of an answer.
    """

    kind: str
    n: int
    answered: float | None
    refused: float | None
    recall: float | None
    precision: float | None
    f1: float | None
    lines: float | None


def read_wanted(line: Mapping[str, object], name: str) -> WantedFacts:
    """The `facts`, `fine`, `kind` and `least` of a question's line; raises UserError naming what is wrong with them."""
    found = line.get("facts") or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise UserError(f'Question {name}: "facts" is {found!r}. Write a list of objects.')
    least = line.get("least") or 0
    if not isinstance(least, int):
        raise UserError(f'Question {name}: "least" is {least!r}. Write a number.')
    fine = _strings(line.get("fine"), f'Question {name}: "fine"')
    return WantedFacts(tuple(_fact(one, name) for one in found), fine, str(line.get("kind") or ""), least)


def _fact(described: Mapping[str, object], name: str) -> Fact:
    value = described.get("value")
    written: list[object] = value if isinstance(value, list) else [] if value is None else [value]
    values = tuple(one for one in written if isinstance(one, str | int))
    if len(values) < len(written):
        raise UserError(f"Question {name}: the value {value!r} of a fact is neither text nor a whole number.")
    quotes, words = (_strings(described.get(key), f'Question {name}: "{key}" of a fact') for key in ("quotes", "any"))
    return Fact(quotes, words, values)


def _strings(value: object, what: str) -> tuple[str, ...]:
    value = value or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UserError(f"{what} is {value!r}. Write a list of strings.")
    return tuple(value)


def tally(wanted: WantedFacts, answerable: bool, answer: Answer, generation: Generation) -> Tally:
    """What the answer tells of what is wanted, and what share of its citations is wanted."""
    says_none = any(0 in fact.values for fact in wanted.facts)
    answered = answer.answered or says_none
    if not answerable or not wanted.facts:
        return Tally(wanted.kind, answerable, answered)
    found = told(wanted.facts, answer, generation)
    recall = sum(found) / len(found)
    lines = sum(one.role != "heading" for one in answer.statements) if answer.answered else None
    texts = {cited.article: generation.article(cited.article).text for cited in answer.citations}
    good = [quote for fact in wanted.facts for quote in fact.quotes] + list(wanted.fine)
    if not (answer.answered and answer.citations and good):
        return Tally(wanted.kind, answerable, answered, recall, None, lines)
    held = [overlaps((one.start, one.end), good, texts[one.article]) for one in answer.citations]
    return Tally(wanted.kind, answerable, answered, recall, sum(held) / len(held), lines)


def told(facts: Sequence[Fact], answer: Answer, generation: Generation) -> tuple[bool, ...]:
    """Whether the answer tells each of the facts; a refusal tells only that there is none of something."""
    texts = {cited.article: generation.article(cited.article).text for cited in answer.citations}
    said = folded(" ".join([answer.text, answer.short_answer, *(one.quote for one in answer.citations)]))

    def is_told(fact: Fact) -> bool:
        if not answer.answered or 0 in fact.values:
            return 0 in fact.values and not answer.citations
        return (
            any(overlaps((one.start, one.end), fact.quotes, texts[one.article]) for one in answer.citations)
            or any(folded(words) in said for words in fact.any)
            or any(says(answer, value) for value in fact.values)
        )

    return tuple(map(is_told, facts))


def overlaps(place: Extent, quotes: Iterable[str], text: str) -> bool:
    """Whether the place shares at least half of the shorter one's characters with a quote, wherever that stands."""
    start, end = place
    return any(
        2 * (min(end, last) - max(start, first)) >= min(end - start, last - first)
        for quote in quotes
        for first, last in _places(quote, text)
        if first < end and start < last
    )


def _places(quote: str, text: str) -> Iterator[Extent]:
    """Where the quote stands in the text, whatever its white space."""
    if words := quote.split():
        yield from (match.span() for match in re.finditer(r"\s+".join(map(re.escape, words)), text))


def says(answer: Answer, value: ToldValue) -> bool:
    """Whether the answer's text has the value: a number in digits or words, an ISO day or month, or the same words."""
    written = Article("", "", answer.text, "", answer.language)
    if isinstance(value, int):
        digits = re.findall(r"(?<![\d.,])\d+(?!\d|[.,]\d)", answer.text)
        return str(value) in digits or any(one.value == value for one in quantities_in(written, 0, len(answer.text)))
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        return any(day.first.startswith(value) for day in dates_in(written))
    return f" {_words(value)} " in f" {_words(answer.text)} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", folded(text)))


def by_kind(tallies: Iterable[Tally]) -> tuple[KindScore, ...]:
    """The score of each kind in the order of their first question, and last that of all, whose kind is "all"."""
    every = list(tallies)
    names = list(dict.fromkeys(one.kind for one in every if one.kind))
    groups = [(name, [one for one in every if one.kind == name]) for name in names]
    return tuple(_score(name, group) for name, group in [*groups, ("all", every)])


def _score(kind: str, tallies: Sequence[Tally]) -> KindScore:
    asked, others = ([one for one in tallies if one.answerable is wanted] for wanted in (True, False))
    recall, precision = _mean([one.recall for one in asked]), _mean([one.precision for one in asked])
    refused = _mean([float(not one.answered) for one in others])
    f1 = 2 * recall * precision / (recall + precision) if recall and precision else (0.0 if asked else None)
    lines = [one.lines for one in asked if one.lines is not None]
    return KindScore(
        kind,
        len(tallies),
        _mean([float(one.answered) for one in asked]),
        refused,
        recall,
        precision,
        f1,
        float(median(lines)) if lines else None,
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None
