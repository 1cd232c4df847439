"""What a composed answer tells, before its sentences are numbered."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answers import Citation, Statement
from assistant.checking.citations import cited
from index.hits import Hit


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of an answer and the sentences that it rests on; `role` as in Statement."""

    text: str
    hits: tuple[Hit, ...] = ()
    role: str = "quote"


def quoted(hits: Iterable[Hit]) -> tuple[Telling, ...]:
    """Each hit's sentence as it stands."""
    return tuple(Telling(hit.text, (hit,)) for hit in hits)


def numbered(tellings: Iterable[Telling], answer_language: str) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The tellings as statements, and their sentences as citations, numbered in the order of the telling."""
    citations: list[Citation] = []
    statements = []
    for telling in tellings:
        numbers = tuple(cited(hit, citations).number for hit in telling.hits)
        spoken = telling.hits[0].article.language if telling.hits else ""
        language = spoken if telling.role == "quote" and spoken != answer_language else ""
        translated_from = spoken if telling.role == "translation" else ""
        statements.append(Statement(telling.text, numbers, telling.role, language, translated_from))
    return tuple(statements), tuple(citations)
