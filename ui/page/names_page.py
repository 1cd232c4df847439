"""The Names page: who and what is named in the articles, and for each what they said and what is said of them."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from assistant.assistant import Assistant
from assistant.lookup.lookup import look_up
from assistant.lookup.names import ORGANISATION, OTHER, PLACE, KnownName, named_like, names_in, said_by
from index.generations.generation import Generation
from ui.page import render, words
from ui.page.article_panel import draw_article, open_pressed
from ui.page.component import draw
from ui.page.words import say

ROWS = 120
PASSAGES = 20
IN_ADDRESS = "name"


def draw_names_page(assistant: Assistant) -> None:
    """All of the page: the names, or the one that was pressed."""
    generation = assistant.open_generation()
    names = _names(str(generation.path), generation)
    chosen = str(st.query_params.get(IN_ADDRESS, ""))
    name = next((one for one in names if chosen in (one.text, *one.spellings)), None)
    if name:
        _draw_name(name, generation)
    else:
        draw(render.heading(say("Names")), "heading")
        wanted = st.text_input(say("A name, or part of one"), key="name_wanted", icon=":material/search:")
        found = _of_kind(named_like(wanted, names))
        _choose(draw(render.names(found[:ROWS], len(found)), "names").get("name"))
    draw_article(assistant)


def _of_kind(names: Sequence[KnownName]) -> Sequence[KnownName]:
    """Those of the kind that is chosen, all when none is; nothing is to be chosen where there is one kind only."""
    counts = Counter(one.kind for one in names)
    labels = {ORGANISATION: say("Organisations"), PLACE: say("Places"), OTHER: say("People and others")}
    held = [kind for kind in labels if counts[kind]]
    if len(held) < 2:
        return names
    chosen = st.pills(
        say("Kind of name"),
        held,
        format_func=lambda kind: f"{labels[kind]} {words.number(counts[kind])}",
        label_visibility="collapsed",
        key="name_kind",
    )
    return [one for one in names if one.kind == chosen] if chosen in held else names


@st.cache_resource(show_spinner=False, max_entries=1)
def _names(path: str, _generation: Generation) -> tuple[KnownName, ...]:
    return names_in(_generation)


def _draw_name(name: KnownName, generation: Generation) -> None:
    _choose(draw(render.name(name), "name_head").get("name"))
    quoted = " ".join(f"~{word}" for word in name.text.split())
    found = look_up(quoted, generation, newest_first=True)
    told, passages = st.tabs([say("What they said"), say("What is said of them")])
    with told:
        open_pressed(draw(render.said(said_by(name.text, found.found, generation)), "said"))
    with passages:
        open_pressed(draw(render.lookup(found, found.found[:PASSAGES], with_facets=False), "name_found"))


def _choose(name: object) -> None:
    """Shows that name from here on, "" all of them; nothing when none was pressed."""
    if isinstance(name, str):
        if name:
            st.query_params[IN_ADDRESS] = name
        else:
            st.query_params.pop(IN_ADDRESS, None)
        st.rerun()
