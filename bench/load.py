"""How the page bears many users at once, as one Markdown table: `python -m bench.load`.

The page is served as `newsdesk chat` serves it, with the light profile: search and quoting. Its users are simulated:
each holds a WebSocket of its own and speaks Streamlit's protocol as the page's own script does, redraws included, but
draws nothing, and it counts as an error when one is shown what another asked. What a browser adds is measured with one
Chromium. The index is invented (bench/scale.py), so what is found means nothing; embedding the questions, searching,
quoting and drawing are the real ones. Server, users and, in one row, a rebuild share the machine.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from secrets import token_hex

import numpy as np
from playwright.sync_api import sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from assistant.opening import load_embedding
from assistant.settings import read_settings
from bench.scale import write
from bench.speed import measured_on
from index.generations.pointer import open_current
from ui.rebuilding import PRIORITY

ROOT = Path(__file__).resolve().parent.parent
DIMENSION = 384
PATIENCE_SECONDS = 60.0
QUESTIONS_A_CONVERSATION = 3
WARM_UP = 100  # questions, before memory is compared
SIGNATURE = re.compile("visitor[0-9a-f]+")
LOOKS = 30  # questions asked in Chromium
# Notes in the page, frame by frame, how long after the next key what belongs to the question is drawn: Playwright looks
# again only after 20, 50 and then every 100 ms.
WATCH = """question => {
  const seen = window.seen = {};
  const all = (root, selector) => [...root.querySelectorAll("*")].flatMap(
    node => [...(node.matches(selector) ? [node] : []), ...(node.shadowRoot ? all(node.shadowRoot, selector) : [])]);
  const look = began => {
    const turn = all(document, ".turn").find(turn => turn.textContent.includes(question));
    const now = performance.now() - began;
    if (turn && all(turn, ".sentence").length) seen.evidence ??= now;
    if (turn && all(turn, ".footnote, .refusal").length) seen.answer ??= now;
    if (!seen.answer) requestAnimationFrame(() => look(began));
  };
  addEventListener("keydown", () => look(performance.now()), { once: true, capture: true });
}"""


@dataclass
class Times:
    """Seconds from a question's sending until its evidence, and until its answer, was there."""

    evidence: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    busy: int = 0  # questions that were told to come again later
    errors: list[str] = field(default_factory=list)


