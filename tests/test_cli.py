"""What the command prints of an answer."""

from dataclasses import replace

import pytest

from assistant.accounts import Account
from assistant.assistant import Answer
from assistant.citations import Citation, Statement
from ui.cli import _print_answer

QUOTE = "Il 26 gennaio ha consegnato la risposta."
QUOTED = Answer(
    question="When did he deliver the reply?",
    search_query="When did he deliver the reply?",
    language="en",
    answered=True,
    reason="",
    statements=(Statement(QUOTE, (1,)),),
    short_answer="26 gennaio",
    answer_date="2022-01-26",
    citations=(Citation(1, "reply.md", "The reply", "2022-02-04", 0, len(QUOTE), QUOTE),),
    hits=(),
    generation="g000001",
    answerer="extractive",
)
WRITTEN = replace(QUOTED, statements=(Statement("He delivered it on 26 January 2022.", (1,)),))


@pytest.mark.parametrize(("answer", "is_worked_out"), [(QUOTED, True), (WRITTEN, False)])
def test_a_day_that_the_answer_leaves_without_its_year_is_worked_out(
    answer: Answer, is_worked_out: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _print_answer(answer)
    printed = capsys.readouterr().out
    assert f"[1] “{QUOTE}”" in printed
    assert ("26 gennaio = 2022-01-26" in printed) is is_worked_out


def test_articles_that_differ_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    told = (
        Account("27 gennaio", "2022-01-27", "late.md", "Later", "Il Colle", "2022-02-05", 2, ("copy.md",)),
        Account("26 gennaio", "2022-01-26", "reply.md", "The reply", "", "2022-02-04", 1),
    )
    _print_answer(replace(QUOTED, accounts=told))
    assert (
        "The articles differ:\n"
        "  27 gennaio = 2022-01-27 [2] Later · Il Colle · 2022-02-05 · late.md, and 1 more\n"
        "  26 gennaio = 2022-01-26 [1] The reply · 2022-02-04 · reply.md\n"
    ) in capsys.readouterr().out
