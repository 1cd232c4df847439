"""Generations of the searchable index: written beside the current one, published by one atomic pointer switch.

    <index dir>/ lock · current (pointer) · status.json · generations/g000042/
    g000042/     chroma/ · text.sqlite3 · sentences.f16 · manifest.json

A published generation is never written again.
"""

import fcntl
import json
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from index.articles import Article, Skipped
from index.embedding import Vectors
from index.errors import UserError
from index.passages import Passage, Sentence
from index.vectors import PassageVectors

FORMAT = 1
SCHEMA = """
CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, text TEXT, published TEXT, language TEXT,
                       source TEXT, author TEXT, url TEXT, evidence TEXT) WITHOUT ROWID;
CREATE TABLE passages (id TEXT PRIMARY KEY, article_id TEXT, start INTEGER, "end" INTEGER,
                       first_sentence INTEGER, sentence_count INTEGER) WITHOUT ROWID;
CREATE TABLE sentences (number INTEGER PRIMARY KEY, start INTEGER, "end" INTEGER);
"""
ARTICLE_COLUMNS = "id, title, text, published, language, source, author, url, evidence"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds, and what made it."""

    name: str
    created: str  # ISO date and time with zone
    folder: str
    embedding: str
    dimension: int
    article_count: int
    passage_count: int
    sentence_count: int
    skipped: tuple[Skipped, ...]
    format: int = FORMAT


class GenerationWriter:
    """A new generation being filled; nobody sees it until `publish`."""

    def __init__(self, index_dir: Path, dimension: int) -> None:
        generations = index_dir / "generations"
        generations.mkdir(parents=True, exist_ok=True)
        newest = max((int(path.name[1:7]) for path in generations.glob("g[0-9]*")), default=0)
        self.index_dir = index_dir
        self.name = f"g{newest + 1:06d}"
        self.path = generations / f"{self.name}.building"
        self.path.mkdir()
        self.vectors = PassageVectors.create(self.path / "chroma")
        self.text = sqlite3.connect(self.path / "text.sqlite3")
        self.text.executescript(SCHEMA)
        self.sentence_file = (self.path / "sentences.f16").open("wb")
        self.dimension = dimension
        self.article_count = self.passage_count = self.sentence_count = 0

    def add_article(
        self, article: Article, sentences: Sequence[Sentence], passages: Sequence[Passage], vectors: Vectors
    ) -> None:
        """Store the article and its cuts; `vectors` are the sentences' own, shape (len(sentences), d)."""
        assert vectors.shape == (len(sentences), self.dimension)
        number = {sentence.start: self.sentence_count + row for row, sentence in enumerate(sentences)}
        self.text.execute(
            f"INSERT INTO articles ({ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.title,
                article.text,
                article.published,
                article.language,
                article.source,
                article.author,
                article.url,
                json.dumps(dict(article.evidence)),
            ),
        )
        self.text.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?)", [(number[one.start], one.start, one.end) for one in sentences]
        )
        self.text.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            [
                (one.id, article.id, one.start, one.end, number[one.sentences[0].start], len(one.sentences))
                for one in passages
            ],
        )
        self.sentence_file.write(vectors.astype("<f2").tobytes())
        self.article_count += 1
        self.passage_count += len(passages)
        self.sentence_count += len(sentences)

    def publish(self, folder: Path, embedding: str, skipped: Iterable[Skipped]) -> Manifest:
        """The manifest of the generation, now current: everything on disk first, then one `os.replace`."""
        self.sentence_file.close()
        self.text.commit()
        self.text.close()
        stored = self.vectors.count()
        self.vectors.close()
        if stored != self.passage_count:
            raise UserError(
                f"Only {stored} of {self.passage_count} passages reached the vector store in {self.path}; "
                "the old index stays in use. Run `newsdesk index` again."
            )
        manifest = Manifest(
            name=self.name,
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
            folder=str(folder),
            embedding=embedding,
            dimension=self.dimension,
            article_count=self.article_count,
            passage_count=self.passage_count,
            sentence_count=self.sentence_count,
            skipped=tuple(skipped),
        )
        (self.path / "manifest.json").write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        for path in [*self.path.rglob("*"), self.path]:
            _fsync(path)
        published = self.path.with_name(self.name)
        self.path.replace(published)
        _fsync(published.parent)
        pointer = self.index_dir / "current.new"
        pointer.write_text(self.name + "\n")
        _fsync(pointer)
        pointer.replace(self.index_dir / "current")
        _fsync(self.index_dir)
        return manifest

    def discard(self) -> None:
        """Remove what was written; the current generation is as it was."""
        self.sentence_file.close()
        self.text.close()
        self.vectors.close()
        shutil.rmtree(self.path, ignore_errors=True)


