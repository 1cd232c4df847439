"""RSS and Atom feeds saved to disk: each entry is an article."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from lxml import etree

from index.errors import Unreadable
from index.readers.safexml import local_name, parse_xml
from index.readers.story import Flaw, Story, is_date, language_code, one_line
from index.readers.webpage import read_fragment

if TYPE_CHECKING:
    from lxml.etree import _Element

# Elements of an entry that hold its text, the fullest first.
_TEXTS = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "updated")
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_feed(content: bytes) -> Iterator[Story | Flaw]:
    """The entries in their order, counted from 1."""
    root = parse_xml(content)
    if local_name(root) not in ("rss", "feed", "RDF"):
        raise Unreadable("it is XML, but no RSS or Atom feed")
    channel = next(root.iterfind("{*}channel"), root)
    source = _line(channel, "title")
    language = language_code(_line(channel, "language") or root.get(_XML_LANGUAGE) or "")
    for number, entry in enumerate(root.iter("{*}item", "{*}entry"), start=1):
        try:
            text = next(filter(None, (_text(entry, name) for name in _TEXTS)), "")
            title = _line(entry, "title")
        except Unreadable as reason:
            yield Flaw(f"#{number}", str(reason))
            continue
        if not text:
            yield Flaw(f"#{number}", "the entry holds no text")
            continue
        values = {
            "title": title,
            "published": next(filter(None, (_day(_line(entry, name)) for name in _DATES)), ""),
            "language": language_code(entry.get(_XML_LANGUAGE) or "") or language,
            "source": source,
            "author": ", ".join(filter(None, map(_author, entry.iterfind("{*}creator")))) or _author_of(entry),
            "url": _address(entry),
        }
        found = {name: (value, "feed") for name, value in values.items() if value}
        yield Story(text, found, {"encoding": "XML"}, part=f"#{number}")


def _line(entry: "_Element", name: str) -> str:
    element = next(entry.iterfind(f"{{*}}{name}"), None)
    return "" if element is None else one_line(read_fragment("".join(map(str, element.itertext()))))


def _text(entry: "_Element", name: str) -> str:
    element = next(entry.iterfind(f"{{*}}{name}"), None)
    if element is None:
        return ""
    if len(element):  # Atom's XHTML
        return read_fragment(etree.tostring(element, encoding="unicode", with_tail=False))
    return read_fragment(element.text or "")


def _author(element: "_Element") -> str:
    name = next(element.iterfind("{*}name"), element)
    return one_line(name.text or "")


def _author_of(entry: "_Element") -> str:
    return ", ".join(filter(None, map(_author, entry.iterfind("{*}author"))))


def _day(value: str) -> str:
    if is_date(value[:10]):
        return value[:10]
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except ValueError:
        return ""


def _address(entry: "_Element") -> str:
    for link in entry.iterfind("{*}link"):
        address = one_line(link.get("href") or link.text or "")
        if link.get("rel", "alternate") == "alternate" and address.startswith(("http://", "https://")):
            return address
    return ""
