"""`newsdesk timeline`: sentences in the order of the days that they tell of."""

import json
from dataclasses import asdict
from datetime import date, timedelta
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
        out.print(Text(days(one.first, one.last), style="bold"))
        out.print(Text(f"  {quoted(one.hit.text)}"))
        out.print(Text(f"    {place(article.title, article.source, article.published, article.id)}", style="dim"))
    if not events:
        click.echo("No dated sentence was found.", err=True)


def days(first: str, last: str) -> str:
    """The ISO days from the first to the last, a whole year or month by its own name: "1934", "2024-02"."""
    if first == last:
        return first
    if (first[4:], last[4:], first[:4]) == ("-01-01", "-12-31", last[:4]):
        return first[:4]
    begins = first.endswith("-01") and first[:7] == last[:7]
    is_month = begins and (date.fromisoformat(last) + timedelta(days=1)).day == 1
    return first[:7] if is_month else f"{first} to {last}"
