"""The Ask page: one conversation, question by question, and a box for the next."""

import streamlit as st

from assistant.assistant import Assistant
from assistant.extractive import ExtractiveAnswerer
from assistant.settings import Settings
from index.errors import UserError
from index.vectors import Filters
from ui import render, words
from ui.article_panel import close_article, draw_article, open_article
from ui.component import draw, fragment
from ui.conversations import Conversations
from ui.entry import leave_when_refused, visitor
from ui.feedback import approve, correct
from ui.listing import listing
from ui.narrowing import draw_answer_language, draw_filters
from ui.opening import is_loading_model
from ui.record import to_markdown
from ui.reply import Reply
from ui.words import counted, say

REDRAW_SECONDS = 0.25
QUOTED_SECONDS = 0.03  # a quoted answer is there so soon after its evidence that both are shown in one go
IN_ADDRESS = "c"  # so that a reload finds the conversation


def draw_ask_page(settings: Settings, assistant: Assistant, kept: Conversations) -> None:
    """The conversation so far; a question that was asked starts to be answered."""
    conversation, owner = current_conversation(), visitor(settings).owner
    replies = kept.replies(owner, conversation)
    if replies:
        replies[-1].wait_for_evidence(REDRAW_SECONDS)
        replies[-1].wait(QUOTED_SECONDS)
    busy = bool(replies) and not replies[-1].done
    # Streamlit pins a bare chat_input below the page and then keeps the page's end in view, which pushes the
    # question and the start of its answer off a small screen. In a container it leaves the scrolling to us.
    shown, ask_box = st.container(), st.container(key="ask")
    with ask_box:
        with st.container(horizontal=True, gap="small"):
            filters = draw_filters(listing(assistant.generation).articles, "ask")
            # Quotes stay in their own language.
            answer_language = "" if assistant.answerer.name == ExtractiveAnswerer.name else draw_answer_language("ask")

        def ask(question: str, instead_of: int | None = None) -> None:
            now = visitor(settings).owner  # a press may come long after the page was drawn
            try:
                asked, _ = kept.ask(now, conversation, question, filters, assistant, answer_language, instead_of)
            except UserError as error:
                st.session_state.not_asked = str(error)
                return
            choose_conversation(asked)

        def ask_typed() -> None:
            question, asked = (st.session_state.typed or "").strip(), kept.replies(owner, conversation)
            if question and (not asked or asked[-1].done):
                ask(question)

        # As a callback it runs before anything is drawn: the search is done while the page is.
        st.chat_input(say("Ask the articles a question"), disabled=busy, key="typed", on_submit=ask_typed)
    with shown:
        question = st.session_state.pop("again", None) or (None if replies else _draw_welcome(assistant))
        if question and not busy:
            ask(question)
            st.rerun()
        for number, reply in enumerate(replies):
            address = f"/record/{conversation}/{number}"
            later_count = len(replies) - 1 - number
            if st.session_state.get("edited") == address:
                if changed := _draw_edit(reply, address, later_count):
                    st.session_state.edited = ""
                    ask(changed, instead_of=number)
                    st.rerun()
                continue
            is_last = later_count == 0
            # As it was when the box was drawn: an answer that has ended since draws the page once more.
            running = is_last and busy
            drawn = fragment(_draw_reply, run_every=REDRAW_SECONDS if running else None)
            drawn(settings, assistant, reply, address, is_last, running)
        if problem := st.session_state.pop("not_asked", ""):
            draw(render.problem(problem), "not_asked", follow=True)
        draw_article(assistant)


def current_conversation() -> str:
    """The conversation shown, "" for a new one; a fresh page finds it in its address."""
    conversation: str = st.session_state.setdefault("conversation", st.query_params.get(IN_ADDRESS, ""))
    if st.query_params.get(IN_ADDRESS, "") != conversation:
        choose_conversation(conversation)
    return conversation


def choose_conversation(conversation: str) -> None:
    """Shows that conversation from here on; "" begins a new one."""
    if conversation != st.session_state.get("conversation"):
        close_article()
    st.session_state.conversation = conversation
    if conversation:
        st.query_params[IN_ADDRESS] = conversation
    else:
        st.query_params.pop(IN_ADDRESS, None)


