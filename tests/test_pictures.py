"""A picture as an engine and a screen take it, whatever a camera or a scanner made of the page."""

import io
import struct

import pytest
from PIL import Image, ImageDraw, ImageStat

from index.errors import Unreadable
from index.reading.texts.pictures import for_engine, page_count, page_of


def lines(size: tuple[int, int] = (600, 800)) -> Image.Image:
    """A page of black bars where lines would stand, over its upper half."""
    page = Image.new("L", size, 255)
    for top in range(60, size[1] // 2, 30):
        ImageDraw.Draw(page).rectangle((60, top, size[0] - 60, top + 12), fill=0)
    return page


def saved(page: Image.Image, kind: str = "PNG", exif: Image.Exif | None = None) -> bytes:
    content = io.BytesIO()
    page.save(content, kind, **({"exif": exif} if exif else {}))
    return content.getvalue()


def at(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def ink_of(page: Image.Image) -> tuple[float, float]:
    """How much ink the upper and the lower half have, from 0 to 1."""
    grey, half = page.convert("L"), page.height // 2
    above, below = grey.crop((0, 0, page.width, half)), grey.crop((0, half, page.width, page.height))
    return 1 - ImageStat.Stat(above).mean[0] / 255, 1 - ImageStat.Stat(below).mean[0] / 255


@pytest.mark.parametrize(("told", "turned"), [(3, 180), (6, 90), (8, 270)])
def test_a_photograph_stands_as_its_camera_was_held(told: int, turned: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = told
    page = at(for_engine(saved(lines().rotate(turned, expand=True), "JPEG", exif), 1))
    above, below = ink_of(page)
    assert (page.size, page.mode) == ((600, 800), "L")
    assert above > 0.2 and below < 0.01


@pytest.mark.parametrize("askew", [-4.0, -1.5, 1.5, 4.0])
def test_a_page_that_lay_askew_is_level(askew: float) -> None:
    page = at(for_engine(saved(lines().rotate(askew, expand=True, fillcolor=255)), 1))
    left, right = (page.crop((x, 0, x + 20, page.height)).resize((1, page.height)) for x in (150, page.width - 170))
    tops = [next(y for y in range(page.height) if one.getpixel((0, y)) < 128) for one in (left, right)]  # type: ignore[operator]
    assert abs(tops[0] - tops[1]) <= 2


def test_a_level_page_stays_as_it_is() -> None:
    assert at(for_engine(saved(lines()), 1)).tobytes() == lines().tobytes()


def test_what_shines_through_is_white() -> None:
    page = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    ImageDraw.Draw(page).rectangle((10, 10, 20, 20), fill=(0, 0, 0, 255))
    plain = page_of(saved(page), 1).convert("L")
    assert (plain.getpixel((0, 0)), plain.getpixel((15, 15))) == (255, 0)


def test_a_grey_of_sixteen_bits_is_one_of_eight() -> None:
    page = Image.new("I;16", (60, 40), 40_000)
    for kind in ("PNG", "TIFF"):
        assert page_of(saved(page, kind), 1).convert("L").getpixel((5, 5)) == 156


def test_a_page_has_so_many_points_and_no_more() -> None:
    assert page_of(saved(lines((3000, 4000)), "JPEG"), 1, most_points=1_000_000).size == (865, 1154)
    with pytest.raises(Unreadable, match="it is a picture of far too many points; save it smaller"):
        page_of(saved(Image.new("1", (16_000, 16_000))), 1)


def test_only_a_tiff_has_several_pages() -> None:
    pages = [lines(), Image.new("1", (60, 40), 1)]
    for kind, count in (("TIFF", 2), ("GIF", 1)):
        content = io.BytesIO()
        pages[0].save(content, kind, save_all=True, append_images=pages[1:])
        assert page_count(content.getvalue()) == count
    content = io.BytesIO()
    pages[0].save(content, "TIFF", save_all=True, append_images=pages[1:])
    assert [page_of(content.getvalue(), number).size for number in (1, 2)] == [(600, 800), (60, 40)]
    with pytest.raises(Unreadable, match="it is a damaged picture; save it anew"):
        page_of(content.getvalue(), 3)


def tiff(*sizes: tuple[int, int]) -> bytes:
    """Pages that say to be of these sizes, one after the other, with the points of the smallest."""
    content = b"II*\0" + struct.pack("<I", 8)
    for number, (width, height) in enumerate(sizes):
        told = (
            (256, width),
            (257, height),
            (258, 8),
            (259, 1),
            (262, 1),
            (273, 8),
            (277, 1),
            (278, height),
            (279, 100),
        )
        following = 8 + (number + 1) * (2 + 12 * len(told) + 4) if number + 1 < len(sizes) else 0
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in told)
        content += struct.pack("<H", len(told)) + entries + struct.pack("<I", following)
    return content


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**32 - 1, 2**32 - 1), (0, 0), (0, 10), (2**31, 1)])
def test_a_page_of_a_size_that_is_none_is_told_of_and_the_others_are_read(size: tuple[int, int]) -> None:
    content = tiff((10, 10), size, (10, 10))
    assert page_count(content) == 3
    with pytest.raises(Unreadable, match=r"far too many points|damaged picture"):
        page_of(content, 2)
    assert [page_of(content, number).size for number in (1, 3)] == [(10, 10)] * 2


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_half_a_picture_says_so(kind: str) -> None:
    content = saved(Image.effect_noise((300, 300), 90), kind)
    with pytest.raises(Unreadable, match=r"it is (a damaged|no) picture"):
        page_of(content[: len(content) // 2], 1)
