"""What the command prints of an answer, and that each command does what its options say."""

import inspect
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from commands import commands

from assistant.answers import Account, Answer, Citation, Event, Evidence, ShortAnswer, Statement, Waiting, Written
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence
from ui.cli import newsdesk
from ui.commands.answering import print_answer, print_short_answer
from ui.commands.answering import printed as printing
from ui.commands.narrowed import NarrowingOptions
from ui.commands.timeline import days

QUOTE = "Il 26 gennaio ha consegnato la risposta."
REPLY = Article("reply.md", "The reply", QUOTE, "2022-02-04")
WHOLE = Sentence(0, len(QUOTE))
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
    cited=(Hit(REPLY, Passage("p", REPLY.id, 0, len(QUOTE), QUOTE, (WHOLE,)), WHOLE, 0.9, also_in=("copy.md",)),),
)
CITED = QUOTED.citations[0]


@pytest.mark.parametrize(
    ("short", "printed"),
    [
        (ShortAnswer("26 gennaio", "2022-01-26", CITED), "26 gennaio = 2022-01-26\n"),
        (ShortAnswer("26 gennaio 2022", "2022-01-26", CITED), "26 gennaio 2022\n"),
        (ShortAnswer(QUOTE, "", CITED), ""),
    ],
)
def test_the_words_that_answer_come_first_with_the_day_that_they_leave_open(
    short: ShortAnswer, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_short_answer(short.text, short.answer_date, (short.citation.quote,))
    assert capsys.readouterr().out.strip() == printed.strip()


ARTICLE = Article("late.md", "Later", "Snow fell.", "2022-02-05", "en")
HIT = Hit(ARTICLE, Passage("p", "late.md", 0, 10, ARTICLE.text, (Sentence(0, 10),)), Sentence(0, 10), 0.9)
SHORT = ShortAnswer("26 gennaio", "2022-01-26", CITED)


@pytest.mark.parametrize(
    ("events", "before"),
    [
        (
            [SHORT, Waiting(), Waiting(), Written("He "), QUOTED],
            f"26 gennaio = 2022-01-26\n\n  “{QUOTE}”\n    The reply · 2022-02-04 · reply.md",
        ),
        (
            [Waiting(), Written("He "), QUOTED],
            "  “Snow fell.”\n    Later · 2022-02-05 · late.md\n\n26 gennaio = 2022-01-26",
        ),
        ([SHORT, QUOTED], "26 gennaio = 2022-01-26"),
        ([QUOTED], "26 gennaio = 2022-01-26"),
        ([replace(QUOTED, short_answer=QUOTE)], ""),
    ],
)
def test_what_an_answer_rests_on_is_printed_while_it_is_written(
    events: list[Event], before: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer(QUOTED)
    answer = capsys.readouterr().out
    list(printing([Evidence("When?", (HIT,)), *events]))
    printed = capsys.readouterr().out
    assert printed.endswith(answer)
    assert printed.removesuffix(answer).rstrip() == before


def test_an_answer_is_printed_with_its_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(QUOTED)
    printed = capsys.readouterr().out
    assert f"[1] “{QUOTE}”" in printed and "also in copy.md" in printed


def test_a_day_that_is_only_the_one_of_the_report_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(replace(QUOTED, answer_date="", reported_date="2022-02-04"))
    assert "Reported on 2022-02-04." in capsys.readouterr().out


def test_articles_that_differ_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    told = (
        Account("27 gennaio", "2022-01-27", "late.md", "Later", "Il Colle", "2022-02-05", 2, ("copy.md",)),
        Account("26 gennaio", "2022-01-26", "reply.md", "The reply", "", "2022-02-04", 1),
    )
    print_answer(replace(QUOTED, accounts=told))
    assert (
        "The articles differ:\n"
        "  27 gennaio = 2022-01-27 [2] Later · Il Colle · 2022-02-05 · late.md, and 1 more\n"
        "  26 gennaio = 2022-01-26 [1] The reply · 2022-02-04 · reply.md\n"
    ) in capsys.readouterr().out


def test_what_does_the_work_of_a_command_takes_its_options() -> None:
    done = {name: command for name, command in commands(newsdesk).items() if not isinstance(command, click.Group)}
    assert len(done) == 17
    for name, command in done.items():
        assert command.callback is not None
        module, _, function = str(inspect.getclosurevars(command.callback).nonlocals["place"]).partition(":")
        work = getattr(import_module(f"ui.commands.{module}"), function)
        taken = set(inspect.signature(work).parameters)
        if "narrowing" in taken:
            taken = taken - {"narrowing"} | NarrowingOptions.__annotations__.keys()
        assert taken == {one.name for one in command.params}, name


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2024-03-05", "2024-03-05", "2024-03-05"),
        ("1934-01-01", "1934-12-31", "1934"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2024-12-01", "2024-12-31", "2024-12"),
        ("2024-02-01", "2024-02-28", "2024-02-01 to 2024-02-28"),
        ("2023-01-01", "2024-12-31", "2023-01-01 to 2024-12-31"),
    ],
)
def test_a_whole_year_or_month_is_written_by_its_own_name(first: str, last: str, written: str) -> None:
    assert days(first, last) == written


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["ask", "Who led the repair?", "--since", "2026-13-01"], "'2026-13-01' is not a day. Write it as YYYY-MM-DD."),
        (["ask", "hello", "--until", "soon"], "'soon' is not a day."),
        (["ask", "How many articles are there?", "--since", "20240305"], "'20240305' is not a day."),
        (["search", "bridge", "--until", "2024-W10-2"], "'2024-W10-2' is not a day."),
        (["eval", "nowhere.jsonl"], "There is no file nowhere.jsonl."),
    ],
)
def test_a_day_or_a_file_that_is_none_is_refused_before_anything_is_asked(
    index_dir: Path, command: list[str], told: str
) -> None:
    done = CliRunner().invoke(newsdesk, [*command, "--index-dir", str(index_dir)])
    assert done.exit_code == 1 and told in str(done.exception)
