"""A generation of the searchable index, open for reading.

    g000042/     chroma/ · text.sqlite3 (articles and full text) · passages.f16 · sentences.f16 · manifest.json

With a server for the vectors there is no chroma/ in it. A server of PostgreSQL has the full text too, so that
text.sqlite3 has none. A published generation is never written again, and its files are checked whenever it is opened.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import lexicon
from index.articles import Article
from index.errors import UnknownArticle, UserError
from index.filters import Filters
from index.generations.integrity import check_files
from index.generations.manifest import read_manifest
from index.generations.text import ARTICLE_COLUMNS, TextReader, article_of
from index.locks import keep
from index.passages import Passage, Sentence, passage_of
from index.reading.snapshot import FileState
from index.rows import rows_in
from index.stores import sqlite_text
from index.stores.addresses import home
from index.stores.full_text import FullText
from index.stores.vectors import PassageVectors, VectorHome, folders_in, wanted
from index.vectors import Vectors

# Passages kept in memory to tell what every text of a language has in common with a question; of fewer than so
# many in one language, the median would be about their topic.
SAMPLE = 2000
FEW_PASSAGES = 8
# So few passages, all there are or those that filters let through, need no vector store: comparing each is as fast, and
# its graph may lose the way to a few among many.
FEW_LEFT = 2000
# Of an article's copies: there may be tens of thousands, and each would stand in every answer.
COPIES_NAMED = 20


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
        keep(self._held)
        check_files(path, self.manifest.files)
        counts = self.manifest
        self.passage_vectors = vectors_in(path / "passages.f16", counts.passage_count, counts.dimension)
        self._sentence_vectors = vectors_in(path / "sentences.f16", counts.sentence_count, counts.dimension)
        self._rows = TextReader(path / "text.sqlite3")
        in_folder = sqlite_text.is_in(self._rows)  # as it was with every server once
        self.full_text: FullText = sqlite_text.SqliteText(self._rows) if in_folder else self.home.full_text(self._rows)
        if self._rows("SELECT count(*) FROM passages")[0][0] != self.manifest.passage_count:
            raise self._incomplete()
        if self.asks_store:
            _ = self.vectors

    @property
    def asks_store(self) -> bool:
        """Whether the vector store is asked at all: not in a small index, of which all passages are compared."""
        return bool(self.manifest.store) or self.manifest.passage_count > FEW_LEFT

    @cached_property
    def home(self) -> VectorHome:
        """Where the vector store is."""
        return home(self.path, self.manifest.store)

    @cached_property
    def vectors(self) -> PassageVectors:
        """The vector store. In a small index nothing asks it, and to open it takes half a second."""
        store = self.home.open()
        if store.count() != self.manifest.passage_count:
            raise self._incomplete()
        return store

    def _incomplete(self) -> UserError:
        return UserError(f"The index in {self.path} is incomplete. Rebuild with `newsdesk index`.")

    @property
    def has_previous(self) -> bool:
        """Whether the generation before this one is still there to go back to."""
        return bool(self.manifest.previous) and self.path.with_name(self.manifest.previous).is_dir()

    def article(self, article_id: str) -> Article:
        """The article as stored, a copy too; raises UnknownArticle when there is none."""
        return self._article("number", article_id)

    def original(self, article_id: str) -> Article:
        """The article that is searched for it: of a copy, that of which it is one."""
        return self._article("coalesce(original, number)", article_id)

    def _article(self, number: str, article_id: str) -> Article:
        numbers = self._rows(f"SELECT {number} FROM articles WHERE id = ?", article_id)
        if not numbers:
            raise UnknownArticle(f"No article {article_id!r} in the index. `newsdesk show` lists them all.")
        return self.numbered_articles(*numbers)[numbers[0][0]]

    def numbered_articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """The articles of these numbers, by them, copies too, with the first COPIES_NAMED others that hold the same."""
        columns = f"number, coalesce(original, number), {ARTICLE_COLUMNS}"
        rows = rows_in(self._rows, f"SELECT {columns} FROM articles WHERE number IN (?)", numbers)
        return {number: article_of(columns, self._others(number, original)) for number, original, *columns in rows}

    def _others(self, number: int, original: int) -> list[str]:
        """The ids of the articles that hold the same as that one."""
        among = "SELECT id FROM articles WHERE (number = ? OR original = ?) AND number <> ? LIMIT ?"
        return sorted(article_id for (article_id,) in self._rows(among, original, original, number, COPIES_NAMED))

    def as_narrowed(self, article: Article, filters: Filters) -> Article:
        """The article; when it is only a copy that the sources and folders let through, the first such copy."""
        place, values = filters.of_copies_as_sql()
        if not values or self._rows(f"SELECT 1 FROM articles WHERE id = ? AND {place}", article.id, *values):
            return article
        copies = f"SELECT min(id) FROM copies WHERE article = (SELECT number FROM articles WHERE id = ?) AND {place}"
        [(copy,)] = self._rows(copies, article.id, *values)
        return self.article(copy) if copy else article

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

    def places_of_copies(self) -> list[tuple[str, str]]:
        """Of every copy, which is not indexed itself, its id and source."""
        return [(article_id, source) for article_id, source in self._rows("SELECT id, source FROM copies")]

    def lengths(self) -> dict[str, int]:
        """How many characters each article has, by id."""
        return dict(self._rows("SELECT id, length(text) FROM articles WHERE original IS NULL"))

    @cached_property
    def files(self) -> list[FileState]:
        """What the folder held when the generation was made, in order."""
        rows = self._rows("SELECT path, size, changed, digest FROM files ORDER BY rowid")
        return [FileState(os.fsdecode(path), *state) for path, *state in rows]

    def file(self, path: str) -> FileState | None:
        """The state of that one file of the folder, None where there was none by that name."""
        rows = self._rows("SELECT size, changed, digest FROM files WHERE path = ?", os.fsencode(path))
        return FileState(path, *rows[0]) if rows else None

    def folders(self) -> list[str]:
        """Every folder that holds articles, relative to the indexed one."""
        return folders_in(self._rows)

    def nearest(self, vector: Vectors, count: int, filters: Filters | None = None) -> list[int]:
        """The numbers of the passages most similar to the vector, best first: all compared, or as the store finds them.

        Of a few all are compared: a store may not reach one that has hundreds of look-alikes around it.
        """
        filters = filters or Filters()
        numbers = self.let_through(filters, FEW_LEFT)
        if numbers is None:
            return self.vectors.nearest(vector, count, wanted(filters, self._rows))
        similarities = np.einsum("nd,d->n", np.asarray(self.passage_vectors[numbers], dtype=np.float32), vector)
        return [numbers[row] for row in np.argsort(-similarities, kind="stable")[:count].tolist()]

    def passages(self, numbers: Sequence[int]) -> list["StoredPassage"]:
        """The passages of these numbers, in their order."""
        columns = "number, article, start, first_sentence, sentences, terms"
        rows = list(rows_in(self._rows, f"SELECT {columns} FROM passages WHERE number IN (?)", numbers))
        articles = self.numbered_articles(list({row[1] for row in rows}))
        found = {}
        for number, article_number, start, first, offsets, terms in rows:
            article = articles[article_number]
            sentences = np.frombuffer(offsets, dtype="<i4").reshape(-1, 2).tolist()
            found[number] = StoredPassage(
                passage=passage_of(article, [Sentence(*pair) for pair in sentences], start),
                article=article,
                terms=np.frombuffer(terms, dtype="<u4"),
                vector=np.asarray(self.passage_vectors[number], dtype=np.float32),
                sentence_vectors=np.asarray(self._sentence_vectors[first : first + len(sentences)], dtype=np.float32),
            )
        return [found[number] for number in numbers]

    def passages_of(self, article_id: str) -> list[int]:
        """The numbers of the article's passages, in its order; of a copy, those of which it is one."""
        article = "SELECT coalesce(original, number) FROM articles WHERE id = ?"
        rows = self._rows(f"SELECT number FROM passages WHERE article = ({article}) ORDER BY number", article_id)
        return [number for (number,) in rows]

    def embedded_texts(self, number: int) -> list[str]:
        """The texts of all passages and sentences of the article of that number."""
        text = self.numbered_articles([number])[number].text
        places: set[tuple[int, int]] = set()
        for start, end, offsets in self._rows('SELECT start, "end", sentences FROM passages WHERE article = ?', number):
            places |= {(start, end), *map(tuple, np.frombuffer(offsets, dtype="<i4").reshape(-1, 2).tolist())}
        return [text[start:end] for start, end in sorted(places)]

    def languages(self, numbers: Sequence[int]) -> dict[int, str]:
        """The language of each of the passages."""
        joined = "passages JOIN articles ON articles.number = article"
        query = f"SELECT passages.number, language FROM {joined} WHERE passages.number IN (?)"
        return dict(rows_in(self._rows, query, numbers))

    def background(self, vector: Vectors) -> Callable[[str], float]:
        """How similar an ordinary passage of a language is to the vector: the median of a sample."""
        rows_of, sample = self._sample
        # A matrix product of this size makes OpenBLAS start threads, and then a question takes twice as long.
        similarities = np.einsum("nd,d->n", sample, vector)
        medians = {language: float(np.median(similarities[rows])) for language, rows in rows_of.items()}
        general = float(np.median(similarities))
        return lambda language: medians.get(language, general)

    @property
    def frequent_languages(self) -> frozenset[str]:
        """The languages that many of the passages are in."""
        rows_of, _ = self._sample
        return frozenset(rows_of)

    @cached_property
    def _sample(self) -> tuple[dict[str, npt.NDArray[np.intp]], Vectors]:
        """Vectors of passages drawn at random, and which rows are in which language; rare ones are left out."""
        count = self.manifest.passage_count
        numbers = sorted(np.random.default_rng(0).permutation(count)[:SAMPLE].tolist())
        known = self.languages(numbers)
        languages = [known[number] for number in numbers]
        rows = {language: np.flatnonzero(np.array(languages) == language) for language in set(languages)}
        frequent = {language: found for language, found in rows.items() if len(found) >= FEW_PASSAGES}
        return frequent, np.asarray(self.passage_vectors[numbers], dtype=np.float32)

    def frequencies(self, terms: Iterable[str]) -> list[tuple[str, int]]:
        """The terms that occur at all, each with the number of passages that hold it."""
        return sorted(self.full_text.frequencies(sorted(terms)).items())

    def let_through(self, filters: Filters, most: int) -> list[int] | None:
        """The numbers of the passages that the filters let through, None when they are more than `most`."""
        condition, values = filters.as_sql()
        if condition == "TRUE" and (self.manifest.store or self.manifest.passage_count > most):
            return None
        rows = self._rows(
            "SELECT passages.number FROM articles JOIN passages ON passages.article = articles.number "
            f"WHERE original IS NULL AND {condition} LIMIT ?",
            *values,
            most + 1,
        )
        return [number for (number,) in rows] if len(rows) <= most else None

    @cached_property
    def article_of_passage(self) -> npt.NDArray[np.int64]:
        """By its number, the number of each passage's article."""
        rows = self._rows("SELECT number, article FROM passages")
        found = np.full(max((number for number, _ in rows), default=-1) + 1, -1, dtype=np.int64)
        if rows:
            places = np.array(rows, dtype=np.int64)
            found[places[:, 0]] = places[:, 1]
        return found

    def numbered_listing(self) -> dict[int, Article]:
        """Every article without its text, by its number."""
        rows = self._rows(
            "SELECT number, id, title, '', published, language, source, author, url FROM articles "
            "WHERE original IS NULL"
        )
        return {number: Article(*fields) for number, *fields in rows}

    def numbers_let_through(self, filters: Filters) -> set[int]:
        """The numbers of the articles that the filters let through."""
        condition, values = filters.as_sql()
        rows = self._rows(f"SELECT articles.number FROM articles WHERE original IS NULL AND {condition}", *values)
        return {number for (number,) in rows}

    def passage_texts(self, numbers: Sequence[int]) -> list[tuple[int, int, str]]:
        """Of each of the passages its article's number, the character where it begins, and its text; in any order."""
        query = (
            'SELECT article, start, substr(text, start + 1, "end" - start) FROM passages '
            "JOIN articles ON articles.number = article WHERE passages.number IN (?)"
        )
        return [(article, start, text) for article, start, text in rows_in(self._rows, query, numbers)]

    def worded(self, terms: Mapping[str, int], top: int, filters: Filters) -> list[int]:
        """The numbers of the `top` passages whose terms weigh most together, best first."""
        return self.full_text.worded(terms, top, filters) if terms else []


def vectors_in(path: Path, count: int, dimension: int) -> npt.NDArray[np.float16]:
    """The file's vectors, read from disk as they are needed; raises UserError unless there are just so many."""
    if not path.is_file() or path.stat().st_size != count * dimension * 2:
        raise UserError(f"The vectors in {path} are damaged. Rebuild with `newsdesk index`.")
    # A plain array: every slice of a memmap is a memmap again, which takes longer than reading it.
    return np.asarray(np.memmap(path, dtype="<f2", mode="r", shape=(count, dimension)))
