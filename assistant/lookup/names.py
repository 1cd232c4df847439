"""The names in the articles: people, places, organisations, merged across spellings and scripts, and what they said.

Which words are one, naming.py tells.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from assistant.facts.names import same_name
from assistant.facts.places import places_in
from assistant.lookup.lookup import Found
from assistant.lookup.matching import consonants, is_one, is_same_name
from assistant.lookup.naming import WORDS, capitals_of, names_of, tells_organisation, tells_place
from assistant.lookup.query import Word
from assistant.lookup.speakers import speakers_in, speakers_of
from index.articles import Article
from index.generations.generation import Generation
from index.lexicon import folded
from index.passages import Extent
from index.splitting.sentences import split_sentences

# Of a large collection the newest articles are looked at, and the most frequent names kept.
MOST_ARTICLES, MOST_NAMES = 3_000, 500
# Names of one article that are looked at, spellings of a name that are kept, and names of the same consonants that one
# is compared with: each comparison takes up to a millisecond.
MOST_OF_ARTICLE, MOST_SPELLINGS, MOST_COMPARED = 300, 60, 10
LEAST_QUOTED_WORDS = 3
ORGANISATION, PLACE, OTHER = "organisation", "place", "other"
BESIDE = 30  # characters between what is said and who says it: room for "said" and a title, in any language

# Direct speech between any language's quotation marks.
_SPEECH = re.compile(r"„[^“”\"]+[“”\"]|“[^”]+”|«[^»]+»|»[^«]+«|\"[^\"]+\"")


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name as it is written most often, how many articles have it, other spellings, and names beside it in them."""

    text: str
    article_count: int
    spellings: tuple[str, ...] = ()
    first: str = ""  # ISO days of the first and the last article
    last: str = ""
    beside: tuple[tuple[str, int], ...] = ()
    kind: str = OTHER  # ORGANISATION or PLACE where a word of it says so


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody said: characters `quoted` of the article, and `speaker` where their name stands."""

    article: Article
    sentence: Extent
    text: str  # of the sentence
    quoted: Extent
    speaker: Extent


def names_in(generation: Generation) -> tuple[KnownName, ...]:
    """The names of the newest articles, those of most articles first; reading them takes about a second for 3,000."""
    return names_among([generation.article(one.id) for one in generation.articles(MOST_ARTICLES)])


def names_among(articles: Sequence[Article]) -> tuple[KnownName, ...]:
    """The names of these articles, which have their texts, those of most articles first."""
    told, speakers = capitals_of(articles), speakers_of(articles)
    holding: dict[str, set[int]] = defaultdict(set)
    for number, article in enumerate(articles):
        named = chain(names_of(article, told), speakers_in(article, speakers))
        for name in islice(dict.fromkeys(named), MOST_OF_ARTICLE):
            holding[name].add(number)
    groups = _merged(holding)[:MOST_NAMES]
    by_article: dict[int, list[str]] = defaultdict(list)
    for spellings, numbers in groups:
        for number in numbers:
            by_article[number].append(spellings[0])
    return tuple(_name(spellings, numbers, articles, by_article) for spellings, numbers in groups)


def named_like(wanted: str, names: Sequence[KnownName]) -> list[KnownName]:
    """Those of which a spelling has what is wanted in it, or each of its words as a name in any script."""
    plain, words = folded(wanted.strip()), wanted.split()
    return [
        one
        for one in names
        if any(
            plain in folded(text) or (words and all(any(_is_called(a, b) for b in text.split()) for a in words))
            for text in (one.text, *one.spellings)
        )
    ]


def said_by(name: str, found: Sequence[Found], generation: Generation) -> tuple[Said, ...]:
    """Direct speech in the passages found that has the name's last word right before or behind it."""
    last = name.split()[-1]
    told: dict[tuple[str, int], Said] = {}
    for one in found:
        for sentence in split_sentences(one.text, one.article.language):
            text = one.text[sentence.start : sentence.end]
            speeches = [place for place in _SPEECH.finditer(text) if len(place[0].split()) >= LEAST_QUOTED_WORDS]
            speakers = [word for word in WORDS.finditer(text) if _is_spelling(last, word[0])] if speeches else []
            at = one.start + sentence.start
            for speech, speaker in product(speeches, speakers):
                if 0 <= max(speaker.start() - speech.end(), speech.start() - speaker.end()) <= BESIDE:
                    quoted, speaking = ((at + part.start(), at + part.end()) for part in (speech, speaker))
                    said = Said(one.article, (at, at + len(text)), text, quoted, speaking)
                    told.setdefault((one.article.id, quoted[0]), said)
    return tuple(sorted(told.values(), key=lambda one: (one.article.published, one.sentence), reverse=True))


