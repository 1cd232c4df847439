"""Embeddings by the content of their texts: what was embedded once is never embedded again.

One SQLite file beside the generations, with hashes and vectors and no text. Losing it costs no more than embedding
anew: a row that is not as it was written is computed again, a file that is no database any more is begun anew.
"""

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.failpoints import failpoint
from index.models.embedding import Embedding
from index.rows import marked, rows_in, rows_of
from index.vectors import Vectors

logger = logging.getLogger(__name__)

NAME = "cache.sqlite3"
# Deleted rows are overwritten, so that nothing of them stays in the file.
SCHEMA = """
PRAGMA secure_delete = ON;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS embeddings (key BLOB PRIMARY KEY, used INTEGER, checksum INTEGER, vector BLOB) WITHOUT ROWID;
"""
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# The file is written anew when more than this share of it is empty.
MOST_EMPTY = 0.25

Vectors16 = npt.NDArray[np.float16]
# As `Embedding.embed_batches`: the rows of some of the texts, and their vectors; or these in half precision already.
EmbedBatches = Callable[[Sequence[str]], Iterator[tuple[list[int], Vectors | Vectors16]]]


class EmbeddingCache:
    """The embeddings that one rebuild needs: read from the file, or computed and put there batch by batch."""

    def __init__(self, index_dir: Path, embedding: Embedding, generation: int) -> None:
        """`generation` is the number of the one being built.

        Every row remembers the last that had its text embedded, or as a negative number the first without it.
        """
        self._path = index_dir / NAME
        self._embedding = embedding
        self._generation = generation
        self.embedded_count = self.damaged_count = 0
        try:
            self._database = _opened(self._path)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)

    def embed(self, texts: Sequence[str], compute: EmbedBatches | None = None) -> Vectors:
        """The texts' vectors in their order, shape (n, d); as exact as float16 even when they are new.

        `compute` gives those that are missing, by default the embedding does.
        """
        compute = compute or self._embedding.embed_batches
        try:
            return self._embed(texts, compute)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            return self._embed(texts, compute)

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Those of the texts that `embed` would have computed, each once."""
        try:
            known = self._known([self._key(text) for text in texts])
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            known = {}
        return [text for text in dict.fromkeys(texts) if self._key(text) not in known]

    def _embed(self, texts: Sequence[str], compute: EmbedBatches) -> Vectors:
        keys = {text: self._key(text) for text in texts}
        known = self._known(list(keys.values()))
        missing = [text for text, key in keys.items() if key not in known]
        for rows, vectors in compute(missing):
            fresh = {keys[missing[row]]: vector for row, vector in zip(rows, vectors.astype("<f2"), strict=True)}
            # Committed batch by batch: whatever ends this process, no more than one is lost.
            with self._database:
                self._database.executemany(
                    "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?, ?)", self._written(fresh)
                )
            self.embedded_count += len(fresh)
            known |= fresh
            failpoint("embedded")
        found = np.empty((len(texts), self._embedding.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            found[row] = known[keys[text]]
        return found

    def forget(self, texts: Sequence[str]) -> None:
        """Note that from this generation on nothing needs these texts, but for those that it embedded itself."""
        try:
            self._note([self._key(text) for text in texts], -self._generation)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._embedding.identity}\0{text}".encode()).digest()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Vectors16]:
        """Those of the vectors that are there and as they were written; their rows are marked as used."""
        known = {}
        query = "SELECT key, checksum, vector FROM embeddings WHERE key IN (?)"
        for key, checksum, vector in rows_in(rows_of(self._database), query, keys):
            if checksum == zlib.crc32(key + vector) and len(vector) == 2 * self._embedding.dimension:
                known[key] = np.frombuffer(vector, dtype="<f2")
            else:
                self.damaged_count += 1
        self._note(keys, self._generation)
        return known

    def _note(self, keys: Sequence[bytes], used: int) -> None:
        """Mark the rows of these keys, but for those that this generation embedded itself."""
        for marks, some in marked(keys):
            with self._database:
                self._database.execute(
                    f"UPDATE embeddings SET used = ? WHERE used < ? AND key IN ({marks})",
                    (used, self._generation, *some),
                )

    def _written(self, vectors: Mapping[bytes, Vectors16]) -> Iterator[tuple[bytes, int, int, bytes]]:
        for key, vector in vectors.items():
            written = vector.tobytes()
            yield key, self._generation, zlib.crc32(key + written), written

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """Replace a file that is no database any more; any other error is not the file's fault."""
        if error.sqlite_errorcode & 0xFF not in DAMAGED:
            raise error
        logger.warning("%s is damaged (%s): its texts are embedded again", self._path, error)
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._database = _opened(self._path)


def _opened(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path)
    try:
        rows.executescript(SCHEMA)
    except sqlite3.DatabaseError:
        rows.close()
        raise
    return rows


def trim(index_dir: Path, oldest: int, base: int) -> None:
    """Remove what no generation from the number `oldest` on uses; a failure costs only room.

    `base` is the number of the generation on which they are based: nothing that was used since then may go, unless it
    was forgotten.
    """
    try:
        with closing(_opened(index_dir / NAME)) as rows:
            with rows:
                rows.execute(
                    "DELETE FROM embeddings WHERE used BETWEEN 0 AND ? OR used BETWEEN ? AND -1", (base - 1, -oldest)
                )
            ((pages,),) = rows.execute("PRAGMA page_count").fetchall()
            ((empty_pages,),) = rows.execute("PRAGMA freelist_count").fetchall()
            if empty_pages > MOST_EMPTY * pages:
                rows.execute("VACUUM")
    except sqlite3.Error as error:
        logger.warning("What is no longer needed stays in %s (%s)", index_dir / NAME, error)
