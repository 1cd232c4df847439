"""What different articles say the answer is, where they differ: days by the calendar, numbers by what they count.

How similar two sentences are does not tell whether they contradict each other. So what is compared is the value that
each gives to the question, and only where code is sure that both speak of the same thing. A difference that is none
is worse than one that is missed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answers import Account, Citation, Span
from assistant.calibration import calibration
from assistant.checking.asked import asked
from assistant.checking.citations import cited, numbers, takes_for_granted
from assistant.checking.claims import is_not_stated
from assistant.facts.dates import answer_date, dates_in
from assistant.facts.pieces import word_beginnings
from assistant.facts.quantities import Quantity, agree, quantities_in
from assistant.reading.findings import Finding, Words
from assistant.understanding.questions import asked_for, key_words
from index.hits import Hit
from index.models.embedding import Embedding

# Two days further apart are those of two events; so are two numbers whose events are.
SAME_EVENT_DAYS = {"date": 31, "number": 60}
# Two sentences of one language must share so many words besides the value; when the question is in another language,
# also so much of the shorter one.
LEAST_SHARED, SHARED = 2, 2 / 3
# Where the answer's own sentence holds no value, the first of so many hits that holds one stands for it.
FIRST_HITS = 5
# What is counted stands in so many words before a number and after it.
WORDS_BEFORE, WORDS_AFTER = 3, 3
MORE_BEFORE, MORE_AFTER = 4, 6
_BOUNDARY = r"[,;:.!?](?=\s|$)|\s[–—-]\s|[()«»“”„\"]"


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence's value: characters `start` to `end` of the hit's article, as a day or a quantity."""

    hit: Hit
    start: int
    end: int
    value: date | Quantity

    @property
    def about(self) -> str:
        """What the value is said of: the words nearest to a number in its clause, or all of a day's sentence."""
        return " ".join(self._around(WORDS_BEFORE, WORDS_AFTER))

    @property
    def context(self) -> frozenset[str]:
        """How the words of the sentence begin, without those that stand at other numbers."""
        sentence = self.hit.sentence
        words = word_beginnings(self.hit.article.text[sentence.start : sentence.end])
        if not isinstance(self.value, Quantity):
            return words
        others = [told for told in _values("number", self.hit) if told.start != self.start]
        return words.difference(*(word_beginnings(told.about) for told in others)) | word_beginnings(self.about)

    @property
    def phrase(self) -> str:
        """The same for an embedding, with more words, and any number in a number's place."""
        before, after = self._around(MORE_BEFORE, MORE_AFTER)
        return f"{before} {'7 ' if isinstance(self.value, Quantity) else ''}{after}"

    def _around(self, words_before: int, words_after: int) -> tuple[str, str]:
        text, sentence = self.hit.article.text, self.hit.sentence
        before, after = text[sentence.start : self.start], text[self.end : sentence.end]
        if not isinstance(self.value, Quantity):
            return before, after
        last, first = re.split(_BOUNDARY, before)[-1].split(), re.split(_BOUNDARY, after)[0].split()
        return " ".join(last[-words_before:]), " ".join(first[:words_after])

    @property
    def said(self) -> tuple[object, str]:
        """The value and its unit, wherever it stands."""
        return (self.value.value, self.value.unit) if isinstance(self.value, Quantity) else (self.value, "")

    def agrees(self, other: "_Told") -> bool:
        """Whether both values can be true at once."""
        if isinstance(self.value, Quantity) and isinstance(other.value, Quantity):
            return agree(self.value, other.value)
        return self.value == other.value


def accounts(
    question: str,
    language: str,
    span: Span | None,
    hits: Sequence[Hit],
    citations: Sequence[Citation],
    embedding: Embedding,
) -> tuple[tuple[Account, ...], tuple[Citation, ...]]:
    """The answer in the span and those of other articles that differ from it, newest first, none when none does.

    With them come all citations, the accounts' own added. Only questions for a day or a number are looked at.
    """
    kind = asked_for(question, language)
    own = None
    if span is not None and kind in SAME_EVENT_DAYS:
        own = _answered(kind, span) or _nearest(question, language, kind, hits)
    if own is None or not _is_stated(question, language, own):
        return (), tuple(citations)
    groups = [[own]]
    for other in _others(question, language, kind, own, hits, embedding):
        same = next((group for group in groups if group[0].said == other.said), None)
        if same:
            same.append(other)
        elif not any(group[0].agrees(other) for group in groups):
            groups.append([other])
    if len(groups) == 1:
        return (), tuple(citations)
    every = list(citations)
    found = []
    for group in groups:
        newest = max(group, key=lambda told: told.hit.article.published) if group[0] is not own else own
        place = cited(newest.hit, every)
        article = newest.hit.article
        also_in = dict.fromkeys(one for told in group for one in (told.hit.article.id, *told.hit.also_in))
        also_in.pop(article.id)
        value, day = article.text[newest.start : newest.end], newest.value
        iso = day.isoformat() if isinstance(day, date) else ""
        found.append(
            Account(
                value, iso, article.id, article.title, article.source, article.published, place.number, tuple(also_in)
            )
        )
    return tuple(sorted(found, key=lambda one: one.published, reverse=True)), tuple(every)


