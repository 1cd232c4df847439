"""XML from anywhere to a tree: nothing is fetched, and no entity is expanded."""

import html
import re
from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from index.errors import Unreadable
from index.reading.readers.archive import read_member
from index.reading.readers.story import one_line
from index.reading.texts.decoding import decode_exactly

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"  # the attribute that any element may have
_ENTITIES = "its XML declares entities, which are never expanded; save it without them"

_DECLARATION = re.compile(r"<\?xml[^>]{0,500}>|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{1,30});)?")
_UNCLOSED = re.compile(r"<(br|hr|img|wbr)\b[^<>]*(?<!/)>", re.IGNORECASE)  # of HTML, which ends them itself
_KNOWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


def parse_xml(content: bytes) -> etree._Element:
    """The root of the document; raises Unreadable for one that is not well-formed or declares entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:  # type: ignore[attr-defined]
            raise MemoryError from error
        if error.code == etree.ErrorTypes.ERR_ENTITY_LOOP or "amplification" in error.msg:  # type: ignore[attr-defined]
            raise Unreadable(_ENTITIES) from error
        if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:  # type: ignore[attr-defined]
            raise Unreadable("its XML nests too deep, or holds too long a value; split the file") from error
        raise Unreadable(f"it is no valid XML ({one_line(error.msg)[:150]})") from error
    doctype = root.getroottree().docinfo.internalDTD
    if doctype is not None and next(doctype.iterentities(), None) is not None:  # type: ignore[union-attr]
        raise Unreadable(_ENTITIES)
    return root


def _reference(found: re.Match[str]) -> str:
    """An ampersand and what follows it, as XML knows it: HTML's names as their letters, any other one as a sign."""
    if found[1] is None:
        return "&amp;"
    letter = html.unescape(found[0])
    return found[0] if found[1] in _KNOWN or letter == found[0] or found[1].startswith("#") else letter


def mend_xml(content: bytes) -> etree._Element | None:
    """The root of XML that is not well-formed, as far as a browser would read it; None for what is no XML at all.

    Raises Unreadable where it declares entities or nests too deep.
    """
    try:
        text = _DECLARATION.sub("", decode_exactly(content)[0])
    except Unreadable:
        return None
    if "<!ENTITY" in text:
        raise Unreadable(_ENTITIES)
    text = _UNCLOSED.sub(r"<\1/>", _AMPERSAND.sub(_reference, text))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(text[max(0, text.find("<")) :].encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise Unreadable("its XML nests too deep, or holds too long a value; split the file")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, "" for what is no element."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def own(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of that name below it, however deep, but none that stands inside another of them."""
    for child in element:
        if local_name(child) == name:
            yield child
        else:
            yield from own(child, name)


def xml_member(archive: ZipFile, name: str) -> etree._Element | None:
    """The archive's member of that name; None when there is none."""
    try:
        member = archive.getinfo(name)
    except KeyError:
        return None
    return parse_xml(read_member(archive, member))
