"""What readers say of answers, appended to a question file that `newsdesk eval` reads."""

import json
from pathlib import Path

from ui.record import Record

FILE = "feedback.jsonl"


def approve(index_dir: Path, given: Record) -> None:
    """Notes that the answer was right, so that later ones can be held to it."""
    _append(
        index_dir,
        given,
        articles=[quote.article for quote in given.citations],
        answers=[given.short_answer] if given.short_answer else [],
        answer_date=given.answer_date,
        quotes=[quote.text for quote in given.citations],
        answerable=given.answered,
    )


def correct(index_dir: Path, given: Record, right: str) -> None:
    """Notes what would have been right; "" that the articles do not say it."""
    _append(index_dir, given, answers=[right] if right else [], answerable=bool(right))


def _append(index_dir: Path, given: Record, **known: object) -> None:
    # The stand-alone query: a follow-up would not be understood without its conversation.
    line = {"id": given.asked, "question": given.search_query, "lang": given.language, **known}
    path = index_dir / FILE
    path.touch(mode=0o600)
    with path.open("a", encoding="utf-8") as questions:
        questions.write(json.dumps(line, ensure_ascii=False) + "\n")
