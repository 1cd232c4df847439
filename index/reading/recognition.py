"""Pictures of text to text, with Tesseract where that is installed."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from index.errors import Unreadable
from index.reading import programs
from index.reading.decoding import sanitise
from index.reading.patience import at_work

PAGE_SECONDS = 15
# So many pages of one file: with the seconds above, a quarter of an hour at most.
MOST_PAGES = 60
# Each language more makes it slower and surer of what is none; those of most articles come first.
MOST_LANGUAGES = 6
# How pictures begin. Of anything else Tesseract takes the lines for the names of pictures elsewhere, and reads those.
PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
    b"BM",
    b"GIF8",
)
_FIRST = ("eng", "ita", "deu", "fra", "spa", "por", "ukr", "rus")
# A paragraph whose words are on the average less sure than this is a pattern on a photograph; so is a whole picture
# with so few letters.
LEAST_SURE, LEAST_LETTERS = 55.0, 12


@dataclass(frozen=True, slots=True)
class _Word:
    block: tuple[str, str]  # of the page, and its paragraph
    line: str
    sure: float
    text: str


def engine() -> str:
    """Where Tesseract is; "" where it is not installed."""
    return programs.found("tesseract")


@cache
def installed_languages() -> tuple[str, ...]:
    """The languages that it has been taught, as it names them; none without it."""
    if not engine():
        return ()
    try:
        listed = programs.run([engine(), "--list-langs"], b"", PAGE_SECONDS).decode("utf-8", "replace").split("\n")
    except Unreadable:
        return ()
    return tuple(line.strip() for line in listed if line.strip() and " " not in line.strip())


def recognise(picture: bytes) -> str:
    """The text in the picture, its paragraphs apart by an empty line; "" where there is none.

    Raises Unreadable where it takes too long or is no picture; call it only where there is an engine.
    """
    if not picture.startswith(PICTURES):
        raise Unreadable("it is no picture")
    at_work.get()()
    known = [one for one in installed_languages() if one not in ("osd", "equ")]
    chosen = sorted(known, key=lambda one: (_FIRST.index(one) if one in _FIRST else len(_FIRST), one))[:MOST_LANGUAGES]
    languages = ["-l", "+".join(chosen)] if chosen else []
    table = programs.run([engine(), "{file}", "stdout", *languages, "tsv"], picture, PAGE_SECONDS)
    words = _words(table.decode("utf-8", "replace"))
    paragraphs = [list(same) for _, same in groupby(words, key=lambda word: word.block)]
    text = "\n\n".join(_joined(one) for one in paragraphs if sum(word.sure for word in one) / len(one) >= LEAST_SURE)
    text = sanitise(text)
    return text if sum(character.isalpha() for character in text) >= LEAST_LETTERS else ""


def _words(table: str) -> list[_Word]:
    words = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text, sure = (row.get("text") or "").strip(), row.get("conf") or "-1"
        if text and not sure.startswith("-"):
            words.append(_Word((row["block_num"], row["par_num"]), row["line_num"], float(sure), text))
    return words


def _joined(words: Sequence[_Word]) -> str:
    """The paragraph on one line; a word that was divided at a line's end is one again."""
    lines = [" ".join(word.text for word in same) for _, same in groupby(words, key=lambda word: word.line)]
    text = ""
    for line in lines:
        divided = text.endswith(("-", "‐", "¬")) and line[:1].islower()
        text = text[:-1] + line if divided else f"{text} {line}".strip()
    return text
