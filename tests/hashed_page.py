"""The page as `newsdesk chat` serves it, but with the hashing embedding: `python tests/hashed_page.py PORT`."""

import sys
from concurrent.futures import Future
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes import HashingEmbedding  # noqa: E402

from assistant.answering.extractive import ExtractiveAnswerer  # noqa: E402
from assistant.assistant import Assistant  # noqa: E402
from assistant.settings import Settings, read_settings  # noqa: E402
from index.generations.pointer import open_current  # noqa: E402
from ui.page import opening  # noqa: E402
from ui.page.launch import launch  # noqa: E402


def start_beginning(settings: Settings) -> "Future[Assistant]":
    """The assistant, open at once."""
    opened: Future[Assistant] = Future()
    generation = open_current(settings.index_dir)
    opened.set_result(Assistant(settings.index_dir, generation, HashingEmbedding(), ExtractiveAnswerer()))
    return opened


if __name__ == "__main__":
    vars(opening).update(start_beginning=start_beginning)
    launch("127.0.0.1", int(sys.argv[1]), read_settings())
