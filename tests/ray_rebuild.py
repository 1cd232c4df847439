"""A rebuild with Ray in a process of its own, whose embedding notes on disk what it was given, and takes its time."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bench.soak import HashingEncoder
from index import ray_engine, rebuild
from index.embedding import Embedding, Vectors
from index.errors import UserError
from index.ray_engine import PROBES, RayEngine

GROUP = 16  # files, and articles: smaller than in use, so that there are enough to lose some
SECONDS = 0.4  # for a group


class NotingEmbedding(Embedding):
    """The tests' embedding; its notes say of each group of texts that it was begun, and that it was done."""

    def __init__(self, notes: Path) -> None:
        super().__init__(HashingEncoder(), "hashing", "hashing")
        self._notes = notes

    _notes: Path

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == len(PROBES):
            return super().embed_texts(texts)
        self._note("begun", texts)
        time.sleep(SECONDS)
        vectors = super().embed_texts(texts)
        self._note("done", texts)
        return vectors

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        yield from super().embed_batches(texts)

    def _note(self, what: str, texts: Sequence[str]) -> None:
        with self._notes.open("a") as notes:
            notes.write(json.dumps([what, os.getpid(), list(texts)]) + "\n")


def main() -> None:
    """Print the manifest, or the sentence that says why there is none: FOLDER INDEX_DIR ADDRESS NOTES."""
    folder, index_dir, address, notes = sys.argv[1:]
    rebuild.ARTICLES_AT_ONCE = ray_engine.FILES_AT_ONCE = GROUP
    load = partial(NotingEmbedding, Path(notes))
    try:
        with RayEngine(address, load) as engine:
            manifest = rebuild.rebuild(Path(folder), Path(index_dir), load, engine=engine)
    except UserError as error:
        sys.exit(str(error))
    print(json.dumps(asdict(manifest)))
