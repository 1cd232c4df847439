"""Findings as a reader would make them."""

from assistant.answers import Span
from assistant.reading.findings import Finding, SecondLook, Words
from index.hits import Hit


def found(one: Hit, words: str = "", standing: float = 0.9, doubt: SecondLook | None = None) -> Finding:
    """That the words, by default all of the sentence, answer; enough from a standing of one half on."""
    start = one.article.text.index(words or one.text)
    span = Span(one, start, start + len(words or one.text))
    return Finding(span, Words(span.text), standing, standing >= 0.5, 0, doubt=doubt)
