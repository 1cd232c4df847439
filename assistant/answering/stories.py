"""A question that says too little to tell which story it is about: the newest is taken, and the others are named."""

import re
from collections.abc import Sequence

from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling
from assistant.followups import leans
from assistant.reading.findings import Finding

MOST_OTHERS = 3


def names_no_story(question: str, language: str) -> bool:
    """Whether the question names nobody and nothing, and has hardly a word that tells what it is about."""
    words = re.findall(r"[^\W_]+", question)
    has_name = any(word[0].isupper() or word[0].isdigit() for word in words[1:])
    return bool(words) and not has_name and leans(question, language)


def of_the_newest(findings: Sequence[Finding], language: str) -> tuple[tuple[Finding, ...], tuple[Telling, ...]]:
    """The findings, that of the newest article which answers first, and which other articles answer too."""
    enough = [one for one in findings if one.enough]
    articles = {one.hit.article.id: one.hit.article for one in enough}
    if len(articles) < 2:
        return tuple(findings), ()
    newest = max(enough, key=lambda one: one.hit.article.published)
    others = [one for one in articles.values() if one.id != newest.hit.article.id][:MOST_OTHERS]
    titles = "; ".join(article.title for article in others)
    rest = tuple(one for one in findings if one is not newest)
    return (newest, *rest), (Telling(phrase("others", language, titles=titles), role="note"),)
