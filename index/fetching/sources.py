"""Which addresses are named: one by itself, or those of a list (.opml, or .toml with `sources = ["https://…"]`)."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from index.errors import Unreadable, UserError
from index.reading.readers.safexml import parse_xml

MOST_SOURCES = 1_000
MOST_BYTES = 5_000_000


def sources(named: str) -> list[str]:
    """The addresses, each once; raises UserError for what is neither an address nor a list of them."""
    if named.startswith(("http://", "https://")):
        return [named]
    path = Path(named)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES)
    except OSError as error:
        raise UserError(f"{named} is neither an address nor a file ({error.strerror}). Name one of them.") from error
    try:
        listed = _of_toml(content) if path.suffix.lower() == ".toml" else _of_opml(content)
        found = list(dict.fromkeys(one for one in listed if one.startswith(("http://", "https://"))))
    except (Unreadable, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{named} cannot be read ({error}). Save it anew as OPML.") from error
    if not found:
        raise UserError(f'{named} names no feeds. Save it as OPML, or as TOML with sources = ["https://…"].')
    return found[:MOST_SOURCES]


def _of_opml(content: bytes) -> Iterator[str]:
    for outline in parse_xml(content).iter("{*}outline"):
        yield str(outline.get("xmlUrl") or outline.get("url") or "").strip()


def _of_toml(content: bytes) -> Iterator[str]:
    listed = tomllib.loads(content.decode()).get("sources", [])
    for one in listed if isinstance(listed, list) else ():
        yield str(one.get("url", "") if isinstance(one, dict) else one).strip()