class Visitor:
    """One browser window, without its drawing. It signs its questions, and notes when it is shown another's."""

    def __init__(self, connection: ClientConnection, name: str, times: Times) -> None:
        self._connection = connection
        self._signature = f"visitor{name}"
        self._times = times
        self._ids: dict[str, str] = {}  # of the question box, "", and of buttons, by their labels
        self._query = ""
        self._page = ""
        self._redraws: dict[str, asyncio.Task[None]] = {}  # of parts of the page, by their names
        self._wanted: dict[str, tuple[str, ...]] = {}  # what is waited for, and the words by which it is known
        self._seen: dict[str, float] = {}
        self._changed = asyncio.Event()

    async def read(self) -> None:
        """Takes in what the server sends, until it is cancelled."""
        async for data in self._connection:
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                if not message.metadata.run.fragment_ids:
                    self._end_redraws(*self._redraws)
            elif kind == "auto_rerun":
                fragment = message.auto_rerun.fragment_id
                self._end_redraws(fragment)
                self._redraws[fragment] = asyncio.create_task(self._redraw(fragment, message.auto_rerun.interval))
            elif kind == "stop_auto_rerun":
                self._end_redraws(*message.stop_auto_rerun.fragment_ids)
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "delta":
                self._take_in(message)

    def _take_in(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "chat_input":
            self._ids[""] = element.chat_input.id
        elif kind == "button":
            self._ids[element.button.label] = element.button.id
        elif kind == "exception":
            self._see("problem")
        elif kind == "bidi_component":
            component = element.bidi_component
            html = json.loads(component.json or component.mixed.json)["html"]
            if set(SIGNATURE.findall(html)) - {self._signature}:
                self._times.errors.append("what another user asked")
            for name, words in self._wanted.items():
                if all(word in html for word in words):
                    self._see(name)

    def _see(self, name: str) -> None:
        self._seen.setdefault(name, time.perf_counter())
        self._changed.set()

    async def _redraw(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._run(fragment=fragment)

    def _end_redraws(self, *fragments: str) -> None:
        for fragment in fragments:
            if task := self._redraws.pop(fragment, None):
                task.cancel()

    async def _run(self, *states: WidgetState, fragment: str = "") -> None:
        """Has the server draw the page, or one part of it."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash = self._query, self._page
        run.fragment_id, run.is_auto_rerun = fragment, bool(fragment)
        run.widget_states.widgets.extend(states)
        await self._connection.send(message.SerializeToString())

    async def _wait(self, *names: str) -> str:
        """The first of these that is seen."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := self._seen.keys() & {*names, "problem"}):
                self._changed.clear()
                await self._changed.wait()
        return min(found, key=self._seen.__getitem__)

    async def begin(self) -> None:
        """Opens the page, or begins a new conversation on it."""
        self._wanted = {"welcome": ('class="welcome"',)}
        self._seen.clear()
        label = "New conversation"
        await self._run(*[WidgetState(id=self._ids[label], trigger_value=True)] if label in self._ids else [])
        await self._wait("welcome")

    async def ask(self, question: str) -> None:
        """Asks, and notes how long it took."""
        question = f"{question} {self._signature}"
        asked, times = escape(question), self._times
        ends = {"answer": 'class="footnote"', "refusal": 'class="refusal"', "problem": 'class="problem"'}
        self._wanted = {"evidence": (asked, 'class="sentence"'), **{name: (asked, end) for name, end in ends.items()}}
        self._wanted["busy"] = ('class="problem"', "try again in")
        self._seen.clear()
        state = WidgetState(id=self._ids[""])
        state.chat_input_value.data = question
        began = time.perf_counter()
        await self._run(state)
        end = await self._wait("answer", "refusal", "busy")
        if end == "busy":
            times.busy += 1
            return
        if end == "problem":
            times.errors.append("problem")
            return
        times.answer.append(self._seen[end] - began)
        times.evidence.append(self._seen["evidence"] - began)


async def visit(address: str, questions: Sequence[str], think: float, until: float, times: Times) -> None:
    """One user's time at the page: questions with pauses between them, in conversations of a few each."""
    chance = random.Random(address + questions[0])
    name = token_hex(8)  # one person, with limits of their own
    cookie = {"Cookie": f"newsdesk={name}"}
    await asyncio.sleep(chance.uniform(0, think))
    async with connect(
        f"ws://{address}/_stcore/stream",
        additional_headers=cookie,
        origin=Origin(f"http://{address}"),
        max_size=None,
        proxy=None,
        open_timeout=PATIENCE_SECONDS,
    ) as connection:
        visitor = Visitor(connection, name, times)
        reading = asyncio.create_task(visitor.read())
        number = 0
        while time.perf_counter() < until:
            try:
                if number % QUESTIONS_A_CONVERSATION == 0:
                    await visitor.begin()
                await visitor.ask(questions[number % len(questions)])
            except TimeoutError:
                times.errors.append("no answer")
            number += 1
            await asyncio.sleep(chance.uniform(0.5 * think, 1.5 * think))
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


async def crowd(address: str, questions: Sequence[str], users: int, think: float, seconds: float) -> Times:
    """What that many users met with, all at once, for that long."""
    times = Times()
    until = time.perf_counter() + seconds
    own = [random.Random(number).sample(questions, len(questions)) for number in range(users)]
    await asyncio.gather(*(visit(address, one, think, until, times) for one in own))
    return times


def look(address: str, questions: Sequence[str]) -> Times:
    """The same for one user in Chromium, until it is drawn."""
    times = Times()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://{address}")
        for number, question in enumerate(questions):
            if number % QUESTIONS_A_CONVERSATION == 0:
                page.get_by_role("button", name="New conversation").click()
                page.locator(".welcome").wait_for()
            page.get_by_test_id("stChatInputTextArea").fill(question)
            page.evaluate(WATCH, question)
            page.keyboard.press("Enter")
            page.locator(".turn", has_text=question).locator(".footnote, .refusal").first.wait_for()
            page.wait_for_timeout(500)
            times.evidence.append(page.evaluate("seen.evidence") / 1000)
            times.answer.append(page.evaluate("seen.answer") / 1000)
        browser.close()
    return times


@contextmanager
def served(index_dir: Path) -> Iterator[tuple[str, int]]:
    """The page's address, host and port, and the id of the process that serves it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui.cli", "chat", "--index-dir", str(index_dir), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            process.stdout.readline()
            yield f"127.0.0.1:{port}", process.pid
        finally:
            process.terminate()


@contextmanager
def rebuilding(folder: Path, index_dir: Path) -> Iterator[None]:
    """A rebuild under way, with the page's priority for it, which is ended with the context."""
    command = [sys.executable, "-m", "ui.cli", "index", str(folder), "--index-dir", str(index_dir)]
    with subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL) as process:
        os.setpriority(os.PRIO_PROCESS, process.pid, PRIORITY)
        try:
            yield
            assert process.poll() is None, "The rebuild was over before the users were."
        finally:
            process.terminate()


def _environment() -> dict[str, str]:
    return os.environ | {"NEWSDESK_PROFILE": "light"}


def prepare(size: int, scratch: Path) -> list[str]:
    """An index of that many passages under `scratch`, its articles as files beside it; the questions about them."""
    write(size, DIMENSION, scratch, load_embedding(read_settings({"NEWSDESK_PROFILE": "light"})))
    generation = open_current(scratch / "index")
    (scratch / "articles").mkdir()
    for article in generation.articles():
        text = generation.article(article.id).text
        (scratch / "articles" / f"{article.id.replace('/', '-')}.txt").write_text(text, encoding="utf-8")
    return sorted({text for text, _ in json.loads((scratch / "questions.json").read_text(encoding="utf-8"))})


def megabytes(process: int) -> float:
    """Resident memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def row(name: str, times: Times) -> str:
    """A line of the table."""
    cells = [
        f"{value:,.0f}"
        for part in (times.evidence, times.answer)
        for value in np.percentile(part or [float("nan")], [50, 95, 99]) * 1000
    ]
    return f"| {name} | {len(times.answer):,} | {' | '.join(cells)} | {len(times.errors)} |"


def main() -> None:
    """Print the table."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0, help="seconds between an answer and the next question")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--passages", type=int, default=10_000)
    chosen = parser.parse_args()
    busy = os.getloadavg()[0]
    users = f"{chosen.users} users, {chosen.think:g} s to think, {chosen.seconds:g} s"
    with tempfile.TemporaryDirectory(prefix="newsdesk-load-") as folder:
        scratch = Path(folder)
        questions = prepare(chosen.passages, scratch)
        with served(scratch / "index") as (address, process):
            _wait_until_warm(address)
            alone = look(address, questions[:LOOKS])
            memory = [megabytes(process)]
            rows = [row("one, in Chromium", alone)]
            few = asyncio.run(crowd(address, questions, 5, 1.0, WARM_UP / 5))
            memory.append(megabytes(process))
            quiet = asyncio.run(crowd(address, questions, chosen.users, chosen.think, chosen.seconds))
            memory.append(megabytes(process))
            rows.append(row(users, quiet))
            with rebuilding(scratch / "articles", scratch / "index"):
                built = asyncio.run(crowd(address, questions, chosen.users, chosen.think, chosen.seconds))
            memory.append(megabytes(process))
            rows.append(row(f"{users}, during a rebuild", built))
    counts = np.cumsum([len(times.answer) for times in (alone, few, quiet, built)])
    print(
        f"{measured_on()} `python -m bench.load`: light profile, {chosen.passages:,} passages; the machine's load just "
        f"before was {busy:.1f}.\n"
    )
    print("| who | answers | evidence p50, ms | p95 | p99 | answer p50, ms | p95 | p99 | errors |")
    print("|---|---|---|---|---|---|---|---|---|")
    print("\n".join(rows))
    told = ", ".join(f"{size:,.0f} MB after {count:,}" for size, count in zip(memory, counts, strict=True))
    print(f"\nThe server's memory: {told} questions.")


def _wait_until_warm(address: str) -> None:
    """Until the page answers a question, models loaded."""
    urllib.request.urlopen(f"http://{address}").read()
    asyncio.run(crowd(address, ["What is said of the bridge?"], 1, 0.1, 1))


if __name__ == "__main__":
    main()
