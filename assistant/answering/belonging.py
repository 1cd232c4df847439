"""Sentences ranked by what the reader says of them too: likeness alone does not tell which belong to an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.answering.choosing import standardised
from assistant.reading.findings import READ_HITS, Finding
from index.hits import Hit, HitPlace, place_of

# The reader's log-odds that each of some sentences answers; those are left out that were not read.
Sure = Callable[[Sequence[Hit]], Mapping[HitPlace, float]]

# What the reader's opinion counts beside the rank, both in standard deviations: most where a value is asked for, of
# each thing compared or of the newest article, and nothing where several sentences together tell why or how.
WEIGHED = {"comparison": 1.0, "latest": 1.0, "overview": 0.75, "facts": 0.75, "said": 0.5, "list": 0.5}
# Of these kinds the reader tells by its one best sentence which article answers, and the rank which of its sentences
# do: so far behind the best, in standard deviations, another article may be.
STORY_WEIGHED, STORY_WIDTH = {"why": 1.0}, 0.4
# So many of the best are read, and of another it is taken that it answers less than most.
READ, UNREAD = 30, -1.0


def sureness(findings: Sequence[Finding], read: Callable[[Sequence[Hit]], Sequence[Finding]]) -> Sure:
    """How surely sentences answer; each is read once, and what is in the `findings` was."""
    known = {place_of(one.hit): one.answerable for one in findings}

    def sure(hits: Sequence[Hit]) -> dict[HitPlace, float]:
        missing = [hit for hit in hits if place_of(hit) not in known][:READ_HITS]
        known.update((place_of(one.hit), one.answerable) for one in (read(missing) if missing else ()))
        return {place: known[place] for place in map(place_of, hits) if place in known}

    return sure


def belonging(kind: str, ranked: Sequence[Hit], sure: Sure) -> tuple[Hit, ...]:
    """The hits, ranked by how surely each answers besides."""
    share = WEIGHED.get(kind, 0.0)
    if not share:
        return tuple(ranked)
    return tuple(sorted(_weighed(share, ranked, sure), key=lambda hit: -hit.rank_value))


def of_surest(kind: str, ranked: Sequence[Hit], sure: Sure) -> tuple[Hit, ...]:
    """The hits of the articles that most surely have the answer, as they rank; of most kinds all."""
    share = STORY_WEIGHED.get(kind, 0.0)
    if not share:
        return tuple(ranked)
    best: dict[str, float] = {}
    for hit in _weighed(share, ranked, sure):
        best[hit.article.id] = max(hit.rank_value, best.get(hit.article.id, hit.rank_value))
    highest = max(best.values(), default=0.0)
    return tuple(hit for hit in ranked if highest - best[hit.article.id] <= STORY_WIDTH)


def _weighed(share: float, ranked: Sequence[Hit], sure: Sure) -> list[Hit]:
    """The hits, each with its rank and the share of how surely it answers."""
    known = sure(ranked[:READ])
    places = [place for place in map(place_of, ranked) if place in known]
    shares = dict(zip(places, standardised([known[place] for place in places]), strict=True))
    return [replace(hit, rank_value=hit.rank_value + share * shares.get(place_of(hit), UNREAD)) for hit in ranked]


def surest(hits: Sequence[Hit], sure: Sure, behind: float, least: int) -> tuple[Hit, ...]:
    """The hits that answer by log-odds no more than so much behind the surest one, in their order; `least` stay."""
    known = sure(hits)
    by_sureness = sorted(hits, key=lambda hit: known.get(place_of(hit), float("-inf")), reverse=True)
    lowest = max(known.values(), default=0.0) - behind
    told = {place_of(hit) for hit in by_sureness[:least]} | {place for place, one in known.items() if one >= lowest}
    return tuple(hit for hit in hits if place_of(hit) in told or not known)
