"""How a question of each kind reads in each language, with the values put in."""

import re
from collections.abc import Mapping

from assistant.answering.templates import filled
from index.languages.words import Suggestions, codes
from index.languages.words import language as words_of

FALLBACK = "en"


def question_of(kind: str, language: str, **value: str) -> str:
    """The question of the kind with the one value put in; "" where the language has none for it."""
    (put_in,) = value.values()
    templates: Mapping[str, str] = getattr(_suggestions(language), kind)
    template = next((one for fits, one in templates.items() if re.search(fits, put_in, re.IGNORECASE)), "")
    asked = filled(template, value)
    return asked[:1].upper() + asked[1:]


def is_spoken(language: str) -> bool:
    """Whether there are templates in the language."""
    return language in codes()


def safe_questions(language: str) -> tuple[str, ...]:
    """Questions about the collection, which code answers exactly whatever the articles say."""
    return _suggestions(language).safe


def verb_opens(language: str) -> bool:
    """Whether a question has its verb right behind the asking word."""
    return _suggestions(language).verb_opens


def _suggestions(language: str) -> Suggestions:
    return words_of(language if is_spoken(language) else FALLBACK).suggestions
