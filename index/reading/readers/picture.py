"""Pictures of text (.png, .jpg, .tif): what a program makes out in them."""

from collections.abc import Iterator

from index.articles import RECOGNISED
from index.errors import ProgramMissing, Unreadable
from index.reading.readers.story import Story
from index.reading.recognition import engine, recognise


def read_picture(content: bytes) -> Iterator[Story]:
    """The text that is recognised in the picture."""
    if not engine():
        raise ProgramMissing("it is a picture; install Tesseract (tesseract-ocr) to have its text recognised")
    try:
        text = recognise(content)
    except Unreadable as error:
        raise Unreadable("it is a picture in which no text was recognised") from error
    if not text:
        raise Unreadable("it is a picture in which no text was recognised")
    yield Story(text, {}, {RECOGNISED: "1", "encoding": "picture"})
