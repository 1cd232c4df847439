"""Old Word documents (.doc), through a converter where one is installed."""

from collections.abc import Iterator

from index.errors import ProgramMissing, Unreadable
from index.reading.readers.story import Story
from index.reading.texts import programs
from index.reading.texts.decoding import decode

SECONDS = 15
# Each writes the text in UTF-8, a paragraph a line.
CONVERTERS = {"catdoc": ("-w", "-d", "utf-8", "{file}"), "antiword": ("-w", "0", "-m", "UTF-8.txt", "{file}")}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def read_doc(content: bytes) -> Iterator[Story]:
    """The document's text as the converter writes it."""
    if not content.startswith(OLD_OFFICE):
        raise Unreadable("it is no Word document")
    program = programs.found(*CONVERTERS)
    if not program:
        raise ProgramMissing("it is an old Word or Office file; install catdoc or antiword, or save it as .docx")
    name = program.rpartition("/")[2]
    text, _ = decode(programs.run([program, *CONVERTERS[name]], content, SECONDS) or b" ")
    paragraphs = (" ".join(line.split()) for line in text.split("\n"))
    yield Story("\n\n".join(line for line in paragraphs if line), {}, {"encoding": f"Word, through {name}"})
