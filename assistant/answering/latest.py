"""The newest state, and what was told before it."""

from collections.abc import Sequence

from assistant.answering.choosing import Width, chosen
from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling, quoted
from index.hits import Hit

# What tells of the same thing at all. So many sentences are told of the newest article, and of all others; of those
# only what ranks so much higher, in standard deviations: most of the rest is of something else.
WIDTH = Width(article=3.0, sentence=3.0, least=2, most=8)
NEWEST, EARLIER, HIGHER = 2, 2, 1.5


def latest(hits: Sequence[Hit], language: str) -> tuple[Telling, ...]:
    """What the newest article that tells of it says; beneath it, what others said before that fits far better, newest
    first."""
    near = chosen(hits, WIDTH)
    newest = max((hit.article.published for hit in near), default="")
    now = [hit for hit in near if hit.article.published == newest][:NEWEST]
    high = max((hit.rank_value for hit in now), default=0.0) + HIGHER
    older = [hit for hit in near if hit.article.published < newest and hit.rank_value >= high]
    before = _one_of_each(older)[:EARLIER]
    if not before:
        return quoted(now)
    earlier = sorted(before, key=lambda hit: hit.article.published, reverse=True)  # stable: better ones first
    return (*quoted(now), Telling(phrase("earlier", language), role="heading"), *quoted(earlier))


def _one_of_each(hits: Sequence[Hit]) -> list[Hit]:
    """The first hit of each article."""
    return list({hit.article.id: hit for hit in reversed(hits)}.values())[::-1]