class Generation:
    """A published generation, open for reading from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest = read_manifest(path)
        self.name = self.manifest.name
        self.vectors = PassageVectors.open(path / "chroma")
        shape = (self.manifest.sentence_count, self.manifest.dimension)
        sentence_file = path / "sentences.f16"
        if not sentence_file.is_file() or sentence_file.stat().st_size != shape[0] * shape[1] * 2:
            raise UserError(f"The sentence vectors in {path} are damaged. Rebuild with `newsdesk index`.")
        self._sentence_vectors = np.memmap(sentence_file, dtype="<f2", mode="r", shape=shape)
        self._connections = threading.local()
        counted = self._rows("SELECT count(*) FROM passages")[0][0]
        if not counted == self.vectors.count() == self.manifest.passage_count:
            raise UserError(f"The index in {path} is incomplete. Rebuild with `newsdesk index`.")

    def article(self, article_id: str) -> Article:
        """The article as stored; raises UserError when there is none of that id."""
        rows = self._rows(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id = ?", article_id)
        if not rows:
            raise UserError(f"No article {article_id!r} in the index. `newsdesk show` lists them all.")
        return replace(Article(*rows[0][:-1]), evidence=json.loads(rows[0][-1]))

    def articles(self) -> list[Article]:
        """Every article without its text, newest first."""
        return [
            Article(*fields)
            for fields in self._rows(
                "SELECT id, title, '', published, language, source, author, url FROM articles "
                "ORDER BY published DESC, id"
            )
        ]

    def passages(self, ids: Sequence[str]) -> list[tuple[Passage, Article, Vectors]]:
        """The passages in the order of their ids, each with its article and its sentences' vectors."""
        articles: dict[str, Article] = {}
        found = []
        for passage_id in ids:
            ((article_id, start, end, first, count),) = self._rows(
                'SELECT article_id, start, "end", first_sentence, sentence_count FROM passages WHERE id = ?',
                passage_id,
            )
            if article_id not in articles:
                articles[article_id] = self.article(article_id)
            article = articles[article_id]
            sentences = tuple(
                Sentence(*row)
                for row in self._rows(
                    'SELECT start, "end" FROM sentences WHERE number >= ? AND number < ? ORDER BY number',
                    first,
                    first + count,
                )
            )
            passage = Passage(passage_id, article_id, start, end, article.text[start:end], sentences)
            vectors = np.asarray(self._sentence_vectors[first : first + count], dtype=np.float32)
            found.append((passage, article, vectors))
        return found

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        # One connection a thread: SQLite connections are not to be shared while a query runs.
        connection: sqlite3.Connection | None = getattr(self._connections, "connection", None)
        try:
            if connection is None:
                uri = f"{(self.path / 'text.sqlite3').absolute().as_uri()}?mode=ro&immutable=1"
                connection = self._connections.connection = sqlite3.connect(uri, uri=True)
            return connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise UserError(
                f"The text in {self.path} cannot be read ({error}). Rebuild with `newsdesk index`."
            ) from error


def current_name(index_dir: Path) -> str:
    """The name of the generation in use, "" when none was published or the pointer is damaged."""
    try:
        name = (index_dir / "current").read_text(errors="replace").strip()
    except FileNotFoundError:
        return ""
    return name if re.fullmatch(r"g\d{6,}", name) else ""


def current_manifest(index_dir: Path) -> Manifest | None:
    """What the generation in use holds, None when there is none that can be read."""
    name = current_name(index_dir)
    try:
        return read_manifest(index_dir / "generations" / name) if name else None
    except UserError:
        return None


def open_current(index_dir: Path) -> Generation:
    """The generation in use; raises UserError when there is none or it is damaged."""
    name = current_name(index_dir)
    if not name:
        raise UserError(f"There is no index in {index_dir} yet. Build one with `newsdesk index FOLDER`.")
    if not (index_dir / "generations" / name / "manifest.json").is_file():
        raise UserError(f"The index in {index_dir} is damaged: {name!r} is missing. Rebuild with `newsdesk index`.")
    return Generation(index_dir / "generations" / name)


def read_manifest(path: Path) -> Manifest:
    """The manifest of the generation in `path`."""
    try:
        fields = json.loads((path / "manifest.json").read_text())
        fields["skipped"] = tuple(Skipped(**one) for one in fields["skipped"])
        manifest = Manifest(**fields)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"The manifest in {path} cannot be read. Rebuild with `newsdesk index`.") from error
    if manifest.format != FORMAT:
        raise UserError(
            f"The index in {path} has format {manifest.format}; this version reads {FORMAT}. "
            "Rebuild with `newsdesk index`."
        )
    return manifest


def sweep(index_dir: Path, keep: int = 2) -> None:
    """Remove all but the newest `keep` generations, and whatever a killed rebuild left behind."""
    generations = index_dir / "generations"
    published = sorted(path for path in generations.glob("g[0-9]*") if not path.suffix)
    current = generations / current_name(index_dir)
    for path in [*generations.glob("*.building"), *published[:-keep]]:
        if path != current:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def rebuild_lock(index_dir: Path) -> Iterator[None]:
    """Held while one rebuild runs; the kernel lets go of it when its owner dies, however it dies."""
    index_dir.mkdir(parents=True, exist_ok=True)
    with (index_dir / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "another process"
            raise UserError(f"A rebuild is already running ({owner}). Wait until it has finished.") from None
        lock.truncate(0)
        lock.write(f"since {datetime.now():%H:%M}, pid {os.getpid()}")
        lock.flush()
        yield


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
