"""`newsdesk models`: the default models on this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.progress import TransferSpeedColumn as Speed

from assistant.reading.loading import load_network
from assistant.settings import PROFILES
from index.models import weights
from ui.commands.terminal import console


def show_all() -> None:
    """Print what there is to know of each model."""
    folder = weights.cache_folder()
    click.echo(f"Models in {folder}")
    for state in weights.describe(folder):
        size = f"{state.disk_bytes / 1e6:,.0f} MB here" if state.installed else "not fetched"
        click.echo(f"\n{state.name} ({state.role}): {state.title}")
        click.echo(f"  {size}, {state.download_bytes / 1e6:,.0f} MB to fetch")
        click.echo(f"  source:  {state.source}\n  licence: {state.licence}")


def fetch(name: str) -> None:
    """Fetch the model of that name, or those of the profile."""
    folder = weights.cache_folder()
    for one in [model for model in PROFILES.get(name, (name,)) if model]:
        if weights.installed(one, folder):
            click.echo(f"{one} is here already.")
            continue
        with _bar(one) as on_progress:
            weights.fetch(one, folder, on_progress)
    if name in PROFILES:
        load_network(PROFILES[name][0], folder)  # put together now, no question has to wait for it


@contextmanager
def _bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """Shows a download: megabytes, rate, time left."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Speed(), TimeRemainingColumn())
    with Progress(*columns, console=console()) as progress:
        task = progress.add_task(f"Fetching {name}", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
