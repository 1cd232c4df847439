"""Environment to a ready assistant: the one place where the parts are put together."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index import weights
from index.errors import UserError

if TYPE_CHECKING:
    from llama_index.core.llms.llm import LLM

    from assistant.assistant import Answerer, Assistant, Piece
    from assistant.traces import Traces
    from index.embedding import Embedding
    from index.search import Hit

PROFILES = {
    "full": ("embeddinggemma-300m", "qwen2.5-coder-1.5b-instruct"),
    "light": ("multilingual-e5-small", ""),
}
DEFAULT_INDEX_DIR = Path(".newsdesk/index")
OLLAMA, OLLAMA_ADDRESS = "ollama:", "http://127.0.0.1:11434"
# How often whoever waits for a model to be loaded may leave.
PAUSE_SECONDS = 0.2

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen. `embedding` and `language_model` are names of default models, or folders.

    `language_model` may also be "ollama:NAME", or an OpenAI-compatible address with the model's name behind "#".
    """

    profile: str
    embedding: str
    language_model: str  # "" answers by quoting
    answerer: str  # "generative" or "extractive"
    index_dir: Path
    models_dir: Path
    api_key: str = field(default="", repr=False)  # for the address
    answer_seconds: float = 120.0  # that the language model may take; half of them for its first word
    store: str = ""  # the address of the server for the index's vectors, "" keeps them in its folder
    keep_conversations: bool = True
    sign_in: Path | None = None  # the file that says who may enter the page
    log_json: bool = False  # of the server
    traces: str = ""  # the address of a collector of OpenTelemetry
    notice: str = ""  # one sentence when something chosen is not there and something else serves

    @property
    def model_address(self) -> str:
        """Where the server of the language model is, "" when it runs in this process."""
        if self.language_model.startswith(OLLAMA):
            return OLLAMA_ADDRESS
        return self.language_model.partition("#")[0] if "://" in self.language_model else ""


def read_settings(
    environment: Mapping[str, str] = os.environ, index_dir: Path | None = None, answerer: str = ""
) -> Settings:
    """The settings of this process: arguments first, then the NEWSDESK_ variables, then the defaults."""
    profile = environment.get("NEWSDESK_PROFILE") or "full"
    if profile not in PROFILES:
        raise UserError(f"NEWSDESK_PROFILE is {profile!r}. Set it to 'full' or 'light'.")
    models_dir = weights.cache_folder()
    embedding, language_model = PROFILES[profile]
    embedding = environment.get("NEWSDESK_EMBEDDING") or embedding
    language_model = _checked_model(environment.get("NEWSDESK_LANGUAGE_MODEL", "")) or language_model
    notice = ""
    if profile == "full":
        needed = [name for name in (embedding, language_model) if name in PROFILES["full"]]
        missing = [name for name in needed if not weights.installed(name, models_dir)]
        if missing and weights.installed(PROFILES["light"][0], models_dir):
            notice = (
                f"The light profile serves, because {' and '.join(missing)} is not on this machine. "
                f"`newsdesk models fetch {missing[0]}` brings it."
            )
            if embedding in missing:
                embedding = PROFILES["light"][0]
            if language_model in missing:
                language_model = ""
    answerer = answerer or environment.get("NEWSDESK_ANSWERER", "")
    if answerer not in ("", "extractive", "generative"):
        raise UserError(f"The answerer {answerer!r} does not exist. Choose 'extractive' or 'generative'.")
    if answerer == "generative" and not language_model:
        raise UserError(
            "Written answers need a language model, and the light profile has none. "
            "Set NEWSDESK_PROFILE=full, name one in NEWSDESK_LANGUAGE_MODEL, or choose the extractive answerer."
        )
    seconds = environment.get("NEWSDESK_ANSWER_SECONDS") or "120"
    if not seconds.isdecimal() or int(seconds) == 0:
        raise UserError(f"NEWSDESK_ANSWER_SECONDS is {seconds!r}. Set it to a number of seconds, such as 120.")
    return Settings(
        profile=profile,
        embedding=embedding,
        language_model=language_model,
        answerer=answerer or ("generative" if language_model else "extractive"),
        index_dir=index_dir or Path(environment.get("NEWSDESK_INDEX_DIR") or DEFAULT_INDEX_DIR),
        models_dir=models_dir,
        api_key=environment.get("NEWSDESK_API_KEY", ""),
        answer_seconds=int(seconds),
        store=_checked_store(environment.get("NEWSDESK_STORE", "")),
        sign_in=Path(environment["NEWSDESK_SIGNIN"]) if environment.get("NEWSDESK_SIGNIN") else None,
        keep_conversations=environment.get("NEWSDESK_CONVERSATIONS", "") != "off",
        traces=_checked_collector(environment.get("NEWSDESK_TRACES", "")),
        log_json=environment.get("NEWSDESK_LOG", "") == "json",
        notice=notice,
    )


