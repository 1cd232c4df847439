"""From a request and the sentences found for it to what the answer tells, by the kind of the question."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.belonging import Sure
from assistant.answering.comparison import Read, compared
from assistant.answering.latest import latest
from assistant.answering.lists import listed
from assistant.answering.overview import overview
from assistant.answering.parts import parted
from assistant.answering.reasons import reasons
from assistant.answering.repetition import Distinct
from assistant.answering.said import said
from assistant.answering.tellings import Telling
from assistant.checking.citations import takes_for_granted
from assistant.facts.dates import answer_date
from assistant.understanding.request import Request
from index.articles import Article
from index.hits import Hit
from index.languages.scripts import SENTENCE_ENDS
from index.languages.words import language
from index.lexicon import is_calendar_word, names_of

# Of the odds that are enough to answer from one sentence so many are for several to stand out of the crowd, and of an
# article that has all of the question's names so many. A name that no article of so many of the best hits has is not
# what they tell of.
LEAST_STANDING, LEAST_NAMED = 0.65, 0.2
NAMING_HITS = 10
# What no single sentence tells stands out less, and of why one does, whatever names the article has: of 28 developers'
# questions for why that have an answer, 7 stood between this and .82, and 6 of them were told rightly; of 4 without, 2.
LEAST_OF_SEVERAL, LEAST_OF_WHY, SEVERAL = 0.32, 0.5, frozenset({"comparison", "how", "latest", "list", "overview"})
# A name that more than this share of the articles found has does not tell them apart; of one story they are when they
# share so many others.
COMMON_NAME, STORY_NAMES, LONG_SOUND = 0.6, 3, 4


YEAR = re.compile(r"(?:19|20)\d\d$")
# A sentence has so many letters, and more where no full stop ends it, as none ends a headline.
LEAST_LETTERS, UNENDED_LETTERS = 12, 100
END = re.compile(rf"[{SENTENCE_ENDS}:;][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Means:
    """What composing may ask for: sentences for a part of a question, a reading of some, how surely those answer the
    whole, those that do not repeat."""

    search: Callable[[str], Sequence[Hit]]
    read: Read
    sure: Sure
    distinct: Distinct


def compose(request: Request, hits: Sequence[Hit], means: Means, answer_language: str) -> tuple[Telling, ...]:
    """What to tell, in order; `hits` are ranked in their context."""
    if request.kind in ("why", "how"):
        return reasons(hits)
    if request.kind == "list":
        return listed(hits, means.distinct, means.sure, answer_language)
    if request.kind == "overview":
        return overview(hits, means.distinct, answer_language)
    if request.kind == "said":
        return said(request.question, hits)
    if request.kind == "comparison":
        return compared(request.question, hits, means.read, means.sure, answer_language)
    if request.kind == "latest":
        return latest(hits, answer_language)
    return parted(request.parts, hits, means.search, means.read, answer_language)


def in_window(request: Request, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits that tell of a day in the question's window, or whose article is from one; all where it names none."""
    since, until = request.filters.since, request.filters.until
    if not since and not until:
        return tuple(hits)

    def lies_in(first: str, last: str) -> bool:
        return bool(last) and last >= since and (not until or first <= until)

    return tuple(
        hit
        for hit in hits
        if is_printed_in(request, hit.article)
        or ((day := answer_date(hit.article, hit.sentence)) and lies_in(day.first, day.last))
    )


def openings(request: Request, hits: Sequence[Hit], opening: Callable[[Article], Sequence[Hit]]) -> tuple[Hit, ...]:
    """Of each article printed in the question's window what it opens with, of others the best hit."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.id, hit)

    def opened(hit: Hit) -> Hit:
        first = telling(opening(hit.article)) if is_printed_in(request, hit.article) else ()
        return replace(first[0], rank_value=hit.rank_value) if first else hit

    return tuple(map(opened, best.values()))


def is_printed_in(request: Request, article: Article) -> bool:
    """Whether the article is from a day in the question's window."""
    since, until = request.filters.since, request.filters.until
    return bool(article.published) and article.published >= since and (not until or article.published <= until)


