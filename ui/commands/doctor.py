"""`newsdesk doctor`: what is installed and sound."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from assistant.checkup import CheckupLine, checkup
from assistant.settings import read_settings
from ui.conversations import FILE, problem_of
from ui.exit_codes import FAILED


def run(index_dir: Path | None, measure: bool) -> None:
    """Print what was found; exits with FAILED when something needs doing."""
    healthy = True
    for finding in _findings(index_dir, measure):
        click.echo(f"{'ok ' if finding.healthy else '!! '} {finding.text}")
        healthy = healthy and finding.healthy
    if not healthy:
        sys.exit(FAILED)


def _findings(index_dir: Path | None, measure: bool) -> Iterator[CheckupLine]:
    yield from checkup(index_dir, measure)
    yield _conversations(read_settings(index_dir=index_dir).index_dir / FILE)


def _conversations(path: Path) -> CheckupLine:
    problem = problem_of(path)
    damaged = f"the conversations in {path} cannot be read ({problem}); the page will move them aside"
    return CheckupLine(not problem, damaged if problem else "conversations can be read")
