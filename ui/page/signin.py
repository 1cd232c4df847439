"""Who may enter a page that has a sign-in: those for whom an OpenID provider vouches and whom a file names."""

import hashlib
import json
import logging
import stat
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime.secrets import SecretsValue
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from index.errors import UserError
from ui.listening import is_loopback

CALLBACK = "/oauth2callback"  # where Streamlit expects who comes back from the provider
LEAST_SECRET_CHARACTERS = 32
# A sign-in is good for so long after the provider made it, whose clock may be a little ahead.
SIGNED_IN_SECONDS, AHEAD_SECONDS = 12 * 3600, 300
# Begins the owner of whatever somebody who signed in keeps; ":" is in no owner that a browser names.
USER = "user:"

SIGN_IN = "Sign in to ask the articles."
UNVERIFIED = "Your address has not been verified by whoever signed you in."
UNLISTED = "You are not on the list of who may enter. Ask whoever runs this page."
CLOSED = "Nobody can be let in, since the list of who may enter cannot be read. Tell whoever runs this page."

TokenClaims = Mapping[str, object]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who uses the page; `owner` tells them apart, `address` is "" without a sign-in.

    An admin may rebuild; an editor may add articles, and remove those that they added.
    """

    owner: str
    address: str = ""
    admin: bool = False
    editor: bool = False


class NoEntry(UserError):
    """Why somebody may not enter; `address` is who signed in, "" when nobody has."""

    def __init__(self, sentence: str, address: str = "") -> None:
        super().__init__(sentence)
        self.address = address


def of_browser(name: str) -> Visitor:
    """Whoever uses a page without a sign-in, told apart by the name that their browser was given; they may do all."""
    return Visitor(name.replace(":", ""), admin=True, editor=True)


@dataclass(frozen=True, slots=True)
class _Written:
    """What the file says. `allowed`, `admins` and `editors` hold addresses, and "@domain" for all of a domain."""

    address: str
    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    allowed: tuple[str, ...]
    admins: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


class SignIn:
    """A page's sign-in, by a file whose lists are read again as soon as it has changed.

    Raises UserError when the file cannot be used, or others can read it.
    """

    def __init__(self, path: Path, index_dir: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        if path.absolute().resolve().is_relative_to(index_dir.absolute().resolve()):
            raise UserError(f"{path} holds secrets and lies in the index folder. Move it elsewhere.")
        self._stamp = self._stamped()
        self._written = self._latest = _read(path)
        self._ended: dict[str, float] = {}  # sign-ins that were ended, and when they would have been over anyway

    @property
    def address(self) -> str:
        """What browsers call the page, without a slash at its end."""
        return self._written.address

    @property
    def cookie_secret(self) -> str:
        """What signs Streamlit's cookies."""
        return self._written.cookie_secret

    def secrets(self) -> dict[str, SecretsValue]:
        """What Streamlit's sign-in needs, as it wants it."""
        return {
            "auth": {
                "redirect_uri": self.address + CALLBACK,
                "cookie_secret": self.cookie_secret,
                "client_id": self._written.client_id,
                "client_secret": self._written.client_secret,
                "server_metadata_url": self._written.metadata_url,
            }
        }

    def visitor(self, claims: TokenClaims) -> Visitor:
        """Who the provider says it is; raises NoEntry for whoever may not enter, or may no more."""
        name, made, issuer, subject = (claims.get(key) for key in ("email", "iat", "iss", "sub"))
        age = self._clock() - made if isinstance(made, int | float) else float("inf")
        is_current = -AHEAD_SECONDS <= age < SIGNED_IN_SECONDS and _key(claims) not in self._ended
        if claims.get("is_logged_in") is not True or not (is_current and issuer and subject and claims.get("nonce")):
            raise NoEntry(SIGN_IN)
        if not isinstance(name, str) or claims.get("email_verified") is not True:
            raise NoEntry(UNVERIFIED, str(name or subject))
        lists = self._lists()
        if not _is_named(name, lists.allowed):
            raise NoEntry(UNLISTED, name)
        # Addresses are given to other people in time; the provider's own name for somebody never is.
        owner = hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()
        admin = _is_named(name, lists.admins)
        return Visitor(USER + owner, name, admin, admin or _is_named(name, lists.editors))

    def end(self, claims: TokenClaims) -> None:
        """From now on the sign-in that made these claims opens nothing, be it in another window or copied."""
        now = self._clock()
        self._ended = {key: over for key, over in self._ended.items() if over > now}
        if claims:
            self._ended[_key(claims)] = now + SIGNED_IN_SECONDS + AHEAD_SECONDS

    def claims(self, cookies: Mapping[str, str]) -> TokenClaims:
        """What the provider said of who sends these cookies; none when they are not this page's own."""

        def unsigned(name: str) -> bytes | None:
            return decode_signed_value(self.cookie_secret, name, cookies.get(name, ""))

        found = get_cookie_with_chunks(unsigned, USER_COOKIE_NAME)
        claims = json.loads(found) if found else {}
        return claims if claims.get("origin") == self.address else {}

    def _lists(self) -> _Written:
        """The file as it is now, of which only the lists count; raises NoEntry when it cannot be read."""
        try:
            if (stamp := self._stamped()) != self._stamp:
                self._latest = _read(self._path)
                self._stamp = stamp
        except UserError as error:
            logger.warning("%s", error)
            raise NoEntry(CLOSED) from None
        return self._latest

    def _stamped(self) -> tuple[int, int, int]:
        """Another one for every file that was written; raises UserError when there is none, or others can read it."""
        try:
            found = self._path.stat()
        except OSError as error:
            raise UserError(f"The sign-in file {self._path} cannot be read ({error.strerror}).") from None
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise UserError(f"Other accounts may use {self._path}, which holds secrets. Run `chmod 600` on it.")
        return found.st_mtime_ns, found.st_ino, found.st_size


