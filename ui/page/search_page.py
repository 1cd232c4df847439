"""The Search page: words, phrases and names in the articles, found as they are written."""

from calendar import monthrange
from dataclasses import replace
from zlib import crc32

import streamlit as st

from assistant.assistant import Assistant
from assistant.lookup.lookup import Lookup, look_up
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from ui.conversations import TITLE_CHARACTERS, Conversations, KeptSearch
from ui.hit_table import as_csv
from ui.page import render
from ui.page.article_panel import close_article, draw_article, open_article
from ui.page.chips import FIELDS
from ui.page.component import draw
from ui.page.listing import listing
from ui.page.narrowing import choose, draw_chips, draw_filters
from ui.page.words import say

ROWS = 20
IN_ADDRESS = "q"  # so that a search can be kept as a bookmark, and shared


def draw_search_page(assistant: Assistant, kept: Conversations, owner: str) -> None:
    """All of the page, with the searches that the owner keeps."""
    draw(render.heading(say("Search")), "heading")
    generation = assistant.open_generation()
    _draw_kept(generation, kept, owner)
    query = _draw_box()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        filters = draw_filters(listing(generation).articles, "search")
        best, newest = say("Best first"), say("Newest first")
        if st.session_state.get("search_order") not in (best, newest):
            st.session_state.search_order = best
        order = st.segmented_control(say("Order"), [best, newest], label_visibility="collapsed", key="search_order")
        if query:
            _draw_keep(generation, kept, owner, query, filters, order == newest)
    draw_chips("search")
    if query:
        try:
            found = look_up(query, generation, filters, newest_first=order == newest)
            _draw_found(found, query, filters)
        except UserError as error:
            draw(render.problem(str(error)), "search_problem")
    draw(render.search_help(), "search_help")
    draw_article(assistant)


def _draw_kept(generation: Generation, kept: Conversations, owner: str) -> None:
    """The searches that are kept, each with how many articles it finds that it did not when it was last opened."""
    searches = {one.name: one for one in kept.searches(owner)}
    if not searches:
        return
    found = {one.name: _found(generation.name, one.query, one.filters, generation) for one in searches.values()}
    pressed = draw(render.kept_searches([(one, len(found[one.name] - one.seen)) for one in searches.values()]), "kept")
    if one := searches.get(str(pressed.get("go"))):
        st.session_state.search_query = one.query
        st.session_state.search_order = say("Newest first") if one.newest_first else say("Best first")
        choose("search", one.filters)
        kept.keep_search(owner, replace(one, seen=found[one.name]))
        st.rerun()
    if name := pressed.get("forget"):
        kept.forget_search(owner, str(name))
        st.rerun()


def _draw_keep(
    generation: Generation, kept: Conversations, owner: str, query: str, filters: Filters, newest_first: bool
) -> None:
    """What keeps the search under a name."""
    drawn = st.session_state.setdefault("searches_kept", 0)
    with (
        st.popover(say("Keep this search"), icon=":material/bookmark_add:", key=f"keep_{drawn}"),
        st.form("keep", border=False),
    ):
        name = st.text_input(say("Name of the search"), query, max_chars=TITLE_CHARACTERS)
        sent = st.form_submit_button(say("Keep"), type="primary")
    if sent:
        try:
            seen = _found(generation.name, query, filters, generation)
            kept.keep_search(owner, KeptSearch(name, query, filters, newest_first, seen))
            st.session_state.searches_kept = drawn + 1  # a closed one
            st.rerun()
        except UserError as error:
            draw(render.problem(str(error)), "keep_problem")


@st.cache_data(show_spinner=False, max_entries=500)
def _found(generation: str, query: str, filters: Filters, _generation: Generation) -> frozenset[int]:
    """Checksums of the ids of the articles that the search finds; none for one that looks for nothing."""
    try:
        found = look_up(query, _generation, filters).found
    except UserError:
        return frozenset()
    return frozenset(crc32(one.article.id.encode()) for one in found)


def _draw_box() -> str:
    """What is looked for; a fresh page finds it in its address, and so does one to which the browser went back."""
    asked = str(st.query_params.get(IN_ADDRESS, ""))
    if "search_query" not in st.session_state:
        st.session_state.search_query = st.session_state.get("searched") or asked
    elif asked != st.session_state.get("searched", ""):
        st.session_state.search_query = asked
        close_article()
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
