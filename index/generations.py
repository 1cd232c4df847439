"""Generations of the searchable index: each in a folder of its own, one of them in use by an atomic pointer.

    <index dir>/ lock · current (pointer) · status.json · cache.sqlite3 · generations/g000042/
    g000042/     chroma/ · text.sqlite3 (articles and full text) · passages.f16 · sentences.f16 · manifest.json

With a server for the vectors there is no chroma/ in it, and the folder of the index also holds its `identity`. A
server of PostgreSQL has the full text too, so that text.sqlite3 has none.

A published generation is never written again, and its files are checked whenever it is opened. A damaged one is
passed over for the newest that is whole.
"""

import fcntl
import json
import logging
import os
import re
import shutil
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from llama_index.core.vector_stores.types import MetadataFilters

from index import lexicon
from index.articles import Article, Duplicate, Skipped
from index.embedding import Vectors
from index.errors import StoreUnreachable, UnknownArticle, UserError
from index.failpoints import failpoint
from index.homes import address_of, home
from index.homes import sweep as sweep_server
from index.integrity import StoredFile, check_files
from index.passages import Passage, Sentence
from index.snapshot import FileState
from index.vectors import Filters, folder_of

logger = logging.getLogger(__name__)

FORMAT = 5
# The number of an article is its own as long as it stays what it is; a passage's is its row in passages.f16 and its
# name in the vector store. An article that is a copy names its original, and has no passages. `keys` tell what it may
# be a copy of, `compared` with which that was tried. `sentences` are the offsets, in pairs, of those in the passage.
# The text comes last: what stands after it in a row would be as slow to read as the text.
SCHEMA = """
CREATE TABLE files (path BLOB, size INTEGER, changed INTEGER, digest TEXT);
CREATE TABLE articles (number INTEGER PRIMARY KEY, id TEXT UNIQUE, file BLOB, place INTEGER, original INTEGER,
                       keys BLOB, compared TEXT, published TEXT, language TEXT, source TEXT, author TEXT, url TEXT,
                       title TEXT, evidence TEXT, page_starts TEXT, text TEXT);
CREATE INDEX copied ON articles (original) WHERE original IS NOT NULL;
CREATE VIEW copies AS SELECT id, original AS article, source FROM articles WHERE original IS NOT NULL;
CREATE TABLE skipped (file BLOB, path TEXT, reason TEXT, again INTEGER);
CREATE TABLE passages (number INTEGER PRIMARY KEY, article INTEGER, start INTEGER, "end" INTEGER,
                       first_sentence INTEGER, sentences BLOB, terms BLOB);
CREATE INDEX passages_of ON passages (article);
"""
ARTICLE_COLUMNS = "id, title, text, published, language, source, author, url, evidence, page_starts"
# Passages kept in memory to tell what every text of a language has in common with a question; of fewer than so
# many in one language, the median would be about their topic.
SAMPLE = 2000
FEW_PASSAGES = 8


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds, and what made it."""

    name: str
    created: str  # ISO date and time with zone
    folder: str
    embedding: str
    made_by: str  # the same only when the same code and model made it
    previous: str  # the generation that was in use before, "" if none was
    dimension: int
    article_count: int
    passage_count: int
    sentence_count: int
    found_count: int  # articles and what is none, of which each is indexed, a duplicate, or skipped
    duplicates: tuple[Duplicate, ...]
    skipped: tuple[Skipped, ...]
    spread: float  # standard deviation of the similarity of two passages
    recall: float  # share of the 10 nearest passages that the vector store finds
    files: tuple[StoredFile, ...]
    base: str  # the generation since which others were made from this one's by adding what had changed
    edited_count: int  # vectors that were put into the vector store, or taken out of it, since it was made
    kept: tuple[Skipped, ...] = ()  # files indexed as they were, since they could not be read again
    store: str = ""  # where it is: "" in the generation's folder, or ADDRESS#NAME of a server
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with all that the search compares: its terms, its vector, its sentences' vectors (n, d)."""

    passage: Passage
    article: Article
    terms: lexicon.Fingerprints
    vector: Vectors
    sentence_vectors: Vectors


