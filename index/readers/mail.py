"""E-mails (.eml) and web archives (.mht): the message's words, or the page inside."""

from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from index.decoding import decode, sanitise
from index.errors import Unreadable
from index.readers.story import Story, one_line
from index.readers.webpage import read_webpage


def read_mail(content: bytes) -> Iterator[Story]:
    """The plain text of the message; its HTML when there is no other."""
    message = message_from_bytes(content, policy=policy.default)
    if not message.keys():
        raise Unreadable("it has no headers; it is no e-mail")
    body = message.get_body(("plain", "html"))
    if body is None:
        raise Unreadable("it holds no text")
    story = _read_body(body)
    headers = _headers(message, {"title": "subject"})
    if sender := message["from"]:
        addresses = getattr(sender, "addresses", ())
        name = ", ".join(address.display_name or address.addr_spec for address in addresses)
        headers |= {"author": (name, "mail header")} if name else {}
    yield Story(story.text, {**story.found, **headers}, story.evidence)


def read_web_archive(content: bytes) -> Iterator[Story]:
    """The page that the archive was saved from; pictures and frames are not read."""
    message = message_from_bytes(content, policy=policy.default)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise Unreadable("it holds no page")
    story = _read_body(page)
    address = one_line(str(message["snapshot-content-location"] or page["content-location"] or ""))
    headers = _headers(message, {"title": "subject"})
    headers.pop("published", None)  # the day it was saved
    if address.startswith(("http://", "https://")):
        headers["url"] = (address, "archive header")
    yield Story(story.text, {**headers, **story.found}, story.evidence)


def _read_body(part: MIMEPart) -> Story:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text, encoding = _decoded(payload, part.get_content_charset() or "")
    story = read_webpage(text) if part.get_content_type() == "text/html" else Story(text)
    return Story(story.text, story.found, {**story.evidence, "encoding": encoding})


def _decoded(payload: bytes, charset: str) -> tuple[str, str]:
    """The words in the encoding that the header names, if they are in it."""
    try:
        return sanitise(payload.decode(charset)), f"header: {charset}"
    except (LookupError, ValueError):
        return decode(payload)


def _headers(message: EmailMessage, fields: dict[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for field, header in fields.items():
        if line := one_line(str(message[header] or "")):
            found[field] = (line, "mail header")
    with suppress(ValueError):
        found["published"] = (parsedate_to_datetime(str(message["date"])).date().isoformat(), "mail header")
    return found
