"""The articles and passages of a generation: its text.sqlite3, in which SqliteText keeps a full text as well."""

import json
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.articles import Article
from index.errors import UserError

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


class TextReader:
    """The rows of a published text.sqlite3, for any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = threading.local()

    def __call__(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the query finds; raises UserError when the file cannot be read."""
        # One connection a thread: SQLite connections are not to be shared while a query runs.
        connection: sqlite3.Connection | None = getattr(self._connections, "connection", None)
        try:
            if connection is None:
                connection = self._connections.connection = read_only(self._path)
            return connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise UserError(
                f"The text in {self._path.parent} cannot be read ({error}). Rebuild with `newsdesk index`."
            ) from error
