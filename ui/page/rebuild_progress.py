"""The rebuild at work, on whichever page: how far it is, and what came of it."""

import streamlit as st

from assistant.settings import Settings
from index.rebuild import Status, read_status
from ui.page import render_index
from ui.page.component import draw
from ui.page.opening import opening, rebuilds
from ui.page.words import say
from ui.rebuilding import Rebuild


def draw_progress(settings: Settings) -> None:
    """How far it is, in a part of the page that is drawn by itself; at its end the whole page is drawn."""
    running = running_rebuild(settings)
    if running is None:
        st.rerun()
    else:
        draw(render_index.progress(running), "progress")


def running_rebuild(settings: Settings) -> Status | None:
    """How far the rebuild is, None when none is running."""
    if running := rebuilds(settings).running:
        st.session_state.rebuild = running  # whoever started it: what comes of it is told to all who saw it
    return rebuilds(settings).progress


def note_ended_rebuild(settings: Settings) -> None:
    """Notes what came of the rebuild that was last seen here; an index that did not open is tried again."""
    own: Rebuild | None = st.session_state.pop("rebuild", None)
    if own is None:
        return
    st.session_state.rebuild_problem = own.problem(read_status(settings.index_dir))
    if not st.session_state.rebuild_problem:
        st.toast(say("The index is ready."))
        failed = opening(settings).future
        if opening(settings).tried_again() is not failed:
            st.rerun()
