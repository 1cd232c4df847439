"""How a question of each kind reads in each language: templates.toml, and the values put in."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assistant.answering.templates import filled

TEMPLATES = Path(__file__).with_suffix(".toml")
FALLBACK = "en"

_Written = str | bool | list[str] | list[list[str]]


def question_of(kind: str, language: str, **value: str) -> str:
    """The question of the kind with the one value put in; "" where the language has none for it."""
    (put_in,) = value.values()
    for pattern, template in _pairs(_table(language).get(kind, "")):
        if re.search(pattern, put_in, re.IGNORECASE):
            return filled(template, value) if template else ""
    return ""


def _pairs(written: _Written) -> Iterator[tuple[str, str]]:
    """Each pattern with its template; a single template is for whatever is put in."""
    if isinstance(written, str):
        yield "", written
    elif isinstance(written, list):
        for one in written:
            if isinstance(one, list):
                pattern, template = one
                yield pattern, template


def is_spoken(language: str) -> bool:
    """Whether there are templates in the language."""
    return language in _tables()


def safe_questions(language: str) -> tuple[str, ...]:
    """Questions about the collection, which code answers exactly whatever the articles say."""
    written = _table(language)["safe"]
    assert isinstance(written, list)
    return tuple(map(str, written))


def verb_opens(language: str) -> bool:
    """Whether a question has its verb right behind the asking word."""
    return bool(_table(language).get("verb_opens", False))


def _table(language: str) -> dict[str, _Written]:
    tables = _tables()
    return tables.get(language, tables[FALLBACK])


@cache
def _tables() -> dict[str, dict[str, _Written]]:
    return tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))
