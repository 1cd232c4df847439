"""The record of an answer: it survives being kept, and its files say all and do nothing."""

import json
import re
from dataclasses import replace
from pathlib import Path

from fakes import HashingEmbedding, ScriptedAnswerer
from markdown_it import MarkdownIt
from records import ANSWER, FOUND

from assistant.answers import Account, Statement
from assistant.assistant import Assistant
from index.filters import Filters
from index.generations.pointer import open_current
from ui.page.render import to_html
from ui.record import from_json, record, to_json, to_markdown

HOSTILE = "![p](http://tracker.example/p.png) <img src=x> `rm` _x_ | $1$ #"


def test_a_record_read_back_is_the_same() -> None:
    kept = replace(
        ANSWER,
        filters=Filters(since="2022-01-01"),
        found=(replace(FOUND, also_in=("b.txt",)),),
        accounts=(Account("26 January", "2022-01-26", "a.txt", "A", "The Wire", "2022-01-27", 1, ("b.txt",)),),
    )
    assert from_json(to_json(kept)) == kept


def test_a_record_kept_before_there_were_accounts_can_be_read() -> None:
    fields = json.loads(to_json(ANSWER))
    del fields["accounts"]
    assert from_json(json.dumps(fields)) == ANSWER


def test_a_record_says_that_the_articles_differ() -> None:
    told = Account("26 January", "2022-01-26", "a.txt", HOSTILE, "The Wire", "2022-01-27", 1)
    kept = replace(ANSWER, accounts=(told,))
    assert "The articles differ:\n\n- 26 January = 2022-01-26 \\[1\\]" in to_markdown(kept)
    assert "<p>The articles differ:</p><ul><li" in to_html(kept)
    assert "<img" not in to_html(kept)


def test_a_record_says_when_a_day_is_only_the_one_of_the_report() -> None:
    reported = replace(ANSWER, answer_date="", reported_date="2022-01-27")
    assert "Reported on 2022-01-27." in to_markdown(reported).replace("\\", "")
    assert "Reported on 2022-01-27." in to_html(reported)
    assert "Reported on" not in to_markdown(ANSWER)


def test_a_record_holds_what_it_takes_to_check_and_repeat_an_answer(
    index_dir: Path, embedding: HashingEmbedding
) -> None:
    answerer = ScriptedAnswerer("Engineer Ada Finch led the repair.")
    assistant = Assistant(index_dir, open_current(index_dir), embedding, answerer)
    kept = record(assistant.ask("Who led the repair in Marlow?"), Filters(languages=("en",)))
    (cited,) = kept.citations
    text = assistant.open_generation().article(cited.article).text
    assert text[cited.start : cited.end] == cited.text
    assert len(cited.sha256) == 64
    assert cited.text not in [quote.text for quote in kept.found]
    assert "newsdesk ask 'Who led the repair in Marlow?' --language en" in to_html(kept).replace("&#39;", "'")
    assert f"index {kept.generation}" in to_markdown(kept)


def test_days_without_their_year_are_worked_out(index_dir: Path, embedding: HashingEmbedding) -> None:
    answerer = ScriptedAnswerer("The iron bridge in Marlow reopened on 4 March.")
    assistant = Assistant(index_dir, open_current(index_dir), embedding, answerer)
    kept = record(assistant.ask("When did the iron bridge in Marlow reopen?"), Filters())
    assert [(day.words, day.first, day.last) for day in kept.citations[0].days] == [
        ("4 March", "2024-03-04", "2024-03-04")
    ]


def test_nothing_in_a_file_is_active() -> None:
    quote = replace(FOUND, text=HOSTILE, title=HOSTILE, number=1)
    kept = replace(ANSWER, question=HOSTILE, statements=(Statement(HOSTILE, (1,)),), citations=(quote,))
    html = to_html(kept)
    assert "<img" not in html
    assert "default-src 'none'" in html
    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(to_markdown(kept))
    assert not re.search("<(img|a|em|code|table)", shown)
    assert "<h1>![p](http://tracker.example/p.png) &lt;img" in shown
    refused = to_markdown(replace(kept, answered=False, reason="No date is given."))
    assert "No answer in the articles. No date is given." in refused
