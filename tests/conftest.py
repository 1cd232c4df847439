"""What tests share: an embedding, a folder of three articles and its index, a browser, a server for vectors."""

import re
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fakes import HashingEmbedding

from index.articles import Article, Skipped
from index.reading.units import read_file
from index.reading.workers import Workers
from index.rebuild import rebuild

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from stores import StoreProcess


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for every test that looks at the page."""
    from pages import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def embedding() -> HashingEmbedding:
    return HashingEmbedding()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles: an English one with front matter, an Italian one, and a Ukrainian one."""
    return _write_articles(tmp_path / "articles")


@pytest.fixture(scope="session")
def _indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scratch = tmp_path_factory.mktemp("indexed")
    rebuild(_write_articles(scratch / "articles"), scratch / "index", HashingEmbedding)
    return scratch / "index"


@pytest.fixture
def index_dir(_indexed: Path, tmp_path: Path) -> Path:
    """A copy of the index of these articles: a test that only asks need not make one, which takes a second."""
    return shutil.copytree(_indexed, tmp_path / "index")


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return read_in_this_process(monkeypatch)


@pytest.fixture
def server(running: "StoreProcess") -> "StoreProcess":
    """The server for vectors that a file's tests share, which one before may have ended, with nothing stored in it."""
    if not running.runs:
        running.start()
    for name in running.names:
        running.remove(name)
    return running


def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read from now on, in this process: to start one for them takes longer than all the rest."""
    files: list[str] = []

    def read_here(workers: Workers, paths: Sequence[str]) -> list[list[Article | Skipped]]:
        files.extend(paths)
        return [read_file(workers._folder, path) for path in paths]

    monkeypatch.setattr(Workers, "read", read_here)
    return files


def _write_articles(folder: Path) -> Path:
    folder.mkdir()
    (folder / "bridge.md").write_text(
        "---\ntitle: The bridge reopens\npublished: 2024-03-05\nlanguage: en\nsource: The Daily Wren\n---\n\n"
        "The iron bridge in Marlow reopened on 4 March. Engineer Ada Finch led the repair.\n\n"
        "It cost 3,200 crowns. Traffic was light.\n"
    )
    (folder / "mercato.md").write_text(
        "---\ntitle: Il mercato torna in piazza\npublished: 2024-05-20\nlanguage: it\nsource: Il Colle\n---\n\n"
        "Il mercato di Collina torna in piazza. Le bancarelle sono 48.\n"
    )
    (folder / "snih.txt").write_text("Снiг випав у Карпатах. Дорогу закрили на два дні.\n")
    return folder


def pytest_configure() -> None:
    """Let signals end the processes that tests start, also when a shell has begun all this in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last lines say which parts ran: models, the page in Chromium and Tesseract may not be on this machine."""
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    parts = {
        "light profile": "test_real_models.py.*light",
        "full profile": "test_real_models.py.*full",
        "language model": "test_embedded_model.py",
        "page in Chromium": "test_page.py",
        "text recognition": "test_real_recognition.py",
    }
    for part, pattern in parts.items():
        count = sum(bool(re.search(pattern, name)) for name in passed)
        terminalreporter.write_line(f"{part}: {f'{count} tests passed' if count else 'not run'}")
