"""A file of questions, one JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path

from index.errors import UserError


def read_questions(batch: Path) -> Iterator[dict[str, object]]:
    """Its questions in order; raises UserError that names the first line which is none."""
    if not batch.exists():
        raise UserError(f"There is no file {batch}. Give one with a question a line, as JSON.")
    try:
        lines = batch.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{batch} cannot be read ({reason}). Give a UTF-8 file, one JSON object a line.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
        except ValueError as error:
            raise UserError(f"{batch}, line {number}: not JSON ({error}). Write one JSON object a line.") from error
        if not isinstance(question, dict) or not isinstance(question.get("question"), str):
            raise UserError(f'{batch}, line {number}: no "question". Write {{"question": "…"}}.')
        if not isinstance(question.get("history") or [], list):
            raise UserError(f'{batch}, line {number}: "history" is no list. Write {{"history": ["…"]}}.')
        yield question
