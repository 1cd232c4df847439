"""The Search page: words, phrases and names in the articles, found as they are written."""

from calendar import monthrange
from dataclasses import replace

import streamlit as st

from assistant.assistant import Assistant
from assistant.lookup.lookup import Lookup, look_up
from index.errors import UserError
from index.filters import Filters
from ui.hit_table import as_csv
from ui.page import render
from ui.page.article_panel import draw_article, open_article
from ui.page.chips import FIELDS
from ui.page.component import draw
from ui.page.listing import listing
from ui.page.narrowing import choose, draw_chips, draw_filters
from ui.page.words import say

ROWS = 20
IN_ADDRESS = "q"  # so that a search can be kept as a bookmark, and shared


def draw_search_page(assistant: Assistant) -> None:
    """All of the page."""
    draw(render.heading(say("Search")), "heading")
    query = _draw_box()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        filters = draw_filters(listing(assistant.generation).articles, "search")
        best, newest = say("Best first"), say("Newest first")
        order = st.segmented_control(
            say("Order"), [best, newest], default=best, label_visibility="collapsed", key="search_order"
        )
    draw_chips("search")
    if query:
        try:
            found = look_up(query, assistant.generation, filters, newest_first=order == newest)
            _draw_found(found, query, filters)
        except UserError as error:
            draw(render.problem(str(error)), "search_problem")
    draw(render.search_help(), "search_help")
    draw_article(assistant)


def _draw_box() -> str:
    """What is looked for; a fresh page finds it in its address."""
    asked = str(st.query_params.get(IN_ADDRESS, ""))
    if "search_query" not in st.session_state:
        st.session_state.search_query = st.session_state.get("searched") or asked
    query = st.text_input(
        say("Words, a phrase between quotation marks, a name"), key="search_query", icon=":material/search:"
    ).strip()
    if query != st.session_state.get("searched"):
        st.session_state.searched, st.session_state.search_rows = query, ROWS
    if query:
        st.query_params[IN_ADDRESS] = query
    else:
        st.query_params.pop(IN_ADDRESS, None)
    return query


def _draw_found(found: Lookup, query: str, filters: Filters) -> None:
    shown = found.found[: st.session_state.get("search_rows", ROWS)]
    pressed = draw(render.lookup(found, shown), "found")
    if pressed.get("open"):
        open_article(pressed["open"])
        st.rerun()
    if narrowed := pressed.get("narrow"):
        choose("search", _narrowed(filters, str(narrowed["field"]), str(narrowed["value"])))
        st.rerun()
    with st.container(horizontal=True):
        if len(shown) < len(found.found) and st.button(say("Show more")):
            st.session_state.search_rows = len(shown) + ROWS
            st.rerun()
        if found.found:
            st.download_button(
                say("Save as CSV"),
                # Written with the page: a file written when asked for is lost when the page is drawn.
                as_csv(found.found),
                file_name="newsdesk-search.csv",
                mime="text/csv",
                on_click="ignore",
                icon=":material/download:",
                type="tertiary",
            )


def _narrowed(filters: Filters, field: str, value: str) -> Filters:
    """The filters and what was pressed: a month is its days."""
    if field == "month":
        year, month = map(int, value.split("-"))
        return replace(filters, since=f"{value}-01", until=f"{value}-{monthrange(year, month)[1]:02}")
    held: tuple[str, ...] = getattr(filters, field) if field in FIELDS else ()
    return filters.with_names(field, (*held, value)) if field in FIELDS and value not in held else filters
