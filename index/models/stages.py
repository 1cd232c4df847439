"""How far a model is that is made ready for use, told to whoever waits for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done to a model, and which of how many steps of it; `total` is 0 where nobody can tell."""

    doing: Literal["loading", "converting", "trying"]
    number: int = 0  # from 1
    total: int = 0


LOADING = Stage("loading")
Hear = Callable[[Stage], None]

_hearing: ContextVar[Hear | None] = ContextVar("hearing", default=None)
_stage: ContextVar[Stage] = ContextVar("stage", default=LOADING)


@contextmanager
def heard(hear: Hear) -> Iterator[None]:
    """Who hears of every stage that begins in the context, and first that loading does."""
    token = _hearing.set(hear)
    try:
        hear(LOADING)
        yield
    finally:
        _hearing.reset(token)


@contextmanager
def stage(doing: Literal["converting", "trying"], number: int = 0, total: int = 0) -> Iterator[None]:
    """What is done in the context is this stage; afterwards the one before goes on."""
    token = _stage.set(Stage(doing, number, total))
    try:
        _tell()
        yield
    finally:
        _stage.reset(token)
        _tell()


def _tell() -> None:
    if hear := _hearing.get():
        hear(_stage.get())
