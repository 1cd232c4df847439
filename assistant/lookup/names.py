"""The names in the articles: people, places, organisations, merged across spellings and scripts, and what they said.

A name is two words or more with capital letters, one after the other; which words are written so only because they
begin a sentence, the other sentences tell. So no list of names and no model is needed where there are capital letters.
Where every noun has one, nouns are told by the articles and numbers before them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from assistant.facts.names import MOST_LETTERS, same_name
from assistant.lookup.lookup import Found
from assistant.lookup.matching import Place, consonants, is_same_name
from index.articles import Article
from index.generations.generation import Generation
from index.languages.words import known_codes, language
from index.lexicon import folded, is_calendar_word
from index.splitting.sentences import split_sentences

# Of a large collection the newest articles are looked at, and the most frequent names kept.
MOST_ARTICLES, MOST_NAMES = 3_000, 500
MOST_WORDS = 4
# Names of one article that are looked at, spellings of a name that are kept, and names of the same consonants that one
# is compared with: each comparison takes up to a millisecond.
MOST_OF_ARTICLE, MOST_SPELLINGS, MOST_COMPARED = 300, 60, 10
LEAST_LETTERS, SHORT_LETTERS = 2, 3
# A word that so often stands without its capital letter has it for the sentence's sake.
SMALL_SHARE = 0.2
TITLE_LANGUAGES = 3  # that share a title, so that it is known in every one
LEAST_QUOTED_WORDS = 3
BESIDE = 30  # characters between what is said and who says it: room for "said" and a title, in any language

# With bounds, and never read again from its middle: else a word without end would take longer than anybody waits.
_PART = rf"[^\W\d_]{{1,{MOST_LETTERS}}}+"
_WORD = rf"{_PART}(?:[’'-]{_PART}){{0,4}}+"
_RUN = re.compile(rf"(?<![^\W\d_]){_WORD}(?:[ \u00a0]{_WORD})+")
_WORDS = re.compile(_WORD)
_DIGITS = re.compile(r"\d[ \u00a0]")
# A word, and one with a capital letter behind it that no other such follows.
_NOUN = re.compile(rf"(?<![^\W\d_])({_WORD}|\d+) ([^\W\d_a-zß-ÿ]{_WORD})(?! [^\W\d_a-zß-ÿ])")
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


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody said: characters `quoted` of the article, and `speaker` where their name stands."""

    article: Article
    sentence: Place
    text: str  # of the sentence
    quoted: Place
    speaker: Place


def names_in(generation: Generation) -> tuple[KnownName, ...]:
    """The names of the newest articles, those of most articles first; reading them takes about a second for 3,000."""
    return names_among([generation.article(one.id) for one in generation.articles(MOST_ARTICLES)])


def names_among(articles: Sequence[Article]) -> tuple[KnownName, ...]:
    """The names of these articles, which have their texts, those of most articles first."""
    small, nouns = _small_words(articles), _nouns(articles)
    holding: dict[str, set[int]] = defaultdict(set)
    for number, article in enumerate(articles):
        texts = (article.title, article.text)
        names = dict.fromkeys(name for text in texts for name in _names_of(text, article.language, small, nouns))
        for name in islice(names, MOST_OF_ARTICLE):
            holding[name].add(number)
    groups = _merged(holding)[:MOST_NAMES]
    by_article: dict[int, list[str]] = defaultdict(list)
    for spellings, numbers in groups:
        for number in numbers:
            by_article[number].append(spellings[0])
    return tuple(_name(spellings, numbers, articles, by_article) for spellings, numbers in groups)


def said_by(name: str, found: Sequence[Found], generation: Generation) -> tuple[Said, ...]:
    """Direct speech in the passages found that has the name's last word right before or behind it."""
    last = name.split()[-1]
    told: dict[tuple[str, int], Said] = {}
    for one in found:
        for sentence in split_sentences(one.text, one.article.language):
            text = one.text[sentence.start : sentence.end]
            speeches = [place for place in _SPEECH.finditer(text) if len(place[0].split()) >= LEAST_QUOTED_WORDS]
            speakers = [word for word in _WORDS.finditer(text) if _is_spelling(last, word[0])] if speeches else []
            at = one.start + sentence.start
            for speech, speaker in product(speeches, speakers):
                if 0 <= max(speaker.start() - speech.end(), speech.start() - speaker.end()) <= BESIDE:
                    quoted, speaking = ((at + part.start(), at + part.end()) for part in (speech, speaker))
                    said = Said(one.article, (at, at + len(text)), text, quoted, speaking)
                    told.setdefault((one.article.id, quoted[0]), said)
    return tuple(sorted(told.values(), key=lambda one: (one.article.published, one.sentence), reverse=True))


def _small_words(articles: Iterable[Article]) -> frozenset[str]:
    """The words that often enough stand without a capital letter."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for article in articles:
        for word in _WORDS.findall(article.text):
            (large if word[0].isupper() else small)[folded(word)] += 1
    return frozenset(word for word, count in small.items() if count >= SMALL_SHARE * (count + large[word]))


@cache
def _titles_of(code: str) -> frozenset[str]:
    """What stands before names in the language or in several others, and is no part of one, folded."""
    return frozenset(map(folded, language(code).people.titles)) | _titles_of_many()


@cache
def _titles_of_many() -> frozenset[str]:
    """The titles of several languages, "Dr", which stand in texts of any."""
    counts = Counter(folded(title) for code in known_codes() for title in language(code).people.titles)
    return frozenset(title for title, count in counts.items() if count >= TITLE_LANGUAGES)


@cache
def _counters_of(code: str) -> frozenset[str]:
    """Words behind which a noun is no name, "one", "no", "his", folded."""
    known = language(code)
    numbers = known.numbers
    rows = (*numbers.cardinals, *numbers.tens, numbers.hundred, numbers.thousand)
    said = (known.claims.negations, known.claims.all, known.conversation.stand_ins, known.dates.this)
    return frozenset(folded(word) for words in (*rows, *said) for word in words)


@cache
def _month_words_of(code: str) -> frozenset[str]:
    """What stands before a month, "the end of", folded."""
    return frozenset(map(folded, language(code).dates.in_month))


@cache
def _articles_of(code: str) -> frozenset[str]:
    """The language's articles, folded."""
    return frozenset(map(folded, language(code).sentences.articles))