def about(request: Request, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits of articles that have a name of the question, and of others on the same story; all where none has one.

    Another language may have another name for it, and a short one sounds like too many others: of a story are also
    articles that share several rarer names with one that has it.
    """
    names = _names_in(hits)
    rarer = _rarer(names)
    asked = frozenset(name for name in named_in(request.question) if _is_long(name) or name[0] != "~")
    common = asked & frozenset().union(*names.values()) - rarer
    if common and language(request.language).writing.nouns_have_capitals:
        return tuple(hits)  # the others may be mere nouns
    having = {article for article, held in names.items() if held & asked & rarer}
    return _of_story(hits, names, having, STORY_NAMES) or tuple(hits)


def same_story(hits: Sequence[Hit], articles: Collection[str]) -> tuple[Hit, ...]:
    """The hits of these articles, and of others found with them that share a rarer name with one of them."""
    return _of_story(hits, _names_in(hits), articles, 1)


def _of_story(
    hits: Sequence[Hit], names: Mapping[str, frozenset[str]], articles: Collection[str], shared: int
) -> tuple[Hit, ...]:
    rarer = _rarer(names)
    known = [names[article] & rarer for article in articles if article in names]
    story = {
        article
        for article, held in names.items()
        if article in articles or any(sum(map(_is_long, held & other)) >= shared for other in known)
    }
    return tuple(hit for hit in hits if hit.article.id in story)


def _rarer(names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The names that tell some of the articles apart from the others."""
    counted = Counter(name for held in names.values() for name in held)
    return frozenset(name for name, count in counted.items() if count <= COMMON_NAME * len(names))


def telling(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits without headlines, bylines and datelines, which tell nothing by themselves; all where there is nothing
    else."""
    told = tuple(hit for hit in hits if _tells(hit.text))
    return told or tuple(hits)


def _tells(text: str) -> bool:
    if text.isupper():
        return False  # "MOSKAU/BERLIN."
    letters = sum(map(str.isalpha, text))
    return letters >= UNENDED_LETTERS or (letters >= LEAST_LETTERS and END.search(text.strip()) is not None)


def _is_long(name: str) -> bool:
    """Whether it is the sound of a name, and of so many consonants that hardly another word has it."""
    return name.startswith("~") and len(name) > LONG_SOUND


def _asked_names(question: str) -> frozenset[str]:
    """The names, numbers and months of the question, but for what opens it, which has a capital letter anyway."""
    return names_of(question.partition(" ")[2])


def named_in(question: str) -> frozenset[str]:
    """The names and numbers of the question without the days that it names, which are no part of a story.

    Of one without capital letters, all words that are like few others.
    """
    rest = question.partition(" ")[2]
    if question == question.lower():
        return frozenset(name for name in names_of(rest) if _is_long(name) or (name.isdigit() and not YEAR.match(name)))
    words = re.findall(r"\w+(?:-\w+)*", rest)
    kept = [word for word in words if _may_name(word)]
    return names_of(f"{' '.join(kept)} Aa aa")


def _may_name(word: str) -> bool:
    has_digit = any(map(str.isdigit, word))
    return (word[0].isupper() or has_digit) and not YEAR.match(word) and not is_calendar_word(word)


def _names_in(hits: Sequence[Hit]) -> dict[str, frozenset[str]]:
    """The names in each of the hits' articles."""
    articles = {hit.article.id: hit.article for hit in hits}
    return {name: names_of(f"{one.title} {one.text}") for name, one in articles.items()}


def is_told(request: Request, hits: Sequence[Hit], standing: float, enough: float) -> bool:
    """Whether the articles tell of what is asked, as far as the reading of them and the question's names say.

    `standing` is the best sentence's, and `enough` what a reader answers from.

    Only names of several words tell that something is not told: a single one may have another form, or be no name.
    """
    if _odds(standing) < _odds(enough) * _least(request, hits):
        return False
    if language(request.language).writing.nouns_have_capitals:
        return True
    unknown = [
        frozenset(name for name in takes_for_granted(request.question, article, request.language) if " " in name)
        for article in {hit.article.id: hit.article for hit in hits[:NAMING_HITS]}.values()
    ]
    return not frozenset.intersection(*unknown)


def _least(request: Request, hits: Sequence[Hit]) -> float:
    """The share of the odds for one sentence that is enough for an answer of this kind; all, where that is in doubt."""
    if request.may_be_fact:
        return 1.0
    if request.kind == "why":
        return LEAST_OF_WHY
    asked = _asked_names(request.question)
    if asked and any(asked <= held for held in _names_in(hits[:NAMING_HITS]).values()):
        return LEAST_NAMED
    return LEAST_OF_SEVERAL if request.kind in SEVERAL else LEAST_STANDING


def _odds(share: float) -> float:
    return share / max(1 - share, 1e-9)
