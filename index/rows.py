"""Rows of an SQLite database, found by however many values."""

from collections.abc import Callable, Iterator, Sequence
from sqlite3 import Connection
from typing import Any, TypeVar

# What a query with its values finds.
Rows = Callable[..., list[tuple[Any, ...]]]
Value = TypeVar("Value")
# SQLite takes 32,766 values at a time, and earlier ones 999.
VALUES_AT_ONCE = 500


def rows_of(connection: Connection) -> Rows:
    """What finds rows in the database of that connection."""
    return lambda query, *values: connection.execute(query, values).fetchall()


def rows_in(rows: Rows, query: str, values: Sequence[object]) -> Iterator[tuple[Any, ...]]:
    """What the query finds, whose `IN (?)` stands for all the values; asked for some at a time, in their order."""
    for marks, some in marked(values):
        yield from rows(query.replace("IN (?)", f"IN ({marks})"), *some)


def marked(values: Sequence[Value]) -> Iterator[tuple[str, Sequence[Value]]]:
    """As many of the values as SQLite takes at a time, in their order, each time with the marks that stand for them."""
    for first in range(0, len(values), VALUES_AT_ONCE):
        some = values[first : first + VALUES_AT_ONCE]
        yield ",".join("?" * len(some)), some
