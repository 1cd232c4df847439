"""How a reader that has much to do lets whoever waits for it know that it is still at work."""

from collections.abc import Callable
from contextvars import ContextVar


def _to_nobody() -> None:
    pass


at_work: ContextVar[Callable[[], None]] = ContextVar("at_work", default=_to_nobody)
