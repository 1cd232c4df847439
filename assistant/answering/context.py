"""Sentences ranked with what stands around them: their passage, the sentence before, and their article's title."""

from collections.abc import MutableMapping, Sequence
from dataclasses import replace

import numpy as np

from assistant.answering.choosing import standardised
from index.hits import Hit
from index.models.embedding import Embedding
from index.vectors import Vectors

# What the surroundings and the title count beside a sentence's rank among all. Fitted over questions of seven kinds to
# the similarity of a sentence embedded under its title and after the one before it, which takes seconds and ranks no
# better. A single fact loses by it: there the words of the one sentence decide.
AROUND_SHARE, TITLE_SHARE = 1.0, 0.5
# So many of the best hits are looked at again.
LOOKED_AT = 60


def in_context(
    question: str, hits: Sequence[Hit], embedding: Embedding, titles: MutableMapping[str, Vectors]
) -> tuple[Hit, ...]:
    """The best hits by their rank and by how near what stands around them is to the question, best first.

    Their ranks are then in standard deviations of all.

    `titles` holds the vectors of articles' titles by their ids, and gets those that are new.
    """
    looked = hits[:LOOKED_AT]
    new = {hit.article.id: hit.article.title for hit in looked if hit.article.id not in titles}
    if new:
        titles.update(zip(new, embedding.embed_texts(list(new.values())), strict=True))
    asked = embedding.embed_query(question)
    values = standardised(
        [
            hit.rank_value + AROUND_SHARE * hit.around + TITLE_SHARE * float(titles[hit.article.id] @ asked)
            for hit in looked
        ]
    )
    order = np.argsort([-value for value in values], kind="stable").tolist()
    return tuple(replace(looked[row], rank_value=values[row]) for row in order)
