"""A web page to the plain text of its article and what the page says about it."""

import json
import re
from collections.abc import Iterator, Mapping

from lxml import html as lxml_html
from lxml.etree import ErrorTypes, ParserError, XPathEvalError

from index.decoding import decode, sanitise
from index.errors import Unreadable
from index.readers.story import Found, Story, is_date, language_code, one_line

_HIDDEN = (
    "//nav | //template | //*[@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(translate(@style, ' ', ''), 'visibility:hidden')]"
)
# What stands on the page beside the article, and below pictures, by its class or id.
_BOX = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|related|read-?(?:also|more|next)|recommend\w*|leggi-?anche|"
    r"social|share|sharing|promo|advert\w*|caption)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BESIDES = "//script|//style|//header|//footer|//aside|//noscript|//template|//form|//comment()"
_BLOCKS = "address article blockquote br dd div dt figcaption h1 h2 h3 h4 h5 h6 hr li main p pre section td tr"
_META: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title"),
    "published": ("article:published_time", "datepublished", "dc.date.issued", "dc.date", "pubdate", "date"),
    "author": ("author", "article:author", "dc.creator"),
    "source": ("og:site_name", "dc.publisher"),
    "url": ("og:url",),
}
_ARTICLE_TYPE = re.compile(r"(?:.*Article|BlogPosting|Report)")


def read_html(content: bytes) -> Iterator[Story]:
    """The page's article, whatever encoding the page is in."""
    html, encoding = decode(content)
    page = read_webpage(html)
    yield Story(page.text, page.found, {"encoding": encoding, **page.evidence})


def read_webpage(html: str) -> Story:
    """The page's article, without navigation, comments and hidden elements, and the page's own metadata.

    Paragraphs stand apart by an empty line; the text is "" if there are none.
    """
    try:
        return _read(html)
    except XPathEvalError as error:  # no expression is anybody else's: it only fails for want of memory
        raise MemoryError from error


def _read(html: str) -> Story:
    tree = _parse(html)
    if tree is None:
        return Story("")
    found = _metadata(tree)
    _drop(tree, _HIDDEN)
    _drop_boxes(tree)
    text, text_from = _main_text(tree), "trafilatura"
    if not text:
        text, text_from = _all_text(tree), "all text of the page"
    return Story(text, found, {"text": text_from})


def read_fragment(html: str) -> str:
    """All visible text of a piece of HTML, paragraphs apart by an empty line."""
    tree = _parse(html)
    if tree is None:
        return ""
    _drop(tree, _HIDDEN)
    return _all_text(tree)


def _parse(html: str) -> lxml_html.HtmlElement | None:
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = lxml_html.document_fromstring(html.encode(), parser=parser)
    except ParserError:  # nothing but white space or comments
        return None
    # From 2,048 elements in one another on, the parser leaves out the rest of the page.
    if any(error.type == ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise Unreadable("its elements nest too deep for the page to be read whole")
    return tree


def _drop(tree: lxml_html.HtmlElement, xpath: str) -> None:
    for element in tree.xpath(xpath):
        if element.getparent() is not None:
            element.drop_tree()


def _drop_boxes(tree: lxml_html.HtmlElement) -> None:
    """Remove captions, banners, and paragraphs that are links to other articles."""
    boxes = [
        element
        for element in tree.xpath("//*[@class or @id]")
        if _BOX.search(f"{element.get('class', '')} {element.get('id', '')}")
        and not element.xpath("self::html | self::body | .//h1 | .//article | .//main")
    ]
    links = [
        element
        for element in tree.xpath("//p[.//a] | //li[.//a]")
        if len(words := element.text_content().split()) > 3
        and words == " ".join(link.text_content() for link in element.iter("a")).split()
    ]
    for element in [*boxes, *links, *tree.xpath("//figcaption")]:
        if element.getparent() is not None:
            element.drop_tree()


def _main_text(tree: lxml_html.HtmlElement) -> str:
    import trafilatura

    text = trafilatura.extract(tree, include_comments=False, output_format="txt") or ""
    return _paragraphs(text)


def _all_text(tree: lxml_html.HtmlElement) -> str:
    _drop(tree, _BESIDES)
    roots = tree.xpath("//article") or tree.xpath("//main") or tree.xpath("//body") or [tree]
    for element in tree.iter(*_BLOCKS.split()):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return _paragraphs("\n".join(str(root.text_content()) for root in roots))


def _paragraphs(text: str) -> str:
    lines = (" ".join(line.split()) for line in sanitise(text).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _metadata(tree: lxml_html.HtmlElement) -> Found:
    found: dict[str, tuple[str, str]] = {}
    for name, value, where in _candidates(tree):
        line = one_line(value)
        if name == "published":
            line = line[:10] if is_date(line[:10]) else ""
        if name == "language":
            line = language_code(line)
        if name in ("url", "author") and bool(re.match("https?://", line)) != (name == "url"):
            continue
        if line:
            found.setdefault(name, (line, where))
    return found


def _candidates(tree: lxml_html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Field, value and place, the most trustworthy place of each field first."""
    yield from _from_json_ld(tree)
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(name.lower(), meta.get("content") or "")
    for href in tree.xpath("//link[@rel='canonical']/@href"):
        yield "url", str(href), "link canonical"
    for field, names in _META.items():
        for name in names:
            yield field, metas.get(name, ""), f"meta {name}"
    for moment in tree.xpath("//time/@datetime")[:1]:
        yield "published", str(moment), "time element"
    headings = tree.xpath("//h1")
    if len(headings) == 1:
        yield "title", str(headings[0].text_content()), "only h1"
    for title in tree.xpath("//head/title")[:1]:
        yield "title", str(title.text_content()), "title element"
        # "Talks fail | The Daily Wren"
        for name in re.findall(r"\s[|–—]\s([^|–—]{2,40})$", one_line(str(title.text_content()))):
            yield "source", name, "title element"
    yield "language", tree.get("lang") or tree.get("xml:lang") or "", "html lang"


def _from_json_ld(tree: lxml_html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    where = "JSON-LD"
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            document = json.loads(script.text_content())
        except (ValueError, RecursionError):
            continue
        listed = document.get("@graph", document) if isinstance(document, dict) else document
        for node in listed if isinstance(listed, list) else [listed]:
            if not isinstance(node, dict) or not _ARTICLE_TYPE.fullmatch(_text_of(node.get("@type"))):
                continue
            yield "title", _text_of(node.get("headline")), where
            yield "published", _text_of(node.get("datePublished")), where
            yield "author", _text_of(node.get("author")), where
            yield "source", _text_of(node.get("publisher")), where
            yield "url", _text_of(node.get("url")), where
            yield "language", _text_of(node.get("inLanguage")), where


def _text_of(value: object) -> str:
    """The words of a JSON-LD value: a text, something with a name, or a list of these."""
    if isinstance(value, dict):
        return _text_of(value.get("name"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text_of, value[:20])))
    return value if isinstance(value, str) else ""
