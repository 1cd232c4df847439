"""The page in Arabic: every part of it set from the right, at a desk and on a phone, and within everybody's reach."""

import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from fakes import HashingEmbedding
from pages import STILL, ask, free_port, look_at, running
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from index.rebuild import rebuild
from ui.page import words
from ui.page.words import say

HERE = Path(__file__)
NEWCOMERS = tomllib.loads(HERE.with_name("newcomers.toml").read_text(encoding="utf-8"))
TEXTS = {name: text for name, text in NEWCOMERS["ar"]["texts"].items() if name.endswith(".md")}
LATIN = """---
title: Lorries queue at the harbour
published: 2024-03-15
language: en
source: The Daily Wren
---

Ada Finch counted 40 lorries at the gate. “Nobody told us of the strike,” said Ada Finch on 14 March 2024.
"""
PATIENCE = 60_000  # milliseconds for a step, on a machine that has much else to do


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a page is over three Arabic articles and an English one."""
    scratch = tmp_path_factory.mktemp("right-to-left")
    folder = scratch / "articles"
    folder.mkdir()
    for name, text in {**TEXTS, "harbour.md": LATIN}.items():
        (folder / name).write_text(text, encoding="utf-8")
    rebuild(folder, scratch / "index", HashingEmbedding)
    port = free_port()
    environment = {"NEWSDESK_INDEX_DIR": str(scratch / "index"), "NEWSDESK_FETCH": "on"}
    with running([sys.executable, str(HERE.with_name("hashed_page.py")), str(port)], environment):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(autouse=True)
def _in_arabic() -> Iterator[None]:
    words.speak("ar")
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options()
    words.speak("en")


def middle(element: Locator) -> float:
    """Where the element's middle is, from the window's left."""
    box = element.bounding_box()
    assert box
    return box["x"] + box["width"] / 2


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 900, "light"), (390, 844, "dark")])
def test_every_page_is_set_from_the_right_and_nothing_of_it_is_out_of_reach(
    browser: Browser, address: str, width: int, height: int, scheme: Literal["light", "dark"]
) -> None:
    window: ViewportSize = {"width": width, "height": height}
    with browser.new_context(viewport=window, color_scheme=scheme, locale="ar-EG") as context:
        page = context.new_page()
        for name, path, shown in (
            ("welcome", "", ".welcome"),
            ("search", "search?q=Ada", ".found mark"),
            ("names", "names", ".names button"),
            ("person", "names?name=Ada Finch", ".sentences mark"),
            ("articles", "articles", ".sentence"),
            ("add", "add", "[data-testid=stFileUploaderDropzone]"),
            ("index", "index", ".facts"),
        ):
            page.goto(f"{address}/{path}")
            expect(page.locator(shown).first).to_be_visible()
            expect(page.locator("html")).to_have_attribute("dir", "rtl")
            look_at(page, f"{name}-ar-{width}-{scheme}")
            if name == "search":
                _look_at_the_order(page)
            if width > height:
                assert middle(page.get_by_test_id("stSidebar")) > 0.75 * width
            for heading in page.locator("h1:visible").all():
                expect(heading).to_have_css("direction", "rtl")
                expect(heading).to_have_css("text-align", "start")
        _look_along_time(page, address, width, scheme)
        _look_at_answers(page, address, width, scheme)


def _look_at_the_order(page: Page) -> None:
    """What orders the hits has an edge at both ends, and its first button on the right, whichever is pressed."""
    group = page.locator("[data-testid=stButtonGroup]")
    first, last = (group.get_by_role("radio", name=say(name)) for name in ("Best first", "Newest first"))
    assert middle(first) > middle(last)
    for pressed in (last, first):
        pressed.click()
        expect(pressed).to_be_checked()
        expect(page.locator(".found .sentence").first).to_be_visible()
        page.evaluate(STILL)
        for button, at in ((first, -1), (last, 0)):
            picture = Image.open(io.BytesIO(button.screenshot())).convert("RGB")
            row = [picture.getpixel((x, picture.height // 2)) for x in range(picture.width)]
            edge = row[-3:] if at else row[:3]
            assert len(set(edge)) > 1, edge


def _look_along_time(page: Page, address: str, width: int, scheme: str) -> None:
    """How many articles there are of what, and what happened when, the first day on the right."""
    page.goto(f"{address}/articles")
    page.get_by_role("tab", name=say("Counts")).click(timeout=PATIENCE)
    bar = page.locator(".bars tr").first
    expect(bar).to_be_visible()
    assert middle(bar.locator("th")) > middle(bar.locator("td").last)
    look_at(page, f"counts-ar-{width}-{scheme}")
    page.get_by_role("tab", name=say("Timeline")).click()
    page.get_by_label(say("A name or a question")).fill("Ada Finch")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline h2").first).to_be_visible()
    look_at(page, f"timeline-ar-{width}-{scheme}")


def _look_at_answers(page: Page, address: str, width: int, scheme: str) -> None:
    """An answer in each direction, and an article beside it."""
    page.goto(address)
    expect(page.locator(".welcome")).to_be_visible()
    ask(page, "كم شاحنة وقفت على الطريق المؤدي إلى ميناء طرطوس؟", PATIENCE)
    for told in (".short", ".statements", ".sentences .quote"):
        expect(page.locator(told).first).to_have_css("direction", "rtl")
    ask(page, "How many lorries did Ada Finch count?", PATIENCE)
    expect(page.locator(".statements").last).to_have_css("direction", "ltr")
    look_at(page, f"answers-ar-{width}-{scheme}")
    page.locator(".chip").last.click()
    panel = page.locator(".panel")
    expect(panel.locator("h2")).to_have_css("direction", "ltr")
    expect(panel.get_by_role("button", name=say("Close"))).to_be_visible()
    look_at(page, f"article-ar-{width}-{scheme}")
    assert middle(panel) <= 0.5 * width
