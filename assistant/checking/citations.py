"""Which sentence supports which statement, decided and verified by code."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from assistant.answers import Citation, Span, Statement
from assistant.calibration import calibration
from assistant.checking.statements import says_otherwise
from assistant.facts.dates import dates_in
from assistant.facts.names import is_named, openers
from assistant.facts.pieces import NAME
from assistant.facts.places import places_in
from assistant.facts.quantities import loses_multiple, multiple_or_unit
from assistant.facts.roles import unknown_roles
from index import lexicon
from index.articles import Article
from index.hits import Hit
from index.languages.words import language as words_of
from index.models.embedding import Embedding

# A written sentence is looked up among this many of the best hits: what the writer was shown.
SUPPORTS = 8
VALUE_WORDS = 5  # at most, of an answer that is a value and no sentence
# A sentence that shares the statement's numbers is preferred to one that is this much more similar.
NUMBER_BONUS = 0.2


def cite(
    sentences: Sequence[str], span: Span | None, hits: Sequence[Hit], embedding: Embedding, language: str = ""
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The written sentences that a stored sentence supports, and those stored sentences as citations.

    Where their `language` is known, one that leaves out its source's denial, doubt or speaker is left out too.

    Citations are numbered in the order in which the statements need them. A sentence that is like no stored one, or has
    a number that its support does not, or not that many thousands or millions, or a name or somebody's title that the
    article does not, is left out.
    """
    supports = list(hits[:SUPPORTS])
    anchor = None if span is None else _sentence_at(span)
    if anchor is not None and not any(_same_place(anchor, hit) for hit in supports):
        supports.append(anchor)
    statements: list[Statement] = []
    citations: dict[tuple[str, int], Citation] = {}
    for text, support in zip(sentences, _best_supports(sentences, anchor, supports, embedding, language), strict=True):
        if support is None:
            continue
        key = (support.article.id, support.sentence.start)
        if key not in citations:
            citations[key] = _citation(len(citations) + 1, support)
        statements.append(Statement(text, (citations[key].number,)))
    return tuple(statements), tuple(citations.values())


