"""`newsdesk serve`: the HTTP API."""

from pathlib import Path

from assistant.settings import read_settings
from ui.api.server import Limits, serve
from ui.commands.terminal import echo_notice


def run(
    host: str, port: int, index_dir: Path | None, places: int, seconds: int, per_minute: int, log_json: bool
) -> None:
    """Serve until Ctrl-C."""
    settings = read_settings(index_dir=index_dir)
    echo_notice(settings)
    serve(host, port, settings, Limits(places, seconds, per_minute), log_json or settings.log_json)
