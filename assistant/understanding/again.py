"""What a short question after an answer wants done with that answer, told by examples and the embedding."""

import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.understanding.kinds import Labelled, Recogniser, fit_anew
from assistant.understanding.request import language_named
from index.languages.detection import detect_language
from index.languages.words import base, codes, known_codes
from index.models.embedding import Embedding
from index.packaged import part_of_program

EXAMPLES = Path(__file__).with_suffix(".toml")
AFTER, WHO, ARTICLES, SHORTER, MORE, LANGUAGE, OTHER = (
    "after",
    "who",
    "articles",
    "shorter",
    "more",
    "language",
    "other",
)
# A longer question says what it wants.
MOST_WORDS = 8
# So likely it must be.
SURE = 0.5
PREFIX = "again-"


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be done with the answer before: one of AFTER, WHO, ARTICLES, SHORTER, MORE, LANGUAGE.

    `language` is the code of the one that it is wanted in.
    """

    wish: str
    language: str = ""


def wanted_again(question: str, recogniser: Recogniser, embedding: Embedding) -> Again | None:
    """What is wanted of the answer before; None when the question asks something of its own."""
    if len(question.split()) > MOST_WORDS:
        return None
    shares = recogniser.shares(question, embedding)
    best = max(shares, key=shares.__getitem__)
    if best == OTHER or shares[best] < SURE:
        return None
    if best != LANGUAGE:
        return None if _names_something(question) else Again(best)
    code = _language_of(question)
    return Again(LANGUAGE, code) if code else None


def _names_something(question: str) -> bool:
    """Whether a word behind the first has a capital letter, as names have, and stands in no example."""
    _, *words = re.findall(r"[^\W\d_]+", question) or [""]
    return any(len(word) > 1 and word[0].isupper() and word.casefold() not in _usual_words() for word in words)


@cache
def _usual_words() -> frozenset[str]:
    """The words of all examples of what is wanted of an answer."""
    asked = (one.question.casefold() for one in examples() if one.kind != OTHER)
    return frozenset(word for question in asked for word in re.findall(r"[^\W\d_]+", question))


def _language_of(question: str) -> str:
    """The code of the language that the question names, "" for none.

    One of two words is often taken for another language than it is in, so that the names in any language count.
    """
    for spoken in dict.fromkeys((detect_language(question, default="en"), "en", *codes())):
        _, code, _ = language_named(question, spoken, known_codes())
        if code:
            return base(code)
    return ""


@cache
def examples() -> tuple[Labelled, ...]:
    """The labelled questions."""
    with part_of_program(EXAMPLES) as found:
        return tuple(Labelled(question, wish) for wish, questions in found.items() for question in questions)


if __name__ == "__main__":
    fit_anew(sys.argv[1:], examples(), PREFIX)
