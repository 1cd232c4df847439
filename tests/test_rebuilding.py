"""Rebuilds started from the page: one at a time, whoever presses, and everybody sees the same one."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HashingEmbedding
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from assistant.settings import Settings, read_settings
from index.rebuild import rebuild
from ui import opening


def index_page(settings: "Settings") -> None:
    """What a session draws."""
    from ui.index_page import draw_index_page

    draw_index_page(settings, None)


def button(session: AppTest) -> Button:
    """The button that starts a rebuild."""
    return next(one for one in session.button if one.label == "Rebuild the index")


def rebuilds() -> list[str]:
    """The ids of the rebuilds that this process has at work."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    numbers = [number for file in children for number in file.read_text().split()]
    return [number for number in numbers if b"--index-dir" in Path(f"/proc/{number}/cmdline").read_bytes()]


@pytest.mark.slow
def test_twenty_presses_in_five_sessions_are_one_rebuild_that_all_see(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_PROFILE", "light")
    monkeypatch.chdir(Path(__file__).parent.parent)
    settings = replace(read_settings(), index_dir=folder.parent / "index")
    rebuild(folder, settings.index_dir, HashingEmbedding)
    sessions = [AppTest.from_function(index_page, args=(settings,)).run() for _ in range(5)]
    for session in sessions:  # each as it was drawn before the first press
        button(session).click().run()
        assert button(session).disabled
        assert len(rebuilds()) == 1
    presses = ThreadPoolExecutor(15)  # on their way when the button was no longer to be pressed
    started = set(presses.map(lambda _: opening.rebuilds(settings).start(), range(15)))
    assert started == {session.session_state.rebuild for session in sessions}
    assert len(rebuilds()) == 1
    while rebuilds():
        time.sleep(0.1)
    for session in sessions:
        session.run()
        assert [toast.value for toast in session.toast] == ["The index is ready."]
        assert not button(session).disabled
    assert {path.name for path in (settings.index_dir / "generations").iterdir()} == {"g000001", "g000002"}
