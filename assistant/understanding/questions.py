"""What a question asks for, told by its opening words."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.facts.pieces import word_beginnings
from index.languages.words import Language, Words, codes, language

# What a question may ask for, and whose words tell so.
KINDS = {
    "date": "date",
    "name": "name",
    "place": "place",
    "number": "number",
    "": "thing reason manner",
    "yes or no": "yes_no",
}
OPENING_WORDS = 6

_PARTS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_Phrases = dict[tuple[str, ...], str]


def key_words(question: str, language_code: str) -> frozenset[str]:
    """How the words begin that tell what is asked, without question and helping words and, where only they have a
    capital letter, names."""
    spoken = language(language_code)
    first, *rest = re.findall(r"[^\W\d_]+", question) or [""]
    kept = [first, *(word for word in rest if spoken.writing.nouns_have_capitals or not word[0].isupper())]
    return word_beginnings(" ".join(word for word in kept if word.casefold() not in asking_words()))


def asked_for(question: str, language_code: str = "") -> str:
    """ "date", "name", "place", "number", "yes or no", or "" when the question asks for something else."""
    spoken = language(language_code)
    if not spoken.writing.spaces:
        return _asked_in_place(question, spoken)
    words = [word.casefold() for word in _PARTS.findall(question)]
    own = _phrases(spoken.code)
    if words and own.get((words[0],)) == "yes or no":
        return "yes or no"
    places = range(len(words) if spoken.writing.asks_in_place else OPENING_WORDS)
    found = next((kind for place in places if (kind := _kind_at(words, place, own)) not in (None, "yes or no")), None)
    if found is not None:
        return found
    if any(word in spoken.questions.yes_no for word in words[-1:]) and spoken.writing.asks_in_place:
        return "yes or no"
    # It may be in another language than it was taken for.
    return _kind_at(words, 0, _told_alike()) or ""


@cache
def asking_words() -> frozenset[str]:
    """The single words that only ask, in every language."""
    return frozenset(phrase[0] for spoken in codes() for phrase in _phrases(spoken) if len(phrase) == 1)


def value_words(language_code: str) -> frozenset[str]:
    """The single words by which the language asks for a day, a name, a place or a number."""
    values = KINDS.keys() - {"", "yes or no"}
    return frozenset(one[0] for one, kind in _phrases(language_code).items() if len(one) == 1 and kind in values)


def _kind_at(words: list[str], place: int, phrases: _Phrases) -> str | None:
    """What the longest phrase that begins at that word asks for."""
    for end in range(min(len(words), place + OPENING_WORDS), place, -1):
        if (kind := phrases.get(tuple(words[place:end]))) is not None:
            return kind
    return None


def _asked_in_place(question: str, spoken: Language) -> str:
    """The same where words are not parted: of the phrases in the question the longest counts."""
    found = [(len(phrase), kind) for phrase, kind in _each_phrase(spoken) if phrase in question]
    asking = [one for one in found if one[1] != "yes or no"]
    if not asking and any(kind == "yes or no" for _, kind in found):
        return "yes or no"
    return max(asking, default=(0, ""))[1]


@cache
def _phrases(code: str) -> _Phrases:
    """Each asking phrase of the language as words, and what it asks for."""
    phrases: _Phrases = {}
    for phrase, kind in _each_phrase(language(code)):
        phrases.setdefault(tuple(_PARTS.findall(phrase.casefold())), kind)
    return phrases


@cache
def _told_alike() -> _Phrases:
    """The asking phrases that mean the same in all languages that have them."""
    kinds: dict[tuple[str, ...], set[str]] = {}
    for code in codes():
        for phrase, kind in _phrases(code).items():
            kinds.setdefault(phrase, set()).add(kind)
    return {phrase: told.pop() for phrase, told in kinds.items() if len(told) == 1 and len(phrase[0]) > 1}


def _each_phrase(spoken: Language) -> Iterator[tuple[str, str]]:
    for kind, names in KINDS.items():
        for name in names.split():
            words: Words = getattr(spoken.questions, name)
            yield from ((word, kind) for word in words)
