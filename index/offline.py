"""A process without a network: no socket can be made in it any more, whatever the file or model that it reads does.

`python -m index.offline MODULE ARGUMENTS` runs a module so.
"""

import ctypes
import errno
import platform
import runpy
import struct
import sys

# Of each kind of processor: how Linux names it to a filter, and the numbers of `socket` and `io_uring_setup`.
_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
_X32_CALLS = 0x4000_0000  # the same calls under other numbers
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # of prctl
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # of a filter's program
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000 | errno.EACCES


def go_offline() -> bool:
    """Whether this process, and all that it starts, can make no socket from now on: on Linux it can be had."""
    if sys.platform != "linux" or platform.machine() not in _CALLS or sys.maxsize < 2**32:
        return False
    kind, *calls = _CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),  # the kind of processor
        (_EQUAL, 0, 5, kind),  # another one's calls are refused: a program for it could make sockets
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, 3, 0, _X32_CALLS),
        *((_EQUAL, 2 - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    described = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if libc.prctl(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), zero, zero, zero) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(described), zero, zero) == 0)


if __name__ == "__main__":
    go_offline()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
