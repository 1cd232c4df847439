"""Who may speak to the page: its own pages under its own addresses, whatever Streamlit would allow."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pages import ROOT, free_port
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from ui.page.origins import OwnOrigins, origin_of, own_origins

PORT = 8501
OWN = f"http://127.0.0.1:{PORT}"
# As a folder of articles may bring it along; each line would open the page, move it, or have it fetch something.
OPENING = """
[server]
enableCORS = false
enableXsrfProtection = false
enableStaticServing = true
corsAllowedOrigins = ["http://evil.example"]
allowedHosts = ["*"]
baseUrlPath = "elsewhere"
port = 9
address = "0.0.0.0"
cookieSecret = "known to everybody"
trustedUserHeaders = { X-User = "email" }
[client]
showErrorDetails = "full"
toolbarMode = "developer"
[browser]
serverAddress = "evil.example"
gatherUsageStats = true
[[theme.fontFaces]]
family = "x"
url = "http://evil.example/font.woff2"
"""


def guarded(*others: str, address: str = "127.0.0.1") -> Starlette:
    """An application that greets whoever gets through."""

    def greet(_: Request) -> Response:
        return PlainTextResponse("come in")

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("come in")
        await socket.close()

    app = Starlette(routes=[Route("/", greet, methods=["GET", "POST"]), WebSocketRoute("/stream", talk)])
    app.add_middleware(OwnOrigins, origins=own_origins(address, PORT, others))
    return app


def opens(client: TestClient, headers: dict[str, str]) -> bool:
    """Whether the WebSocket does."""
    try:
        with client.websocket_connect("/stream", headers=headers) as connection:
            return connection.receive_text() == "come in"
    except WebSocketDisconnect:
        return False


@pytest.mark.parametrize(
    ("host", "origin", "is_open"),
    [
        (f"127.0.0.1:{PORT}", OWN, True),
        (f"localhost:{PORT}", f"http://localhost:{PORT}", True),
        (f"[::1]:{PORT}", f"http://[::1]:{PORT}", True),
        ("news.example", "https://news.example", True),
        (f"127.0.0.1:{PORT}", "http://127.0.0.1:9999", False),
        (f"127.0.0.1:{PORT}", "http://localhost:3000", False),
        (f"127.0.0.1:{PORT}", f"http://localhost:{PORT}", False),
        (f"127.0.0.1:{PORT}", "http://127.0.0.1", False),
        (f"127.0.0.1:{PORT}", f"https://127.0.0.1:{PORT}", False),
        (f"127.0.0.1:{PORT}", "http://203.0.113.7", False),
        (f"127.0.0.1:{PORT}", f"http://192.168.1.20:{PORT}", False),
        (f"127.0.0.1:{PORT}", "null", False),
        (f"127.0.0.1:{PORT}", "", False),
        (f"127.0.0.1:{PORT}", f"{OWN}.evil.example", False),
        (f"127.0.0.1:{PORT}", f"http://evil.example@127.0.0.1:{PORT}", False),
        (f"evil.example:{PORT}", f"http://evil.example:{PORT}", False),
        (f"evil.example:{PORT}", OWN, False),
        ("127.0.0.1:9999", "http://127.0.0.1:9999", False),
        ("127.0.0.1", "http://127.0.0.1", False),
        (f"[::1]evil:{PORT}", OWN, False),
        ("news.example", "http://news.example", False),
        ("news.example", "https://news.example:8443", False),
        ("news.example", "https://evil.example", False),
    ],
)
def test_only_the_pages_own_origins_open_its_websocket(host: str, origin: str, is_open: bool) -> None:
    client = TestClient(guarded("https://news.example/"))
    headers = {"Host": host, "Origin": origin}
    assert opens(client, headers) is is_open
    assert (client.post("/", headers=headers).status_code == 200) is is_open


def test_a_websocket_says_where_it_comes_from() -> None:
    client = TestClient(guarded())
    assert not opens(client, {"Host": f"127.0.0.1:{PORT}"})
    assert client.get("/", headers={"Host": f"127.0.0.1:{PORT}"}).text == "come in"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
    ],
)
def test_a_page_elsewhere_may_lead_here_and_fetch_nothing(said: dict[str, str], status: int) -> None:
    assert TestClient(guarded()).get("/", headers={"Host": f"127.0.0.1:{PORT}", **said}).status_code == status


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://News.example/", "https://news.example"),
        ("https://news.example:443/ask?x", "https://news.example"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://news.example:8501", "http://news.example:8501"),
        ("https://reader@news.example", ""),
        ("news.example", ""),
        ("http://[::1]evil", ""),
        ("http://a:b", ""),
        ("ftp://news.example", ""),
    ],
)
def test_an_address_has_the_origin_that_browsers_say(address: str, origin: str) -> None:
    assert origin_of(address) == origin


_pieces = some.sampled_from(
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "evil.example",
        "127.1",
        "0",
        ".",
        ":",
        "@",
        "/",
        "8501",
        "80",
        " ",
        "#",
        "%",
        "é",
    ]
)
_names = some.lists(_pieces, max_size=5).map("".join).map(lambda name: name.encode().decode("latin-1"))


@settings(max_examples=300, deadline=None)
@given(host=_names, scheme=some.sampled_from(["http", "https", "HTTP", "ws", "null", ""]), rest=_names)
def test_no_mixture_of_names_opens_but_the_three_that_are_its_own(host: str, scheme: str, rest: str) -> None:
    app = OwnOrigins(guarded(), own_origins("127.0.0.1", PORT, []))
    origin = f"{scheme}://{rest}"
    headers = [(b"host", host.encode("latin-1")), (b"origin", origin.encode("latin-1"))]
    is_own = host in (f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}") and origin == f"http://{host}"
    assert (app._refusal({"type": "websocket", "headers": headers}) == "") is is_own


# --- the page itself ----------------------------------------------------------------------------------------------


class Listening:
    """A proxy that answers nothing and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            connection, _ = self._server.accept()
            self.asked.append(connection.recv(1000))


