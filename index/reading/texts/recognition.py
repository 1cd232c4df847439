"""Pictures of text to text, with Tesseract where that is installed."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from babel.core import get_global

from index.errors import Unreadable, Untaught
from index.languages.detection import detect_language
from index.reading.texts import programs
from index.reading.texts.decoding import sanitise
from index.reading.texts.patience import at_work

PAGE_SECONDS = 15
# So many pages of one file: with the seconds above, a quarter of an hour at most.
MOST_PAGES = 60
# Each language more makes it slower and surer of what is none; those of most articles come first.
MOST_LANGUAGES = 6
_ENDS = '.!?…:;”»"'
_FIRST = ("eng", "ita", "deu", "fra", "spa", "por", "ukr", "rus")
# A paragraph whose words are on the average less sure than this is a pattern on a photograph, or in letters that the
# engine was not taught: of pages that can be read they are over 85 sure, of Cyrillic taken for Latin up to 67. So is a
# whole picture with few letters; with many of them, unsure ones are a page in another language.
LEAST_SURE, LEAST_LETTERS, PAGE_LETTERS = 75.0, 12, 60
# So many letters are enough to tell the language of a text.
TELLING_LETTERS = 150


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


def taught() -> tuple[str, ...]:
    """The languages of its own that it reads, of most articles first."""
    known = [one for one in installed_languages() if one not in ("osd", "equ")]
    return tuple(sorted(known, key=lambda one: (_FIRST.index(one) if one in _FIRST else len(_FIRST), one)))


def recognise(content: bytes, number: int = 1) -> str:
    """The text on that page of the pictures in a file, its paragraphs apart by an empty line; "" where there is none.

    Raises Unreadable where it takes too long or is no picture, and Untaught where its letters are of a language
    that the engine was not taught; call it only where there is an engine.
    """
    from index.reading.texts.pictures import for_engine  # only the child that meets a picture loads it

    page = for_engine(content, number)
    at_work.get()()
    chosen = taught()[:MOST_LANGUAGES]
    languages = ["-l", "+".join(chosen)] if chosen else []
    # Of a page that lies on its side or its head it tells how (--psm 1), if it has "osd"; else it takes it as it is.
    command = [engine(), "{file}", "stdout", "--psm", "1", *languages, "tsv"]
    words = _words(programs.run(command, page, PAGE_SECONDS).decode("utf-8", "replace"))
    paragraphs = [list(same) for _, same in groupby(words, key=lambda word: word.block)]
    sure = [one for one in paragraphs if sum(word.sure for word in one) / len(one) >= LEAST_SURE]
    text = sanitise(_whole([_joined(one) for one in sure]))
    if _letter_count(text) >= LEAST_LETTERS:
        return text
    if _letter_count("".join(word.text for word in words)) >= PAGE_LETTERS:
        raise Untaught(
            f"its letters cannot be made out in the languages of Tesseract here ({', '.join(chosen)}); "
            "install that of the text (such as tesseract-ocr-fra), or save a sharper picture"
        )
    return ""


def untaught(text: str) -> str:
    """The language of a text that was recognised, if it is none that the engine was taught, as a code; else "".

    Letters that are none in the others are wrong in it: Polish is read without its strokes.
    """
    known = {get_global("language_aliases").get(one.partition("_")[0], one) for one in taught()}
    language = detect_language(text) if _letter_count(text) >= TELLING_LETTERS else ""
    return language if known and language not in known else ""


def _letter_count(text: str) -> int:
    return sum(map(str.isalpha, text))


def _words(table: str) -> list[_Word]:
    words = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text, sure = (row.get("text") or "").strip(), row.get("conf") or "-1"
        if text and not sure.startswith("-"):
            words.append(_Word((row["block_num"], row["par_num"]), row["line_num"], float(sure), text))
    return words


def _whole(paragraphs: Sequence[str]) -> str:
    """The paragraphs, with an empty line between them; one that goes on in the next column is one with it."""
    text = ""
    for one in paragraphs:
        goes_on = text and one[:1].islower() and text[-1] not in _ENDS
        text = _run_on(text, one) if goes_on else f"{text}\n\n{one}".strip()
    return text


def _joined(words: Sequence[_Word]) -> str:
    """The paragraph on one line; a word that was divided at a line's end is one again."""
    lines = [" ".join(word.text for word in same) for _, same in groupby(words, key=lambda word: word.line)]
    text = ""
    for line in lines:
        text = _run_on(text, line)
    return text


def _run_on(text: str, line: str) -> str:
    divided = text.endswith(("-", "‐", "¬")) and line[:1].islower()
    return text[:-1] + line if divided else f"{text} {line}".strip()
