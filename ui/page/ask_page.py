"""The Ask page: one conversation, question by question, and a box for the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.assistant import Assistant
from assistant.settings import Settings
from index.errors import UserError
from index.filters import Filters
from ui.citation_formats import to_rich_text, to_text
from ui.conversations import Conversations
from ui.feedback import approve, correct, forget
from ui.page import render, words
from ui.page.article_panel import close_article, draw_article, open_article, with_others
from ui.page.chips import chips_of, chips_said, without
from ui.page.component import draw, fragment
from ui.page.door import leave_when_refused, visitor
from ui.page.listing import listing
from ui.page.loading import draw_loading
from ui.page.narrowing import choose, chosen_filters, draw_answer_language, draw_chips, draw_filters
from ui.page.opening import conversations, is_loading_embedding, is_loading_model, suggesting
from ui.page.shared_page import LINK_IN_ADDRESS, link_of
from ui.page.words import counted, say
from ui.record import Record
from ui.reply import Reply, history_of
from ui.suggesting import Offer

REDRAW_SECONDS = 0.25
QUOTED_SECONDS = 0.03  # a quoted answer is there so soon after its evidence that both are shown in one go
TAB_CHARACTERS = 60
OFFER_SECONDS = 1.0  # so often is looked whether more questions were tried
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
        draw_loading(assistant)
        draw_chips("ask")
        with st.container(horizontal=True, gap="small"):
            filters = draw_filters(listing(assistant.open_generation()).articles, "ask")
            # Quotes stay in their own language.
            answer_language = "" if assistant.answerer.name == ExtractiveAnswerer.name else draw_answer_language("ask")

        def ask(question: str, instead_of: int | None = None, narrowed: Filters | None = None) -> None:
            now = visitor(settings).owner  # a press may come long after the page was drawn
            chosen = filters if narrowed is None else narrowed
            try:
                asked, _ = kept.ask(now, conversation, question, chosen, assistant, answer_language, instead_of)
            except UserError as error:
                st.session_state.not_asked = str(error)
                return
            st.session_state.asked_here = True
            choose_conversation(asked)

        def ask_typed() -> None:
            question, asked = (st.session_state.typed or "").strip(), kept.replies(owner, conversation)
            if question and (not asked or asked[-1].done):
                ask(question)

        # As a callback it runs before anything is drawn: the search is done while the page is.
        st.chat_input(say("Ask the articles a question"), disabled=busy, key="typed", on_submit=ask_typed)
    if replies:
        st.set_page_config(page_title=f"{_in_tab(replies[0].question)} · newsdesk")
    with shown:
        again: _Again | None = st.session_state.pop("again", None)
        if again and not busy:
            ask(again.question, again.instead_of, again.filters)
            st.rerun()
        if not replies:
            offer = suggesting(settings).to_begin(assistant, words.language())
            welcome = fragment(_draw_welcome, run_every=None if offer.done else OFFER_SECONDS)
            welcome(settings, assistant, offer.done)
        links, ratings = kept.links(owner, conversation), kept.ratings(owner, conversation)
        for number, reply in enumerate(replies):
            place = _Place(conversation, number, links.get(number, ""), ratings.get(number, ""))
            address = place.address
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
            drawn(settings, assistant, reply, place, number if is_last else None, running)
        if replies and not busy and not st.session_state.get("edited"):
            offer = _following(settings, assistant, replies)
            following = fragment(_draw_following, run_every=None if offer.done else OFFER_SECONDS)
            following(settings, assistant, replies, offer.done)
        if problem := st.session_state.pop("not_asked", ""):
            draw(render.problem(problem), "not_asked", follow=True)
        draw_article(assistant)


@dataclass(frozen=True, slots=True)
class _Again:
    """A question that is to be asked, in the place of the one with that number or last, narrowed so or as it is now."""

    question: str
    instead_of: int | None
    filters: Filters | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an answer stands: its conversation, its number there, its link's token and its rating, "" without one."""

    conversation: str
    number: int
    token: str
    rating: str

    @property
    def address(self) -> str:
        """Where its files are."""
        return f"/record/{self.conversation}/{self.number}"

    @property
    def link(self) -> str:
        """Where others read it."""
        return link_of(self.token) if self.token else ""


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
    st.query_params.pop(LINK_IN_ADDRESS, None)
    st.session_state.conversation = conversation
    if conversation:
        st.query_params[IN_ADDRESS] = conversation
    else:
        st.query_params.pop(IN_ADDRESS, None)


def _in_tab(question: str) -> str:
    """The question as a tab has room for it."""
    return question if len(question) <= TAB_CHARACTERS else f"{question[:TAB_CHARACTERS]}…"


def _draw_welcome(settings: Settings, assistant: Assistant, were_tried: bool) -> None:
    """What the page does, and questions to press: what code answers until others were tried.

    They change once only, lest one moves from below somebody's finger.
    """
    offer = suggesting(settings).to_begin(assistant, words.language())
    examples = render.examples(offer.found if offer.done else (), words.language())
    html = render.welcome(assistant.open_generation().manifest.article_count, examples)
    _ask_pressed(draw(html, "welcome"))
    if offer.done and not were_tried:
        st.rerun()


def _draw_following(settings: Settings, assistant: Assistant, replies: Sequence[Reply], were_tried: bool) -> None:
    """Questions that go on from the last answer, if there are any by now."""
    offer = _following(settings, assistant, replies)
    if offer.found and (given := replies[-1].answer):
        html = render.following([one.question for one in offer.found], given.language)
        _ask_pressed(draw(html, f"following {given.asked}"))
    if offer.done and not were_tried:
        st.rerun()


