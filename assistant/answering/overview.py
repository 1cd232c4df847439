"""What happened: the story's sentences by the days that they tell of, the newest state said as such."""

from collections.abc import Sequence
from itertools import groupby

from assistant.answering.choosing import Width, chosen, raised
from assistant.answering.phrases import phrase
from assistant.answering.repetition import Distinct
from assistant.answering.tellings import Telling
from assistant.facts.dates import display
from assistant.facts.resolving import ResolvedDate
from assistant.reading.event_days import day_told
from index.hits import Hit

WIDTH = Width(article=3.0, sentence=9.0, least=6, most=20)  # before what repeats is left out
MOST = 10
# An article opens with what it is about. In standard deviations of all ranks.
LEAD_WORTH, LEAD_CHARACTERS = 1.0, 400
# No more of one article, so that one report does not tell the whole story.
OF_AN_ARTICLE = 4
NO_DAY = "9999"
MOST_YEARS_AHEAD = 5


def overview(hits: Sequence[Hit], distinct: Distinct, language: str) -> tuple[Telling, ...]:
    """Up to ten sentences, one for each thing told, under their days, the newest last."""
    leads = raised(hits, lambda hit: LEAD_WORTH if hit.sentence.start < LEAD_CHARACTERS else 0.0)
    found = distinct(chosen(spread_over_articles(leads), WIDTH))[:MOST]
    told = [(_told_day(hit), hit) for hit in found]
    told.sort(key=lambda pair: (pair[0].last if pair[0] else NO_DAY, pair[1].article.published, pair[1].sentence.start))
    tellings: list[Telling] = []
    days = [day.last for day, _ in told if day]
    for _, group in groupby(told, key=lambda pair: pair[0].last if pair[0] else NO_DAY):
        together = list(group)
        tellings.append(_heading(together[0][0], max(days, default=""), len(set(days)) > 1, language))
        tellings += [Telling(hit.text, (hit,)) for _, hit in together]
    return tuple(tellings)


def _told_day(hit: Hit) -> ResolvedDate | None:
    """The day that the sentence tells of; one further in the future than plans go is none."""
    day = day_told(hit.article, hit.sentence)
    published = hit.article.published
    if day and published and day.last[:4].isdigit() and int(day.last[:4]) > int(published[:4]) + MOST_YEARS_AHEAD:
        return None
    return day


def _heading(day: ResolvedDate | None, newest: str, several: bool, language: str) -> Telling:
    if day is None:
        return Telling(phrase("undated", language), role="heading")
    shown = display(day, language)
    is_newest = several and day.last == newest
    return Telling(phrase("latest_state", language, day=shown) if is_newest else shown, role="heading")


def spread_over_articles(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits without those that come after so many better ones of their article."""
    counts: dict[str, int] = {}
    kept = []
    for hit in hits:
        counts[hit.article.id] = counts.get(hit.article.id, 0) + 1
        if counts[hit.article.id] <= OF_AN_ARTICLE:
            kept.append(hit)
    return tuple(kept)
