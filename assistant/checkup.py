"""What is installed, which models run on what, and whether the index is sound."""

import platform
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from assistant.models.chosen import language_model_verdict
from assistant.opening import embedding_verdict, load_embedding
from assistant.settings import Settings, read_settings
from index.errors import UserError
from index.generations.pointer import open_current
from index.generations.verification import verify
from index.models import weights
from index.models.ladder import Verdict
from index.models.processor import processor
from index.reading.readers.olddoc import CONVERTERS
from index.reading.texts import programs
from index.reading.texts.recognition import installed_languages
from index.search import search
from index.stores.addresses import POSTGRES, check
from index.stores.vectors import LEAST_RECALL

LIBRARIES = (
    "openvino",
    "openvino-genai",
    "sentence-transformers",
    "torch",
    "chromadb",
    "llama-index-core",
    "streamlit",
)
# Not on Windows.
LIMITED = find_spec("resource") is not None
LOW_DISK_BYTES = 2_000_000_000
REACHED_SECONDS = 3.0
# The way to run an embedding that others are held to, several times slower where they run.
TORCH = "torch"
PORTS = {"http": 80, "https": 443, "postgresql": 5432}


@dataclass(frozen=True, slots=True)
class CheckupLine:
    """One line of a checkup; an unhealthy one says what to do."""

    healthy: bool
    text: str


