"""Conversations, kept in one SQLite file beside the index, each for the one browser, or person signed in, that held it.

A question is written down before it is asked, its answer when it is there: after a restart, one without an answer
was interrupted. Replies that still run are found here too, so that a reload never asks twice.
"""

import json
import logging
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from assistant.assistant import Assistant
from assistant.lookup.query import parsed
from assistant.models.turns import Line
from assistant.question import QUESTION_CHARACTERS, checked_question
from index.errors import UserError
from index.filters import Filters, filters_from
from ui.rate_limit import RateLimit
from ui.record import Record, from_json, quote_from, to_json
from ui.reply import SEARCHES_AT_ONCE, Reply, ask

logger = logging.getLogger(__name__)

FILE = "conversations.sqlite3"
# Tells browsers apart, so that each sees its own conversations; ui/page/launch.py sets it.
COOKIE = "newsdesk"
# How much is taken on: questions of one owner in a minute, and conversations in which an answer is under way.
PER_MINUTE, MOST_RUNNING = 60, 500
BUSY_SECONDS = 10
TITLE_CHARACTERS, MOST_SEARCHES = 200, 20
LINK_BYTES = 24  # drawn at random: nobody guesses one of so many
SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, owner TEXT, asked TEXT);
CREATE TABLE IF NOT EXISTS titles (conversation TEXT PRIMARY KEY, title TEXT);
CREATE TABLE IF NOT EXISTS turns (conversation TEXT, number INTEGER, question TEXT, filters TEXT, answer TEXT,
                                  PRIMARY KEY (conversation, number));
CREATE TABLE IF NOT EXISTS links (conversation TEXT, number INTEGER, token TEXT UNIQUE,
                                  PRIMARY KEY (conversation, number));
CREATE TABLE IF NOT EXISTS ratings (conversation TEXT, number INTEGER, rating TEXT,
                                    PRIMARY KEY (conversation, number));
CREATE TABLE IF NOT EXISTS searches (owner TEXT, name TEXT, query TEXT, filters TEXT, newest_first INTEGER, seen TEXT,
                                     PRIMARY KEY (owner, name));
