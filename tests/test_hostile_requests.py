"""Requests and messages that no client of ours sends: each is refused or answered, and the next visitor is served."""

import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pages import ROOT, free_port
from servers import Api, serving
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from assistant.answering.extractive import ExtractiveAnswerer

ENDED = 0  # the connection ends without an answer


def answered(port: int, sent: bytes, seconds: float = 20.0) -> bytes:
    """All that comes back until the server ends the connection, or says no more for so long."""
    got = bytearray()
    with closing(socket.create_connection(("127.0.0.1", port), seconds)) as connection:
        try:
            connection.sendall(sent)
            while piece := connection.recv(65_536):
                got += piece
        except (ConnectionError, TimeoutError):
            pass
    return bytes(got)


def request(port: int, method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: close",
        *headers,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def status(reply: bytes) -> int:
    return int(reply[9:12]) if reply.startswith(b"HTTP/1.1 ") else ENDED


# --- the API ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def api(_indexed: Path) -> Iterator[Api]:
    with serving(_indexed, ExtractiveAnswerer()) as api:
        yield api


ASKED = b'{"question": "Who led the repair?"%s}'
CHAT = b'{"model": "newsdesk", "messages": [%s]}'


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/v1/ask", b"[" * 90_000, 400),
        ("/v1/ask", b'{"question":' * 20_000, 400),
        ("/v1/ask", b'{"question": NaN}', 400),
        ("/v1/ask", b'{"question": 1e999}', 400),
        ("/v1/ask", b'{"question": ' + b"9" * 5_000 + b"}", 400),
        ("/v1/ask", b'{"question": "\\ud800"}', 400),
        ("/v1/ask", b'{"question": "\xff"}', 400),
        ("/v1/ask", b'\xff\xfe{"question": "x"}', 400),
        ("/v1/ask", b'{"\\ud800": 1, "question": "x"}', 400),
        ("/v1/ask", b'{"question": "x", "question": ["y"]}', 400),
        ("/v1/ask", b'{"__proto__": {}, "question": "x"}', 400),
        ("/v1/ask", ASKED % b', "source": "\\udfff"', 400),
        ("/v1/ask", ASKED % b', "folder": ["../.."]', 200),
        ("/v1/ask", ASKED % b', "author": ["\\u0000"]', 200),
        ("/v1/ask", ASKED % b', "language": ["%", "_", "\' OR 1=1"]', 200),
        ("/v1/ask", ASKED % b', "since": "2024-W20-5"', 400),
        ("/v1/ask", ASKED % b', "since": "0000-00-00"', 400),
        ("/v1/ask", ASKED % b', "answer_language": "../en"', 400),
        ("/v1/ask", ASKED % b', "history": [{"question": "Who?", "answer": "\\ud800"}]', 400),
        ("/v1/ask", ASKED % (b', "history": [' + b'{"question": "Who?"},' * 50 + b'{"question": "Who?"}]'), 400),
        ("/v1/ask", b'{"question": "' + b"(" * 3_999 + b'"}', 200),
        ("/v1/ask", b'{"question": "' + b"1 " * 1_999 + b'"}', 200),
        ("/v1/ask", b'{"question": "' + b"\\u0301" * 3_999 + b'"}', 200),
        ("/v1/ask", b'{"question": "' + b"\\ufdfa" * 3_999 + b'"}', 200),
        ("/v1/ask", b'{"question": "When ' + b"yesterday " * 390 + b'"}', 200),
        ("/v1/chat/completions", CHAT % b'{"role": "user", "content": "\\ud800"}', 400),
        ("/v1/chat/completions", CHAT % b'{"role": "\\ud800", "content": null}', 400),
        ("/v1/chat/completions", b'{"model": "\\ud800", "messages": [{"role": "user", "content": "x"}]}', 404),
        ("/v1/chat/completions", CHAT % (b'{"role": "user", "content": "x"},' * 1_001)[:-1], 400),
        (
            "/v1/chat/completions",
            CHAT % b'{"role": "user", "content": [{"type": "image_url", "image_url": "http://169.254.169.254/"}]}',
            400,
        ),
        ("/v1/index", b"", 415),
    ],
)
def test_no_body_is_a_mistake_of_the_server(api: Api, path: str, body: bytes, expected: int) -> None:
    if expected == 415:  # of a method that takes none
        assert status(answered(api.port, request(api.port, "PUT", path, b"{}"))) == 405
        return
    reply = answered(api.port, request(api.port, "POST", path, body, "Content-Type: application/json"))
    assert status(reply) == expected
    json.loads(reply.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/v1/passages?q={'(' * 300}a", 400),
        ("/v1/passages?q=%ED%A0%80", 400),
        ("/v1/passages?q=bridge%00", 200),
        ("/v1/passages?q=bridge&q=iron", 200),
        ("/v1/passages?q=bridge&offset=99999999999999999999", 400),
        ("/v1/passages?q=bridge&top=1e9", 400),
        (f"/v1/passages?q=bridge&source={'x' * 1_001}", 400),
        ("/v1/passages?q=bridge&folder=%ED%A0%80", 200),
        ("/v1/passages?q=bridge&order=DROP", 400),
        (f"/v1/timeline?q={'%28' * 1_000}", 200),
        ("/v1/search?q=bridge&top=-1", 400),
        ("/v1/articles/%00", 404),
        ("/v1/articles/..%2f..%2fetc%2fpasswd", 404),
        (f"/v1/articles/{'a/' * 3_000}", 404),
        ("//evil.example/v1/index", 404),
        ("http://169.254.169.254/", 404),
        ("*", 404),
    ],
)
def test_no_address_is_a_mistake_of_the_server(api: Api, path: str, expected: int) -> None:
    assert status(answered(api.port, request(api.port, "GET", path))) == expected


