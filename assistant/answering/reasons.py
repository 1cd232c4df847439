"""Why something happened, or how: the few sentences that tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.choosing import Width, chosen, in_order_of_text
from assistant.answering.tellings import Telling, quoted
from index.hits import Hit

WIDTH = Width(article=0.3, sentence=2.2, least=4, most=8, together=3)


def reasons(hits: Sequence[Hit]) -> tuple[Telling, ...]:
    """The sentences nearest to the question in their context, in the order of the text.

    A single one is followed by the next of its passage: it often only says that it was so, and that one why.
    """
    found = chosen(hits, WIDTH)
    if len(found) == 1:
        found += tuple(_next(found[0]))
    return quoted(in_order_of_text(found))


def _next(hit: Hit) -> Iterator[Hit]:
    following = (one for one in hit.passage.sentences if one.start >= hit.sentence.end)
    if (sentence := next(following, None)) is not None:
        yield replace(hit, sentence=sentence)
