"""Who may enter the server, how often, and the name by which each request is found again in the log."""

import logging
import re
import time
from dataclasses import dataclass
from secrets import token_hex

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import UserError
from index.steps import request_id
from ui.api.problems import MOST_BODY_BYTES, Problem, internal_problem, too_large
from ui.api.tokens import Tokens
from ui.listening import FROM_ELSEWHERE, host_and_port, is_loopback
from ui.rate_limit import RateLimit

REQUEST_ID = "X-Request-ID"
HARMLESS = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Asked for by machines at short intervals: who has the right token is let in without being counted.
UNCOUNTED = ("/health", "/metrics")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request: the name of a token, or an address."""

    name: str
    admin: bool


class Guard:
    """ASGI middleware: a request enters `app` with a request id and its caller, or is answered why not.

    `local` says that the server listens on loopback: a request must then name it so, and needs a token only
    when one has been made.
    """

    def __init__(self, app: ASGIApp, tokens: Tokens, local: bool, rate_limit: RateLimit) -> None:
        self.app = app
        self._tokens = tokens
        self._local = local
        self._rate_limit = rate_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.monotonic(), 0
        given = Headers(scope=scope).get(REQUEST_ID, "")
        name = given if HARMLESS.fullmatch(given) else token_hex(8)
        request_id.set(name)

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update({**HEADERS, REQUEST_ID: name})
            await send(message)

        try:
            scope["newsdesk.caller"] = self._caller(scope)
            length = Headers(scope=scope).get("content-length", "")
            # The application stops at as many bytes too, but says so of an announced length in another shape.
            if length.isdecimal() and int(length) > MOST_BODY_BYTES:
                raise too_large()
            await self.app(scope, receive, send_on)
        except Problem as problem:
            await problem.response()(scope, receive, send_on)
        except Exception:
            logger.exception("A request failed")
            if not status:
                await internal_problem().response()(scope, receive, send_on)
        finally:
            route = getattr(scope.get("route"), "path", "")  # the pattern: what was asked for is nobody's business
            caller = scope["newsdesk.caller"].name if "newsdesk.caller" in scope else _address(scope)
            milliseconds = round(1000 * (time.monotonic() - began), 1)
            logger.info(
                "%s %s %d in %.0f ms",
                scope["method"],
                route or "(none)",
                status,
                milliseconds,
                extra={"route": route, "status": status, "ms": milliseconds, "caller": caller},
            )

    def _caller(self, scope: Scope) -> Caller:
        """Who sent the request; raises Problem when it may not enter."""
        headers = Headers(scope=scope)
        self._refuse_other_sites(headers)
        try:
            needed = self._tokens.needed or not self._local
            token = self._tokens.owner(_bearer(headers)) if needed else None
        except UserError as error:
            logger.warning("%s", error)
            raise Problem(503, "tokens", "Nobody can be let in, since the tokens cannot be read.") from error
        may_enter = token is not None or not needed
        if not (may_enter and scope["path"] in UNCOUNTED):
            self._count(f"token {token.name}" if token else _address(scope))
        if not may_enter:
            raise Problem(
                401,
                "token",
                "A valid token is needed. Send it as `Authorization: Bearer TOKEN`; `newsdesk token create NAME` on "
                "the server makes one.",
            )
        return Caller(token.name, token.admin) if token else Caller(_address(scope), admin=True)

    def _refuse_other_sites(self, headers: Headers) -> None:
        """Raises Problem for what a browser sends on behalf of a page that is not this server's own."""
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        if self._local and not is_loopback(host_and_port(host)[0]):
            raise Problem(403, "host", "This server answers as 127.0.0.1 or localhost only.")
        own = ("", f"http://{host}".lower(), f"https://{host}".lower())
        if headers.get("origin", "").lower() not in own or headers.get("sec-fetch-site") in FROM_ELSEWHERE:
            raise Problem(403, "origin", "Pages of other sites may not use this server.")

    def _count(self, caller: str) -> None:
        if wait := self._rate_limit.enter(caller):
            raise Problem(429, "too_many_requests", f"Too many requests, try again in {wait} s.", wait)


def _address(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""


def _bearer(headers: Headers) -> str:
    """The token that the request carries, "" when it has none."""
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""
