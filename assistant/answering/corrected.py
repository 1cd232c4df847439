"""Beside an answer from an article that was corrected in what it says: the correction, with what it takes back."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answering.phrases import phrase
from assistant.answers import Citation, Statement
from assistant.checking.citations import citation_of
from index.articles import Article
from index.splitting.corrections import concerns, corrections_of

# So many corrections are shown at most.
MOST = 3


def with_corrections(
    statements: tuple[Statement, ...],
    citations: tuple[Citation, ...],
    article_of: Callable[[str], Article],
    language: str,
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The same, with a note for each correction of what is cited, cited as it stands."""
    notes = list(_notes(citations, article_of))[:MOST]
    for number, note in enumerate(notes, start=len(citations) + 1):
        told = phrase("corrected", language, note=" ".join(note.quote.split()))
        statements = (*statements, Statement(told, (number,), "note"))
        citations = (*citations, replace(note, number=number))
    return statements, citations


def _notes(citations: Sequence[Citation], article_of: Callable[[str], Article]) -> list[Citation]:
    found: dict[tuple[str, int], Citation] = {}
    articles = {one.article: article_of(one.article) for one in citations}
    for article in articles.values():
        quotes = [one for one in citations if one.article == article.id]
        for note in corrections_of(article.text, article.language):
            if any(note.start <= one.start < note.end or concerns(note, one.quote, article.language) for one in quotes):
                found[article.id, note.start] = citation_of(0, article, note.start, note.end)
    return list(found.values())
