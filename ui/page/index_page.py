"""The Index page: what is indexed, a rebuild with its progress, and a health check."""

from threading import Thread

import streamlit as st

from assistant.assistant import Assistant
from assistant.checkup import CheckupLine, checkup
from assistant.settings import Settings
from ui.page import render, render_index, words
from ui.page.component import draw, fragment
from ui.page.opening import rebuilds
from ui.page.rebuild_progress import draw_progress, note_ended_rebuild, running_rebuild
from ui.page.words import say


def draw_index_page(settings: Settings, assistant: Assistant | None, admin: bool) -> None:
    """All of the page; it stands without an index too, for an admin to build one."""
    draw(render.heading(say("Index")), "heading")
    if assistant:
        manifest = assistant.open_generation().manifest
        rows = (
            (say("Folder"), manifest.folder),
            (say("Found"), render_index.account(manifest)),
            (say("Passages"), words.number(manifest.passage_count)),
            (say("Sentences"), words.number(manifest.sentence_count)),
            (say("Built"), words.moment(manifest.created)),
            (say("Generation"), manifest.name),
            (say("Embedding"), manifest.embedding),
            (say("Answers by"), words.answered_by(assistant.answerer.name)),
        )
        draw(
            render_index.facts(rows) + render_index.left_out(manifest.skipped, manifest.kept, manifest.duplicates),
            "facts",
        )
    _draw_rebuild(settings, admin, can_go_back=assistant is not None and assistant.open_generation().has_previous)
    if admin:
        _draw_checkup(settings)


def _draw_rebuild(settings: Settings, admin: bool, can_go_back: bool) -> None:
    """An admin's button for a rebuild, or its progress while one is running in whatever process."""
    if running_rebuild(settings):
        if admin:
            st.button(say("Rebuild the index"), disabled=True)
        fragment(draw_progress, run_every=1.0)(settings)
        return
    note_ended_rebuild(settings)
    if not admin:
        return
    with st.container(horizontal=True):
        again = st.button(say("Rebuild the index"))
        back = can_go_back and st.button(say("Go back to the index before"), type="tertiary")
    if again or back:
        st.session_state.rebuild = rebuilds(settings).start(admin, *(["--rollback"] if back else []))
        st.session_state.rebuild_problem = ""
        st.rerun()
    if problem := st.session_state.get("rebuild_problem"):
        draw(render.problem(problem), "rebuild_problem")


class _Checkup:
    """A health check under way; its findings come one by one, the last ones after seconds."""

    def __init__(self, settings: Settings) -> None:
        self.findings: list[CheckupLine] = []
        self._thread = Thread(target=self._run, args=(settings,), name="checkup", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def _run(self, settings: Settings) -> None:
        for finding in checkup(settings.index_dir):
            self.findings.append(finding)


def _draw_checkup(settings: Settings) -> None:
    running: _Checkup | None = st.session_state.get("checkup")
    busy = running is not None and running.running
    if st.button(say("Check everything"), disabled=busy):
        st.session_state.checkup = _Checkup(settings)
        st.rerun()
    if running:
        fragment(_draw_findings, run_every=0.5 if busy else None)(running, busy)


def _draw_findings(running: _Checkup, busy: bool) -> None:
    if busy and not running.running:
        st.rerun()
    waiting = render.state(say("Checking…")) if busy else ""
    draw(render_index.findings(running.findings) + waiting, "findings")
