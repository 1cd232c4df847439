"""What a reader makes of one article in a file, and the values that its fields may take."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.articles import is_day
from index.errors import Unreadable
from index.languages.words import base
from index.reading.texts.decoding import sanitise

Fields = Mapping[str, tuple[str, str]]  # field name -> its value, and where it was found
FIELDS = ("title", "published", "language", "source", "author", "url")
# What editorial systems and agencies say of what is not, or no longer, to be read; and why it is left out then.
NOT_PUBLISHED = {
    **dict.fromkeys(
        ("draft", "auto-draft", "pending", "private", "future", "trash"), "it is a draft, which was not published"
    ),
    **dict.fromkeys(
        ("canceled", "cancelled", "withheld", "embargoed", "killed"), "its agency has cancelled or withheld it"
    ),
}


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its file tells it: sanitised text, and what is said about it."""

    text: str
    found: Fields = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)  # how the text itself was found
    page_starts: tuple[int, ...] = ()  # where in `text` each page begins
    part: str = ""  # "#3" for the third article of its file, "" for the only one


@dataclass(frozen=True, slots=True)
class Flaw:
    """One of the articles of a file that cannot be read, and why."""

    part: str
    reason: str
    again: bool = False  # as in Skipped


def checked(name: str, value: str, place: str) -> str:
    """The field's value as it is stored; raises Unreadable, with the place, for one that cannot be meant."""
    wanted, stored = "", value
    if name == "published":
        stored = value[:10]
        wanted = "" if is_day(stored) and value[10:11] in ("", " ", "T") else "YYYY-MM-DD"
    elif name == "language":
        stored = language_code(value)
        wanted = "" if stored else "a two-letter code such as it"
    elif name == "url":
        wanted = "" if re.fullmatch(r"https?://\S+", value) else "an address that starts with https://"
    if wanted:
        raise Unreadable(f"{place}: '{name}' is '{value[:80]}'; write it as {wanted}")
    return stored


def not_published(status: str) -> str:
    """Why what has the status is left out, "" where it is not; in a vocabulary of news, as "stat:canceled", too."""
    return NOT_PUBLISHED.get(status.rpartition(":")[2].strip().lower(), "")


def language_code(value: str) -> str:
    """ "it" for "it", "it-IT" or "IT_it"; "" for anything that starts with no two-letter code."""
    code = base(value)
    return code if re.fullmatch("[a-z]{2}", code) else ""


def one_line(value: str) -> str:
    """The value sanitised, on one line."""
    return " ".join(sanitise(value).split())
