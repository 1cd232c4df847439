"""Whether a sentence in another language says what the stored one says."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache

from babel import Locale

from assistant.calibration import calibration
from assistant.facts.dates import dates_in
from assistant.facts.names import is_named
from assistant.facts.places import places_in
from assistant.facts.quantities import multiple_or_unit, quantities_in
from index import lexicon
from index.articles import Article
from index.hits import Hit
from index.languages.cldr import locale_of
from index.languages.detection import language_shares
from index.languages.words import language as words_of
from index.languages.words import pattern
from index.models.embedding import Embedding

# From this probability on, a text is in the language.
IS_LANGUAGE = 0.5
# A translation has at least and at most so many times the letters of its sentence; Chinese needs a third.
SHORTEST, LONGEST = 0.45, 2.2
NAME_LETTERS = 3  # a shorter word with a capital letter tells nothing
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_DIGITS = re.compile(r"\d+")
_GROUPS = re.compile(r"(?<=\d)[.,'’\u00a0\u202f ](?=\d{3}(?!\d))")


def disagreement(text: str, language: str, source: Hit, embedding: Embedding) -> str:
    """In a word what the text says otherwise than the source's sentence, "" when nothing."""
    written = Article(source.article.id, "", text, source.article.published, language)
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("language", lambda: language_shares(text).get(language, 0.0) >= IS_LANGUAGE),
        ("length", lambda: SHORTEST <= _letters(text) / max(1, _letters(source.text)) <= LONGEST),
        ("numbers", lambda: _same_numbers(written, source)),
        ("days", lambda: _same_days(written, source)),
        ("names", lambda: _same_names(written, source)),
        ("negation", lambda: _denies(text, language) == _denies(source.text, source.article.language)),
        ("meaning", lambda: _alike(text, source.text, embedding)),
    )
    return next((name for name, holds in checks if not holds()), "")


def _letters(text: str) -> int:
    return len(re.findall(r"[^\W\d_]", text))


def _same_numbers(written: Article, source: Hit) -> bool:
    """Whether each has the other's numbers, in digits or in words, and no other money."""
    sentence = source.sentence
    mine = _numbers(written, 0, len(written.text))
    theirs = _numbers(source.article, sentence.start, sentence.end)
    if not (mine.needed <= theirs.known and theirs.needed <= mine.known):
        return False
    # A word for a number may have none in the other language, as "both"; another number in its place is another story.
    if mine.counted - theirs.known and theirs.counted - mine.known:
        return False
    return all(mine.units.get(value, unit) == unit for value, unit in theirs.units.items())


class _Numbers:
    """The numbers of a sentence: those that a translation needs, and those that it may have; and of what unit."""

    def __init__(self) -> None:
        self.needed: set[Decimal] = set()
        self.known: set[Decimal] = set()
        self.counted: set[Decimal] = set()  # of something, in digits or in words
        self.units: dict[Decimal, str] = {}


def _numbers(article: Article, start: int, end: int) -> _Numbers:
    found = _Numbers()
    counted = quantities_in(article, start, end)
    days = dates_in(article, start, end)
    for one in counted:
        values = {one.value} if one.most is None else {one.value, one.most}
        found.known |= values
        found.counted |= values
        # What is counted in words may be a part of a phrase: "on the one hand".
        if any(letter.isdigit() for letter in article.text[one.start : one.end]):
            found.needed |= values
        if one.unit:
            found.units[one.value] = one.unit
    for day in days:
        found.known |= {Decimal(part) for iso in (day.first, day.last) for part in iso.split("-")}
    inside = [*((one.start, one.end) for one in counted), *((day.start, day.end) for day in days)]
    text = _GROUPS.sub(lambda group: "\0", article.text[start:end])
    for digits in re.finditer(r"[\d\0]+", text):
        if any(first <= start + digits.start() < last for first, last in inside):
            continue
        value = Decimal(digits[0].replace("\0", "") or "0")
        found.known.add(value)
        found.needed.add(value)
    return found


def _same_days(written: Article, source: Hit) -> bool:
    """Whether both name the same days, as far as the year and the month are told."""
    sentence = source.sentence
    mine = {(day.first[5:], day.last[5:]) for day in dates_in(written)}
    theirs = {(day.first[5:], day.last[5:]) for day in dates_in(source.article, sentence.start, sentence.end)}
    return mine == theirs


def _same_names(written: Article, source: Hit) -> bool:
    """Whether each has the names and the places of the other."""
    text, spoken = source.text, source.article.language
    places, others = ({place.code for place in places_in(one)} for one in (written.text, text))
    if places != others:
        return False
    return not any(_unknown(written.text, written.language, text)) and not any(_unknown(text, spoken, written.text))


def _unknown(text: str, language: str, other: str) -> Iterator[str]:
    """The names of the text that the other does not have; where every noun has a capital letter, those of two words."""
    placed = {at for place in places_in(text) for at in range(place.start, place.end)}
    previous_end = -1
    for word in _WORD.finditer(text):
        opens = not re.search(r"[^\W_]", text[: word.start()]) or re.search(r"[.!?:“„«\"]\s*$", text[: word.start()])
        follows_name = text[previous_end : word.start()] == " "
        if not word[0][0].isupper():
            continue
        is_opener = opens and word[0].casefold() in _openers(language)
        previous_end = -1 if is_opener else word.end()
        if opens or word.start() in placed or len(word[0]) < NAME_LETTERS or _is_no_name(word[0], language):
            continue
        if words_of(language).writing.nouns_have_capitals and not follows_name:
            continue
        if not any(is_named(part, other) for part in re.split("['’-]", word[0]) if len(part) >= NAME_LETTERS):
            yield word[0]


def _is_no_name(word: str, language: str) -> bool:
    """Whether a word with a capital letter is a month, a measure, a title, or says of which people somebody is."""
    if lexicon.is_calendar_word(word) or multiple_or_unit(word) is not None:
        return True
    low = word.casefold()
    return low in _peoples(language) or re.fullmatch(_titles(language), low) is not None


@cache
def _openers(language: str) -> frozenset[str]:
    sentences = words_of(language).sentences
    return frozenset((*sentences.openers, *sentences.articles))


@cache
def _peoples(language: str) -> frozenset[str]:
    """The words of languages' names, which where they have a capital letter are those of peoples too: "Ukrainian"."""
    locale = locale_of(language) or Locale("en")
    return frozenset(word.casefold() for name in locale.languages.values() for word in _WORD.findall(name))


@cache
def _titles(language: str) -> str:
    people = words_of(language).people
    words = {word for forms in people.roles.values() for form in forms for word in form.split()}
    return pattern((*people.titles, *sorted(words)))


def _denies(text: str, language: str) -> bool:
    claims = words_of(language).claims
    words = (*claims.negations, *claims.none)
    return re.search(rf"(?<![^\W_])(?:{pattern(words)})(?![^\W_])", text.casefold()) is not None


def _alike(text: str, other: str, embedding: Embedding) -> bool:
    one, two = embedding.embed_texts([text, other])
    return float(one @ two) >= calibration(embedding.model_name).translates
