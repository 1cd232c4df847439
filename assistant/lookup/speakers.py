"""Who is heard in a language without capital letters: the two words between what says so and what is said.

Only a language whose file tells what somebody is called besides a name is looked at.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from assistant.facts.names import forms_of
from assistant.lookup.naming import LEAST_LETTERS, WORD, is_called_otherwise, is_small, tells_organisation
from index.articles import Article
from index.languages.words import language, with_capitals
from index.lexicon import folded, is_calendar_word

# Words between what says that somebody speaks and the speech, name and office among them, and their characters.
MOST_BETWEEN, REACH = 6, 200

_BEGUN, _ENDED = re.compile('[«“"]'), re.compile('[»”"]')
_LED = re.compile(rf"(?<!\w)({WORD}(?: {WORD}){{1,{MOST_BETWEEN}}})\s?[:،,]?\s?$")
_RUN = re.compile(rf"(?<!\w){WORD}(?: {WORD})+")
_FOLLOWED = re.compile(rf"\s?[،,]?\s({WORD}(?: {WORD}){{2,{MOST_BETWEEN}}})(?=\s?(?:[.،,؛؟!]|$))")

Speakers = Mapping[str, frozenset[str]]


def speakers_of(articles: Iterable[Article]) -> Speakers:
    """The names of those who are heard in the articles, which have their texts, by language."""
    heard: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        code = article.language
        if code not in with_capitals() and language(code).people.callings:
            heard[code].update(_heard(article.text, code))
    return {code: frozenset(names) for code, names in heard.items()}


def speakers_in(article: Article, speakers: Speakers) -> Iterator[str]:
    """Those of them whom the article names, in its headline or its text."""
    names = speakers.get(article.language)
    if names:
        runs = (run[0].split() for text in (article.title, article.text) for run in _RUN.finditer(text))
        pairs = {" ".join(pair) for run in runs for pair in pairwise(run)}
        yield from sorted(names & pairs)


def _heard(text: str, code: str) -> Iterator[str]:
    for mark in _BEGUN.finditer(text):
        led = _LED.search(text[max(mark.start() - REACH, 0) : mark.start()])
        words = led[1].split() if led else []
        at = max((at for at, word in enumerate(words) if _says(word, code)), default=len(words))
        yield from _name(words[at + 1 :], code)
    for mark in _ENDED.finditer(text):
        followed = _FOLLOWED.match(text, mark.end())
        words = followed[1].split() if followed else []
        if words and _says(words[0], code):
            yield from _name(words[1:], code)


def _name(words: Sequence[str], code: str) -> Iterator[str]:
    """The last two of the words as a name, unless they are what somebody is or where something was said."""
    name = words[-2:]
    if len(name) < 2 or any(len(word) < LEAST_LETTERS or _is_small(word, code) for word in name):
        return
    first, led_by = name[0], words[-3] if len(words) > 2 else ""
    is_other = forms_of(first) != (first,) or any(map(is_calendar_word, name)) or _is_small(led_by, code)
    if not is_other and not is_called_otherwise(name, code) and not tells_organisation(name[:1], code):
        yield " ".join(name)


def _is_small(word: str, code: str) -> bool:
    bare = (word.removeprefix(joiner) for joiner in language(code).numbers.joiners)
    return any(is_small(one, code) for one in (word, *bare))


def _says(word: str, code: str) -> bool:
    """Whether the word says that somebody speaks, with an "and" that is one word with it too."""
    return folded(word) in _saying(code)


@cache
def _saying(code: str) -> frozenset[str]:
    said = tuple(map(folded, language(code).claims.said))
    return frozenset((*said, *(f"{joiner}{word}" for joiner in language(code).numbers.joiners for word in said)))
