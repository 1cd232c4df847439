"""Which words of a text are a name: two or more with capital letters, one after the other.

Which words are written so only because they begin a sentence, the other sentences tell. So no list of names and no
model is needed where there are capital letters. Where every noun has one, nouns are told by the articles and numbers
before them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache

from assistant.facts.names import MOST_LETTERS
from index.articles import Article
from index.languages.scripts import SMALL
from index.languages.words import Words, known_codes, language, pattern
from index.lexicon import folded, is_calendar_word, words_of

MOST_WORDS = 4
LEAST_LETTERS = 2
# A word that so often stands without its capital letter has it for the sentence's sake.
SMALL_SHARE = 0.2
LEAST_PAIRS = 2  # times that two words stand together, to be one name
TITLE_LANGUAGES = 3  # that share a title, so that it is known in every one
# A headline of so many words, of which such a share has capital letters, has them for their own sake.
HEADLINE_WORDS, HEADLINE_SHARE = 4, 0.7
# What is joined to a name by a hyphen, "Hydro-sjef", is so long where it ends it; shorter is "Ban Ki-moon".
JOINED_LETTERS = 6
# What a firm is by law, whatever the language.
FIRMS = frozenset("ag gmbh inc incorporated corp corporation ltd limited llc llp plc kft oyj aps srl sarl".split())

# With bounds, and never read again from its middle: else a word without end would take longer than anybody waits.
_PART = rf"[^\W\d_]{{1,{MOST_LETTERS}}}+"
WORD = rf"{_PART}(?:[’'-]{_PART}){{0,4}}+"
WORDS = re.compile(WORD)
_INITIAL = r"[^\W\d_]\."
_RUN = re.compile(rf"(?<![^\W\d_]){WORD}(?:[ \u00a0](?:{_INITIAL}(?=[ \u00a0])|{WORD}))+")
_DIGITS = re.compile(r"\d[ \u00a0]")
# A word, and one with a capital letter behind it that no other such follows.
_NOUN = re.compile(rf"(?<![^\W\d_])({WORD}|\d+) ([^\W\d_{SMALL}]{WORD})(?! [^\W\d_{SMALL}])")
# What stands between a sentence's beginning and the end of the one before.
_OPENING = re.compile(r"(?:^|[.!?…:;\n“”„\"«»(–—])[\s“”„\"«»(–—-]*$")
_BEFORE = 6  # characters in which that is looked for
# "Japan's", "L'associazione", "dell'Unione".
_POSSESSIVE = re.compile(r"(.+)['’]s$")
_ELIDED = re.compile(r"([^\W\d_]{1,6})['’](.+)$")


@dataclass(frozen=True, slots=True)
class Capitals:
    """What the articles tell of how words are written, folded.

    `small` stand without a capital letter, `within` with one inside a sentence; `nouns` have one as every noun does.
    `stems` are those of the small words, by language; `pairs` are two large ones of which the second seldom stands
    without the first, and never behind it in small letters.
    """

    small: frozenset[str]
    within: frozenset[str]
    nouns: frozenset[str]
    stems: dict[str, frozenset[str]]
    pairs: frozenset[tuple[str, str]]


def capitals_of(articles: Iterable[Article]) -> Capitals:
    """What tells it in these articles, which have their texts."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    written: dict[str, set[str]] = defaultdict(set)  # small words by language
    led: set[tuple[str, str]] = set()
    pairs: Counter[tuple[str, str]] = Counter()
    every = list(articles)
    for article in every:
        for text in (article.text, article.title):
            before, is_small = "", False
            for word in WORDS.finditer(text):
                plain = folded(word[0])
                if not word[0][0].isupper():
                    small[plain] += 1
                    written[article.language].add(word[0])
                elif is_small:
                    led.add((before, plain))
                if word[0][0].isupper() and text is article.text and not _opens(text, word.start()):
                    large[plain] += 1
                    pairs[before, plain] += not is_small
                before, is_small = plain, word[0][0].islower()
    kept = (pair for pair, count in pairs.items() if pair not in led and count >= max(LEAST_PAIRS, large[pair[1]] / 2))
    lasting = frozenset(word for word, count in small.items() if count >= SMALL_SHARE * (count + large[word]))
    stems = {code: words_of(" ".join(words), code) for code, words in written.items()}
    return Capitals(lasting, frozenset(large), _nouns(every), stems, frozenset(kept))


def names_of(article: Article, told: Capitals) -> Iterator[str]:
    """The names in the article's headline and text, as they are written, each as often as it stands there."""
    if not _is_all_capitals(article):
        yield from _names_in(article.title, article.language, told)
    yield from _names_in(article.text, article.language, told)


def _is_all_capitals(article: Article) -> bool:
    """Whether the headline writes nearly every word with a capital letter, and so tells no names."""
    words = WORDS.findall(article.title)
    capitals = sum(word[0].isupper() for word in words)
    is_ordinary = language(article.language).writing.nouns_have_capitals
    return not is_ordinary and len(words) >= HEADLINE_WORDS and capitals >= HEADLINE_SHARE * len(words)


