"""What all sessions of this server share: the assistant, opened in the background, conversations and the like."""

from concurrent.futures import Future
from pathlib import Path

import streamlit as st

from assistant.assistant import Assistant
from assistant.settings import LoadingAnswerer, Settings, start_opening
from ui.conversations import FILE, Conversations
from ui.rebuilding import Rebuilds
from ui.signin import SignIn


@st.cache_resource(show_spinner=False)
def opening(_settings: Settings) -> Future[Assistant]:
    """The assistant, or the error that kept it from opening; after `opening.clear()` it is tried again."""
    return start_opening(_settings)


def conversations(settings: Settings) -> Conversations:
    """The conversations beside the index, or in memory when they are not to be kept."""
    return _conversations(settings.index_dir / FILE if settings.keep_conversations else None)


@st.cache_resource(show_spinner=False)
def _conversations(path: Path | None) -> Conversations:
    return Conversations(path)


def rebuilds(settings: Settings) -> Rebuilds:
    """The rebuilds of the index."""
    return _rebuilds(settings.index_dir)


@st.cache_resource(show_spinner=False)
def _rebuilds(index_dir: Path) -> Rebuilds:
    return Rebuilds(index_dir)


def sign_in(settings: Settings) -> SignIn | None:
    """The sign-in, None when the page has none; raises UserError when its file cannot be used."""
    return _sign_in(settings.sign_in, settings.index_dir) if settings.sign_in else None


@st.cache_resource(show_spinner=False)
def _sign_in(path: Path, index_dir: Path) -> SignIn:
    return SignIn(path, index_dir)


def is_loading_model(assistant: Assistant) -> bool:
    """Whether the language model is still on its way, so that an answer takes longer than usual."""
    return isinstance(assistant.answerer, LoadingAnswerer) and not assistant.answerer.ready
