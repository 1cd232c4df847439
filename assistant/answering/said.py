"""Who said what: quotations and reported speech, each with its speaker's sentence."""

import re
from collections.abc import Sequence

from assistant.answering.choosing import Width, chosen, in_order_of_text, raised
from assistant.answering.tellings import Telling, quoted
from index.hits import Hit
from index.lexicon import names_of

WIDTH = Width(article=0.6, sentence=2.2, least=2, most=4)
# Words between quotation marks of any language are somebody's own; of longer ones a sentence may have one mark only.
OWN_WORDS = re.compile(r"[«»“”„‟\"]")
# In standard deviations of all ranks.
QUOTED_WORTH, NAMED_WORTH = 1.0, 0.6


def said(question: str, hits: Sequence[Hit]) -> tuple[Telling, ...]:
    """What was said on it, quotations first of all, in the order of the text."""
    names = names_of(question)

    def worth(hit: Hit) -> float:
        speaks = QUOTED_WORTH if OWN_WORDS.search(hit.text) else 0.0
        return speaks + (NAMED_WORTH if names & names_of(hit.text) else 0.0)

    return quoted(in_order_of_text(chosen(raised(hits, worth), WIDTH)))
