"""Folders and files that no loss of power takes away."""

import os
from pathlib import Path


def make_folder(path: Path) -> None:
    """Make the folder unless it is there, and those above it; once made, no loss of power takes them away."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        fsync(path.parent)


def fsync(path: Path) -> None:
    """Nothing of what the file or the names in the folder are now is lost with the power."""
    if os.name == "nt" and path.is_dir():
        return  # a folder cannot be opened there
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
