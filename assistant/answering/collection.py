"""What the collection itself holds, counted by code: articles, outlets, authors, languages, days."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from babel.dates import format_date

from assistant.answering.phrases import phrase
from assistant.answering.tellings import Telling
from assistant.understanding.request import Request
from index import lexicon
from index.articles import Article
from index.filters import Filters
from index.generations.generation import Generation, StoredPassage
from index.hits import Hit
from index.languages.cldr import day_first, locale_of
from index.passages import Passage, Sentence
from index.splitting.sentences import split_sentences

# Passages that are read to see whether they name the subject; a name in more than so many is no help to anybody.
MOST_PASSAGES = 5_000
LISTED = 10
# Of a word that may have endings: so many last letters may differ, and so many first ones may not.
ENDING, BEGINNING = 2, 4
# A headline or where a report comes from may stand before what an article opens with.
OPENING_SENTENCES = 5


def of_the_collection(
    request: Request, generation: Generation, language: str, filters: Filters | None
) -> tuple[Telling, ...]:
    """The answer to a question about the collection, in the language; `filters` narrow it down besides the question."""
    narrowed = request.filters.both(filters or Filters())
    listing = [
        one for one in generation.articles() if _lets_through(narrowed, one) and request.author in ("", one.author)
    ]
    if request.subject:
        found = mentions(request, generation, {one.id for one in listing})
        subject = " ".join(request.subject)
        if not found and (request.names_subject or not request.about):
            return (Telling(phrase("none_mentions", language, subject=subject), role="value"),)
        first = Telling(phrase("mentions", language, subject=subject, count=len(found)), role="value")
        if not request.about:
            return (first, *listed(found, language))
        if found:
            naming = {hit.article.id for hit in found}
            mentioning = [one for one in listing if one.id in naming]
            return (first, *_about(request.about, mentioning, generation, language))
    if request.about:
        return _about(request.about, listing, generation, language)
    if not listing:
        return (Telling(phrase("none", language), role="value"),)
    total = Telling(phrase("articles", language, count=len(listing)), role="value")
    return (total, *_titles(listing, language)) if narrowed or request.author else (total,)


def _about(about: str, listing: Sequence[Article], generation: Generation, language: str) -> tuple[Telling, ...]:
    """What is asked of these articles: which is the newest, which outlets they are from, and the like."""
    if about in ("newest", "oldest"):
        return _newest_or_oldest(about, listing, generation, language)
    if about != "days":
        return _names_of(about, listing, language)
    dated = sorted(one.published for one in listing if one.published)
    if not dated:
        return (Telling(phrase("none", language), role="value"),)
    told = phrase("days", language, first=_day(dated[0], language), last=_day(dated[-1], language))
    return (Telling(told, role="value"),)


def mentions(request: Request, generation: Generation, among: Iterable[str]) -> tuple[Hit, ...]:
    """Of each article `among` these that names every word of the subject, the first sentence that names one.

    The newest article comes first.
    """
    allowed = set(among)
    naming: dict[str, dict[str, Hit]] = {}
    spoken = {request.language, *(one.language for one in generation.articles())}
    for word in request.subject:
        terms = {*lexicon.names_of(word), *(term for code in spoken for term in lexicon.words_of(word, code))}
        numbers = {number for term in terms for number in generation.worded({term: 1}, MOST_PASSAGES, Filters())}
        for passage in generation.passages(sorted(numbers)):
            hit = _naming(word, passage)
            if hit and passage.article.id in allowed:
                naming.setdefault(passage.article.id, {}).setdefault(word, hit)
    every = [found for found in naming.values() if len(found) == len(request.subject)]
    newest = sorted(every, key=lambda found: found[request.subject[0]].article.published, reverse=True)
    return tuple(found[request.subject[0]] for found in newest)


def _naming(word: str, passage: StoredPassage) -> Hit | None:
    """The first sentence of the passage that has the word in some form or script."""
    text = passage.article.text
    for sentence in passage.passage.sentences:
        if any(is_form_of(one, word) for one in re.findall(r"\w+", text[sentence.start : sentence.end])):
            return Hit(passage.article, passage.passage, sentence, 0.0, 0.0, passage.article.also_in)
    return None


def is_form_of(one: str, word: str) -> bool:
    """Whether both are the same name or word: with another ending, or in another script the same sound."""
    if any(letter.isdigit() for letter in word):
        return lexicon.folded(one) == lexicon.folded(word)
    if one[0].isascii() == word[0].isascii():
        kept = max(BEGINNING, len(word) - ENDING)
        mine, other = lexicon.folded(word), lexicon.folded(one)
        return mine[:kept] == other[:kept] and abs(len(mine) - len(other)) <= ENDING + 1
    return one[0].isupper() and lexicon.sound_of(one) == lexicon.sound_of(word)


def _newest_or_oldest(
    about: str, listing: Sequence[Article], generation: Generation, language: str
) -> tuple[Telling, ...]:
    dated = [one for one in listing if one.published]
    if not dated:
        return (Telling(phrase("none", language), role="value"),)
    chosen = (
        max(dated, key=lambda one: one.published) if about == "newest" else min(dated, key=lambda one: one.published)
    )
    told = phrase(about, language, title=chosen.title, day=_day(chosen.published, language))
    return (Telling(told, opening(generation, chosen)[:1], "value"),)


def opening(generation: Generation, article: Article) -> tuple[Hit, ...]:
    """The article's first sentences, as hits."""
    whole = generation.article(article.id)
    first = islice(split_sentences(whole.text, whole.language), OPENING_SENTENCES)
    return tuple(alone(whole, Sentence(one.start, one.end)) for one in first)


