"""What narrows the articles that are asked or searched, chosen behind a button and taken off again by its chip."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from index.articles import Article
from index.filters import Filters, folder_of
from index.languages.words import known_codes
from ui.page import render, words
from ui.page.chips import chips_of, without
from ui.page.component import draw
from ui.page.words import say

# Of a collection with more names than these, the ones with the most articles are offered.
MOST_OFFERED = 2_000
# Streamlit's own words for all that a field offers are English in every language.
ALL_CSS = """<style>
[data-key="__select_all__"] [data-item-hl] { font-size: 0; }
[data-key="__select_all__"] [data-item-hl]::after { content: "%s"; font-size: 1rem; }
</style>"""


def chosen_filters(key: str) -> Filters:
    """What is chosen on that part of the page, remembered while others are shown."""
    chosen: Filters = st.session_state.setdefault(f"{key}_filters", Filters())
    return chosen


def choose(key: str, filters: Filters) -> None:
    """Chooses these from here on; whatever offers the choice is drawn anew with them."""
    st.session_state[f"{key}_filters"] = filters
    st.session_state[f"{key}_drawn"] = st.session_state.get(f"{key}_drawn", 0) + 1


def draw_chips(key: str) -> None:
    """What is chosen, each with a button that takes it off."""
    filters = chosen_filters(key)
    if not filters:
        return
    pressed = draw(render.chips(chips_of(filters), can_clear=True), f"{key}_chips")
    if pressed.get("clear"):
        choose(key, Filters())
        st.rerun()
    if lifted := pressed.get("lift"):
        choose(key, without(filters, str(lifted["field"]), str(lifted["value"])))
        st.rerun()


def draw_filters(articles: Sequence[Article], key: str) -> Filters:
    """What is chosen, and remembered while other pages are shown; the button's label tells that something is."""
    chosen = chosen_filters(key)
    label, icon = (say("Narrowed"), ":material/filter_alt:") if chosen else (say("Narrow"), ":material/tune:")
    drawn = st.session_state.get(f"{key}_drawn", 0)
    st.html(ALL_CSS % say("All"))
    with st.popover(label, icon=icon, type="primary" if chosen else "secondary", key=f"{key}_narrow"):
        left, right = st.columns(2)
        picked = Filters(
            _pick_day(left, say("From"), chosen.since, f"{key}_since_{drawn}"),
            _pick_day(right, say("Until"), chosen.until, f"{key}_until_{drawn}"),
            _pick_several(say("Source"), (one.source for one in articles), chosen.sources, f"{key}_source_{drawn}"),
            _pick_several(
                say("Language"),
                (one.language for one in articles),
                chosen.languages,
                f"{key}_language_{drawn}",
                words.language_name,
            ),
            _pick_several(
                say("Folder"), (folder_of(one.id) for one in articles), chosen.folders, f"{key}_folder_{drawn}"
            ),
            _pick_several(say("Author"), (one.author for one in articles), chosen.authors, f"{key}_author_{drawn}"),
            chosen.articles,
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
        own = say("The question’s own")
        options = ["", *sorted(known_codes(), key=words.language_name)]
        picked = st.selectbox(
            say("Language of the answer"),
            options,
            options.index(chosen),
            format_func=lambda code: words.language_name(code) if code else own,
            key=f"{key}_picked_answer_language",
        )
    if picked != chosen:
        st.session_state[f"{key}_answer_language"] = picked
        st.rerun()
    return picked


def _pick_day(place: DeltaGenerator, label: str, chosen: str, key: str) -> str:
    # The day comes by the session and not as the default: only of a day that is none by default is there a × to clear.
    if key not in st.session_state and chosen:
        st.session_state[key] = date.fromisoformat(chosen)
    day = place.date_input(
        label,
        None,
        min_value=date(1600, 1, 1),
        max_value=date(2100, 1, 1),
        format="DD/MM/YYYY",
        key=key,
    )
    return day.isoformat() if isinstance(day, date) else ""


def _pick_several(
    label: str, offered: Iterable[str], chosen: Sequence[str], key: str, shown: Callable[[str], str] = str
) -> tuple[str, ...]:
    counts = Counter(one for one in offered if one)
    most = [one for one, _ in counts.most_common(MOST_OFFERED)]
    options = sorted({*most, *chosen}, key=shown)
    if not options:
        return tuple(chosen)
    if key not in st.session_state:
        st.session_state[key] = list(chosen)
    return tuple(st.multiselect(label, options, format_func=shown, placeholder=say("All"), key=key))
