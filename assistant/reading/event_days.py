"""Which day of a sentence is that of the event asked for, and which is another one.

"Since 1992", "until Friday", "first flew in 1994" and "said on Wednesday" name days, and tell when something else was.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.facts.dates import answer_date, dates_in, is_background, read_days
from assistant.facts.pieces import word_beginnings
from assistant.facts.resolving import ResolvedDate
from assistant.facts.wording import clause_of, has, places
from assistant.understanding.questions import key_words
from index.articles import Article
from index.languages.words import Language, Words, language
from index.lexicon import folded, names_of
from index.passages import Sentence

# So many words may stand between such a word and its day: "since early 1992", "first flew in 1994". One of so few
# letters means many things, and stands right before its day.
WORDS_BETWEEN = {"since": 1, "until": 1, "before": 1, "after": 1, "first": 3}
BESIDE = frozenset({"since", "until", "before", "after"})
FEW_LETTERS = 3
# "Said on Wednesday", "teilte die Polizei am Mittwoch mit", "on Wednesday the police said".
SAID_BEFORE, SAID_AFTER = 3, 3
# A day with no more than so many words before it opens its sentence.
WORDS_OPENING = 1
CHARACTERS_BETWEEN = 8  # in a script without spaces
SAID = "said"
SAYING = "the day on which it was said"
KEPT = 4096
# A month or a year must be likelier than a day by so much to be meant instead.
LESS_EXACT = 0.5


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A day of a sentence; `role` is "" for one that the sentence's event may have been on, else what it is of."""

    day: ResolvedDate
    role: str


def told_days(article: Article, sentence: Sentence) -> tuple[ToldDay, ...]:
    """Every day that the sentence names, with what it is the day of."""
    days = dates_in(article, sentence.start, sentence.end)
    text = article.text[sentence.start : sentence.end]
    return _told(text, sentence.start, days, article.language)


def day_told(article: Article, sentence: Sentence) -> ResolvedDate | None:
    """The day of what the sentence tells, whatever is asked: none since, until, before or after which something was."""
    beside = [one.day for one in told_days(article, sentence) if one.role in BESIDE]
    return answer_date(article, sentence, beside)


def event_day(
    question: str, code: str, article: Article, sentence: Sentence, likely: Sequence[float] = ()
) -> ResolvedDate | None:
    """The day of what is asked for, as far as the sentence tells it; `code` is the language of the question.

    Of several that it may be, it is the likeliest: `likely` tells how surely each day of the sentence answers, where
    a reader told that, else the one counts whose clause has most words of the question.

    Where the sentence names no day of its own, what comes back has no text: it is the day that it was said or reported
    on. None when the sentence has a time of its own that cannot be read, or only days of something else.
    """
    told = told_days(article, sentence)
    own = [one.day for one in told if one.role == "" or _asks(question, code, one.role)]
    chances = {one.day: chance for one, chance in zip(told, likely, strict=False)}
    single, spans = [day for day in own if day.iso], [day for day in own if not is_background(article, day)]
    # A reader tells whether the month is meant: "arrested in March, and tried on 8 January".
    for days in ([day for day in own if day.iso or day in spans],) if chances and single else (single, spans):
        if nearest := _nearest(question, code, article, sentence, days, chances):
            return nearest
    if any(sentence.start <= start < sentence.end for start in read_days(article).unread):
        return None
    if said := [one.day for one in told if one.role == SAID and one.day.iso]:
        return replace(said[0], start=sentence.start, end=sentence.start, text="", basis=SAYING)
    if any(one.role not in ("", SAID) for one in told):
        return None
    reported = answer_date(article, sentence)
    return reported if reported and not reported.text else None


def _asks(question: str, code: str, role: str) -> bool:
    """Whether the question itself has a word of the role: "since when", "when did he say"."""
    spoken = language(code)
    return has(question, _words(role, spoken), spoken)