def _nouns(articles: Iterable[Article]) -> frozenset[str]:
    """Where every noun has a capital letter, those that often stand alone behind an article or a counter, folded."""
    every: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    for article in articles:
        if language(article.language).writing.nouns_have_capitals:
            before = _articles_of(article.language) | _counters_of(article.language)
            every.update(map(folded, _WORDS.findall(article.text)))
            behind.update(folded(two[2]) for two in _NOUN.finditer(article.text) if folded(two[1]) in before)
    return frozenset(word for word, count in behind.items() if count >= SMALL_SHARE * every[word])


def _names_of(text: str, code: str, small: frozenset[str], nouns: frozenset[str]) -> Iterator[str]:
    """The names in the text, as they are written, without words that are `small` elsewhere, and what leads to them."""
    for run in _RUN.finditer(text):
        words: list[str] = []
        # The word before, here one of digits, and the one before the name.
        before, led_by = ("0" if _DIGITS.search(text, max(run.start() - 2, 0), run.start()) else ""), ""
        every = [*run[0].replace("\u00a0", " ").split(" "), ""]
        for word, following in zip(every, [*every[1:], ""], strict=True):
            plain = folded(word)
            is_part = _may_be_part(word) and plain not in small
            if plain in _titles_of(code):
                is_part = is_part and bool(words) and not _may_be_part(following)  # "Steffi Graf", "Later Dr Finch"
            elif language(code).writing.nouns_have_capitals:
                is_part = is_part and plain not in _month_words_of(code)
                is_part = is_part and (bool(words) or not _is_noun(plain, before, code, nouns))
            if is_part:
                led_by = led_by if words else before
                words.append(word)
            else:
                if _is_name(words, led_by, code, nouns):
                    yield " ".join(words)
                words = []
            before = plain


def _is_noun(word: str, before: str, code: str, nouns: frozenset[str]) -> bool:
    """Whether the word, with another before it, is none with which a name begins; both are folded."""
    counters = _counters_of(code)
    return word in nouns or word in counters or before in counters or before.isdecimal()


def _is_name(words: Sequence[str], before: str, code: str, nouns: frozenset[str]) -> bool:
    """Whether the words are a name; one that ends with a noun has an article before it, as "die Deutsche Bahn" has."""
    if not 2 <= len(words) <= MOST_WORDS or any(len(one) < LEAST_LETTERS for one in words):
        return False
    is_noun = language(code).writing.nouns_have_capitals and folded(words[-1]) in nouns
    return not is_noun or before in _articles_of(code)


def _may_be_part(word: str) -> bool:
    """Whether the word may be one of a name: with a capital letter, and no month or day of the week."""
    return word[:1].isupper() and not word.isupper() and not is_calendar_word(word)


def _merged(holding: dict[str, set[int]]) -> list[tuple[list[str], set[int]]]:
    """The spellings of each name, the most frequent first, and the articles that have one; most articles first."""
    groups: dict[str, list[tuple[list[str], set[int]]]] = defaultdict(list)
    # The short ones first: of "President Ada Finch" the last two words are the name, if they are one elsewhere.
    for name, numbers in sorted(holding.items(), key=lambda one: (one[0].count(" "), -len(one[1]), one[0])):
        short = " ".join(name.split()[-2:])
        for written in dict.fromkeys((name, short)):
            known = groups[" ".join(map(consonants, written.split()))]
            compared = known[:MOST_COMPARED]
            if same := next((group for group in compared if _is_same(written, group[0][0])), None):
                if len(same[0]) < MOST_SPELLINGS and written not in same[0]:
                    same[0].append(written)
                same[1].update(numbers)
                break
        else:
            groups[" ".join(map(consonants, name.split()))].append(([name], set(numbers)))
    every = [group for some in groups.values() for group in some]
    return sorted(every, key=lambda group: (-len(group[1]), group[0][0]))


def _is_same(one: str, other: str) -> bool:
    words = list(zip(one.split(), other.split(), strict=False))
    return len(one.split()) == len(other.split()) and all(_is_spelling(a, b) for a, b in words)


def _is_spelling(one: str, other: str) -> bool:
    return (
        folded(one) == folded(other) or is_same_name(one, other) or (len(one) > 2 < len(other) and _alike(one, other))
    )


def _alike(one: str, other: str) -> bool:
    """Of short names: the same consonants, and near enough in another script."""
    return one[0].isascii() != other[0].isascii() and consonants(one) == consonants(other) and same_name(one, other)


def _name(
    spellings: Sequence[str], numbers: set[int], articles: Sequence[Article], by_article: dict[int, list[str]]
) -> KnownName:
    days = sorted(articles[number].published for number in numbers if articles[number].published) or [""]
    beside = Counter(other for number in numbers for other in by_article[number] if other != spellings[0])
    return KnownName(spellings[0], len(numbers), tuple(spellings[1:]), days[0], days[-1], tuple(beside.most_common(8)))
