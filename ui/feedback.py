"""What readers say of answers, kept in a question file that `newsdesk eval` reads: of each answer the last."""

import json
from pathlib import Path

from index.locks import alone
from ui.record import Record

FILE = "feedback.jsonl"


def approve(index_dir: Path, given: Record) -> None:
    """Notes that the answer was right, so that later ones can be held to it; what was noted of it before is gone."""
    _note(
        index_dir,
        given,
        articles=[quote.article for quote in given.citations],
        answers=[given.short_answer] if given.short_answer else [],
        answer_date=given.answer_date,
        quotes=[quote.text for quote in given.citations],
        answerable=given.answered,
    )


def correct(index_dir: Path, given: Record, right: str) -> None:
    """Notes what would have been right, "" that the articles do not say it; what was noted of it before is gone."""
    _note(index_dir, given, answers=[right] if right else [], answerable=bool(right))


def forget(index_dir: Path, given: Record) -> None:
    """Nothing is noted of the answer any more."""
    _replace(index_dir, given, "")


def _note(index_dir: Path, given: Record, **known: object) -> None:
    # The stand-alone query: a follow-up would not be understood without its conversation.
    line = {"id": given.asked, "question": given.search_query, "lang": given.language, **known}
    _replace(index_dir, given, json.dumps(line, ensure_ascii=False) + "\n")


def _replace(index_dir: Path, given: Record, line: str) -> None:
    """Puts the line, "" for none, where one of the same answer was, at the end."""
    path = index_dir / FILE
    with alone(index_dir / f"{FILE}.lock"):
        before = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        others = [one for one in before if not _is_of(one, given)]
        written = path.with_name(f"{FILE}.new")
        written.touch(mode=0o600)
        written.write_text("".join([*others, line]), encoding="utf-8")
        written.replace(path)


def _is_of(line: str, given: Record) -> bool:
    try:
        noted = json.loads(line)
    except (ValueError, RecursionError):
        return False  # somebody wrote it by hand: it stays
    return isinstance(noted, dict) and (noted.get("id"), noted.get("question")) == (given.asked, given.search_query)
