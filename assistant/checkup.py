"""What is installed, which models run on what, and whether the index is sound."""

import platform
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from assistant.settings import Settings, read_settings
from index import weights
from index.errors import UserError

LIBRARIES = (
    "openvino",
    "openvino-genai",
    "sentence-transformers",
    "torch",
    "chromadb",
    "llama-index-core",
    "streamlit",
)
LOW_DISK_BYTES = 2_000_000_000
REACHED_SECONDS = 3.0
PORTS = {"http": 80, "https": 443, "postgresql": 5432}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a checkup; an unhealthy one says what to do."""

    healthy: bool
    text: str


def checkup(index_dir: Path | None = None) -> Iterator[Finding]:
    """The findings one by one, as they are made; loads the embedding model, which takes seconds."""
    yield Finding(True, f"newsdesk {version('newsdesk')}, Python {platform.python_version()}")
    yield Finding(True, ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    settings = read_settings(index_dir=index_dir)
    yield Finding(not settings.notice, f"profile {settings.profile}. {settings.notice}".strip())
    for state in weights.describe(settings.models_dir):
        here = f"here, {state.disk_bytes / 1e6:,.0f} MB" if state.installed else "not fetched"
        needed = state.name in (settings.embedding, settings.language_model)
        advice = f"; run `newsdesk models fetch {state.name}`" if needed and not state.installed else ""
        yield Finding(state.installed or not needed, f"{state.role} {state.name}: {here}{advice}")
    if settings.model_address:
        yield server_finding(settings)
    yield store_finding(settings)
    yield from _index_findings(settings)
    for folder in {settings.models_dir, settings.index_dir}:
        free = shutil.disk_usage(_existing(folder)).free
        advice = "" if free > LOW_DISK_BYTES else "; free some space, a rebuild may not fit"
        yield Finding(free > LOW_DISK_BYTES, f"{free / 1e9:,.1f} GB free for {folder}{advice}")


def server_finding(settings: Settings) -> Finding:
    """Where the language model answers, whether anything does, and whether excerpts of articles go elsewhere."""
    text = f"language model {settings.language_model} is asked at {settings.model_address}"
    return _reached(settings.model_address, text, "excerpts of your articles leave this machine")


def store_finding(settings: Settings) -> Finding:
    """Where the next rebuild keeps the vectors, and whether that answers."""
    if not settings.store:
        return Finding(True, "the vectors of passages are kept in the index's folder")
    from index.homes import POSTGRES, check

    kept, leaving = "vectors", "vectors"
    if settings.store.startswith(POSTGRES):
        kept, leaving = "vectors and words", "vectors, words"
    text = f"the {kept} of passages are kept on the index server at {settings.store}"
    leaving += ", dates, outlets and folders of your articles leave this machine"
    finding = _reached(settings.store, text, leaving)
    if finding.healthy:
        try:
            check(settings.store)
        except UserError as error:
            return Finding(False, str(error))
    return finding


def _reached(url: str, text: str, leaving: str) -> Finding:
    """The text as a finding: that nothing answers there, or that it is another machine."""
    address = urlsplit(url)
    port = address.port or PORTS[address.scheme]
    try:
        with socket.create_connection((address.hostname or "", port), REACHED_SECONDS) as connection:
            here = ip_address(connection.getpeername()[0]).is_loopback
    except OSError as error:
        return Finding(False, f"{text}, which cannot be reached ({error.strerror or error}); start the server")
    return Finding(True, text if here else f"{text}: {leaving}")


def _index_findings(settings: Settings) -> Iterator[Finding]:
    from assistant.settings import load_embedding
    from index.generations import open_current
    from index.search import search
    from index.vectors import LEAST_RECALL
    from index.verification import verify

    try:
        generation = open_current(settings.index_dir)
        manifest = generation.manifest
        if generation.notice:
            yield Finding(False, generation.notice)
        yield Finding(
            True,
            f"index {manifest.name} of {manifest.folder}, made {manifest.created} with {manifest.embedding}: "
            f"{manifest.article_count:,} articles, {manifest.passage_count:,} passages, "
            f"{len(manifest.skipped):,} files skipped",
        )
        yield Finding(
            manifest.recall >= LEAST_RECALL, f"the vector store finds {manifest.recall:.1%} of the nearest passages"
        )
        verify(generation.path)
        yield Finding(True, f"every file of {manifest.name} is as it was written, and its passages are found")
        embedding = load_embedding(settings, manifest.embedding)
        reason = f", because {embedding.fallback_reason}" if embedding.fallback_reason else ""
        yield Finding(not reason, f"embedding {embedding.model_name} runs on {embedding.backend}{reason}")
        newest = generation.articles()[0]
        found = search(newest.title, generation, embedding, top=1)
        yield Finding(bool(found), f"searching for the title of {newest.id} finds {len(found)} sentence")
    except UserError as error:
        yield Finding(False, str(error))


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder
