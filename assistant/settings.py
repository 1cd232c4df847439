"""What can be chosen, read from the environment: the one place where that is done."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import UserError
from index.models import weights

PROFILES = {
    "full": ("embeddinggemma-300m", "qwen2.5-coder-1.5b-instruct"),
    "light": ("multilingual-e5-small", ""),
}
DEFAULT_INDEX_DIR = Path(".newsdesk/index")
OLLAMA, OLLAMA_ADDRESS = "ollama:", "http://127.0.0.1:11434"


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
    origins: tuple[str, ...] = ()  # what browsers call the page besides this machine's names: https://news.example
    articles: Path | None = None  # the folder that articles come into while there is no index, by default beside it
    fetches: bool = False  # whether the page fetches articles whose addresses an editor gives
    hard_links: bool = False  # whether files are read that have another name outside the folder of articles
    log_json: bool = False  # of the server
    traces: str = ""  # the address of a collector of OpenTelemetry
    notice: str = ""  # one sentence when something chosen is not there and something else serves

    @property
    def translates(self) -> bool:
        """Whether the language model's translations are told, as far as they pass the checks.

        The default model's are not: too many read well, pass the checks and say something else (docs/ANSWERS.md).
        """
        return self.language_model not in weights.WEIGHTS

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
    models_dir = weights.cache_folder(environment)
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
        origins=tuple(environment.get("NEWSDESK_ORIGINS", "").split()),
        articles=Path(environment["NEWSDESK_ARTICLES"]) if environment.get("NEWSDESK_ARTICLES") else None,
        keep_conversations=environment.get("NEWSDESK_CONVERSATIONS", "") != "off",
        fetches=environment.get("NEWSDESK_FETCH", "") == "on",
        hard_links=environment.get("NEWSDESK_HARD_LINKS", "") == "read",
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
