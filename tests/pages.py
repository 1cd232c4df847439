"""A server of the page and a browser to look at it, for the tests that need them."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "tests" / "artifacts"
# Until nothing moves, or a second is over; `wait_for_function` is what the page's policy forbids.
STILL = """() => Promise.race([
  Promise.all(document.getAnimations().map((one) => one.finished.catch(() => 0))),
  new Promise((done) => setTimeout(done, 1000)),
])"""


@dataclass(frozen=True)
class Served:
    url: str
    folder: Path
    index_dir: Path
    process: subprocess.Popen[str]
    first_line: str


@contextmanager
def serving(folder: Path, index_dir: Path, profile: str) -> Iterator[Served]:
    """The page over an index of the folder, and the process that serves it."""
    environment = {"NEWSDESK_PROFILE": profile, "NEWSDESK_INDEX_DIR": str(index_dir)}
    newsdesk = [sys.executable, "-m", "ui.cli"]
    built = subprocess.run(
        [*newsdesk, "index", str(folder)], env=os.environ | environment, cwd=ROOT, capture_output=True
    )
    assert built.returncode in (0, 3), built.stderr.decode()
    port = free_port()
    with running([*newsdesk, "chat", "--port", str(port)], environment) as (process, first_line):
        yield Served(f"http://127.0.0.1:{port}", folder, index_dir, process, first_line)


@contextmanager
def serving_nothing(index_dir: Path, profile: str) -> Iterator[Served]:
    """The page where no index was ever built; articles that come in are in a folder beside it."""
    environment = {"NEWSDESK_PROFILE": profile, "NEWSDESK_INDEX_DIR": str(index_dir)}
    port = free_port()
    command = [sys.executable, "-m", "ui.cli", "chat", "--port", str(port)]
    with running(command, environment) as (process, first_line):
        yield Served(f"http://127.0.0.1:{port}", index_dir.parent / "articles", index_dir, process, first_line)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the line in which it tells its address; killed at the end."""
    process = subprocess.Popen(
        command,
        env=os.environ | environment,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        yield process, next((line for line in lines if "http://" in line), "")
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def ask(page: Page, question: str, patience: float = 60_000) -> None:
    """Asks and waits for the end of the answer, `patience` milliseconds at most."""
    page.get_by_test_id("stChatInputTextArea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".question").last).to_have_text(question)
    expect(page.locator(".footnote, .refusal, .problem").last).to_be_visible(timeout=patience)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled(timeout=patience)


def go_to(page: Page, name: str) -> None:
    """Presses the page of that name in the sidebar, which is opened first where it is shut."""
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=name)
    if page.get_by_test_id("stSidebar").get_attribute("data-collapsed") == "true":
        page.get_by_test_id("stExpandSidebarButton").click()
    link.click()


def look_at(page: Page, name: str) -> None:
    """Takes a picture by that name; nothing may be cut off, nor be seriously out of anybody's reach."""
    page.evaluate(STILL)
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")
    width = (page.viewport_size or {"width": 0})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in [one.bounding_box() for one in page.locator(".newsdesk:visible").all()]:
        assert box is None or box["x"] + box["width"] <= width + 1
    # Streamlit's own notes in the corner are dialogs without a name.
    found = Axe().run(page, {"exclude": [[".stToast"]]}).response["violations"]
    barred = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert barred == [], barred
