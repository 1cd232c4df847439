"""`newsdesk search`: the passages that hold words, phrases and names."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Unpack

import click
from rich.text import Text

from assistant.lookup.lookup import Found, look_up
from assistant.settings import read_settings
from index.generations.pointer import open_current
from ui.answer_text import place, plain
from ui.commands.narrowed import NarrowingOptions, check, filters_of
from ui.commands.terminal import console, echo_notice
from ui.hit_table import as_csv, passage_line


def run(
    query: str,
    index_dir: Path | None,
    as_json: bool,
    csv: bool,
    newest: bool,
    top: int,
    **narrowing: Unpack[NarrowingOptions],
) -> None:
    """Print the passages, as text, as JSON or as a table."""
    generation = open_current(read_settings(index_dir=index_dir).index_dir)
    echo_notice(generation)
    filters = filters_of(narrowing)
    check(filters, generation)
    given = look_up(query, generation, filters, newest_first=newest)
    shown = given.found[:top]
    if csv:
        click.echo(as_csv(shown), nl=False)
    elif as_json:
        counts = {"total": len(given.found), "article_count": given.article_count, "facets": asdict(given.facets)}
        lines = [asdict(passage_line(one)) for one in shown]
        click.echo(json.dumps({"passages": lines, **counts}, ensure_ascii=False))
    else:
        for one in shown:
            _print(one)
        click.echo(f"{len(shown)} of {len(given.found)} passages in {given.article_count} articles", err=True)


def _print(found: Found) -> None:
    """The passage with what was looked for in bold, and where it stands."""
    out, article = console(stderr=False), found.article
    written, at = Text(), 0
    for start, end in ((a - found.start, b - found.start) for a, b in found.marks):
        written.append(_flat(found.text[at:start]))
        written.append(_flat(found.text[start:end]), style="bold")
        at = end
    written.append(_flat(found.text[at:]))
    where = f"{article.id}, characters {found.start}-{found.end}"
    out.print(written)
    out.print(Text(f"    {place(article.title, article.source, article.published, where)}\n", style="dim"))


def _flat(text: str) -> str:
    """The text on one line, with the blanks at its ends that part it from what stands beside it."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() and text.strip() else ""
    return f"{before}{plain(text)}{after}"
