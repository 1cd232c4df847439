"""How often somebody may ask."""

import math
import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0
# Callers of whom it is remembered when they came, before those who have been quiet for a minute are forgotten.
MOST_CALLERS = 10_000


class RateLimit:
    """So many requests of each caller in any sixty seconds."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._times: dict[str, deque[float]] = {}

    def enter(self, caller: str) -> int:
        """0 when the caller may enter, which counts, else the seconds until one more may."""
        now = self._clock()
        if len(self._times) >= MOST_CALLERS:
            self._times = {name: times for name, times in self._times.items() if times[-1] > now - MINUTE}
        times = self._times.setdefault(caller, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) >= self._per_minute:
            return max(1, math.ceil(times[0] + MINUTE - now))
        times.append(now)
        return 0
