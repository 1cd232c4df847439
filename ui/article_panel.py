"""The article that was opened, beside the page; on a narrow window it covers the page instead."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from assistant.assistant import Assistant
from index.errors import UserError
from ui import render
from ui.component import draw

# As wide as .panel in page.css.
BESIDE_CSS = """<style>
@media (min-width: 64rem) {
  .stMain { padding-inline-end: 27rem; }
}
</style>"""


def open_article(pressed: Mapping[str, Any]) -> None:
    """Remembers the article, and the sentence in it, that a press names."""
    st.session_state.opened = pressed


def close_article() -> None:
    """Nothing is beside the page any more."""
    st.session_state.opened = None


def draw_article(assistant: Assistant) -> None:
    """Draws the article that was opened last, if it was not closed."""
    opened = st.session_state.get("opened")
    if not opened:
        return
    article_id, quote = str(opened["article"]), str(opened["quote"])
    try:
        article = assistant.generation.article(article_id)
        html = render.article(article, int(opened["start"]), int(opened["end"]), quote)
    except UserError:
        html = render.missing_article(article_id, quote)
    st.html(BESIDE_CSS)
    if draw(html, "article", panel=True).get("close"):
        close_article()
        st.rerun()
