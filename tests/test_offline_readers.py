"""Whatever a file makes its reader do, it reaches no network, on the systems that can see to that."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest
from readers import children

from index.reading.workers import Workers

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="only Linux can, on these"
)
TRIES = """
import socket, subprocess, sys
from index.reading.offline import go_offline

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
