"""`newsdesk show`: an article as it is stored, or all of them."""

import sys
from pathlib import Path

import click

from assistant.settings import read_settings
from index.generations.pointer import open_current
from ui.commands.terminal import echo_notice


def run(article: str | None, index_dir: Path | None) -> None:
    """Print the article's text, or a line for each article."""
    generation = open_current(read_settings(index_dir=index_dir).index_dir)
    echo_notice(generation)
    if article is not None:
        stored = generation.article(article)
        sys.stdout.write(stored.text)
        return
    for one in generation.articles():
        click.echo(f"{one.published or '----------'}  {one.language or '--'}  {one.id}  {one.title}")
