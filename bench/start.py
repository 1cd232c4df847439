"""How soon the command and the page answer, as a Markdown table: `python -m bench.start`.

Over corpus/, of each profile whose models are here, converted before; every start is a process of its own. Seconds
from the start of `newsdesk ask` to the cited sentence on the screen, in the middle of five; from that of `newsdesk
chat` to a box that takes a question, and to the end of the answer to one typed at once, in the middle of three.
Needs Chromium.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from statistics import median

from pages import ask, chromium, free_port, running
from playwright.sync_api import Browser

from assistant.settings import PROFILES
from bench.speed import CORPUS, ROOT, measured_on
from index.models import weights

QUESTION = "When did Sullivan deliver the reply?"
ASKED, OPENED, SECONDS = 5, 3, 120
COMMAND = [sys.executable, "-P", "-m", "ui.cli"]


def main() -> None:
    """Print a row for each profile."""
    print(f"{measured_on()}\n\n| profile | ask | question box | answer in the page |\n|---|---|---|---|", flush=True)
    with chromium() as browser:
        for profile, names in PROFILES.items():
            if all(weights.installed(name, weights.cache_folder()) for name in names if name):
                with tempfile.TemporaryDirectory() as index_dir:
                    told = _row({"NEWSDESK_PROFILE": profile, "NEWSDESK_INDEX_DIR": index_dir}, browser)
                print(f"| {profile} | {' | '.join(f'{one:.1f} s' for one in told)} |", flush=True)


def _row(settings: Mapping[str, str], browser: Browser) -> list[float]:
    """The seconds of the row, in their order."""
    subprocess.run(
        [*COMMAND, "index", str(CORPUS)], env={**os.environ, **settings}, cwd=ROOT, check=True, capture_output=True
    )
    asked = [_cited(settings) for _ in range(ASKED + 1)][1:]  # the first also reads the disk
    opened = [_opened(settings, browser) for _ in range(OPENED)]
    return [median(asked), *(median(each) for each in zip(*opened, strict=True))]


def _cited(settings: Mapping[str, str]) -> float:
    """From the start of the command to the first citation that it prints."""
    began = time.perf_counter()
    environment = {**os.environ, **settings, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*COMMAND, "ask", QUESTION], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        return next(time.perf_counter() - began for line in process.stdout if b"[1]" in line)


def _opened(settings: Mapping[str, str], browser: Browser) -> tuple[float, float]:
    """From the start of the page's command to its question box, and to the end of an answer."""
    began = time.perf_counter()
    command = [*COMMAND, "chat", "--port", str(free_port())]
    with running(command, dict(settings)) as (_, told), browser.new_context() as context:
        page = context.new_page()
        page.goto(told.partition("http")[1] + told.partition("http")[2].split()[0])
        page.get_by_test_id("stChatInputTextArea").wait_for(timeout=SECONDS * 1000)
        box = time.perf_counter() - began
        ask(page, QUESTION)
        return box, time.perf_counter() - began


if __name__ == "__main__":
    main()