class Generation:
    """A generation, open for reading from any thread; `notice` says why it is not the one that should be.

    Raises UserError when any of its files is not as it was written. It is not swept while it is open.
    """

    def __init__(self, path: Path, notice: str = "") -> None:
        self.path = path
        self.notice = notice
        self.manifest = read_manifest(path)
        self.name = self.manifest.name
        self.agreeing: set[str] = set()  # identities of the embeddings that were seen to give its vectors
        self._held = (path / "manifest.json").open()
        fcntl.flock(self._held, fcntl.LOCK_SH)
        check_files(path, self.manifest.files)
        self.home = home(path, self.manifest.store)
        self.vectors = self.home.open()
        counts = self.manifest
        self.passage_vectors = vectors_in(path / "passages.f16", counts.passage_count, counts.dimension)
        self._sentence_vectors = vectors_in(path / "sentences.f16", counts.sentence_count, counts.dimension)
        self._connections = threading.local()
        self.full_text_in_folder = bool(self._rows("SELECT TRUE FROM sqlite_master WHERE name = 'lexicon'"))
        counted = self._rows("SELECT count(*) FROM passages")[0][0]
        if not counted == self.vectors.count() == self.manifest.passage_count:
            raise UserError(f"The index in {path} is incomplete. Rebuild with `newsdesk index`.")

    @property
    def has_previous(self) -> bool:
        """Whether the generation before this one is still there to go back to."""
        return bool(self.manifest.previous) and self.path.with_name(self.manifest.previous).is_dir()

    def article(self, article_id: str) -> Article:
        """The article as stored, for a copy that of which it is one; raises UnknownArticle when there is none."""
        condition = "number = (SELECT coalesce(original, number) FROM articles WHERE id = ?)"
        found = self.numbered_articles(condition, article_id)
        if not found:
            raise UnknownArticle(f"No article {article_id!r} in the index. `newsdesk show` lists them all.")
        return next(iter(found.values()))

    def numbered_articles(self, condition: str, *values: object) -> dict[int, Article]:
        """The articles for which the condition on columns of `articles` holds, by their numbers."""
        rows = self._rows(f"SELECT number, {ARTICLE_COLUMNS} FROM articles WHERE {condition}", *values)
        marks = ",".join("?" * len(rows))
        copies: dict[int, list[str]] = {}
        for article_id, number in self._rows(
            f"SELECT id, article FROM copies WHERE article IN ({marks}) ORDER BY id", *(row[0] for row in rows)
        ):
            copies.setdefault(number, []).append(article_id)
        return {number: article_of(columns, copies.get(number, ())) for number, *columns in rows}

    def articles(self, count: int = -1, before: int = 0) -> list[Article]:
        """Every article without its text, newest first; or only `count` of them, with so many `before`."""
        return [
            Article(*fields)
            for fields in self._rows(
                "SELECT id, title, '', published, language, source, author, url FROM articles "
                "WHERE original IS NULL ORDER BY published DESC, id LIMIT ? OFFSET ?",
                count,
                before,
            )
        ]

    def lengths(self) -> dict[str, int]:
        """How many characters each article has, by id."""
        return dict(self._rows("SELECT id, length(text) FROM articles WHERE original IS NULL"))

    @cached_property
    def files(self) -> list[FileState]:
        """What the folder held when the generation was made, in order."""
        rows = self._rows("SELECT path, size, changed, digest FROM files ORDER BY rowid")
        return [FileState(os.fsdecode(path), *state) for path, *state in rows]

    def folders(self) -> list[str]:
        """Every folder that holds articles, relative to the indexed one."""
        rows = self._rows("SELECT id FROM articles WHERE original IS NULL")
        return sorted({folder_of(article_id) for (article_id,) in rows})

    def metadata_filters(self, filters: Filters) -> MetadataFilters:
        """The same in LlamaIndex's terms, as the vector store takes them."""
        copied = []
        if filters.folder or filters.source:
            condition, values = filters.of_copies_as_sql()
            copied = self._rows(f"SELECT DISTINCT article FROM copies WHERE {condition}", *values)
        folders = self.folders() if filters.folder else []
        return filters.as_metadata_filters(folders, [number for (number,) in copied])

    def passages(self, numbers: Sequence[int]) -> list["StoredPassage"]:
        """The passages of these numbers, in their order."""
        marks = ",".join("?" * len(numbers))
        rows = self._rows(
            'SELECT number, article, start, "end", first_sentence, sentences, terms '
            f"FROM passages WHERE number IN ({marks})",
            *numbers,
        )
        wanted = {row[1] for row in rows}
        articles = self.numbered_articles(f"number IN ({','.join('?' * len(wanted))})", *wanted)
        found = {}
        for number, article_number, start, end, first, offsets, terms in rows:
            article = articles[article_number]
            sentences = np.frombuffer(offsets, dtype="<i4").reshape(-1, 2).tolist()
            found[number] = StoredPassage(
                passage=Passage(
                    id=f"{article.id}#{start}-{end}",
                    article_id=article.id,
                    start=start,
                    end=end,
                    text=article.text[start:end],
                    sentences=tuple(Sentence(*pair) for pair in sentences),
                ),
                article=article,
                terms=np.frombuffer(terms, dtype="<u4"),
                vector=np.asarray(self.passage_vectors[number], dtype=np.float32),
                sentence_vectors=np.asarray(self._sentence_vectors[first : first + len(sentences)], dtype=np.float32),
            )
        return [found[number] for number in numbers]

    def embedded_texts(self, number: int) -> list[str]:
        """The texts of all passages and sentences of the article of that number."""
        text = self.numbered_articles("number = ?", number)[number].text
        places: set[tuple[int, int]] = set()
        for start, end, offsets in self._rows('SELECT start, "end", sentences FROM passages WHERE article = ?', number):
            places |= {(start, end), *map(tuple, np.frombuffer(offsets, dtype="<i4").reshape(-1, 2).tolist())}
        return [text[start:end] for start, end in sorted(places)]

    def languages(self, numbers: Sequence[int]) -> dict[int, str]:
        """The language of each of the passages."""
        marks = ",".join("?" * len(numbers))
        return dict(
            self._rows(
                "SELECT passages.number, language FROM passages JOIN articles ON articles.number = article "
                f"WHERE passages.number IN ({marks})",
                *numbers,
            )
        )

    def background(self, vector: Vectors) -> Callable[[str], float]:
        """How similar an ordinary passage of a language is to the vector: the median of a sample."""
        rows_of, sample = self._sample
        # A matrix product of this size makes OpenBLAS start threads, and then a question takes twice as long.
        similarities = np.einsum("nd,d->n", sample, vector)
        medians = {language: float(np.median(similarities[rows])) for language, rows in rows_of.items()}
        general = float(np.median(similarities))
        return lambda language: medians.get(language, general)

    @cached_property
    def _sample(self) -> tuple[dict[str, npt.NDArray[np.intp]], Vectors]:
        """Vectors of passages drawn at random, and which rows are in which language; rare ones are left out."""
        count = self.manifest.passage_count
        numbers = sorted(np.random.default_rng(0).permutation(count)[:SAMPLE].tolist())
        languages: list[str] = []
        for first in range(0, len(numbers), 500):
            some = numbers[first : first + 500]
            known = self.languages(some)
            languages += [known[number] for number in some]
        rows = {language: np.flatnonzero(np.array(languages) == language) for language in set(languages)}
        frequent = {language: found for language, found in rows.items() if len(found) >= FEW_PASSAGES}
        return frequent, np.asarray(self.passage_vectors[numbers], dtype=np.float32)

    def frequencies(self, terms: Iterable[str]) -> list[tuple[str, int]]:
        """The terms that occur at all, each with the number of passages that hold it."""
        wanted = sorted(terms)
        if not self.full_text_in_folder:
            return sorted(self.vectors.frequencies(wanted).items())
        found: dict[str, int] = {}
        for first in range(0, len(wanted), 500):
            some = wanted[first : first + 500]
            for table, column in (("common_terms", "passage_count"), ("frequencies", "doc")):
                left = [term for term in some if term not in found]
                marks = ",".join("?" * len(left))
                found |= dict(self._rows(f"SELECT term, {column} FROM {table} WHERE term IN ({marks})", *left))
        return sorted(found.items())

    def let_through(self, filters: Filters, most: int) -> list[int] | None:
        """The numbers of the passages that the filters let through, None when they are more than `most`."""
        condition, values = filters.as_sql()
        if condition == "TRUE":
            return None
        rows = self._rows(
            "SELECT passages.number FROM articles JOIN passages ON passages.article = articles.number "
            f"WHERE original IS NULL AND {condition} LIMIT ?",
            *values,
            most + 1,
        )
        return [number for (number,) in rows] if len(rows) <= most else None

    def worded(self, terms: Mapping[str, int], top: int, filters: Filters) -> list[int]:
        """The numbers of the `top` passages whose terms weigh most together, best first.

        FTS5's own rank would put none before another: without positions or a copy of the text, it is 0 for all.
        """
        if not terms:
            return []
        if not self.full_text_in_folder:
            return self.vectors.worded(terms, top, self.metadata_filters(filters))
        condition, values = filters.as_sql()
        joined = (
            ""
            if condition == "TRUE"
            else (
                "JOIN passages ON passages.number = lexicon.rowid JOIN articles ON articles.number = passages.article"
            )
        )
        return [
            number
            for (number,) in self._rows(
                "WITH asked (term, weight) AS (SELECT key, value FROM json_each(?)) "
                "SELECT lexicon.rowid FROM asked CROSS JOIN lexicon "
                f"{joined} WHERE lexicon MATCH '\"' || asked.term || '\"' AND {condition} "
                "GROUP BY lexicon.rowid ORDER BY sum(asked.weight) DESC, lexicon.rowid LIMIT ?",
                json.dumps(dict(terms)),
                *values,
                top,
            )
        ]

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        # One connection a thread: SQLite connections are not to be shared while a query runs.
        connection: sqlite3.Connection | None = getattr(self._connections, "connection", None)
        try:
            if connection is None:
                connection = self._connections.connection = read_only(self.path / "text.sqlite3")
            return connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise UserError(
                f"The text in {self.path} cannot be read ({error}). Rebuild with `newsdesk index`."
            ) from error


