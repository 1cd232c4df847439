"""The full text of a generation in its own text.sqlite3, beside the articles and passages."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from index.filters import Filters
from index.rows import Rows, rows_in
from index.stores.full_text import Term

# Contentless, without positions: a term's passages and how often it occurs is all that is asked. A name's
# sound begins with "~", which no word does.
SCHEMA = (
    """
    CREATE VIRTUAL TABLE lexicon USING fts5(
        terms, content='', detail=none,
        tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*' tokenchars '~'"
    )
    """,
    "CREATE VIRTUAL TABLE frequencies USING fts5vocab(lexicon, row)",
    "CREATE TABLE common_terms (term TEXT PRIMARY KEY, passage_count INTEGER) WITHOUT ROWID",
)
TABLES = ("frequencies", "lexicon", "common_terms")
# The full-text index counts a term's passages by reading through all of them: of so many, they are counted once.
COMMON_TERM = 100


class SqliteText:
    """A full text in the database that `rows` asks."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def begin(self, passages: Iterable[tuple[int, Collection[str]]]) -> None:
        """Hold these passages: those of a copied database are in it already, unless their full text was elsewhere."""
        if is_in(self._rows):
            return
        for statement in SCHEMA:
            self._rows(statement)
        for number, terms in passages:
            self.add(number, terms)

    def add(self, number: int, terms: Collection[str]) -> None:
        """Enter a passage's terms under its number."""
        self._rows("INSERT INTO lexicon (rowid, terms) VALUES (?, ?)", number, " ".join(sorted(terms)))

    def remove(self, number: int, terms: Collection[str]) -> None:
        """Take a passage out; its terms must be those that were entered."""
        taken = " ".join(sorted(terms))
        self._rows("INSERT INTO lexicon (lexicon, rowid, terms) VALUES ('delete', ?, ?)", number, taken)

    def seal(self) -> None:
        """One tree instead of many small ones: twice as fast to ask, without a trace of what was taken out."""
        self._rows("INSERT INTO lexicon (lexicon) VALUES ('optimize')")
        self._rows("DELETE FROM common_terms")
        common = "SELECT term, doc FROM frequencies WHERE doc >= ? ORDER BY term"
        self._rows(f"INSERT INTO common_terms {common}", COMMON_TERM)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """How many passages hold each of the terms that occur at all."""
        found = dict(rows_in(self._rows, "SELECT term, passage_count FROM common_terms WHERE term IN (?)", terms))
        rare = [term for term in terms if term not in found]
        return found | dict(rows_in(self._rows, "SELECT term, doc FROM frequencies WHERE term IN (?)", rare))

    def holding(self, groups: Sequence[Collection[Term]]) -> list[int]:
        """The numbers of all passages that hold a term of every group, in order; none for no groups or an empty one."""
        if not groups or not all(groups):
            return []
        wanted = " AND ".join(f"({' OR '.join(map(_matched, group))})" for group in groups)
        rows = self._rows("SELECT rowid FROM lexicon WHERE lexicon MATCH ? ORDER BY rowid", wanted)
        return [number for (number,) in rows]

    def names(self) -> list[str]:
        """Every term that is how a name sounds, each with the "~" that it begins with."""
        rows = self._rows("SELECT term FROM frequencies WHERE term >= '~' AND term < ?", "\x7f")
        return [term for (term,) in rows]

    def worded(self, terms: Mapping[str, int], top: int, filters: Filters) -> list[int]:
        """The numbers of the `top` passages whose terms weigh most together, best first.

        FTS5's own rank would put none before another: without positions or a copy of the text, it is 0 for all.
        """
        condition, values = filters.as_sql()
        joined = (
            ""
            if condition == "TRUE"
            else "JOIN passages ON passages.number = lexicon.rowid JOIN articles ON articles.number = passages.article"
        )
        query = (
            "WITH asked (term, weight) AS (SELECT key, value FROM json_each(?)) "
            "SELECT lexicon.rowid FROM asked CROSS JOIN lexicon "
            f"{joined} WHERE lexicon MATCH '\"' || asked.term || '\"' AND {condition} "
            "GROUP BY lexicon.rowid ORDER BY sum(asked.weight) DESC, lexicon.rowid LIMIT ?"
        )
        return [number for (number,) in self._rows(query, json.dumps(dict(terms)), *values, top)]


def _matched(term: Term) -> str:
    """The term as a part of what FTS5 matches, whatever is in it."""
    quoted = term.text.replace('"', '""')
    return f'"{quoted}"' + (" *" if term.is_beginning else "")


def is_in(rows: Rows) -> bool:
    """Whether the database holds a full text."""
    return bool(rows("SELECT TRUE FROM sqlite_master WHERE name = 'lexicon'"))


def drop(rows: Rows) -> None:
    """Remove the full text from the database, if it holds one."""
    for table in TABLES:
        rows(f"DROP TABLE IF EXISTS {table}")
