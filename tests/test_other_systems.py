"""The program is importable where Python has less than on Linux."""

import subprocess
from pathlib import Path

import pytest

from assistant import checkup
from index.children import ROOT, command, environment

HIDDEN = """
import builtins, importlib, os, pkgutil
OURS = ("index", "assistant", "ui")
anything = builtins.__import__

def hiding(name, importer=None, *others, **named):
    # The libraries know by the name of the system what is there.
    if name in ("fcntl", "resource", "pwd", "grp") and (importer or {}).get("__name__", "").split(".")[0] in OURS:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return anything(name, importer, *others, **named)

builtins.__import__ = hiding
for missing in ("fork", "forkpty", "setpriority", "sched_getaffinity", "sync"):
    delattr(os, missing)
for package in OURS:
    for module in pkgutil.walk_packages([package], f"{package}."):
        importlib.import_module(module.name)
        print(module.name)
"""


def test_every_module_is_imported_without_what_only_linux_has(tmp_path: Path) -> None:
    run = [*command("x")[:2], "-c", HIDDEN]
    ended = subprocess.run(run, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    imported = ended.stdout.split()
    assert {"index.locks", "index.reading.worker", "index.models.loading", "ui.api.tokens"} <= set(imported)


def test_nothing_forks() -> None:
    names = [path for package in ("index", "assistant", "ui") for path in (ROOT / package).rglob("*.py")]
    assert [path.name for path in names if "os.fork" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("system", "name", "limited", "said"),
    [
        ("linux", "Linux", True, "held to its memory and its time"),
        ("darwin", "Darwin", True, "on Darwin what reads a file is held to its time, and not to its memory"),
        (
            "win32",
            "Windows",
            False,
            "on Windows what reads a file is held to neither its memory nor its processor time",
        ),
    ],
)
def test_what_a_system_does_not_hold_readers_to_is_said(
    monkeypatch: pytest.MonkeyPatch, system: str, name: str, limited: bool, said: str
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("platform.system", lambda: name)
    monkeypatch.setattr(checkup, "LIMITED", limited)
    assert said in checkup.system_finding().text
