"""Where the command is run lies what anybody may have written: no process of ours takes code or settings from there."""

import os
import subprocess
import sys
from contextlib import closing
from importlib.metadata import packages_distributions
from pathlib import Path

import chromadb.config
import pytest
from sources import SOURCES

from index.children import ROOT, command, environment
from index.reading.texts import programs
from index.stores.chroma import ChromaFolder

OURS = ("assistant", "index", "ui", "bench")
TRAP = "print(__name__, file=open({marker!r}, 'w'))\nraise SystemExit('code from the folder ran')\n"


@pytest.fixture
def trapped(tmp_path: Path) -> Path:
    """A folder with an article, and a module for every name that anything might import; each leaves a marker."""
    folder = tmp_path / "articles"
    folder.mkdir()
    names = {*packages_distributions(), *sys.stdlib_module_names, *OURS, "sitecustomize", "usercustomize", "pip"}
    for name in names:
        (folder / f"{name}.py").write_text(TRAP.format(marker=str(tmp_path / "marker")))
    (folder / ".env").write_text("chroma_api_impl = evil.Api\nchroma_server_host = 203.0.113.7\n")
    (folder / "bridge.txt").write_text(
        "The iron bridge in Marlow reopened on 4 March. Engineer Ada Finch led the repair.\n"
    )
    return folder


def marker(folder: Path) -> str:
    """The name of the module of the folder that ran, "" when none did."""
    file = folder.with_name("marker")
    return file.read_text() if file.exists() else ""


def test_the_traps_would_be_noticed(trapped: Path) -> None:
    subprocess.run([sys.executable, "-c", "import numpy"], cwd=trapped, capture_output=True)
    assert marker(trapped) == "numpy\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "module",
    [
        "index.reading.worker",
        "index.reading.picturing",
        "index.generations.verification",
        "index.models.conversion",
        "assistant.models.int8_rows",
        "ui.cli",
        "pip",
    ],
)
def test_a_child_imports_nothing_from_the_working_directory(
    trapped: Path, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", f".{os.pathsep}")
    subprocess.run(
        command(module, "x", "y"), cwd=trapped, env=environment(), stdin=subprocess.DEVNULL, capture_output=True
    )
    assert marker(trapped) == ""


@pytest.mark.slow
def test_a_rebuild_started_among_the_articles_runs_none_of_them(trapped: Path, tmp_path: Path) -> None:
    told = {"NEWSDESK_PROFILE": "light", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ui.cli", "index", ".", "--index-dir", str(tmp_path / "index")],
        cwd=trapped,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
    )
    assert "1 articles indexed" in done.stdout, done.stderr
    assert marker(trapped) == ""


def test_a_grandchild_imports_nothing_from_the_working_directory(trapped: Path) -> None:
    started = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import numpy'])"
    subprocess.run([sys.executable, "-P", "-c", started], cwd=trapped, env=environment(), capture_output=True)
    assert marker(trapped) == ""


def test_python_is_started_in_one_place() -> None:
    named = [str(path.relative_to(ROOT)) for path in SOURCES if "sys.executable," in path.read_text()]
    assert named == ["index/children.py"]


def test_settings_of_the_vector_store_are_not_read_from_the_working_directory(
    trapped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trapped)
    assert chromadb.config.Settings().chroma_server_host == "203.0.113.7"  # as the library by itself would do
    (tmp_path / "generation").mkdir()
    with closing(ChromaFolder(tmp_path / "generation").create()) as vectors:
        assert vectors.count() == 0


@pytest.mark.parametrize("before", ["", ".", "articles"])
def test_no_program_that_lies_in_the_working_directory_is_run(
    trapped: Path, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (trapped / "engine", trapped / "articles" / "engine", trapped.with_name("tools") / "engine"):
        place.parent.mkdir(exist_ok=True)
        place.write_text("#!/bin/sh\n")
        place.chmod(0o755)
    monkeypatch.chdir(trapped)
    monkeypatch.setenv("PATH", before)
    programs.found.cache_clear()
    assert programs.found("engine", "another") == ""
    monkeypatch.setenv("PATH", f"{before}{os.pathsep}{trapped.with_name('tools')}")
    programs.found.cache_clear()
    assert programs.found("another", "engine") == str(trapped.with_name("tools") / "engine")
    programs.found.cache_clear()
