"""The buttons behind which is chosen what articles are asked, and in which language they are answered from."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from index.articles import Article
from index.language import LANGUAGES
from index.vectors import Filters, folder_of
from ui import words
from ui.words import say


def draw_filters(articles: Sequence[Article], key: str) -> Filters:
    """What is chosen, and remembered while other pages are shown; the button's label tells that something is."""
    chosen: Filters = st.session_state.setdefault(f"{key}_filters", Filters())
    narrowed = chosen != Filters()
    label, icon = (say("Narrowed"), ":material/filter_alt:") if narrowed else (say("Narrow"), ":material/tune:")
    with st.popover(label, icon=icon, type="primary" if narrowed else "secondary", key=f"{key}_narrow"):
        left, right = st.columns(2)
        picked = Filters(
            _pick_day(left, say("From"), chosen.since, f"{key}_since"),
            _pick_day(right, say("Until"), chosen.until, f"{key}_until"),
            _pick(say("Source"), (one.source for one in articles), chosen.source, f"{key}_source"),
            _pick(
                say("Language"),
                (one.language for one in articles),
                chosen.language,
                f"{key}_language",
                words.language_name,
            ),
            _pick(say("Folder"), (folder_of(one.id) for one in articles), chosen.folder, f"{key}_folder"),
        )
    if picked != chosen:
        st.session_state[f"{key}_filters"] = picked
        st.rerun()
    return picked


def draw_answer_language(key: str) -> str:
    """The code of the language chosen for answers, "" for the question's own; remembered as the filters are."""
    chosen: str = st.session_state.setdefault(f"{key}_answer_language", "")
    label = words.language_name(chosen) if chosen else say("Language of the answer")
    kind: Literal["primary", "secondary"] = "primary" if chosen else "secondary"
    with st.popover(label, icon=":material/translate:", type=kind, key=f"{key}_answer"):
        picked = _pick(
            say("Language of the answer"),
            LANGUAGES,
            chosen,
            f"{key}_picked_answer_language",
            words.language_name,
            say("The question’s own"),
        )
    if picked != chosen:
        st.session_state[f"{key}_answer_language"] = picked
        st.rerun()
    return picked


def _pick_day(place: DeltaGenerator, label: str, chosen: str, key: str) -> str:
    day = place.date_input(
        label,
        date.fromisoformat(chosen) if chosen else None,
        min_value=date(1600, 1, 1),
        max_value=date(2100, 1, 1),
        format="DD/MM/YYYY",
        key=key,
    )
    return day.isoformat() if isinstance(day, date) else ""


def _pick(
    label: str,
    offered: Iterable[str],
    chosen: str,
    key: str,
    shown: Callable[[str], str] = str,
    none: str = "",
) -> str:
    options = sorted({*offered, chosen} - {""}, key=shown)
    place = options.index(chosen) if chosen else None
    return st.selectbox(label, options, place, format_func=shown, placeholder=none or say("All"), key=key) or ""
