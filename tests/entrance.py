"""A sign-in as its file says it, somebody whom it lets in, and the cookies with which a browser comes."""

import json
from collections.abc import Mapping
from pathlib import Path

from provider import CLIENT, CLIENT_SECRET
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

NOW = 1_800_000_000.0
COOKIE_SECRET = "of-the-cookies-and-long-enough-0123456789"
FILE: dict[str, object] = {
    "address": "https://news.example",
    "metadata_url": "https://id.example/.well-known/openid-configuration",
    "client_id": CLIENT,
    "client_secret": CLIENT_SECRET,
    "cookie_secret": COOKIE_SECRET,
    "allowed": ["ada@paper.example", "@desk.example"],
    "admins": ["ada@paper.example"],
}
ADA: dict[str, object] = {
    "is_logged_in": True,
    "iss": "https://id.example",
    "sub": "1",
    "nonce": "n",
    "iat": NOW - 60,
    "email": "ada@paper.example",
    "email_verified": True,
}


def write(path: Path, changed: Mapping[str, object] | None = None) -> Path:
    """The file of a sign-in, with some of its fields changed, or left out when they are None."""
    said = {name: value for name, value in {**FILE, **(changed or {})}.items() if value is not None}
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items()), encoding="utf-8")
    return path


def cookie(claims: Mapping[str, object], secret: str = COOKIE_SECRET, name: str = USER_COOKIE_NAME) -> str:
    """The claims as Streamlit signs them."""
    return create_signed_value(secret, name, json.dumps(claims)).decode()