HOST = b"Host: 127.0.0.1:%d\r\n"
JSON = b"Content-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"GET /v1/index HTTP/1.1\r\n\r\n", 400),
        (b"GET /v1/index HTTP/1.0\r\n\r\n", 403),
        (b"GET /v1/index HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n", 400),
        (b"GET  /v1/index HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /v1/index HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n", 400),
        (b"GET /v1/index HTTP/1.1\r\n" + HOST + b"X : a\r\n\r\n", 400),
        (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"POST /v1/ask HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 50\r\n\r\nabcde", 400),
        (b"POST /v1/ask HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n", 400),
        (b"POST /v1/ask HTTP/1.1\r\n" + HOST + b"Content-Length: \xb2\r\n\r\n", 400),
        (b"POST /v1/ask HTTP/1.1\r\n" + HOST + JSON + b"Connection: close\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST /v1/ask HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /v1/ask HTTP/1.1\r\n" + HOST + JSON + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n", 400),
        (bytes(range(256)) * 10, 400),
        (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"a" * 500, 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 403),
    ],
)
def test_what_is_no_request_is_refused_and_the_next_one_answered(api: Api, sent: bytes, expected: int) -> None:
    written = sent.replace(b"%d", str(api.port).encode())
    assert status(answered(api.port, written)) in (expected, ENDED)
    assert api.get("/health").status == 200


