"""Zip archives: what is in them, and only as much of it as is safe to unpack."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from index.errors import Unreadable

UNPACKED_MEGABYTES = 64
MOST_MEMBERS = 2_000


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """The archive, checked to be no bomb by the sizes that it states; `read_member` holds it to them."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise Unreadable("it is a damaged zip file; pack it anew") from error
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise Unreadable(f"it holds {len(members):,} files; an archive may hold up to {MOST_MEMBERS:,}")
    megabytes = sum(member.file_size for member in members) / 1e6
    if megabytes > UNPACKED_MEGABYTES:
        raise Unreadable(f"unpacked it has {megabytes:,.0f} MB; an archive may have up to {UNPACKED_MEGABYTES} MB")
    return archive


def articles_in(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo | Unreadable]]:
    """Each file's name, and itself or why it is not read; hidden ones are left out, as in a folder."""
    names: set[str] = set()
    for member in archive.infolist():
        parts = PurePosixPath(_name(member).replace("\\", "/")).parts
        name = "/".join(parts)
        if (
            member.filename.endswith("/")  # ZipInfo.is_dir fails where there is no name
            or any(part.startswith(".") and part != ".." for part in parts)
            or parts[:1] == ("__MACOSX",)
        ):
            continue
        if not parts:
            yield name, Unreadable("it has no name")
        elif ".." in parts or name.startswith("/") or ":" in parts[0]:
            yield name, Unreadable("its name leads out of the archive")
        elif stat.S_ISLNK(member.external_attr >> 16):
            yield name, Unreadable("it is a symbolic link; pack the file itself")
        elif name in names:
            yield name, Unreadable("the archive holds another file of this name")
        elif name.lower().endswith(".zip"):
            yield name, Unreadable("an archive inside an archive is not read; unpack it")
        else:
            names.add(name)
            yield name, member


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most_megabytes: int = UNPACKED_MEGABYTES) -> bytes:
    """The member's bytes; raises Unreadable if it is encrypted, damaged or larger than it says."""
    if member.file_size > most_megabytes * 1_000_000:
        raise Unreadable(f"it has {member.file_size / 1e6:.1f} MB; a file may have up to {most_megabytes} MB")
    if member.flag_bits & 1:
        raise Unreadable("it is encrypted; save it without a password")
    try:
        with archive.open(member) as file:
            content = file.read(member.file_size + 1)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, zlib.error) as error:
        raise Unreadable("it is damaged inside the zip file; pack it anew") from error
    if len(content) > member.file_size:
        raise Unreadable("it is larger than the zip file says")
    return content


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; many programs write it in UTF-8 without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode()
    except UnicodeError:
        return member.filename
