"""The child process that reads files: what it is told, within its limits, one reply for each unit.

A request is [path, count of units already read]. Replies: the unit's name, `true` whenever it takes longer, then its
articles; at the end null.
"""

import json
import logging
import os
import signal
import sys
from dataclasses import asdict
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from index.articles import Article
from index.offline import go_offline
from index.reading.texts.patience import at_work
from index.reading.units import FILE_MEGABYTES, shown, units

try:
    import resource
except ModuleNotFoundError:  # on Windows: there only the time of a reader is limited, by whoever waits for it
    LIMITED = False
else:
    LIMITED = True

UNIT_SECONDS = 20
GROWTH_MEGABYTES = 512
OUT_OF_MEMORY = 77  # exit code


def serve(connection: Connection, folder: Path) -> None:
    """Answer requests until the other end is closed."""
    connection.send_bytes(b"null")
    while True:
        try:
            path, done = json.loads(connection.recv_bytes())
            for unit in islice(units(folder, path), done, None):
                connection.send_bytes(json.dumps(shown(unit.id)).encode())
                _allow_more_processor_time()
                at_work.set(lambda: _tell(connection))
                outcomes = [[isinstance(one, Article), asdict(one)] for one in unit.read()]
                connection.send_bytes(json.dumps(outcomes).encode())
            connection.send_bytes(b"null")
        except (EOFError, ConnectionError):
            return
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # nothing more can be relied on


def _tell(connection: Connection) -> None:
    """Tell the other end that the unit takes longer, each of whose steps is bounded."""
    _allow_more_processor_time()
    connection.send_bytes(b"true")


def limit() -> None:
    """No network, where the system can; no more memory than now and so much; no large file, no core dump.

    Ctrl-C is the parent's business.
    """
    go_offline()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable()
    if LIMITED:
        _limit_resources()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _limit_resources() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) if sys.platform == "linux" else 0
    most = pages * resource.getpagesize() + GROWTH_MEGABYTES * 1_000_000
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    # A converter is handed a file of the largest size that is read, in memory, which this limits as well.
    most_written = FILE_MEGABYTES * 1_000_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_written, most_written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_more_processor_time() -> None:
    """So that a child whose parent is gone does not go on for ever over a hostile file."""
    if not LIMITED:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + UNIT_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    limit()
    serve(Connection(int(sys.argv[1])), Path(sys.argv[2]))
