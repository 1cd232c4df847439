"""`newsdesk timeline`: sentences in the order of the days that they tell of."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Unpack

import click
from rich.text import Text

from assistant.opening import load_embedding
from assistant.settings import read_settings
from assistant.timeline import timeline
from index.generations.pointer import open_current
from ui.answer_line import hit_line
from ui.answer_text import place, quoted
from ui.commands.narrowed import NarrowingOptions, check, filters_of
from ui.commands.terminal import console, echo_notice


def run(
    query: str,
    index_dir: Path | None,
    as_json: bool,
    **narrowing: Unpack[NarrowingOptions],
) -> None:
    """Print the sentences about a name or a question, each below its day."""
    settings = read_settings(index_dir=index_dir)
    generation = open_current(settings.index_dir)
    echo_notice(generation)
    filters = filters_of(narrowing)
    check(filters, generation)
    events = timeline(query, generation, load_embedding(settings, generation.manifest.embedding), filters)
    if as_json:
        lines = [{"first": one.first, "last": one.last, "sentence": asdict(hit_line(one.hit))} for one in events]
        click.echo(json.dumps({"events": lines}, ensure_ascii=False))
        return
    out = console(stderr=False)
    for one in events:
        article = one.hit.article
        out.print(Text(one.first if one.first == one.last else f"{one.first} to {one.last}", style="bold"))
        out.print(Text(f"  {quoted(one.hit.text)}"))
        out.print(Text(f"    {place(article.title, article.source, article.published, article.id)}", style="dim"))
    if not events:
        click.echo("No dated sentence was found.", err=True)
