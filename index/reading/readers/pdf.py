"""PDF to text, with where each page begins."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from index.articles import RECOGNISED
from index.errors import ProgramMissing, Unreadable
from index.languages.words import languages
from index.reading.decoding import sanitise
from index.reading.readers.columns import in_columns
from index.reading.readers.story import Flaw, Story, one_line
from index.reading.recognition import MOST_PAGES, engine, recognise

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

# How a file of this kind begins.
PDF = b"%PDF-"
# A line at the top or bottom of this share of the pages is the paper's, not the article's.
RUNNING_SHARE = 0.5
# A line shorter than this share of a full one is the last of its paragraph.
WRAPPED_SHARE = 0.7
_PAGE_NUMBER = re.compile(r"\W*(?:\w+\W+)?\d{1,4}(?:\W+(?:\w+\W+)?\d{1,4})?\W*")
_SENTENCE_ENDS = (".", "!", "?", "”", "»", '"')
_DIVIDED = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_TITLE_OF_A_PROGRAM = re.compile(r"^(?:microsoft|untitled|document\d*$|.*\.(?:docx?|indd|qxd|pdf|tex)$)", re.IGNORECASE)


def read_pdf(content: bytes) -> Iterator[Story | Flaw]:
    """The text of all pages, without page numbers and running titles; that of scanned ones as it is recognised."""
    import pypdf.errors  # only the child that meets a PDF loads it

    def text_of(page: "PageObject") -> str:
        try:
            return in_columns(page)
        except pypdf.errors.PyPdfError:
            return page.extract_text()

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every small flaw of every file
    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        if document.is_encrypted and not document.decrypt(""):
            raise Unreadable("it is encrypted; save it without a password")
        pages = [_lines(text_of(page)) for page in document.pages]
        scanned = _recognised(document, pages)
        said = document.metadata
    except (
        pypdf.errors.PyPdfError,
        pypdf.errors.DependencyError,
        NotImplementedError,
        ValueError,
        RecursionError,
    ) as error:
        said_by_reader = one_line(str(error).partition(" b'")[0])[:100]  # what follows are bytes of the file
        raise Unreadable(f"it is encrypted or damaged ({said_by_reader}); save it anew as PDF") from error
    words = "".join(line for page in pages for line in page)
    if not words:
        if not engine():
            raise ProgramMissing("it holds no text; install Tesseract (tesseract-ocr) to have scanned pages recognised")
        raise Unreadable("it holds no text")
    if 2 * words.count("\ufffd") > len(words):
        raise Unreadable("it does not say which letters its signs are; recognise its text (OCR) first")
    pages = _without_running_lines(pages)
    text, page_starts = _joined(pages, _hyphenated(pages))
    found = {}
    for name, value in (("title", said.title if said else ""), ("author", said.author if said else "")):
        line = one_line(str(value or ""))
        if line and not _TITLE_OF_A_PROGRAM.search(line):
            found[name] = (line, "PDF properties")
    marked = {RECOGNISED: " ".join(map(str, scanned))} if scanned else {}
    yield Story(text, found, {"encoding": "PDF", **marked}, page_starts)
    if len(scanned) == MOST_PAGES:
        yield Flaw("", f"only the first {MOST_PAGES} of its scanned pages were recognised; split it")


def _recognised(document: "PdfReader", pages: list[list[str]]) -> list[int]:
    """The numbers of the pages without text whose picture of text is recognised; its lines take the place of none."""
    numbers: list[int] = []
    tried = 0
    for number, page in enumerate(document.pages):
        if any(pages[number]) or not engine() or tried == MOST_PAGES:
            continue
        largest = _largest(page)
        tried += bool(largest)
        with suppress(Unreadable):  # a page more that holds no text
            if lines := (recognise(largest) if largest else "").split("\n"):
                pages[number] = lines
                numbers += [number + 1] if any(lines) else []
    return numbers


def largest_picture(content: bytes, number: int) -> bytes:
    """The picture that fills the page, counted from 1, of a scanned PDF; b"" where it has none.

    Of a damaged file it raises whatever the library does.
    """
    import pypdf  # only the child that meets a PDF loads it

    return _largest(pypdf.PdfReader(io.BytesIO(content)).pages[number - 1])


def _largest(page: "PageObject") -> bytes:
    return max((image.data for image in page.images), key=len, default=b"")


def _hyphenated(pages: Sequence[list[str]]) -> frozenset[str]:
    """The words with a hyphen that stand within a line: "well-known" keeps it at a line's end too."""
    return frozenset(
        word.casefold()
        for page in pages
        for line in page
        for word in _HYPHENATED.findall(line)
        if word not in ("", "-")
    )


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
            is_full = 0 < full <= len(previous) and not (number == 0 and previous.endswith(_SENTENCE_ENDS))
            if goes_on and _DIVIDED.search(previous):
                word = f"{previous.split()[-1]}{line.split()[0]}".casefold().strip(".,;:!?()[]\"'“”„«»")
                first = word.partition("-")[0]
                text = text if word in hyphenated or first in _first_parts() else text[:-1]
            elif goes_on or (is_full and line):
                text += " "
            elif text and line:
                text += "\n\n"
            if number == 0:
                page_starts.append(len(text))
            text += line
            previous = line if page else previous
    return text, tuple(page_starts)


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in sanitise(text).strip().split("\n")]


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
