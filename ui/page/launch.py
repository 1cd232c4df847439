"""The chat page served until Ctrl-C: to this machine, or with a sign-in to others."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe

import click
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.starlette import App
from streamlit.web.bootstrap import load_config_options

from assistant.settings import Settings
from index.errors import UserError
from ui.conversations import COOKIE
from ui.intake import FILE_BYTES
from ui.listening import SERVER, address_of, answers_as_newsdesk, is_loopback, refuse_busy_port, url_of
from ui.page.downloads import conversation_route, record_route
from ui.page.opening import opening, sign_in
from ui.page.originals import file_route, picture_route
from ui.page.origins import OwnOrigins, own_origins
from ui.page.signin import NoEntry, SignIn, TokenClaims
from ui.page.uploads import UPLOADS, BoundedUploads
from ui.serving import Server

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
    (b"server", SERVER.encode()),
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

MOST_SENT_MEGABYTES = 2  # by a browser at once; Streamlit's own limits are 25 and 200
LOGOUT, METRICS = "/auth/logout", "/_stcore/metrics"  # Streamlit's

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
    url = url_of(address, port)
    if answers_as_newsdesk(address, port):
        raise UserError(f"newsdesk is at {url} already. Open that, or choose another port with --port.")
    refuse_busy_port(address, port)
    origins = own_origins(address, port, [*settings.origins, *([entrance.address] if entrance else [])])
    # The page, and the rebuilds that it starts, read their settings as every newsdesk process does.
    os.environ["NEWSDESK_INDEX_DIR"] = str(settings.index_dir)
    os.environ["NEWSDESK_SIGNIN"] = str(settings.sign_in or "")
    _configure(address, port)
    app = App(
        Path(__file__).with_name("app.py"),
        routes=[one(settings) for one in (record_route, conversation_route, file_route, picture_route)],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(OneFolder),
            Middleware(OwnOrigins, origins=origins),
            *([Middleware(SignInCookies, entrance=entrance)] if entrance else [Middleware(BrowserCookie)]),
            Middleware(BoundedUploads),
        ],
        lifespan=lambda _app: _warm_up(settings),
        secrets=entrance.secrets() if entrance else None,
    )
    said = f"newsdesk is at {entrance.address if entrance else url} (Ctrl-C ends it)"
    try:
        Server(app, address, port, lambda: announce(said), MOST_SENT_MEGABYTES * 1_000_000).run()
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


class OneFolder:
    """ASGI middleware: who opens the page as if it were in a folder, "/a/b", is led to the page of `app`.

    Streamlit sends its page there too, which finds none of its parts and stays empty.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_led = False

        async def send_or_lead(message: Message) -> None:
            nonlocal is_led
            kind = Headers(raw=message.get("headers", [])).get("content-type", "")
            if message["type"] == "http.response.start" and kind.startswith("text/html") and _is_in_folder(scope):
                is_led = True
                await RedirectResponse("/")(scope, receive, send)
            elif not is_led:
                await send(message)

        await self.app(scope, receive, send_or_lead)


def _is_in_folder(scope: Scope) -> bool:
    """Whether Streamlit's own page, not a file that a route of ours sends, was asked for in a folder."""
    return isinstance(scope.get("endpoint"), StaticFiles) and "/" in scope["path"].strip("/")


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
    """ASGI middleware: cookies of `app` travel encrypted only, and are worth nothing once their owner signed out.

    What Streamlit counts is for who may enter, and files are taken of editors only.
    """

    def __init__(self, app: ASGIApp, entrance: SignIn) -> None:
        self.app = app
        self._entrance = entrance
        self._is_encrypted = entrance.address.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].rstrip("/") in (LOGOUT, METRICS):
            claims = self._entrance.claims(cookie_parser(Headers(scope=scope).get("cookie", "")))
            if scope["path"].rstrip("/") == LOGOUT:
                self._entrance.end(claims)
            elif not self._may_enter(claims):
                await PlainTextResponse("Sign in first.", 403)(scope, receive, send)
                return

        if scope["type"] == "http" and scope["path"].startswith(UPLOADS) and not self._may_add(scope):
            await PlainTextResponse("Only editors may add files.", 403)(scope, receive, send)
            return

        async def send_securely(message: Message) -> None:
            if message["type"] == "http.response.start" and self._is_encrypted:
                message["headers"] = [
                    (name, value + b"; Secure" if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self.app(scope, receive, send_securely)

    def _may_add(self, scope: Scope) -> bool:
        claims = self._entrance.claims(cookie_parser(Headers(scope=scope).get("cookie", "")))
        try:
            return self._entrance.visitor(claims).editor
        except NoEntry:
            return False

    def _may_enter(self, claims: TokenClaims) -> bool:
        try:
            self._entrance.visitor(claims)
        except NoEntry:
            return False
        return True


def _configure(address: str, port: int) -> None:
    """Streamlit's options, all of them: what a .streamlit folder here or in the home says is not read."""
    config.get_config_files = lambda file_name: []
    options: dict[str, object] = {
        "server.address": address,
        "server.port": port,
        # OwnOrigins decides before Streamlit does, and this is what Streamlit is to say if it were asked all the same.
        "server.enableCORS": True,
        "server.corsAllowedOrigins": [],
        "server.enableXsrfProtection": True,
        "server.allowedHosts": [],
        "server.baseUrlPath": "",
        "server.enableStaticServing": False,
        "server.scriptHealthCheckEnabled": False,
        "server.unsafeMetricsUserAttributes": [],
        "client.allowedOrigins": [],
        "browser.serverAddress": "localhost",
        # Who somebody is, only the sign-in tells.
        "server.trustedUserHeaders": {},
        "server.enableAgentApi": False,
        "secrets.files": [],
        "server.maxWidgetStateSize": MOST_SENT_MEGABYTES,
        "server.maxUploadSize": FILE_BYTES // 1_000_000,
        "server.headless": True,
        "server.fileWatcherType": "none",
        # A full collection takes 0.4 s with the models in memory. After each redraw of a running answer that
        # left Python no time for anything else: the models, 16 s to load, were not there after 120 s.
        "runner.postScriptGC": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,  # they would carry an error to a search engine
        "client.toolbarMode": "minimal",
        "browser.gatherUsageStats": False,
        "logger.hideWelcomeMessage": True,
        "logger.level": "warning",
        **{f"theme.{option}": value for option, value in THEME.items()},
    }
    load_config_options(options)


@asynccontextmanager
async def _warm_up(settings: Settings) -> AsyncIterator[None]:
    """Starts to load the models, so that the first visitor need not wait for all of it."""
    opening(settings)
    yield
