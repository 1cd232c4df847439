"""Sentences about a name or a question, in the order of the days that they tell of."""

from dataclasses import dataclass

from assistant.reading.event_days import day_told
from index.filters import Filters
from index.generations.generation import Generation
from index.hits import Hit
from index.lexicon import names_of
from index.models.embedding import Embedding
from index.search import search

CANDIDATES = 60
# Where no name tells, sentences this many standard deviations behind the best one are about something else.
BEHIND = 1.0


@dataclass(frozen=True, slots=True)
class DatedHit:
    """What happened from ISO day `first` to `last`, told by the hit's sentence."""

    first: str
    last: str
    hit: Hit


def timeline(
    query: str, generation: Generation, embedding: Embedding, filters: Filters | None = None
) -> tuple[DatedHit, ...]:
    """The events that the sentences found for the query tell of, earliest first; those without a day are left out."""
    hits = search(query, generation, embedding, CANDIDATES, filters)
    names = names_of(query)
    about = [hit for hit in hits if names & names_of(f"{hit.article.title} {hit.passage.text}")]
    if not about and hits:
        least = hits[0].rank_value - BEHIND * generation.manifest.spread
        about = [hit for hit in hits if hit.rank_value >= least]
    events = [DatedHit(told.first, told.last, hit) for hit in about if (told := day_told(hit.article, hit.sentence))]
    return tuple(sorted(events, key=lambda event: (event.first, event.last)))
