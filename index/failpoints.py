"""Named places where a test makes a rebuild die or its disk fill up: NEWSDESK_FAILPOINT=NAME or NAME:full."""

import errno
import os
import signal


def failpoint(name: str) -> None:
    """Nothing, unless the environment names this place: then the process is killed, or ENOSPC is raised."""
    wanted = os.environ.get("NEWSDESK_FAILPOINT")
    if wanted == name:
        os.kill(os.getpid(), signal.SIGKILL)
    if wanted == f"{name}:full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
