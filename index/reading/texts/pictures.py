"""A file of pictures page by page, as a screen or an engine takes them: upright, on white, level, of bounded size."""

import io

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps

from index.errors import Unreadable

FORMATS = ("PNG", "JPEG", "TIFF", "JPEG2000", "BMP", "GIF")
# A page of a newspaper has so many points at 300 to the inch; more make an engine slower and no surer.
MOST_POINTS = 16_000_000
# How far a page that lay askew is turned, in degrees, and how much sharper its lines must be for that.
MOST_ASKEW, SHARPER = 6.0, 1.2
_THUMBNAIL = 800
_TOO_LARGE = "it is a picture of far too many points; save it smaller"


def page_count(content: bytes) -> int:
    """How many pages the file has: of a TIFF those in it, of others one. Raises Unreadable for no picture."""
    with _opened(content) as picture:
        return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def page_of(content: bytes, number: int, most_points: int = MOST_POINTS) -> Image.Image:
    """The page of that number from 1, upright, without what shines through, in grey or in colours.

    Raises Unreadable for no picture, for a page that is not in it, and for one of far too many points.
    """
    with _opened(content) as picture:
        try:
            if number > 1:
                picture.seek(number - 1)
            shrink = min(1.0, (most_points / max(1, picture.width * picture.height)) ** 0.5)
            size = max(1, int(picture.width * shrink)), max(1, int(picture.height * shrink))
            if shrink < 1:
                picture.draft(None, size)  # of a JPEG no more is unpacked than is wanted
            page = ImageOps.exif_transpose(_plain(picture))
        except Image.DecompressionBombError as error:
            raise Unreadable(_TOO_LARGE) from error
        except (OSError, EOFError, ValueError, SyntaxError) as error:
            raise Unreadable("it is a damaged picture; save it anew") from error
    page.thumbnail((max(size), max(size)))
    return page


def for_engine(content: bytes, number: int) -> bytes:
    """The page of that number as a PNG in grey whose lines are level; raises Unreadable as `page_of` does."""
    made = io.BytesIO()
    _level(page_of(content, number).convert("L")).save(made, "PNG", compress_level=1)
    return made.getvalue()


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise Unreadable(_TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable("it is no picture") from error


def _plain(picture: Image.Image) -> Image.Image:
    """The picture in eight bits of grey or of each colour; what it lets shine through is white."""
    if picture.mode.startswith("I;16"):
        return picture.point(lambda point: point / 256).convert("L")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        white.alpha_composite(seen)
        return white.convert("RGB")
    # Letters of black and white alone would be coarse once they are made smaller.
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def _level(page: Image.Image) -> Image.Image:
    """The page turned so that its lines are level; as it is where no turn makes them much sharper."""
    small = page.copy()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    ink = ImageChops.subtract(small.filter(ImageFilter.GaussianBlur(12)), small)

    def sharpness(angle: float) -> float:
        """How clearly rows or columns of letters stand apart from the gaps between them."""
        turned = np.asarray(ink.rotate(angle, Image.Resampling.BILINEAR), np.float32)
        return max(float(np.square(np.diff(turned.sum(axis))).sum()) for axis in (0, 1))

    steps = np.arange(-MOST_ASKEW, MOST_ASKEW + 0.1, 0.5)
    about = max(map(float, steps), key=sharpness)
    angle = max((about + float(step) for step in np.arange(-0.4, 0.5, 0.1)), key=sharpness)
    if sharpness(angle) < SHARPER * sharpness(0.0):
        return page
    paper = int(np.median(np.asarray(small)))
    return page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=paper)