def _names_in(text: str, code: str, told: Capitals) -> Iterator[str]:
    """The names in the text, without words that are small elsewhere, and what leads to them."""
    nouns_have_capitals = language(code).writing.nouns_have_capitals
    for run in _RUN.finditer(text):
        words: list[str] = []
        # The word before, here one of digits, and the one before the name.
        before, led_by = ("0" if _DIGITS.search(text, max(run.start() - 2, 0), run.start()) else ""), ""
        every = [*run[0].replace("\u00a0", " ").split(" "), ""]
        opens = _opens(text, run.start())
        for word, following in zip(every, [*every[1:], ""], strict=True):
            word, begins, ends = _bare(word, code, told)
            plain = folded(word)
            is_part = _may_be_part(word, following, told) and not (opens and _is_ordinary(word, code, told))
            if is_part and plain in told.small:
                is_part = not opens and not nouns_have_capitals and _is_of_name(word, following, code, told)
            if plain in _titles_of(code) or ((opens or nouns_have_capitals) and _is_calling(word, code)):
                is_part = is_part and bool(words) and not _may_be_part(following, "", told)  # "Steffi Graf"
            elif nouns_have_capitals:
                is_part = is_part and plain not in _month_words_of(code)
                is_part = is_part and (bool(words) or not _is_noun(plain, before, code, told.nouns))
            if (begins or not is_part) and words:
                yield from _name(words, led_by, code, told.nouns)
                words = []
            if is_part:
                led_by = led_by if words else before
                words.append(word)
            if ends:
                yield from _name(words, led_by, code, told.nouns)
                words = []
            before, opens = plain, False


def _opens(text: str, start: int) -> bool:
    """Whether the word that starts there begins a sentence, or what is said in one."""
    return _OPENING.search(text[max(start - _BEFORE, 0) : start]) is not None if start else True


def _bare(word: str, code: str, told: Capitals) -> tuple[str, bool, bool]:
    """The word without what it is joined to, whether a name begins with it, and whether one ends.

    "Japan's Nikkei" are two where Japan is a name by itself; of "dell'Unione" the first part is an article.
    """
    owner = _POSSESSIVE.match(word)
    if owner and (folded(owner[1]) in told.within or folded(owner[1]) in told.small):
        return owner[1], False, True
    elided = _ELIDED.match(word)
    if elided and not owner and (elided[1].islower() or folded(elided[1]) in _articles_of(code)):
        return elided[2], True, False
    return word, False, False


def _is_ordinary(word: str, code: str, told: Capitals) -> bool:
    """Whether a word that begins a sentence has its capital letter for that alone, as far as the articles tell."""
    plain = folded(word)
    if plain in told.within:
        return False
    stems = words_of(word, code)
    return plain in _small_words_of(code) or (bool(stems) and stems <= told.stems.get(code, frozenset()))


def _is_noun(word: str, before: str, code: str, nouns: frozenset[str]) -> bool:
    """Whether the word, with another before it, is none with which a name begins; both are folded."""
    counters = _counters_of(code)
    last = word.rpartition("-")[2]
    is_noun = word in nouns or ("-" in word and not nouns.isdisjoint((last, last.removesuffix("s"))))
    return is_noun or word in counters or before in counters or before.isdecimal()


def _name(words: Sequence[str], before: str, code: str, nouns: frozenset[str]) -> Iterator[str]:
    """The words as a name, if they are one, without the office that leads to it."""
    kept = [*words]
    if not tells_organisation(kept, code):
        offices = [at for at, word in enumerate(kept[:-2]) if _is_office(word, code) or _is_calling(word, code)]
        kept = kept[offices[-1] + 1 :] if offices else kept
    while kept and kept[-1].endswith("."):
        kept.pop()
    if _is_name(kept, before if len(kept) == len(words) else "", code, nouns):
        yield " ".join(kept)


def _is_name(words: Sequence[str], before: str, code: str, nouns: frozenset[str]) -> bool:
    """Whether the words are a name; one that ends with a noun has an article before it, as "die Deutsche Bahn" has."""
    if not 2 <= len(words) <= MOST_WORDS or any(len(one) < LEAST_LETTERS for one in words):
        return False
    if _no_names_of(code).fullmatch(folded(" ".join(words))):
        return False
    is_noun = language(code).writing.nouns_have_capitals and folded(words[-1]) in nouns
    return not is_noun or before in _articles_of(code)


def _may_be_part(word: str, following: str, told: Capitals) -> bool:
    """Whether the word may be one of a name: with a capital letter, and no month or day of the week."""
    if word.endswith("."):
        return word[0].isupper() and following[:1].isupper()  # "George W. Bush"
    if not word[:1].isupper() or word.isupper() or is_calendar_word(word):
        return False
    joined = word.rpartition("-")[2] if "-" in word else ""
    is_joined = joined[:1].islower() and folded(joined) in told.small
    return not is_joined or (not following[:1].isupper() and len(joined) < JOINED_LETTERS)


