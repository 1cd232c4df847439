"""Who said what: quotations and reported speech, each with its speaker's sentence."""

import re
from collections.abc import Sequence

from assistant.answering.choosing import Width, chosen, in_order_of_text, raised
from assistant.answering.tellings import Telling, quoted
from assistant.facts.facts import facts_of
from assistant.facts.wording import places
from index.hits import Hit
from index.languages.words import language
from index.lexicon import names_of

WIDTH = Width(article=0.6, sentence=2.2, least=2, most=4)
# Words between quotation marks of any language are somebody's own; of longer ones a sentence may have one mark only.
OWN_WORDS = re.compile(r"[«»“”„‟\"]")
# In standard deviations of all ranks.
QUOTED_WORTH, NAMED_WORTH = 1.0, 0.6


def said(question: str, hits: Sequence[Hit]) -> tuple[Telling, ...]:
    """What was said on it, quotations first of all, in the order of the text; of who is asked about, nobody else."""
    names = names_of(question)
    if any(names & names_of(hit.text) for hit in hits):
        hits = [hit for hit in hits if not _another_says(hit, names)]

    def worth(hit: Hit) -> float:
        speaks = QUOTED_WORTH if OWN_WORDS.search(hit.text) else 0.0
        return speaks + (NAMED_WORTH if names & names_of(hit.text) else 0.0)

    return quoted(in_order_of_text(chosen(raised(hits, worth), WIDTH)))


def _another_says(hit: Hit, asked: frozenset[str]) -> bool:
    """Whether the sentence has a saying word, and before it, as its first name, one that was not asked about."""
    spoken = language(hit.article.language)
    verbs = places(hit.text, spoken.claims.said, spoken)
    if not verbs or asked & names_of(hit.text):
        return False
    start, last = hit.sentence.start, max(at for at, _ in verbs)
    named = [name for name in facts_of(hit.article, hit.sentence).names if name.start > start or " " in name.text]
    return bool(named) and bool(named[0].sounds) and named[0].start - start < last
