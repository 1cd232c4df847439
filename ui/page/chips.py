"""What narrows the articles, in the reader's words: values, one for each thing that can be taken off by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answers import Understood
from index.filters import Filters
from ui.page import words
from ui.page.words import say

DAYS = "days"
FIELDS = ("sources", "languages", "folders", "authors", "articles")
# What a question says by itself, and the field of the filters that it narrows.
SAID = {"source": "sources", "language": "languages", "author": "authors"}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows: of `field`, `value`, in the reader's words; `said` are those of the question itself."""

    field: str
    value: str
    label: str
    said: str = ""


def chips_of(filters: Filters) -> tuple[Chip, ...]:
    """Everything that narrows, one chip each; the two days are one."""
    days = _days(filters.since, filters.until)
    return (
        *((Chip(DAYS, "", days),) if days else ()),
        *(Chip("sources", one, one) for one in filters.sources),
        *(Chip("languages", one, words.language_name(one)) for one in filters.languages),
        *(Chip("folders", one, one) for one in filters.folders),
        *(Chip("authors", one, one) for one in filters.authors),
        *(Chip("articles", one, one) for one in filters.articles),
    )


def chips_said(understood: Sequence[Understood]) -> tuple[Chip, ...]:
    """What a question was understood to narrow by its own words."""
    said = {one.what: one for one in understood}
    chips = []
    if days := _days(said["since"].value if "since" in said else "", said["until"].value if "until" in said else ""):
        chips.append(Chip(DAYS, "", days, said.get("since", said.get("until", understood[0])).words))
    for what, field in SAID.items():
        if one := said.get(what):
            label = words.language_name(one.value) if what == "language" else one.value
            chips.append(Chip(field, one.value, label, one.words))
    return tuple(chips)


def without(filters: Filters, field: str, value: str, said: bool = False) -> Filters:
    """The filters with that chip taken off; of what the question `said`, its words are not to narrow any more."""
    if said:
        names = ("since", "until") if field == DAYS else tuple(what for what, own in SAID.items() if own == field)
        return replace(filters, lifted=tuple(dict.fromkeys((*filters.lifted, *names))))
    if field == DAYS:
        return replace(filters, since="", until="")
    held: tuple[str, ...] = getattr(filters, field) if field in FIELDS else ()
    return filters.with_names(field, tuple(one for one in held if one != value)) if field in FIELDS else filters


def _days(since: str, until: str) -> str:
    """The days from one to the other in the reader's words, "" for all."""
    if since and until:
        return words.days(since, until)
    if since:
        return say("from {day}", day=words.day(since))
    return say("until {day}", day=words.day(until)) if until else ""