def checkup(index_dir: Path | None = None, measure: bool = False) -> Iterator[CheckupLine]:
    """The findings one by one, as they are made: seconds to load the embedding, and to `measure` minutes."""
    yield CheckupLine(True, f"newsdesk {version('newsdesk')}, Python {platform.python_version()}")
    yield CheckupLine(True, ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    settings = read_settings(index_dir=index_dir)
    yield CheckupLine(not settings.notice, f"profile {settings.profile}. {settings.notice}".strip())
    for state in weights.describe(settings.models_dir):
        here = f"here, {state.disk_bytes / 1e6:,.0f} MB" if state.installed else "not fetched"
        needed = state.name in (settings.embedding, settings.language_model)
        advice = f"; run `newsdesk models fetch {state.name}`" if needed and not state.installed else ""
        yield CheckupLine(state.installed or not needed, f"{state.role} {state.name}: {here}{advice}")
    if settings.model_address:
        yield server_finding(settings)
    yield store_finding(settings)
    yield from model_findings(settings, measure)
    yield system_finding()
    yield from program_lines()
    yield from _index_findings(settings)
    for folder in {settings.models_dir, settings.index_dir}:
        free = shutil.disk_usage(_existing(folder)).free
        advice = "" if free > LOW_DISK_BYTES else "; free some space, a rebuild may not fit"
        yield CheckupLine(free > LOW_DISK_BYTES, f"{free / 1e9:,.1f} GB free for {folder}{advice}")


def program_lines() -> Iterator[CheckupLine]:
    """Which programs of this machine read pictures and old Word documents; it does well without them."""
    if languages := [one for one in installed_languages() if one != "osd"]:
        yield CheckupLine(True, f"text in pictures is recognised by Tesseract, in {', '.join(languages)}")
    else:
        yield CheckupLine(True, "text in pictures is not recognised: install Tesseract (tesseract-ocr) for that")
    converter = programs.found(*CONVERTERS)
    told = f"read by {Path(converter).name}" if converter else "not read: install catdoc or antiword for that"
    yield CheckupLine(True, f"Word documents of before 2007 are {told}")


def server_finding(settings: Settings) -> CheckupLine:
    """Where the language model answers, whether anything does, and whether excerpts of articles go elsewhere."""
    text = f"language model {settings.language_model} is asked at {settings.model_address}"
    return _reached(settings.model_address, text, "excerpts of your articles leave this machine")


def store_finding(settings: Settings) -> CheckupLine:
    """Where the next rebuild keeps the vectors, and whether that answers."""
    if not settings.store:
        return CheckupLine(True, "the vectors of passages are kept in the index's folder")

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
            return CheckupLine(False, str(error))
    return finding


def _reached(url: str, text: str, leaving: str) -> CheckupLine:
    """The text as a finding: that nothing answers there, or that it is another machine."""
    address = urlsplit(url)
    port = address.port or PORTS[address.scheme]
    try:
        with socket.create_connection((address.hostname or "", port), REACHED_SECONDS) as connection:
            here = ip_address(connection.getpeername()[0]).is_loopback
    except OSError as error:
        return CheckupLine(False, f"{text}, which cannot be reached ({error.strerror or error}); start the server")
    return CheckupLine(True, text if here else f"{text}: {leaving}")


def model_findings(settings: Settings, anew: bool = False) -> Iterator[CheckupLine]:
    """How the models run on this processor, and how each other way to run them would; measured `anew` or as known."""
    yield CheckupLine(True, f"processor {processor()}")
    try:
        yield from verdict_findings(settings.embedding, embedding_verdict(settings, anew))
        if written := language_model_verdict(settings, anew):
            yield from verdict_findings(settings.language_model, written)
    except UserError as error:
        yield CheckupLine(False, str(error))


def verdict_findings(model: str, verdict: Verdict) -> Iterator[CheckupLine]:
    """What is in use, unhealthy when it is the slowest way for want of another, and each way that was tried."""
    used = verdict.chosen or "nothing"
    others = len(verdict.trials) > 1 and all(trial.refusal for trial in verdict.trials if trial.candidate != used)
    slow = used == TORCH and others
    yield CheckupLine(
        not slow and bool(verdict.chosen),
        f"{model} runs on {used}, the {'only' if others else 'best'} way that is right here "
        f"(measured {verdict.measured}; `newsdesk doctor --measure` does it anew)",
    )
    for trial in verdict.trials:
        measures = (
            f"{trial.speed:,.0f} tokens a second" if trial.speed else "",
            f"a question in {trial.milliseconds:.1f} ms" if trial.milliseconds else "",
            f"agreement {trial.agreement:.4f}" if trial.agreement else "",
            f"{trial.neighbours:.1%} of neighbours the same" if trial.neighbours else "",
            f"not used: {trial.refusal}" if trial.refusal else "",
        )
        yield CheckupLine(True, f"  {trial.candidate}: {', '.join(filter(None, measures))}")


def system_finding() -> CheckupLine:
    """What this system does not do for the program."""
    if LIMITED and sys.platform == "linux":
        return CheckupLine(True, "what reads a file is held to its memory and its time")
    held = "its time, and not to its memory" if LIMITED else "neither its memory nor its processor time"
    return CheckupLine(
        True, f"on {platform.system()} what reads a file is held to {held}: index only files that you trust"
    )


def _index_findings(settings: Settings) -> Iterator[CheckupLine]:

    try:
        generation = open_current(settings.index_dir)
        manifest = generation.manifest
        if generation.notice:
            yield CheckupLine(False, generation.notice)
        yield CheckupLine(
            True,
            f"index {manifest.name} of {manifest.folder}, made {manifest.created} with {manifest.embedding}: "
            f"{manifest.article_count:,} articles, {manifest.passage_count:,} passages, "
            f"{len(manifest.skipped):,} files skipped",
        )
        yield CheckupLine(
            manifest.recall >= LEAST_RECALL, f"the vector store finds {manifest.recall:.1%} of the nearest passages"
        )
        verify(generation.path)
        yield CheckupLine(True, f"every file of {manifest.name} is as it was written, and its passages are found")
        embedding = load_embedding(settings, manifest.embedding)
        newest = generation.articles()[0]
        found = search(newest.title, generation, embedding, top=1)
        yield CheckupLine(bool(found), f"searching for the title of {newest.id} finds {len(found)} sentence")
    except UserError as error:
        yield CheckupLine(False, str(error))


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder
