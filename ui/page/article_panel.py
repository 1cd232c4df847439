"""The article that was opened, beside the page; on a narrow window it covers the page instead."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from assistant.assistant import Assistant
from assistant.lookup.elsewhere import other_outlets
from index.articles import Article
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from ui.page import render
from ui.page.component import draw
from ui.page.narrowing import choose
from ui.page.originals import original_of
from ui.page.words import say
from ui.record import Record

# As wide as .panel in page.css.
BESIDE_CSS = """<style>
@media (min-width: 64rem) {
  .stMain { padding-inline-end: 27rem; }
}
</style>"""


def open_article(pressed: Mapping[str, Any]) -> None:
    """Remembers the article, and the sentence in it, that a press names."""
    st.session_state.opened = pressed


def open_pressed(pressed: Mapping[str, Any]) -> None:
    """Draws the page anew with the article beside it that was pressed, if one was."""
    if pressed.get("open"):
        open_article(pressed["open"])
        st.rerun()


def with_others(opened: Mapping[str, object], given: Record | None) -> Mapping[str, object]:
    """What is opened, with the other sentences of the same article that the answer cites marked too."""
    cited = given.citations if given else ()
    marks = [(one.start, one.end) for one in cited if one.article == opened["article"]]
    is_cited = any(start == opened["start"] for start, _ in marks)
    return {**opened, "marks": marks if is_cited else ()}


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
        generation = assistant.open_generation()
        article = generation.article(article_id)
        more = [(int(start), int(end)) for start, end in opened.get("marks", ())]
        start = int(opened["start"])
        original = original_of(generation, article, start)
        elsewhere = _elsewhere(generation.name, article_id, generation)
        html = render.article(article, start, int(opened["end"]), quote, more, original, elsewhere)
    except UserError:
        html = render.missing_article(article_id, quote)
    st.html(BESIDE_CSS)
    pressed = draw(html, "article", panel=say("Article"))
    if pressed.get("close"):
        close_article()
        st.rerun()
    open_pressed(pressed)
    if pressed.get("ask_about"):
        choose("ask", Filters(articles=(str(pressed["ask_about"]),)))
        close_article()
        st.switch_page(st.session_state.ask_page)


@st.cache_data(show_spinner=False, max_entries=200)
def _elsewhere(generation: str, article_id: str, _generation: Generation) -> tuple[Article, ...]:
    return other_outlets(_generation.article(article_id), _generation)
