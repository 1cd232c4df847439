"""Reads with a trained model: each sentence's likeliest words, typed, and how surely the sentence answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.answers import Span
from assistant.facts.bounds import bounded_start
from assistant.facts.facts import facts_of
from assistant.facts.mentions import mentions_in
from assistant.facts.pieces import word_beginnings
from assistant.facts.resolving import WRITTEN, ResolvedDate
from assistant.facts.wording import has, is_duration, places
from assistant.reading.event_days import event_day, told_days
from assistant.reading.findings import READ_HITS, SURE_WORDS, Finding, Name, Value, Words
from assistant.reading.network import Mark, Network
from assistant.reading.standing import Standing
from assistant.reading.topics import topic
from assistant.reading.wholes import part_asked_for
from assistant.understanding.questions import asked_for, key_words
from index.hits import Hit
from index.languages.scripts import SPACELESS
from index.languages.words import Language, language
from index.lexicon import folded, names_of

# Hits are read up to each of these, until none further on could stand higher than the best so far.
STEPS = (0, 5, 10, READ_HITS)
# What a reader takes for the words that answer sometimes holds what stands around them.
_BEFORE, _AFTER = " \t\r\n\"“”«»„‘’'(,;:.!?、。，！？", " \t\r\n\"“”«»„‘’',;:.!?、。，！？"
_SPACELESS = re.compile(f"[{SPACELESS}]")
LENGTH_WORDS = 2  # "eleven years"; of more, "two hours later", the others may tell when
_CLOCK_OR_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)|(?<!\d)\d{1,2}[.:h]\d\d(?!\d)")
_JOINED_UNIT = re.compile(r"(\d+)[-‑]\w")
_YEAR = re.compile(r"[12][0-9]{3}")
_YEARS = re.compile(r"\d{4}(?:\s*[-‑–—/]\s*\d{2,4})?")  # that the rules do not take for a day


class TrainedReader:
    """Reads with a network, and lets the standing that was fitted to it decide."""

    def __init__(self, network: Network, standing: Standing, seconds: float = 10.0) -> None:
        """What is not read within so many seconds is left out; the first sentences always are."""
        self.name = network.name
        self.least = standing.least
        self._network = network
        self._standing = standing
        self._seconds = seconds

    def read(self, question: str, language: str, hits: Sequence[Hit], every: bool = True) -> tuple[Finding, ...]:
        """A finding for each of the best hits, the likeliest to answer first; see `Reader`.

        With the light reader, of 150 Norwegian questions five sentences are enough for 92 and ten for 24 more; the best
        one is the same as of all twenty for each of 510 questions of four sets.
        """
        kind = asked_for(question, language)
        found: tuple[Finding, ...] = ()
        for first, last in pairwise((0, READ_HITS) if every else STEPS):
            found += self.unweighed(question, language, hits[:last], first)
            weighed = self._standing.weighed(found, hits, kind)
            if weighed and weighed[0].standing >= self._standing.highest(hits, last):
                break
        return weighed

    def unweighed(self, question: str, language: str, hits: Sequence[Hit], first: int = 0) -> tuple[Finding, ...]:
        """The findings in the order of the hits from the `first` on, without a standing."""
        kind = asked_for(question, language)
        read = hits[first:READ_HITS]
        days = [_days(hit) for hit in read]
        never, among = days if kind in ("name", "place") else (), days if kind == "date" else ()
        texts, titles = [hit.text for hit in read], [_title(hit) for hit in read]
        marks = self._network.marks(question, texts, titles, never, self._seconds, among)
        with_topic = self._with_topic(question, read, marks)
        found = []
        for place, own in sorted(marks.items()):
            mark = replace(own, answerable=max(own.answerable, with_topic.get(place, own.answerable)))
            span, value = typed(kind, question, language, read[place], mark)
            likelihood = 1.0 if kind == "yes or no" else mark.likelihood  # all of the sentence answers
            found.append(Finding(span, value, 0.0, False, first + place, mark.answerable, likelihood))
        return tuple(found)

    def _with_topic(self, question: str, hits: Sequence[Hit], alone: Mapping[int, Mark]) -> dict[int, float]:
        """How surely each sentence answers that corrects another or goes on from it, read with that.

        "Eleven died in the mine. Nine died." "Vinter was jailed. He was arrested in March." The words that answer are
        its own all the same, and what goes on from a sentence that answers rather than it stays as it was `alone`.
        """
        before = {place: told for place, hit in enumerate(hits) if (told := _told_before(place, hits, alone))}
        texts = [told + hits[place].text for place, told in before.items()]
        titles = ["" if hits[place].taken_back else _title(hits[place]) for place in before]
        marks = self._network.marks(question, texts, titles, (), self._seconds) if texts else {}
        return {
            place: marks[number].answerable
            for number, (place, told) in enumerate(before.items())
            if number in marks and (hits[place].taken_back or marks[number].start >= len(told))
        }


def _told_before(place: int, hits: Sequence[Hit], alone: Mapping[int, Mark]) -> str:
    """What a sentence is to be read with: what it corrects, or else goes on from; "" where it stands by itself."""
    hit = hits[place]
    first = hits.index(topic(hit, hits))
    goes_on = first != place and place in alone and first in alone
    if goes_on and alone[place].answerable >= alone[first].answerable and not hit.taken_back:
        return f"{hits[first].text} "
    return hit.taken_back


def _title(hit: Hit) -> str:
    """The article's title, which tells what "the ship" is; "" where the sentence is it, or a file's name stands in."""
    article = hit.article
    return "" if article.evidence.get("title") == "file name" or hit.text in article.title else article.title


def _days(hit: Hit) -> list[tuple[int, int]]:
    """Which characters of the sentence are days, in their order: nobody, and nowhere."""
    start = hit.sentence.start
    return [(day.start - start, day.end - start) for day in facts_of(hit.article, hit.sentence).days]


def typed(kind: str, question: str, language: str, hit: Hit, mark: Mark) -> tuple[Span, Value]:
    """The words that answer, completed to the whole day, number or name that they are a part of, and what they mean.

    Of a question for a day the rules choose it: a reader takes the first that it sees. Where the sentence names none,
    its words stand ("at dawn"), and mean the day that the article tells. Where its only days are of something else, or
    cannot be read, all of it stands; and so it does where the words are a guess and nothing tells what they should be.
    """
    whole = Span(hit, hit.sentence.start, hit.sentence.end)
    told = event_day(question, language, hit.article, hit.sentence, mark.among) if kind == "date" else None
    if told and told.text:
        return Span(hit, told.start, told.end), told
    span = _trimmed(hit, mark)
    is_guess = kind in ("", "name") and mark.likelihood < SURE_WORDS
    if kind == "yes or no" or is_guess or span is None or _repeats(question, span.text):
        return whole, told or Words(whole.text)
    if kind == "date":
        others = told_days(hit.article, hit.sentence)
        is_other = told is None and any(one.day.start < span.end and span.start < one.day.end for one in others)
        is_other = is_other or (_YEARS.fullmatch(span.text) is not None and not _is_year_of(question, language, span))
        span = whole if is_other or not _may_tell_time(span) else span
        if _YEAR.fullmatch(span.text):  # "war 1974 eröffnet": it was reported on no day
            year = int(span.text)
            return span, ResolvedDate(span.start, span.end, span.text, f"{year}-01-01", f"{year}-12-31", WRITTEN)
        return span, told or Words(span.text)
    facts = facts_of(hit.article, hit.sentence)
    for one in facts.quantities:
        if one.start < span.end and span.start < one.end and (kind == "number" or _is_most(one.start, one.end, span)):
            if part := part_asked_for(question, language, hit, one, facts.quantities) if kind == "number" else None:
                return Span(hit, bounded_start(hit.article, part, hit.sentence.start), part.end), part
            start = bounded_start(hit.article, one, hit.sentence.start)
            return Span(hit, min(start, span.start), max(one.end, span.end)), one
    for day in facts.days:
        if _is_most(day.start, day.end, span):
            return Span(hit, min(day.start, span.start), max(day.end, span.end)), day
    if kind in ("name", "place"):
        span = _whole_name(span)
        return span, Name(span.text, names_of(span.text))
    return span, Words(span.text)


def _is_year_of(question: str, code: str, span: Span) -> bool:
    """Whether the word behind a bare year is one of the question: "its 1967 debut" of "when was the debut?"."""
    following = next(re.finditer(r"[^\W\d_]+", span.article.text[span.end : span.sentence.end]), None)
    if following is None or span.article.language != code:
        return False
    [word] = word_beginnings(following[0]) or [""]
    return any(word and (one.startswith(word) or word.startswith(one)) for one in key_words(question, code))


def _may_tell_time(span: Span) -> bool:
    """Whether words for "when" may tell it: they hold a time, or begin as one does and hold no number and no name.

    A number with its unit alone, "eleven years", tells how long.
    """
    text, article = span.text, span.article
    spoken, facts = language(article.language), facts_of(article, span.sentence)
    is_clause = any(start == 0 for start, _ in places(f"{text[:1].lower()}{text[1:]}", spoken.questions.date, spoken))
    if is_clause or _CLOCK_OR_YEAR.search(text) or mentions_in(text, article.language):
        return True
    numbers = [one for one in facts.quantities if one.start < span.end and span.start < one.end]
    if is_duration(text, article.language):
        if joined := _JOINED_UNIT.match(text):
            return int(joined[1]) % 10 == 0  # "80-årene" are years, "27-year" is how long
        if not numbers:
            return True
        before, behind = text[: numbers[0].start - span.start], text[numbers[-1].end - span.start :]
        is_between = has(before, spoken.dates.between, spoken) and (len(numbers) > 1 or numbers[0].most is not None)
        if is_between or (not before.strip() and numbers[0].most is not None):
            return len(behind.split()) >= LENGTH_WORDS  # "between 60 and 90 days" is how long, but for "after it"
        if numbers[0].start > span.start:
            return _begins_as_time(text, spoken) and not any(one.unit for one in numbers)
        return len(text.split()) > LENGTH_WORDS
    is_named = any(one.start < span.end and span.start < one.end for one in facts.names)
    return _begins_as_time(text, spoken) and not numbers and not is_named


def _begins_as_time(text: str, spoken: Language) -> bool:
    """Whether the first word puts what follows into time, as far as form tells: "during the night", "about two hours".

    A word of the sentence that is neither a preposition nor an adverb of that kind does not: "creating", "the".
    """
    claims = spoken.claims
    told = (*claims.after, *claims.before, *claims.since, *claims.until, *claims.about)
    small = frozenset(spoken.sentences.openers) - frozenset(spoken.sentences.articles)
    first = next(re.finditer(r"\w+", text.casefold()), None)
    return first is not None and (
        first[0] in small or any(start == first.start() for start, _ in places(text, told, spoken))
    )


def _trimmed(hit: Hit, mark: Mark) -> Span | None:
    """The marked words, whole, without what stands around them; None when nothing is left."""
    text, start, end = hit.text, mark.start, mark.end
    while start < end and text[start] in _BEFORE:
        start += 1
    while end > start and text[end - 1] in _AFTER:
        end -= 1
    if start == end:
        return None
    while start > 0 and _one_word(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and _one_word(text[end - 1], text[end]):
        end += 1
    if text[end - 1] == ")" and "(" not in text[start:end]:
        end -= 1
    return Span(hit, hit.sentence.start + start, hit.sentence.start + end)


def _one_word(before: str, after: str) -> bool:
    """Whether a word goes on from the one character to the other, where words are parted by spaces."""
    return before.isalnum() and after.isalnum() and not _SPACELESS.match(before) and not _SPACELESS.match(after)


def _is_most(start: int, end: int, span: Span) -> bool:
    """Whether characters start to end are more than half of the span."""
    return min(end, span.end) - max(start, span.start) > (span.end - span.start) / 2


def _whole_name(span: Span) -> Span:
    """The span with the rest of the name that it is a part of: "Stoltenberg" to "Jens Stoltenberg"."""
    for name in facts_of(span.article, span.sentence).names:
        if name.start <= span.start and span.end <= name.end and name.start > span.sentence.start:
            return Span(span.hit, name.start, name.end)
    return span


def _repeats(question: str, words: str) -> bool:
    """Whether the words say nothing that the question does not; a name may be spelt otherwise."""
    known, sounds = set(re.findall(r"\w+", folded(question))), names_of(question)
    said = re.findall(r"\w+", words)
    return all(folded(word) in known or (names_of(word) and names_of(word) <= sounds) for word in said)
