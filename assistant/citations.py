"""Which sentence supports which statement, decided and verified by code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A fact: `quote` equals characters `start` to `end` of the article's stored text."""

    number: int
    article: str
    title: str
    published: str
    start: int
    end: int
    quote: str
