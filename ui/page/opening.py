"""What all sessions of this server share: the assistant, opened in the background, conversations and the like."""

from functools import partial
from pathlib import Path

import streamlit as st

from assistant.assistant import Assistant
from assistant.coming import ComingAnswerer
from assistant.models.turns import Line
from assistant.opening import start_beginning
from assistant.settings import Settings
from index.models.coming import ComingEmbedding
from ui.conversations import FILE, Conversations
from ui.fetching import AT_ONCE
from ui.opening import Opening
from ui.page.signin import SignIn
from ui.rebuilding import Rebuilds
from ui.suggesting import Suggesting


@st.cache_resource(show_spinner=False)
def opening(_settings: Settings) -> Opening:
    """The assistant, there as soon as its index is open, or the error that kept it from opening."""
    return Opening(partial(start_beginning, _settings))


def conversations(settings: Settings) -> Conversations:
    """The conversations beside the index, or in memory when they are not to be kept."""
    return _conversations(settings.index_dir / FILE if settings.keep_conversations else None)


@st.cache_resource(show_spinner=False)
def _conversations(path: Path | None) -> Conversations:
    return Conversations(path)


def suggesting(settings: Settings) -> Suggesting:
    """The questions to offer over this index."""
    return _suggesting(settings.index_dir, conversations(settings))


@st.cache_resource(show_spinner=False)
def _suggesting(index_dir: Path, _conversations: Conversations) -> Suggesting:
    return Suggesting(lambda: _conversations.busy, index_dir)


def rebuilds(settings: Settings) -> Rebuilds:
    """The rebuilds of the index."""
    return _rebuilds(settings.index_dir)


@st.cache_resource(show_spinner=False)
def _rebuilds(index_dir: Path) -> Rebuilds:
    return Rebuilds(index_dir)


@st.cache_resource(show_spinner=False)
def fetching_line() -> Line:
    """The line of all addresses that are to be fetched, whoever gave them."""
    return Line(AT_ONCE)


def sign_in(settings: Settings) -> SignIn | None:
    """The sign-in, None when the page has none; raises UserError when its file cannot be used."""
    return _sign_in(settings.sign_in, settings.index_dir) if settings.sign_in else None


@st.cache_resource(show_spinner=False)
def _sign_in(path: Path, index_dir: Path) -> SignIn:
    return SignIn(path, index_dir)


def require_embedding(assistant: Assistant) -> None:
    """Raise what kept the assistant's embedding from being loaded, if anything did."""
    embedding = assistant.embedding
    if isinstance(embedding, ComingEmbedding) and embedding.coming.ready:
        embedding.coming.wait()


def is_loading_embedding(assistant: Assistant) -> bool:
    """Whether nothing can be searched for yet."""
    return isinstance(assistant.embedding, ComingEmbedding) and not assistant.embedding.coming.ready


def is_loading_model(assistant: Assistant) -> bool:
    """Whether the language model is still on its way, so that an answer takes longer than usual."""
    return isinstance(assistant.answerer, ComingAnswerer) and not assistant.answerer.coming.ready
