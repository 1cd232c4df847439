"""The passages that hold the words of a query, and how many articles of which outlet, language, month and the like."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from assistant.facts.places import called_elsewhere
from assistant.lookup.matching import Matcher, TextTokens, consonants, is_telling, ways
from assistant.lookup.query import All, Any, Leaf, Near, Node, Not, Phrase, Word, leaves, parsed, wanted_leaves
from index.articles import Article
from index.filters import Filters, folder_of
from index.generations.generation import Generation
from index.lexicon import folded, words_of
from index.passages import Extent
from index.stores.full_text import Term

# Of more articles than these may hold it the newest are read, and of those so many passages.
MOST_ARTICLES, MOST_PASSAGES = 1_000, 2_000
SHORTEST_STEM = 3
# Beginnings shorter than this are those of too many words.
SHORTEST_BEGINNING = 2
MOST_SPELLINGS = 60  # of a name
# What a spelling counts that is not the one typed, and a word of the headline.
OTHER_SPELLING, IN_HEADLINE = 0.5, 2.0
SATURATION = 1.2

PassageNumbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that holds what was looked for: characters `start` to `end` of its article, of which `marks` are it.

    `article` is without its text; `value` is higher for better.
    """

    article: Article
    start: int
    end: int
    text: str
    marks: tuple[Extent, ...]  # characters of the article
    value: float


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the articles found are of each outlet, language, month, folder and author, most first."""

    sources: tuple[tuple[str, int], ...] = ()
    languages: tuple[tuple[str, int], ...] = ()
    months: tuple[tuple[str, int], ...] = ()  # YYYY-MM, newest first
    folders: tuple[tuple[str, int], ...] = ()
    authors: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Everything found, in order. `unread_count` older articles may hold it too, and were not looked at."""

    found: tuple[Found, ...]
    article_count: int
    facets: Facets
    unread_count: int = 0


@dataclass(slots=True)
class _Collection:
    """What of a generation every query needs, read once."""

    listing: Mapping[int, Article]
    languages: tuple[str, ...]
    titles: Mapping[int, str]  # folded
    spellings: Mapping[str, tuple[str, ...]]  # by their consonants, how names sound in the articles


_collections: "WeakKeyDictionary[Generation, _Collection]" = WeakKeyDictionary()
_reading = Lock()


def look_up(query: str, generation: Generation, filters: Filters | None = None, newest_first: bool = False) -> Lookup:
    """The passages of the articles that hold what the query looks for, best first or newest first.

    An article does as soon as it holds all of it somewhere. Raises UserError when the query says nothing to look for.
    """
    node = parsed(query)
    collection = collection_of(generation)
    passages = {leaf: _passages(leaf, generation, collection.languages, collection.spellings) for leaf in leaves(node)}
    articles_of = {leaf: _articles(numbers, generation) for leaf, numbers in passages.items()}
    for leaf in wanted_leaves(node):
        articles_of[leaf] |= _titled(leaf, collection)
    candidates = _candidates(node, articles_of)
    candidates &= generation.numbers_let_through(filters) if filters else collection.listing.keys()
    order = sorted(candidates, key=lambda number: (collection.listing[number].published, number), reverse=True)
    read = order[:MOST_ARTICLES]
    reading = _Reading(node, collection, len(collection.listing), {leaf: len(of) for leaf, of in articles_of.items()})
    for number, start, text in _texts(passages.values(), set(read), generation):
        reading.read(number, start, text)
    found = reading.found(read)
    if newest_first:
        found.sort(key=lambda one: (one.article.published, one.value), reverse=True)
    else:
        found.sort(key=lambda one: (one.value, one.article.published), reverse=True)
    articles = {one.article.id: one.article for one in found}
    return Lookup(tuple(found), len(articles), _facets(articles.values()), len(order) - len(read))


