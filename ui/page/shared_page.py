"""Somebody else's answer, by the link to it: one question, its answer and its articles, to be read only."""

import streamlit as st

from assistant.assistant import Assistant
from ui.conversations import Conversations
from ui.page import render
from ui.page.article_panel import close_article, draw_article, open_article, with_others
from ui.page.chips import chips_of, chips_said
from ui.page.component import draw
from ui.page.words import say

LINK_IN_ADDRESS = "a"


def link_of(token: str) -> str:
    """The address on this server at which the token opens its answer."""
    return f"/?{LINK_IN_ADDRESS}={token}"


def draw_shared_page(token: str, assistant: Assistant | None, kept: Conversations) -> None:
    """The answer, or in one sentence that there is none; without an assistant its articles cannot be opened."""
    given = kept.shared(token)
    if given is None:
        draw(
            render.problem(
                say(
                    "This link opens no answer any more. Whoever made it has withdrawn it, asked the question again or "
                    "deleted it, or the link is incomplete. Ask them for a new one."
                )
            ),
            "no_answer",
        )
    else:
        chips = (*chips_of(given.filters), *chips_said(given.understood))
        pressed = draw(render.shared(given, chips), "shared")
        if pressed.get("open"):
            open_article(with_others(pressed["open"], given))
    if st.button(say("Ask your own question"), icon=":material/forum:"):
        st.query_params.pop(LINK_IN_ADDRESS, None)
        close_article()
        st.rerun()
    if assistant:
        draw_article(assistant)
