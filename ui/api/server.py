"""The HTTP API served until Ctrl-C, and its log."""

import json
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType

import click

from assistant.opening import start_opening
from assistant.settings import Settings
from index.errors import UserError
from index.steps import request_id
from ui.api.desk import Desk
from ui.api.guard import Guard
from ui.api.routes import create_app
from ui.api.tokens import Tokens
from ui.listening import address_of, is_loopback, refuse_busy_port, url_of
from ui.rate_limit import RateLimit
from ui.rebuilding import Rebuilds
from ui.serving import Server

# Our own packages tell of each request and rebuild; libraries only of what is wrong.
OURS = ("assistant", "index", "ui")
# What a request's last line in the log says besides.
EXTRA = ("route", "status", "ms", "caller")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the server takes on."""

    places: int = 16  # questions at once, being answered or waiting for it
    seconds: float = 300.0  # for one answer, waiting included
    per_minute: int = 60  # requests of one token, or of one address


def serve(
    host: str,
    port: int,
    settings: Settings,
    limits: Limits,
    log_json: bool = False,
    announce: Callable[[str], None] = click.echo,
) -> None:
    """Serves the API until Ctrl-C; `announce` gets a line with its address once it answers.

    Raises UserError when the port is taken, or others could reach the server and no token has been made.
    """
    address = address_of(host)
    tokens = Tokens(settings.index_dir)
    local = is_loopback(address)
    if not local and not tokens.all():
        raise UserError(
            f"Others could reach newsdesk on {host}, and no token has been made that would let in only whom you want. "
            "Make one with `newsdesk token create NAME`, or use --host 127.0.0.1."
        )
    refuse_busy_port(address, port)
    set_up_log(log_json)
    desk = Desk(partial(start_opening, settings), limits.places, limits.seconds)
    app = create_app(desk, Rebuilds(settings.index_dir))
    guard = Guard(app, tokens, local, RateLimit(limits.per_minute))
    said = f"newsdesk answers at {url_of(address, port)} (Ctrl-C ends it)"
    try:
        Server(guard, address, port, lambda: announce(said)).run()
    except KeyboardInterrupt:
        return


def set_up_log(as_json: bool) -> None:
    """Sends the log to the standard error, a line for each event, and each with its request's id."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json else Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


class Lines(logging.Formatter):
    """A line for people. Of an error it tells its kind and where it was raised: its message may hold what was asked."""

    def format(self, record: logging.LogRecord) -> str:
        error = f" ({_origin(record.exc_info)})" if record.exc_info else ""
        return f"{_time(record)} {record.levelname} {request_id.get() or '-'} {record.getMessage()}{error}"


class JsonLines(logging.Formatter):
    """The same as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            **{name: getattr(record, name) for name in EXTRA if hasattr(record, name)},
        }
        if record.exc_info:
            fields["error"] = _origin(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")


def _origin(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
) -> str:
    """The kind of an error, and the places in the code that it went through, outermost first."""
    kind, _, trace = exc_info
    frames = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(trace))
    return f"{kind.__name__ if kind else ''} at {frames}"
