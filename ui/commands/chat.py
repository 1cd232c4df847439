"""`newsdesk chat`: the pages."""

from pathlib import Path

from assistant.settings import read_settings
from ui.commands.terminal import echo_notice
from ui.page.launch import launch


def run(host: str, port: int, index_dir: Path | None) -> None:
    """Serve the pages until Ctrl-C."""
    settings = read_settings(index_dir=index_dir)
    echo_notice(settings)
    launch(host, port, settings)
