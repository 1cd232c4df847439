"""Pages that are pictures to lines, each page by itself: those that fail are told of."""

from collections.abc import Callable, Iterable, Iterator

from index.errors import Unreadable
from index.languages.names import english_name
from index.reading.readers.story import Flaw
from index.reading.texts.recognition import MOST_PAGES, untaught


def recognised(pages: Iterable[tuple[int, Callable[[], str]]]) -> tuple[dict[int, list[str]], list[Unreadable]]:
    """The lines of each page, by its number, that holds any; and why others could not be read, each reason once."""
    lines: dict[int, list[str]] = {}
    failed: dict[str, Unreadable] = {}
    for tried, (number, read) in enumerate(pages):
        if tried == MOST_PAGES:
            error = Unreadable(f"only the first {MOST_PAGES} of its scanned pages were recognised; split it")
            failed.setdefault(str(error), error)
            break
        try:
            if text := read():
                lines[number] = text.split("\n")
        except Unreadable as error:
            failed.setdefault(str(error), error)
    return lines, list(failed.values())


def flaws(text: str, failed: Iterable[Unreadable]) -> Iterator[Flaw]:
    """What is to be told of a file of which this text was recognised, and of whose pages some failed."""
    for error in failed:
        yield Flaw("", str(error), error.again)
    if language := untaught(text):
        name = english_name(language)
        yield Flaw(
            "",
            f"its text seems to be in {name}, which Tesseract was not taught here: some letters are wrong; "
            "install that language of Tesseract and rebuild",
            again=True,
        )