def collection_of(generation: Generation) -> _Collection:
    """What every query of the generation needs; the first one reads it."""
    with _reading:
        known = _collections.get(generation)
        if known is None:
            listing = generation.numbered_listing()
            spellings: dict[str, list[str]] = {}
            for term in generation.full_text.names():
                for heard in consonants(term[1:].replace("v", "w")):  # which sound alike, and w may be a vowel
                    spellings.setdefault(heard, []).append(term)
            known = _collections[generation] = _Collection(
                listing,
                tuple(sorted({one.language for one in listing.values()})),
                {number: folded(one.title) for number, one in listing.items() if one.title},
                {key: tuple(terms) for key, terms in spellings.items()},
            )
        return known


class _Reading:
    """Reads passages and remembers which hold what, until they are put together by article."""

    def __init__(self, node: Node, collection: _Collection, article_count: int, counts: Mapping[Leaf, int]) -> None:
        self._node = node
        self._collection = collection
        self._matchers = {leaf: Matcher(leaf) for leaf in leaves(node)}
        self._wanted = wanted_leaves(node)
        self._weights = {leaf: math.log(1 + article_count / max(counts[leaf], 1)) for leaf in self._wanted}
        self._held: dict[int, set[Leaf]] = {}
        self._hits: dict[int, list[Found]] = {}

    def read(self, number: int, start: int, text: str) -> None:
        """One passage of the article of that number, which begins at that character."""
        article = self._collection.listing[number]
        tokens = TextTokens.of(text, article.language)
        places = {leaf: of for leaf, matcher in self._matchers.items() if (of := matcher.places(tokens))}
        self._held.setdefault(number, set()).update(places)
        wanted = {leaf: places[leaf] for leaf in self._wanted if leaf in places}
        if wanted:
            marks = _joined((start + first, start + last) for of in wanted.values() for first, last in of)
            value = sum(self._value(leaf, [text[a:b] for a, b in of]) for leaf, of in wanted.items())
            found = Found(article, start, start + len(text), text, marks, value)
            self._hits.setdefault(number, []).append(found)

    def found(self, numbers: Iterable[int]) -> list[Found]:
        """Of those articles that hold all of it, the passages that hold some, none of whose marks is in two."""
        kept = []
        for number in numbers:
            article = self._collection.listing[number]
            in_title = self._in_title(article)
            if not _holds(self._node, self._held.get(number, set()) | in_title):
                continue
            bonus = IN_HEADLINE * sum(self._weights[leaf] for leaf in in_title if leaf in self._weights)
            hits = self._hits.get(number) or [Found(article, 0, 0, "", (), 0.0)]  # only its headline has it
            kept += [replace(one, value=one.value + bonus) for one in _without_repeated(hits)]
        return kept

    def _in_title(self, article: Article) -> set[Leaf]:
        tokens = TextTokens.of(article.title, article.language)
        return {leaf for leaf, matcher in self._matchers.items() if matcher.places(tokens)}

    def _value(self, leaf: Leaf, texts: Sequence[str]) -> float:
        """What it is worth that a passage has these words for the leaf: more of them is better, but ever less so."""
        own = folded(leaf.text) if isinstance(leaf, Word) else ""
        count = sum(
            OTHER_SPELLING if isinstance(leaf, Word) and leaf.is_name and folded(text)[:1] != own[:1] else 1.0
            for text in texts
        )
        return self._weights[leaf] * count * (1 + SATURATION) / (count + SATURATION)


def _passages(
    leaf: Leaf, generation: Generation, languages: Sequence[str], spellings: Mapping[str, Sequence[str]]
) -> PassageNumbers:
    """The numbers of the passages that may have it: all that do, and some more."""
    found = []
    for words in [_words_of(leaf)] if isinstance(leaf, Near) else ways(leaf):
        groups = [_terms(word, languages, spellings) for word in words]
        found += generation.full_text.holding(groups) if all(groups) else []
    return np.unique(np.array(found, dtype=np.int64))


def _words_of(leaf: Leaf) -> tuple[Word, ...]:
    if isinstance(leaf, Near):
        return (*_words_of(leaf.one), *_words_of(leaf.other))
    return leaf.words if isinstance(leaf, Phrase) else (leaf,)


