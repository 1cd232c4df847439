"""The chat page: questions and answers, the article beside them, and the index in the sidebar."""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.bidi_component import ComponentResult
from streamlit.components.v2.types import ComponentRenderer

from assistant.assistant import Assistant
from assistant.settings import Settings, read_settings
from index.errors import UserError
from index.rebuild import Status, read_status
from ui import render
from ui.opening import is_loading_model, opening
from ui.rebuilding import Rebuild
from ui.reply import Reply, ask

REDRAW_SECONDS = 0.25
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
[data-testid="stSidebarUserContent"] h1 { font-size: 1.75rem; padding-bottom: 0; }
</style>"""
# The panel is as wide as .panel in page.css; on a narrow window it covers the chat instead.
BESIDE_PANEL_CSS = """<style>
@media (min-width: 64rem) {
  .stMain { padding-inline-end: 27rem; }
}
</style>"""


def main() -> None:
    """Draws the whole page; Streamlit calls it again after every press."""
    st.set_page_config("newsdesk", page_icon=ICON, layout="centered", initial_sidebar_state="auto")
    st.html(PAGE_CSS)
    st.session_state.setdefault("replies", [])
    try:
        settings = read_settings()
        assistant = _opened(settings)
        _draw_sidebar(settings, assistant)
        if assistant:
            _draw_conversation(assistant, st.session_state.replies)
    except UserError as error:
        _draw(render.problem(str(error)), "problem")


def _opened(settings: Settings) -> Assistant | None:
    """The assistant, or None with the reason on the page."""
    future = opening(settings)
    if not future.done():
        _wait_for_models(settings)
        return None
    try:
        return future.result()
    except UserError as error:
        _draw(render.problem(str(error)), "opening_problem")
        if st.button("Try again"):
            opening.clear()
            st.rerun()
        return None


@st.fragment(run_every=REDRAW_SECONDS)
def _wait_for_models(settings: Settings) -> None:
    if opening(settings).done():
        st.rerun()
    _draw(render.state("Loading the models. This takes longest the first time…"), "loading")


def _draw_conversation(assistant: Assistant, replies: list[Reply]) -> None:
    busy = bool(replies) and not replies[-1].done
    # Streamlit pins a bare chat_input below the page and then keeps the page's end in view, which pushes the
    # question and the start of its answer off a small screen. In a container it leaves the scrolling to us.
    conversation, ask_box = st.container(), st.container(key="ask")
    question = ask_box.chat_input("Ask the articles a question", disabled=busy)
    with conversation:
        if not replies and not question:
            question = _draw_welcome(assistant)
    if question and question.strip() and not busy:
        replies.append(ask(assistant, question.strip(), replies))
        replies[-1].wait(REDRAW_SECONDS)
        st.rerun()
    with conversation:
        for number, reply in enumerate(replies):
            running = not reply.done
            is_last = number == len(replies) - 1
            draw = st.fragment(_draw_reply, run_every=REDRAW_SECONDS if running else None)
            draw(assistant, reply, number, is_last, running)
        _draw_article(assistant)


def _draw_welcome(assistant: Assistant) -> str | None:
    """The example question that was pressed, if any."""
    generation = assistant.generation
    if st.session_state.get("examples_of") != generation.name:
        st.session_state.examples_of = generation.name
        st.session_state.examples = render.choose_examples(generation.articles())
    html = render.welcome(generation.manifest.article_count, st.session_state.examples)
    pressed = _draw(html, "welcome").ask
    return pressed if isinstance(pressed, str) else None


def _draw_reply(assistant: Assistant, reply: Reply, number: int, is_last: bool, running: bool) -> None:
    """The reply so far; one that was `running` when the page was drawn draws it again at its end."""
    if reply.answer:
        body = render.answer(reply.answer)
    elif reply.error:
        body = render.problem(reply.error)
    else:
        body = render.unfinished(reply.written, reply.hits, _state_of(reply, assistant), can_stop=not reply.done)
    pressed = _draw(render.turn(reply.question, body), f"reply_{number}", follow=is_last)
    if pressed.open:
        st.session_state.opened = pressed.open
    if pressed.stop:
        reply.stop()
    if pressed.open or (running and reply.done):
        st.rerun()


def _state_of(reply: Reply, assistant: Assistant) -> str:
    if reply.stopped:
        return "Stopped."
    if reply.hits is None:
        return "Searching…"
    if is_loading_model(assistant):
        return "Loading the language model. Only the first answer waits for it…"
    return "Writing…" if reply.written else "Reading the best sentences…"


def _draw_article(assistant: Assistant) -> None:
    """The article whose sentence was pressed, beside the chat; below 64rem it covers the page."""
    opened = st.session_state.get("opened")
    if not opened:
        return
    article_id, quote = str(opened["article"]), str(opened["quote"])
    try:
        article = assistant.generation.article(article_id)
        html = render.article(article, int(opened["start"]), int(opened["end"]), quote)
    except UserError:
        html = render.missing_article(article_id, quote)
    st.html(BESIDE_PANEL_CSS)
    if _draw(html, "article", panel=True).close:
        st.session_state.opened = None
        st.rerun()


def _draw_sidebar(settings: Settings, assistant: Assistant | None) -> None:
    with st.sidebar:
        st.title("newsdesk")
        st.caption("Answers from your articles, cited to the sentence.")
        if st.button("New conversation", width="stretch", disabled=not st.session_state.replies):
            _forget_conversation()
            st.rerun()
        st.subheader("Index")
        if assistant:
            manifest = assistant.generation.manifest
            facts = render.index_facts(
                manifest.article_count,
                manifest.created,
                manifest.embedding,
                assistant.answerer.name,
                manifest.folder,
            )
            _draw(facts + render.left_out(manifest.skipped, manifest.duplicates), "index_facts")
        if settings.notice:
            _draw(render.notice(settings.notice), "notice")
        _draw_rebuild(settings)


def _forget_conversation() -> None:
    for reply in st.session_state.replies:
        reply.stop()
    st.session_state.replies = []
    st.session_state.opened = None


def _draw_rebuild(settings: Settings) -> None:
    """The rebuild's button, or its progress while one is running in whatever process."""
    if _running_rebuild(settings):
        st.button("Rebuild the index", width="stretch", disabled=True)
        _draw_progress(settings)
        return
    _take_in_ended_rebuild(settings)
    if st.button("Rebuild the index", width="stretch"):
        st.session_state.rebuild = Rebuild(settings.index_dir)
        st.session_state.rebuild_problem = ""
        st.rerun()
    if problem := st.session_state.get("rebuild_problem"):
        _draw(render.problem(problem), "rebuild_problem")


