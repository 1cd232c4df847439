"""E-mails (.eml) and web archives (.mht): the message's words, or the page inside."""

import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from functools import partial
from itertools import pairwise
from pathlib import PurePosixPath

from index.errors import Unreadable
from index.reading.readers.days import day_of
from index.reading.readers.story import Flaw, Story, one_line
from index.reading.readers.webpage import read_webpage
from index.reading.texts.decoding import decode, decode_declared, is_binary, sanitise

# What the standard library's parsers of headers raise over hostile ones.
_HEADER_ERRORS = (RecursionError, LookupError, ValueError, AttributeError, TypeError)

# What is attached is read by the reader for its name and bytes, which whoever reads a mail hands in.
ReaderFor = Callable[[str, bytes], Callable[[bytes], Iterable[Story | Flaw]]]
# The kinds of file that have one.
READ = frozenset(
    ".txt .md .markdown .html .htm .xhtml .pdf .docx .doc .rtf .odt .epub .eml .mbox .mht .mhtml .json .jsonl .ndjson "
    ".csv .tsv .xlsx .srt .vtt .rss .atom .xml .nitf .newsml".split()
)
_MESSAGE = re.compile(rb"^From \S[^\n]{0,300}\d{4}[^\n]{0,100}\n(?=[A-Za-z-]{1,100}+:)", re.MULTILINE)
# Plain text stands for the HTML beside it unless that tells over twice as much.
PLAIN_WORTH = 2


def read_mail(content: bytes, reader_for: ReaderFor) -> Iterator[Story | Flaw]:
    """The message's words; then each message forwarded with it, and each file attached, as an article of its own."""
    message = _parsed(content)
    if not message.keys():
        raise Unreadable("it has no headers; it is no e-mail")
    seen: Counter[str] = Counter()
    try:
        for one in _read_message(message, "", reader_for):
            seen[one.part] += 1
            yield one if seen[one.part] == 1 else replace(one, part=f"{one.part} ({seen[one.part]})")
    except RecursionError as error:
        raise Unreadable("its parts nest too deep in one another") from error


def read_mailbox(content: bytes, reader_for: ReaderFor) -> Iterator[Story | Flaw]:
    """Each message of the mailbox, counted from 1, with what is attached to it."""
    starts = [match.start() for match in _MESSAGE.finditer(content)]
    if not starts:
        raise Unreadable("it holds no messages; it is no mailbox")
    for number, (start, end) in enumerate(pairwise([*starts, len(content)]), start=1):
        message = content[start:end].partition(b"\n")[2].replace(b"\n>From ", b"\nFrom ")
        yield from (
            replace(one, part=f"#{number}{one.part}") for one in _safely("", partial(read_mail, message, reader_for))
        )


def _read_message(message: EmailMessage, part: str, reader_for: ReaderFor) -> Iterator[Story | Flaw]:
    shown, others = _sorted(message)
    if not shown and not others:
        raise Unreadable("it holds no text")
    if shown:
        yield _message_story(message, shown, part)
    numbered = len([other for other in others if other.get_content_type() == "message/rfc822"]) > 1
    forwarded = 0
    for other in others:
        if other.get_content_type() == "message/rfc822":
            forwarded += 1
            inner = other.get_payload(0) if other.is_multipart() else None
            name = f"{part}/forwarded{forwarded if numbered else ''}"
            if isinstance(inner, EmailMessage):
                yield from _safely(name, partial(_read_message, inner, name, reader_for))
        else:
            yield from _read_attached(other, part, reader_for)


def _message_story(message: EmailMessage, shown: Sequence[MIMEPart], part: str) -> Story:
    stories = [_read_body(one) for one in shown]
    headers = _headers(message, {"title": "subject"})
    with suppress(*_HEADER_ERRORS):
        addresses = getattr(message["from"], "addresses", ())
        name = ", ".join(address.display_name or address.addr_spec for address in addresses)
        headers |= {"author": (name, "mail header")} if name else {}
    # A page that was sent tells of itself; where there is one beside other words it tells of one part only.
    said = stories[0].found if len(stories) == 1 else {}
    text = (
        stories[0].text if len(stories) == 1 else "\n\n".join(one.text.strip() for one in stories if one.text.strip())
    )
    return Story(text, {**said, **headers}, stories[0].evidence, part=part)


