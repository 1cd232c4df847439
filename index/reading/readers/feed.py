"""RSS and Atom feeds saved to disk: each entry is an article."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from index.errors import Unreadable
from index.reading.readers import newsml
from index.reading.readers.days import day_of
from index.reading.readers.safexml import LANGUAGE, local_name, mend_xml, parse_xml
from index.reading.readers.story import Flaw, Story, language_code, not_published, one_line
from index.reading.readers.webpage import read_fragment

if TYPE_CHECKING:
    from lxml.etree import _Element

# Elements of an entry that hold its text, the fullest first.
_TEXTS = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "issued", "date", "post_date", "created", "updated", "modified")
# The vocabularies whose elements are the entry's own; others tell of pictures, films and podcasts.
_OWN = frozenset(
    {
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
        "http://purl.org/rss/1.0/modules/content/",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
    }
)
_WORDPRESS = "http://wordpress.org/export/"
# What WordPress exports beside articles.
_ARTICLE_TYPES = frozenset(("", "post", "page"))
_ROOTS = ("rss", "feed", "RDF")


def read_feed(content: bytes) -> Iterator[Story | Flaw]:
    """The entries in their order, counted from 1; so the items of what agencies send."""
    root = _root(content)
    if local_name(root) in newsml.ROOTS:
        yield from newsml.read_items(root)
        return
    channel = next(root.iterfind("{*}channel"), root)
    source = _line(channel, "title")
    language = language_code(_line(channel, "language") or root.get(LANGUAGE) or "")
    for number, entry in enumerate(root.iter("{*}item", "{*}entry"), start=1):
        if _line(entry, "post_type") not in _ARTICLE_TYPES:
            continue
        if reason := not_published(_line(entry, "status")):
            yield Flaw(f"#{number}", reason)
            continue
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
            "published": next(filter(None, (day_of(_line(entry, name), language) for name in _DATES)), ""),
            "language": language_code(entry.get(LANGUAGE) or "") or language,
            "source": source,
            "author": ", ".join(filter(None, map(_author, _own(entry, "creator")))) or _author_of(entry),
            "url": _address(entry),
        }
        found = {name: (value, "feed") for name, value in values.items() if value}
        yield Story(text, found, {"encoding": "XML"}, part=f"#{number}")


def _root(content: bytes) -> "_Element":
    """The feed's root, though it may not be well-formed."""
    try:
        root = parse_xml(content)
    except Unreadable as reason:
        mended = mend_xml(content)
        if mended is None or local_name(mended) not in _ROOTS or next(mended.iter("{*}item", "{*}entry"), None) is None:
            raise reason from None
        root = mended
    if local_name(root) not in (*_ROOTS, *newsml.ROOTS):
        raise Unreadable("it is XML, but no RSS or Atom feed")
    return root


def _own(entry: "_Element", name: str) -> Iterator["_Element"]:
    """The children of that name that tell of the entry itself."""
    for element in entry.iterfind(f"{{*}}{name}"):
        vocabulary = str(element.tag).rpartition("}")[0].removeprefix("{")
        if vocabulary in _OWN or vocabulary.startswith(_WORDPRESS):
            yield element


def _line(entry: "_Element", name: str) -> str:
    element = next(_own(entry, name), None)
    return "" if element is None else one_line(read_fragment("".join(map(str, element.itertext()))))


def _text(entry: "_Element", name: str) -> str:
    element = next(_own(entry, name), None)
    if element is None:
        return ""
    if len(element):  # Atom's XHTML
        return read_fragment(etree.tostring(element, encoding="unicode", with_tail=False))
    return read_fragment(element.text or "")


def _author(element: "_Element") -> str:
    name = next(element.iterfind("{*}name"), element)
    return one_line(name.text or "")


def _author_of(entry: "_Element") -> str:
    return ", ".join(filter(None, map(_author, _own(entry, "author"))))


def _address(entry: "_Element") -> str:
    for link in (*_own(entry, "link"), *_own(entry, "guid")):
        address = one_line(link.get("href") or link.text or "")
        if link.get("rel", "alternate") == "alternate" and address.startswith(("http://", "https://")):
            return address
    return ""
