"""Which passages hold which terms: what every full text does, in the folder of a generation or on its server."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.filters import Filters


@dataclass(frozen=True, slots=True)
class Term:
    """A term, or whatever begins with it."""

    text: str
    is_beginning: bool = False


class FullText(Protocol):
    """The terms of the passages of one generation: filled from `begin` to `seal`, and then only asked."""

    def begin(self, passages: Iterable[tuple[int, Collection[str]]]) -> None:
        """Hold what the generation before it held: these passages, by their numbers, with their terms.

        They are gone through only where its full text cannot be taken over as it is.
        """
        ...

    def add(self, number: int, terms: Collection[str]) -> None:
        """Enter a passage's terms under its number."""
        ...

    def remove(self, number: int, terms: Collection[str]) -> None:
        """Take a passage out; its terms must be those that were entered."""
        ...

    def seal(self) -> None:
        """Make it quick to ask, without a trace of what was taken out; nothing is entered any more."""
        ...

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each of the terms that occur at all."""
        ...

    def holding(self, groups: Sequence[Collection[Term]]) -> list[int]:
        """The numbers of all passages that hold a term of every group, in order; none for no groups or an empty one."""
        ...

    def names(self) -> list[str]:
        """Every term that is how a name sounds, each with the "~" that it begins with."""
        ...

    def worded(self, terms: Mapping[str, int], top: int, filters: Filters) -> list[int]:
        """The numbers of the `top` passages whose terms weigh most together, best first."""
        ...
