"""Each part of a question answered from the articles that answer the whole, or named as missing."""

from collections.abc import Callable, Sequence

from assistant.answering.choosing import Width, chosen, in_order_of_text
from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling, quoted
from index.hits import Hit

# The parts are asked of the articles of so many of the best hits of the whole question.
BEST_HITS = 5
WIDTH = Width(article=0.3, sentence=1.5, least=1, most=4)


def parted(
    parts: Sequence[str], hits: Sequence[Hit], search: Callable[[str], Sequence[Hit]], language: str
) -> tuple[Telling, ...]:
    """What answers the whole question, and each part for which a search finds none of the same articles."""
    articles = {hit.article.id for hit in hits[:BEST_HITS]}
    missing = [part for part in parts if not any(hit.article.id in articles for hit in search(part))]
    notes = (Telling(phrase("unsaid", language, part=part), role="note") for part in missing)
    return (*quoted(in_order_of_text(chosen(hits, WIDTH))), *notes)