@pytest.fixture(scope="module")
def outside() -> Listening:
    return Listening()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, outside: Listening) -> Iterator[int]:
    """Of a page started in a folder, and by somebody, whose Streamlit is told to open everything."""
    folder = tmp_path_factory.mktemp("articles")
    home = tmp_path_factory.mktemp("home")
    for place in (folder, home):
        (place / ".streamlit").mkdir()
        (place / ".streamlit" / "config.toml").write_text(OPENING)
        (place / ".streamlit" / "secrets.toml").write_text('[auth]\ncookie_secret = "known"\n')
    port, proxy = free_port(), f"http://127.0.0.1:{outside.port}"
    told = {"NEWSDESK_PROFILE": "light", "PYTHONPATH": str(ROOT), "HOME": str(home)}
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"), proxy)
    command = [sys.executable, "-P", "-m", "ui.cli", "chat", "--port", str(port), "--index-dir", str(folder / "index")]
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **told, **proxies}, stdout=subprocess.PIPE)
    try:
        assert process.stdout and b"newsdesk is at" in process.stdout.readline()
        yield port
    finally:
        process.kill()
        process.wait()


def answered(port: int, sent: bytes) -> bytes:
    """The head of what the page replies to these bytes."""
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as connection:
        connection.sendall(sent)
        return connection.recv(2000).partition(b"\r\n\r\n")[0]


def handshake(port: int, *headers: str) -> bytes:
    """The first line of the reply to a WebSocket's."""
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: streamlit",
        *headers,
    ]
    return answered(port, "\r\n".join([*lines, "", ""]).encode()).split(b"\r\n")[0]


@pytest.mark.slow
def test_no_file_of_streamlit_opens_the_page_and_nothing_is_asked_outside(port: int, outside: Listening) -> None:
    own = f"Host: 127.0.0.1:{port}"
    assert b" 101 " in handshake(port, own, f"Origin: http://127.0.0.1:{port}")
    for origin in ("http://127.0.0.1:9999", "http://203.0.113.7", "http://evil.example", "null"):
        assert b" 403 " in handshake(port, own, f"Origin: {origin}")
    assert b" 403 " in handshake(port, f"Host: evil.example:{port}", f"Origin: http://evil.example:{port}")
    assert b" 400 " in handshake(port, own, "Host: evil.example", f"Origin: http://127.0.0.1:{port}")
    assert b" 403 " in handshake(port, own)
    assert outside.asked == []


@pytest.mark.slow
def test_what_the_page_serves_names_nobody_else(port: int) -> None:
    own = f"Host: 127.0.0.1:{port}\r\nConnection: close\r\n"
    page = answered(port, f"GET / HTTP/1.1\r\n{own}\r\n".encode()).lower()
    assert page.startswith(b"http/1.1 200") and b"access-control" not in page
    elsewhere = answered(port, f"GET / HTTP/1.1\r\n{own}Origin: http://evil.example\r\n\r\n".encode()).lower()
    assert elsewhere.startswith(b"http/1.1 403") and b"content-security-policy" in elsewhere
    static = answered(port, f"GET /app/static/app.py HTTP/1.1\r\n{own}\r\n".encode())
    assert b"text/x-python" not in static