def _draw_welcome(assistant: Assistant) -> str | None:
    """The example question that was pressed, if any."""
    generation = assistant.generation
    if st.session_state.get("examples_of") != generation.name:
        st.session_state.examples_of = generation.name
        st.session_state.examples = render.choose_examples(listing(generation).articles)
    html = render.welcome(generation.manifest.article_count, st.session_state.examples)
    pressed = draw(html, "welcome").get("ask")
    return pressed if isinstance(pressed, str) else None


def _draw_edit(reply: Reply, address: str, later_count: int) -> str:
    """The question in a form; what it was changed to, "" until that is sent."""
    with st.form(f"edit {address}"):
        changed = st.text_area(say("Change this question"), reply.question, height="content")
        st.markdown(
            counted(
                "Its answer and the question after it will be dropped.",
                "Its answer and the {n} questions after it will be dropped.",
                later_count,
            )
            if later_count
            else say("Its answer will be dropped.")
        )
        with st.container(horizontal=True):
            sent = st.form_submit_button(say("Ask"), type="primary")
            if st.form_submit_button(say("Cancel")):
                st.session_state.edited = ""
                st.rerun()
    return changed.strip() if sent else ""


def _draw_reply(
    settings: Settings, assistant: Assistant, reply: Reply, address: str, is_last: bool, running: bool
) -> None:
    """The reply so far; one that was `running` when the page was drawn draws it again at its end."""
    leave_when_refused(settings)
    given = reply.answer  # as it is now: it may come at any moment
    rated = f"rating {address} {given.asked if given else ''}"
    rating = st.session_state.get(rated, "")
    if given:
        body = render.answer(given) + render.actions(address, to_markdown(given), rating)
    elif reply.error:
        body = render.problem(reply.error) + render.actions("", "", "")
    else:
        can_stop = not reply.done
        body = render.unfinished(reply.written, reply.found, _state_of(reply, assistant), can_stop)
        body += "" if can_stop else render.actions("", "", "")
    html = render.turn(reply.question, body, _narrowed(reply.filters), reply.answer_language, can_edit=reply.done)
    pressed = draw(html, f"reply {address}", follow=is_last)
    if pressed.get("open"):
        open_article(pressed["open"])
    if pressed.get("stop"):
        reply.stop()
    if pressed.get("go") == "again":
        st.session_state.again = reply.question
    if pressed.get("go") == "edit":
        st.session_state.edited = address
    if given and pressed.get("rate"):
        st.session_state[rated] = pressed["rate"]
        if pressed["rate"] == "up":
            approve(settings.index_dir, given)
            st.toast(say("Noted. It is now one of the questions that `newsdesk eval` asks."))
    if pressed.keys() & {"open", "go", "rate"} or (running and reply.done):
        st.rerun()
    if rating == "down":
        _draw_correction(settings, reply, rated)


def _draw_correction(settings: Settings, reply: Reply, rated: str) -> None:
    with st.form(f"correction {rated}"):
        right = st.text_input(say("What is right?"), placeholder=say("Leave it empty when the articles do not say."))
        sent = st.form_submit_button(say("Send"))
    if sent and reply.answer:
        correct(settings.index_dir, reply.answer, right.strip())
        st.session_state[rated] = "noted"
        st.toast(say("Noted. It is now one of the questions that `newsdesk eval` asks."))
        st.rerun()


def _narrowed(filters: Filters) -> str:
    """To which articles the question was put, "" for all."""
    days = " – ".join((words.day(filters.since), words.day(filters.until))) if filters.since or filters.until else ""
    language = words.language_name(filters.language) if filters.language else ""
    return " · ".join(filter(None, (days, filters.source, language, filters.folder)))


def _state_of(reply: Reply, assistant: Assistant) -> str:
    if reply.interrupted:
        return say("Interrupted: newsdesk was ended before the answer was there.")
    if reply.stopped:
        return say("Stopped.")
    if reply.before:
        return counted("One question is before yours…", "{n} questions are before yours…", reply.before)
    if reply.found is None:
        return say("Searching…")
    if is_loading_model(assistant):
        return say("Loading the language model. Only the first answer waits for it…")
    return say("Writing…") if reply.written else say("Reading the best sentences…")
