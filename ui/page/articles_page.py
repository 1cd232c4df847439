"""The Articles page: what the index holds, as a list, as counts and along time."""

import streamlit as st

from assistant.assistant import Assistant
from assistant.timeline import timeline
from index.filters import Filters
from ui.page import render
from ui.page.article_panel import draw_article, open_pressed
from ui.page.component import draw
from ui.page.listing import by_language, by_source, listing, matching, over_time
from ui.page.narrowing import draw_chips, draw_filters
from ui.page.words import say
from ui.record import found

ROWS = 50


def draw_articles_page(assistant: Assistant) -> None:
    """All of the page; what is narrowed narrows its three parts alike."""
    all_articles = listing(assistant.open_generation())
    draw(render.heading(say("Articles")), "heading")
    filters = draw_filters(all_articles.articles, "articles")
    draw_chips("articles")
    listed, counts, along_time = st.tabs([say("List"), say("Counts"), say("Timeline")])
    with listed:
        wanted = st.text_input(say("Search titles, sources, authors and file names"), key="wanted")
        articles = matching(all_articles.articles, wanted, filters)
        shown = articles[: st.session_state.get("rows", ROWS)]
        open_pressed(draw(render.article_list(shown, all_articles.lengths, len(articles)), "list"))
        if len(shown) < len(articles) and st.button(say("Show more")):
            st.session_state.rows = len(shown) + ROWS
            st.rerun()
    with counts:
        charts = (
            render.bars(say("By time"), over_time(articles)),
            render.bars(say("By source"), by_source(articles)),
            render.bars(say("By language"), by_language(articles)),
        )
        draw("".join(charts), "counts")
    with along_time:
        _draw_timeline(assistant, filters)
    draw_article(assistant)


def _draw_timeline(assistant: Assistant, filters: Filters) -> None:
    query = st.text_input(
        say("A name or a question"), key="timeline", placeholder=say("Whose days, or what to follow through time?")
    )
    if query.strip():
        events = timeline(query.strip(), assistant.open_generation(), assistant.embedding, filters)
        rows = [(event.first, event.last, found(event.hit)) for event in events]
        open_pressed(draw(render.timeline(rows), "timeline_rows"))
