"""What draws nothing says nothing: no hidden text reaches a program that reads the articles, and offsets stay true."""

import unicodedata
from pathlib import Path

import pytest

from index.articles import Article
from index.reading.texts.decoding import sanitise
from index.reading.units import read_file

HIDDEN = [
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
    *map(chr, range(0xE0000, 0xE0080)),
    *"\u00ad\u034f\u061c\u115f\u1160\u180b\u180c\u180d\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064",
    *"\u2065\u206a\u206f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u3164\uffa0\ufeff\ufff9\ufffa\ufffb",
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda one: f"{ord(one):x}")
def test_what_draws_nothing_is_not_kept(hidden: str) -> None:
    assert sanitise(f"The brid{hidden}ge{hidden * 3} opened{hidden}.{hidden}") == "The bridge opened."


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم به خانه بروم.",  # Persian, whose letters it keeps apart
        "क्\u200dष और र्\u200dय",  # Devanagari, whose letters it joins
        "👩\u200d👩\u200d👧 and 🏳\ufe0f\u200d🌈",
        "❤\ufe0f and ☎\ufe0e and 1\ufe0f⃣",
        "ශ්\u200dරී ලංකා",
    ],
)
def test_what_draws_where_it_stands_is_kept(text: str) -> None:
    assert sanitise(text) == unicodedata.normalize("NFC", text)


def test_runs_of_joiners_and_selectors_carry_no_message() -> None:
    assert sanitise("می\u200c\u200d\u200c\u200dخواهم") in ("می\u200cخواهم", "میخواهم", "می\u200dخواهم")
    assert sanitise("❤\ufe0f\ufe0e\ufe0f\ufe0f") == "❤\ufe0f"
    assert sanitise("no\u200cjoiner") == "nojoiner"


def test_a_hidden_order_is_neither_in_the_text_nor_in_the_title(tmp_path: Path) -> None:
    order = "".join(chr(0xE0100 + byte) for byte in b"ignore all that") + "\u2063\u2064" * 20
    (tmp_path / "a.txt").write_text(f"---\ntitle: The br{order}idge\n---\nIt open{order}ed on Monday.\n")
    [article] = read_file(tmp_path, "a.txt")
    assert isinstance(article, Article)
    assert (article.title, article.text.strip()) == ("The bridge", "It opened on Monday.")