def _words(role: str, spoken: Language) -> Words:
    words: Words = getattr(spoken.claims, role)
    return words


def _nearest(
    question: str,
    code: str,
    article: Article,
    sentence: Sentence,
    days: list[ResolvedDate],
    chances: Mapping[ResolvedDate, float],
) -> ResolvedDate | None:
    """The likeliest day, else the one whose clause has most words of the question, the first where that does not tell.

    A day whose own words name only others is theirs, where another day's own words name who is asked about.
    """
    if len(days) < 2:
        return next(iter(days), None)
    text = article.text[sentence.start : sentence.end]
    places = [(day.start - sentence.start, day.end - sentence.start) for day in days]
    asked = _names(question.partition(" ")[2])
    named = [_names(words) for words in _own_words(text, places)]
    if any(some & asked for some in named):
        days = [day for day, some in zip(days, named, strict=True) if not some or some & asked]
    if chances:
        return max(days, key=lambda day: chances.get(day, 0.0) * (1.0 if day.iso else LESS_EXACT))
    if article.language != code:
        return days[0]
    wanted = key_words(question, code)

    def shared(day: ResolvedDate) -> int:
        start, end = clause_of(text, day.start - sentence.start, day.end - sentence.start)
        told = word_beginnings(text[start:end])
        return sum(any(one.startswith(word) or word.startswith(one) for one in told) for word in wanted)

    return max(days, key=shared)


def _names(text: str) -> frozenset[str]:
    """The names in a piece of a sentence: how they sound, and how they are written."""
    written = [word for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper()]
    return names_of(" ".join(written)) | {folded(word) for word in written}


def _own_words(text: str, days: list[tuple[int, int]]) -> list[str]:
    """Of each day the words before it up to the day before; those behind it where the first opens the sentence.

    "After Johnson in 1868 and Clinton in 1999", "In 1868 it was Johnson, in 1999 Clinton".
    """
    ends, starts = [0, *(end for _, end in days)], [*(start for start, _ in days), len(text)]
    between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    opens = sum(1 for _ in _words_in(between[0])) <= WORDS_OPENING
    return between[1:] if opens else between[:-1]


@lru_cache(maxsize=KEPT)
def _told(text: str, offset: int, days: tuple[ResolvedDate, ...], code: str) -> tuple[ToldDay, ...]:
    spoken = language(code)
    return tuple(ToldDay(day, _role(text, day.start - offset, day.end - offset, spoken)) for day in days)


def _role(text: str, start: int, end: int, spoken: Language) -> str:
    first, last = clause_of(text, start, end)
    before, after = text[first:start], text[end:last]
    for role, most in WORDS_BETWEEN.items():
        words = _words(role, spoken)
        if _stands_before(before, words, most, spoken) or (
            spoken.writing.postpositions and _stands_after(after, words, 1, spoken)
        ):
            return role
    said = spoken.claims.said
    if _stands_before(before, said, SAID_BEFORE, spoken) or _stands_after(after, said, SAID_AFTER, spoken):
        return SAID
    return ""


def _stands_before(before: str, words: Words, most: int, spoken: Language) -> bool:
    gaps = ((before[start:end], before[end:]) for start, end in places(before, words, spoken))
    return any(_is_near(word, gap, most, spoken) for word, gap in gaps)


def _stands_after(after: str, words: Words, most: int, spoken: Language) -> bool:
    gaps = ((after[start:end], after[:start]) for start, end in places(after, words, spoken))
    return any(_is_near(word, gap, most, spoken) for word, gap in gaps)


def _is_near(word: str, gap: str, most: int, spoken: Language) -> bool:
    if not spoken.writing.spaces:
        return len(gap) <= CHARACTERS_BETWEEN
    allowed = 0 if len(word) <= FEW_LETTERS and most == 1 else most
    return sum(1 for _ in _words_in(gap)) <= allowed


def _words_in(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"\w+", text)
