"""XML from anywhere to a tree: nothing is fetched, and no entity is expanded."""

from lxml import etree

from index.errors import Unreadable
from index.readers.story import one_line

_ENTITIES = "its XML declares entities, which are never expanded; save it without them"


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


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, "" for what is no element."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
