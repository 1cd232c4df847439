"""The files of a folder, and their bytes: regular files inside it only, whoever changes it meanwhile."""

import errno
import os
import re
import secrets
import shutil
import stat
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from index.errors import Unreadable, UserError

# Folders in one another: no archive of news is deeper, and no path that the system takes is much longer.
MOST_DEPTH = 100

# Of the disk so much is left to all else: what comes in a little at a time would fill it in the end.
LEAST_FREE_BYTES = 200_000_000
# What Windows takes for a device, whatever stands behind the first dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\s*\.|\s*$)", re.IGNORECASE)

_LINK = "it is a symbolic link; put the file itself into the folder"
_DEEP = f"over {MOST_DEPTH} folders in one another are not read; move it up"
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BY_FOLDER = os.open in os.supports_dir_fd


def list_files(folder: Path) -> list[str]:
    """The paths of all files below `folder`, relative and with forward slashes, sorted.

    Hidden files and folders are left out. A symbolic link is listed, never followed; so is a folder that may
    not be opened, or lies too deep: `open_file` tells why each is skipped. Raises UserError without such a folder.
    """
    if not folder.is_dir():
        problem = "is no folder" if folder.exists() else "does not exist"
        raise UserError(f"{folder} {problem}. Give the folder that holds your articles.")
    root = folder.resolve()
    paths: list[str] = []
    left = [""]
    while left:
        before = left.pop()
        try:
            entries = _entries(root, before)
        except OSError as error:
            if not before:
                raise UserError(f"{folder} may not be opened. Give the folder that holds your articles.") from error
            paths.append(before.rstrip("/"))
            continue
        for name, is_folder in entries:
            if is_folder and before.count("/") < MOST_DEPTH:
                left.append(f"{before}{name}/")
            else:
                paths.append(before + name)
    return sorted(paths)


def open_file(folder: Path, path: str) -> BufferedReader:
    """A regular file inside the folder, open; raises Unreadable for a link, a pipe or a device, never opened."""
    try:
        *folders, name = path.split("/")
        if ".." in folders:
            raise Unreadable(_LINK)
        with _Folder(folder.resolve(), folders) as inside:
            mode = inside.mode(name)
            if stat.S_ISLNK(mode):
                raise Unreadable(_LINK)
            if stat.S_ISDIR(mode):
                is_deep = len(folders) >= MOST_DEPTH
                raise Unreadable(_DEEP if is_deep else "the folder may not be opened; give read permission")
            if not stat.S_ISREG(mode):
                raise Unreadable("it is not a regular file")
            file = os.fdopen(inside.open(name, os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0)), "rb")
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise Unreadable("it is not a regular file")
        return file
    except OSError as error:
        raise unreadable(error) from error


def not_a_device(name: str) -> str:
    """The name of a file or a folder, another one where some system takes it for a device."""
    return f"_{name}" if _DEVICE.match(name) else name


def create_file(folder: Path, path: str, content: bytes) -> None:
    """Write a new file inside the folder, whole at one instant; raises FileExistsError when there is one by its name.

    Its folder must be there. Raises OSError, too, for one that is a link.
    """
    folders, name = _place(path)
    with _Folder(folder.resolve(), folders) as inside:
        begun = inside.write(content)
        try:
            inside.name(begun, name)
        finally:
            inside.remove(begun)


def replace_file(folder: Path, path: str, content: bytes) -> None:
    """Write a file inside the folder, whole at one instant, in place of what has its name.

    Its folder must be there. Raises OSError for one that is a link.
    """
    folders, name = _place(path)
    with _Folder(folder.resolve(), folders) as inside:
        begun = inside.write(content)
        try:
            inside.replace(begun, name)
        except OSError:
            inside.remove(begun)
            raise


def remove_file(folder: Path, path: str) -> None:
    """Remove a file inside the folder; raises FileNotFoundError when there is none, and OSError for a folder."""
    folders, name = _place(path)
    with _Folder(folder.resolve(), folders) as inside:
        inside.remove(name)


def _place(path: str) -> tuple[list[str], str]:
    """The folders on the way to the file, and its name; raises OSError for what lies in no folder."""
    *folders, name = path.split("/")
    if ".." in folders or name in ("", ".", ".."):
        raise OSError(errno.EINVAL, "no place inside the folder")
    return folders, name


def _entries(root: Path, before: str) -> list[tuple[str, bool]]:
    """The names in the folder `before` of `root` that are not hidden, and whether each is a folder itself."""
    with _Folder(root, before.split("/")[:-1]) as inside, inside.scan() as found:
        return [(one.name, one.is_dir(follow_symlinks=False)) for one in found if not one.name.startswith(".")]


class _Folder:
    """A folder of `root`, reached from there step by step and through no link, whatever its name leads to later.

    Where a system opens nothing relative to a folder, it is gone to by its name, which leads through no link now.
    """

    def __init__(self, root: Path, folders: list[str]) -> None:
        self._path = root.joinpath(*folders)
        self._descriptor: int | None = None
        if not _BY_FOLDER:
            if self._path.resolve() != self._path:
                raise Unreadable(_LINK)
            return
        self._descriptor = os.open(root, _FOLDER)
        try:
            for name in folders:
                inner = os.open(name, _FOLDER | _NO_LINK, dir_fd=self._descriptor)
                os.close(self._descriptor)
                self._descriptor = inner
        except OSError:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> "_Folder":
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def scan(self) -> "os._ScandirIterator[str]":
        return os.scandir(self._path if self._descriptor is None else self._descriptor)

    def mode(self, name: str) -> int:
        return os.lstat(self._named(name), dir_fd=self._descriptor).st_mode

    def open(self, name: str, flags: int) -> int:
        return os.open(self._named(name), flags, 0o644, dir_fd=self._descriptor)

    def write(self, content: bytes) -> str:
        """The name of a new file with this content: a hidden one, so that no rebuild meanwhile reads the half of it.

        Raises OSError where that would leave too little room on the disk.
        """
        if shutil.disk_usage(self._path).free < LEAST_FREE_BYTES + len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        begun = f".{secrets.token_hex(8)}.incoming"
        with os.fdopen(self.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return begun

    def replace(self, there: str, new: str) -> None:
        """Give a file another name beside its own, which it takes from whatever had it."""
        os.replace(self._named(there), self._named(new), src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def name(self, there: str, new: str) -> None:
        """Give a file another name beside its own, which no other file may have."""
        if self._descriptor is None:
            os.link(self._named(there), self._named(new))
        else:
            os.link(there, new, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor, follow_symlinks=False)

    def remove(self, name: str) -> None:
        os.unlink(self._named(name), dir_fd=self._descriptor)

    def _named(self, name: str) -> str | Path:
        return name if self._descriptor is not None else self._path / name


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
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return Unreadable(_LINK)
    if isinstance(error, PermissionError):
        return Unreadable("it may not be opened; give read permission")
    return Unreadable(f"it cannot be read ({error.strerror or error})")
