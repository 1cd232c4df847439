"""The HTTP API on loopback, over the tests' index and whatever answers, for as long as a test needs it."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from fakes import HashingEmbedding

from assistant.answerer import Answerer
from assistant.assistant import Assistant
from index.errors import UserError
from index.generations.pointer import open_current
from ui.api.desk import Desk
from ui.api.guard import Guard
from ui.api.routes import create_app
from ui.api.server import Limits
from ui.api.tokens import Tokens
from ui.rate_limit import RateLimit
from ui.rebuilding import Rebuilds
from ui.serving import Server

PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Reply:
    """What the server sent."""

    status: int
    headers: dict[str, str]  # with names in lower case
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of an error."""
        return str(self.json["error"]["code"])


@dataclass(frozen=True)
class Api:
    """The server's port, its tokens, and its desk."""

    port: int
    tokens: Tokens
    desk: Desk

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """The reply to a request, whose path goes out as it is; `_` in a header's name is "-"."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)) as connection:
            reply = send(connection, method, path, body, **headers)
            named = {name.lower(): value for name, value in reply.getheaders()}
            return Reply(reply.status, named, reply.read().decode())

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, **headers)

    def ask(self, question: str, **fields: object) -> Reply:
        return self.send("POST", "/v1/ask", {"question": question, **fields})

    @contextmanager
    def stream(self, path: str, body: object) -> Iterator[HTTPResponse]:
        """A reply to be read line by line; when the context ends, the client leaves."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with closing(connection), send(connection, "POST", path, body) as reply:
            yield reply


def send(connection: HTTPConnection, method: str, path: str, body: object = None, **headers: str) -> HTTPResponse:
    """The response, of which no more than the headers is read yet."""
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        named.setdefault("Content-Type", "application/json")
    connection.request(method, path, sent, named)
    return connection.getresponse()


def events(reply: HTTPResponse) -> Iterator[tuple[str, Any]]:
    """The server-sent events of a stream, as they come."""
    name = ""
    for line in reply:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, value if value == "[DONE]" else json.loads(value)


@contextmanager
def serving(
    index_dir: Path, answerer: Answerer | None, limits: Limits | None = None, local: bool = True
) -> Iterator[Api]:
    """The server; without an answerer there is an index that cannot be opened."""
    limits = limits or Limits(per_minute=100_000)

    def start_opening() -> Future[Assistant]:
        future: Future[Assistant] = Future()
        if answerer is None:
            future.set_exception(UserError(f"The index in {index_dir} is damaged."))
        else:
            future.set_result(Assistant(index_dir, open_current(index_dir), HashingEmbedding(), answerer))
        return future

    desk, tokens = Desk(start_opening, limits.places, limits.seconds), Tokens(index_dir)
    guarded = Guard(create_app(desk, Rebuilds(index_dir)), tokens, local, RateLimit(limits.per_minute))
    started = threading.Event()
    server = Server(guarded, "127.0.0.1", 0, started.set)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(PATIENCE_SECONDS)
    try:
        yield Api(server.servers[0].sockets[0].getsockname()[1], tokens, desk)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
