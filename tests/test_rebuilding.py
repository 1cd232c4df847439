"""Rebuilds started from the page: one at a time, whoever presses, and everybody sees the same one."""

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashingEmbedding
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from assistant.settings import Settings, read_settings
from index.generations.pointer import open_current
from index.rebuild import rebuild
from ui.page import opening
from ui.rebuilding import Rebuild


def index_page(settings: "Settings") -> None:
    """What a session draws."""
    from ui.page.index_page import draw_index_page

    draw_index_page(settings, None, admin=True)


def button(session: AppTest) -> Button:
    """The button that starts a rebuild."""
    return next(one for one in session.button if one.label == "Rebuild the index")


def rebuilds() -> int:
    """How many rebuilds this process has started."""
    commands = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                commands.append(status.with_name("cmdline").read_bytes())
    return sum(b"--index-dir" in command for command in commands)


@pytest.mark.slow
def test_twenty_presses_in_five_sessions_are_one_rebuild_that_all_see(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDESK_PROFILE", "light")
    monkeypatch.chdir(Path(__file__).parent.parent)
    # Sessions of AppTest leave their script as the main module, which every spawned process would run.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    settings = replace(read_settings(), index_dir=folder.parent / "index")
    rebuild(folder, settings.index_dir, HashingEmbedding)
    sessions = [AppTest.from_function(index_page, args=(settings,)).run() for _ in range(5)]
    for session in sessions:  # each as it was drawn before the first press
        button(session).click().run()
        assert button(session).disabled
        assert rebuilds() == 1
    presses = ThreadPoolExecutor(15)  # on their way when the button was no longer to be pressed
    started = set(presses.map(lambda _: opening.rebuilds(settings).start(True), range(15)))
    assert started == {session.session_state.rebuild for session in sessions}
    assert rebuilds() == 1
    while opening.rebuilds(settings).running:
        time.sleep(0.1)
    for session in sessions:
        session.run()
        assert session.session_state.rebuild_problem == ""
        assert [toast.value for toast in session.toast] == ["The index is ready."]
        assert not button(session).disabled
    assert {path.name for path in (settings.index_dir / "generations").iterdir()} == {"g000001", "g000002"}


def test_a_rebuild_that_the_system_ends_says_so(folder: Path) -> None:
    index_dir = folder.parent / "index"
    rebuild(folder, index_dir, HashingEmbedding)
    killed = Rebuild(index_dir)
    os.kill(killed._process.pid, signal.SIGKILL)
    assert killed.problem(None).startswith("The system ended the rebuild, most likely since memory ran out")
    assert open_current(index_dir).name == "g000001"
