"""Where the vectors of a generation are: in its own folder, or on a server that the settings name.

A manifest remembers it as "" or ADDRESS#NAME. The name begins with one of the index folder that no other has, so
that several can share a server, and says which generation it is of.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from index.errors import UserError
from index.stores.vectors import VectorHome

POSTGRES = "postgresql://"


def new_store(address: str, index_dir: Path, generation: str) -> str:
    """What to remember of the vectors of a generation that is to be made."""
    return f"{address}#{_prefix(index_dir)}{generation}" if address else ""


def address_of(store: str) -> str:
    """The address of the server, "" for a folder."""
    return store.partition("#")[0]


def home(path: Path, store: str) -> VectorHome:
    """That of the generation in `path`, from what its manifest remembers."""
    address, _, name = store.partition("#")
    if address:
        return _servers(address).home(address, name)
    from index.stores.chroma import ChromaFolder  # takes half a second, and a small index is asked without

    return ChromaFolder(path / "chroma")


def check(address: str) -> None:
    """Nothing when the server answers, or none is needed; raises StoreUnreachable otherwise."""
    if address:
        _servers(address).check(address)


def sweep(address: str, index_dir: Path, generations: Collection[str]) -> None:
    """Remove from the server what was made for the index folder, but for those generations."""
    if address:
        prefix = _prefix(index_dir)
        _servers(address).sweep(address, prefix, {prefix + name for name in generations})


@dataclass(frozen=True, slots=True)
class _Servers:
    """What there is for one kind of server."""

    home: Callable[[str, str], VectorHome]
    check: Callable[[str], None]
    sweep: Callable[[str, str, Collection[str]], None]


def _servers(address: str) -> _Servers:
    """The kind of server that is at the address."""
    if not address.startswith(POSTGRES):
        from index.stores import chroma_server  # as above

        return _Servers(chroma_server.ChromaServer, chroma_server.check, chroma_server.sweep)
    try:
        from index.stores import postgres  # its libraries are an extra
    except ModuleNotFoundError as error:
        raise UserError(f"{address} needs a library that is missing. Run `pip install '.[postgres]'`.") from error
    return _Servers(postgres.PostgresTable, postgres.check, postgres.sweep)


def _prefix(index_dir: Path) -> str:
    """What the names of the folder's vectors begin with: not even a copy of the folder has the same.

    A copy reads what the first one has on the server, and must not remove it.
    """
    file = index_dir / "identity"
    if not file.exists():
        with file.open("w") as fresh:
            fresh.write(secrets.token_hex(16))
            fresh.flush()
            os.fsync(fresh.fileno())  # another identity after a loss of power would forget what is on the server
    identity = f"{file.read_text(encoding='utf-8')} {file.stat().st_ino}"
    return f"newsdesk-{hashlib.sha256(identity.encode()).hexdigest()[:16]}-"
