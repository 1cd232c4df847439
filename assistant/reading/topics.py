"""What a sentence that opens with "he" goes on from: the sentence before it."""

import re
from collections.abc import Sequence

from index.hits import Hit
from index.languages.words import language

_FIRST = re.compile(r"\W*([^\W\d_]+)")


def topic(hit: Hit, hits: Sequence[Hit]) -> Hit:
    """The hit of the sentence that this one goes on from, where that was found too; else the hit itself."""
    if not _stands_for_another(hit):
        return hit
    sentences = hit.passage.sentences
    place = sentences.index(hit.sentence) if hit.sentence in sentences else 0
    same = (other for other in hits if place and other.sentence == sentences[place - 1])
    return next((other for other in same if other.article.id == hit.article.id), hit)


def _stands_for_another(hit: Hit) -> bool:
    """Whether the sentence opens with a word such as "he"."""
    spoken = language(hit.article.language)
    first = _FIRST.match(hit.text)
    if first is None:
        return False
    opening, stand_ins = first[1].casefold(), spoken.conversation.stand_ins
    return opening in stand_ins if spoken.writing.spaces else opening.startswith(tuple(stand_ins))
