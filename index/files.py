"""The files of a folder, and their bytes: regular files inside it only."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from index.errors import Unreadable, UserError

_LINK = "it is a symbolic link; put the file itself into the folder"


def list_files(folder: Path) -> list[str]:
    """The paths of all files below `folder`, relative and with forward slashes, sorted.

    Hidden files and folders are left out. A symbolic link is listed, never followed; so is a folder that may
    not be opened: `open_file` tells why either is skipped. Raises UserError without such a folder.
    """
    if not folder.is_dir():
        problem = "is no folder" if folder.exists() else "does not exist"
        raise UserError(f"{folder} {problem}. Give the folder that holds your articles.")
    paths: list[str] = []
    closed: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(parent, name).is_symlink()]
        # A Path for each file took half the time of a rebuild that finds nothing changed.
        before = "" if Path(parent) == folder else f"{Path(parent).relative_to(folder).as_posix()}/"
        paths += [before + name for name in files + links if not name.startswith(".")]
    if folder in closed:
        raise UserError(f"{folder} may not be opened. Give the folder that holds your articles.")
    return sorted(paths + [path.relative_to(folder).as_posix() for path in closed])


def open_file(folder: Path, path: str) -> BinaryIO:
    """A regular file inside the folder, open; raises Unreadable for a link, a pipe or a device, never opened."""
    root = folder.resolve()
    try:
        if (root / path).resolve() != root / path:
            raise Unreadable(_LINK)
        mode = (root / path).lstat().st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable("the folder may not be opened; give read permission")
        if not stat.S_ISREG(mode):
            raise Unreadable("it is not a regular file")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        file = os.fdopen(os.open(root / path, flags), "rb")
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise Unreadable("it is not a regular file")
        return file
    except RuntimeError as error:  # a link to itself, until Python 3.13
        raise Unreadable(_LINK) from error
    except OSError as error:
        raise unreadable(error) from error


def read_all(file: BinaryIO, most_megabytes: int) -> bytes:
    """All bytes of the file; raises Unreadable for more than so many megabytes."""
    size = os.fstat(file.fileno()).st_size
    if size > most_megabytes * 1_000_000:
        raise Unreadable(f"it has {size / 1e6:.1f} MB; a file may have up to {most_megabytes} MB")
    content = file.read(most_megabytes * 1_000_000)
    if len(content) != size:
        raise Unreadable("it was written to while it was read; rebuild again")
    return content


def unreadable(error: OSError) -> Unreadable:
    """The same in words for the person whose file it is."""
    if isinstance(error, FileNotFoundError):
        return Unreadable("it was deleted while the folder was read")
    if isinstance(error, PermissionError):
        return Unreadable("it may not be opened; give read permission")
    return Unreadable(f"it cannot be read ({error.strerror or error})")
