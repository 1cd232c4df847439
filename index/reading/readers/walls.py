"""Pages that stand where an article should be: errors, checks for robots, cookie banners, paywalls."""

import re
from dataclasses import dataclass
from functools import cache

from index.errors import Unreadable
from index.languages.scripts import SPACELESS
from index.languages.words import languages, pattern

# A page with more words than these holds an article, whatever else it says; so does one with more letters in scripts
# that write no spaces.
ERROR_WORDS, WALL_WORDS, PAID_WORDS = 90, 160, 60
LETTERS_A_WORD = 5


@dataclass(frozen=True, slots=True)
class _Signs:
    """What tells such pages, in any language: a page of one has phrases of another."""

    error: re.Pattern[str]  # of a title, or of a first line, from its beginning
    robot: re.Pattern[str]
    cookies: re.Pattern[str]
    accept: re.Pattern[str]
    we: re.Pattern[str]
    paid: re.Pattern[str]


def refuse_walls(title: str, text: str, is_paid: bool = False) -> None:
    """Raise Unreadable for a page that says in few words why it holds no article, or no more than its beginning.

    `is_paid` is whether the page itself says that its article is not free.
    """
    word_count = max(len(text.split()), sum(map(str.isalpha, text)) // LETTERS_A_WORD // 2)
    if word_count > WALL_WORDS:
        return
    signs = _signs()
    lines = [line for line in text.split("\n") if line.strip()]
    if word_count <= ERROR_WORDS and any(signs.error.match(line) for line in (title, *lines[:2])):
        raise Unreadable("it is the page of an error, not of an article; save the article again")
    is_short = word_count <= ERROR_WORDS
    if is_short and (signs.robot.match(title) or len({found.casefold() for found in signs.robot.findall(text)}) > 1):
        raise Unreadable("it is a check for robots, not an article; save the article again")
    told = [line for line in lines if signs.cookies.search(line)]
    asks = signs.accept.search(text) and signs.we.search(text) and len(signs.cookies.findall(text)) > 2
    if asks and 2 * sum(map(len, told)) > sum(map(len, lines)):
        raise Unreadable("it is a question about cookies, not an article; save the page after answering it")
    if signs.paid.search(text) or (is_paid and word_count <= PAID_WORDS):
        raise Unreadable("it holds only the beginning of an article that must be paid for; save the whole article")


@cache
def _signs() -> _Signs:
    return _Signs(
        _error(), *(re.compile(_any(name), re.IGNORECASE) for name in "robots consent accept we paid".split())
    )


def _error() -> re.Pattern[str]:
    """The number of an error; that the page was refused, if that is all there is; or that it is not there.

    "Access denied to aid workers" is a headline.
    """
    error, refused, missing = map(_any, ("error", "refused", "missing"))
    return re.compile(
        rf"\W*(?:(?:{error}|http(?: status)?)\W*)?"
        rf"(?:(?:4\d\d|50\d)(?=\W*$|\W+(?:{error}|{refused}|{missing}))|{refused}(?=\W*$|\s*[|–—:.!-])|{missing})",
        re.IGNORECASE,
    )


def _any(name: str) -> str:
    """The phrases of that name in every language as a regular expression, each between the ends of words."""
    phrases = pattern(tuple(phrase for spoken in languages() for phrase in getattr(spoken.walls, name)))
    return rf"(?<![^\W{SPACELESS}])(?:{phrases})(?![^\W{SPACELESS}])"
