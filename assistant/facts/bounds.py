"""What stands before a number and makes another of it: "at least seven", "no more than 40", "between 300 and 350"."""

import re
from functools import cache

from assistant.facts.quantities import Quantity
from index.articles import Article
from index.languages.words import Language, language, pattern

CHARACTERS_BEFORE = 60
# "than", "als", "mult de": between the word that bounds and the number stand no more and no longer ones.
JOINING_WORDS, JOINING_LETTERS = 2, 4
_CLAUSE_END = re.compile(r"[.,;:!?()…—–。，；：！？]")


def bounded_start(article: Article, number: Quantity, start: int) -> int:
    """Where the number begins together with what bounds it, not before `start`; of an exact one its own."""
    if number.exact:
        return number.start
    spoken = language(article.language)
    lead = _CLAUSE_END.split(article.text[max(start, number.start - CHARACTERS_BEFORE) : number.start])[-1]
    found = _bound(spoken.code).search(lead) or (_range(spoken.code).search(lead) if number.most is not None else None)
    return number.start - len(lead) + found.start() if found else number.start


@cache
def _bound(code: str) -> re.Pattern[str]:
    """Words such as "about" or "not more than" at the end of a text; the first of several."""
    spoken = language(code)
    about, no = pattern(spoken.claims.about), pattern(spoken.claims.negations)
    if not spoken.writing.spaces:
        return re.compile(rf"(?:{no})?(?:{about})\s*$")
    joining = rf"(?:[^\W\d_]{{1,{JOINING_LETTERS}}}['’]?\s*){{0,{JOINING_WORDS}}}"
    return re.compile(rf"(?<!\w)(?:(?:{no})\s+)?(?:(?:{about})(?!\w)\s*{joining})+$", re.IGNORECASE)


@cache
def _range(code: str) -> re.Pattern[str]:
    """What opens a range, "between" or "from", at the end of a text."""
    return re.compile(rf"(?<!\w)(?:{pattern(_openers(language(code)))})\s*$", re.IGNORECASE)


def _openers(spoken: Language) -> tuple[str, ...]:
    articles = frozenset(spoken.sentences.articles)
    prepositions = tuple(word for word in spoken.sentences.openers if word not in articles)
    return (*spoken.dates.between, *spoken.claims.since, *prepositions)
