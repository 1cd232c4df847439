"""How a process of this program is started, whatever lies in the working directory, and told from any other."""

import os
import subprocess
import sys
from pathlib import Path

# Where the packages are, so that a child finds them when the program is not installed.
ROOT = Path(__file__).resolve().parent.parent


def command(module: str, *arguments: str) -> list[str]:
    """The command that runs the module in a fresh interpreter, which imports nothing from the working directory."""
    return [sys.executable, "-P", "-m", module, *arguments]


def offline_command(module: str, *arguments: str) -> list[str]:
    """As `command`, for a module that needs no network; where the system can see to that, it has none."""
    return command("index.offline", module, *arguments)


def run_offline(
    module: str, *arguments: str, seconds: float | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """How the module ended in a process of its own without a network, and what it printed.

    Raises TimeoutExpired when it has not ended after so many seconds.
    """
    return subprocess.run(
        offline_command(module, *arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment(**variables),
        timeout=seconds,
    )


def environment(**variables: str) -> dict[str, str]:
    """This process's environment with `variables`; the packages are found first, and nothing by a relative path.

    What the child itself starts with Python imports nothing from the working directory either.
    """
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(path).is_absolute()]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *paths]), "PYTHONSAFEPATH": "1", **variables}


def birth(pid: int) -> str:
    """When the process of that number began, by the system's own count; "" when there is none, or nothing tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()  # its name may hold anything
    except OSError:
        return ""
    return fields[19].decode()
