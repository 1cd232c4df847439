"""A line in front of something that serves only so many at once: first come, first served."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# How many are to be served before a place is; waits up to so many seconds for that to be 0.
Position = Callable[[float], int]


class Line:
    """A line whose first `at_once` places are served; one that is given up lets the next come up."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._places: list[object] = []
        self._moved = threading.Condition()

    def __len__(self) -> int:
        """How many are in the line, those being served among them."""
        return len(self._places)

    @contextmanager
    def join(self) -> Iterator[Position]:
        """A place at the end of the line, until the context ends."""
        place = object()

        def before(seconds: float) -> int:
            with self._moved:
                self._moved.wait_for(lambda: self._before(place) == 0, seconds)
                return self._before(place)

        with self._moved:
            self._places.append(place)
        try:
            yield before
        finally:
            with self._moved:
                self._places.remove(place)
                self._moved.notify_all()

    def _before(self, place: object) -> int:
        return max(self._places.index(place) + 1 - self.at_once, 0)
