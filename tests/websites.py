"""A site of ours on loopback, which only tests may ask."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from index.fetching.polite import Polite


class Site(BaseHTTPRequestHandler):
    """Answers with what `pages` has: status, headers, content."""

    pages: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]]
    asked: ClassVar[list[tuple[str, str]]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("If-None-Match", "")))
        status, headers, content = self.pages.get(self.path, (404, {}, b""))
        if headers.get("ETag") and headers["ETag"] == self.headers.get("If-None-Match"):
            status, content = 304, b""
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def site_on_loopback() -> Iterator[tuple[str, type[Site]]]:
    """The address of a site, and what it has."""

    class Own(Site):
        pages: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}
        asked: ClassVar[list[tuple[str, str]]] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", Own
    server.shutdown()
    server.server_close()
    thread.join()


def here() -> Polite:
    """Asks nothing but this machine, and without waiting."""
    return Polite(may_ask=lambda address: address.is_loopback, delay=0.0)