"""

_COLUMNS = {
    "conversations": "id, owner, asked",
    "turns": "conversation, number, question, filters, answer",
    "titles": "conversation, title",
    "links": "conversation, number, token",
    "ratings": "conversation, number, rating",
    "searches": "owner, name, query, filters, newest_first, seen",
}
_NEEDED = ("conversations", "turns")  # the others came later, and are made where they are missing


@dataclass(frozen=True, slots=True)
class Conversation:
    """One of a browser's conversations: its first question, and when the last one was asked.

    `title` is what its owner calls it, "" for the question.
    """

    id: str
    question: str
    asked: str  # ISO date and time with zone
    title: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.title or self.question


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted, kept by whoever may want it back."""

    conversations: tuple[tuple[str, str, str], ...]
    turns: tuple[tuple[str, int, str, str, str], ...]
    titles: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, int, str], ...] = ()
    ratings: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search for words under its name; `seen` are checksums of the ids of the articles that it had found by then."""

    name: str
    query: str
    filters: Filters
    newest_first: bool
    seen: frozenset[int]


class Conversations:
    """All conversations of this server. `path` None keeps them in memory only, until the server ends."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._path = path
        self.notice = ""  # one sentence when a damaged file was moved aside
        self._database = self._opened()
        self._searching = Line(SEARCHES_AT_ONCE)
        self._rate_limit = RateLimit(PER_MINUTE)
        self._running: dict[str, list[Reply]] = {}  # conversations in which an answer is under way

    def _opened(self) -> sqlite3.Connection:
        """The database; a file that is none, or damaged, is moved aside first."""
        if self._path and (problem := problem_of(self._path)):
            aside = self._path.with_name(f"{self._path.name}.{datetime.now():%Y%m%d-%H%M%S}.damaged")
            for ending in ("", "-journal", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(f"{self._path}{ending}").rename(f"{aside}{ending}")
            self.notice = f"Earlier conversations cannot be read ({problem}); they are kept in {aside.name}."
            logger.warning("%s", self.notice)
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
        database = sqlite3.connect(self._path or ":memory:", check_same_thread=False, isolation_level=None)
        database.execute("PRAGMA secure_delete = ON")  # what was deleted can be read nowhere
        database.executescript(SCHEMA)
        return database

    @property
    def busy(self) -> bool:
        """Whether an answer is under way in any of them."""
        return bool(self._running)

    def of(self, owner: str) -> list[Conversation]:
        """The browser's conversations, the one that was last asked in first."""
        rows = self._rows(
            "SELECT id, question, asked, coalesce(title, '') FROM conversations "
            "JOIN turns ON turns.conversation = id AND number = 0 LEFT JOIN titles ON titles.conversation = id "
            "WHERE owner = ? ORDER BY asked DESC, conversations.rowid DESC",
            owner,
        )
        return [Conversation(*row) for row in rows]

    def replies(self, owner: str, conversation: str) -> list[Reply]:
        """The questions of one conversation with their answers so far; none when it is another browser's."""
        with self._lock:
            if not self._rows("SELECT 1 FROM conversations WHERE id = ? AND owner = ?", conversation, owner):
                return []
            if conversation in self._running:
                return list(self._running[conversation])
            rows = self._rows(
                "SELECT question, filters, answer FROM turns WHERE conversation = ? ORDER BY number", conversation
            )
            return [_read_or_lost(*row) for row in rows]

    def ask(
        self,
        owner: str,
        conversation: str,
        question: str,
        filters: Filters,
        assistant: Assistant,
        answer_language: str = "",
        instead_of: int | None = None,
    ) -> tuple[str, Reply]:
        """The conversation, a new one when "" or not the browser's, and a reply that fills itself.

        `instead_of` is the number, from 0, of the question whose place it takes; that one and all after it are dropped.
        Raises UserError, and asks and keeps nothing, when the question is too long, or the owner or all ask too many.
        """
        if len(question) > QUESTION_CHARACTERS:
            checked_question(question)
        with self._lock:
            if wait := self._rate_limit.enter(owner) or BUSY_SECONDS * (len(self._running) >= MOST_RUNNING):
                raise UserError(f"Too many questions are asked, try again in {wait} s.")
            earlier = self.replies(owner, conversation)
            if not earlier:
                conversation = token_urlsafe(9)
                self._rows("INSERT INTO conversations VALUES (?, ?, '')", conversation, owner)
            asked = datetime.now().astimezone().isoformat(timespec="seconds")
            self._rows("UPDATE conversations SET asked = ? WHERE id = ?", asked, conversation)
            number = len(earlier) if instead_of is None else min(instead_of, len(earlier))
            for dropped in earlier[number:]:
                dropped.stop()
            earlier = earlier[:number]
            for table in ("turns", "links", "ratings"):
                self._rows(f"DELETE FROM {table} WHERE conversation = ? AND number >= ?", conversation, number)
            chosen = json.dumps(asdict(filters) | {"answer_language": answer_language})
            self._rows("INSERT INTO turns VALUES (?, ?, ?, ?, '')", conversation, number, question, chosen)
            then = partial(self._keep, conversation, number)
            reply = ask(assistant, question, earlier, filters, answer_language, then, self._searching)
            self._running[conversation] = [*earlier, reply]
        return conversation, reply

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Calls one of the browser's conversations so; "" calls it by its first question again."""
        title = " ".join(title.split())[:TITLE_CHARACTERS]
        with self._lock:
            if self._rows("SELECT 1 FROM conversations WHERE id = ? AND owner = ?", conversation, owner):
                self._rows("INSERT OR REPLACE INTO titles VALUES (?, ?)", conversation, title)

    def links(self, owner: str, conversation: str) -> dict[int, str]:
        """The tokens that open single answers of one of the browser's conversations, by the question's number."""
        return self._of_each("token", "links", owner, conversation)

    def ratings(self, owner: str, conversation: str) -> dict[int, str]:
        """What the browser said of the answers of one of its conversations, by the question's number."""
        return self._of_each("rating", "ratings", owner, conversation)

    def _of_each(self, column: str, table: str, owner: str, conversation: str) -> dict[int, str]:
        rows = self._rows(
            f"SELECT number, {column} FROM {table} JOIN conversations ON id = conversation WHERE id = ? AND owner = ?",
            conversation,
            owner,
        )
        return dict(rows)

    def rate(self, owner: str, conversation: str, number: int, rating: str) -> None:
        """Remembers what the browser says of its answer, "" nothing any more, in place of what it said before."""
        with self._lock:
            if self._rows("SELECT 1 FROM conversations WHERE id = ? AND owner = ?", conversation, owner):
                self._rows("DELETE FROM ratings WHERE conversation = ? AND number = ?", conversation, number)
                if rating:
                    self._rows("INSERT INTO ratings VALUES (?, ?, ?)", conversation, number, rating)

    def share(self, owner: str, conversation: str, number: int) -> str:
        """The token with which others may read that answer and nothing else; "" where the browser has no such answer.

        It opens it until it is withdrawn, the question is asked again, or deleted.
        """
        with self._lock:
            replies = self.replies(owner, conversation)
            if not 0 <= number < len(replies) or replies[number].answer is None:
                return ""
            token = token_urlsafe(LINK_BYTES)
            self._rows("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", conversation, number, token)
            return self.links(owner, conversation)[number]

    def withdraw(self, owner: str, conversation: str, number: int) -> None:
        """From now on the answer's link opens nothing."""
        with self._lock:
            if self._rows("SELECT 1 FROM conversations WHERE id = ? AND owner = ?", conversation, owner):
                self._rows("DELETE FROM links WHERE conversation = ? AND number = ?", conversation, number)

    def shared(self, token: str) -> Record | None:
        """The answer that the token opens, whoever asks; None when there is none, or none any more."""
        rows = self._rows(
            "SELECT question, filters, answer FROM turns JOIN links USING (conversation, number) WHERE token = ?", token
        )
        return _read_or_lost(*rows[0]).answer if rows else None

    def delete(self, owner: str, conversation: str = "") -> Deleted:
        """Forgets one of the browser's conversations, or all of them; what it was, for `restore`."""
        kept: dict[str, list[tuple[Any, ...]]] = {field.name: [] for field in fields(Deleted)}
        with self._lock:
            for one in self.of(owner):
                if conversation in ("", one.id):
                    for reply in self._running.pop(one.id, ()):
                        reply.stop()
                    for table in kept:
                        key = "id" if table == "conversations" else "conversation"
                        kept[table] += self._rows(f"SELECT * FROM {table} WHERE {key} = ?", one.id)
                        self._rows(f"DELETE FROM {table} WHERE {key} = ?", one.id)
        return Deleted(*(tuple(rows) for rows in kept.values()))

    def restore(self, owner: str, deleted: Deleted) -> None:
        """Keeps again what was deleted of that owner's; an answer that was under way is lost."""
        with self._lock:
            own = {one[0] for one in deleted.conversations if one[1] == owner}
            for table, rows, marks in (
                ("conversations", deleted.conversations, "?, ?, ?"),
                ("turns", deleted.turns, "?, ?, ?, ?, ?"),
                ("titles", deleted.titles, "?, ?"),
                ("links", deleted.links, "?, ?, ?"),
                ("ratings", deleted.ratings, "?, ?, ?"),
            ):
                for row in rows:
                    if row[0] in own:
                        self._rows(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", *row)

    def searches(self, owner: str) -> list[KeptSearch]:
        """The searches that the browser keeps, by name."""
        rows = self._rows(
            "SELECT name, query, filters, newest_first, seen FROM searches WHERE owner = ? ORDER BY name", owner
        )
        return [
            KeptSearch(name, query, filters_from(json.loads(chosen)), bool(newest_first), frozenset(json.loads(seen)))
            for name, query, chosen, newest_first, seen in rows
        ]

    def keep_search(self, owner: str, search: KeptSearch) -> None:
        """Keeps it, in place of the one of that name.

        Raises UserError for one too many, without a name, or that is none.
        """
        parsed(search.query)
        name = " ".join(search.name.split())[:TITLE_CHARACTERS]
        if not name:
            raise UserError("The search has no name. Give it one.")
        with self._lock:
            names = {one.name for one in self.searches(owner)}
            if name not in names and len(names) >= MOST_SEARCHES:
                raise UserError("So many searches are kept already. Delete one first.")
            kept = (search.query, json.dumps(asdict(search.filters)), search.newest_first, json.dumps([*search.seen]))
            self._rows("INSERT OR REPLACE INTO searches VALUES (?, ?, ?, ?, ?, ?)", owner, name, *kept)

    def forget_search(self, owner: str, name: str) -> None:
        """The browser keeps no search of that name any more."""
        self._rows("DELETE FROM searches WHERE owner = ? AND name = ?", owner, name)

    def _keep(self, conversation: str, number: int, reply: Reply) -> None:
        with self._lock:
            if reply not in self._running.get(conversation, ()):
                return  # deleted, or dropped for another in its place
            self._rows(
                "UPDATE turns SET answer = ? WHERE conversation = ? AND number = ?",
                _written(reply),
                conversation,
                number,
            )
            if not self._rows("SELECT 1 FROM turns WHERE conversation = ? AND answer = ''", conversation):
                self._running.pop(conversation, None)  # from here on it is read from the file

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._database.execute(statement, values).fetchall()
            except sqlite3.DatabaseError as error:
                # Of its subclasses, none says that the file itself is damaged.
                if type(error) is not sqlite3.DatabaseError or self._path is None or not problem_of(self._path):
                    raise
                self._database.close()
                self._database = self._opened()
                return self._database.execute(statement, values).fetchall()


def problem_of(path: Path) -> str:
    """Why no conversations can be read from the file, "" when they can, or there is no file yet."""
    if not path.is_file():
        return "it is no file" if path.exists() else ""
    try:
        # Not read-only: what a kill left half written is rolled back first, as at any opening.
        with closing(sqlite3.connect(path)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
                return ""  # begun, and nothing kept yet
            for table, columns in _COLUMNS.items():
                if (
                    table in _NEEDED
                    or database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone()
                ):
                    database.execute(f"SELECT {columns} FROM {table} LIMIT 1").fetchall()
            ((verdict,),) = database.execute("PRAGMA quick_check(1)")
    except sqlite3.OperationalError as error:
        return f"another version made it: {error}" if str(error).startswith("no such") else ""
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if verdict == "ok" else "it is damaged"


def _written(reply: Reply) -> str:
    """All of a reply but its question, as JSON."""
    if reply.answer:
        return json.dumps({"answer": to_json(reply.answer)})
    return json.dumps(
        {
            "found": None if reply.found is None else [asdict(one) for one in reply.found],
            "written": reply.written,
            "error": reply.error,
            "stopped": reply.stopped,
        }
    )


def _read_or_lost(question: str, chosen: str, answer: str) -> Reply:
    """The reply as it was kept; one that cannot be read any more was interrupted."""
    try:
        return _read(question, chosen, answer)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Reply(str(question), Filters(), "", interrupted=True)


def _read(question: str, chosen: str, answer: str) -> Reply:
    filters = json.loads(chosen)
    answer_language = filters.pop("answer_language", "")
    reply = Reply(question, filters_from(filters), answer_language, interrupted=not answer)
    if answer:
        kept = json.loads(answer)
        if "answer" in kept:
            reply.answer = from_json(kept.pop("answer"))
        else:
            quotes: Sequence[dict[str, Any]] | None = kept["found"]
            reply.found = None if quotes is None else tuple(quote_from(one) for one in quotes)
            reply.written, reply.error, reply.stopped = kept["written"], kept["error"], kept["stopped"]
        reply.end()
    return reply
