"""JSON and JSON lines whose objects are articles."""

import json
import re
from collections.abc import Iterator

from index.decoding import decode_exactly, sanitise
from index.errors import Unreadable
from index.readers.story import FIELDS, Flaw, Story, checked, one_line


def read_json(content: bytes) -> Iterator[Story | Flaw]:
    """One article, or each of a list of them (also as {"articles": […]}), counted from 1."""
    text, encoding = decode_exactly(content)
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no valid JSON ({error})") from error
    if isinstance(document, dict):
        document = document.get("articles", document)
    if not isinstance(document, list):
        yield _story(document, encoding, "")
        return
    for number, one in enumerate(document, start=1):
        yield _story(one, encoding, f"#{number}")


def read_json_lines(content: bytes) -> Iterator[Story | Flaw]:
    """The article of each line, counted from 1; empty lines are passed over."""
    text, encoding = decode_exactly(content)
    # No other break ends a line: U+2028 may stand in the texts.
    for number, line in enumerate(re.split("\r\n|[\r\n]", text), start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line, strict=False)
        except (ValueError, RecursionError) as error:
            yield Flaw(f"#{number}", f"line {number} is no valid JSON ({error})")
        else:
            yield _story(document, encoding, f"#{number}")


def _story(document: object, encoding: str, part: str) -> Story | Flaw:
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        return Flaw(part, 'it has no "text"; an article is {"title": "…", "text": "…", "published": "YYYY-MM-DD", …}')
    found = {}
    try:
        for name in FIELDS:
            value = document.get(name)
            values = value if isinstance(value, list) else [value]
            raw = one_line(", ".join(str(one) for one in values if isinstance(one, str | int)))
            if raw:
                found[name] = (checked(name, raw, "its metadata"), "JSON")
    except Unreadable as reason:
        return Flaw(part, str(reason))
    return Story(sanitise(document["text"]), found, {"encoding": encoding}, part=part)
