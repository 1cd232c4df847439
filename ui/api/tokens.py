"""Tokens that let programs in: shown once when they are made, kept as hashes in a file beside the index."""

import hmac
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe

from filelock import FileLock

from index.errors import UserError

FILE = "tokens.json"
SECRET_BYTES = 32
# Searched for by tools that look for secrets where none should be.
PREFIX = "newsdesk_"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Token:
    """Whose a token is; an admin may also start a rebuild."""

    name: str
    admin: bool
    created: str  # ISO date and time with zone
    sha256: str  # of the token itself, which is kept nowhere


class Tokens:
    """The tokens of an index, from a file that is read again as soon as it has changed.

    Every method raises UserError when the file cannot be read or written.
    """

    def __init__(self, index_dir: Path) -> None:
        self._path = index_dir / FILE
        self._mark = self._path.with_suffix(".made")  # outlasts the file
        self._were = False
        self._read: tuple[tuple[int, int], tuple[Token, ...]] | None = None

    @property
    def needed(self) -> bool:
        """Whether a token has ever been made: when the last one is revoked, or the file is gone, nobody is let in."""
        self._were = self._were or self._stamp() is not None or self._mark.exists()
        return self._were

    def all(self) -> tuple[Token, ...]:
        """The tokens, in the order in which they were made."""
        stamp = self._stamp()
        if stamp is None:
            return ()
        if self._read is None or self._read[0] != stamp:
            self._read = stamp, self._load()
        return self._read[1]

    def owner(self, secret: str) -> Token | None:
        """Whose token the secret is, None when it is nobody's."""
        given = _hash(secret)
        found = None
        for token in self.all():  # every one of them, so that time tells nothing
            if hmac.compare_digest(token.sha256, given):
                found = token
        return found

    def create(self, name: str, admin: bool = False) -> str:
        """The secret of a new token; UserError when the name is taken or no name."""
        if not NAME.fullmatch(name):
            raise UserError(f"{name!r} cannot name a token. Use up to 40 letters, digits, dots, dashes, underscores.")
        secret = PREFIX + token_urlsafe(SECRET_BYTES)
        with self._changing():
            if name in [token.name for token in self.all()]:
                raise UserError(f"There is a token {name} already. `newsdesk token revoke {name}` takes it back.")
            created = datetime.now().astimezone().isoformat(timespec="seconds")
            self._write([*self.all(), Token(name, admin, created, _hash(secret))])
        return secret

    def revoke(self, name: str) -> None:
        """From now on the token opens nothing; UserError when there is none of that name."""
        with self._changing():
            left = [token for token in self.all() if token.name != name]
            if len(left) == len(self.all()):
                raise UserError(f"There is no token {name!r}. `newsdesk token list` shows them.")
            self._write(left)

    def _stamp(self) -> tuple[int, int] | None:
        """Another one for every file that was written, None when there is none."""
        try:
            found = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unreadable(error) from error
        return found.st_mtime_ns, found.st_ino

    def _load(self) -> tuple[Token, ...]:
        try:
            return tuple(Token(**fields) for fields in json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> UserError:
        return UserError(f"{self._path} cannot be read ({type(error).__name__}). Delete it and make the tokens anew.")

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Held by one process at a time."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._path.with_suffix(".lock")).acquire()
        except OSError as error:
            raise UserError(f"No token can be kept in {self._path.parent} ({error.strerror}).") from error
        with lock:
            yield

    def _write(self, tokens: Sequence[Token]) -> None:
        fresh = self._path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)  # what is left of a write that was cut short may be open to others
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump([asdict(token) for token in tokens], file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            self._mark.touch(mode=0o600)
            fresh.replace(self._path)
        except OSError as error:
            raise UserError(f"The token cannot be kept in {self._path} ({error.strerror}).") from error


def _hash(secret: str) -> str:
    # Of 32 random bytes: nobody finds them by trying, so that a slow hash would only make every request slow.
    return sha256(secret.encode(errors="replace")).hexdigest()
