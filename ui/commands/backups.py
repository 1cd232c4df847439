"""`newsdesk backup` and `newsdesk restore`."""

from pathlib import Path

import click

from assistant.settings import read_settings
from ui import backup


def back_up(file: Path, index_dir: Path | None) -> None:
    """Write the file, and print what it holds."""
    made = backup.back_up(read_settings(index_dir=index_dir).index_dir, file)
    click.echo(f"{file} holds {', '.join(one.name for one in made.files)}.")


def restore(file: Path, index_dir: Path | None, force: bool) -> None:
    """Put back what the file holds, and print what that is."""
    made = backup.restore(file, read_settings(index_dir=index_dir).index_dir, force)
    click.echo(f"Put back {', '.join(one.name for one in made.files)}, as of {made.made}.")