def alone(article: Article, sentence: Sentence) -> Hit:
    """The sentence as a hit of a passage of its own."""
    text = article.text[sentence.start : sentence.end]
    return Hit(article, Passage("", article.id, sentence.start, sentence.end, text, (sentence,)), sentence, 0.0)


def _names_of(about: str, listing: Sequence[Article], language: str) -> tuple[Telling, ...]:
    """The outlets, authors or languages of the articles, those of most articles first."""
    counts: dict[str, int] = {}
    for article in listing:
        if value := _field(about, article, language):
            counts[value] = counts.get(value, 0) + 1
    if not counts:
        return (Telling(phrase("none", language), role="value"),)
    names = ", ".join(f"{name} ({counts[name]})" for name in sorted(counts, key=lambda name: (-counts[name], name)))
    return (Telling(phrase(about, language, names=names), role="value"),)


def _field(about: str, article: Article, language: str) -> str:
    if about == "outlets":
        return article.source
    return article.author if about == "authors" else _language_name(article.language, language)


def listed(hits: Sequence[Hit], language: str) -> tuple[Telling, ...]:
    """A line an article with the sentence that names the subject, and how many more there are."""
    lines = [Telling(_line(hit.article, language), (hit,), "item") for hit in hits[:LISTED]]
    more = len(hits) - LISTED
    return (*lines, Telling(phrase("more", language, count=more), role="note")) if more > 0 else tuple(lines)


def _titles(listing: Sequence[Article], language: str) -> tuple[Telling, ...]:
    lines = [Telling(_line(one, language), role="item") for one in listing[:LISTED]]
    more = len(listing) - LISTED
    return (*lines, Telling(phrase("more", language, count=more), role="note")) if more > 0 else tuple(lines)


def _line(article: Article, language: str) -> str:
    day = _day(article.published, language) if article.published else ""
    return ", ".join(filter(None, (article.title, article.source, day)))


def _lets_through(filters: Filters, article: Article) -> bool:
    return filters.lets_through(article.published, article.source, article.language, article.author, article.id)


def _day(iso: str, language: str) -> str:
    return format_date(date.fromisoformat(iso), "long", day_first(language))


def _language_name(code: str, language: str) -> str:
    locale = locale_of(language)
    return str(locale.languages.get(code, code)) if locale else code
