"""The examples that were tried once, kept beside the index, so that the next start shows them at once."""

import json
import logging
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from assistant.assistant import Assistant
from index.locks import alone

FILE = "examples.json"

logger = logging.getLogger(__name__)

TriedQuestion = tuple[str, str]  # and the article that it was made from


class KeptExamples:
    """The questions of each language that were answered over the index as it is now; of one before none is left."""

    def __init__(self, index_dir: Path) -> None:
        self._path = index_dir / FILE

    def of(self, assistant: Assistant, language: str) -> tuple[TriedQuestion, ...]:
        """What was kept in that language; nothing where that was of another index or program, or is damaged."""
        return self._read(_made_for(assistant)).get(language, ())

    def keep(self, assistant: Assistant, language: str, questions: tuple[TriedQuestion, ...]) -> None:
        """Keeps the questions; without them the next start tries them again."""
        made_for = _made_for(assistant)
        fresh = self._path.with_suffix(".new")
        try:
            with alone(self._path.with_suffix(".lock")):
                kept = {**self._read(made_for), language: questions}
                fresh.write_text(json.dumps({"made_for": made_for, "questions": kept}), encoding="utf-8")
                fresh.replace(self._path)
        except OSError as error:
            logger.warning("%s could not be written: %s", FILE, error)

    def _read(self, made_for: str) -> dict[str, tuple[TriedQuestion, ...]]:
        try:
            written = json.loads(self._path.read_text(encoding="utf-8"))
            if written["made_for"] != made_for:
                return {}
            return {
                str(language): tuple((str(question), str(article)) for question, article in questions)
                for language, questions in written["questions"].items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            logger.info("%s cannot be read, and is made anew: %r", FILE, error)
            return {}


def _made_for(assistant: Assistant) -> str:
    """The same only for the same index, asked by the same program in the same way."""
    manifest = assistant.open_generation().manifest
    parts = (version("newsdesk"), manifest.name, manifest.created, manifest.made_by, assistant.answerer.name)
    return sha256(json.dumps(parts).encode()).hexdigest()
