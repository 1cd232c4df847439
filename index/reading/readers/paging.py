"""Pages of lines to one text of paragraphs, with where each page begins in it."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from index.languages.scripts import SENTENCE_ENDS
from index.languages.words import languages

# A line at the top or bottom of this share of the pages is the paper's, not the article's.
RUNNING_SHARE = 0.5
# A line shorter than this share of a full one is the last of its paragraph.
WRAPPED_SHARE = 0.7
_PAGE_NUMBER = re.compile(r"\W*(?:\w+\W+)?\d{1,4}(?:\W+(?:\w+\W+)?\d{1,4})?\W*")
_ENDS = (*SENTENCE_ENDS, "”", "»", '"')
_DIVIDED = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
# Before a number, a capital letter, or behind a number, a hyphen is the word's own: Ost-West, 11-month, 1914-1918.
_COMPOUND = re.compile(r"\w-$")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")


def paragraphs_of(pages: Sequence[list[str]]) -> tuple[str, tuple[int, ...]]:
    """The text of the pages without page numbers and running titles, and where in it each page begins."""
    pages = _without_running_lines(pages)
    return _joined(pages, _hyphenated(pages))


def _hyphenated(pages: Sequence[list[str]]) -> frozenset[str]:
    """The words with a hyphen that stand within a line: "well-known" keeps it at a line's end too."""
    return frozenset(word.casefold() for page in pages for line in page for word in _HYPHENATED.findall(line))


def _joined(pages: Sequence[list[str]], hyphenated: frozenset[str]) -> tuple[str, tuple[int, ...]]:
    """The pages' paragraphs, each on one line with an empty one between, and where in that each page begins.

    A paragraph ends with an empty or a clearly shorter line, or with a sentence at the end of a page, unless
    the next line goes on in small letters.
    """
    lengths = sorted(len(line) for page in pages for line in page)
    full = WRAPPED_SHARE * lengths[9 * len(lengths) // 10] if lengths else 0
    text, previous, page_starts = "", "", []
    for page in pages:
        for number, line in enumerate(page or [""]):
            goes_on = bool(previous) and line[:1].islower()
            is_full = 0 < full <= len(previous) and not (number == 0 and previous.endswith(_ENDS))
            if goes_on and _DIVIDED.search(previous):
                word = f"{previous.split()[-1]}{line.split()[0]}".casefold().strip(".,;:!?()[]\"'“”„«»")
                first = word.partition("-")[0]
                text = text if word in hyphenated or first in _first_parts() else text[:-1]
            elif not (_COMPOUND.search(previous) and line[:1].isalnum()):
                text += " " if goes_on or (is_full and line) else "\n\n" if text and line else ""
            if number == 0:
                page_starts.append(len(text))
            text += line
            previous = line if page else previous
    return text, tuple(page_starts)


def _without_running_lines(pages: Sequence[list[str]]) -> list[list[str]]:
    """The pages without the lines that many begin or end with, and without page numbers."""
    edges = Counter(_shape(line) for page in pages if len(page) > 2 for line in {page[0], page[-1]})
    running = {shape for shape, count in edges.items() if count >= max(3, RUNNING_SHARE * len(pages))}

    def is_running(line: str) -> bool:
        return _shape(line) in running or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(line) is not None)

    kept = []
    for page in pages:
        first, last = 0, len(page)
        while first < last and is_running(page[first]):
            first += 1
        while last > first and is_running(page[last - 1]):
            last -= 1
        kept.append(page[first:last])
    return kept


def _shape(line: str) -> str:
    """The line with any number for any other, as in "page 3 of 12"."""
    return re.sub(r"\d+", "0", line.strip().casefold())


@cache
def _first_parts() -> frozenset[str]:
    """First parts that keep their hyphen in most words, in any language: of a PDF it is told by its text."""
    return frozenset(part for spoken in languages() for part in spoken.sentences.hyphenated)
