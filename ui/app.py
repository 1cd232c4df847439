"""The frame of every page: its looks, its language, the way to the other pages and to earlier conversations."""

from collections.abc import Callable

import streamlit as st

from assistant.assistant import Assistant
from assistant.settings import Settings, read_settings
from index.errors import UserError
from ui import render, words
from ui.article_panel import close_article
from ui.articles_page import draw_articles_page
from ui.ask_page import choose_conversation, current_conversation, draw_ask_page
from ui.component import draw, fragment
from ui.conversations import Conversations
from ui.entry import draw_entry, draw_visitor, visitor
from ui.index_page import draw_index_page
from ui.opening import conversations, opening
from ui.signin import NoEntry, Visitor
from ui.words import say

WAIT_SECONDS = 0.25
LANGUAGE_IN_ADDRESS = "lang"
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#0b6b66"/>'
    '<path d="M9 24V8l14 16V8" fill="none" stroke="#fff" stroke-width="3.5" stroke-linejoin="round"/></svg>'
)
PAGE_CSS = """<style>
[data-testid="stMainBlockContainer"] { max-width: 48rem; padding: 2.5rem 1rem 0; }
@media (max-width: 48rem) { [data-testid="stMainBlockContainer"] { padding-top: 4rem; } }
[data-testid="stMainBlockContainer"] > .stVerticalBlock { min-height: calc(100dvh - 2.5rem); }
[data-testid="stLayoutWrapper"]:has(> .st-key-ask) {
  position: sticky; bottom: 0; z-index: 1; margin-top: auto; padding: 0.75rem 0 1.25rem;
}
.stAppViewContainer, .stAppViewContainer > div, .stMain, .stMainBlockContainer,
.stMainBlockContainer > .stVerticalBlock, [data-testid="stLayoutWrapper"]:has(> .st-key-ask) {
  background-color: inherit; /* so that answers scroll out of sight behind the question box */
}
.st-key-ask { gap: 0.5rem; }
.st-key-ask [data-testid="stPopover"] button { min-height: 2rem; padding: 0 0.625rem; font-size: 0.875rem; }
@media (prefers-color-scheme: dark) { /* Streamlit's own white is hard to read on the dark theme's primary colour */
  button[kind^="primary"], button[kind^="primary"] * { color: #15181a; }
}
[data-testid="stSidebarHeader"] { height: 2.5rem; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] h1 { font-size: 1.75rem; padding-bottom: 0; }
</style>"""


def main() -> None:
    """Draws the whole page; Streamlit calls it again after every press."""
    st.set_page_config("newsdesk", page_icon=ICON, layout="centered", initial_sidebar_state="auto")
    st.html(PAGE_CSS)
    words.speak(_language())
    try:
        settings = read_settings()
        _draw_pages(settings, visitor(settings))
    except NoEntry as refusal:
        draw_entry(refusal)
    except UserError as error:
        draw(render.problem(str(error)), "problem")


def _draw_pages(settings: Settings, inside: Visitor) -> None:
    kept, owner = conversations(settings), inside.owner

    def with_index(draw_page: Callable[[Assistant], None]) -> None:
        if assistant := _opened(settings):
            draw_page(assistant)

    ask = st.Page(
        lambda: with_index(lambda assistant: draw_ask_page(settings, assistant, kept)),
        title=say("Ask"),
        icon=":material/forum:",
        url_path="ask",
        default=True,
    )
    articles = st.Page(
        lambda: with_index(draw_articles_page), title=say("Articles"), icon=":material/article:", url_path="articles"
    )
    index = st.Page(
        lambda: draw_index_page(settings, _opened(settings), inside.admin),
        title=say("Index"),
        icon=":material/database:",
        url_path="index",
    )
    chosen = st.navigation([ask, articles, index], position="hidden")
    if st.session_state.get("page") != chosen.url_path:
        st.session_state.page = chosen.url_path
        close_article()
    with st.sidebar:
        st.title("newsdesk")
        st.caption(say("Answers from your articles, cited to the sentence."))
        for page in (ask, articles, index):
            st.page_link(page)
        _draw_conversations(kept, owner, lambda: st.switch_page(ask))
        if settings.notice:
            draw(render.notice(settings.notice), "notice")
        _draw_languages()
        draw_visitor(settings, inside)
    chosen.run()


def _draw_conversations(kept: Conversations, owner: str, show: Callable[[], None]) -> None:
    """The earlier conversations; pressing one shows it, whatever page is in sight."""
    current = current_conversation()
    if st.button(say("New conversation"), width="stretch", icon=":material/add:"):
        choose_conversation("")
        show()
    earlier = kept.of(owner)
    pressed = draw(render.conversations(earlier, current), "conversations")
    if pressed.get("go"):
        choose_conversation(str(pressed["go"]))
        show()
    if pressed.get("forget"):
        kept.delete(owner, str(pressed["forget"]))
        if pressed["forget"] == current:
            choose_conversation("")
        st.rerun()
    if earlier and st.button(say("Delete all conversations"), type="tertiary"):
        kept.delete(owner)
        choose_conversation("")
        show()


def _draw_languages() -> None:
    chosen = st.selectbox(
        say("Language of the page"),
        list(words.LANGUAGES),
        list(words.LANGUAGES).index(words.language()),
        format_func=words.LANGUAGES.__getitem__,
        key="chosen_language",
    )
    if chosen != words.language():
        st.session_state.language = chosen
        st.rerun()


def _language() -> str:
    """The language that was chosen, which stays in the address for a reload; by default the browser's."""
    chosen: str = st.session_state.setdefault("language", st.query_params.get(LANGUAGE_IN_ADDRESS, ""))
    if chosen not in words.LANGUAGES:
        return words.preferred(st.context.locale)
    if st.query_params.get(LANGUAGE_IN_ADDRESS) != chosen:
        st.query_params[LANGUAGE_IN_ADDRESS] = chosen
    return chosen


def _opened(settings: Settings) -> Assistant | None:
    """The assistant, or None with the reason on the page."""
    future = opening(settings)
    if not future.done():
        fragment(_wait_for_models, run_every=WAIT_SECONDS)(settings)
        return None
    try:
        assistant = future.result()
        if notice := assistant.generation.notice:
            draw(render.notice(notice), "index_notice")
        return assistant
    except UserError as error:
        draw(render.problem(str(error)), "opening_problem")
        if st.button(say("Try again")):
            opening.clear()
            st.rerun()
        return None


def _wait_for_models(settings: Settings) -> None:
    if opening(settings).done():
        st.rerun()
    draw(render.state(say("Loading the models. This takes longest the first time…")), "loading")


if __name__ == "__main__":
    main()
