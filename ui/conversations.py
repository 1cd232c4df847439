"""Conversations, kept in one SQLite file beside the index, each for the one browser, or person signed in, that held it.

A question is written down before it is asked, its answer when it is there: after a restart, one without an answer
was interrupted. Replies that still run are found here too, so that a reload never asks twice.
"""

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from assistant.assistant import QUESTION_CHARACTERS, Assistant, checked_question
from assistant.line import Line
from index.errors import UserError
from index.vectors import Filters
from ui.api.guard import RateLimit
from ui.record import from_json, quote_from, to_json
from ui.reply import SEARCHES_AT_ONCE, Reply, ask

FILE = "conversations.sqlite3"
# Tells browsers apart, so that each sees its own conversations; ui/launch.py sets it.
COOKIE = "newsdesk"
# How much is taken on: questions of one owner in a minute, and conversations in which an answer is under way.
PER_MINUTE, MOST_RUNNING = 60, 500
BUSY_SECONDS = 10
SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (id TEXT PRIMARY KEY, owner TEXT, asked TEXT);
CREATE TABLE IF NOT EXISTS turns (conversation TEXT, number INTEGER, question TEXT, filters TEXT, answer TEXT,
                                  PRIMARY KEY (conversation, number));
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One of a browser's conversations: its first question, and when the last one was asked."""

    id: str
    question: str
    asked: str  # ISO date and time with zone


class Conversations:
    """All conversations of this server. `path` None keeps them in memory only, until the server ends."""

    def __init__(self, path: Path | None) -> None:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA secure_delete = ON")  # what was deleted can be read nowhere
        self._database.executescript(SCHEMA)
        self._searching = Line(SEARCHES_AT_ONCE)
        self._rate_limit = RateLimit(PER_MINUTE)
        self._running: dict[str, list[Reply]] = {}  # conversations in which an answer is under way

    def of(self, owner: str) -> list[Conversation]:
        """The browser's conversations, the one that was last asked in first."""
        rows = self._rows(
            "SELECT id, question, asked FROM conversations JOIN turns ON conversation = id AND number = 0 "
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
            return [_read(*row) for row in rows]

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
            self._rows("DELETE FROM turns WHERE conversation = ? AND number >= ?", conversation, number)
            chosen = json.dumps(asdict(filters) | {"answer_language": answer_language})
            self._rows("INSERT INTO turns VALUES (?, ?, ?, ?, '')", conversation, number, question, chosen)
            then = partial(self._keep, conversation, number)
            reply = ask(assistant, question, earlier, filters, answer_language, then, self._searching)
            self._running[conversation] = [*earlier, reply]
        return conversation, reply

    def delete(self, owner: str, conversation: str = "") -> None:
        """Forgets one of the browser's conversations, or all of them."""
        with self._lock:
            for one in self.of(owner):
                if conversation in ("", one.id):
                    for reply in self._running.pop(one.id, ()):
                        reply.stop()
                    self._rows("DELETE FROM turns WHERE conversation = ?", one.id)
                    self._rows("DELETE FROM conversations WHERE id = ?", one.id)

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
            return self._database.execute(statement, values).fetchall()


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


def _read(question: str, chosen: str, answer: str) -> Reply:
    filters = json.loads(chosen)
    answer_language = filters.pop("answer_language", "")
    reply = Reply(question, Filters(**filters), answer_language, interrupted=not answer)
    if answer:
        fields = json.loads(answer)
        if "answer" in fields:
            reply.answer = from_json(fields.pop("answer"))
        else:
            quotes: Sequence[dict[str, Any]] | None = fields["found"]
            reply.found = None if quotes is None else tuple(quote_from(one) for one in quotes)
            reply.written, reply.error, reply.stopped = fields["written"], fields["error"], fields["stopped"]
        reply.end()
    return reply
