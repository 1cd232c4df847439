"""What agencies send as XML: NewsML-G2 and NITF."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from index.languages.words import codes, languages, pattern
from index.languages.words import language as words_of
from index.reading.readers.days import day_of
from index.reading.readers.safexml import LANGUAGE, local_name
from index.reading.readers.story import Flaw, Story, language_code, not_published, one_line
from index.reading.readers.webpage import read_fragment
from index.reading.texts.decoding import sanitise

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOTS = ("newsMessage", "newsItem", "nitf", "NewsML")
_ITEMS = ("newsItem", "NewsComponent", "nitf")
_BLOCKS = frozenset("p hl2 hr h1 h2 h3 h4 h5 h6 li dt dd tr pre blockquote fn".split())
_NO_STORY = frozenset("media media-caption figure figcaption body.end head hedline byline dateline distributor".split())


def read_items(root: "_Element") -> Iterator[Story | Flaw]:
    """The items of the message in their order, counted from 1; a single one has no number."""
    items = [root] if local_name(root) in ("newsItem", "nitf") else _outermost(root)
    for number, item in enumerate(items, start=1):
        part = f"#{number}" if len(items) > 1 or item is not root else ""
        status = _attribute(item, "pubStatus", "qcode") or _attribute(item, "docdata", "management-status")
        if reason := not_published(status):
            yield Flaw(part, reason)
        elif text := _text(item):
            yield Story(text, _found(item), {"encoding": "XML"}, part=part)
        else:
            yield Flaw(part, "the entry holds no text")


def _outermost(root: "_Element") -> list["_Element"]:
    items = list(root.iter("{*}newsItem", "{*}nitf", "{*}NewsComponent"))
    return [one for one in items if not any(local_name(parent) in _ITEMS for parent in one.iterancestors())]


def _text(item: "_Element") -> str:
    """The words of its body, a paragraph apart from the next by an empty line."""
    bodies = list(item.iter("{*}body.content")) or list(item.iter("{*}body")) or list(item.iter("{*}inlineXML"))
    paragraphs = [text for body in bodies[:1] for text in _paragraphs(body)]
    if not paragraphs:
        for data in (*item.iter("{*}inlineData"), *item.iter("{*}DataContent")):
            words = "".join(map(str, data.itertext()))
            return read_fragment(words) if re.search(r"<\w", words) else sanitise(words).strip()
    return sanitise("\n\n".join(paragraphs))


def _paragraphs(body: "_Element") -> Iterator[str]:
    """Each outermost block; what stands between blocks is a paragraph too."""
    if (text := one_line(body.text or "")) and local_name(body) not in _BLOCKS:
        yield text
    for child in body:
        if local_name(child) in _BLOCKS:
            separator = " | " if local_name(child) == "tr" else ""
            words = (str(word) for word in child.itertext())
            if line := one_line(separator.join(filter(str.strip, words)) if separator else "".join(words)):
                yield line
        elif local_name(child) not in _NO_STORY:
            yield from _paragraphs(child)
        if text := one_line(child.tail or ""):
            yield text


def _found(item: "_Element") -> dict[str, tuple[str, str]]:
    language = _attribute(item, "language", "tag") or item.get(LANGUAGE) or ""
    language = language or _attribute(item, "body", LANGUAGE) or _attribute(item, "Language", "FormalName")
    code = language_code(language)
    days = [
        _attribute(item, "date.release", "norm"),
        _attribute(item, "date.issue", "norm"),
        _attribute(item, "pubdata", "date.publication"),
        *(_line(item, name) for name in ("contentCreated", "firstCreated", "versionCreated", "sent", "FirstCreated")),
    ]
    values = {
        "title": next(filter(None, (_line(item, name) for name in ("hl1", "headline", "HeadLine", "title"))), ""),
        "published": next(filter(None, map(day_of, days)), ""),
        "language": code,
        "source": _source(item),
        "author": _by(code).sub("", _line(item, "byline") or _line(item, "by")),
        "url": next((one for one in _addresses(item) if re.fullmatch(r"https?://\S+", one)), ""),
    }
    return {name: (value, "news item") for name, value in values.items() if value}


@cache
def _by(language: str) -> re.Pattern[str]:
    """What stands before an author, in the language or in English; where that is not known, in any."""
    spoken = [words_of(language), words_of("en")] if language in codes() else languages()
    words = pattern(tuple(word for one in spoken for word in one.pages.bylines))
    return re.compile(rf"^(?:{words})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)


def _source(item: "_Element") -> str:
    for name in ("provider", "infoSource", "copyrightHolder", "creator"):
        for element in item.iter(f"{{*}}{name}"):
            if said := _line(element, "name") or element.get("literal", "") or one_line(element.text or ""):
                return one_line(said)
    return one_line(_attribute(item, "pubdata", "name") or _line(item, "doc.copyright"))


def _addresses(item: "_Element") -> Iterator[str]:
    yield _attribute(item, "pubdata", "ex-ref")
    for link in item.iter("{*}link"):
        yield link.get("href", "")


def _line(item: "_Element", name: str) -> str:
    element = next(item.iter(f"{{*}}{name}"), None)
    return "" if element is None else one_line("".join(map(str, element.itertext())))


def _attribute(item: "_Element", element: str, name: str) -> str:
    return next((value for one in item.iter(f"{{*}}{element}") if (value := one.get(name))), "")