def _read(path: Path) -> _Written:
    """What the file says; raises UserError, which repeats no value, when it is not complete."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = "it is no TOML" if isinstance(error, ValueError) else error.strerror
        raise UserError(f"The sign-in file {path} cannot be read ({why}).") from None
    names = {one.name: one.type for one in fields(_Written)}
    if unknown := sorted(written.keys() - names.keys()):
        raise UserError(f"{path} says {unknown[0]!r}, which is not known. There are {', '.join(names)}.")
    for name in names:
        value = written.setdefault(name, [] if name in ("admins", "editors") else None)
        if name in ("allowed", "admins", "editors"):
            written[name] = _checked_list(path, name, value)
        elif not isinstance(value, str) or not value:
            raise UserError(f'{path} has no {name}. Write {name} = "…" into it, as docs/OPERATING.md shows.')
    if not written["allowed"]:
        raise UserError(f'{path} lets nobody in. Write allowed = ["ada@paper.example", "@desk.example"], for example.')
    if len(written["cookie_secret"]) < LEAST_SECRET_CHARACTERS:
        raise UserError(f"{path} has a cookie_secret of less than {LEAST_SECRET_CHARACTERS} characters. Draw a longer.")
    for name in ("address", "metadata_url"):
        _check_address(path, name, written[name])
    return _Written(**written | {"address": written["address"].rstrip("/").lower()})


def _checked_list(path: Path, name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and "@" in one[:-1] for one in value):
        raise UserError(
            f'{path}: {name} is no list of addresses. Write {name} = ["ada@paper.example", "@desk.example"].'
        )
    return tuple(one.strip().lower() for one in value)


def _check_address(path: Path, name: str, value: str) -> None:
    """Nothing for an https address, or one of this machine; the page's own has nothing behind its host."""
    parts = urlsplit(value)
    host = parts.hostname or ""
    is_encrypted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    if not host or not is_encrypted or parts.username or (name == "address" and parts.path.strip("/")):
        raise UserError(f"{path}: {name} is no address such as https://news.example, or is not encrypted.")


def _is_named(address: str, names: tuple[str, ...]) -> bool:
    """Whether the list has the address, or all of its domain."""
    person, _, domain = address.strip().lower().rpartition("@")
    return bool(person) and (f"{person}@{domain}" in names or f"@{domain}" in names)


def _key(claims: TokenClaims) -> str:
    """Which sign-in it was: the provider repeats what was drawn for it."""
    return f"{claims.get('iss')} {claims.get('nonce')}"
