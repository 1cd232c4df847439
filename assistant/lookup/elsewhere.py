"""Where else a story is told: articles of other outlets that are like one and share several rarer names with it."""

import numpy as np

from index.articles import Article
from index.generations.generation import Generation
from index.languages.words import language
from index.lexicon import names_of

# Passages that are looked at, and articles that are told.
NEAREST, MOST = 60, 5
# Names that articles of one story share, in so few of all passages that they tell it from the others. Where every noun
# has a capital letter, some of the names are none, and it takes twice as many. Of the 435 pairs of the sample articles
# 18 share so many, and each of these is one story in two articles.
SHARED, RARE_SHARE, RARE_ANYWAY = 3, 0.01, 20
# Characters of an article in which its names are looked for: a story names at its start whom it is about.
MOST_READ = 50_000
LONG_SOUND = 4  # "~" and three consonants; what is longer hardly another word sounds like


def other_outlets(article: Article, generation: Generation) -> tuple[Article, ...]:
    """The articles of other outlets that tell the same story, the most alike first; none where nothing is that close.

    By the vectors that the index has already: no model is asked.
    """
    own = generation.passages_of(article.id)
    if not own:
        return ()
    middle = np.asarray(generation.passage_vectors[own], dtype=np.float32).mean(axis=0)
    nearest = generation.nearest(middle / max(float(np.linalg.norm(middle)), 1e-9), NEAREST)
    found = {one.article.id: one.article for one in generation.passages(nearest)}
    others = [one for one in found.values() if _is_another(one, article)]
    names = {one.id: _names(one) for one in (article, *others)}
    shared = names[article.id] & frozenset[str]().union(*(names[one.id] for one in others))
    rare = _rare(generation.frequencies(shared), generation.manifest.passage_count)
    return tuple(one for one in others if len(shared & rare & names[one.id]) >= _needed(article, one))[:MOST]


def _is_another(one: Article, article: Article) -> bool:
    """Whether it is neither the article nor a copy of it, and of another outlet as far as is known."""
    return one.id != article.id and article.id not in one.also_in and (one.source != article.source or not one.source)


def _names(article: Article) -> frozenset[str]:
    names = names_of(f"{article.title}\n{article.text[:MOST_READ]}")
    return frozenset(name for name in names if name.startswith("~") and len(name) > LONG_SOUND)


def _rare(frequencies: list[tuple[str, int]], passage_count: int) -> frozenset[str]:
    most = max(RARE_ANYWAY, RARE_SHARE * passage_count)
    return frozenset(name for name, count in frequencies if count <= most)


def _needed(one: Article, other: Article) -> int:
    nouns = all(language(each.language).writing.nouns_have_capitals for each in (one, other))
    return 2 * SHARED if nouns else SHARED
