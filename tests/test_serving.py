"""Slow and many clients: each has only so long for a request, and those who ask at once get in."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from urllib.request import urlopen

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect

from ui.serving import MOST_OF_ONE, Impatient, Server


class Hasty(Impatient):
    """As impatient as a test."""

    request_seconds = 0.5


@contextmanager
def listening(protocol: type[Impatient]) -> Iterator[int]:
    """The port of a server that tells how many bytes it was sent."""

    async def count(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        while True:
            await socket.send_text(await socket.receive_text())

    started = threading.Event()
    app = Starlette(routes=[Route("/", count, methods=["GET", "POST"]), WebSocketRoute("/echo", echo)])
    server = Server(app, "127.0.0.1", 0, started.set, most_bytes=1_000)
    server.config.http = protocol
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfive ",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHo",
    ],
)
def test_a_request_that_is_never_whole_is_dropped(begun: bytes) -> None:
    with listening(Hasty) as port, closing(socket.create_connection(("127.0.0.1", port), 10)) as slow:
        slow.sendall(begun)
        began = time.monotonic()
        with pytest.raises(ConnectionError):  # at the latest when it is reset
            while slow.recv(1000):
                pass
            raise ConnectionResetError
        assert time.monotonic() - began < 8


def test_a_byte_now_and_then_buys_no_time() -> None:
    with (
        listening(Hasty) as port,
        closing(socket.create_connection(("127.0.0.1", port), 10)) as slow,
        pytest.raises(ConnectionError),
    ):
        for letter in b"GET / HTTP/1.1\r\nX-A: " + b"a" * 1000:
            slow.sendall(bytes([letter]))
            time.sleep(0.05)


def test_a_websocket_stays_open_for_longer_than_a_request_may_take() -> None:
    with listening(Hasty) as port, connect(f"ws://127.0.0.1:{port}/echo") as talk:
        for words in ("at once", "after three times as long as a request may take"):
            talk.send(words)
            assert talk.recv(timeout=10) == words
            time.sleep(3 * Hasty.request_seconds)


def test_hundreds_of_unfinished_requests_keep_nobody_out() -> None:
    with listening(Impatient) as port, ExitStack() as open_ones:
        for _ in range(MOST_OF_ONE + 150):
            slow = open_ones.enter_context(closing(socket.create_connection(("127.0.0.1", port), 10)))
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        with urlopen(f"http://127.0.0.1:{port}/", b"x" * 5, timeout=5) as reply:
            assert reply.read() == b"5"