def _checked_model(name: str) -> str:
    """The name of a language model; raises UserError when it is an address and not a complete one."""
    if "://" in name:
        address = urlsplit(name)
        if address.scheme not in ("http", "https") or not address.hostname or not address.fragment:
            raise UserError(
                "NEWSDESK_LANGUAGE_MODEL is an address without a model. "
                "Write both, such as http://127.0.0.1:1234/v1#qwen2.5-7b-instruct."
            )
        if address.username or address.password or address.query:
            raise UserError("NEWSDESK_LANGUAGE_MODEL holds more than an address. Put the key into NEWSDESK_API_KEY.")
    return name


def _checked_store(address: str) -> str:
    """The address of a server for vectors; raises UserError when it is none, or holds more than an address."""
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https", "postgresql") or not parts.hostname):
        raise UserError(
            "NEWSDESK_STORE is no address of an index server. Write one, such as http://127.0.0.1:8000 or "
            "postgresql://reader@127.0.0.1/news."
        )
    if parts.password or parts.query or parts.fragment or (parts.username and parts.scheme != "postgresql"):
        raise UserError(
            "NEWSDESK_STORE holds more than an address. Write it as http://127.0.0.1:8000 or "
            "postgresql://reader@127.0.0.1/news; a password of PostgreSQL goes into PGPASSWORD or ~/.pgpass."
        )
    return address.rstrip("/")


def _checked_collector(address: str) -> str:
    """The address of a collector; raises UserError when it is none, or holds more than an address."""
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query):
        raise UserError(
            "NEWSDESK_TRACES is no address of a collector, or holds more. Write one, such as http://127.0.0.1:4318; a "
            "key that it wants goes into OTEL_EXPORTER_OTLP_HEADERS."
        )
    return address.rstrip("/")


def load_embedding(settings: Settings, name: str = "") -> "Embedding":
    """The embedding called `name`, by default the settings' own."""
    return _load_embedding(name or settings.embedding, settings.models_dir)


def load_own_embedding(name: str) -> "Embedding":
    """The embedding called `name` on this machine, where another one's settings do not hold."""
    return _load_embedding(name, weights.cache_folder())


def _load_embedding(name: str, models_dir: Path) -> "Embedding":
    from index.embedding import load_embedding as load

    folder: Path | str = name
    if name in weights.WEIGHTS:
        found = weights.installed(name, models_dir)
        if found is None:
            raise UserError(f"The embedding {name} is not on this machine. Run `newsdesk models fetch {name}`.")
        folder = found
    return load(folder, name, models_dir)


def load_answerer(settings: Settings, embedding: str) -> "Answerer":
    """The answerer that the settings ask for, with its language model loaded and warm.

    `embedding` names the model whose similarities it will be given.
    """
    if settings.answerer == "extractive":
        from assistant.extractive import ExtractiveAnswerer

        return ExtractiveAnswerer(embedding)
    from assistant.generative import GenerativeAnswerer
    from assistant.limits import LimitedAnswerer

    answerer = GenerativeAnswerer(load_language_model(settings), embedding)
    return LimitedAnswerer(answerer, settings.answer_seconds, settings.model_address)


