"""Hits made by hand, each of an article that is one sentence."""

from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence


def hit(text: str, rank_value: float, article: str = "a", published: str = "2024-03-01") -> Hit:
    """A hit whose article is just this sentence."""
    sentence = Sentence(0, len(text))
    whole = Article(article, f"Title of {article}", text, published, "en")
    return Hit(whole, Passage(article, article, 0, len(text), text, (sentence,)), sentence, rank_value, rank_value)
