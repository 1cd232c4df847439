"""Shows HTML made by ui/page/render.py, and tells what was pressed in it."""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from ui.page import words

Arguments = ParamSpec("Arguments")


def draw(html: str, key: str, panel: str = "", follow: bool = False, announced: str = "") -> Mapping[str, Any]:
    """Puts the HTML on the page; what was pressed in it comes back, name and value as render.py sends them.

    `panel` is what it is called beside the page, where it is to stand, `follow` scrolls to its start until the reader
    scrolls. What is `announced` is read out to whoever does not see that it has come.
    """
    drawn = _component()(
        key=key.replace("__", "~~"),  # Streamlit refuses it, and one conversation's address in 400 has it
        data={
            "html": html,
            "panel": panel,
            "follow": follow,
            "announced": announced,
            "language": words.language(),
            "direction": words.direction(words.language()),
        },
        on_pressed_change=_nothing,
    )
    return drawn.pressed or {}


def fragment(drawn: Callable[Arguments, None], run_every: float | None = None) -> Callable[Arguments, None]:
    """`st.fragment` of a function that says something: its redraws start without the page's language."""
    spoken = words.language()

    @wraps(drawn)
    def speaking(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        words.speak(spoken)
        drawn(*args, **kwargs)

    return st.fragment(speaking, run_every=run_every)


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    here = Path(__file__)
    return st.components.v2.component(
        "newsdesk",
        html='<div class="newsdesk"></div>',
        css=here.with_name("page.css").read_text(encoding="utf-8"),
        js=here.with_name("page.js").read_text(encoding="utf-8"),
    )


def _nothing() -> None:
    """Streamlit keeps a trigger's value only when it has a callback."""