def article_of(columns: Sequence[str], also_in: Sequence[str]) -> Article:
    """The article of a row of ARTICLE_COLUMNS."""
    *texts, evidence, page_starts = columns
    article_id, title, text, published, language, source, author, url = texts
    return Article(
        article_id,
        title,
        text,
        published,
        language,
        source,
        author,
        url,
        json.loads(evidence),
        tuple(json.loads(page_starts)),
        tuple(also_in),
    )


def read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def current_name(index_dir: Path) -> str:
    """The name of the generation in use, "" when none was published or the pointer is damaged."""
    try:
        name = (index_dir / "current").read_text(errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return name if re.fullmatch(r"g\d{6,}", name) else ""


def current_folder(index_dir: Path) -> str:
    """The folder that the generation in use was made from, in whichever format; "" when nothing tells."""
    for path in _candidates(index_dir):
        try:
            return str(json.loads((path / "manifest.json").read_text())["folder"])
        except (OSError, ValueError, TypeError, KeyError):
            continue
    return ""


def open_current(index_dir: Path) -> Generation:
    """The generation in use; if that is damaged, the newest whole one, with a `notice` of it.

    Raises UserError when there is none, and when the server that holds its vectors does not answer.
    """
    name = current_name(index_dir)
    problem = "" if name else "Nothing tells which index is in use. Rebuild with `newsdesk index`."
    for path in _candidates(index_dir):
        try:
            notice = problem and f"{problem} Until then {path.name} answers."
            return Generation(path, "" if path.name == name else notice)
        except StoreUnreachable:
            raise
        except UserError as error:
            problem = problem or str(error)
        if current_name(index_dir) != name:  # a rebuild was quicker
            return open_current(index_dir)
    if not _published(index_dir) and not name:
        raise UserError(f"There is no index in {index_dir} yet. Build one with `newsdesk index FOLDER`.")
    raise UserError(problem)


def holds_deleted(index_dir: Path, name: str, snapshot: Iterable[FileState]) -> bool:
    """Whether the generation of that name holds what is not in the snapshot; a damaged one may."""
    path = index_dir / "generations" / name / "text.sqlite3"
    if not name or not path.exists():
        return False
    try:
        with closing(read_only(path)) as text:
            digests = {digest for (digest,) in text.execute("SELECT digest FROM files")}
    except sqlite3.DatabaseError:
        return True
    return not digests <= {file.digest for file in snapshot}


def roll_back(index_dir: Path) -> Generation:
    """The newest whole generation from before the one in use, now in use itself."""
    name = current_name(index_dir)
    for path in reversed(_published(index_dir)):
        if name and number_of(path) >= number_of(Path(name)):
            continue
        try:
            generation = Generation(path)
        except StoreUnreachable:
            raise
        except UserError as error:
            logger.warning("%s", error)
            continue
        point_to(index_dir, generation.name)
        return generation
    raise UserError(f"{index_dir} holds no older index to go back to; {name or 'what is there'} stays in use.")


def _published(index_dir: Path) -> list[Path]:
    """Every published generation, oldest first."""
    found = [path for path in (index_dir / "generations").glob("g[0-9]*") if re.fullmatch(r"g\d{6,}", path.name)]
    return sorted(found, key=number_of)


def _candidates(index_dir: Path) -> list[Path]:
    """The generations that can answer, the one in use first, then the newest."""
    name = current_name(index_dir)
    published = _published(index_dir)
    in_use = [index_dir / "generations" / name] if name else []
    return in_use + [path for path in reversed(published) if path.name != name]


def point_to(index_dir: Path, name: str) -> None:
    """Make the generation of that name the one in use, at one instant."""
    pointer = index_dir / "current.new"
    pointer.write_text(name + "\n")
    fsync(pointer)
    failpoint("pointing")
    pointer.replace(index_dir / "current")
    fsync(index_dir)


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write it into the generation in `path`, with a checksum of its own."""
    fields = asdict(manifest)
    checksum = _checksum(fields)
    (path / "manifest.json").write_text(json.dumps(fields | {"checksum": checksum}, ensure_ascii=False, indent=1))


def read_manifest(path: Path) -> Manifest:
    """The manifest of the generation in `path`."""
    try:
        fields = json.loads((path / "manifest.json").read_text())
        if fields["format"] == FORMAT:
            if fields.pop("checksum") != _checksum(fields):
                raise ValueError("the checksum is another")
            fields["duplicates"] = tuple(Duplicate(**one) for one in fields["duplicates"])
            fields["skipped"] = tuple(Skipped(**one) for one in fields["skipped"])
            fields["kept"] = tuple(Skipped(**one) for one in fields.get("kept", ()))
            fields["files"] = tuple(StoredFile(**one) for one in fields["files"])
            return Manifest(**fields)
        maker = "an earlier" if int(fields["format"]) < FORMAT else "a later"
        made = f"made on {fields['created'][:10]} by {maker} newsdesk (format {fields['format']}"
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"The manifest in {path} cannot be read. Rebuild with `newsdesk index`.") from error
    raise UserError(f"The index in {path} was {made}; this one reads {FORMAT}). Rebuild with `newsdesk index`.")


def _checksum(fields: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(fields, sort_keys=True).encode())


def number_of(path: Path) -> int:
    """The number of the generation in `path`, be it published or only begun; they are counted up from 1."""
    return int(path.name.removesuffix(".building")[1:])


def sweep_unfinished(index_dir: Path) -> None:
    """Remove whatever a killed rebuild left behind."""
    for path in (index_dir / "generations").glob("*.building"):
        shutil.rmtree(path, ignore_errors=True)


def sweep(index_dir: Path, keep_previous: bool = True, store_address: str = "") -> tuple[int, int]:
    """Remove all generations but the current one, the one before it and those read; the numbers of the oldest one
    left, and of the oldest on which one that is left is based.

    Their vectors go too, and what ended rebuilds left on the server at the address. Nothing goes while the current
    one is damaged: both are 0 then.
    """
    name = current_name(index_dir)
    try:
        manifest = read_manifest(index_dir / "generations" / name)
    except UserError:
        return 0, 0
    keep = {name, manifest.previous if keep_previous else ""}
    addresses = {store_address}
    for path in _published(index_dir):
        if path.name not in keep and not _is_read(path):
            addresses.add(_address_of(path))
            shutil.rmtree(path, ignore_errors=True)
            failpoint("swept")
    left = _published(index_dir)
    for address in addresses:
        try:
            sweep_server(address, index_dir, [path.name for path in left])
        except UserError as error:  # the next rebuild tries again
            logger.warning("%s", error)
    return min(map(number_of, left)), min(map(_base_of, left))


def _base_of(path: Path) -> int:
    """The number of the generation on which that in `path` is based; 0 when that cannot be read."""
    try:
        return number_of(Path(read_manifest(path).base))
    except UserError:
        return 0


def _address_of(path: Path) -> str:
    """Where the server is that has the vectors of the generation in `path`; "" when none has, or nothing tells."""
    try:
        return address_of(read_manifest(path).store)
    except UserError:
        return ""


def _is_read(path: Path) -> bool:
    """Whether some process has the generation open."""
    try:
        # Not only to be read: over a network the lock would be refused.
        with (path / "manifest.json").open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def rebuild_lock(index_dir: Path, wait: bool = False) -> Iterator[None]:
    """Held while one rebuild runs; the kernel lets go of it when its owner dies, however it dies.

    Raises UserError when another process has it, unless it is to `wait`.
    """
    try:
        make_folder(index_dir)
        lock_file = (index_dir / "lock").open("a+")
    except OSError as error:
        raise UserError(
            f"No index can be written to {index_dir} ({error.strerror}). Name another place with --index-dir."
        ) from error
    with lock_file as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "another process"
            raise UserError(f"A rebuild is already running ({owner}). Wait until it has finished.") from None
        lock.truncate(0)
        lock.write(f"since {datetime.now():%H:%M}, pid {os.getpid()}")
        lock.flush()
        yield


def vectors_in(path: Path, count: int, dimension: int) -> npt.NDArray[np.float16]:
    """The file's vectors, read from disk as they are needed; raises UserError unless there are just so many."""
    if not path.is_file() or path.stat().st_size != count * dimension * 2:
        raise UserError(f"The vectors in {path} are damaged. Rebuild with `newsdesk index`.")
    # A plain array: every slice of a memmap is a memmap again, which takes longer than reading it.
    return np.asarray(np.memmap(path, dtype="<f2", mode="r", shape=(count, dimension)))


def make_folder(path: Path) -> None:
    """Make the folder unless it is there, and those above it; once made, no loss of power takes them away."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        fsync(path.parent)


def fsync(path: Path) -> None:
    """Nothing of what the file or the names in the folder are now is lost with the power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
