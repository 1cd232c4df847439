"""The frame of every page: its looks, its language, the way to the other pages and to earlier conversations."""

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from assistant.assistant import Assistant
from assistant.settings import Settings, read_settings
from index.errors import NoIndexYet, UserError
from index.generations.pointer import is_published
from ui.conversations import Conversations, Deleted
from ui.page import render, words
from ui.page.add_page import draw_add_page
from ui.page.article_panel import close_article
from ui.page.articles_page import draw_articles_page
from ui.page.ask_page import choose_conversation, current_conversation, draw_ask_page
from ui.page.component import draw, fragment
from ui.page.door import draw_entry, draw_visitor, visitor
from ui.page.index_page import draw_index_page
from ui.page.names_page import draw_names_page
from ui.page.opening import conversations, opening, require_embedding
from ui.page.search_page import draw_search_page
from ui.page.shared_page import LINK_IN_ADDRESS, draw_shared_page
from ui.page.signin import NoEntry, Visitor
from ui.page.words import say

WAIT_SECONDS = 0.25
LANGUAGE_IN_ADDRESS = "lang"
MANY_CONVERSATIONS = 7  # of which some may be looked for
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
[data-testid="stPageLink"] a:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
.st-key-ask { gap: 0.5rem; }
.st-key-ask [data-testid="stPopover"] button { min-height: 2rem; padding: 0 0.625rem; font-size: 0.875rem; }
@media (prefers-color-scheme: dark) { /* Streamlit's own white is hard to read on the dark theme's primary colour */
  button[kind^="primary"]:enabled, button[kind^="primary"]:enabled * { color: #15181a; }
}
[data-testid="stSidebarHeader"] { height: 2.5rem; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] h1 { font-size: 1.75rem; padding-bottom: 0; }
[data-testid="stElementContainer"] { text-align: start; }
/* What Streamlit places from the left whichever way the page runs; its handle widens the sidebar to the right only. */
[dir="rtl"] .stSidebar[data-collapsed="true"] { visibility: hidden; transform: translateX(100vw) !important; }
[dir="rtl"] [data-testid="stSidebarResizeHandle"] { display: none; }
[dir="rtl"] [data-testid="stSidebarCollapseButton"] [data-testid="stIconMaterial"],
[dir="rtl"] [data-testid="stExpandSidebarButton"] [data-testid="stIconMaterial"] { scale: -1 1; }
[dir="rtl"] [data-testid="stMultiSelectTagsContainer"],
[dir="rtl"] [data-testid="stTextInputRootElement"]:has([data-testid="stTextInputIcon"]) { padding-inline: 0.5rem 0; }
[dir="rtl"] [role="option"] { direction: rtl; }
[dir="rtl"] [data-testid="stButtonGroup"] div:has(> button) { direction: ltr; }
[dir="rtl"] [data-testid="stButtonGroup"] :is(div:has(> button), button > *) { scale: -1 1; /* borders and all */ }
@page { margin: 18mm; }
@media print { /* the whole page runs over as many sheets as it takes, without what is pressed or typed in */
  .stSidebar, .stAppHeader, .stToast, .stButton, .stForm, [data-testid="stLayoutWrapper"]:has(> .st-key-ask) {
    display: none !important;
  }
  .stApp, .stAppViewContainer, .stAppViewContainer > div, .stMain {
    position: static !important; display: block !important; height: auto !important; overflow: visible !important;
  }
  html, body, .stApp, .stAppViewContainer { background-color: #fff !important; }
  .stMain { padding: 0 !important; }
  [data-testid="stMainBlockContainer"] { max-width: none; padding: 0; }
  [data-testid="stMainBlockContainer"] > .stVerticalBlock { display: block; min-height: 0; }
}
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

    empty = not is_published(settings.index_dir)
    if not empty:
        _open_first_index(settings)
    # The first page has no name in the address: Streamlit would keep it from others, and yet find nothing there.
    ask = st.Page(
        lambda: st.switch_page(shown[0]) if empty else _draw_ask_or_shared(settings, kept, with_index),
        title=say("Ask"),
        icon=":material/forum:",
        url_path="",
        default=True,
    )
    add = st.Page(
        lambda: draw_add_page(settings, None if empty else _opened(settings)),
        title=say("Add"),
        icon=":material/upload_file:",
        url_path="add",
    )
    articles = st.Page(
        lambda: with_index(draw_articles_page), title=say("Articles"), icon=":material/article:", url_path="articles"
    )
    search = st.Page(
        lambda: with_index(lambda assistant: draw_search_page(assistant, kept, owner)),
        title=say("Search"),
        icon=":material/search:",
        url_path="search",
    )
    names = st.Page(lambda: with_index(draw_names_page), title=say("Names"), icon=":material/groups:", url_path="names")
    index = st.Page(
        lambda: draw_index_page(settings, _opened(settings), inside.admin),
        title=say("Index"),
        icon=":material/database:",
        url_path="index",
    )
    shown = [*([] if empty else [ask, search, names, articles]), *([add] if inside.editor else []), index]
    st.session_state.ask_page = ask
    every = [*shown, ask] if empty else shown
    chosen = st.navigation([*every, *_lost(every)], position="hidden")
    if st.session_state.get("page") != chosen.url_path:
        st.session_state.page = chosen.url_path
        close_article()
    with st.sidebar:
        st.title("newsdesk")
        st.caption(say("Answers from your articles, cited to the sentence."))
        for page in shown:
            st.page_link(page)
        _draw_conversations(kept, owner, lambda: st.switch_page(ask))
        for key, notice in (("notice", settings.notice), ("conversations_notice", kept.notice)):
            if notice:
                draw(render.notice(notice), key)
        _draw_languages()
        draw_visitor(settings, inside)
    chosen.run()


def _lost(shown: Sequence[Page]) -> list[Page]:
    """A page at the address that was opened where there is none: it leads to the first one.

    Without it Streamlit says over that page, in English, that there is none.
    """
    path = urlsplit(st.context.url or "").path.strip("/")
    if not path or "/" in path or any(page.url_path == path for page in shown):
        return []
    return [st.Page(lambda: st.switch_page(shown[0]), title="newsdesk", url_path=path)]


def _draw_ask_or_shared(
    settings: Settings, kept: Conversations, with_index: Callable[[Callable[[Assistant], None]], None]
) -> None:
    """The Ask page, or the one answer whose link was opened."""
    if token := st.query_params.get(LINK_IN_ADDRESS):
        draw_shared_page(token, _opened(settings), kept)
    else:
        with_index(lambda assistant: draw_ask_page(settings, assistant, kept))


def _draw_conversations(kept: Conversations, owner: str, show: Callable[[], None]) -> None:
    """The earlier conversations; pressing one shows it, whatever page is in sight."""
    current = current_conversation()
    if st.button(say("New conversation"), width="stretch", icon=":material/add:", key="new_conversation"):
        choose_conversation("")
        show()
    earlier = kept.of(owner)
    wanted = ""
    if len(earlier) > MANY_CONVERSATIONS:
        wanted = st.text_input(say("Search conversations"), key="conversation_wanted").casefold()
    shown = [one for one in earlier if wanted in f"{one.title} {one.question}".casefold()]
    pressed = draw(render.conversations(shown, current), "conversations")
    _draw_undo(kept, owner)
    _draw_rename(kept, owner, {one.id: one.name for one in earlier})
    if pressed.get("rename"):
        st.session_state.renamed = str(pressed["rename"])
        st.rerun()
    if pressed.get("go"):
        choose_conversation(str(pressed["go"]))
        show()
    if pressed.get("forget"):
        is_shown = pressed["forget"] == current
        st.session_state.deleted = kept.delete(owner, str(pressed["forget"])), current if is_shown else ""
        if is_shown:
            choose_conversation("")
        st.rerun()
    if earlier and st.button(say("Delete all conversations"), type="tertiary"):
        st.session_state.deleted = kept.delete(owner), current
        choose_conversation("")
        show()


def _draw_undo(kept: Conversations, owner: str) -> None:
    """For as long as nothing else is done, what was deleted can be taken back, and what was in sight is again."""
    held: tuple[Deleted, str] | None = st.session_state.pop("deleted", None)
    if held is None or not held[0].turns:
        return
    deleted, shown = held

    def restore() -> None:
        kept.restore(owner, deleted)
        if shown:
            choose_conversation(shown)

    st.button(say("Take back the deletion"), on_click=restore, icon=":material/undo:", type="tertiary")


def _draw_rename(kept: Conversations, owner: str, names: Mapping[str, str]) -> None:
    """A form for the name of the conversation whose pencil was pressed."""
    conversation = str(st.session_state.get("renamed", ""))
    if conversation not in names:
        return
    with st.form("rename"):
        title = st.text_input(say("Name of the conversation"), names[conversation])
        with st.container(horizontal=True):
            sent = st.form_submit_button(say("Rename"), type="primary")
            left = st.form_submit_button(say("Cancel"))
    if sent:
        kept.rename(owner, conversation, title)
    if sent or left:
        st.session_state.renamed = ""
        st.rerun()


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


def _open_first_index(settings: Settings) -> None:
    """Opens the index anew if there was none when it was to be opened."""
    future = opening(settings).future
    if future.done() and isinstance(future.exception(), NoIndexYet):
        opening(settings).tried_again()


def _opened(settings: Settings) -> Assistant | None:
    """The assistant, or None with the reason on the page."""
    future = opening(settings).future
    if not future.done():
        fragment(_wait_for_index, run_every=WAIT_SECONDS)(settings)
        return None
    try:
        assistant = future.result()
        require_embedding(assistant)
        if notice := assistant.open_generation().notice:
            draw(render.notice(notice), "index_notice")
        return assistant
    except UserError as error:
        draw(render.problem(str(error)), "opening_problem")
        if st.button(say("Try again")):
            opening(settings).begin_anew(future)
            st.rerun()
        return None


def _wait_for_index(settings: Settings) -> None:
    if opening(settings).future.done():
        st.rerun()
    draw(render.state(say("Opening the index…")), "loading")


if __name__ == "__main__":
    main()
