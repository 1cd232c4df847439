"""Answers that a person reads: drawn evenly, shown with what stands around, verdicts kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer, Citation, Statement
from bench.judge import Judged, Told, agreement, as_text, in_turn, interval, judge, read, report, shown, written
from index.articles import Article

TEXT = "It rained. The bridge reopened on Monday. Traffic was light."
TOLD = Told("The bridge reopened on Monday.", "The bridge reopened on Monday.", "It rained. ", " Traffic was light.")
ONE = Judged("news", "When did it reopen?", "fact", "Monday", "2024-03-04", (TOLD,))
OTHER = replace(ONE, question="Who opened it?", kind="list")


def test_a_statement_is_shown_with_its_sentence_and_what_stands_around_it() -> None:
    citation = Citation(1, "a.md", "Bridge", "2024-03-05", 11, 41, TEXT[11:41])
    answer = Answer(
        "When did it reopen?", "", "en", True, "", (Statement(TOLD.statement, (1,)),), "Monday", "2024-03-04",
        (citation,), (), "g000001", "extractive",
    )  # fmt: skip
    assert shown("news", answer, {"a.md": Article("a.md", "Bridge", TEXT)}) == ONE
    text = as_text(ONE, 1, 2)
    assert "It rained. >>> The bridge reopened on Monday. <<< Traffic was light." in text
    assert "A  Monday = 2024-03-04" in text and "quoted" in text
    reported = shown(
        "news", replace(answer, answer_date="", reported_date="2024-03-05"), {"a.md": Article("a.md", "", TEXT)}
    )
    assert reported.day == "reported on 2024-03-05"


def test_verdicts_are_read_kept_and_not_asked_for_again(tmp_path: Path) -> None:
    file = tmp_path / "judged.jsonl"
    written(file, [ONE, OTHER])
    asked: list[str] = []
    judge(read(file), file, ["what?", "n no Monday there"], asked.append)  # one that is none is passed over
    assert [(one.verdict, one.remark) for one in read(file)] == [("does not", "no Monday there"), ("", "")]
    assert len(asked) == 2  # the second was shown, and nothing came
    asked.clear()
    judge(read(file), file, ["s"], asked.append)
    assert [one.verdict for one in read(file)] == ["does not", "says it"] and len(asked) == 1


def test_the_report_counts_by_kind_and_by_sureness_what_was_read() -> None:
    judged = [replace(ONE, verdict="does not", sure=False), replace(ONE, verdict="says it"), OTHER]
    assert report(judged)[2:] == [
        "| all | 2 | 50.0% (9.5%–90.5%) | 0.0% |",
        "| fact | 2 | 50.0% (9.5%–90.5%) | 0.0% |",
        "| short answers told as sure | 1 | 0.0% (0.0%–79.3%) | 0.0% |",
        "| short answers told as not sure | 1 | 100.0% (20.7%–100.0%) | 0.0% |",
    ]
    assert "(not sure)" in as_text(judged[0], 1, 3) and "(not sure)" not in as_text(judged[1], 2, 3)


@pytest.mark.parametrize(("held", "count", "low", "high"), [(2, 100, 0.006, 0.070), (0, 100, 0.0, 0.037)])
def test_the_interval_is_wilsons(held: int, count: int, low: float, high: float) -> None:
    assert interval(held, count) == pytest.approx((low, high), abs=0.001)


def test_agreement_is_over_what_both_have_read() -> None:
    mine = [replace(ONE, verdict="does not"), replace(OTHER, verdict="says it")]
    theirs = [replace(ONE, verdict="does not"), OTHER]
    assert agreement(mine, theirs) == "Of 1 read by both, 1 got the same verdict."


def test_kinds_take_turns() -> None:
    lines: list[dict[str, object]] = [{"kind": kind, "n": n} for n, kind in enumerate("aaab")]
    drawn = in_turn(lines, lambda line: str(line["kind"]), 0)
    assert sorted(str(line["n"]) for line in drawn) == ["0", "1", "2", "3"]
    assert {line["kind"] for line in drawn[:2]} == {"a", "b"}
    assert (
        drawn == in_turn(lines, lambda line: str(line["kind"]), 0) != in_turn(lines, lambda line: str(line["kind"]), 5)
    )
