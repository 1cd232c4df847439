"""When the steps of a question began and ended, noted for whoever wants to know (assistant/traces.py)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# By which a request is found again, in the log and in a trace.
request_id: ContextVar[str] = ContextVar("request_id", default="")


@dataclass(frozen=True, slots=True)
class Step:
    """One of them, in nanoseconds since 1970."""

    name: str
    began: int
    ended: int


_noted: ContextVar[list[Step] | None] = ContextVar("noted", default=None)


@contextmanager
def step(name: str) -> Iterator[None]:
    """What is done in the context is a step of that name."""
    began = time.time_ns()
    try:
        yield
    finally:
        if (noted := _noted.get()) is not None:
            noted.append(Step(name, began, time.time_ns()))


@contextmanager
def noting(steps: list[Step]) -> Iterator[None]:
    """Steps that end in the context, or in threads with a copy of it, are put into the list."""
    token = _noted.set(steps)
    try:
        yield
    finally:
        _noted.reset(token)
