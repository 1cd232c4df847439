"""`newsdesk ask`: what is asked for, and the embedding on its way before the libraries are that answer."""

import sys
from pathlib import Path
from typing import Unpack

import click

from assistant.settings import read_settings
from index.errors import UserError
from index.models.coming import coming_embedding
from ui.commands.narrowed import NarrowingOptions, filters_of
from ui.commands.terminal import echo_notice


def run(
    question: str | None,
    index_dir: Path | None,
    as_json: bool,
    answerer: str | None,
    answer_language: str,
    batch: Path | None,
    out: Path | None,
    retrieve_only: bool,
    top: int,
    **narrowing: Unpack[NarrowingOptions],
) -> None:
    """Print the answer to the question, "-" for what comes by the standard input, or write those to the questions.

    Exits with NOT_ANSWERED when the articles do not answer the one question.
    """
    if question == "-":
        question = sys.stdin.read()
    if (question is None) == (batch is None):
        raise click.UsageError("Give either a QUESTION or --batch FILE.")
    if (batch is None) != (out is None):
        raise click.UsageError("--batch and --out go together.")
    if question is not None and not question.strip():
        raise UserError("The question is empty. Ask something about the articles.")
    settings = read_settings(index_dir=index_dir, answerer="extractive" if retrieve_only else answerer or "")
    echo_notice(settings)
    filters = filters_of(narrowing)
    embedding = coming_embedding(settings.embedding, settings.models_dir)
    if question is not None and (settings.index_dir / "current").is_file():
        embedding.coming.begin()
    from ui.commands import answering  # takes a second, in which the embedding is loaded

    if question is not None:
        answering.answer(question, settings, filters, answer_language, as_json, top, embedding)
    if batch is not None and out is not None:
        answering.answer_batch(batch, out, settings, filters, answer_language, retrieve_only, top)
