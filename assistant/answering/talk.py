"""A friendly word, and two questions that work."""

from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling


def talk(language: str) -> tuple[Telling, ...]:
    """One sentence on what can be asked, with two questions that whatever is indexed answers; it cites nothing."""
    return (Telling(phrase("talk", language), role="note"),)
