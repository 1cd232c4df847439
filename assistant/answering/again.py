"""What an answer before is made into: what came after it, more of it, less of it, the articles that tell it."""

import re
from collections.abc import Collection, Sequence

from assistant.answering.choosing import Width, chosen
from assistant.answering.collection import alone, listed
from assistant.answering.composing import about, same_story, telling
from assistant.answering.context import in_context
from assistant.answering.models import Models
from assistant.answering.overview import overview
from assistant.answering.phrases import phrase
from assistant.answering.repetition import Distinct
from assistant.answering.tellings import Telling
from assistant.answers import Citation, Composed, Span
from assistant.facts.dates import answer_date
from assistant.facts.names import openers
from assistant.facts.pieces import NAME
from assistant.facts.places import places_in
from assistant.question import Question
from assistant.understanding.again import AFTER, ARTICLES, SHORTER, Again
from assistant.understanding.request import Request
from index.hits import Hit, HitPlace, place_of
from index.lexicon import is_calendar_word, names_of
from index.passages import Sentence

# A name of two words or more is somebody's; of one it may be anything.
NAME_WORDS = 2
# What tells of one story, of all that is found for a question about it.
ONE_STORY = Width(article=1.2, sentence=1.2, least=1, most=20)
WHOLE_STORY = Width(article=1.2, sentence=9.0, least=1, most=80)


def places_of(citations: Sequence[Citation]) -> frozenset[HitPlace]:
    """Where the cited sentences stand."""
    return frozenset((one.article, one.start, one.end) for one in citations)


def told_again(
    again: Again, before: Question, topic: str, hits: Sequence[Hit], told: Composed, models: Models
) -> tuple[Telling, ...]:
    """What is told this time of the question before and its topic, never the same as was `told`."""
    generation, answer_language = before.generation, before.answer_language
    places = places_of(told.citations)
    found = {place_of(hit): hit for hit in hits}
    cited = [
        found.get((one.article, one.start, one.end))
        or alone(generation.article(one.article), Sentence(one.start, one.end))
        for one in told.citations
    ]
    if again.wish == SHORTER:
        by_number = {one.number: hit for one in told.citations for hit in cited if place_of(hit) in places_of([one])}
        tellings = [
            Telling(one.text, tuple(by_number[number] for number in one.citations if number in by_number), one.role)
            for one in told.statements
        ]
        findings = models.reader.read(topic, before.language, cited[:1])
        return shorter(tellings, findings[0].span if findings else None)
    ranked = in_context(topic, hits, models.embedding, models.titles)
    if again.wish == ARTICLES:
        return telling_articles((*cited, *chosen(ranked, ONE_STORY)), answer_language)
    story = telling(about(Request(topic, before.language), (*cited, *chosen(ranked, WHOLE_STORY))))
    if again.wish == AFTER:
        articles = {one.article for one in told.citations}
        return afterwards((*cited, *same_story(story, articles)), places, models.distinct, answer_language)
    return more(story, places, models.distinct, answer_language)


def afterwards(
    hits: Sequence[Hit], told: Collection[HitPlace], distinct: Distinct, language: str
) -> tuple[Telling, ...]:
    """What the sentences say of days after all that was told; nothing when none does."""
    days = [day for hit in hits if place_of(hit) in told and (day := last_day(hit))]
    after = max(days, default="")
    later = [hit for hit in hits if place_of(hit) not in told and last_day(hit) > after]
    return overview(later, distinct, language) if later and after else ()


def more(hits: Sequence[Hit], told: Collection[HitPlace], distinct: Distinct, language: str) -> tuple[Telling, ...]:
    """What the sentences say besides what was told."""
    return overview([hit for hit in hits if place_of(hit) not in told], distinct, language)


def last_day(hit: Hit) -> str:
    """The ISO day that the sentence tells of, or the last of them, by default that of its article."""
    day = answer_date(hit.article, hit.sentence)
    return day.last if day else hit.article.published


def shorter(tellings: Sequence[Telling], span: Span | None) -> tuple[Telling, ...]:
    """The one telling that matters most: the words that answer, where an answer is one sentence; else a sentence."""
    told = [one for one in tellings if one.hits and one.role != "heading"]
    if not told:
        return ()
    if len(told) > 1:
        has_days = any(one.role == "heading" for one in tellings)
        return (told[-1] if has_days else told[0],)  # of what happened the newest
    if span and len(span.text) < len(told[0].text):
        return (Telling(span.text, told[0].hits, "value"),)
    return (told[0],)


def telling_articles(hits: Sequence[Hit], language: str) -> tuple[Telling, ...]:
    """The articles that tell it, each with its best sentence, newest first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.id, hit)
    newest = sorted(best.values(), key=lambda hit: hit.article.published, reverse=True)
    return (Telling(phrase("articles", language, count=len(newest)), role="value"), *listed(newest, language))


def somebody(tellings: Sequence[str], asked: str) -> str:
    """The first name of several words in what was told, or else in what was asked: whoever "he" may be."""
    for text in (*tellings, asked):
        for name in people_in(text):
            if names_of(name):
                return name
    return ""


def people_in(text: str) -> list[str]:
    """Names of several words in the text, in order, without what only opens a sentence or is a day."""
    placed = {at for place in places_in(text) for at in range(place.start, place.end)}
    names = [match for match in re.finditer(NAME, text) if match.end() - 1 not in placed]
    people = [[word for word in name[0].split() if not _is_no_name(word)] for name in names]
    return [" ".join(words) for words in people if len(words) >= NAME_WORDS]


def _is_no_name(word: str) -> bool:
    return is_calendar_word(word) or word.casefold() in openers()
