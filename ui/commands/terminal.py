"""What the commands print with."""

from typing import Protocol

import click
from rich.console import Console


class Noticed(Protocol):
    """What serves, with a sentence where something else was chosen."""

    @property
    def notice(self) -> str: ...


def echo_notice(source: Noticed) -> None:
    """Say what the source has to say of itself, if anything."""
    if source.notice:
        click.echo(f"newsdesk: {source.notice}", err=True)


def console(stderr: bool = True) -> Console:
    """Where to print: article text is data, so no markup, no emoji codes, nothing guessed to be a number or a path."""
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=not stderr)
