"""The bar that says which of the models is being loaded, as long as one is."""

import streamlit as st

from assistant.assistant import Assistant
from assistant.opening import models_of
from index.models.stages import LOADING
from ui.page import render_index
from ui.page.component import draw, fragment

REDRAW_SECONDS = 0.5


def draw_loading(assistant: Assistant) -> None:
    """The bar, which goes when all are there; nothing when they are already."""
    if not all(model.ready for model in models_of(assistant)):
        fragment(_draw_bar, run_every=REDRAW_SECONDS)(assistant)


def _draw_bar(assistant: Assistant) -> None:
    models = models_of(assistant)
    waited_for = [model for model in models if not model.ready]
    if not waited_for:
        st.rerun()
    under_way = next((model for model in waited_for if model.stage), waited_for[0])
    html = render_index.loading(under_way.name, under_way.stage or LOADING, len(models) - len(waited_for), len(models))
    draw(html, "loading")
