"""A friendly word, and two questions that work."""

from collections.abc import Sequence

from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling


def talk(language: str, titles: Sequence[str]) -> tuple[Telling, ...]:
    """One sentence on what can be asked, with the titles of two articles as examples if there are; it cites nothing."""
    if len(titles) < 2:
        return (Telling(phrase("talk", language, first="", second="").partition(". ")[0] + ".", role="note"),)
    first, second = titles[:2]
    return (Telling(phrase("talk", language, first=first, second=second), role="note"),)