def _sorted(part: MIMEPart) -> tuple[list[MIMEPart], list[MIMEPart]]:
    """The parts whose words the message shows, in order, and what is attached to it; of alternatives the fullest."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return [], [part]
    if kind == "multipart/alternative":
        choices = [_sorted(one) for one in part.iter_parts() if isinstance(one, MIMEPart)]
        fullest = max((shown for shown, _ in choices if shown), key=_fullness, default=[])
        return fullest, [other for _, others in choices for other in others]
    if part.is_multipart():
        pairs = [_sorted(one) for one in part.iter_parts() if isinstance(one, MIMEPart)]
        return [one for shown, _ in pairs for one in shown], [one for _, others in pairs for one in others]
    is_attached = _header(part, "content-disposition").lower().startswith("attachment")
    if kind in ("text/plain", "text/html") and not (is_attached and _file_name(part)):
        return [part], []
    # What a page shows with its words, a picture as a rule, is no file that somebody attached.
    return [], [part] if _file_name(part) and (is_attached or _is_read(part)) else []


def _fullness(shown: Sequence[MIMEPart]) -> float:
    """How many words they show; the same story in plain text counts for more."""
    words = 0.0
    for part in shown:
        try:
            story = _read_body(part)
        except Unreadable:
            continue
        words += len(story.text) * (PLAIN_WORTH if part.get_content_type() == "text/plain" else 1)
    return words


def _read_attached(part: MIMEPart, before: str, reader_for: ReaderFor) -> Iterator[Story | Flaw]:
    name = one_line(_file_name(part).replace("\\", "/").rpartition("/")[2])
    place = f"{before}/{name}"

    def stories() -> Iterator[Story | Flaw]:
        content = _payload(part)
        if not content:
            raise Unreadable("the file is empty")
        for one in reader_for(name, content)(content):
            yield replace(one, part=place + one.part)

    yield from _safely(place, stories)


def _safely(place: str, stories: Callable[[], Iterator[Story | Flaw]]) -> Iterator[Story | Flaw]:
    try:
        yield from stories()
    except Unreadable as reason:
        yield Flaw(place, str(reason))


def _file_name(part: MIMEPart) -> str:
    with suppress(*_HEADER_ERRORS):
        return part.get_filename() or ""
    return ""


def _is_read(part: MIMEPart) -> bool:
    return PurePosixPath(_file_name(part)).suffix.lower() in READ


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
        message = message_from_bytes(content, policy=policy.default)
        for part in message.walk():
            _read_letters(part)
        return message
    except RecursionError as error:
        raise Unreadable("its parts nest too deep in one another") from error


def _read_letters(part: EmailMessage) -> None:
    """Gives the headers the letters that stand there as bare bytes, which mail is not to have and often has."""
    with suppress(*_HEADER_ERRORS):
        charset = part.get_content_charset() or ""
        for name, value in list(part.raw_items()):
            if not str(value).isascii():
                line = str(value).encode("utf-8", "surrogateescape")
                with suppress(Unreadable, *_HEADER_ERRORS):
                    part.replace_header(name, one_line(_decoded(line, charset)[0]))


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
    # A body of ASCII that says nothing else may still be marked by escapes.
    read = decode_declared(payload, charset) if charset and charset.lower() not in ("us-ascii", "utf-8") else None
    if read is None:
        return decode(payload)
    text, _ = read
    if is_binary(text):
        raise Unreadable("it holds binary content, not text")
    return sanitise(text), f"header: {charset}"


def _headers(message: EmailMessage, fields: dict[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for field, header in fields.items():
        if line := _header(message, header):
            found[field] = (line, "mail header")
    if day := day_of(_header(message, "date")):
        found["published"] = (day, "mail header")
    return found


def _header(part: MIMEPart, name: str) -> str:
    """The header on one line; "" without one, or when its parser fails over it."""
    with suppress(*_HEADER_ERRORS):
        return one_line(str(part[name] or ""))
    return ""