def _terms(word: Word, languages: Sequence[str], spellings: Mapping[str, Sequence[str]]) -> list[Term]:
    """The terms of which a passage has one that has the word."""
    if word.is_beginning:
        own = folded(word.text)
        if len(own) < SHORTEST_BEGINNING:
            return []
        # A stem may be shorter than the beginning of its word, and end otherwise: "happi" of "happy".
        cut = max(SHORTEST_BEGINNING, len(own) - 2)
        stems = [Term(own[:length]) for length in range(SHORTEST_STEM, cut)]
        return [*stems, Term(own[:cut], is_beginning=True)]
    written = called_elsewhere(word.text) if word.is_name else frozenset[str]()
    if not (word.is_name and word.is_exact):
        written |= {word.text}
    terms = {term for language in languages for one in written for term in words_of(one, language)}
    if word.is_name and is_telling(word.text):
        terms |= {term for heard in consonants(word.text) for term in spellings.get(heard, ())[:MOST_SPELLINGS]}
    return [Term(term) for term in sorted(terms)]


def _articles(passages: PassageNumbers, generation: Generation) -> set[int]:
    """The numbers of the passages' articles."""
    of_passage = generation.article_of_passage
    return set(np.unique(of_passage[passages]).tolist()) if len(passages) else set()


def _titled(leaf: Leaf, collection: _Collection) -> set[int]:
    """The numbers of the articles whose headline may have it."""
    beginnings = [folded(word.text)[: max(SHORTEST_STEM, len(word.text) - 3)] for word in _words_of(leaf)]
    return {number for number, title in collection.titles.items() if all(one in title for one in beginnings)}


def _candidates(node: Node, articles_of: Mapping[Leaf, set[int]]) -> set[int]:
    """The articles that may hold what the node looks for."""
    if isinstance(node, Any):
        return set().union(*(_candidates(part, articles_of) for part in node.parts))
    if isinstance(node, All):
        wanted = [_candidates(part, articles_of) for part in node.parts if not isinstance(part, Not)]
        return set.intersection(*wanted) if wanted else set()
    return set() if isinstance(node, Not) else set(articles_of[node])


def _texts(
    passages: Iterable[PassageNumbers], articles: set[int], generation: Generation
) -> Sequence[tuple[int, int, str]]:
    """The passages among these that are of the articles: of too many, those of the newest articles."""
    every = np.unique(np.concatenate([*passages, np.empty(0, dtype=np.int64)]))
    of_passage = generation.article_of_passage
    kept = [number for number in every.tolist() if int(of_passage[number]) in articles]
    return sorted(generation.passage_texts(kept[:MOST_PASSAGES]))


def _holds(node: Node, held: set[Leaf]) -> bool:
    """Whether an article that has these leaves has all that is looked for."""
    if isinstance(node, All):
        return all(_holds(part, held) for part in node.parts)
    if isinstance(node, Any):
        return any(_holds(part, held) for part in node.parts)
    return not _holds(node.part, held) if isinstance(node, Not) else node in held


def _joined(places: Iterable[Extent]) -> tuple[Extent, ...]:
    """The places in order, those that touch as one."""
    joined: list[Extent] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _without_repeated(hits: Sequence[Found]) -> list[Found]:
    """The hits, best first, that have a mark which none before has: neighbouring passages share sentences."""
    kept: list[Found] = []
    seen: set[Extent] = set()
    for one in sorted(hits, key=lambda one: (-one.value, one.start)):
        if not one.marks or not seen.issuperset(one.marks):
            seen.update(one.marks)
            kept.append(one)
    return kept


def _facets(articles: Iterable[Article]) -> Facets:
    found = list(articles)
    months = Counter(one.published[:7] for one in found if one.published)
    return Facets(
        _most(one.source for one in found),
        _most(one.language for one in found),
        tuple(sorted(months.items(), reverse=True)),
        _most(folder_of(one.id) for one in found),
        _most(one.author for one in found),
    )


def _most(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(name for name in names if name)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
