"""A new generation, made from an older one by taking out what is gone and adding what is new.

Nothing of the older one is written to: its files are copied, and the copies changed. Without an older one the same
steps start from nothing, and what they make is the same but for the numbers.
"""

import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import lexicon
from index.articles import Article, Duplicate, Skipped
from index.errors import UserError
from index.failpoints import failpoint
from index.generations.copies import BANDS, Decision, decide, keys_of
from index.generations.disk import fsync, make_folder
from index.generations.generation import Generation, vectors_in
from index.generations.integrity import files_in
from index.generations.manifest import Manifest, write_manifest
from index.generations.pointer import number_of, point_to
from index.generations.text import ARTICLE_COLUMNS, SCHEMA, article_of
from index.passages import CutArticle
from index.reading.snapshot import FileState, kept_of
from index.rows import rows_in, rows_of
from index.stores.addresses import home, new_store
from index.stores.vectors import LEAST_RECALL, Metadata, PassageVectors, passage_metadata
from index.vectors import Vectors

logger = logging.getLogger(__name__)

# Pairs of passages whose similarities tell how far apart the embedding puts things.
SPREAD_PAIRS = 1000
DEFAULT_SPREAD = 0.05
# The vector store is made anew when more than this share of its vectors was put in or taken out since it was made:
# what is taken out stays in its graph, and what replaces another is linked less well.
MOST_EDITED = 0.2
ROWS_AT_ONCE = 5_000  # nearly as many as the vector store takes at once
BLOCK_BYTES = 1 << 20


