"""Where the vectors of a generation are: in its own folder, or on a server that the settings name.

A manifest remembers it as "" or ADDRESS#NAME. The name begins with one of the index folder that no other has, so
that several can share a server, and says which generation it is of.
"""

import hashlib
import secrets
from collections.abc import Collection
from pathlib import Path

from index.chroma import ChromaFolder
from index.vectors import VectorHome


def new_store(address: str, index_dir: Path, generation: str) -> str:
    """What to remember of the vectors of a generation that is to be made."""
    return f"{address}#{_prefix(index_dir)}{generation}" if address else ""


def address_of(store: str) -> str:
    """The address of the server, "" for a folder."""
    return store.partition("#")[0]


def home(path: Path, store: str) -> VectorHome:
    """That of the generation in `path`, from what its manifest remembers."""
    address, _, name = store.partition("#")
    if not address:
        return ChromaFolder(path / "chroma")
    from index.chroma_server import ChromaServer

    return ChromaServer(address, name)


def check(address: str) -> None:
    """Nothing when the server answers, or none is needed; raises StoreUnreachable otherwise."""
    if address:
        from index import chroma_server

        chroma_server.check(address)


def sweep(address: str, index_dir: Path, generations: Collection[str]) -> None:
    """Remove from the server what was made for the index folder, but for those generations."""
    if address:
        from index import chroma_server

        prefix = _prefix(index_dir)
        chroma_server.sweep(address, prefix, {prefix + name for name in generations})


def _prefix(index_dir: Path) -> str:
    """What the names of the folder's vectors begin with: not even a copy of the folder has the same.

    A copy reads what the first one has on the server, and must not remove it.
    """
    file = index_dir / "identity"
    if not file.exists():
        file.write_text(secrets.token_hex(16))
    identity = f"{file.read_text()} {file.stat().st_ino}"
    return f"newsdesk-{hashlib.sha256(identity.encode()).hexdigest()[:16]}-"
