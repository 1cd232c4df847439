"""What one process keeps others from doing, on every system."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from filelock import FileLock, Timeout

try:
    import fcntl
except ModuleNotFoundError:  # on Windows, which lets nobody remove a file that is open
    SHARED_LOCKS = False
else:
    SHARED_LOCKS = True

logger = logging.getLogger(__name__)


@contextmanager
def alone(lock: Path, seconds: float = 1800) -> Iterator[None]:
    """Wait until no other process holds the lock; where none can be kept, or one hangs, go on without it."""
    held = FileLock(lock)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held.acquire(timeout=seconds)
    except (OSError, Timeout) as error:
        logger.info("no lock %s: %s", lock, error)
    try:
        yield
    finally:
        held.release()


def keep(file: TextIO) -> None:
    """Tell other processes that the file is read, as long as it is open."""
    if SHARED_LOCKS:
        fcntl.flock(file, fcntl.LOCK_SH)


def is_kept(path: Path) -> bool:
    """Whether some process has told that it reads the file."""
    try:
        # Not only to be read: over a network the lock would be refused.
        with path.open("r+", encoding="utf-8") as file:
            if SHARED_LOCKS:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
