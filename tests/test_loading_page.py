"""The page while its models are loaded: it can be asked already, says what is missing, and answers then."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import HashingEmbedding
from pages import ROOT, free_port, look_at, running
from playwright.sync_api import Browser, expect

from index.rebuild import rebuild

# The page, whose embedding is not loaded before a file called "loaded" exists.
CHAT = """
import sys, time
from pathlib import Path
import assistant.opening
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.assistant import Assistant
from assistant.settings import read_settings
from fakes import HashingEmbedding
from index.generations.pointer import open_current
from index.models.coming import Coming, ComingEmbedding
from index.models.stages import stage
from ui.page.launch import launch

INDEX = Path(sys.argv[1])

def load():
    with stage("trying", 2, 4):
        while not INDEX.with_name("loaded").exists():
            time.sleep(0.05)
    return HashingEmbedding()

def begin_assistant(settings):
    embedding = ComingEmbedding(Coming("hashing", load))
    embedding.coming.begin()
    return Assistant(INDEX, open_current(INDEX), embedding, ExtractiveAnswerer())

assistant.opening.begin_assistant = begin_assistant
launch("127.0.0.1", int(sys.argv[2]), read_settings({}, INDEX))
"""


@pytest.fixture
def url(folder: Path, tmp_path: Path) -> Iterator[str]:
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    port = str(free_port())
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "NEWSDESK_PROFILE": "light"}
    with running([sys.executable, "-c", CHAT, str(tmp_path / "index"), port], environment):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.slow
def test_a_question_asked_while_the_models_are_loaded_waits_and_is_answered(
    browser: Browser, url: str, tmp_path: Path
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(url)
        box, bar = page.get_by_test_id("stChatInputTextArea"), page.locator("progress")
        expect(box).to_be_enabled(timeout=60_000)
        expect(bar).to_have_count(1)
        expect(page.locator(".st-key-ask")).to_contain_text("the fastest way to run hashing here")
        expect(page.locator(".st-key-ask")).to_contain_text("2 of 4")
        look_at(page, "loading")
        box.fill("Who led the repair of the iron bridge in Marlow?")
        page.keyboard.press("Enter")
        expect(page.locator(".turn")).to_contain_text("as soon as the models are loaded", timeout=20_000)
        (tmp_path / "loaded").touch()
        expect(page.locator(".turn")).to_contain_text("Ada Finch", timeout=60_000)
        expect(bar).to_have_count(0, timeout=20_000)
        expect(box).to_be_enabled()
