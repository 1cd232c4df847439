"""A rebuild, or a step back, that the page started, in a process of its own so that no question has to wait for it.

There is one at a time, however many press at once, and all of them see the same one.
"""

import os
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from index.children import command, environment
from index.errors import UserError
from index.rebuild import Status, read_status
from ui.exit_codes import PUBLISHED, SOME_SKIPPED

# Whoever asks meanwhile goes first.
PRIORITY = 10
# Rebuilds at once for what came in, of which all but one wait; the last of them will read whatever is there by then.
MOST_WAITING = 3


class Rebuild:
    """One run of `newsdesk index`, over the folder that the current index was made from."""

    def __init__(self, index_dir: Path, *options: str) -> None:
        self._reading = threading.Lock()
        self._messages = tempfile.TemporaryFile()  # noqa: SIM115 - read when the process has ended
        self._process = subprocess.Popen(
            command("ui.cli", "index", "--index-dir", str(index_dir), *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._messages,
            env=environment(),
        )
        if hasattr(os, "setpriority"):  # not on Windows
            os.setpriority(os.PRIO_PROCESS, self._process.pid, PRIORITY)

    @property
    def running(self) -> bool:
        """Whether the process is still at work."""
        return self._process.poll() is None

    def owns(self, status: Status) -> bool:
        """Whether the status was written by this rebuild."""
        return status.pid == self._process.pid

    def problem(self, status: Status | None) -> str:
        """Why nothing was published, "" when something was."""
        code = self._process.wait()
        if code in (PUBLISHED, SOME_SKIPPED):
            return ""
        if code == -getattr(signal, "SIGKILL", 0):
            return "The system ended the rebuild, most likely since memory ran out; the last whole index is in use."
        if status and self.owns(status) and status.error:
            return status.error
        with self._reading:
            self._messages.seek(0)
            lines = self._messages.read().decode(errors="replace").strip().splitlines()
        return (
            lines[-1].removeprefix("newsdesk: ")
            if lines
            else f"The rebuild ended with code {code}; the old index stays in use."
        )


class Rebuilds:
    """The rebuilds that a server's sessions start."""

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir
        self._starting = threading.Lock()
        self._last: Rebuild | None = None
        self._waiting: list[Rebuild] = []  # that read what came in, one after the other

    @property
    def running(self) -> Rebuild | None:
        """The one at work, if any."""
        return self._last if self._last and self._last.running else None

    @property
    def progress(self) -> Status | None:
        """How far the rebuild at work is, whichever process started it; None when none is."""
        status = read_status(self._index_dir)
        if running := self.running:
            return status if status and running.owns(status) else Status()
        return status if status and not status.finished else None

    def start(self, admin: bool, *options: str) -> Rebuild:
        """The one at work, or a new one; raises UserError when whoever starts it is no admin."""
        if not admin:
            raise UserError("Only an admin may rebuild the index or go back to the one before.")
        with self._starting:
            if self.running is None:
                self._last = Rebuild(self._index_dir, *options)
            assert self._last
            return self._last

    def take_in(self, editor: bool, folder: Path, *options: str) -> Rebuild:
        """One that reads the folder as it is now, when the one at work has ended; raises UserError for no editor."""
        if not editor:
            raise UserError("Only an editor may add articles, or remove them.")
        with self._starting:
            waiting = [one for one in self._waiting if one.running]
            if len(waiting) < MOST_WAITING:
                self._last = Rebuild(self._index_dir, str(folder), "--wait", *options)
                self._waiting = [*waiting, self._last]
            return self._waiting[-1]
