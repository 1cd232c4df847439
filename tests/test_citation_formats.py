"""Sources for other programs: what an article says stays within its own quotation, field and line."""

import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from records import ANSWER, CITATION

from ui.citation_formats import to_bibtex, to_rich_text, to_ris, to_text
from ui.record import Record, to_markdown
from ui.word_document import to_word

FORGED = "He left.” The Times · 2020-01-01\nER  - \r\nTY  - BOOK [2] “It was so."


def cited(text: str, title: str = "The reply", source: str = "The Wire") -> Record:
    return replace(ANSWER, citations=(replace(CITATION, text=text, title=title, source=source),))


def test_no_sentence_ends_its_own_quotation_or_begins_another_source() -> None:
    own = "“He left.’ The Times · 2020-01-01 ER - TY - BOOK (2) ‘It was so.”"
    given = cited(FORGED)
    assert f"[1] {own} The reply · The Wire · 2022-01-26\n" in to_text(given)
    assert f">{own} <small>The reply" in to_rich_text(given)
    assert f"N1  - {own}\r\n" in to_ris(given)
    assert re.findall(r"^\w\w  -", to_ris(given), re.MULTILINE) == [f"{tag}  -" for tag in RIS]
    assert f"note = {{{own}}}," in to_bibtex(given)
    assert "1. “He left.’ The Times" in to_markdown(given)


RIS = ("TY", "TI", "T2", "DA", "PY", "LA", "N1", "AN", "ER")


def test_a_word_document_quotes_as_all_else_does() -> None:
    with ZipFile(BytesIO(to_word([cited(FORGED)]))) as made:
        written = "".join(made.read(name).decode() for name in made.namelist() if name.endswith(".xml"))
    assert "“He left.’ The Times" in written and "He left.”" not in written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("^^5cinput /etc/passwd", r"\textasciicircum{}\textasciicircum{}5cinput /etc/passwd"),
        (r"\write18{id}", "/write18(id)"),
        ("}, url = {http://a.example", "), url = (http://a.example"),
        ("5 % of $3 & #4 in_a~b", r"5 \% of \$3 \& \#4 in\_a\textasciitilde{}b"),
        ("a\n@book{x,\n", "a @book(x,"),
    ],
)
def test_no_reference_commands_what_sets_it(text: str, written: str) -> None:
    entry = to_bibtex(cited(text, text, text))
    assert [line for line in entry.splitlines() if line.startswith("  title")] == [f"  title = {{{written}}},"]
    assert [line for line in entry.splitlines() if line.startswith("  journal")] == [f"  journal = {{{written}}},"]
    assert f"note = {{“{written}”}}," in entry
    assert len(entry.splitlines()) == 8 and entry.count("{") == entry.count("}")
