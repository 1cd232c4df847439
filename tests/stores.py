"""Servers for vectors, on loopback, each with a folder of its own, for as long as a test needs them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 30


class ChromaProcess:
    """Chroma's own server; its folder outlives it, as a disk would."""

    def __init__(self, scratch: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = int(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self._port}"
        self._scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, or begin again, and wait until it answers."""
        command = [sys.executable, "-c", "from chromadb.cli.cli import app; app()", "run", "--host", "127.0.0.1"]
        with (self._scratch / "chroma.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--port", str(self._port), "--path", str(self._scratch / "chroma")],
                env={**os.environ, "ANONYMIZED_TELEMETRY": "False"},
                cwd=self._scratch,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, (self._scratch / "chroma.log").read_text()
            assert time.monotonic() < until, "Chroma's server does not start"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/api/v2/heartbeat", timeout=1):
                return True
        except (URLError, OSError):
            return False

    @property
    def runs(self) -> bool:
        """Whether it was started, and not ended."""
        return self._process is not None

    def kill(self) -> None:
        """End it at once, if it runs."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def hang(self) -> None:
        """Keep it from answering, though it is there."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def chroma_server(scratch: Path) -> Iterator[ChromaProcess]:
    """A server that is started, and ended in any case."""
    server = ChromaProcess(scratch)
    try:
        server.start()
        yield server
    finally:
        server.kill()
