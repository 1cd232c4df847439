"""Questions with the passages that they were asked of, from a file of rows."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from index.passages import Sentence
from index.splitting.sentences import split_sentences

TITLE_MARK = " [SEP] "  # some passages begin with their title and this


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of one page, and its sentences."""

    source: str
    language: str
    title: str
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A question, the number of its passage, and the words that answer: (start, end) characters of the passage.

    No spans: people wrote that the passage does not answer it.
    """

    question: str
    language: str
    passage: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows, and the passages that they count."""

    rows: tuple[Row, ...]
    passages: tuple[Passage, ...]


def read_rows(file: Path, limit: int | None = None) -> Rows:
    """The rows of a gzipped JSON list of {"src", "lang", "q", "ctx", "ans", "title", "un"}, or the first of them."""
    numbers: dict[tuple[str, str], int] = {}
    rows: list[Row] = []
    passages: list[Passage] = []
    for line in json.loads(gzip.decompress(file.read_bytes()))[:limit]:
        asked, _, written = line["lang"].partition(">")
        text, cut = _without_title(line["ctx"])
        key = (line["src"], text)
        if key not in numbers:
            numbers[key] = len(passages)
            title = (line["title"] or "").replace("_", " ")[:120]
            passages.append(
                Passage(line["src"], written or asked, title, text, split_sentences(text, written or asked))
            )
        spans = tuple(dict.fromkeys((start - cut, start - cut + len(words)) for start, words in line["ans"]))
        kept = tuple((start, end) for start, end in spans if 0 <= start < end <= len(text))
        if kept or line["un"]:
            rows.append(Row(line["q"].strip(" -"), asked, numbers[key], () if line["un"] else kept))
    return Rows(tuple(rows), tuple(passages))


def _without_title(text: str) -> tuple[str, int]:
    """The passage after its title, and how many characters went."""
    before, mark, after = text.partition(TITLE_MARK)
    return (after, len(before) + len(mark)) if mark else (text, 0)