def _answered(kind: str, span: Span) -> _Told | None:
    """The value of the answer, None when the span holds none or several."""
    hit = replace(span.hit, sentence=span.sentence)
    is_whole = span.start <= hit.sentence.start and hit.sentence.end <= span.end
    values = _values(kind, hit, None if is_whole else span)
    return _only([told for told in values if told.start < span.end and span.start < told.end])


def _nearest(question: str, language: str, kind: str, hits: Sequence[Hit]) -> _Told | None:
    """The only value of the best sentence that has just one and whose article knows the question's names."""
    for hit in hits[:FIRST_HITS]:
        if (told := _only(list(_values(kind, hit)))) and not takes_for_granted(question, hit.article, language):
            return told
    return None


def _only(values: Sequence[_Told]) -> _Told | None:
    return values[0] if len(values) == 1 else None


def _values(kind: str, hit: Hit, answer: Span | None = None) -> Iterator[_Told]:
    start, end = hit.sentence.start, hit.sentence.end
    if kind == "date":
        for day in dates_in(hit.article, start, end):
            if day.iso:
                yield _Told(hit, day.start, day.end, date.fromisoformat(day.iso))
    else:
        every = quantities_in(hit.article, start, end)
        for one in every:
            in_digits = any(map(str.isdigit, hit.article.text[one.start : one.end]))
            answers = answer is not None and one.start < answer.end and answer.start < one.end
            # In words mostly what is small, of which a sentence has several: six hours, two guards.
            if in_digits or answers or len(every) == 1:
                yield _Told(hit, one.start, one.end, one)


def _others(
    question: str, language: str, kind: str, own: _Told, hits: Sequence[Hit], embedding: Embedding
) -> Iterator[_Told]:
    """Of each other article the value that its best sentence gives to the question, if one surely does."""
    seen = {own.hit.article.id}
    for hit in hits:
        if hit.article.id in seen or not _is_same_event(question, language, kind, own, hit):
            continue
        values = [
            told
            for told in _values(kind, hit)
            if _is_said_of_the_same(question, language, own, told) and _is_stated(question, language, told)
        ]
        if kind == "date" and len({told.value for told in _values(kind, hit)}) > 1:
            continue  # which of its days is meant?
        if values and (told := _most_alike(own, values, embedding)):
            seen.add(hit.article.id)
            yield told


def _is_stated(question: str, language: str, told: _Told) -> bool:
    """Whether its sentence says the value as a fact: no other article differs from what is denied, or planned."""
    finding = Finding(Span(told.hit, told.start, told.end), Words(told.hit.text), 0.0, False, 0)
    return is_not_stated(asked(question, language), finding) is None


def _is_same_event(question: str, language: str, kind: str, own: _Told, hit: Hit) -> bool:
    """Whether nothing says that the hit tells of something else: a name, a number of the question, or a day."""
    unknown = set(takes_for_granted(question, hit.article, language))
    if unknown - set(takes_for_granted(question, own.hit.article, language)):
        return False
    if (numbers(question) & numbers(own.hit.text)) - numbers(hit.text):
        return False
    if isinstance(own.value, date):
        days = [told.value for told in _values(kind, hit) if isinstance(told.value, date)]
        return any(abs((day - own.value).days) <= SAME_EVENT_DAYS[kind] for day in days)
    told, other = answer_date(own.hit.article, own.hit.sentence), answer_date(hit.article, hit.sentence)
    if told is None or other is None:
        return True
    first, last, other_first, other_last = map(date.fromisoformat, (told.first, told.last, other.first, other.last))
    return max((first - other_last).days, (other_first - last).days) <= SAME_EVENT_DAYS[kind]


def _is_said_of_the_same(question: str, language: str, own: _Told, other: _Told) -> bool:
    """Within a language, whether both share the words that matter; across languages the embedding tells."""
    units = {told.value.unit for told in (own, other) if isinstance(told.value, Quantity)}
    if len(units) > 1:
        return False
    spoken = own.hit.article.language
    if spoken != other.hit.article.language:
        return True
    ours, theirs = word_beginnings(own.about), word_beginnings(other.about)
    if spoken == language:
        wanted = key_words(question, language)
        if len(wanted & ours & theirs) < LEAST_SHARED:
            return False
        return wanted & ours <= other.context and wanted & theirs <= own.context
    shared = len(ours & theirs)
    return shared >= LEAST_SHARED and shared >= SHARED * min(len(ours), len(theirs))


def _most_alike(own: _Told, others: Sequence[_Told], embedding: Embedding) -> _Told | None:
    """The value that is said of what is most like what the answer's is; across languages of nothing less than that."""
    first, *vectors = embedding.embed_texts([told.phrase for told in (own, *others)])
    similarities = [float(first @ vector) for vector in vectors]
    best = max(range(len(others)), key=similarities.__getitem__)
    if own.hit.article.language == others[best].hit.article.language:
        return others[best]
    return others[best] if similarities[best] >= calibration(embedding.model_name).alike else None
