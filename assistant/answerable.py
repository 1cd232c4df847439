"""How far the best sentence stands out: what search alone tells about whether the articles answer."""

from collections.abc import Sequence

from index.search import Hit

# The hits after so many are the crowd: a story may be told by several articles, and those are no crowd.
FIRST_OF_CROWD = 10


def standing(hits: Sequence[Hit]) -> float:
    """The best hit's rank value, plus its lead over the crowd's average; higher when the articles likelier answer.

    On 1,180 developers' questions over Italian articles, 530 of them without their article, in five languages: at a
    fifth of the answerable ones refused, 26 % of the others are answered with EmbeddingGemma and 33 % with e5; by
    the best similarity alone, 34 % and 56 %.
    """
    crowd = hits[FIRST_OF_CROWD:] or hits[-1:]
    best = hits[0].rank_value
    return 2 * best - sum(hit.rank_value for hit in crowd) / len(crowd)
