"""What a sentence states: its days, quantities, places and names, found once and kept."""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.facts.dates import dates_in
from assistant.facts.pieces import NAME
from assistant.facts.places import Place, places_in
from assistant.facts.quantities import Quantity, quantities_in
from assistant.facts.resolving import ResolvedDate
from index.articles import Article
from index.languages.words import language
from index.lexicon import names_of
from index.passages import Sentence

KEPT = 1024  # sentences: as many as a few dozen questions read
BEFORE_NAME = 4  # characters of an article and a space: "the ", "der ", "los "


@dataclass(frozen=True, slots=True)
class Named:
    """Characters `start` to `end` look like a name; `sounds` are the same of any spelling, in any script.

    The first word of a sentence has a capital letter anyway: it may be none.
    """

    start: int
    end: int
    text: str
    sounds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands between two offsets of an article, in the order of the text; offsets are the article's."""

    days: tuple[ResolvedDate, ...]
    quantities: tuple[Quantity, ...]
    places: tuple[Place, ...]
    names: tuple[Named, ...]


def facts_of(article: Article, sentence: Sentence) -> Facts:
    """What the sentence states; it is read once, however often asked for, and its article's days too."""
    return read_once(article.text, article.language, article.published, sentence.start, sentence.end)


def is_name(article: Article, sentence: Sentence, words: str) -> bool:
    """Whether the words of the sentence are surely a name, with an article at most before it.

    The first word of a sentence has a capital letter anyway, and so has every noun in some languages.
    """
    if language(article.language).writing.nouns_have_capitals:
        return False
    is_first = article.text[sentence.start : sentence.end].startswith(words)
    names = [name for name in re.finditer(NAME, words) if name.start() <= BEFORE_NAME and name.end() == len(words)]
    return any(not is_first or len(name[0].split()) > 1 for name in names)


@lru_cache(maxsize=KEPT)
def read_once(text: str, language: str, published: str, start: int, end: int) -> Facts:
    """The same by what it depends on; `read_once.cache_info().misses` counts the sentences that were read."""
    article, sentence = Article("", "", text, published, language), text[start:end]
    return Facts(
        dates_in(article, start, end),
        quantities_in(article, start, end),
        tuple(Place(start + place.start, start + place.end, place.code) for place in places_in(sentence)),
        tuple(
            Named(start + name.start(), start + name.end(), name[0], names_of(name[0]))
            for name in re.finditer(NAME, sentence)
        ),
    )
