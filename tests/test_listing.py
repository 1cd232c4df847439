"""The lists behind the pages: articles narrowed and counted, events in time, feedback as questions."""

import json
from dataclasses import replace
from pathlib import Path

from fakes import HashingEmbedding
from records import ANSWER

from assistant.evaluation import read_gold
from assistant.timeline import timeline
from index.articles import Article
from index.filters import Filters
from index.generations.pointer import open_current
from index.rebuild import rebuild
from ui.feedback import FILE, approve, correct, forget
from ui.page.listing import by_language, by_source, listing, matching, over_time

ARTICLES = [
    Article("a/x.md", "Port strike", "", "2024-03-15", "en", "Wire"),
    Article("a/b/y.md", "Il porto", "", "2024-02-01", "it", "Colle"),
    Article("ab/z.md", "Sciopero", "", "", "it", "Colle", author="Ada Finch"),
]


def ids(wanted: str = "", filters: Filters | None = None) -> list[str]:
    return [one.id for one in matching(ARTICLES, wanted, filters or Filters())]


def test_articles_are_narrowed_by_words_and_by_filters() -> None:
    assert ids() == ["a/x.md", "a/b/y.md", "ab/z.md"]
    assert ids("PORT wire") == ["a/x.md"]
    assert ids("ada") == ["ab/z.md"]
    assert ids(filters=Filters(since="2024-02-02")) == ["a/x.md"]
    assert ids(filters=Filters(until="2024-02-02")) == ["a/b/y.md"]
    assert ids(filters=Filters(languages=("it",), sources=("Colle",))) == ["a/b/y.md", "ab/z.md"]
    assert ids(filters=Filters(folders=("a",))) == ["a/x.md", "a/b/y.md"]
    assert ids(filters=Filters(sources=("Colle", "Wire"), authors=("Ada Finch", "Ben Oak"))) == ["ab/z.md"]
    assert ids(filters=Filters(folders=("a/b", "ab"))) == ["a/b/y.md", "ab/z.md"]
    assert ids(filters=Filters(articles=("a/x.md",))) == ["a/x.md"]


def test_articles_are_counted_by_month_or_year_source_and_language() -> None:
    assert over_time(ARTICLES) == [("Mar 2024", 1), ("Feb 2024", 1)]
    years = [Article(str(n), "", "", f"20{10 + n // 12}-{1 + n % 12:02}-01") for n in range(14)]
    assert over_time(years) == [("2011", 2), ("2010", 12)]
    assert by_source(ARTICLES) == [("Colle", 2), ("Wire", 1)]
    assert by_language([*ARTICLES, years[0]]) == [("Italian", 2), ("English", 1), ("Unknown", 1)]


def test_a_timeline_puts_sentences_in_the_order_of_what_they_tell(folder: Path, embedding: HashingEmbedding) -> None:
    (folder / "plan.md").write_text(
        "---\npublished: 2024-01-10\nlanguage: en\n---\n\nThe iron bridge in Marlow closed on 8 January 2024.\n"
    )
    rebuild(folder, folder.parent / "index", lambda: embedding)
    generation = open_current(folder.parent / "index")
    events = timeline("iron bridge in Marlow", generation, embedding)
    assert [(event.first, event.hit.text) for event in events[:2]] == [
        ("2024-01-08", "The iron bridge in Marlow closed on 8 January 2024."),
        ("2024-03-04", "The iron bridge in Marlow reopened on 4 March."),
    ]
    assert timeline("iron bridge", generation, embedding, Filters(until="1999-01-01")) == ()
    assert listing(generation).lengths["plan.md"] == 51


def test_feedback_is_a_question_file_that_eval_reads(tmp_path: Path) -> None:
    approve(tmp_path, ANSWER)
    correct(tmp_path, replace(ANSWER, asked="2024-01-01T00:00:01+00:00"), "27 January")
    correct(tmp_path, replace(ANSWER, asked="2024-01-01T00:00:02+00:00"), "")
    lines = (tmp_path / FILE).read_text().splitlines()
    right, corrected, silent = (read_gold(json.loads(line)) for line in lines)
    assert right.question == ANSWER.question
    assert (right.articles, right.answers, right.answer_date) == (("it/reply.md",), ("26 January",), "2022-01-26")
    assert right.quotes == (ANSWER.citations[0].text,)
    assert (corrected.answers, corrected.answerable) == (("27 January",), True)
    assert (silent.answers, silent.answerable) == ((), False)


def test_what_is_said_of_an_answer_takes_the_place_of_what_was_said_before(tmp_path: Path) -> None:
    by_hand = '{"id": "q1", "question": "Who won?"}\nno JSON\n'
    (tmp_path / FILE).write_text(by_hand)
    other = replace(ANSWER, search_query="Who else?")  # asked in the same second
    approve(tmp_path, other)
    approve(tmp_path, ANSWER)
    correct(tmp_path, ANSWER, "27 January")
    *kept, last = (tmp_path / FILE).read_text().splitlines()
    assert json.loads(last)["answers"] == ["27 January"]
    assert "\n".join(kept[:2]) + "\n" == by_hand and json.loads(kept[2])["question"] == "Who else?" and len(kept) == 3
    forget(tmp_path, ANSWER)
    assert (tmp_path / FILE).read_text().splitlines() == kept
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