@st.fragment(run_every=1.0)
def _draw_progress(settings: Settings) -> None:
    running = _running_rebuild(settings)
    if running is None:
        st.rerun()
    else:
        _draw(render.progress(running), "progress")


def _running_rebuild(settings: Settings) -> Status | None:
    """How far the rebuild is, None when none is running."""
    own: Rebuild | None = st.session_state.get("rebuild")
    status = read_status(settings.index_dir)
    if own and own.running:
        return status if status and own.owns(status) else Status()
    return status if status and not status.finished else None


def _take_in_ended_rebuild(settings: Settings) -> None:
    """Notes what came of the rebuild that was started here; an index that did not open is tried again."""
    own: Rebuild | None = st.session_state.pop("rebuild", None)
    if own is None:
        return
    st.session_state.rebuild_problem = own.problem(read_status(settings.index_dir))
    if not st.session_state.rebuild_problem:
        st.toast("The index is rebuilt.")
        if opening(settings).done() and opening(settings).exception():
            opening.clear()
            st.rerun()


def _draw(html: str, key: str, panel: bool = False, follow: bool = False) -> ComponentResult:
    """Shows HTML made by ui/render.py; the result has what was pressed in it: `ask`, `open`, `close`, `stop`.

    `panel` puts it beside the page, `follow` scrolls to its start until the reader scrolls.
    """
    return _component()(
        key=key,
        data={"html": html, "panel": panel, "follow": follow},
        on_ask_change=_nothing,
        on_open_change=_nothing,
        on_close_change=_nothing,
        on_stop_change=_nothing,
    )


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    here = Path(__file__)
    return st.components.v2.component(
        "newsdesk",
        html='<div class="newsdesk"></div>',
        css=here.with_name("page.css").read_text(),
        js=here.with_name("page.js").read_text(),
    )


def _nothing() -> None:
    """Streamlit keeps a trigger's value only when it has a callback."""


if __name__ == "__main__":
    main()
