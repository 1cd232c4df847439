"""Passage vectors and their full text in a table of PostgreSQL with pgvector; the only file that knows either.

Every generation has a table of its own, as it has a folder: an index over all of its rows finds more than one that
is shared with other generations, and removing it gives the disk back at once. A passage's row holds its terms as
they are: cut by one of PostgreSQL's own parsers they would be others than with SQLite.
"""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from threading import RLock
from typing import Any, TypeVar

import numpy as np
import psycopg
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg import Connection, sql

from index.errors import StoreRefused, StoreUnreachable, StoreVanished
from index.filters import Filters
from index.rows import Rows
from index.stores import sqlite_text
from index.stores.full_text import FullText, Term
from index.stores.retry import CONNECT_SECONDS, READING, WRITING, Patience, patiently
from index.stores.vectors import (
    BUILD_CANDIDATES,
    CANDIDATES,
    EVERYTHING,
    LEAST_RECALL,
    Metadata,
    PassageVectors,
    Put,
    VectorHome,
    Wanted,
    wanted,
)
from index.vectors import Vectors, VectorsOnDisk

# Vectors are kept as exact as in passages.f16. The metadata are those of `passage_metadata`.
TABLE = """
CREATE TABLE {table} (number integer PRIMARY KEY, vector halfvec({dimension}) NOT NULL, published integer NOT NULL,
                      language text NOT NULL, source text NOT NULL, folder text NOT NULL, article integer NOT NULL,
                      terms tsvector NOT NULL)
"""
# Unlike a table, a view is removed with what it counts.
COUNTS = """
CREATE MATERIALIZED VIEW {counts} AS
SELECT lexeme AS term, count(*)::integer AS passage_count FROM {table}, unnest(terms) GROUP BY lexeme
"""
METADATA = ("published", "language", "source", "folder", "article")
MOST_CANDIDATES = 1000  # that pgvector takes
MOST_TERM_BYTES = 2046  # of a longer one array_to_tsvector keeps what the length modulo 2048 leaves, and says nothing
# Candidates that the filters refuse are followed by others, in order, until there are enough or none is left.
SETTINGS = """
SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'strict_order', true),
       set_config('hnsw.max_scan_tuples', '2147483647', true)
"""
# What a server says of itself while it starts or stops.
PASSING = ("starting up", "shutting down", "not yet accepting", "in recovery")

Made = TypeVar("Made")
logger = logging.getLogger(__name__)


class PostgresVectors(PassageVectors):
    """A table whose queries look at so many candidates. A connection that was lost is made again by the next call."""

    def __init__(self, home: "PostgresTable", candidates: int) -> None:
        self._home = home
        self._candidates = candidates

    def put(
        self,
        numbers: Sequence[int],
        vectors: VectorsOnDisk,
        metadatas: Sequence[Metadata],
        terms: Iterable[Collection[str]] = (),
    ) -> None:
        """Store passages under their numbers, each in place of the one that had its number before."""
        held = [list(map(_lexeme, some)) for some in terms] or [[]] * len(numbers)
        rows = [
            (number, HalfVector(vector), *(one[key] for key in METADATA), lexemes)
            for number, vector, one, lexemes in zip(numbers, vectors.astype("<f2"), metadatas, held, strict=True)
        ]
        columns = ("vector", *METADATA, "terms")
        upsert = sql.SQL(
            "INSERT INTO {} VALUES (%s, %s, %s, %s, %s, %s, %s, array_to_tsvector(%s)) ON CONFLICT (number) "
            "DO UPDATE SET ({}) = ROW ({})"
        ).format(
            self._home.table,
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(sql.Identifier("excluded", column) for column in columns),
        )

        def put(connection: Connection[Any]) -> None:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(upsert, rows)

        self._home.run(put, WRITING)

    def nearest(self, vector: Vectors, count: int, wanted: Wanted = EVERYTHING) -> list[int]:
        """The numbers of the wanted passages most similar to the vector, best first."""
        condition, values = _where(wanted)
        nearest = sql.SQL("SELECT number FROM {} WHERE {} ORDER BY vector <=> %s LIMIT %s").format(
            self._home.table, condition
        )
        asked = HalfVector(vector.astype(np.float16))

        def ask(connection: Connection[Any]) -> list[int]:
            with connection.transaction():
                connection.execute(SETTINGS, (str(self._candidates),))
                rows = connection.execute(nearest, (*values, asked, count)).fetchall()
            return [int(number) for (number,) in rows]

        return self._home.run(ask, READING)

    def count(self) -> int:
        """How many passages are stored."""
        return self._home.first(sql.SQL("SELECT count(*) FROM {}").format(self._home.table))

    def close(self) -> None:
        """Nothing: all stores of a server share one connection."""