def _merged(holding: dict[str, set[int]]) -> list[tuple[list[str], set[int]]]:
    """The spellings of each name, the most frequent first, and the articles that have one; most articles first."""
    every: list[tuple[list[str], set[int]]] = []
    groups: dict[tuple[str, ...], list[tuple[list[str], set[int]]]] = defaultdict(list)
    # The short ones first: of "President Ada Finch" the last two words are the name, if they are one elsewhere.
    for name, numbers in sorted(holding.items(), key=lambda one: (one[0].count(" "), -len(one[1]), one[0])):
        short = " ".join(name.split()[-2:])
        owned = name.removesuffix("s") if name.removesuffix("s") in holding else name  # "Neil Youngs"
        for written in dict.fromkeys((owned, name, short)):
            compared = islice(chain.from_iterable(groups[heard] for heard in _heard(written)), MOST_COMPARED)
            if same := next((group for group in compared if _is_same(written, group[0][0])), None):
                if len(same[0]) < MOST_SPELLINGS and written not in same[0]:
                    same[0].append(written)
                same[1].update(numbers)
                break
        else:
            every.append(([name], set(numbers)))
            for heard in _heard(name):
                groups[heard].append(every[-1])
    return sorted(every, key=lambda group: (-len(group[1]), group[0][0]))


def _heard(name: str) -> Iterator[tuple[str, ...]]:
    """The consonants of its words, of each with all unsure ones and without any."""
    return product(*({min(heard, key=len), max(heard, key=len)} for heard in map(consonants, name.split())))


def _is_same(one: str, other: str) -> bool:
    words = list(zip(one.split(), other.split(), strict=False))
    return len(one.split()) == len(other.split()) and all(_is_spelling(a, b) for a, b in words)


def _is_spelling(one: str, other: str) -> bool:
    return (
        folded(one) == folded(other) or is_same_name(one, other) or (len(one) > 2 < len(other) and _alike(one, other))
    )


def _is_called(wanted: str, word: str) -> bool:
    """Whether the word is a spelling of what is wanted, or the name of the same place."""
    return wanted[0].isalpha() and is_one(Word(wanted, is_name=True, is_exact=True), word, "")


def _alike(one: str, other: str) -> bool:
    """Of short names: the same consonants, and near enough in another script."""
    return (
        one[0].isascii() != other[0].isascii()
        and not consonants(one).isdisjoint(consonants(other))
        and same_name(one, other)
    )


def _name(
    spellings: Sequence[str], numbers: set[int], articles: Sequence[Article], by_article: dict[int, list[str]]
) -> KnownName:
    days = sorted(articles[number].published for number in numbers if articles[number].published) or [""]
    beside = Counter(other for number in numbers for other in by_article[number] if other != spellings[0])
    most = Counter(articles[number].language for number in sorted(numbers)).most_common(1)[0][0]
    return KnownName(
        spellings[0],
        len(numbers),
        tuple(spellings[1:]),
        days[0],
        days[-1],
        tuple(beside.most_common(8)),
        kind_of(spellings[0], most),
    )


def kind_of(name: str, code: str) -> str:
    """What the name is one of, as far as its words tell in that language."""
    words, spoken = name.split(), (code, "en")  # firms have English names in texts of any
    if any(tells_organisation(words, one) for one in spoken):
        return ORGANISATION
    is_known = any((place.start, place.end) == (0, len(name)) for place in places_in(name))
    return PLACE if is_known or any(tells_place(words, one) for one in spoken) else OTHER
