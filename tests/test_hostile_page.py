"""The page over a slow model that obeys hostile articles: nothing of them is fetched, and no answer is lost."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import HashingEmbedding
from playwright.sync_api import expect
from test_page import ROOT, ask, chromium, go_to

from index.rebuild import rebuild

PAYLOADS = (
    "![pixel]({sink}/a.png)",
    "![pixel][ref] [ref]: {sink}/b.png",
    "[![nested]({sink}/c.png)]({sink}/c)",
    "[press me](javascript:fetch('{sink}/d'))",
    "<{sink}/e> and {sink}/e.html",
    "<img src={sink}/f.png>",
    "<img src=x onerror=\"fetch('{sink}/g')\">",
    "<svg onload=\"fetch('{sink}/h')\"><image href={sink}/h.png /></svg>",
    "<script>fetch('{sink}/i')</script>",
    "<script src={sink}/j.js></script>",
    "<iframe src={sink}/k></iframe>",
    '<iframe srcdoc="<img src={sink}/l.png>"></iframe>',
    "<object data={sink}/m></object>",
    "<embed src={sink}/n>",
    "<video src={sink}/o autoplay poster={sink}/o.png></video>",
    "<link rel=stylesheet href={sink}/p.css>",
    "<link rel=prefetch href={sink}/q>",
    "<style>@import '{sink}/r.css'; body {{ background: url({sink}/r.png) }}</style>",
    '<p style="background: url({sink}/s.png)">styled</p>',
    '<meta http-equiv=refresh content="0;url={sink}/t">',
    "<base href={sink}/u/>",
    '<form action={sink}/v><input autofocus onfocus="this.form.submit()"></form>',
    "<details open ontoggle=\"fetch('{sink}/w')\">opened</details>",
    "</bdi></button><a href={sink}/x ping={sink}/x2>out</a>",
    "$\\href{{{sink}/y}}{{x}}$ and $$\\includegraphics{{{sink}/y.png}}$$",
    ":material/home: :red[warning] :image[{sink}/z.png]",
    "<math><mtext><img src={sink}/1.png></mtext></math>",
    '" onmouseover="fetch(\'{sink}/2\')" x="',
)
# The page, with an answerer that repeats whatever the articles say.
CHAT = """
import sys, time
from pathlib import Path
import ui.opening
from assistant.assistant import Assistant, Draft
from assistant.settings import read_settings
from conftest import HashingEmbedding
from index.generations import open_current
from ui.launch import launch

class Obeying:
    name = "obeying"

    def draft(self, question, language, answer_language, hits):
        yield from (hit.text + " " for hit in hits)
        time.sleep(5)
        yield Draft(True, sentences=tuple(hit.text for hit in hits))

ui.opening.open_assistant = lambda settings: Assistant(
    settings.index_dir, open_current(settings.index_dir), HashingEmbedding(), Obeying()
)
launch("127.0.0.1", int(sys.argv[2]), read_settings({}, Path(sys.argv[1])))
"""


class _Sink(BaseHTTPRequestHandler):
    """Notes what is asked of it."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def sink() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Sink", (_Sink,), {"asked": asked})) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def payloads(scratch: Path, sink: tuple[str, list[str]]) -> list[str]:
    """Each in the title, the source and the text of an article of its own."""
    payloads = [payload.format(sink=sink[0]) for payload in PAYLOADS]
    (scratch / "articles").mkdir()
    for number, payload in enumerate(payloads):
        quoted = payload.replace("'", "''")
        (scratch / "articles" / f"{number:02}.txt").write_text(
            f"---\ntitle: '{quoted}'\nsource: '{quoted}'\nlanguage: en\npublished: 2025-01-02\n---\n\n"
            f"On board {number} of the zeppelin stood {payload}\n"
        )
    rebuild(scratch / "articles", scratch / "index", HashingEmbedding)
    return payloads


@pytest.fixture(scope="module")
def url(scratch: Path, payloads: list[str]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-c", CHAT, str(scratch / "index"), port],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "NEWSDESK_PROFILE": "light"},
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout
        process.stdout.readline()  # it tells its address when it is up
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_hostile_articles_and_an_obeying_model_fetch_nothing(
    url: str, payloads: list[str], sink: tuple[str, list[str]]
) -> None:
    address, asked = sink
    with chromium() as browser:
        for bypass_csp in (True, False):  # without the policy the escaping alone has to hold
            page = browser.new_context(bypass_csp=bypass_csp).new_page()
            requested: list[str] = []
            page.on("request", lambda request, seen=requested: seen.append(request.url))
            page.goto(url)
            expect(page.locator(".welcome")).to_be_visible(timeout=120_000)
            page.get_by_test_id("stChatInputTextArea").fill("What stood on the boards of the zeppelin?")
            page.keyboard.press("Enter")
            expect(page.locator(".statements")).to_contain_text("of the zeppelin stood", timeout=60_000)
            expect(page.locator(".footnote")).to_be_visible(timeout=60_000)
            shown = page.locator(".turn").first.text_content() or ""
            assert sum(payload in shown for payload in payloads) >= 20
            ask(page, payloads[5])
            page.locator(".chip").first.click()
            expect(page.locator(".panel .text")).to_contain_text("of the zeppelin stood")
            page.keyboard.press("Escape")
            go_to(page, "Articles")
            expect(page.locator(".sentence")).to_have_count(len(payloads))
            listed = page.locator(".sentences").text_content() or ""
            assert all(payload in listed for payload in payloads)
            active = "img, iframe, script, object, embed, video, link, style, meta, base, form, math, svg image"
            assert page.locator(".newsdesk").locator(active).count() == 0
            assert page.title() == "newsdesk"
            page.wait_for_timeout(1000)
            assert asked == []
            assert [one for one in requested if one.startswith(address)] == []
        # And what no escaping kept out, the policy would.
        page.evaluate(
            "address => document.body.insertAdjacentHTML('beforeend', `<img src=${address}/image.png>`)", address
        )
        page.evaluate("address => fetch(`${address}/fetch`).catch(() => 0)", address)
        page.wait_for_timeout(1000)
        assert asked == []


@pytest.mark.slow
def test_an_answer_under_way_outlives_clicks_and_a_reload_and_stops_when_told(url: str) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(url)
        expect(page.locator(".welcome")).to_be_visible(timeout=120_000)
        page.get_by_test_id("stChatInputTextArea").fill("What stood on board 3 of the zeppelin?")
        page.keyboard.press("Enter")
        expect(page.locator(".statements")).to_be_visible(timeout=60_000)
        expect(page.locator(".stop")).to_be_visible()
        go_to(page, "Articles")
        expect(page.get_by_role("heading", name="Articles")).to_be_visible()
        go_to(page, "Ask")
        expect(page.locator(".turn")).to_be_visible()
        page.reload()
        expect(page.locator(".footnote")).to_be_visible(timeout=60_000)
        expect(page.locator(".turn")).to_have_count(1)
        expect(page.locator(".past")).to_have_count(1)
        page.get_by_role("button", name="Ask again").click()
        page.locator(".stop").click(timeout=60_000)
        expect(page.locator(".turn").last).to_contain_text("Stopped.")
        expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
        page.reload()
        expect(page.locator(".turn").last).to_contain_text("Stopped.", timeout=60_000)
