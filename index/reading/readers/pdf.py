"""PDF to text, with where each page begins."""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from index.articles import RECOGNISED
from index.errors import ProgramMissing, Unreadable
from index.reading.readers.columns import in_columns
from index.reading.readers.paging import paragraphs_of
from index.reading.readers.scans import flaws, recognised
from index.reading.readers.story import Flaw, Story, one_line
from index.reading.texts.decoding import sanitise
from index.reading.texts.recognition import engine, recognise

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

# How a file of this kind begins.
PDF = b"%PDF-"
_TITLE_OF_A_PROGRAM = re.compile(
    r"^(?:microsoft|scan(?:ned)?(?:[\W_\d]|document)*$|img[\W_]*\d+$|.*\.(?:docx?|indd|qxd|pdf|tex)$)", re.IGNORECASE
)


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
        scanned, failed = _recognised(document, pages)
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
        if failed:
            raise failed[0]
        raise Unreadable("it holds no text")
    if 2 * words.count("\ufffd") > len(words):
        raise Unreadable("it does not say which letters its signs are; recognise its text (OCR) first")
    text, page_starts = paragraphs_of(pages)
    found = {}
    for name, value in (("title", said.title if said else ""), ("author", said.author if said else "")):
        line = one_line(str(value or ""))
        if line and not _TITLE_OF_A_PROGRAM.search(line):
            found[name] = (line, "PDF properties")
    marked = {RECOGNISED: " ".join(map(str, scanned))} if scanned else {}
    yield Story(text, found, {"encoding": "PDF", **marked}, page_starts)
    yield from flaws(_on(scanned, text, page_starts), failed)


def _recognised(document: "PdfReader", pages: list[list[str]]) -> tuple[list[int], list[Unreadable]]:
    """The numbers of the pages without text whose picture of text is recognised, and why those of others are not.

    What is recognised takes the place of none.
    """
    wanted = {
        number + 1: largest
        for number, page in enumerate(document.pages)
        if not any(pages[number]) and engine() and (largest := _largest(page))
    }
    lines, failed = recognised((number, partial(recognise, wanted[number])) for number in wanted)
    for number, found in lines.items():
        pages[number - 1] = found
    return list(lines), failed


def _on(numbers: Sequence[int], text: str, page_starts: Sequence[int]) -> str:
    """What stands on these pages of the text."""
    ends = [*page_starts[1:], len(text)]
    return "\n".join(text[page_starts[number - 1] : ends[number - 1]] for number in numbers)


def largest_picture(content: bytes, number: int) -> bytes:
    """The picture that fills the page, counted from 1, of a scanned PDF; b"" where it has none.

    Of a damaged file it raises whatever the library does.
    """
    import pypdf  # only the child that meets a PDF loads it

    return _largest(pypdf.PdfReader(io.BytesIO(content)).pages[number - 1])


def _largest(page: "PageObject") -> bytes:
    return max((image.data for image in page.images), key=len, default=b"")


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in sanitise(text).strip().split("\n")]