def test_no_mixture_of_bytes_ends_the_api(api: Api) -> None:
    chance = random.Random(3)
    pieces = (b"\0", b"\r\n", b"\n", b":", b"\xff" * 9, b"")
    whole = request(api.port, "POST", "/v1/ask", ASKED % b"", "Content-Type: application/json")
    for _ in range(40):
        sent = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            start = chance.randrange(len(sent))
            sent[start : start + chance.choice((0, 1, 9))] = chance.choice(pieces)
        reply = answered(api.port, bytes(sent), 0.3)
        assert status(reply) not in range(500, 600), (bytes(sent), reply)
    assert api.get("/health").status == 200


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a page without an index."""
    folder, port = tmp_path_factory.mktemp("page"), free_port()
    told = {**os.environ, "NEWSDESK_PROFILE": "light", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-m", "ui.cli", "chat", "--port", str(port), "--index-dir", str(folder / "index")]
    log = (folder / "log").open("w")
    process = subprocess.Popen(command, cwd=folder, env=told, stdout=subprocess.PIPE, stderr=log)
    try:
        assert process.stdout and b"newsdesk is at" in process.stdout.readline()
        yield port
        assert process.poll() is None and status(answered(port, request(port, "GET", "/_stcore/health"))) == 200
    finally:
        process.kill()
        process.wait()
        log.close()


def upload(name: bytes) -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\nx\r\n--b--\r\n' % name


FORM = "Content-Type: multipart/form-data; boundary=b"
UPLOAD = "/_stcore/upload_file/a/b"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "expected"),
    [
        ("GET", f"/record/a/{'9' * 5_000}.md", b"", (), 404),
        ("GET", "/record/a/%C2%B2%D9%A3.md", b"", (), 404),
        ("GET", "/record/a/0.exe", b"", (), 404),
        ("GET", f"/record/{'a' * 50_000}/0.md", b"", (), 404),
        ("GET", "/record/%00/0.md", b"", (), 400),
        ("GET", "/record/..%2f..%2fetc/0.md", b"", (), 400),
        ("GET", "/media/..%2f..%2fetc%2fpasswd", b"", (), 400),
        ("GET", "/media/none.png", b"", (), 404),
        ("GET", "/component/a.b/../../../etc/passwd", b"", (), 400),
        ("GET", "/static/%2e%2e/%2e%2e/etc/passwd", b"", (), 400),
        ("GET", "/app/static/..%2fapp.py", b"", (), 400),
        ("GET", "/_stcore/bidi-components/..%2f..%2fetc/passwd", b"", (), 400),
        ("GET", "//evil.example/", b"", (), 400),
        ("GET", "/\\evil.example", b"", (), 400),
        ("GET", f"/?q={'(' * 400}", b"", (), 200),
        ("GET", "/record/a/0.md", b"", ("Cookie: newsdesk=' OR 1=1 --",), 404),
        ("GET", "/", b"", (f"Cookie: {'a=b; ' * 5_000}",), 200),
        ("PUT", UPLOAD, upload(b"../../x.txt"), (FORM,), 403),
        ("PUT", UPLOAD, upload(b"x.txt"), (FORM, "Cookie: _streamlit_xsrf=1", "X-Xsrftoken: 1"), 403),
        ("PUT", "/_stcore/upload_file/../../x", upload(b"x.txt"), (FORM,), 400),
        ("DELETE", "/_stcore/upload_file/a/..%2f..", b"", (), 400),
        ("POST", UPLOAD, b"", (), 405),
        ("POST", "/", b"x", (), 405),
        ("TRACE", "/", b"", (), 405),
    ],
)
def test_no_request_reaches_a_file_or_is_a_mistake_of_the_page(
    port: int, method: str, path: str, body: bytes, headers: tuple[str, ...], expected: int
) -> None:
    own = () if method == "GET" else (f"Origin: http://127.0.0.1:{port}",)
    assert status(answered(port, request(port, method, path, body, *own, *headers))) == expected


@pytest.mark.slow
@pytest.mark.parametrize("place", ["Host", "Origin"])
def test_an_upload_from_elsewhere_is_refused(port: int, place: str) -> None:
    named = {"Host": f"127.0.0.1:{port}", "Origin": f"http://127.0.0.1:{port}"} | {place: "http://evil.example"}
    lines = [f"PUT {UPLOAD} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "Content-Length: 0"]
    assert status(answered(port, "\r\n".join([*lines, "Connection: close", "", ""]).encode())) == 403


def talking(port: int) -> ClientConnection:
    """A WebSocket of the page."""
    own = Origin(f"http://127.0.0.1:{port}")
    return connect(f"ws://127.0.0.1:{port}/_stcore/stream", origin=own, subprotocols=[Subprotocol("streamlit")])


@pytest.mark.slow
def test_who_uploads_without_adding_is_refused_before_the_memory_is_full(port: int) -> None:
    headed = answered(port, request(port, "GET", "/_stcore/health"))
    token = headed.partition(b"_streamlit_xsrf=")[2].partition(b";")[0].decode()
    with talking(port) as talk:
        talk.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        told = ForwardMsg.FromString(talk.recv(timeout=60, decode=False))
        while told.WhichOneof("type") != "new_session":
            told = ForwardMsg.FromString(talk.recv(timeout=60, decode=False))
        session = told.new_session.initialize.session_id
        own = (f"Origin: http://127.0.0.1:{port}", f"Cookie: _streamlit_xsrf={token}", f"X-Xsrftoken: {token}", FORM)
        body = upload(b"a.txt").replace(b"\r\n\r\nx", b"\r\n\r\n" + b"x" * 19_900_000)
        taken = [
            status(answered(port, request(port, "PUT", f"/_stcore/upload_file/{session}/{number}", body, *own)))
            for number in range(11)
        ]
    assert taken[:10] == [204] * 10 and taken[10] in (413, ENDED)


@pytest.mark.slow
@pytest.mark.parametrize(
    "messages",
    [
        [b"\xff" * 100],
        ["words"],
        [b"\0" * 3_000_000],
        [b"\x0a\x7f" * 5_000],
        [b"\x0a\xff\xff\xff\xff\x0f"],
        [random.Random(seed).randbytes(500) for seed in range(50)],
    ],
)
def test_a_message_of_no_use_ends_its_own_connection(port: int, messages: list[str | bytes]) -> None:
    with talking(port) as talk, pytest.raises(ConnectionClosed):
        for message in messages:
            talk.send(message)
        while True:
            talk.recv(timeout=10)
    talking(port).close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "frame",
    [
        b"\x82\x05hello",  # not masked
        b"\xf2\x80\0\0\0\0",  # with reserved bits
        b"\x83\x80\0\0\0\0",  # of a kind that is none
        b"\x80\x80\0\0\0\0",  # going on with nothing
        b"\x89\xfe\x01\0\0\0\0\0" + b"a" * 256,  # a ping too long
        b"\x88\x81\0\0\0\0a",  # half a reason to end
        b"\x82\xff" + b"\xff" * 8 + bytes(4),  # as long as none can be
        b"\x82\xff" + (3_000_000).to_bytes(8, "big") + bytes(4),  # longer than is taken
    ],
)
def test_a_frame_that_is_none_ends_its_own_connection(port: int, frame: bytes) -> None:
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: streamlit",
    ]
    with closing(socket.create_connection(("127.0.0.1", port), 15)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        assert b" 101 " in connection.recv(2_000)
        connection.sendall(frame)
        try:
            while connection.recv(65_536):
                pass
        except ConnectionError:
            pass
