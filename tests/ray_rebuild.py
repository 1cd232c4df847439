"""A rebuild with Ray in a process of its own, whose embedding notes on disk what it was given, and takes its time."""

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from fakes import HashingEncoder

from index import rebuild
from index.engines import cluster
from index.engines.cluster import PROBES, RayEngine
from index.errors import UserError
from index.models.embedding import Embedding
from index.vectors import Vectors

GROUP = 16  # files, and articles: smaller than in use, so that there are enough to lose some
SECONDS = 0.4  # for a group
GROUPS_ALONE = 3  # after which a process waits for the other: on a busy machine it may be far behind
PATIENCE_SECONDS = 60


class NotingEmbedding(Embedding):
    """The tests' embedding; its notes say of each group of texts that it was begun, and that it was done."""

    _notes: Path
    _process_count: int
    _groups: int = 0

    def __init__(self, notes: Path, process_count: int) -> None:
        super().__init__(HashingEncoder(), "hashing", "hashing")
        self._notes = notes
        self._process_count = process_count

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        if len(texts) == len(PROBES):
            return super().embed_texts(texts)
        self._note("begun", texts)
        self._groups += 1
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._groups > GROUPS_ALONE and self._others() and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(SECONDS)
        vectors = super().embed_texts(texts)
        self._note("done", texts)
        return vectors

    def _others(self) -> bool:
        """Whether another process is still to begin."""
        return len({json.loads(line)[1] for line in self._notes.read_text().splitlines()}) < self._process_count

    def _note(self, what: str, texts: Sequence[str]) -> None:
        with self._notes.open("a") as notes:
            notes.write(json.dumps([what, os.getpid(), list(texts)]) + "\n")


def main() -> None:
    """Print the manifest, or the sentence that says why there is none: FOLDER INDEX_DIR ADDRESS NOTES."""
    folder, index_dir, address, notes = sys.argv[1:]
    vars(rebuild).update(ARTICLES_AT_ONCE=GROUP)
    vars(cluster).update(FILES_AT_ONCE=GROUP)
    load = partial(NotingEmbedding, Path(notes), 1 if address == "local" else 2)
    try:
        with RayEngine(address, load) as engine:
            manifest = rebuild.rebuild(Path(folder), Path(index_dir), load, engine=engine)
    except UserError as error:
        sys.exit(str(error))
    print(json.dumps(asdict(manifest)))
