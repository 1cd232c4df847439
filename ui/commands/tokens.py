"""`newsdesk token`: who may use `newsdesk serve`."""

from pathlib import Path

import click

from assistant.settings import read_settings
from ui.api.tokens import Tokens


def create(name: str, admin: bool, index_dir: Path | None) -> None:
    """Print a new token."""
    click.echo(_tokens(index_dir).create(name, admin))
    click.echo("newsdesk: keep it now; it is shown only this once.", err=True)


def show_all(index_dir: Path | None) -> None:
    """Print a line for each token."""
    for one in _tokens(index_dir).all():
        click.echo(f"{one.created}  {'admin' if one.admin else '     '}  {one.name}")


def revoke(name: str, index_dir: Path | None) -> None:
    """Take back the token of that name."""
    tokens = _tokens(index_dir)
    tokens.revoke(name)
    if not tokens.all():
        click.echo("newsdesk: no token is left, so nobody is let in until there is one.", err=True)


def _tokens(index_dir: Path | None) -> Tokens:
    return Tokens(read_settings(index_dir=index_dir).index_dir)
