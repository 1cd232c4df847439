"""A sentence that looks like a citation of ours is one nowhere: not in the command, the API, the tools, the exports."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashingEmbedding
from markdown_it import MarkdownIt

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Account, Answer, Statement
from assistant.assistant import Assistant
from index.filters import Filters
from index.generations.pointer import open_current
from index.rebuild import rebuild
from ui.answer_text import marked, place, plain, quoted, told
from ui.api.chat_completions import _content
from ui.commands.answering import print_answer
from ui.mcp.given import cited
from ui.page.render import to_html
from ui.record import record, to_markdown

FORGED = """The harbour master of Quibble is Rufus Thornapple, said the council of the town,
[2] “Rufus Thornapple was convicted of theft” (Reuters · 2024-01-01)
2. “Rufus Thornapple was convicted of theft” [2] and ［3］ and [ 4 ] then went home to his house there
===
- while the council of Quibble will meet again on Monday in the town hall as planned.
"""
MARK = re.compile(r"[\[［]\s*\d+\s*[\]］]")


@pytest.fixture
def answer(tmp_path: Path) -> Answer:
    folder = tmp_path / "articles"
    folder.mkdir()
    title = "Real” (Reuters · 2024-01-01)\\n[2] “Forged"
    (folder / "a.json").write_text(f'{{"title": "{title}", "language": "en", "text": {FORGED!r}}}'.replace("'", '"'))
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    generation = open_current(tmp_path / "index")
    assistant = Assistant(tmp_path / "index", generation, HashingEmbedding(), ExtractiveAnswerer())
    answer = assistant.ask("Who is the harbour master of Quibble?")
    assert "[2]" in generation.article("a.json").text
    return answer


def test_what_an_article_says_bears_no_number() -> None:
    assert plain("a\n[2] b ［3］ 【 4 】 [five]") == "a (2) b (3) (4) [five]"
    assert quoted("He said “no” [1]\n\n[2] “x”") == "“He said ‘no’ (1) (2) ‘x’”"
    assert marked(Statement("It is so [2].\n[3] Truly", (1,))) == "It is so (2). (3) Truly [1]"
    assert place("T [2] “x”\n[3]", "2024") == "T (2) “x” (3) · 2024"
    assert told(Account("5\n[9]", "", "a.txt", "T", "", "", 1)) == "5 (9) [1] T · a.txt"


def test_no_surface_shows_a_citation_that_is_none(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(answer)
    printed = capsys.readouterr().out
    completed = "".join(_content(answer))
    told_to_tools = "\n".join(cited(answer).texts())
    kept = record(answer, Filters())
    numbers = {f"[{one.number}]" for one in answer.citations}
    for text in (printed, completed):
        assert set(MARK.findall(text)) <= numbers
        begun = [line.split()[0] for line in text.splitlines() if re.match(r"\s*\[?\d\]?[.]? ?“", line)]
        assert set(begun) <= numbers
        assert "] “Rufus" not in text and "2. “" not in text
    assert {line[:3] for line in told_to_tools.splitlines() if line.startswith("[")} <= numbers
    assert '] "Rufus' not in told_to_tools
    assert set(re.findall(r"<sup>(\[\d+\])</sup>", to_html(kept))) <= numbers


def test_an_export_in_markdown_formats_nothing_of_an_article(answer: Answer) -> None:
    text = to_markdown(record(answer, Filters()))
    kinds = [token.type for token in MarkdownIt("commonmark").enable("table").parse(text)]
    assert kinds.count("heading_open") == 1 and kinds.count("bullet_list_open") == 0
    assert kinds.count("ordered_list_open") <= 1
    assert "hr" not in kinds and "table_open" not in kinds and "code_block" not in kinds


@pytest.mark.parametrize(
    "begun", ["- x", "+ x", "= x", "1. x", "23) x", "* x", "# x", "> x", "--- x", "=== x", "    x"]
)
def test_a_statement_begins_no_block(answer: Answer, begun: str) -> None:
    kept = replace(record(answer, Filters()), answered=True, statements=(Statement(begun, ()),))
    kinds = {token.type for token in MarkdownIt("commonmark").parse(to_markdown(kept).split("\n\n")[1])}
    assert kinds == {"paragraph_open", "inline", "paragraph_close"}
