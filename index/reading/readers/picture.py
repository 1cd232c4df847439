"""Pictures of text (.png, .jpg, .tif): what a program makes out in them."""

from collections.abc import Iterator
from functools import partial

from index.articles import RECOGNISED
from index.errors import ProgramMissing, Unreadable
from index.reading.readers.paging import paragraphs_of
from index.reading.readers.scans import flaws, recognised
from index.reading.readers.story import Flaw, Story
from index.reading.texts.recognition import engine, recognise


def read_picture(content: bytes) -> Iterator[Story | Flaw]:
    """The text that is recognised on the pages of the file; a TIFF may have several."""
    from index.reading.texts.pictures import page_count  # only the child that meets a picture loads it

    if not engine():
        raise ProgramMissing("it is a picture; install Tesseract (tesseract-ocr) to have its text recognised")
    count = page_count(content)
    lines, failed = recognised((number, partial(recognise, content, number)) for number in range(1, count + 1))
    if not lines:
        raise failed[0] if failed else Unreadable("it is a picture in which no text was recognised")
    text, page_starts = paragraphs_of([lines.get(number, []) for number in range(1, max(lines) + 1)])
    evidence = {RECOGNISED: " ".join(map(str, lines)), "encoding": "picture"}
    yield Story(text, {}, evidence, page_starts if count > 1 else ())
    yield from flaws(text, failed)
