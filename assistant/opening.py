"""The settings put together to an assistant that answers; what its models need is loaded when it is needed."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from assistant.answerer import Answerer
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.generative import GenerativeAnswerer
from assistant.assistant import Assistant
from assistant.coming import ComingAnswerer, ComingModel, ComingReader
from assistant.models.chosen import load_language_model
from assistant.models.limits import LimitedAnswerer
from assistant.reading.findings import Reader
from assistant.reading.loading import load_reader as load_reading
from assistant.settings import Settings
from index.errors import UserError
from index.generations.pointer import open_current
from index.models.coming import Coming, ComingEmbedding, coming_embedding
from index.models.embedding import Embedding
from index.models.ladder import Verdict
from index.models.loading import find_fastest, folder_of
from index.models.loading import load_embedding as load_model

if TYPE_CHECKING:
    from assistant.traces import Traces


def load_embedding(settings: Settings, name: str = "") -> Embedding:
    """The embedding called `name`, by default the settings' own."""
    return load_model(name or settings.embedding, settings.models_dir)


def embedding_verdict(settings: Settings, anew: bool = False) -> Verdict:
    """How the ways to run the embedding compare on this processor."""
    folder = folder_of(settings.embedding, settings.models_dir)
    return find_fastest(folder, settings.embedding, settings.models_dir, anew)


def load_reader(settings: Settings, embedding: str) -> Reader:
    """What reads the sentences that a search with this embedding found: a trained model, else rules."""
    return load_reading(embedding, settings.models_dir)


def load_answerer(settings: Settings, warm: bool = True) -> Answerer:
    """The answerer that the settings ask for, with its language model loaded, and `warm` for whoever comes later."""
    if settings.answerer == ExtractiveAnswerer.name:
        return ExtractiveAnswerer()
    answerer = GenerativeAnswerer(load_language_model(settings, warm), settings.translates)
    return LimitedAnswerer(answerer, settings.answer_seconds, settings.model_address)


def begin_assistant(
    settings: Settings, ahead: bool = True, begun: ComingEmbedding | None = None, judges: bool = False
) -> Assistant:
    """An assistant over the current index, at once; its models are loaded meanwhile, and waited for when needed.

    Unless `ahead`, the language model is loaded when something is to be written. Its opinion of what is in doubt is
    waited for only if it `judges`. The embedding is the one that made the index: that which has `begun` to be loaded,
    if it is that one. Raises UserError when there is no index, or it cannot be read.
    """
    generation = open_current(settings.index_dir)
    name = generation.manifest.embedding
    embedding = begun if begun and begun.model_name == name else coming_embedding(name, settings.models_dir)
    reader = ComingReader(Coming("the reader", partial(load_reader, settings, name)))
    written_by = settings.language_model.rpartition("#")[2].rpartition("/")[2]
    loaded = Coming(written_by, partial(load_answerer, settings, ahead))
    answerer = ComingAnswerer(settings.answerer, loaded, settings.translates, judges)
    writes = settings.answerer != ExtractiveAnswerer.name
    assistant = Assistant(
        settings.index_dir,
        generation,
        embedding,
        answerer if writes else ExtractiveAnswerer(),
        load_traces(settings),
        reader,
    )
    if ahead:
        Thread(target=_load_in_turn, args=(assistant, models_of(assistant)), name="load models").start()
    else:
        embedding.coming.begin()
        reader.coming.begin()
    return assistant


def open_assistant(settings: Settings, ahead: bool = True) -> Assistant:
    """The same, ready to search, and of one mind from the first question on; share it.

    Raises UserError when the embedding is missing too. The first question does when the language model is.
    """
    assistant = begin_assistant(settings, ahead, judges=True)
    assert isinstance(assistant.embedding, ComingEmbedding)
    assistant.embedding.coming.wait()
    return assistant


def models_of(assistant: Assistant) -> list[ComingModel]:
    """The assistant's models, loaded or not, in the order in which they are."""
    parts = (assistant.embedding, assistant.reader, assistant.answerer)
    return [part.coming for part in parts if isinstance(part, ComingEmbedding | ComingReader | ComingAnswerer)]


def _load_in_turn(assistant: Assistant, models: Sequence[ComingModel]) -> None:
    """Load the models one after the other: at once they keep search, and the page that is drawn, waiting for longer."""
    embedding, *others = models
    embedding.load()
    if embedding.future.exception():
        return
    with suppress(UserError):  # told to whoever asks
        _search_first(assistant)
    for coming in others:
        coming.load()


def _search_first(assistant: Assistant) -> None:
    """Reads what the first search reads, so that nobody has to wait for it."""
    next(assistant.stream("ready"))


def load_traces(settings: Settings) -> "Traces | None":
    """What tells the settings' collector of every question, None when they name none."""
    if not settings.traces:
        return None
    try:
        from assistant.traces import Traces  # an optional library
    except ModuleNotFoundError as error:
        raise UserError("NEWSDESK_TRACES needs a library that is missing. Run `pip install '.[otel]'`.") from error
    return Traces(settings.traces)


def start_opening(settings: Settings) -> Future[Assistant]:
    """The assistant to come, ready to search, opened in the background, or the error that kept it from opening."""
    return _aside(partial(_open_and_search, settings))


def start_beginning(settings: Settings) -> Future[Assistant]:
    """The same, as soon as its index is open."""
    return _aside(partial(begin_assistant, settings))


def _aside(work: Callable[[], Assistant]) -> Future[Assistant]:
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="open-assistant")
    future = executor.submit(work)
    executor.shutdown(wait=False)
    return future


def _open_and_search(settings: Settings) -> Assistant:
    assistant = open_assistant(settings)
    _search_first(assistant)
    return assistant
