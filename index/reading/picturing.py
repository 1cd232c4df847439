"""The child process that makes a picture of a scanned page: a file comes in, a JPEG of bounded size goes out.

Whatever goes wrong ends it, and the other side says that there is no picture.
"""

import io
import os
import sys

from index.reading.readers.pdf import PDF, largest_picture
from index.reading.texts.pictures import page_of
from index.reading.worker import limit

MOST_WIDTH, MOST_HEIGHT = 1600, 2400
QUALITY = 80


def as_jpeg(content: bytes, number: int) -> bytes:
    """The page of that number from 1 as a JPEG, upright, and no larger than a screen shows."""
    if content.startswith(PDF):
        content, number = largest_picture(content, number), 1
    page = page_of(content, number)
    page.thumbnail((MOST_WIDTH, MOST_HEIGHT))
    made = io.BytesIO()
    page.convert("RGB").save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


if __name__ == "__main__":
    answer = os.dup(1)
    limit()
    given = sys.stdin.buffer.read()
    with os.fdopen(answer, "wb") as out:
        out.write(as_jpeg(given, int(sys.argv[1])))
