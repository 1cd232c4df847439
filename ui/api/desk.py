"""The questions that a server is asked at once: how many may be, how long each may take, and who has left."""

import logging
import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from assistant.answers import Answer, Event, Evidence, Turn
from assistant.assistant import Assistant
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from index.hits import Hit
from index.search import search
from ui.api import measures
from ui.api.measures import Measures
from ui.api.problems import Problem, internal_problem
from ui.opening import Opening

# An assistant that could not be opened is tried again when somebody asks, but not sooner than this.
RETRY_SECONDS = 5
# What an answer is taken to need until one has been given.
FIRST_GUESS_SECONDS = 5.0
# How much the latest answer counts in the mean time that an answer takes.
NEWEST = 0.2

Made = TypeVar("Made")
HasLeft = Callable[[], Awaitable[bool]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as `Assistant.stream` takes it."""

    question: str
    history: Sequence[Turn] = ()
    filters: Filters = field(default_factory=Filters)
    answer_language: str = ""


class Desk:
    """An assistant that is opened in the background, and those who ask it: at most so many, each for so long.

    Who waits for the language model waits in the assistant's own line, and holds a place here meanwhile.
    """

    def __init__(self, start_opening: Callable[[], Future[Assistant]], places: int, seconds: float) -> None:
        self.measures = Measures()
        self.measures.watch("questions_open", "Questions being answered or waiting for it.", lambda: self._taken)
        self._opening = Opening(start_opening, RETRY_SECONDS)
        self._places = places
        self._seconds = seconds
        self._taken = 0
        self._mean_seconds = FIRST_GUESS_SECONDS
        self._threads = CapacityLimiter(places)

    @property
    def assistant(self) -> Assistant:
        """The assistant; raises Problem while it is being opened, and when it cannot be."""
        opening = self._opening.tried_again()
        if not opening.done():
            wait = f"The models are being loaded, try again in {RETRY_SECONDS} s."
            raise Problem(503, "loading", wait, RETRY_SECONDS)
        try:
            return opening.result()
        except UserError as error:
            raise _unusable(error) from error
        except Exception as error:
            logger.exception("The assistant could not be opened")
            raise internal_problem() from error

    def open_generation(self) -> Generation:
        """The generation in use, which may take seconds to open; raises Problem when there is none."""
        try:
            return self.assistant.open_generation()
        except UserError as error:
            raise _unusable(error) from error

    async def answer(self, asked: Asked, has_left: HasLeft) -> Answer:
        """The finished answer; raises what `events` raises, and Problem when whoever asked has left."""
        async with aclosing(self.events(asked, has_left)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    return event
        raise Problem(499, "left", "Whoever asked has left.")

    async def events(self, asked: Asked, has_left: HasLeft) -> AsyncGenerator[Event, None]:
        """The events of `Assistant.stream`; they end without an answer when whoever asked has left.

        Closing them stops the answerer. Raises Problem when too many are asking, when the answer takes too long, and
        when the index cannot be searched.
        """
        assistant = self.assistant
        began, outcome = time.monotonic(), measures.LEFT
        with self._place():
            stream = assistant.stream(asked.question, asked.history, asked.filters, asked.answer_language)
            try:
                while not await has_left():
                    event = await self._in_thread(lambda: next(stream, None))
                    taken = time.monotonic() - began
                    if isinstance(event, Evidence):
                        self.measures.time_evidence(taken)
                    elif isinstance(event, Answer):
                        self.measures.time_answer(taken)
                        outcome = measures.ANSWERED if event.answered else measures.NOT_ANSWERED
                    elif event is None:
                        return
                    elif taken > self._seconds:
                        outcome = measures.LATE
                        raise Problem(504, "late", f"There was no answer within {self._seconds:g} s.", self._wait())
                    yield event
            except UserError as error:
                outcome = measures.FAILED
                raise _unusable(error) from error
            except Problem:
                raise
            except Exception as error:
                outcome = measures.FAILED
                logger.exception("A question could not be answered")
                raise internal_problem() from error
            finally:
                stream.close()
                self.measures.count(outcome)

    async def search(self, query: str, filters: Filters, top: int) -> tuple[Sequence[Hit], str]:
        """The `top` best hits, and the name of the generation that they are from; raises Problem as `events` does."""

        def found(assistant: Assistant) -> tuple[Sequence[Hit], str]:
            generation = assistant.open_generation()
            return search(query, generation, assistant.embedding, top, filters), generation.name

        return await self.work(found)

    async def work(self, work: Callable[[Assistant], Made]) -> Made:
        """What the work makes of the assistant, in one of the places; raises Problem as `events` does."""

        def done() -> Made:
            try:
                return work(self.assistant)
            except UserError as error:
                raise _unusable(error) from error

        with self._place():
            return await self._in_thread(done)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places, until the context ends; raises Problem when all are taken."""
        if self._taken >= self._places:
            self.measures.count(measures.BUSY)
            raise Problem(503, "busy", f"newsdesk is busy, try again in {self._wait()} s.", self._wait())
        began = time.monotonic()
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
            self._mean_seconds += NEWEST * (time.monotonic() - began - self._mean_seconds)

    def _wait(self) -> int:
        """Seconds until the next place is free: what all those taken need, on average, shared out among them."""
        return max(1, math.ceil(self._mean_seconds / self._places))

    async def _in_thread(self, work: Callable[[], Made]) -> Made:
        return await to_thread.run_sync(work, limiter=self._threads)


def _unusable(error: UserError) -> Problem:
    """What is told of an index or a model that cannot be used; the sentence itself, which may name paths, is logged."""
    logger.warning("%s", error)
    return Problem(
        503,
        "unusable",
        "The articles cannot be searched now, since the index or a model is missing or damaged, or the index server "
        "does not answer. The server's log says which, and `newsdesk doctor` what to do.",
        RETRY_SECONDS,
    )
