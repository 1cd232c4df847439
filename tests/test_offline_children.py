"""Whatever a file or a model makes its process do, it reaches no network, on the systems that can see to that."""

import ast
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding
from readers import children

from index.children import ROOT, environment, offline_command
from index.generations.pointer import open_current
from index.reading.workers import Workers
from index.rebuild import rebuild

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="only Linux can, on these"
)
TRIES = """
import socket, subprocess, sys
from index.offline import go_offline

assert go_offline()
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
    try:
        socket.socket(family, socket.SOCK_DGRAM)
    except PermissionError:
        print("refused")
try:
    socket.create_connection(("127.0.0.1", 9))
except PermissionError:
    print("refused")
print(subprocess.run([sys.executable, "-c", "import socket; socket.socket()"], capture_output=True).returncode)
print(len(open("/proc/self/status").read()) > 0)
"""


def test_an_offline_process_and_what_it_starts_make_no_socket() -> None:
    done = subprocess.run([sys.executable, "-c", TRIES], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused"] * 5 + ["1", "True"]


def test_the_readers_of_a_rebuild_are_offline(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><p>The bridge opened again on Monday.</p></body></html>")
    with Workers(tmp_path, 1) as readers:
        [[article]] = readers.read(["a.html"])
        [reader] = children()
        status = Path(f"/proc/{reader}/status").read_text(encoding="utf-8")
    assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status
    assert "bridge" in getattr(article, "text", "")


def test_a_child_that_needs_no_network_has_none(tmp_path: Path) -> None:
    (tmp_path / "reach.py").write_text(
        "import socket, sys\ntry:\n    socket.socket()\nexcept PermissionError:\n    print('refused', *sys.argv[1:])\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        offline_command("reach", "a", "b"),
        capture_output=True,
        text=True,
        check=True,
        env=environment(PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path}"),
    )
    assert done.stdout.split() == ["refused", "a", "b"]


def test_only_children_that_need_a_network_have_one() -> None:
    """pip brings models; a rebuild, and what verifies one, may have an index on a server."""
    started: dict[str, set[str]] = {"command": set(), "offline_command": set()}
    for file in (file for package in ("index", "assistant", "ui") for file in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in started:
                started[node.func.id].add(getattr(node.args[0], "value", "") if node.args else "")
    alone = {
        "index.generations.verification",
        "index.reading.picturing",
        "index.reading.worker",
    }  # these see to it themselves
    assert started["command"] - {"", "index.offline"} == alone | {"pip", "ui.cli"}
    assert started["offline_command"] == {""}  # those that try a model, and those that convert one


def test_the_process_that_verifies_is_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_in_this_process(monkeypatch)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.txt").write_text("The bridge opened again on Monday.", encoding="utf-8")
    rebuild(tmp_path / "a", tmp_path / "index", HashingEmbedding)
    folder = open_current(tmp_path / "index").path
    program = (
        "import sys, index.generations.verification as v\n"
        "v.problem_of = lambda generation: next(line for line in open('/proc/self/status') if 'Seccomp:' in line)\n"
        "v.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=f"{folder}\n", capture_output=True, text=True, env=environment()
    )
    assert done.stdout.split() == ["Seccomp:", "2"]
