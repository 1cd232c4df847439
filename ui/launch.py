"""The chat page served until Ctrl-C: to this machine, or with a sign-in to others."""

import logging
import os
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit

import click
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.starlette import App

from assistant.settings import Settings
from index.errors import UserError
from ui.conversations import COOKIE
from ui.downloads import record_route
from ui.listening import address_of, is_loopback, refuse_busy_port, url_of
from ui.opening import opening, sign_in
from ui.signin import SignIn

# Styles are inline in Streamlit, and its components' scripts arrive as blob: modules. Everything else is
# this server's own, so that nothing in an article or an answer can fetch from, or report to, another machine.
STREAMLIT_INLINE_SCRIPT = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"  # one line of its index.html
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' blob: {STREAMLIT_INLINE_SCRIPT}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

# A page elsewhere whose name resolves to 127.0.0.1 gets no answer. The page's public name is added to these.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "::1"]

MOST_SENT_MEGABYTES = 2  # by a browser at once; Streamlit's own limit is 25
LOGOUT = "/auth/logout"  # Streamlit's

THEME = {
    "font": "sans-serif",
    "headingFont": "serif",
    "baseRadius": "0.5rem",
    "showWidgetBorder": True,
    "light.primaryColor": "#0b6b66",
    "light.backgroundColor": "#fcfbf8",
    "light.secondaryBackgroundColor": "#f2efe8",
    "light.textColor": "#1f1d1a",
    "light.linkColor": "#0b6b66",
    "light.borderColor": "#dfd9cd",
    "light.sidebar.backgroundColor": "#f6f3ed",
    "light.sidebar.secondaryBackgroundColor": "#fcfbf8",
    "dark.primaryColor": "#5fc9bf",
    "dark.backgroundColor": "#15181a",
    "dark.secondaryBackgroundColor": "#1f2426",
    "dark.textColor": "#e9e6df",
    "dark.linkColor": "#5fc9bf",
    "dark.borderColor": "#343b3e",
    "dark.sidebar.backgroundColor": "#1a1e20",
    "dark.sidebar.secondaryBackgroundColor": "#252b2e",
}


def launch(host: str, port: int, settings: Settings, announce: Callable[[str], None] = click.echo) -> None:
    """Serves the page until Ctrl-C; `announce` gets a line with its address once it answers.

    Raises UserError when others could reach the page and there is no sign-in, or one that cannot be used, and when the
    port is taken.
    """
    address = address_of(host)
    entrance = sign_in(settings)
    if entrance is None and not is_loopback(address):
        raise UserError(
            f"Others could reach the page on {host}, and no sign-in would let in only whom you want. Name the file of "
            "one in NEWSDESK_SIGNIN (docs/OPERATING.md shows it), or use --host 127.0.0.1."
        )
    if entrance and find_spec("authlib") is None:
        raise UserError("A sign-in needs a library that is missing. Run `pip install '.[signin]'`.")
    refuse_busy_port(address, port)
    url = url_of(address, port)
    allowed_hosts = [*ALLOWED_HOSTS, *([urlsplit(entrance.address).hostname or ""] if entrance else [])]
    # The page, and the rebuilds that it starts, read their settings as every newsdesk process does.
    os.environ["NEWSDESK_INDEX_DIR"] = str(settings.index_dir)
    os.environ["NEWSDESK_SIGNIN"] = str(settings.sign_in or "")
    # uvicorn reports each start and stop at level info, which says nothing to who asked for a page.
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.levelno >= logging.WARNING)

    def tell() -> None:
        announce(f"newsdesk is at {entrance.address if entrance else url} (Ctrl-C ends it)")

    app = App(
        Path(__file__).with_name("app.py"),
        routes=[record_route(settings)],
        middleware=[
            Middleware(SafeHeaders),
            *([Middleware(SignInCookies, entrance=entrance)] if entrance else [Middleware(BrowserCookie)]),
            Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts, www_redirect=False),
        ],
        lifespan=lambda _app: _warm_up_and_announce(url, settings, tell),
        secrets=entrance.secrets() if entrance else None,
    )
    try:
        app.run(config=_config(address, port, allowed_hosts))
    except KeyboardInterrupt:
        return


class SafeHeaders:
    """ASGI middleware: every response of `app` carries HEADERS."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BrowserCookie:
    """ASGI middleware: a browser that comes to a page of `app` for the first time gets a name of its own.

    No script can read it, and no other site can send it along.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_new = scope["type"] == "http" and COOKIE not in cookie_parser(Headers(scope=scope).get("cookie", ""))

        async def send_with_cookie(message: Message) -> None:
            headers = Headers(raw=message.get("headers", []))
            if is_new and headers.get("content-type", "").startswith("text/html"):
                cookie = f"{COOKIE}={token_urlsafe(24)}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
                message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]
            await send(message)

        await self.app(scope, receive, send_with_cookie)


class SignInCookies:
    """ASGI middleware: cookies of `app` travel encrypted only, and are worth nothing once their owner signed out."""

    def __init__(self, app: ASGIApp, entrance: SignIn) -> None:
        self.app = app
        self._entrance = entrance
        self._is_encrypted = entrance.address.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == LOGOUT:
            cookies = cookie_parser(Headers(scope=scope).get("cookie", ""))
            self._entrance.end(self._entrance.claims(cookies))

        async def send_securely(message: Message) -> None:
            if message["type"] == "http.response.start" and self._is_encrypted:
                message["headers"] = [
                    (name, value + b"; Secure" if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self.app(scope, receive, send_securely)


def _config(address: str, port: int, allowed_hosts: Sequence[str]) -> dict[str, object]:
    return {
        "server.address": address,
        "server.port": port,
        "server.allowedHosts": allowed_hosts,
        # Whatever a file or variable of Streamlit's own says: who somebody is, only the sign-in tells.
        "server.trustedUserHeaders": {},
        "server.enableAgentApi": False,
        "secrets.files": [],
        "server.maxWidgetStateSize": MOST_SENT_MEGABYTES,
        "server.headless": True,
        "server.fileWatcherType": "none",
        # A full collection takes 0.4 s with the models in memory. After each redraw of a running answer that
        # left Python no time for anything else: the models, 16 s to load, were not there after 120 s.
        "runner.postScriptGC": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "browser.gatherUsageStats": False,
        "logger.hideWelcomeMessage": True,
        "logger.level": "warning",
        **{f"theme.{option}": value for option, value in THEME.items()},
    }


@asynccontextmanager
async def _warm_up_and_announce(url: str, settings: Settings, tell: Callable[[], None]) -> AsyncIterator[None]:
    """Starts to load the models, so that the first visitor need not wait for all of it."""
    opening(settings)
    threading.Thread(target=_announce_when_up, args=(url, tell), daemon=True).start()
    yield


def _announce_when_up(url: str, tell: Callable[[], None]) -> None:
    health = urllib.request.Request(f"{url}/_stcore/health", headers={"Host": ALLOWED_HOSTS[0]})
    for _ in range(300):
        try:
            with urllib.request.urlopen(health, timeout=2):
                tell()
                return
        except OSError:
            time.sleep(0.1)
