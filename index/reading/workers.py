"""Files read in long-lived child processes: one that dies or hangs is replaced, and only its file is skipped."""

import json
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from index.articles import Article, Skipped
from index.children import command, environment
from index.reading.limits import MOST_ARTICLES, MOST_TOGETHER, within_limits
from index.reading.readers.kinds import is_archive
from index.reading.units import shown
from index.reading.worker import GROWTH_MEGABYTES, OUT_OF_MEMORY, UNIT_SECONDS

WORKERS = 2
# A second process pays from about so many short files on.
FILES_PER_WORKER = 32
REPLY_BYTES = 100_000_000
START_SECONDS = 60
# A file that is not read within so many times the seconds that it may take is left, however busy the machine is.
MOST_TIMES, LEAST_PAUSE = 10, 0.1
# Each file of an archive has its own limit; so many together would take hours.
ARCHIVE_SECONDS = 300
# Reasons that are kept of an archive until all of it was read, of which few are named then.
MOST_REASONS = 250_000


class Workers:
    """As many processes as the files are worth, each started when it is needed; they end with the `with` block."""

    def __init__(self, folder: Path, file_count: int, most: int = WORKERS) -> None:
        count = min(most, 1 + file_count // FILES_PER_WORKER)
        self._folder = folder
        self._threads = ThreadPoolExecutor(count)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            for worker in self._all:
                worker.kill()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def read(self, paths: Sequence[str]) -> list[list[Article | Skipped]]:
        """For each file, in this order, every article in it and what of it is none."""
        return list(self._threads.map(self._read, paths))

    def _read(self, path: str) -> list[Article | Skipped]:
        outcomes = self._read_all(path)
        return list(within_limits(path, outcomes)) if is_archive(path) else outcomes  # which each file in it was

    def _read_all(self, path: str) -> list[Article | Skipped]:
        outcomes: list[Article | Skipped] = []
        done = characters = 0
        deadline = time.monotonic() + ARCHIVE_SECONDS
        before = self._stamp(path)
        while True:
            worker, unit = self._take(), shown(path)
            try:
                for reply in worker.ask(path, done):
                    if isinstance(reply, str):
                        if done and time.monotonic() > deadline:
                            unit = shown(path)
                            raise _Lost(_TOO_LONG.format(count=done, seconds=ARCHIVE_SECONDS))
                        unit = reply
                        continue
                    outcomes += [_outcome(is_article, fields) for is_article, fields in reply]
                    done += 1
                    characters += sum(len(fields["text"]) for is_article, fields in reply if is_article)
                    if len(outcomes) > MOST_ARTICLES + MOST_REASONS or characters > MOST_TOGETHER:
                        unit = shown(path)
                        raise _Lost("it holds too much")
            except _Lost as reason:
                worker.kill()
                with self._lock:
                    self._all.remove(worker)
                outcomes.append(Skipped(unit, str(reason), again=True))
                done += 1
                if unit == shown(path):  # no archive, whose other files are left to be read
                    return outcomes
                if self._stamp(path) != before:  # its other files are not those that were counted
                    return [Skipped(shown(path), "it was replaced while it was read; rebuild again", again=True)]
            else:
                with self._lock:
                    self._idle.append(worker)
                return outcomes

    def _stamp(self, path: str) -> tuple[int, ...]:
        """Another one for every file that takes the place of this one."""
        try:
            status = (self._folder / path).lstat()
        except OSError:
            return ()
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

    def _take(self) -> "_Worker":
        with self._lock:
            if self._closed:
                raise RuntimeError("the rebuild has ended")
            if self._idle:
                return self._idle.pop()
            worker = _Worker(self._folder)
            self._all.add(worker)
            return worker


class _Lost(Exception):
    """Why a child process did not answer, as the reason for which its file is skipped."""


class _Worker:
    """One child process, and the connection to it."""

    def __init__(self, folder: Path) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                # A fresh interpreter, not a fork: it has neither the parent's models nor its threads.
                command("index.reading.worker", str(theirs.fileno()), str(folder)),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env=environment(OPENBLAS_NUM_THREADS="1"),
            )
        self._connection = Connection(ours.detach())
        with suppress(EOFError, OSError):
            if self._connection.poll(START_SECONDS) and self._connection.recv_bytes() == b"null":
                return
        self.kill()
        raise RuntimeError("no process for reading files could be started")

    def ask(self, path: str, done: int) -> Iterator[Any]:
        """The replies of index/reading/worker.py; raises _Lost when they stop."""
        try:
            self._connection.send_bytes(json.dumps([path, done]).encode())
            while self._is_heard():
                reply = json.loads(self._connection.recv_bytes(REPLY_BYTES))
                if reply is None:
                    return
                if reply is not True:
                    yield reply
            reason = f"reading it took over {UNIT_SECONDS} seconds"
        except (EOFError, OSError) as error:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1)
            reason = _reason(self._process.returncode) if isinstance(error, EOFError | ConnectionError) else _TOO_LARGE
        raise _Lost(reason)

    def _is_heard(self) -> bool:
        """Whether it says something within UNIT_SECONDS, not counting those in which it waits for a processor.

        On a machine that is busy with other things a small file may take minutes.
        """
        begun, waited, left = time.monotonic(), self._waited(), float(UNIT_SECONDS)
        while left > 0:
            if self._connection.poll(max(left, LEAST_PAUSE)):
                return True
            passed = time.monotonic() - begun
            left = min(UNIT_SECONDS + self._waited() - waited, MOST_TIMES * UNIT_SECONDS) - passed
        return False

    def _waited(self) -> float:
        """The seconds in which it could have gone on, had other programs left it a processor; 0 where nobody counts."""
        with suppress(OSError, ValueError, IndexError):
            return int(Path(f"/proc/{self._process.pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
        return 0.0

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()


_TOO_LONG = "only its first {count} files were read, which took over {seconds} seconds; unpack it"
_TOO_LARGE = f"it gives over {REPLY_BYTES // 1_000_000} MB of text"


def _reason(exit_code: int | None) -> str:
    if exit_code == OUT_OF_MEMORY:
        return f"reading it took over {GROWTH_MEGABYTES} MB of memory"
    if exit_code == -getattr(signal, "SIGXCPU", 0):
        return f"reading it took over {UNIT_SECONDS} seconds"
    name = signal.Signals(-exit_code).name if exit_code and exit_code < 0 else f"code {exit_code}"
    return f"its reader crashed ({name})"


def _outcome(is_article: bool, fields: dict[str, Any]) -> Article | Skipped:
    if not is_article:
        return Skipped(**fields)
    return Article(**{**fields, "page_starts": tuple(fields["page_starts"]), "also_in": tuple(fields["also_in"])})
