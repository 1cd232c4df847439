"""The few sentences that code itself writes, in the language of the answer."""

from assistant.answering.templates import filled
from index.languages.words import language as words_of

FALLBACK = "en"


def phrase(name: str, language: str, **values: object) -> str:
    """The phrase in the language, in English where there is none, with the values put in."""
    own = str(getattr(words_of(language).phrases, name))
    return filled(own or str(getattr(words_of(FALLBACK).phrases, name)), values)
