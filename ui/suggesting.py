"""Questions to offer, tried in the background, once a generation and language, or once an answer."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.answers import Turn
from assistant.assistant import Assistant
from assistant.opening import models_of
from assistant.suggestions.proposing import Proposal, Proposals, sampled
from assistant.suggestions.templates import is_spoken
from assistant.suggestions.trying import Bounds, tried
from index.articles import Article
from index.errors import UserError
from ui.kept_examples import KeptExamples
from ui.record import Record

# So many are offered to begin with, and below an answer, and so long is tried for them.
TO_BEGIN, BEGIN_SECONDS = 4, 45.0
TO_FOLLOW, FOLLOW_SECONDS = 2, 6.0
KEPT = 200  # offers that are remembered
# The embedding and the reader: what nothing is quoted without.
MODELS_NEEDED = 2

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offered:
    """A question that was answered, and the article that it was made from."""

    question: str
    article: Article


@dataclass(eq=False)
class Offer:
    """The questions that were tried and answered so far. One thread writes its fields, and any may read them."""

    found: tuple[Offered, ...] = ()
    done: bool = False


class Suggesting:
    """The offers of one server. One question is tried at a time, and none while `is_busy` says that somebody asks."""

    def __init__(self, is_busy: Callable[[], bool], index_dir: Path) -> None:
        self._is_busy = is_busy
        self._kept = KeptExamples(index_dir)
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._offers: dict[tuple[str, ...], Offer] = {}

    def to_begin(self, assistant: Assistant, language: str) -> Offer:
        """Questions in the language over the generation in use: those kept, or tried once the models are there."""
        generation = assistant.open_generation()
        key = ("begin", str(generation.path), language)

        def found() -> Iterator[Proposal]:
            proposals = Proposals(sampled(generation, language), language, generation)
            return tried(proposals, assistant, Bounds(TO_BEGIN, BEGIN_SECONDS, self._is_busy))

        def keep(offer: Offer) -> None:
            if offer.found:
                named = tuple((one.question, one.article.id) for one in offer.found)
                self._kept.keep(assistant, language, named)

        if kept := self._kept_offer(assistant, language, key):
            return kept
        if not all(model.ready for model in models_of(assistant)[:MODELS_NEEDED]):
            return Offer()
        return self._offer(key, found, keep)

    def _kept_offer(self, assistant: Assistant, language: str, key: tuple[str, ...]) -> Offer | None:
        """What was tried before the program was started, None where nothing is kept of it."""
        if key in self._offers:
            return None
        try:
            kept = self._kept.of(assistant, language)
            found = tuple(Offered(question, assistant.open_generation().article(article)) for question, article in kept)
        except UserError as error:
            logger.info("An example is of no article: %s", error)
            return None
        if not found:
            return None
        with self._lock:
            return self._offers.setdefault(key, Offer(found, done=True))

    def to_follow(self, assistant: Assistant, given: Record, history: tuple[Turn, ...]) -> Offer:
        """Questions that go on from the article that the answer cites first; `history` ends with that answer."""
        if not (given.answered and given.citations and is_spoken(given.language)):
            return Offer(done=True)
        generation = assistant.open_generation()
        told = frozenset((one.article, one.start) for one in given.citations)

        def found() -> Iterator[Proposal]:
            article = generation.article(given.citations[0].article)
            proposals = Proposals((article,), given.language, generation)
            return tried(proposals, assistant, Bounds(TO_FOLLOW, FOLLOW_SECONDS, self._is_busy), history, told)

        return self._offer(("follow", str(generation.path), given.asked, given.question), found)

    def _offer(
        self,
        key: tuple[str, ...],
        found: Callable[[], Iterator[Proposal]],
        keep: Callable[[Offer], None] = lambda _: None,
    ) -> Offer:
        """The offer of that key, begun unless it was; it is kept once all of it was tried."""
        with self._lock:
            if offer := self._offers.get(key):
                return offer
            while len(self._offers) >= KEPT:
                self._offers.pop(next(iter(self._offers)))
            offer = self._offers[key] = Offer()
        threading.Thread(target=self._fill, args=(offer, found, keep), name="suggestions", daemon=True).start()
        return offer

    def _fill(self, offer: Offer, found: Callable[[], Iterator[Proposal]], keep: Callable[[Offer], None]) -> None:
        try:
            with self._one_at_a_time:
                for one in found():
                    offer.found = (*offer.found, Offered(one.question, one.article))
            keep(offer)
        except UserError as error:
            logger.info("No questions could be tried: %s", error)
        except Exception:  # the thread's edge: without examples the page is whole
            logger.exception("No questions could be tried")
        finally:
            offer.done = True