def load_language_model(settings: Settings) -> "LLM":
    """The language model that the settings name: a server's is not asked anything yet."""
    name = settings.language_model
    if settings.model_address:
        return _served_model(settings)
    from assistant.runtime import load

    model = weights.installed(name, settings.models_dir) if name in weights.WEIGHTS else Path(name)
    if model is None or not model.exists():
        raise UserError(
            f"The language model {name} is not on this machine. Run `newsdesk models fetch {name}`, "
            "or use --answerer extractive."
        )
    return load(model, settings.models_dir)


def _served_model(settings: Settings) -> "LLM":
    from assistant.generative import ANSWER_TOKENS
    from assistant.runtime import CONTEXT_TOKENS

    address, name, seconds = settings.model_address, settings.language_model, settings.answer_seconds
    extra = "ollama" if name.startswith(OLLAMA) else "openai"
    try:
        if extra == "ollama":
            from llama_index.llms.ollama import Ollama

            served: LLM = Ollama(
                model=name.removeprefix(OLLAMA),
                base_url=address,
                temperature=0.0,
                context_window=CONTEXT_TOKENS,
                request_timeout=seconds,
                additional_kwargs={"num_predict": ANSWER_TOKENS},
            )
            return served
        from assistant.served import ServedModel
    except ModuleNotFoundError as error:
        raise UserError(f"{name} needs a library that is missing. Run `pip install '.[{extra}]'`.") from error
    return ServedModel(
        model=name.partition("#")[2],
        api_base=address,
        api_key=settings.api_key or "none",
        is_chat_model=True,
        temperature=0.0,
        max_tokens=ANSWER_TOKENS,
        context_window=CONTEXT_TOKENS,
        max_retries=0,
        timeout=seconds,
    )


class LoadingAnswerer:
    """An answerer on its way: search and its evidence need not wait until the language model is loaded."""

    def __init__(self, settings: Settings, embedding: str) -> None:
        self.name = settings.answerer
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load-answerer")
        self._loaded = executor.submit(load_answerer, settings, embedding)
        executor.shutdown(wait=False)

    @property
    def ready(self) -> bool:
        """Whether it is loaded, or has failed to be."""
        return self._loaded.done()

    def wait(self) -> "Answerer":
        """The answerer, as soon as it is loaded; raises UserError when it cannot be."""
        return self._loaded.result()

    def draft(self, question: str, language: str, answer_language: str, hits: "Sequence[Hit]") -> "Iterator[Piece]":
        """The loaded answerer's draft, and "" now and then until it is loaded."""
        while wait([self._loaded], timeout=PAUSE_SECONDS).not_done:
            yield ""
        yield from self.wait().draft(question, language, answer_language, hits)


def open_assistant(settings: Settings) -> "Assistant":
    """An assistant over the current index, ready to search while its answerer is loaded; share it.

    The embedding is the one that made the index. Raises UserError when there is no index, or it cannot be
    read, or the embedding is missing; the first question does when the language model is.
    """
    from assistant.assistant import Assistant
    from index.generations import open_current

    generation = open_current(settings.index_dir)
    embedding = load_embedding(settings, generation.manifest.embedding)
    embedding.embed_query("ready")  # compiles the model now, so that the first question need not
    # Not before: both at once keep search, and the page that is being drawn, waiting for twice as long.
    answerer = LoadingAnswerer(settings, generation.manifest.embedding)
    return Assistant(settings.index_dir, generation, embedding, answerer, load_traces(settings))


def load_traces(settings: Settings) -> "Traces | None":
    """What tells the settings' collector of every question, None when they name none."""
    if not settings.traces:
        return None
    try:
        from assistant.traces import Traces
    except ModuleNotFoundError as error:
        raise UserError("NEWSDESK_TRACES needs a library that is missing. Run `pip install '.[otel]'`.") from error
    return Traces(settings.traces)


def start_opening(settings: Settings) -> "Future[Assistant]":
    """The assistant to come, opened in the background, or the error that kept it from opening."""
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="open-assistant")
    future = executor.submit(_open_and_read, settings)
    executor.shutdown(wait=False)
    return future


def _open_and_read(settings: Settings) -> "Assistant":
    assistant = open_assistant(settings)
    next(assistant.stream("ready"))  # reads what the first search reads, so that nobody has to wait for it
    return assistant
