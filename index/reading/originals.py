"""An article's file as it lies in the folder, and a scanned page of it as a picture."""

import hashlib
import subprocess
import tempfile
from pathlib import Path

from index.children import command, environment
from index.errors import Unreadable
from index.reading.files import open_file, read_all
from index.reading.snapshot import FileState
from index.reading.units import FILE_MEGABYTES
from index.reading.worker import UNIT_SECONDS

# Of a picture, which has so many points at the most (index/reading/picturing.py).
PICTURE_BYTES = 5_000_000
JPEG = b"\xff\xd8\xff"


class NoOriginal(Exception):
    """Why there is no such file any more, or no picture of such a page."""


def original(folder: Path, state: FileState) -> bytes:
    """The bytes of the file, those that were indexed; raises NoOriginal when they are others, or are not there."""
    try:
        with open_file(folder, state.path) as file:
            content = read_all(file, FILE_MEGABYTES)
    except Unreadable as error:
        raise NoOriginal(f"{state.path}: {error}") from error
    if hashlib.sha256(content).hexdigest() != state.digest:
        raise NoOriginal(f"{state.path} has changed since it was indexed")
    return content


def page_picture(content: bytes, page: int) -> bytes:
    """The page, counted from 1, as a JPEG: the picture itself, or the one that fills that page of a PDF.

    A process of its own makes it, within the limits of whatever reads files. Raises NoOriginal where there is none.
    """
    with tempfile.TemporaryFile() as made:
        try:
            subprocess.run(
                command("index.reading.picturing", str(page)),
                input=content,
                stdout=made,
                stderr=subprocess.DEVNULL,
                env=environment(),
                timeout=UNIT_SECONDS,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise NoOriginal("no picture of that page can be made") from error
        made.seek(0)
        picture = made.read(PICTURE_BYTES + 1)
    if not picture.startswith(JPEG) or len(picture) > PICTURE_BYTES:
        raise NoOriginal("no picture of that page can be made")
    return picture
