"""Corrections at an article's head or foot: what they take back is never quoted, here or in the article's body."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from index import lexicon
from index.languages.scripts import SENTENCE_ENDS
from index.languages.words import Language, languages, pattern
from index.languages.words import language as words_of
from index.passages import Sentence
from index.splitting.sentences import split_sentences, unwrapped

# A correction stands in one of so many first or last lines.
HEAD, FOOT = 4, 8
# A sentence of the body speaks of what was corrected when it shares so many words with the correction; of characters
# where those are words.
SHARED_WORDS, SHARED_CHARACTERS = 2, 4
LEAST_LETTERS = 3
# A label with a line of its own has the correction below it.
_LABEL_ALONE = 60
_BETWEEN = r"[\W_]*"
_CLAUSE = re.compile(r"[;；:：]\s*|\s[–—-]\s")


@dataclass(frozen=True, slots=True)
class Correction:
    """Characters `start` to `end` of an article, which correct it; `told` are the words that tell what it is about."""

    start: int
    end: int
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Corrected:
    """The sentences of an article that still hold, and its corrections."""

    sentences: tuple[Sentence, ...]
    corrections: tuple[Correction, ...] = ()


def corrected(text: str, language: str, sentences: tuple[Sentence, ...]) -> Corrected:
    """The sentences without what of them a correction takes back; all of them where nothing would be left."""
    places = _places(text)
    if not places:
        return Corrected(sentences)
    kept = [one for one in sentences if not any(start <= one.start < end for start, end in places)]
    told: list[Sentence] = []
    corrections = []
    for start, end in places:
        note = _Note(text, language, [one for one in sentences if start <= one.start < end])
        if not note.retracted:
            told += note.sentences
            continue
        told += note.holding
        corrections.append(Correction(note.start, start + len(text[start:end].rstrip()), note.topic))
        kept = [one for one in kept if not note.takes_back(text[one.start : one.end])]
    holding = tuple(sorted((*kept, *told), key=lambda one: one.start))
    return Corrected(holding or sentences, tuple(corrections))


def corrections_of(text: str, language: str) -> tuple[Correction, ...]:
    """The corrections of a text that take anything back."""
    return corrected(text, language, split_sentences(text, language)).corrections if _places(text) else ()


def concerns(correction: Correction, words: str, language: str) -> bool:
    """Whether the words speak of what the correction corrects."""
    return _is_enough(correction.told & _topic(words, language))


class _Note:
    """One correction: which of its words hold, and which are taken back."""

    def __init__(self, text: str, language: str, sentences: Sequence[Sentence]) -> None:
        self.sentences = list(sentences)
        self._language = language
        self.holding: list[Sentence] = []
        self.retracted: list[str] = []
        contrasted: list[str] = []
        for one in sentences:
            holds, wrong, instead = _parts(text, one, language)
            self.holding += holds
            self.retracted += wrong
            contrasted += instead
        first = next((one for one in sentences if _told_before().search(text[one.start : one.end])), None)
        is_headed = bool(sentences) and _label().match(text, sentences[0].start) is not None
        self.start = first.start if first and not is_headed else (sentences[0].start if sentences else 0)
        right = " ".join(text[one.start : one.end] for one in self.holding)
        wrong_words = " ".join(self.retracted)
        self._right, wrong_values = _values(right, language), _values(wrong_words, language)
        self._wrong = wrong_values - self._right
        self._counted = _counted(wrong_words, language)
        self._instead = _topic(" ".join(contrasted), language) - _topic(right, language)
        self.topic = _topic(f"{right} {wrong_words}", language) - self._instead

    def takes_back(self, sentence: str) -> bool:
        """Whether a sentence of the body still says what the correction says is wrong."""
        values, topic = _values(sentence, self._language), _topic(sentence, self._language)
        if self._wrong:
            is_wrong = bool(values & self._wrong) and not values & (self._right - self._wrong)
        else:
            is_wrong = bool(self._instead) and self._instead <= topic
        return is_wrong and (_is_enough(topic & self.topic) or bool(_counted(sentence, self._language) & self._counted))


def _places(text: str) -> list[tuple[int, int]]:
    """Start and end of each correction: a line that a label heads, or from the sentence on that tells of an earlier
    version to the end of its line."""
    lines = [(start, end) for start, end in unwrapped(text) if text[start:end].strip()]
    last = max(HEAD, len(lines) - FOOT)
    found: list[tuple[int, int]] = []
    for number in (*range(min(HEAD, len(lines))), *range(last, len(lines))):
        start, end = lines[number]
        if found and start < found[-1][1]:  # what a label above it heads
            continue
        if label := _label().match(text, start, end):
            is_alone = label.end() >= end and end - start <= _LABEL_ALONE and number + 1 < len(lines)
            found.append((start, lines[number + 1][1] if is_alone else end))
        elif _may_tell(text[start:end]) and (version := _told_before().search(text, start, end)):
            found.append((_sentence_start(text, start, version.start()), end))
    return found


def _sentence_start(text: str, start: int, at: int) -> int:
    """Where the sentence that holds this character begins, roughly: after the last full stop, or the last line."""
    before = list(re.finditer(rf"[{SENTENCE_ENDS}]\s+|[。！？\n]\s*", text[start:at]))
    return start + before[-1].end() if before else start


def _parts(text: str, sentence: Sentence, language: str) -> tuple[list[Sentence], list[str], list[str]]:
    """What of a sentence of a correction holds, what of it is wrong, and what of that it sets right by itself."""
    whole = text[sentence.start : sentence.end]
    label = _label().match(whole)
    begin = label.end() if label else 0
    edges = [begin, *(match.end() for match in _CLAUSE.finditer(whole, begin)), len(whole)]
    clauses = [(start, end) for start, end in pairwise(edges) if whole[start:end].strip()]
    holds: list[Sentence] = []
    wrong, instead = [], []
    for start, end in clauses:
        clause = whole[start:end]
        if _mistaken().search(clause):
            wrong.append(_unmarked(clause))
            continue
        contrast = _contrast(language).search(clause)
        if contrast is None:
            holds.append(Sentence(sentence.start + start, sentence.start + end))
            continue
        is_behind = contrast.lastgroup == "behind"
        first, last = contrast.start(), contrast.end() if is_behind else len(clause)
        said = clause[first:last]
        wrong.append(said)
        instead.append(clause[contrast.end() :] if not is_behind else said)
        if is_behind:
            holds.append(Sentence(sentence.start + start + last, sentence.start + end))
        else:
            holds.append(Sentence(sentence.start + start, sentence.start + start + first))
    if not wrong:
        return ([sentence] if clauses else []), [], []
    trimmed = (_trimmed(text, one) for one in holds)
    return [one for one in trimmed if _says_something(text[one.start : one.end])], wrong, instead


def _trimmed(text: str, sentence: Sentence) -> Sentence:
    words = text[sentence.start : sentence.end]
    start = sentence.start + len(words) - len(words.lstrip(" ,;:–—-，；："))
    return Sentence(start, max(start, sentence.start + len(words.rstrip(" ,;:–—-([，；："))))


def _says_something(words: str) -> bool:
    return len(words.split()) > 1 or len(words) >= SHARED_CHARACTERS


def _unmarked(clause: str) -> str:
    """The clause without the words that only say that it was wrong."""
    return _mistaken().sub(" ", _told_before().sub(" ", clause))


def _is_enough(shared: frozenset[str]) -> bool:
    characters = sum(len(word) == 1 for word in shared)
    return len(shared) - characters >= SHARED_WORDS or characters >= SHARED_CHARACTERS


def _topic(words: str, language: str) -> frozenset[str]:
    """What the words speak of: their terms, without numbers and without the words that every text has."""
    kept = (word for word in re.findall(r"\w+", words) if word.casefold() not in _empty(language))
    terms = lexicon.words_of(" ".join(kept), language)
    return frozenset(
        term
        for term in terms
        if not term.isdigit() and (len(term) >= LEAST_LETTERS or (len(term) == 1 and not term.isascii()))
    )


def _values(words: str, language: str) -> frozenset[str]:
    """The numbers, in digits and in words, and the names of days and months."""
    return frozenset(value for value, _ in _each_value(words, language))


def _counted(words: str, language: str) -> frozenset[tuple[str, str]]:
    """Each of these values with the word behind it: (11, miner)."""
    return frozenset(
        (value, term)
        for value, end in _each_value(words, language)
        if (following := re.compile(r"\s?(?:[^\W\d_]+)").match(words, end))
        for term in lexicon.words_of(following[0][:1] if not _has_spaces(language) else following[0], language)
    )


def _each_value(words: str, language: str) -> Iterator[tuple[str, int]]:
    """The values, and where each ends."""
    for match in _value(language).finditer(words):
        word = " ".join(match[0].casefold().split())
        if word[0].isdigit():
            yield word.strip(".,").lstrip("0") or "0", match.end()
        elif word in _number_words(language):
            yield _number_words(language)[word], match.end()
        elif lexicon.is_calendar_word(word):
            yield word, match.end()


@cache
def _value(language: str) -> re.Pattern[str]:
    numbers = _alternatives([(word, _has_spaces(language)) for word in _number_words(language)])
    return re.compile(rf"\d+(?:[.,]\d+)*|{numbers}|[^\W\d_]+", re.IGNORECASE)


def _has_spaces(language: str) -> bool:
    return words_of(language).writing.spaces


@cache
def _number_words(language: str) -> dict[str, str]:
    """Words for numbers from two on, which are nothing else as "a" and "one" may be, to their digits."""
    numbers = words_of(language).numbers
    rows = ((2, 1, numbers.cardinals[2:]), (20, 10, numbers.tens))
    return {
        word.casefold(): str(first + step * place)
        for first, step, row in rows
        for place, words in enumerate(row)
        for word in words
    }


@cache
def _empty(language: str) -> frozenset[str]:
    """Words that tell nothing about what a text speaks of."""
    spoken = words_of(language)
    said = (*spoken.sentences.articles, *spoken.sentences.openers, *spoken.claims.negations, *spoken.claims.said)
    return frozenset({*map(str.casefold, said), *_number_words(language)})


def _alternatives(words: Sequence[tuple[str, bool]]) -> str:
    """The words, which stand by themselves in languages that part words by spaces."""
    parted = pattern(tuple(word for word, is_parted in words if is_parted))
    others = pattern(tuple(word for word, is_parted in words if not is_parted))
    return rf"(?<!\w)(?:{parted})(?!\w)|(?:{others})"


def _of_all(words: Sequence[tuple[Language, tuple[str, ...]]]) -> str:
    return _alternatives([(word, spoken.writing.spaces) for spoken, some in words for word in some])


@cache
def _label() -> re.Pattern[str]:
    """What heads a correction, in any language, with the day of it."""
    labels = pattern(tuple(word for spoken in languages() for word in spoken.pages.corrections))
    day = r"(?:\s*[,(（]|\s*\d|\s+\w+\s+\d)[^:：\n–—]{0,40}"
    return re.compile(
        rf"{_BETWEEN}(?:{labels})(?!\w)[\])】）》]?(?:{day})?\s*(?:[:：.–—|-]\W*|(?=\n|$))", re.IGNORECASE
    )


@cache
def _told_before() -> re.Pattern[str]:
    return re.compile(_of_all([(spoken, spoken.pages.versions) for spoken in languages()]), re.IGNORECASE)


@cache
def _version_stems() -> frozenset[str]:
    return frozenset(max(word.casefold().split("*"), key=len) for one in languages() for word in one.pages.versions)


def _may_tell(line: str) -> bool:
    """Whether it is worth looking for an earlier version: the expression for that is a hundred times slower."""
    folded = " ".join(line.casefold().split())
    return any(stem in folded for stem in _version_stems())


@cache
def _mistaken() -> re.Pattern[str]:
    return re.compile(_of_all([(spoken, spoken.pages.mistaken) for spoken in languages()]), re.IGNORECASE)


@cache
def _contrast(language: str) -> re.Pattern[str]:
    """What sets something against what was wrong: before it, and after a comma where it may be an ordinary "not"; or
    behind it."""
    spoken = words_of(language)
    words = (*spoken.pages.instead, *words_of("en").pages.instead)
    behind = pattern(tuple(word for word in words if word.startswith("*")))
    before = [word for word in words if not word.startswith("*")]
    plain = [
        word for word in before if word.casefold() in {one.casefold() for one in spoken.claims.negations} | {"not"}
    ]
    clear = pattern(tuple(word for word in before if word not in plain))
    edge = r"(?!\w)" if spoken.writing.spaces else ""
    parted = rf"(?<!\w)(?:{clear})" if spoken.writing.spaces else rf"(?:{clear})"
    return re.compile(
        rf"(?P<behind>{behind})|(?P<before>{parted}{edge}|[,，、(（]\s*(?:{pattern(tuple(plain))}){edge})",
        re.IGNORECASE,
    )
