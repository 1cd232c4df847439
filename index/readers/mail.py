"""E-mails (.eml) and web archives (.mht): the message's words, or the page inside."""

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from index.decoding import decode, is_binary, sanitise
from index.errors import Unreadable
from index.readers.story import Story, one_line
from index.readers.webpage import read_webpage

# What the standard library's parsers of headers raise over hostile ones.
_HEADER_ERRORS = (RecursionError, LookupError, ValueError, AttributeError, TypeError)


def read_mail(content: bytes) -> Iterator[Story]:
    """The plain text of the message; its HTML when there is no other."""
    message = _parsed(content)
    if not message.keys():
        raise Unreadable("it has no headers; it is no e-mail")
    body = message.get_body(("plain", "html"))
    if body is None:
        raise Unreadable("it holds no text")
    story = _read_body(body)
    headers = _headers(message, {"title": "subject"})
    with suppress(*_HEADER_ERRORS):
        addresses = getattr(message["from"], "addresses", ())
        name = ", ".join(address.display_name or address.addr_spec for address in addresses)
        headers |= {"author": (name, "mail header")} if name else {}
    yield Story(story.text, {**story.found, **headers}, story.evidence)


def read_web_archive(content: bytes) -> Iterator[Story]:
    """The page that the archive was saved from; pictures and frames are not read."""
    message = _parsed(content)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise Unreadable("it holds no page")
    story = _read_body(page)
    address = _header(message, "snapshot-content-location") or _header(page, "content-location")
    headers = _headers(message, {"title": "subject"})
    headers.pop("published", None)  # the day it was saved
    if address.startswith(("http://", "https://")):
        headers["url"] = (address, "archive header")
    yield Story(story.text, {**headers, **story.found}, story.evidence)


def _parsed(content: bytes) -> EmailMessage:
    try:
        return message_from_bytes(content, policy=policy.default)
    except RecursionError as error:
        raise Unreadable("its parts nest too deep in one another") from error


def _read_body(part: MIMEPart) -> Story:
    text, encoding = _decoded(_payload(part), part.get_content_charset() or "")
    story = read_webpage(text) if part.get_content_type() == "text/html" else Story(text)
    return Story(story.text, story.found, {**story.evidence, "encoding": encoding})


def _payload(part: MIMEPart) -> bytes:
    """Its bytes; of base64 as much as is any.

    The standard library takes the letters out of whatever follows, or gives base64 that was cut off as it is.
    """
    if _header(part, "content-transfer-encoding").lower() != "base64":
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        return payload
    coded = "".join(re.match(r"[A-Za-z0-9+/\s]*", str(part.get_payload()))[0].split())  # type: ignore[index]
    coded = coded[: -1 if len(coded) % 4 == 1 else None]
    return b64decode(coded + "=" * (-len(coded) % 4))


def _decoded(payload: bytes, charset: str) -> tuple[str, str]:
    """The words in the encoding that the header names, if they are in it."""
    try:
        text = payload.decode(charset)
    except (LookupError, ValueError):
        return decode(payload)
    if is_binary(text):
        raise Unreadable("it holds binary content, not text")
    return sanitise(text), f"header: {charset}"


def _headers(message: EmailMessage, fields: dict[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for field, header in fields.items():
        if line := _header(message, header):
            found[field] = (line, "mail header")
    with suppress(ValueError):
        found["published"] = (parsedate_to_datetime(_header(message, "date")).date().isoformat(), "mail header")
    return found


def _header(part: MIMEPart, name: str) -> str:
    """The header on one line; "" without one, or when its parser fails over it."""
    with suppress(*_HEADER_ERRORS):
        return one_line(str(part[name] or ""))
    return ""
