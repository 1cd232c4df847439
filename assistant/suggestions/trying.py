"""Which proposed questions the assistant answers, and with what they were made from."""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice

from assistant.answering.said import OWN_WORDS
from assistant.answers import Answer, Citation, Composed, Turn
from assistant.assistant import Assistant
from assistant.facts.dates import answer_date
from assistant.facts.names import is_named
from assistant.facts.places import places_in
from assistant.facts.quantities import quantities_in
from assistant.facts.wording import has
from assistant.lookup.lookup import Found
from assistant.lookup.names import said_by
from assistant.suggestions.proposing import FOLLOWING, KINDS, Proposal, Proposals
from index.articles import Article
from index.errors import UserError
from index.generations.generation import Generation
from index.languages.words import language as words_of
from index.passages import Sentence

# So many of a kind are tried before it is given up.
TRIES_A_KIND = 4
PAUSE_SECONDS = 0.25
# These want several sentences; of the last, one alone tells too little.
COMPOSED_KINDS = ("day", "latest", "about")
LEAST_ABOUT = 2
# Of the sentences that an answer cites, so many are of what was asked.
LEAST_FITTING = 0.75

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many questions are wanted, and for how many seconds may be tried, waiting apart.

    Nothing is tried while somebody asks, who goes first.
    """

    most: int
    seconds: float
    is_busy: Callable[[], bool] = lambda: False


def tried(
    proposals: Proposals,
    assistant: Assistant,
    bounds: Bounds,
    history: Sequence[Turn] = (),
    told: Collection[tuple[str, int]] = (),
) -> Iterator[Proposal]:
    """Proposals that were answered with their fact, each of another kind and article.

    With a `history` they follow an answer: one article does, and what stands where it has `told` is not asked.
    """
    left, used = bounds.seconds, set[str]()
    asked = {turn.question for turn in history}
    found = 0
    for kind in FOLLOWING if history else KINDS:
        fresh = (
            one
            for one in proposals.of(kind)
            if one.question not in asked
            and (one.article.id, one.sentence.start) not in told
            and used.isdisjoint({one.name} if history else {one.article.id, one.name})
        )
        for one in islice(fresh, TRIES_A_KIND):
            stands: bool | None = None  # until it was tried with nobody asking meanwhile
            while stands is None:
                while bounds.is_busy():
                    time.sleep(PAUSE_SECONDS)
                if found == bounds.most or left <= 0:
                    return
                began = time.monotonic()
                stands = _is_answered(one, assistant, history, partial(_is_over, began + left, bounds)) or None
                left -= time.monotonic() - began
                if stands is None and not bounds.is_busy():
                    stands = False
            if stands:
                used |= {one.article.id, one.name} - {""}
                found += 1
                yield one
                break


def _is_over(until: float, bounds: Bounds) -> bool:
    return time.monotonic() > until or bounds.is_busy()


def _is_answered(one: Proposal, assistant: Assistant, history: Sequence[Turn], is_over: Callable[[], bool]) -> bool:
    """Whether asking it gives an answer that tells the fact, before that is over."""
    generation = assistant.open_generation()
    try:
        with closing(assistant.stream(one.question, history)) as events:
            for event in events:
                # What is composed is as it will be: only its wording is still to come.
                if isinstance(event, Composed):
                    return tells(one, event.citations, "", "", generation)
                if isinstance(event, Answer):
                    told = event.answered and not event.accounts and one.kind not in COMPOSED_KINDS
                    return told and tells(one, event.citations, event.short_answer, event.answer_date, generation)
                if is_over():
                    return False
    except UserError as error:
        logger.info("A question to offer could not be tried: %s", error)
    return False


def tells(
    one: Proposal, citations: Sequence[Citation], short_answer: str, answer_day: str, generation: Generation
) -> bool:
    """Whether an answer with these citations and few words tells what the question was made from."""
    if len(citations) < (LEAST_ABOUT if one.kind == "about" else 1):
        return False
    if one.kind in ("how_many", "when", "who"):
        return any(_is_of(cited, one.article, one.sentence) for cited in citations) and _is_fact(
            one, short_answer, answer_day
        )
    fitting = [_fits(one, cited, generation) for cited in citations]
    return fitting[0] and sum(fitting) >= LEAST_FITTING * len(fitting)


def _is_fact(one: Proposal, short_answer: str, answer_day: str) -> bool:
    """Whether the few words are the number, the day or the name."""
    if one.number is not None:
        said = Article("", "", short_answer, one.article.published, one.article.language)
        return any(found.value == one.number.value for found in quantities_in(said, 0, len(short_answer)))
    if one.kind == "when":
        return one.day == answer_day
    return is_named(one.name.split()[-1], short_answer)


def _fits(one: Proposal, cited: Citation, generation: Generation) -> bool:
    """Whether the sentence cited is of the day, the place, or the name."""
    article = generation.article(cited.article)
    if one.kind == "day":
        told = answer_date(article, Sentence(cited.start, cited.end))
        return told is not None and told.iso == one.day
    if one.kind in ("latest", "place") and cited.number == 1 and cited.article != one.article.id:
        return False
    if one.kind == "place":
        return not _places(one.name).isdisjoint(_places(cited.quote))
    if one.kind == "said":
        # What is told first has the words themselves, right beside the name.
        whole = Found(article, cited.start, cited.end, cited.quote, (), 0.0)
        if not (said_by(one.name, [whole], generation) if cited.number == 1 else _is_speech(cited.quote, article)):
            return False
    return is_named(one.name.split()[-1], cited.quote)


def _places(text: str) -> set[str]:
    return {one.code for one in places_in(text)}


def _is_speech(text: str, article: Article) -> bool:
    spoken = words_of(article.language)
    return bool(OWN_WORDS.search(text)) or has(text, spoken.claims.said, spoken)


def _is_of(cited: Citation, article: Article, sentence: Sentence) -> bool:
    return cited.article == article.id and cited.start < sentence.end and sentence.start < cited.end
