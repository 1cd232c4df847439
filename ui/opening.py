"""An assistant that is opened in the background, for all who ask it."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # takes seconds to import
    from assistant.assistant import Assistant


class Opening:
    """The assistant to come, or the error that kept it from opening."""

    def __init__(self, start: "Callable[[], Future[Assistant]]", retry_seconds: float = 0.0) -> None:
        """Where it could not be opened, it is tried again when asked for, but not sooner than after so long."""
        self._start = start
        self._retry_seconds = retry_seconds
        self._lock = Lock()
        self._future, self._began = start(), time.monotonic()

    @property
    def future(self) -> "Future[Assistant]":
        """As it is now."""
        return self._future

    def begin_anew(self, failed: "Future[Assistant]") -> None:
        """Open the assistant once more, unless that was begun since `failed`."""
        with self._lock:
            if self._future is failed:
                self._future, self._began = self._start(), time.monotonic()

    def tried_again(self) -> "Future[Assistant]":
        """The same, begun anew where it had failed."""
        with self._lock:
            waited = time.monotonic() - self._began >= self._retry_seconds
            if waited and self._future.done() and self._future.exception():
                self._future, self._began = self._start(), time.monotonic()
            return self._future
