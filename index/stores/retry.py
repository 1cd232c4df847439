"""How long a server for vectors is waited for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_exponential

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a server which is gone may take to come back, and that one which is there may take to reply."""

    back: float
    reply: float


CONNECT_SECONDS = 5.0
# A batch of a large store is written to the server's disk before it replies.
READING, WRITING = Patience(back=1.5, reply=30.0), Patience(back=30.0, reply=300.0)


def patiently(work: Callable[[], Made], patience: Patience, may_pass: Callable[[BaseException], bool]) -> Made:
    """What the work gives, which is tried again for a while after an error that may pass."""
    return Retrying(
        retry=retry_if_exception(may_pass),
        stop=stop_after_delay(patience.back),
        wait=wait_exponential(0.1, max=2),
        reraise=True,
    )(work)
