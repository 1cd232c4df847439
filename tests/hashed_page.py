"""The page as `newsdesk chat` serves it, but with the hashing embedding: `python tests/hashed_page.py PORT`.

The rebuilds that it starts have that embedding too, and addresses are fetched from this machine alone.
"""

import sys
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from fakes import HashingEmbedding  # noqa: E402
from websites import here  # noqa: E402

from assistant.answering.extractive import ExtractiveAnswerer  # noqa: E402
from assistant.assistant import Assistant  # noqa: E402
from assistant.settings import Settings, read_settings  # noqa: E402
from index.generations.pointer import open_current  # noqa: E402
from index.rebuild import rebuild  # noqa: E402
from ui import rebuilding  # noqa: E402
from ui.fetching import Fetching  # noqa: E402
from ui.page import add_page, opening  # noqa: E402
from ui.page.launch import launch  # noqa: E402


def start_beginning(settings: Settings) -> "Future[Assistant]":
    """The assistant, open at once."""
    opened: Future[Assistant] = Future()
    generation = open_current(settings.index_dir)
    opened.set_result(Assistant(settings.index_dir, generation, HashingEmbedding(), ExtractiveAnswerer()))
    return opened


def rebuilding_command(_module: str, *given: str) -> Sequence[str]:
    """What is started instead of `newsdesk index --index-dir DIR FOLDER`."""
    return [sys.executable, __file__, *given[:4]]


if __name__ == "__main__" and sys.argv[1] == "index":
    rebuild(Path(sys.argv[4]), Path(sys.argv[3]), HashingEmbedding)
elif __name__ == "__main__":
    vars(opening).update(start_beginning=start_beginning)
    vars(rebuilding).update(command=rebuilding_command)
    vars(add_page).update(Fetching=partial(Fetching, polite=here()))
    launch("127.0.0.1", int(sys.argv[1]), read_settings())
