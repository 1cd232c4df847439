"""`newsdesk mcp`: the articles as tools for programs."""

from pathlib import Path

import click

from assistant.settings import read_settings
from ui.commands.terminal import echo_notice
from ui.mcp.server import serve_http, serve_stdio


def run(http: bool, host: str, port: int, index_dir: Path | None) -> None:
    """Serve over HTTP until Ctrl-C, or over standard input and output until that ends."""
    settings = read_settings(index_dir=index_dir)
    echo_notice(settings)
    if http:
        serve_http(settings, host, port, announce=lambda line: click.echo(line, err=True))
    else:
        serve_stdio(settings)
