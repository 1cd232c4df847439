"""The door of the page: who stands before it, and what whoever may not enter is shown instead."""

from secrets import token_urlsafe

import streamlit as st

from assistant.settings import Settings
from ui.conversations import COOKIE
from ui.page import render
from ui.page.component import draw, fragment
from ui.page.opening import sign_in
from ui.page.shared_page import LINK_IN_ADDRESS
from ui.page.signin import NoEntry, Visitor, of_browser
from ui.page.words import say

# A page that is open is closed so soon after somebody was taken off the list, signed out elsewhere, or came too late.
CLOSED_AFTER_SECONDS = 10.0


def visitor(settings: Settings) -> Visitor:
    """Who uses this session; raises NoEntry when they may not, or may no more."""
    if entrance := sign_in(settings):
        return entrance.visitor(st.user.to_dict())
    session: str = st.session_state.setdefault("owner", token_urlsafe(16))
    return of_browser(str(st.context.cookies.get(COOKIE) or session))


def leave_when_refused(settings: Settings) -> None:
    """For a part of the page that is drawn by itself: draws all of it anew when its visitor may enter no more."""
    try:
        visitor(settings)
    except NoEntry:
        st.rerun()


def draw_entry(refusal: NoEntry) -> None:
    """The page for whoever may not enter: why, and the way in or out."""
    st.title("newsdesk")
    if refusal.address:
        draw(render.problem(str(refusal)), "refusal")
        _draw_way_out(refusal.address)
    else:
        draw(render.notice(say(str(refusal))), "refusal")
        if LINK_IN_ADDRESS in st.query_params:  # which a sign-in does not come back to
            draw(render.notice(say("Then open the link to the answer once more.")), "link")
        st.button(say("Sign in"), type="primary", on_click=st.login)


def draw_visitor(settings: Settings, inside: Visitor) -> None:
    """Who is signed in, and the way out; nothing without a sign-in."""
    if inside.address:
        _draw_way_out(inside.address)
        fragment(leave_when_refused, run_every=CLOSED_AFTER_SECONDS)(settings)


def _draw_way_out(address: str) -> None:
    draw(render.state(say("Signed in as {address}", address=address)), "visitor")
    st.button(say("Sign out"), on_click=st.logout, type="tertiary")
