"""The child process that makes a picture of a scanned page: a file comes in, a JPEG of bounded size goes out.

Whatever goes wrong ends it, and the other side says that there is no picture.
"""

import io
import os
import sys

from PIL import Image, ImageOps

from index.reading.readers.pdf import PDF, largest_picture
from index.reading.worker import limit

MOST_WIDTH, MOST_HEIGHT = 1600, 2400
QUALITY = 80
FORMATS = ("PNG", "JPEG", "TIFF", "JPEG2000", "BMP", "GIF")


def as_jpeg(picture: bytes) -> bytes:
    """The picture as a JPEG, upright, and no larger than a screen shows."""
    with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")  # of black and white alone letters would be coarse
    upright.thumbnail((MOST_WIDTH, MOST_HEIGHT))
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


if __name__ == "__main__":
    answer = os.dup(1)
    limit()
    given = sys.stdin.buffer.read()
    with os.fdopen(answer, "wb") as out:
        out.write(as_jpeg(largest_picture(given, int(sys.argv[1])) if given.startswith(PDF) else given))
