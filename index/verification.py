"""A finished generation read as questions will read it, in a process of its own: what kills that one kills no other."""

import os
import signal
import subprocess
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import NoReturn

import numpy as np
from llama_index.core.vector_stores.types import VectorStoreQuery

from index import lexicon
from index.errors import UserError
from index.generations import Generation
from index.vectors import ALIKE, LEAST_RECALL

# Passages that are looked for by their own vectors and words.
SAMPLE = 100
NEIGHBOURS = 10
# SQLite's table of letters is of 2012: a word in a younger script is none to it, and no damage.
LOST_WORDS = 0.1


class NotSound(UserError):
    """A generation is not what it should be, though its files are as they were written."""


def prepare() -> None:
    """Load what `verify` needs, in the background; that takes seconds."""
    _server()


def verify(path: Path) -> None:
    """Nothing when the generation in `path` is whole and finds its own passages; raises NotSound otherwise."""
    if _server().poll() is not None:
        _server.cache_clear()
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(f"{path.absolute()}\n")
    server.stdin.flush()
    problem = ""
    while line := server.stdout.readline():
        if line.startswith("ended "):
            break
        problem = line.strip()
    code = int(line.removeprefix("ended ") or 1)
    if code < 0:
        problem = f"reading it killed the process ({signal.Signals(-code).name})."
    elif code:
        problem = problem or f"reading it failed (exit code {code})."
    if problem:
        raise NotSound(f"The index in {path} is not sound: {problem} Run `newsdesk index` again.")


@cache
def _server() -> "subprocess.Popen[str]":
    """Forks a child for every path it is given, which has the libraries loaded then; ends with this process."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )


def problem_of(generation: Generation) -> str:
    """What is wrong with passages drawn from the generation, looked for in it; "" when nothing is."""
    count = generation.manifest.passage_count
    numbers = np.random.default_rng(0).permutation(count)[:SAMPLE].tolist()
    lost = words_lost = word_count = 0
    for stored in generation.passages(numbers):
        found = generation.vectors.query(
            VectorStoreQuery(query_embedding=stored.vector.tolist(), similarity_top_k=min(NEIGHBOURS, count))
        )
        rows = [int(number) for number in found.ids or ()]
        nearest = generation.passage_vectors[rows].astype(np.float32) @ stored.vector
        lost += not len(rows) or float(nearest.max()) < float(stored.vector @ stored.vector) - ALIKE
        words = lexicon.words_of(stored.passage.text, stored.article.language)
        words_lost += len(words) - len(generation.frequencies(words))
        word_count += len(words)
    if words_lost > LOST_WORDS * word_count:
        return f"of {word_count} words {words_lost} are missing from the full text."
    if lost > (1 - LEAST_RECALL) * len(numbers):
        return f"of {len(numbers)} passages the vector store does not find {lost} by their own vectors."
    return ""


def main() -> None:
    """Read paths from the standard input; for each, write the problem of its generation, and how its reader ended."""
    lexicon.words_of("May", "en")  # loads the names of the months, once for all readers
    for line in sys.stdin:
        reader = os.fork()
        if reader == 0:
            _tell_problem(Path(line.removesuffix("\n")))
        code = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
        sys.stdout.write(f"ended {code}\n")
        sys.stdout.flush()


def _tell_problem(path: Path) -> NoReturn:
    try:
        try:
            generation = Generation(path)
            problem = problem_of(generation)
            generation.vectors.close()
        except UserError as error:
            problem = str(error)
        sys.stdout.write(f"{problem}\n")
        sys.stdout.flush()
    except Exception:  # noqa: BLE001 - a bug shows its traceback here: the loop above is not this process's
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
