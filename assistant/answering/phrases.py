"""The few sentences that code itself writes, in the language of the answer."""

from functools import cache
from pathlib import Path

from assistant.answering.templates import filled
from index.packaged import part_of_program

PHRASES = Path(__file__).with_suffix(".toml")


@cache
def _phrases() -> dict[str, dict[str, str]]:
    with part_of_program(PHRASES) as phrases:
        return dict(phrases)


def phrase(name: str, language: str, **values: object) -> str:
    """The phrase in the language, in English where there is none, with the values put in."""
    return filled(_phrases().get(language, _phrases()["en"])[name], values)