class GenerationWriter:
    """A new generation being filled; nobody sees it until `publish`.

    In this order: `keep`, `enter` for every other file, `decide_copies`, `add` for what is `unindexed`, `finish`.
    """

    def __init__(
        self, index_dir: Path, dimension: int, base: Generation | None = None, store_address: str = ""
    ) -> None:
        """What `base` holds is taken from there; it must be made by the same code and embedding.

        The vectors go to the server at that address, without one into the folder; the full text goes with them where
        their home holds it.
        """
        generations = index_dir / "generations"
        make_folder(generations)
        self.index_dir = index_dir
        self.number = max((number_of(path) for path in generations.glob("g[0-9]*")), default=0) + 1
        self.name = f"g{self.number:06d}"
        self.path = generations / f"{self.name}.building"
        self.path.mkdir()
        self.store = new_store(store_address, index_dir, self.name)
        self.home = home(self.path, self.store)
        self.dimension = dimension
        self.base = base
        if base:
            shutil.copyfile(base.path / "text.sqlite3", self.path / "text.building")
        self.text = sqlite3.connect(self.path / "text.building")
        # Whatever fails, the whole folder goes.
        self.text.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {'' if base else SCHEMA}")
        self._rows = rows_of(self.text)
        self.full_text = self.home.full_text(self._rows)
        self.full_text.begin(self._base_terms())
        ((largest,),) = self.text.execute("SELECT coalesce(max(number), -1) FROM articles")
        self._next_article = largest + 1
        self._row_count = base.manifest.passage_count if base else 0  # of passages.f16, those in `_free` included
        self._free: list[int] = []
        self._written: set[int] = set()  # passages that the vector store does not hold as they are now
        self._removed: list[int] = []  # articles of the base
        self._tried: set[str] = set()  # files over which a reader was lost when they were as they are now
        self.sentence_count = 0
        self.passage_file = (self.path / "passages.f16").open("w+b")
        self.sentence_file = (self.path / "sentences.f16").open("w+b")

    # --- articles ------------------------------------------------------------------------------------------------

    def keep(self, snapshot: Sequence[FileState], programs: Collection[str] = ()) -> frozenset[str]:
        """The paths of the files that are as they were: nothing of them is to be entered again.

        Of all other files the new generation holds nothing any more. Where one of the `programs` is new, what was
        skipped is tried again.
        """
        self._programs = tuple(programs)
        is_new = not self.base or not frozenset(programs) <= frozenset(self.base.manifest.programs)
        known = {file.path: file.digest for file in self.base.files} if self.base else {}
        again = {
            os.fsdecode(file) for (file,) in self.text.execute("SELECT file FROM skipped WHERE again OR ?", (is_new,))
        }
        self._tried = {file.path for file in snapshot if file.path in again and known.get(file.path) == file.digest}
        kept = frozenset(file.path for file in snapshot if file.digest and known.get(file.path) == file.digest) - again
        self.text.execute("CREATE TEMP TABLE kept (path BLOB PRIMARY KEY) WITHOUT ROWID")
        self.text.executemany("INSERT INTO kept VALUES (?)", [(os.fsencode(path),) for path in kept])
        for table in ("articles", "skipped"):
            self.text.execute(f"DELETE FROM {table} WHERE file NOT IN (SELECT path FROM kept)")
        self.text.execute("DELETE FROM files")
        self._kept = kept_of(file for file in snapshot if file.path in kept)
        rows = [
            (
                os.fsencode(file.path),
                file.size,
                file.changed,
                "" if file.kept and file.path not in kept else file.digest,
            )
            for file in snapshot
        ]
        self.text.executemany("INSERT INTO files VALUES (?, ?, ?, ?)", rows)
        return kept

    def enter(self, file: str, outcomes: Sequence[Article | Skipped]) -> None:
        """Store what reading the file gave."""
        for place, one in enumerate(outcomes):
            if isinstance(one, Skipped):
                self._skip(file, one.path, one.reason, one.missing or (one.again and file not in self._tried))
                continue
            if self._count("articles", "id = ?", one.id):
                self._skip(file, one.id, "there is another article of this name; rename one", False)
                continue
            texts = (one.title, one.text, one.published, one.language, one.source, one.author, one.url)
            described = (json.dumps(dict(one.evidence)), json.dumps(one.page_starts))
            self.text.execute(
                f"INSERT INTO articles (number, {ARTICLE_COLUMNS}, file, place, keys, compared) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')",
                (self._next_article, one.id, *texts, *described, os.fsencode(file), place, keys_of(one).tobytes()),
            )
            self._next_article += 1

    def _skip(self, file: str, path: str, reason: str, again: bool) -> None:
        """List what is not indexed; a file whose reader was lost over it is tried again, as long as it is the same."""
        self.text.execute("INSERT INTO skipped VALUES (?, ?, ?, ?)", (os.fsencode(file), path, reason, again))

    def decide_copies(self) -> None:
        """Tell which articles are copies of others, and let go of the passages of all that are none any more."""
        numbers, keys, known = [], [], {}
        for number, own, original, compared in self.text.execute(
            "SELECT number, keys, original, compared FROM articles ORDER BY file, place"
        ):
            numbers.append(number)
            keys.append(own)
            if compared != "[]":
                known[number] = Decision(original, tuple(json.loads(compared)))
        shaped = np.frombuffer(b"".join(keys), dtype="<u8").reshape(-1, BANDS)
        self.text.executemany(
            "UPDATE articles SET original = ?, compared = ? WHERE number = ?",
            [
                (decision.original, json.dumps(decision.compared), number)
                for number, decision in decide(numbers, shaped, known, self._text_of)
            ],
        )
        self._let_go()

    def _text_of(self, number: int) -> str:
        ((text,),) = self.text.execute("SELECT text FROM articles WHERE number = ?", (number,))
        return str(text)

    @property
    def passage_count(self) -> int:
        """How many passages there are so far."""
        return self._row_count - len(self._free)

    @property
    def found_count(self) -> int:
        """How many articles the folder holds, and how much that is no article."""
        return self._count("articles") + self._count("skipped")

    def _count(self, table: str, condition: str = "TRUE", *values: object) -> int:
        ((count,),) = self.text.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values)
        return int(count)

    def skipped(self) -> list[Skipped]:
        """What is no article, and why, in the order of the files."""
        return [Skipped(*row) for row in self.text.execute("SELECT path, reason FROM skipped ORDER BY file, rowid")]

    def unindexed(self) -> list[tuple[str, int, int]]:
        """The articles whose passages are to be added, in order: the file, the number and the length of each."""
        rows = self.text.execute(
            "SELECT file, number, length(text) FROM articles "
            "WHERE original IS NULL AND number NOT IN (SELECT article FROM passages) ORDER BY file, place"
        )
        return [(os.fsdecode(file), number, length) for file, number, length in rows]

    def article(self, number: int) -> Article:
        """The article of that number."""
        (row,) = self.text.execute(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE number = ?", (number,))
        return article_of(row, ())

    # --- passages ------------------------------------------------------------------------------------------------

    def _let_go(self) -> None:
        """Begin with the passages and the vectors of the base, less those of articles that are not there any more."""
        if self.base is None:
            return
        gone = self.text.execute(
            'SELECT number, article, start, "end" FROM passages '
            "WHERE article NOT IN (SELECT number FROM articles WHERE original IS NULL) ORDER BY article, number"
        ).fetchall()
        article: Article | None = None
        for number, article_number, start, end in gone:
            if not self._removed or self._removed[-1] != article_number:
                self._removed.append(article_number)
                article = self.base.numbered_articles([article_number])[article_number]
            assert article
            self.full_text.remove(number, _terms(article.text[start:end], article.language))
        self.text.executemany("DELETE FROM passages WHERE number = ?", [(number,) for number, *_ in gone])
        self._free = sorted((number for number, *_ in gone), reverse=True)
        with (self.base.path / "passages.f16").open("rb") as passages:
            shutil.copyfileobj(passages, self.passage_file, BLOCK_BYTES)
        self._take_sentences()

    def _take_sentences(self) -> None:
        """Copy the sentences' vectors of the articles that are left, one after the other; no gaps stay."""
        assert self.base
        moves = []
        row_bytes = 2 * self.dimension
        with (self.base.path / "sentences.f16").open("rb") as sentences:
            for article, first, end in self.text.execute(
                "SELECT article, min(first_sentence) AS first, max(first_sentence + length(sentences) / 8) "
                "FROM passages GROUP BY article ORDER BY first"
            ):
                if first != self.sentence_count:
                    moves.append((self.sentence_count - first, article))
                sentences.seek(first * row_bytes)
                self.sentence_file.write(sentences.read((end - first) * row_bytes))
                self.sentence_count += end - first
        self.text.executemany("UPDATE passages SET first_sentence = first_sentence + ? WHERE article = ?", moves)

    def add(self, articles: Sequence[tuple[int, CutArticle]], passages: Vectors, sentences: Vectors) -> None:
        """Store what articles of these numbers were cut into, with the vectors of all passages and sentences."""
        assert passages.shape == (sum(len(one.passages) for _, one in articles), self.dimension)
        assert len(sentences) == sum(len(one.sentences) for _, one in articles)
        rows = iter(passages.astype("<f2"))
        for article_number, one in articles:
            place = {sentence.start: self.sentence_count + row for row, sentence in enumerate(one.sentences)}
            for passage in one.passages:
                number = self._take_number()
                terms = _terms(passage.text, one.article.language)
                self.full_text.add(number, terms)
                offsets = np.array([(cut.start, cut.end) for cut in passage.sentences], dtype="<i4").tobytes()
                first = place[passage.sentences[0].start]
                self.text.execute(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        number,
                        article_number,
                        passage.start,
                        passage.end,
                        first,
                        offsets,
                        lexicon.fingerprints(terms).tobytes(),
                    ),
                )
                self._write_vector(number, next(rows).tobytes())
            self.sentence_count += len(one.sentences)
            if one.left_out_count:
                ((file,),) = self.text.execute("SELECT file FROM articles WHERE number = ?", (article_number,))
                reason = f"the last {one.left_out_count:,} of its sentences are not searched; split it"
                self._skip(os.fsdecode(file), one.article.id, reason, False)
        self.sentence_file.write(sentences.astype("<f2").tobytes())

    def _take_number(self) -> int:
        if self._free:
            return self._free.pop()
        self._row_count += 1
        return self._row_count - 1

    def _write_vector(self, number: int, vector: bytes) -> None:
        self.passage_file.seek(number * len(vector))
        self.passage_file.write(vector)
        self._written.add(number)

    def _close_gaps(self) -> None:
        """Give the numbers that nobody took to the last passages, so that there are as many rows as passages."""
        free = set(self._free)
        count = self._row_count - len(free)
        row_bytes = 2 * self.dimension
        last = [number for number in range(count, self._row_count) if number not in free]
        for number, other in zip(last, sorted(number for number in free if number < count), strict=True):
            [terms] = self._terms_of([number])
            self.full_text.remove(number, terms)
            self.full_text.add(other, terms)
            self.text.execute("UPDATE passages SET number = ? WHERE number = ?", (other, number))
            self.passage_file.seek(number * row_bytes)
            self._write_vector(other, self.passage_file.read(row_bytes))
            self._written.discard(number)
        self.passage_file.truncate(count * row_bytes)
        self._row_count, self._free = count, []

    # --- the whole -----------------------------------------------------------------------------------------------

    def finish(self, folder: Path, embedding: str, made_by: str = "", previous: str = "") -> Manifest:
        """The manifest of the generation, now complete and on disk."""
        self._close_gaps()
        self.passage_file.close()
        self.sentence_file.close()
        self.full_text.seal()
        self.text.commit()
        failpoint("written")
        vectors = vectors_in(self.path / "passages.f16", self._row_count, self.dimension)
        recall, edited_count = self._store_vectors(vectors)
        if recall < LEAST_RECALL:
            logger.warning("%s finds %.1f %% of the nearest passages", self.name, 100 * recall)
        duplicates = self.text.execute(
            "SELECT copy.id, articles.id FROM articles AS copy JOIN articles ON articles.number = copy.original "
            "ORDER BY copy.file, copy.place"
        )
        skipped = self.skipped()
        manifest = Manifest(
            name=self.name,
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
            folder=str(folder),
            embedding=embedding,
            made_by=made_by,
            previous=previous,
            dimension=self.dimension,
            article_count=self._count("articles", "original IS NULL"),
            passage_count=self._row_count,
            sentence_count=self.sentence_count,
            found_count=self.found_count,
            duplicates=tuple(Duplicate(*row) for row in duplicates),
            skipped=tuple(skipped),
            kept=self._kept,
            programs=self._programs,
            spread=_spread(vectors),
            recall=recall,
            files=(),
            base=self.base.manifest.base if self.base else self.name,
            edited_count=edited_count,
            store=self.store,
        )
        # Written anew, it holds nothing of what was deleted.
        self.text.execute("VACUUM INTO ?", (str(self.path / "text.sqlite3"),))
        self.text.close()
        (self.path / "text.building").unlink()
        failpoint("sealed")
        manifest = replace(manifest, files=files_in(self.path))
        write_manifest(self.path, manifest)
        for path in [*self.path.rglob("*"), self.path]:
            fsync(path)
        failpoint("finished")
        return manifest

    def _store_vectors(self, vectors: npt.NDArray[np.float16]) -> tuple[float, int]:
        """The recall of the vector store, now holding the vectors, and how many were changed in it."""
        if self.base:
            dropped = range(len(vectors), self.base.manifest.passage_count)
            edited_count = self.base.manifest.edited_count + len(self._written) + len(dropped)
            if edited_count <= MOST_EDITED * len(vectors):
                written = sorted(self._written)
                recall = self.home.edit(
                    self.base.home, lambda store: self._put(store, vectors, written), dropped, vectors
                )
                if recall:
                    return recall, edited_count
        return self.home.fill(lambda store: self._put(store, vectors, range(len(vectors))), vectors), 0

    def _put(self, store: PassageVectors, vectors: npt.NDArray[np.float16], numbers: Sequence[int]) -> None:
        for first in range(0, len(numbers), ROWS_AT_ONCE):
            some = list(numbers[first : first + ROWS_AT_ONCE])
            store.put(some, vectors[some], list(self._metadata(some)), self._terms_of(some))

    def _metadata(self, numbers: Sequence[int]) -> Iterator[Metadata]:
        """What each of the passages, in ascending order, can be filtered by."""
        rows = rows_in(
            self._rows,
            "SELECT article, articles.id, published, language, source FROM passages "
            "JOIN articles ON articles.number = article WHERE passages.number IN (?) ORDER BY passages.number",
            numbers,
        )
        return (passage_metadata(number, *fields) for number, *fields in rows)

    def _terms_of(self, numbers: Sequence[int]) -> Iterator[frozenset[str]]:
        """The terms of each of the passages, in ascending order."""
        rows = rows_in(
            self._rows,
            'SELECT text, start, "end", language FROM passages JOIN articles ON articles.number = article '
            "WHERE passages.number IN (?) ORDER BY passages.number",
            numbers,
        )
        return (_terms(text[start:end], language) for text, start, end, language in rows)

    def _base_terms(self) -> Iterator[tuple[int, frozenset[str]]]:
        """The passages of the base, with their terms."""
        numbers = range(self.base.manifest.passage_count if self.base else 0)
        return zip(numbers, self._terms_of(numbers), strict=True)

    def publish(self) -> None:
        """Make the finished generation the current one: one rename, then one `os.replace` of the pointer."""
        published = self.path.with_name(self.name)
        self.path.replace(published)
        fsync(published.parent)
        failpoint("renamed")
        point_to(self.index_dir, self.name)
        failpoint("published")

    def removed_texts(self) -> Iterator[list[str]]:
        """Of each article that the base holds and this generation does not, the texts that were embedded."""
        assert self.base or not self._removed
        return (self.base.embedded_texts(number) for number in self._removed if self.base)

    def discard(self) -> None:
        """Remove what was written; the current generation is as it was."""
        self.passage_file.close()
        self.sentence_file.close()
        self.text.close()
        if self.path.exists():  # it may be published already, whatever failed since
            with suppress(UserError):  # the next rebuild tries again
                self.home.drop()
        shutil.rmtree(self.path, ignore_errors=True)


def _terms(text: str, language: str) -> frozenset[str]:
    return lexicon.words_of(text, language) | lexicon.names_of(text)


def _spread(vectors: npt.NDArray[np.float16]) -> float:
    """The standard deviation of the similarity of two passages, from pairs drawn with a fixed seed."""
    if len(vectors) < 3:
        return DEFAULT_SPREAD
    one, other = np.random.default_rng(0).integers(0, len(vectors), (2, SPREAD_PAIRS))
    apart = one != other
    left, right = (np.asarray(vectors[rows[apart]], dtype=np.float32) for rows in (one, other))
    return float((left * right).sum(axis=1).std())
