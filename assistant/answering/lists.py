"""All that the articles name of what is asked for."""

from collections.abc import Sequence

from assistant.answering.belonging import Sure, surest
from assistant.answering.choosing import Width, chosen, in_order_of_text
from assistant.answering.phrases import phrase
from assistant.answering.repetition import Distinct
from assistant.answering.tellings import Telling, quoted
from index.hits import Hit

WIDTH = Width(article=1.5, sentence=4.0, least=4, most=10, together=3)
# What answers by log-odds so far behind the surest names nothing of it, but of so few all are told.
BEHIND, LEAST = 2.5, 3


def listed(hits: Sequence[Hit], distinct: Distinct, sure: Sure, language: str) -> tuple[Telling, ...]:
    """Each sentence that names some of it, and in how many of the articles looked at they were found."""
    found = surest(distinct(chosen(hits, WIDTH)), sure, BEHIND, LEAST)
    if len(found) < 2:
        return quoted(found)
    told, looked = (len({hit.article.id for hit in some}) for some in (found, hits))
    note = phrase("found", language, count=len(found), articles=told, looked=looked)
    return (*quoted(in_order_of_text(found)), Telling(note, role="note"))