def _nouns(articles: Iterable[Article]) -> frozenset[str]:
    """Where every noun has a capital letter, those that often stand alone behind an article or a counter, folded."""
    every: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    for article in articles:
        if language(article.language).writing.nouns_have_capitals:
            before = _articles_of(article.language) | _counters_of(article.language)
            every.update(map(folded, WORDS.findall(article.text)))
            behind.update(folded(two[2]) for two in _NOUN.finditer(article.text) if folded(two[1]) in before)
    return frozenset(word for word, count in behind.items() if count >= SMALL_SHARE * every[word])


def tells_organisation(words: Iterable[str], code: str) -> bool:
    """Whether one of the name's words says that it is an organisation's."""
    return any(folded(word) in FIRMS or _organisations_of(code).fullmatch(word.casefold()) for word in words)


def tells_place(words: Iterable[str], code: str) -> bool:
    """Whether one of the name's words says that it is a place's."""
    return any(_features_of(code).fullmatch(word.casefold()) for word in words)


def is_small(word: str, code: str) -> bool:
    """Whether the word asks, joins, denies or stands for another, and so is no part of a name."""
    return folded(word) in _small_words_of(code)


def is_called_otherwise(words: Sequence[str], code: str) -> bool:
    """Whether the words say what somebody is: the first of them, or all together."""
    first = words[0]
    is_one = _is_office(first, code) or _is_calling(first, code) or folded(first) in _titles_of(code)
    return is_one or _whole_offices_of(code).fullmatch(" ".join(words)) is not None


def _is_of_name(word: str, following: str, code: str, told: Capitals) -> bool:
    """Whether a word that is small elsewhere has its capital letter inside a sentence for a name.

    So have "Bank", however often a bank is told of, and "New" before "York", where nobody writes "new York".
    """
    if tells_organisation([word], code) or tells_place([word], code):
        return True
    return (folded(word), folded(following)) in told.pairs and folded(word) not in _small_words_of(code)


@cache
def _organisations_of(code: str) -> re.Pattern[str]:
    return re.compile(pattern(language(code).people.organisations))


@cache
def _features_of(code: str) -> re.Pattern[str]:
    return re.compile(pattern(language(code).places.features))


def _is_office(word: str, code: str) -> bool:
    return _offices_of(code).fullmatch(word.casefold()) is not None


def _is_calling(word: str, code: str) -> bool:
    """Whether the word, or what its hyphen leads to, says what somebody is: "passenger", "Hydro-sjef"."""
    return _callings_of(code).fullmatch(word.rpartition("-")[2].casefold()) is not None


@cache
def _callings_of(code: str) -> re.Pattern[str]:
    return re.compile(pattern(language(code).people.callings))


@cache
def _no_names_of(code: str) -> re.Pattern[str]:
    """What is written like a name and is a feast, a wish or an exclamation, folded."""
    return re.compile(pattern(tuple(map(folded, language(code).people.no_names))))


@cache
def _offices_of(code: str) -> re.Pattern[str]:
    """The words for what somebody is, "president"."""
    roles = language(code).people.roles
    return re.compile(pattern(tuple(word for words in roles.values() for word in words if " " not in word)))


@cache
def _whole_offices_of(code: str) -> re.Pattern[str]:
    """The same, of several words too."""
    return re.compile(pattern(tuple(word for words in language(code).people.roles.values() for word in words)))


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
def _small_words_of(code: str) -> frozenset[str]:
    """The words that ask, join, deny and stand for others, which begin a sentence and no name, folded."""
    known = language(code)
    rows = [getattr(part, one.name) for part in (known.questions, known.conversation) for one in fields(part)]
    claims = [getattr(known.claims, one.name) for one in fields(known.claims)]
    rows += [*claims, known.sentences.openers, known.sentences.articles, *known.numbers.cardinals]
    return frozenset(folded(word) for words in rows for word in words if "*" not in word and " " not in word)


@cache
def _counters_of(code: str) -> frozenset[str]:
    """Words behind which a noun is no name, "one", "no", "his", folded."""
    known = language(code)
    numbers = known.numbers
    rows = (*numbers.cardinals, *numbers.tens, numbers.hundred, numbers.thousand)
    said: tuple[Words, ...] = (known.claims.negations, known.claims.all, known.conversation.stand_ins, known.dates.this)
    return frozenset(folded(word) for words in (*rows, *said) for word in words)


@cache
def _month_words_of(code: str) -> frozenset[str]:
    """What stands before a month, "the end of", folded."""
    return frozenset(map(folded, language(code).dates.in_month))


@cache
def _articles_of(code: str) -> frozenset[str]:
    """The language's articles, folded."""
    return frozenset(map(folded, language(code).sentences.articles))