def quotation(span: Span | None, hits: Sequence[Hit]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The sentence that holds the span, by default the best hit's, as a statement of its own, cited."""
    hit = (span and _sentence_at(span)) or hits[0]
    return (Statement(hit.text, (1,)),), (_citation(1, hit),)


def _best_supports(
    sentences: Sequence[str], anchor: Hit | None, supports: Sequence[Hit], embedding: Embedding, language: str
) -> list[Hit | None]:
    """For each written sentence the hit that supports it best, None when none is like it and has what it names."""
    verbatim = {hit.text: hit for hit in reversed(supports)}
    if all(sentence in verbatim for sentence in sentences):
        return [verbatim[sentence] for sentence in sentences]
    least = calibration(embedding.model_name).supports
    vectors = embedding.embed_texts([*sentences, *(hit.text for hit in supports)])
    written, stored = vectors[: len(sentences)], vectors[len(sentences) :]
    anchored = [anchor is not None and _same_place(anchor, hit) for hit in supports]
    chosen: list[Hit | None] = []
    for sentence, similarities in zip(sentences, written @ stored.T, strict=True):
        wanted = numbers(sentence)
        candidates = [
            (similarity + (NUMBER_BONUS if wanted else 0) + (NUMBER_BONUS if is_anchor else 0), hit)
            for similarity, hit, is_anchor in zip(similarities, supports, anchored, strict=True)
            if (similarity >= least or (is_anchor and _is_value(sentence)))
            and wanted <= _known_numbers(hit)
            and not loses_multiple(sentence, hit.text)
            and not unknown_names(sentence, hit.article)
            and not unknown_roles(sentence, f"{hit.article.title}\n{hit.article.text}")
            and not (language and says_otherwise(sentence, language, hit))
        ]
        chosen.append(max(candidates, key=lambda pair: float(pair[0]))[1] if candidates else None)
    return chosen


def _is_value(sentence: str) -> bool:
    """Whether it says no more than a number or a place, which is looked up in the source, and is like no sentence."""
    return len(sentence.split()) <= VALUE_WORDS and bool(numbers(sentence) or any(places_in(sentence)))


def numbers(text: str) -> frozenset[str]:
    """The numbers written in digits, without leading zeros and without grouping: "1.250 / 07" -> 1250, 7."""
    folded = unicodedata.normalize("NFKC", text)
    grouped = re.sub(r"(?<=\d)[.,'’   ](?=\d{3}(?!\d))", "", folded)
    return frozenset(number.lstrip("0") or "0" for number in re.findall(r"\d+", grouped))


def unknown_names(text: str, article: Article, least_words: int = 2) -> list[str]:
    """The places, and the names of `least_words` or more, that the text has and the article does not.

    A place may have its name in another language, a name any spelling that sounds alike. By default a single word
    with a capital letter is let through: it may be a word of the language.
    """
    known_text = f"{article.title}\n{article.text}"
    places = list(places_in(text))
    known_places = {place.code for place in places_in(known_text)} if places else set()
    unknown = [text[place.start : place.end] for place in places if place.code not in known_places]
    inside_places = {at for place in places for at in range(place.start, place.end)}
    for name in re.finditer(NAME, text):
        words = re.findall(r"[^\W\d_]+", name[0])
        if name.start() == 0 and (least_words == 1 or words[0].casefold() in openers()):
            del words[0]
        if len(words) < least_words or name.end() - 1 in inside_places or lexicon.is_calendar_word(words[-1]):
            continue
        if multiple_or_unit(words[-1]) is not None:  # "Millionen Euro"
            continue
        # "US" and "UE" are one thing and do not sound alike; so short a word tells nothing.
        if len(words[-1]) > 2 and not is_named(words[-1], known_text):
            unknown.append(name[0])
    return unknown


def takes_for_granted(question: str, article: Article, language: str) -> list[str]:
    """The names in the question that the article does not have: whoever asks about them may be mistaken.

    Where every noun has a capital letter, only places and names of several words can be told.
    """
    least_words = 2 if words_of(language).writing.nouns_have_capitals else 1
    parts = re.split(r"[(.?!¿¡]\s*", question)
    return [name for part in parts for name in unknown_names(part, article, least_words)]


def _known_numbers(hit: Hit) -> frozenset[str]:
    """The sentence's numbers, and those of its dates written whole: "on Wednesday" may become 26 January 2022."""
    days = [hit.article.published]
    for date in dates_in(hit.article, hit.sentence.start, hit.sentence.end):
        days += [date.first, date.last]
    known = numbers(hit.text)
    for day in days:
        known |= numbers(f"{day[:4]} {day[8:]}")  # the month is a word in a sentence
    # A year that the article names may be added to a day that it leaves without one.
    return known | frozenset(re.findall(r"\b(?:19|20)\d\d\b", hit.article.text))


def _sentence_at(span: Span) -> Hit | None:
    """The hit of the sentence, in the same passage, that the span lies in; None when it lies in no one sentence."""
    sentence = span.sentence
    is_inside = sentence.start <= span.start and span.end <= sentence.end
    return replace(span.hit, sentence=sentence) if is_inside else None


def _same_place(one: Hit, other: Hit) -> bool:
    return (one.article.id, one.sentence) == (other.article.id, other.sentence)


def cited(hit: Hit, citations: list[Citation]) -> Citation:
    """The citation of the hit's sentence, added to the list when it is not in it."""
    for one in citations:
        if (one.article, one.start) == (hit.article.id, hit.sentence.start):
            return one
    citations.append(_citation(len(citations) + 1, hit))
    return citations[-1]


def _citation(number: int, hit: Hit) -> Citation:
    return citation_of(number, hit.article, hit.sentence.start, hit.sentence.end)


def citation_of(number: int, article: Article, start: int, end: int) -> Citation:
    """Characters `start` to `end` of the article, cited under that number."""
    spot = article.spot_at(start)
    quote = article.text[start:end]
    where = (spot.page, spot.time, spot.recognised)
    return Citation(number, article.id, article.title, article.published, start, end, quote, *where)