class PostgresText:
    """The full text in the rows of the table, where `PostgresVectors.put` enters it with the vectors."""

    def __init__(self, home: "PostgresTable", rows: Rows) -> None:
        self._home = home
        self._rows = rows

    def begin(self, passages: Iterable[tuple[int, Collection[str]]]) -> None:
        """Nothing but to remove from text.sqlite3 the full text of a generation that had its own there."""
        sqlite_text.drop(self._rows)

    def add(self, number: int, terms: Collection[str]) -> None:
        """Nothing: they come with the vector."""

    def remove(self, number: int, terms: Collection[str]) -> None:
        """Nothing: every generation has a table of its own, which never held them."""

    def seal(self) -> None:
        """Nothing: `PostgresTable.fill` counts the terms."""

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each of the terms that occur at all."""
        asked = {_lexeme(term): term for term in terms}
        counted = sql.SQL("SELECT term, passage_count FROM {} WHERE term = ANY(%s)").format(self._home.counts)
        rows = self._home.run(lambda connection: connection.execute(counted, (list(asked),)).fetchall(), READING)
        return {asked[lexeme]: int(passage_count) for lexeme, passage_count in rows}

    def worded(self, terms: Mapping[str, int], top: int, filters: Filters) -> list[int]:
        """The numbers of the `top` passages whose terms weigh most together, best first."""
        condition, values = _where(wanted(filters, self._rows))
        holding = sql.SQL(
            "SELECT number FROM unnest(%s::text[], %s::integer[]) AS asked (term, weight) "
            "JOIN {} ON terms @@ term::tsquery WHERE {} GROUP BY number ORDER BY sum(weight) DESC, number LIMIT %s"
        ).format(self._home.table, condition)
        asked = (list(map(_quoted, terms)), list(terms.values()))
        rows = self._home.run(
            lambda connection: connection.execute(holding, (*asked, *values, top)).fetchall(), READING
        )
        return [int(number) for (number,) in rows]

    def holding(self, groups: Sequence[Collection[Term]]) -> list[int]:
        """The numbers of all passages that hold a term of every group, in order; none for no groups or an empty one."""
        if not groups or not all(groups):
            return []
        wanted = " & ".join(f"({' | '.join(map(_matched, group))})" for group in groups)
        holding = sql.SQL("SELECT number FROM {} WHERE terms @@ %s::tsquery ORDER BY number").format(self._home.table)
        rows = self._home.run(lambda connection: connection.execute(holding, (wanted,)).fetchall(), READING)
        return [int(number) for (number,) in rows]

    def names(self) -> list[str]:
        """Every term that is how a name sounds, each with the "~" that it begins with."""
        sounds = sql.SQL("SELECT term FROM {} WHERE starts_with(term, '~')").format(self._home.counts)
        rows = self._home.run(lambda connection: connection.execute(sounds).fetchall(), READING)
        return [str(term) for (term,) in rows]


class PostgresTable:
    """A table of that name in the database at the address."""

    def __init__(self, address: str, name: str) -> None:
        self._address = address
        self._name = name
        self.table = sql.Identifier(name)
        self.counts = sql.Identifier(f"{name}-counts")

    def create(self, dimension: int) -> PostgresVectors:
        """An empty store, in place of what a rebuild that was ended may have left under its name."""

        def create(connection: Connection[Any]) -> None:
            with connection.transaction():
                connection.execute(self._dropping)
                connection.execute(sql.SQL(TABLE).format(table=self.table, dimension=sql.Literal(dimension)))

        self.run(create, WRITING)
        return PostgresVectors(self, CANDIDATES)

    def open(self) -> PostgresVectors:
        """The store that `fill` made."""
        candidates = self.first(
            sql.SQL("SELECT obj_description({}::regclass)").format(sql.Literal(self.table.as_string()))
        )
        return PostgresVectors(self, candidates)

    def fill(self, put: Put, vectors: VectorsOnDisk) -> float:
        """The recall of a new store, filled by `put` with the vectors, once queries look at enough candidates."""
        put(self.create(vectors.shape[1]))
        self.run(self._link, WRITING)
        candidates = CANDIDATES
        while True:
            recall = PostgresVectors(self, candidates).recall(vectors)
            if recall >= LEAST_RECALL or candidates >= MOST_CANDIDATES:
                break
            candidates = min(2 * candidates, MOST_CANDIDATES)
        remember = sql.SQL("COMMENT ON TABLE {} IS {}").format(self.table, sql.Literal(str(candidates)))
        self.run(lambda connection: connection.execute(remember), WRITING)
        return recall

    def _link(self, connection: Connection[Any]) -> None:
        """Make the indexes, count, and gather the statistics by which a narrow filter is followed instead of them."""
        with connection.transaction():
            connection.execute(
                sql.SQL("CREATE INDEX ON {} USING hnsw (vector halfvec_cosine_ops) WITH (ef_construction = {})").format(
                    self.table, sql.Literal(BUILD_CANDIDATES)
                )
            )
            connection.execute(sql.SQL("CREATE INDEX ON {} USING gin (terms)").format(self.table))
            connection.execute(sql.SQL(COUNTS).format(counts=self.counts, table=self.table))
            connection.execute(sql.SQL("CREATE UNIQUE INDEX ON {} (term)").format(self.counts))
            connection.execute(sql.SQL("ANALYZE {}, {}").format(self.table, self.counts))

    def edit(self, older: VectorHome, put: Put, removed: Sequence[int], vectors: VectorsOnDisk) -> float:
        """0: linking the vectors is what takes time, and a copy would have to be linked anew."""
        return 0.0

    def drop(self) -> None:
        """Remove the table, if there is one."""
        self.run(lambda connection: connection.execute(self._dropping), READING)

    def full_text(self, rows: Rows) -> FullText:
        """That in the table, with the vectors."""
        return PostgresText(self, rows)

    @property
    def _dropping(self) -> sql.Composed:
        return sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(self.table)

    def first(self, query: sql.Composed) -> int:
        """The number that the query finds."""
        rows = self.run(lambda connection: connection.execute(query).fetchall(), READING)
        return int(rows[0][0])

    def run(self, work: Callable[[Connection[Any]], Made], patience: Patience) -> Made:
        """What the work gives, which is tried again for a while when the server does not answer."""
        try:
            return _server(self._address).run(work, patience)
        except psycopg.errors.UndefinedTable as error:
            raise StoreVanished(self._address, self._name) from error


class _Server:
    """One connection for all stores of this process, used by one thread after the other.

    A second one for the words saves nothing that can be told: over 10,000 passages a question takes 16.0 ms instead of
    16.4, and of four at once each 61 instead of 64.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: Connection[Any] | None = None
        self._lock = RLock()

    def run(self, work: Callable[[Connection[Any]], Made], patience: Patience) -> Made:
        """What the work gives; raises UndefinedTable, and for all other errors what people are told."""

        def once() -> Made:
            with self._lock:
                connection = self._connected()
                connection.execute("SELECT set_config('statement_timeout', %s, false)", (f"{patience.reply:.0f}s",))
                return work(connection)

        try:
            return patiently(once, patience, _is_unreachable)
        except psycopg.errors.UndefinedTable:
            raise
        except psycopg.Error as error:
            if _is_unreachable(error):
                raise StoreUnreachable(self._address) from error
            raise StoreRefused(self._address, str(error)) from error

    def _connected(self) -> Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._address, autocommit=True, connect_timeout=int(CONNECT_SECONDS), application_name="newsdesk"
            )
            try:
                register_vector(self._connection)
            except psycopg.ProgrammingError:  # a database that was never used for this
                self._connection.execute("CREATE EXTENSION vector")
                register_vector(self._connection)
        return self._connection


