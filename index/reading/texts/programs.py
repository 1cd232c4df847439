"""Programs of this machine that read what no library of ours does, if they are installed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from index.errors import TookTooLong, Unreadable

# What one of them may write: of a file of the largest size that is read, all.
_OUTPUT_BYTES = 20_000_000


@cache
def found(*names: str) -> str:
    """Where the first of these programs is installed, "" for none; what lies in the working directory is none."""
    folders = [one for one in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(one).is_absolute()]
    paths = (shutil.which(name, path=os.pathsep.join(folders)) or "" for name in names)
    return next((path for path in paths if Path(path).is_absolute()), "")


def run(command: Sequence[str], content: bytes, seconds: float) -> bytes:
    """What the program writes for these bytes, whose place in memory stands for "{file}" in the command.

    It runs within the limits of this process: no network, so much memory. Raises Unreadable when it fails.
    """
    place = _memory()
    try:
        with os.fdopen(place, "wb", closefd=False) as file:
            file.write(content)
        done = subprocess.run(
            [part.replace("{file}", f"/dev/fd/{place}") for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(place,),
            env={"PATH": os.environ.get("PATH", ""), "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong(f"reading it took over {seconds:.0f} seconds") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise Unreadable("it cannot be read by the program for such files; save it anew") from error
    finally:
        os.close(place)
    return done.stdout[:_OUTPUT_BYTES]


def _memory() -> int:
    """A file without a name, in memory where the system can, which is gone once it is closed."""
    if sys.platform == "linux":
        return os.memfd_create("newsdesk")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
