"""A finished generation read as questions will read it, in a process of its own: what kills that one kills no other."""

import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np

from index import lexicon
from index.children import command, environment
from index.errors import UserError
from index.generations.generation import Generation
from index.generations.manifest import read_manifest
from index.offline import go_offline
from index.stores.vectors import ALIKE, LEAST_RECALL

# Passages that are looked for by their own vectors and words.
SAMPLE = 100
NEIGHBOURS = 10
# SQLite's table of letters is of 2012: a word in a younger script is none to it, and no damage.
LOST_WORDS = 0.1
# A store that is not asked may miss so large a share: passages with hundreds of look-alikes, but not all of them.
LOST_UNASKED = 0.5


class NotSound(UserError):
    """A generation is not what it should be, though its files are as they were written."""


def prepare() -> None:
    """Load what `verify` needs, in the background; that takes seconds."""
    _reader()


def verify(path: Path) -> None:
    """Nothing when the generation in `path` is whole and finds its own passages; raises NotSound otherwise."""
    reader = _reader()
    _reader.cache_clear()
    told, _ = reader.communicate(f"{path.absolute()}\n")
    code, problem = reader.returncode, (told.strip().splitlines() or [""])[-1]
    if code < 0:
        problem = f"reading it killed the process ({signal.Signals(-code).name})."
    elif code:
        problem = problem or f"reading it failed (exit code {code})."
    if problem:
        raise NotSound(f"The index in {path} is not sound: {problem} Run `newsdesk index` again.")


@cache
def _reader() -> "subprocess.Popen[str]":
    """A process that reads one generation, of which it is still to be told; ends with this one."""
    return subprocess.Popen(
        command("index.generations.verification"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def problem_of(generation: Generation) -> str:
    """What is wrong with passages drawn from the generation, looked for in it; "" when nothing is."""
    count = generation.manifest.passage_count
    numbers = np.random.default_rng(0).permutation(count)[:SAMPLE].tolist()
    lost = words_lost = word_count = 0
    for stored in generation.passages(numbers):
        rows = generation.vectors.nearest(stored.vector, min(NEIGHBOURS, count))  # it is read, asked later or not
        nearest = generation.passage_vectors[rows].astype(np.float32) @ stored.vector
        lost += not rows or float(nearest.max()) < float(stored.vector @ stored.vector) - ALIKE
        words = lexicon.words_of(stored.passage.text, stored.article.language)
        words_lost += len(words) - len(generation.frequencies(words))
        word_count += len(words)
    if words_lost > LOST_WORDS * word_count:
        return f"of {word_count} words {words_lost} are missing from the full text."
    if lost > (1 - LEAST_RECALL if generation.asks_store else LOST_UNASKED) * len(numbers):
        return f"of {len(numbers)} passages the vector store does not find {lost} by their own vectors."
    return ""


def main() -> None:
    """Read a path from the standard input, and write the problem of its generation."""
    lexicon.words_of("May", "en")  # loads the names of the months
    line = sys.stdin.readline()
    if not line:
        return
    path = Path(line.removesuffix("\n"))
    try:
        if not read_manifest(path).store:  # no server has its vectors
            go_offline()
        generation = Generation(path)
        problem = problem_of(generation)
        generation.vectors.close()
    except UserError as error:
        problem = str(error)
    sys.stdout.write(f"{problem}\n")
    sys.stdout.flush()
    os._exit(0)  # whatever threads the libraries have left behind


if __name__ == "__main__":
    main()
