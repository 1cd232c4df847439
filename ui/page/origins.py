"""Who may speak to the page: a browser that has it open under one of its own addresses, decided before Streamlit is."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.listening import FROM_ELSEWHERE, OWN_NAMES, host_and_port

DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """The origin of an address as browsers write it: https://news.example; "" for what is no http address."""
    scheme, _, rest = address.strip().lower().partition("://")
    host, port = host_and_port(re.split("[/?#]", rest)[0])
    if scheme not in DEFAULT_PORTS or not host:
        return ""
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + (f":{port}" if port and port != DEFAULT_PORTS[scheme] else "")


def own_origins(address: str, port: int, others: Sequence[str]) -> frozenset[str]:
    """What browsers may call a page that listens there: this machine's names, and the other addresses."""
    names = {*OWN_NAMES, f"[{address}]" if ":" in address else address}
    return frozenset(filter(None, map(origin_of, [*(f"http://{name}:{port}" for name in names), *others])))


class OwnOrigins:
    """ASGI middleware: only what is asked of one of the `origins`, and by its own pages, reaches `app`.

    The Host of a request is one of them; a browser's Origin is the same one, and a WebSocket always has one. A page
    elsewhere may lead a visitor here, and nothing else.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self.app = app
        self._origins = origins
        self._hosts = frozenset(urlsplit(origin).netloc for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or not (refusal := self._refusal(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal})
        else:
            await PlainTextResponse(refusal, 403)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        """Why the request is not let through, "" when it is."""
        headers = Headers(scope=scope)
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return "This page answers to its own addresses only (NEWSDESK_ORIGINS names more)."
        is_own = len(origins) == 1 and origins[0] in self._origins and urlsplit(origins[0]).netloc == hosts[0]
        if not is_own and (origins or scope["type"] == "websocket"):
            return "Pages of other sites may not use this one."
        is_visit = (scope.get("method"), headers.get("sec-fetch-mode")) == ("GET", "navigate")
        is_framed = headers.get("sec-fetch-dest", "document") != "document"
        if headers.get("sec-fetch-site") in FROM_ELSEWHERE and (not is_visit or is_framed):
            return "Pages of other sites may not use this one."
        return ""
