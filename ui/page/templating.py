"""The templates of the page, and what all of them may write of a value.

Every value that a template is given is escaped unless it is HTML already, and none is read as Markdown. Elements with
`data-send` are buttons: pressed, their name and value reach app.py.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from unicodedata import bidirectional

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from index.articles import Article
from ui.answer_text import plain, translated_from
from ui.page import words
from ui.page.words import counted, say
from ui.record import Quote

TEMPLATES = Path(__file__).with_name("templates")
RIGHT_TO_LEFT, LEFT_TO_RIGHT = "\u200f", "\u200e"
HITS_AT_ONCE = 3  # the rest are folded away


class _Unbroken(Extension):
    """A line break in a template is for whoever reads it: none between elements, elsewhere a space."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template on one line."""
        beside_elements = re.sub(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{])", "", source)
        return re.sub(r"\s*\n\s*", " ", beside_elements)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=[_Unbroken]
    )
    own = {
        "commands": _commands,
        "copies": _copies,
        "direction_of": _direction_of,
        "joined": joined,
        "origin": origin,
        "plain": plain,
        "translated_from": translated_from,
        "where": _where,
    }
    spoken = {"say": say, "counted": counted, "hits_at_once": HITS_AT_ONCE, "json": json.dumps}
    written = (
        words.direction,
        words.day,
        words.days,
        words.moment,
        words.number,
        words.language_name,
        words.series,
        words.reason,
    )
    templates.globals.update(own | spoken | {one.__name__: one for one in written})
    return templates


def drawn(template: str, macro: str, *values: object) -> str:
    """What the macro of the template makes of the values."""
    return str(getattr(_templates().get_template(template).module, macro)(*values))


def _direction_of(text: str, code: str) -> str:
    """How the text is written: as its letters are, or as that language where it has none, such as "900"."""
    has_letters = any(bidirectional(letter) in ("L", "R", "AL") for letter in text)
    return "auto" if has_letters else words.direction(code)


def _commands(message: str) -> list[str]:
    """The message in parts: every second one stood between backticks, and is a command."""
    return re.split("`([^`]+)`", message)


def joined(*parts: str) -> str:
    """The parts on one line; beside one written from right to left, the numbers of the others keep their places.

    The line runs as the page does, whatever its first part.
    """
    told = [part for part in parts if part]
    from_right = words.direction(words.language()) == "rtl"
    if not from_right and not any(bidirectional(letter) in ("R", "AL") for part in told for letter in part):
        return " · ".join(told)
    page_mark = RIGHT_TO_LEFT if from_right else LEFT_TO_RIGHT
    return page_mark + " · ".join(map(words.isolated, told)) if told else ""


def _copies(also_in: Sequence[str]) -> str:
    return counted("also in {n} article", "also in {n} articles", len(also_in)) if also_in else ""


def _where(quote: Quote, answered_in: str) -> str:
    """The quote's origin, its language where the answer is in another, and in how many more articles it stands."""
    original = words.language_name(quote.language) if answered_in and quote.language not in ("", answered_in) else ""
    return joined(origin(quote), *_within(quote), original, _copies(quote.also_in))


def _within(quote: Quote) -> tuple[str, ...]:
    """Where in its file the quote stands, and whether a program made its letters out of a picture."""
    page = say("page {number}", number=words.number(quote.page)) if quote.page else ""
    return page, quote.time, say("recognised text") if quote.recognised else ""


def origin(found: Article | Quote) -> str:
    """Where and when an article appeared, "Source · 24 Nov 2026"; its file's name when neither is known."""
    name = found.id if isinstance(found, Article) else found.article
    return joined(found.source, words.day(found.published)) or name
