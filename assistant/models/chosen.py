"""The language model that the settings name, and how the ways to run it compare."""

from pathlib import Path

from assistant.models.writing import WritingModel
from assistant.settings import OLLAMA, Settings
from index.errors import UserError
from index.models import weights
from index.models.ladder import Verdict


def load_language_model(settings: Settings, warm: bool = True) -> WritingModel:
    """The model, loaded, and `warm` unless it is asked at once; a server's is not asked anything yet."""
    if settings.model_address:
        return _served_model(settings)
    from assistant.models.loading import load  # a second, and a quarter of a gigabyte, that a server's model needs not

    return load(_model_file(settings), settings.models_dir, warm=warm)


def language_model_verdict(settings: Settings, anew: bool = False) -> Verdict | None:
    """How the ways to run the language model compare on this processor; None when there is no choice."""
    if settings.answerer != "generative" or settings.model_address:
        return None
    model = _model_file(settings)
    if model.is_dir():
        return None
    from assistant.models.loading import find_fastest  # as above

    return find_fastest(model, settings.models_dir, anew)


def _model_file(settings: Settings) -> Path:
    name = settings.language_model
    model = weights.installed(name, settings.models_dir) if name in weights.WEIGHTS else Path(name)
    if model is None or not model.exists():
        raise UserError(
            f"The language model {name} is not on this machine. Run `newsdesk models fetch {name}`, "
            "or use --answerer extractive."
        )
    return model


def _served_model(settings: Settings) -> WritingModel:
    address, name, seconds = settings.model_address, settings.language_model, settings.answer_seconds
    extra = "ollama" if name.startswith(OLLAMA) else "openai"
    try:
        if extra == "ollama":
            from assistant.models.ollama import ollama_model  # of an optional library

            return ollama_model(address, name.removeprefix(OLLAMA), seconds)
        from assistant.models.served import ServedModel  # of an optional library
    except ModuleNotFoundError as error:
        raise UserError(f"{name} needs a library that is missing. Run `pip install '.[{extra}]'`.") from error
    return ServedModel(address, name.partition("#")[2], settings.api_key, seconds)