@cache
def _server(address: str) -> _Server:
    return _Server(address)


def check(address: str) -> None:
    """Nothing when the server answers; raises StoreUnreachable when it does not."""
    _server(address).run(lambda connection: connection.execute("SELECT 1"), READING)


def sweep(address: str, prefix: str, kept: Collection[str]) -> None:
    """Remove the tables whose names begin with the prefix, but for those whose names are kept."""
    there = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND starts_with(tablename, %s)"
    rows = _server(address).run(lambda connection: connection.execute(there, (prefix,)).fetchall(), READING)
    for (name,) in rows:
        if name not in kept:
            PostgresTable(address, name).drop()
            logger.info("removed %s from %s", name, address)


def _lexeme(term: str) -> str:
    """The term as it is stored: itself, unless it is too long."""
    encoded = term.encode()
    return term if len(encoded) <= MOST_TERM_BYTES else hashlib.sha256(encoded).hexdigest()


def _quoted(term: str) -> str:
    """The term as a word of a tsquery, whatever is in it."""
    escaped = _lexeme(term).replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _matched(term: Term) -> str:
    """The term as a part of a tsquery."""
    return _quoted(term.text) + (":*" if term.is_beginning else "")


def _is_unreachable(error: BaseException) -> bool:
    """Whether the connection was lost, or could not be made since nothing answers or what does only begins to."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    if error.sqlstate:
        return str(error.sqlstate).startswith(("08", "57P"))
    return "FATAL" not in str(error) or any(words in str(error) for words in PASSING)


def _where(wanted: Wanted) -> tuple[sql.Composable, list[Any]]:
    """What is wanted as a condition, and its values."""
    conditions: list[tuple[str, Any]] = []
    if wanted.since:
        conditions.append(("published >= %s", wanted.since))
    if wanted.until:
        # An article without a date is not known to be early enough.
        conditions.append(("published BETWEEN 1 AND %s", wanted.until))
    if wanted.languages:
        conditions.append(("language = ANY(%s)", list(wanted.languages)))
    if wanted.articles is not None:
        conditions.append(("article = ANY(%s)", list(wanted.articles)))
    places: list[tuple[str, Any]] = []
    if wanted.sources:
        places.append(("source = ANY(%s)", list(wanted.sources)))
    if wanted.folders:
        places.append(("folder = ANY(%s)", list(wanted.folders)))
    if places and wanted.copied:
        joint = " AND ".join(condition for condition, _ in places)
        clauses = [*(condition for condition, _ in conditions), f"({joint} OR article = ANY(%s))"]
        values = [*(value for _, value in conditions + places), list(wanted.copied)]
    else:
        clauses = [condition for condition, _ in conditions + places]
        values = [value for _, value in conditions + places]
    return sql.SQL(" AND ".join(["TRUE", *clauses])), values
