"""A web page to the plain text of its article and what the page says about it."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations

from anyascii import anyascii
from lxml import html as lxml_html
from lxml.etree import ErrorTypes, ParserError, XPathEvalError

from index.errors import Unreadable
from index.languages.scripts import SENTENCE_ENDS
from index.languages.words import languages
from index.reading.readers.days import day_of
from index.reading.readers.pagedata import PageData, page_data
from index.reading.readers.pagestate import State, state_of
from index.reading.readers.story import Fields, Story
from index.reading.readers.walls import refuse_walls
from index.reading.texts.decoding import decode, sanitise

_NO_WORDS = "//nav | //template | //script[not(contains(@type, 'math/'))] | //style"
_HIDDEN = "//*[@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none')]"
_UNSEEN = "//*[contains(translate(@style, ' ', ''), 'visibility:hidden')]"
# What stands on the page beside the article, and below pictures, by its class or id.
_BOX = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|advert\w*|caption|related|recommend\w*|social|share|sharing|promo)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# By the other names, themes and editors also call paragraphs of the article itself: those of so many characters.
PROSE_CHARACTERS = 100
_NEVER_PROSE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|advert\w*|caption)(?:$|[\s_-])", re.IGNORECASE
)
_SENTENCE_END = re.compile(rf"[{SENTENCE_ENDS}][\"'”’»“)\]]*$")
_BESIDES = "//script|//style|//header|//footer|//aside|//noscript|//template|//form|//comment()"
_BLOCKS = "address article blockquote br dd div dt figcaption h1 h2 h3 h4 h5 h6 hr li main p pre section td tr"
# An element with so much of the page's paragraphs is no box beside its article, whatever it is called.
STORY_SHARE = 0.4
# Scripts show a page that begins invisible, and a menu without an end holds the page: neither is left out that holds
# nearly all there is, if that is more than a few sentences.
HIDDEN_SHARE, HIDDEN_CHARACTERS = 0.8, 500

# A page with fewer characters than these shows no article.
FEW_CHARACTERS = 250


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
    data = page_data(tree)
    _show_story(tree)
    _drop(tree, f"{_NO_WORDS} | {_HIDDEN}")
    for box in _boxes(tree):
        _drop_element(box)
    _dissolve_layout(tree)
    text, text_from = _main_text(tree), "trafilatura"
    if _in_paragraphs(tree) > 2 * len(text):
        text = max(text, _beside_boxes(html), key=len)
    if not text:
        text, text_from = _all_text(tree), "all text of the page"
    found = data.found
    if len(text) < FEW_CHARACTERS:
        text, text_from, found = _unshown(html, data, text, text_from)
    refuse_walls(found.get("title", ("", ""))[0], text, data.is_paid)
    return Story(text, found, {"text": text_from})


def _beside_boxes(html: str) -> str:
    """The text that is found in the page while it has all its boxes, without what stands in them.

    What is left of some pages without them looks like no article.
    """
    tree = _parse(html)
    assert tree is not None
    _show_story(tree)
    _drop(tree, f"{_NO_WORDS} | {_HIDDEN}")
    boxed = "".join(filter(str.isalnum, " ".join(str(box.text_content()) for box in _boxes(tree))))
    lines = _main_text(tree).split("\n\n")
    return "\n\n".join(line for line in lines if "".join(filter(str.isalnum, line)) not in boxed)


def _unshown(html: str, data: PageData, text: str, text_from: str) -> tuple[str, str, Fields]:
    """The text of a page that shows hardly any, where it stands and what is told of it: a script may be to show it."""
    body = _body(data.body)
    if len(body) > 2 * len(text):
        return body, "JSON-LD", data.found
    tree = _parse(html)
    state = state_of(tree, data.titles) if tree is not None else State()
    body = "\n\n".join(filter(None, map(_body, state.paragraphs)))
    if len(body) <= max(2 * len(text), FEW_CHARACTERS):
        return text, text_from, data.found
    day = day_of(state.published, data.found.get("language", ("", ""))[0])
    return body, "script", {**({"published": (day, "script")} if day else {}), **data.found}


def _body(told: str) -> str:
    return read_fragment(told) if re.search(r"</?\w+[^<>]*>", told) else _paragraphs(told)


def read_fragment(html: str) -> str:
    """All visible text of a piece of HTML, paragraphs apart by an empty line."""
    tree = _parse(html)
    if tree is None:
        return ""
    _drop(tree, f"{_NO_WORDS} | {_HIDDEN} | {_UNSEEN}")
    return _all_text(tree)


def _parse(html: str) -> lxml_html.HtmlElement | None:
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
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
        _drop_element(element)


def _drop_element(element: lxml_html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


@lru_cache(10_000)
def _is_box(names: str) -> bool:
    """Whether an element of these classes and this id stands on a page beside its article."""
    if _BOX.search(names):
        return True
    parted = (re.split("[_-]+", name.lower()) for name in names.split())
    runs = ("".join(parts[first:last]) for parts in parted for first, last in combinations(range(len(parts) + 1), 2))
    return not _asides().isdisjoint(runs)


@cache
def _asides() -> frozenset[str]:
    """What leads to another article, in any language, as classes are written: "lire-aussi" is "lireaussi"."""
    phrases = (phrase for spoken in languages() for phrase in spoken.pages.asides)
    return frozenset(filter(None, ("".join(re.findall("[a-z]", anyascii(phrase).lower())) for phrase in phrases)))


def _show_story(tree: lxml_html.HtmlElement) -> None:
    """Make an ordinary part of the page of a hidden one, of a menu or of captions that hold nearly all of its text."""
    most = max(HIDDEN_SHARE * _in_paragraphs(tree), HIDDEN_CHARACTERS)
    covered = tree.xpath(f"//nav | {_HIDDEN}")
    # Of a story told in steps a script shows one after the other.
    steps = Counter[lxml_html.HtmlElement | None]()
    for element in covered:
        steps[element.getparent()] += _in_paragraphs(element)
    for element in covered:
        if _in_paragraphs(element) >= most or (steps[element.getparent()] >= most and _in_paragraphs(element)):
            element.tag = "div" if element.tag == "nav" else element.tag
            for name in ("hidden", "aria-hidden", "style", "class", "id"):
                element.attrib.pop(name, None)
    captions = tree.xpath("//figcaption")
    if sum(map(_prose_length, captions)) >= max(HIDDEN_SHARE * _prose_length(tree), HIDDEN_CHARACTERS):
        for caption in captions:  # of a story told in pictures
            caption.tag = "div"
            caption.attrib.pop("class", None)


def _in_paragraphs(element: lxml_html.HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


def _boxes(tree: lxml_html.HtmlElement) -> list[lxml_html.HtmlElement]:
    """What is hidden, captions, banners, and paragraphs that are links to other articles.

    A class, an id or a style says nothing against an element that holds much of the page's words.
    """
    named = [
        element
        for element in tree.xpath("//*[@class or @id]")
        if _is_box(f"{element.get('class', '')} {element.get('id', '')}")
    ]
    links = [
        element
        for element in tree.xpath("//p[.//a] | //li[.//a]")
        if len(words := element.text_content().split()) > 3
        and words == " ".join(link.text_content() for link in element.iter("a")).split()
    ]
    most = STORY_SHARE * _prose_length(tree)
    unseen = HIDDEN_SHARE * _prose_length(tree)
    boxes = [box for box in tree.xpath(_UNSEEN) if _prose_length(box) < unseen or not unseen]
    for box in named:
        if box.xpath("self::html | self::body | .//h1 | .//article | .//main") or _is_prose(box, most):
            # trafilatura goes by such names too.
            box.attrib.pop("class", None)
            box.attrib.pop("id", None)
        else:
            boxes.append(box)
    return [*boxes, *links, *tree.xpath("//figcaption")]


def _is_prose(element: lxml_html.HtmlElement, most: float) -> bool:
    """Whether it holds `most` of the page, or is a paragraph that tells something itself and has an ambiguous name."""
    if 0 < most <= _prose_length(element):
        return True
    if element.tag != "p" or _NEVER_PROSE.search(f"{element.get('class', '')} {element.get('id', '')}"):
        return False
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    text = element.text_content().strip()
    return len(text) - linked >= PROSE_CHARACTERS and _SENTENCE_END.search(text) is not None


def _prose_length(element: lxml_html.HtmlElement) -> int:
    """The characters of its paragraphs; of all its words where it has none."""
    return _in_paragraphs(element) or len(element.text_content())


def _dissolve_layout(tree: lxml_html.HtmlElement) -> None:
    """Make boxes of tables that only place words on the page, as those of newsletters: trafilatura would draw them."""
    for table in tree.xpath("//table[@role='presentation' or .//table or not(.//tr[count(td | th) > 1])]"):
        for element in table.xpath("self::table | tr | */tr | tr/td | */tr/td | tr/th | */tr/th | tbody"):
            element.tag = "div"


def _main_text(tree: lxml_html.HtmlElement) -> str:
    import trafilatura  # only the child that meets a page loads it

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
