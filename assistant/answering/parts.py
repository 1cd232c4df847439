"""Each part of a question answered from the articles that answer the whole, or named as missing."""

from collections.abc import Callable, Iterator, Sequence

from assistant.answering.choosing import Width, chosen, in_order_of_text
from assistant.answering.comparison import Read
from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling, quoted
from assistant.reading.findings import READ_HITS
from index.hits import Hit

# The parts are asked of the articles of so many of the best hits of the whole question.
BEST_HITS = 5
WIDTH = Width(article=0.3, sentence=1.5, least=1, most=4)
# The reader's log-odds from which a sentence is told for a part of the question.
LEAST_SURE = -2.0


def parted(
    parts: Sequence[str], hits: Sequence[Hit], search: Callable[[str], Sequence[Hit]], read: Read, language: str
) -> tuple[Telling, ...]:
    """What answers the whole question, with the surest sentence of the same articles for each part, and each part for
    which a search finds none of them."""
    articles = {hit.article.id for hit in hits[:BEST_HITS]}
    missing = [part for part in parts if not any(hit.article.id in articles for hit in search(part))]
    notes = (Telling(phrase("unsaid", language, part=part), role="note") for part in missing)
    whole = chosen(hits, WIDTH)
    found = list(whole)
    for one in _surest(parts, whole, hits, read):
        found += [one] if one not in found else []
    return (*quoted(in_order_of_text(found)), *notes)


def _surest(parts: Sequence[str], whole: Sequence[Hit], hits: Sequence[Hit], read: Read) -> Iterator[Hit]:
    """For each part the hit that answers it most surely, of the articles that answer the whole."""
    articles = {hit.article.id for hit in whole}
    same = [hit for hit in hits if hit.article.id in articles][:READ_HITS]
    for part in parts:
        best = max(read(part, same), key=lambda one: one.answerable, default=None)
        if best and best.answerable >= LEAST_SURE:
            yield best.hit
