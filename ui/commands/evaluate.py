"""`newsdesk eval`: score the answers to questions whose answers are known."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import track

from assistant import evaluation
from assistant.assistant import Assistant
from assistant.facts_told import KindScore
from assistant.opening import open_assistant
from assistant.settings import read_settings
from index.errors import UserError
from ui.commands.questions import read_questions
from ui.commands.terminal import console, echo_notice


def run(questions: Path, index_dir: Path | None, as_json: bool, retrieve_only: bool) -> None:
    """Print the metrics of the questions' answers."""
    settings = read_settings(index_dir=index_dir, answerer="extractive" if retrieve_only else "")
    echo_notice(settings)
    lines = list(read_questions(questions))
    if not lines:
        raise UserError(f"{questions} holds no questions. Write one JSON object a line.")
    assistant = open_assistant(settings)
    echo_notice(assistant.open_generation())
    _evaluate(assistant, lines, as_json, retrieve_only)


def _evaluate(assistant: Assistant, lines: Sequence[Mapping[str, object]], as_json: bool, retrieve_only: bool) -> None:
    known = [evaluation.read_gold(line) for line in lines]
    fitted = evaluation.in_index(known, assistant.open_generation())
    lost = sum(before.answerable and not after.answerable for before, after in zip(known, fitted, strict=True))
    if lost:
        click.echo(f"newsdesk: {lost} questions have no article in this index and count as unanswerable.", err=True)
    shown = track(fitted, "Evaluating", console=console(), disable=not sys.stderr.isatty())
    scores = evaluation.evaluate(assistant, shown, retrieve_only)
    if not scores.metrics:
        raise UserError('The questions name neither "articles" nor "quotes", so the search cannot be scored.')
    if as_json:
        run = {
            "questions": len(fitted),
            "generation": assistant.open_generation().name,
            "embedding": assistant.embedding.model_name,
            "answerer": "" if retrieve_only else assistant.answerer.name,
            "metrics": [asdict(metric) for metric in scores.metrics],
            "kinds": [asdict(kind) for kind in scores.kinds],
        }
        click.echo(json.dumps(run, ensure_ascii=False))
        return
    width = max(len(metric.name) for metric in scores.metrics)
    click.echo(f"{'':{width}}  value  95% interval        n")
    for one in scores.metrics:
        click.echo(f"{one.name:{width}}  {one.value:.3f}  {one.low:.3f} to {one.high:.3f}  {one.n:>5}")
    if scores.kinds:
        _print_kinds(scores.kinds)


def _print_kinds(kinds: Sequence[KindScore]) -> None:
    """A line a kind of question: how many there are, and the shares and the median number of lines of their answers."""
    columns = ("answered", "refused", "recall", "precision", "f1", "lines")
    click.echo(f"\n{'kind':12}    n  {'  '.join(f'{name:>9}' for name in columns)}")
    for one in kinds:
        values = [one.answered, one.refused, one.recall, one.precision, one.f1, one.lines]
        shown = "  ".join("        –" if value is None else f"{value:9.3f}" for value in values)
        click.echo(f"{one.kind:12}  {one.n:>3}  {shown}")
