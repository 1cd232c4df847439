"""`newsdesk index`: rebuild the index, or go back to the one before."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.opening import load_embedding
from assistant.settings import Settings, read_settings
from index.engines.local import Engine, LocalEngine
from index.errors import UserError
from index.fetching.fetch import fetch
from index.fetching.sources import sources
from index.generations.manifest import Manifest
from index.generations.pointer import current_name, rebuild_lock, roll_back
from index.models.loading import load_own_embedding
from index.rebuild import Status, default_folder, follow, rebuild
from ui.commands.terminal import console
from ui.exit_codes import SOME_SKIPPED


def run(
    folder: Path | None,
    index_dir: Path | None,
    named: Sequence[str],
    every: int | None,
    watch: bool,
    allow_shrink: bool,
    rollback: bool,
    wait: bool,
    engine: str,
    ray_address: str,
    as_json: bool,
) -> None:
    """Rebuild once, or again and again: with `watch` after a change, with `every` after so many minutes.

    Exits with SOME_SKIPPED when not everything was read. Raises UserError for both, or for `every` without a source.
    """
    if every and (watch or not named):
        raise UserError("--every fetches what --from names, and takes no --watch. Add --from, or leave one out.")
    settings = read_settings(index_dir=index_dir)
    if rollback:
        _roll_back(settings, as_json)
        return
    chosen = folder or default_folder(settings.index_dir)

    def once() -> Manifest:
        if named:
            _fetch([address for one in named for address in sources(one)], chosen)
        before = current_name(settings.index_dir)
        with _engine(engine, ray_address, settings) as where, _progress_bar(hidden=as_json) as on_status:
            manifest = rebuild(
                chosen,
                settings.index_dir,
                lambda: load_embedding(settings),
                on_status,
                allow_shrink,
                wait=bool(watch or every or wait),
                store_address=settings.store,
                engine=where,
                hard_links=settings.hard_links,
            )
        _print_report(manifest, as_json, unchanged=manifest.name == before)
        return manifest

    if not watch and not every:
        manifest = once()
        if manifest.skipped or manifest.kept:
            sys.exit(SOME_SKIPPED)
        return
    for _ in _ticks(every) if every else follow(chosen, settings.index_dir):
        try:
            once()
        except UserError as error:  # the next change may mend it
            click.echo(f"newsdesk: {error}", err=True)


def _ticks(minutes: int) -> Iterator[None]:
    """At once, and then after so many minutes each time, for ever."""
    while True:
        yield
        time.sleep(60 * minutes)


def _fetch(addresses: Sequence[str], folder: Path) -> None:
    """Fetch what is new there into the folder, and say what came of it."""
    harvest = fetch(addresses, folder)
    click.echo(f"newsdesk: {harvest.written} new {'page' if harvest.written == 1 else 'pages'} in {folder}", err=True)
    for reason in harvest.refused:
        click.echo(f"newsdesk: not fetched: {reason}", err=True)


@contextmanager
def _engine(name: str, ray_address: str, settings: Settings) -> Iterator[Engine]:
    """What does the work of a rebuild: this process, or a Ray cluster."""
    if name == "local":
        yield LocalEngine()
        return
    from index.engines.cluster import RayEngine  # its library is an extra

    with RayEngine(ray_address, partial(load_own_embedding, settings.embedding)) as engine:
        yield engine


def _roll_back(settings: Settings, as_json: bool) -> None:
    with rebuild_lock(settings.index_dir):
        before = current_name(settings.index_dir) or "a damaged index"
        manifest = roll_back(settings.index_dir).manifest
    click.echo(f"Went back from {before} to {manifest.name}, made {manifest.created}.", err=True)
    _print_report(manifest, as_json)


def _print_report(manifest: Manifest, as_json: bool, unchanged: bool = False) -> None:
    if as_json:
        click.echo(json.dumps(asdict(manifest), ensure_ascii=False))
        return
    if unchanged:
        click.echo(f"Nothing has changed since {manifest.created}.", err=True)
    for skipped in manifest.skipped:
        click.echo(f"skipped {skipped.path}: {skipped.reason}", err=True)
    for kept in manifest.kept:
        click.echo(f"kept as it was {kept.path}: {kept.reason}", err=True)
    click.echo(
        f"{manifest.name}: found {manifest.found_count:,} = {manifest.article_count:,} articles indexed + "
        f"{len(manifest.duplicates):,} duplicates + {len(manifest.skipped):,} skipped; "
        f"{manifest.passage_count:,} passages, {manifest.sentence_count:,} sentences"
    )


@contextmanager
def _progress_bar(hidden: bool) -> Iterator[Callable[[Status], None]]:
    """Shows a rebuild's status: files done, files per second, time left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f} files/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(), disable=hidden) as progress:
        task = progress.add_task("starting", total=None, rate=0.0)

        def show(status: Status) -> None:
            progress.update(task, description=status.stage, completed=status.done, total=status.total, rate=status.rate)

        yield show
