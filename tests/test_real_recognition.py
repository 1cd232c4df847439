"""Own prose as a page, recognised by the Tesseract of this machine; without one the last lines say "not run"."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from samples import FIRST, SECOND, read_one

from index.articles import Spot

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs tesseract"),
]


# Of less text than this Tesseract cannot tell on which side a page lies.
LINES = [
    FIRST,
    SECOND,
    "The harbour master said that no boat had left the quay since Monday.",
    "Twenty six families will be moved to the school on Tarn Hill by Friday.",
    "A ferry carries people across the river, and buses go by the old road.",
]


def page() -> Image.Image:
    drawn = Image.new("L", (1654, 2339), 255)
    font = ImageFont.load_default(36)
    for row, line in enumerate(LINES):
        ImageDraw.Draw(drawn).text((120, 150 + 90 * row), line, font=font, fill=0)
    return drawn


@pytest.mark.parametrize("turned", [0, 90, 180, 270, 3])
def test_a_page_is_read_however_it_lies(tmp_path: Path, turned: int) -> None:
    content = io.BytesIO()
    page().rotate(turned, expand=True, fillcolor=255).save(content, "PNG")
    article = read_one(tmp_path, "a.png", content.getvalue())
    assert " ".join(article.text.split()) == " ".join(LINES)
    assert article.spot_at(3).recognised


def test_two_scanned_pages_are_cited_by_their_numbers(tmp_path: Path) -> None:
    content = io.BytesIO()
    page().save(content, "PDF", save_all=True, append_images=[page()])
    article = read_one(tmp_path, "a.pdf", content.getvalue())
    assert article.spot_at(article.text.rindex(FIRST[:20])) == Spot(2, recognised=True)