def _following(settings: Settings, assistant: Assistant, replies: Sequence[Reply]) -> Offer:
    given = replies[-1].answer
    if given is None or is_loading_embedding(assistant):
        return Offer(done=True)
    return suggesting(settings).to_follow(assistant, given, tuple(history_of(replies)))


def _ask_pressed(pressed: Mapping[str, object]) -> None:
    """Has the question asked that was pressed."""
    if isinstance(question := pressed.get("ask"), str):
        st.session_state.again = _Again(question, None)
        st.rerun()


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
    settings: Settings, assistant: Assistant, reply: Reply, place: _Place, last: int | None, running: bool
) -> None:
    """The reply so far; one that was `running` when the page was drawn draws it again at its end.

    `last` is the number of the question if it is the last one: asked again, it takes its own place.
    """
    leave_when_refused(settings)
    address = place.address
    given = reply.answer  # as it is now: it may come at any moment
    correcting = f"correcting {address} {given.asked if given else ''}"
    is_corrected = bool(st.session_state.get(correcting))
    rating = "down" if is_corrected else place.rating
    if given:
        body = render.answer(given) + render.actions(address, to_text(given), rating, to_rich_text(given), place.link)
    elif reply.error:
        body = render.problem(reply.error) + render.actions("", "", "")
    else:
        can_stop = not reply.done
        state = _state_of(reply, assistant)
        body = render.unfinished(reply.written, reply.found, state, can_stop, reply.short, reply.told)
        body += "" if can_stop else render.actions("", "", "")
    chips = (*chips_of(reply.filters), *chips_said(given.understood if given else ()))
    html = render.turn(reply.question, body, chips, reply.answer_language, can_edit=reply.done)
    pressed = draw(html, f"reply {address}", follow=last is not None, announced=_announced(reply, last))
    if pressed.get("open"):
        open_article(with_others(pressed["open"], given))
    if pressed.get("stop"):
        reply.stop()
    if pressed.get("go") == "again":
        st.session_state.again = _Again(reply.question, last)
    if lifted := pressed.get("lift"):
        _lift(reply, last, str(lifted["field"]), str(lifted["value"]), bool(lifted["said"]))
    if pressed.get("go") == "edit":
        st.session_state.edited = address
    if given and pressed.get("rate"):
        st.session_state[correcting] = pressed["rate"] == "down" and not is_corrected
        if pressed["rate"] == "up":
            _rate(settings, place, given, "" if place.rating == "up" and not is_corrected else "up")
    if pressed.keys() & {"share", "withdraw"}:
        _share_or_withdraw(settings, place, shares="share" in pressed)
    if pressed.keys() & {"open", "go", "rate", "lift", "share", "withdraw"} or (running and reply.done):
        st.rerun()
    if given and is_corrected:
        _draw_correction(settings, place, given, correcting)


def _rate(settings: Settings, place: _Place, given: Record, rating: str, right: str = "") -> None:
    """Notes what the reader says of the answer instead of what was said before; "" takes it back."""
    conversations(settings).rate(visitor(settings).owner, place.conversation, place.number, rating)
    if rating == "up":
        approve(settings.index_dir, given)
    elif rating == "down":
        correct(settings.index_dir, given, right)
    else:
        forget(settings.index_dir, given)
    if rating:
        st.toast(say("Noted. It is now one of the questions that `newsdesk eval` asks."))
    else:
        st.toast(say("Taken back."))


def _share_or_withdraw(settings: Settings, place: _Place, shares: bool) -> None:
    kept, owner = conversations(settings), visitor(settings).owner
    if shares:
        kept.share(owner, place.conversation, place.number)
    else:
        kept.withdraw(owner, place.conversation, place.number)
        st.toast(say("The link opens nothing any more."))


def _draw_correction(settings: Settings, place: _Place, given: Record, correcting: str) -> None:
    with st.form(f"{correcting} form"):
        right = st.text_input(say("What is right?"), placeholder=say("Leave it empty when the articles do not say."))
        sent = st.form_submit_button(say("Send"))
    if sent:
        _rate(settings, place, given, "down", right.strip())
        st.session_state[correcting] = False
        st.rerun()


def _announced(reply: Reply, last: int | None) -> str:
    """What is read out when the answer to the last question, asked on this page, is there; "" before."""
    if not reply.answer or last is None or not st.session_state.get("asked_here"):
        return ""
    return reply.answer.text if reply.answer.answered else say("No answer in the articles.")


def _lift(reply: Reply, last: int | None, field: str, value: str, said: bool) -> None:
    """Has the question asked again without that chip, which narrows no later one either."""
    filters = without(reply.filters, field, value, said)
    st.session_state.again = _Again(reply.question, last, filters)
    if not said:
        choose("ask", without(chosen_filters("ask"), field, value))


def _state_of(reply: Reply, assistant: Assistant) -> str:
    if reply.interrupted:
        return say("Interrupted: newsdesk was ended before the answer was there.")
    if reply.stopped:
        return say("Stopped.")
    if reply.before:
        return counted("One question is before yours…", "{n} questions are before yours…", reply.before)
    if reply.found is None and is_loading_embedding(assistant):
        return say("Your question is answered as soon as the models are loaded…")
    if reply.found is None:
        return say("Searching…")
    if is_loading_model(assistant):
        return say("Loading the language model. Only the first answer waits for it…")
    return say("Writing…") if reply.written or reply.told else say("Reading the best sentences…")
