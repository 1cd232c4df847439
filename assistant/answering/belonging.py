"""Sentences ranked by what the reader says of them too: likeness alone does not tell which belong to an answer."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answering.choosing import standardised
from assistant.answering.context import place_of
from assistant.reading.findings import READ_HITS, Finding
from index.hits import Hit

# What the reader's opinion counts beside the rank, both in standard deviations: most where a value is asked for, of
# each thing compared or of the newest article, and nothing where several sentences together tell why, how or which.
WEIGHED = {"comparison": 1.0, "latest": 1.0, "overview": 0.5, "said": 0.5, "facts": 0.5}
# So many of the best are read, and of another it is taken that it answers less than most.
READ, UNREAD = 30, -1.0


def belonging(
    kind: str, ranked: Sequence[Hit], findings: Sequence[Finding], read: Callable[[Sequence[Hit]], Sequence[Finding]]
) -> tuple[Hit, ...]:
    """The hits, ranked by how surely each answers besides; `findings` are what has been read of them before."""
    share = WEIGHED.get(kind, 0.0)
    if not share:
        return tuple(ranked)
    places = [place_of(hit) for hit in ranked[:READ]]
    known = {place_of(one.hit): one.answerable for one in findings}
    missing = [hit for hit, place in zip(ranked[:READ], places, strict=True) if place not in known][:READ_HITS]
    known |= {place_of(one.hit): one.answerable for one in (read(missing) if missing else ())}
    told = [hit for hit in ranked if place_of(hit) in known]
    sure = dict(zip(map(place_of, told), standardised([known[place_of(hit)] for hit in told]), strict=True))
    moved = [replace(hit, rank_value=hit.rank_value + share * sure.get(place_of(hit), UNREAD)) for hit in ranked]
    return tuple(sorted(moved, key=lambda hit: -hit.rank_value))
