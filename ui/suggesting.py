"""Questions to offer, tried in the background, once a generation and language, or once an answer."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.answers import Turn
from assistant.assistant import Assistant
from assistant.opening import models_of
from assistant.suggestions.proposing import Proposal, Proposals, sampled
from assistant.suggestions.templates import is_spoken
from assistant.suggestions.trying import Bounds, tried
from index.errors import UserError
from ui.record import Record

# So many are offered to begin with, and below an answer, and so long is tried for them.
TO_BEGIN, BEGIN_SECONDS = 4, 45.0
TO_FOLLOW, FOLLOW_SECONDS = 2, 6.0
KEPT = 200  # offers that are remembered
# The embedding and the reader: what nothing is quoted without.
MODELS_NEEDED = 2

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Offer:
    """The questions that were tried and answered so far. One thread writes its fields, and any may read them."""

    found: tuple[Proposal, ...] = ()
    done: bool = False


class Suggesting:
    """The offers of one server. One question is tried at a time, and none while `is_busy` says that somebody asks."""

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._offers: dict[tuple[str, ...], Offer] = {}

    def to_begin(self, assistant: Assistant, language: str) -> Offer:
        """Questions in the language over the generation in use; not begun before the models are there."""
        generation = assistant.generation

        def found() -> Iterator[Proposal]:
            proposals = Proposals(sampled(generation, language), language, generation)
            return tried(proposals, assistant, Bounds(TO_BEGIN, BEGIN_SECONDS, self._is_busy))

        if not all(model.ready for model in models_of(assistant)[:MODELS_NEEDED]):
            return Offer()
        return self._offer(("begin", str(generation.path), language), found)

    def to_follow(self, assistant: Assistant, given: Record, history: tuple[Turn, ...]) -> Offer:
        """Questions that go on from the article that the answer cites first; `history` ends with that answer."""
        if not (given.answered and given.citations and is_spoken(given.language)):
            return Offer(done=True)
        generation = assistant.generation
        told = frozenset((one.article, one.start) for one in given.citations)

        def found() -> Iterator[Proposal]:
            article = generation.article(given.citations[0].article)
            proposals = Proposals((article,), given.language, generation)
            return tried(proposals, assistant, Bounds(TO_FOLLOW, FOLLOW_SECONDS, self._is_busy), history, told)

        return self._offer(("follow", str(generation.path), given.asked, given.question), found)

    def _offer(self, key: tuple[str, ...], found: Callable[[], Iterator[Proposal]]) -> Offer:
        """The offer of that key, begun unless it was."""
        with self._lock:
            if offer := self._offers.get(key):
                return offer
            while len(self._offers) >= KEPT:
                self._offers.pop(next(iter(self._offers)))
            offer = self._offers[key] = Offer()
        threading.Thread(target=self._fill, args=(offer, found), name="suggestions", daemon=True).start()
        return offer

    def _fill(self, offer: Offer, found: Callable[[], Iterator[Proposal]]) -> None:
        try:
            with self._one_at_a_time:
                for one in found():
                    offer.found = (*offer.found, one)
        except UserError as error:
            log.info("No questions could be tried: %s", error)
        except Exception:  # the thread's edge: without examples the page is whole
            log.exception("No questions could be tried")
        finally:
            offer.done = True
