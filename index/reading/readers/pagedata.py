"""What a web page says about its article: title, day, author, outlet, address, language."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html as lxml_html

from index.reading.readers.days import day_in_address, day_of
from index.reading.readers.story import Fields, language_code, one_line

_META: Mapping[str, tuple[str, ...]] = {
    "title": ("og:title", "twitter:title"),
    "published": (
        "article:published_time", "og:published_time", "article:published", "datepublished", "rnews:datepublished",
        "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "citation_publication_date",
        "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "pubdate",
        "publishdate", "publish-date", "publish_date", "publication_date", "published_time", "originalpublicationdate",
        "dcsext.articlefirstpublished", "article_date_original", "article.published", "published", "date",
    ),
    "author": ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator"),
    "source": ("og:site_name", "dc.publisher"),
    "url": ("og:url",),
}  # fmt: skip
_ARTICLE_TYPE = re.compile(r".*(?:Article|BlogPosting|Report)")
# Objects that stand in a page beside its article: of other articles, pictures, films.
_OTHERS = frozenset("hasPart isPartOf itemListElement mentions citation associatedMedia image video comment".split())
_MOST_OBJECTS = 2_000
_NOT_ITS_OWN = "self::article or self::li or self::aside or self::nav or self::footer or self::a or self::figure"


@dataclass(frozen=True, slots=True)
class PageData:
    """The fields that the page tells, whether it says that its article must be paid for, its text and its titles."""

    found: Fields
    is_paid: bool = False
    body: str = ""  # may hold HTML
    titles: tuple[str, ...] = ()  # whatever it calls itself


def page_data(tree: lxml_html.HtmlElement) -> PageData:
    """What the page tells of its own article; what it tells of others and of pictures does not count."""
    found: dict[str, tuple[str, str]] = {}
    language = language_code(tree.get("lang") or tree.get("xml:lang") or "")
    said = _Said(tree)
    article = said.article()
    for name, value, where in (*_of_article(article), *_of_page(tree, said)):
        line = one_line(value)
        if name == "published":
            line = day_in_address(line) if where == "address" else day_of(line, language)
        if name == "language":
            line = language_code(line)
        if name in ("url", "author") and bool(re.match("https?://", line)) != (name == "url"):
            continue
        if line:
            found.setdefault(name, (line, where))
    is_paid = str(article.get("isAccessibleForFree", "")).casefold() == "false"
    titles = tuple(one for one in (*said.headings, said.metas.get("og:title", ""), said.title) if one)
    return PageData(found, is_paid, text_of(article.get("articleBody")), titles)


class _Said:
    """The titles and addresses that the page gives itself, and its articles in JSON-LD."""

    def __init__(self, tree: lxml_html.HtmlElement) -> None:
        self.metas: dict[str, str] = {}
        for meta in tree.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            self.metas.setdefault(name.lower(), meta.get("content") or "")
        self.canonical = next(map(str, tree.xpath("//link[@rel='canonical']/@href")), "")
        self.headings = [one_line(str(one.text_content())) for one in tree.xpath("//h1")]
        self.title = next((one_line(str(one.text_content())) for one in tree.xpath("//head/title")), "")
        self._scripts = tree.xpath("//script[contains(@type, 'ld+json')]")

    def article(self) -> Mapping[str, object]:
        """Of the articles in JSON-LD the one that the page's address and headline mean; {} for none.

        One that is named by neither counts only where it is alone.
        """
        articles = [one for script in self._scripts for one in _articles(_loaded(str(script.text_content())))]
        ranks = [self._rank(one) for one in articles]
        best = max(ranks, default=0)
        if best < 0 or (best == 0 and len(articles) > 1 and ranks.count(0) > 1 and _are_many(articles)):
            return {}
        return articles[ranks.index(best)] if articles else {}

    def _rank(self, article: Mapping[str, object]) -> int:
        """Above 0 for an article that the page's address or headline names, below for one that they deny."""
        here = {_path(one) for one in (self.canonical, self.metas.get("og:url", "")) if one}
        there = {_path(one) for one in _addresses(article)}
        headline = _letters(one_line(text_of(article.get("headline") or article.get("name"))))
        titles = [_letters(one) for one in (*self.headings, self.metas.get("og:title", ""), self.title) if one]
        is_titled = bool(headline) and any(headline in one or one in headline for one in titles if one)
        rank = 2 * (bool(here & there) - bool(here and there and not here & there))
        return rank + is_titled - bool(headline and titles and not is_titled) * (rank <= 0)


def _of_article(article: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    where = "JSON-LD"
    yield "title", text_of(article.get("headline") or article.get("name")), where
    for name in ("datePublished", "coverageStartTime", "dateCreated"):
        yield "published", text_of(article.get(name)), where
    yield "author", text_of(article.get("author")), where
    yield "source", text_of(article.get("publisher")), where
    yield "url", text_of(article.get("url")), where
    yield "language", text_of(article.get("inLanguage")), where


def _of_page(tree: lxml_html.HtmlElement, said: _Said) -> Iterator[tuple[str, str, str]]:
    """Field, value and place, the most trustworthy place of each field first."""
    yield "url", said.canonical, "link canonical"
    for field, names in _META.items():
        for name in names:
            yield field, said.metas.get(name, ""), f"meta {name}"
    for moment in _moments(tree):
        yield "published", moment, "time element"
    if len(said.headings) == 1:
        yield "title", said.headings[0], "only h1"
    yield "title", said.title, "title element"
    # "Talks fail | The Daily Wren"
    for name in re.findall(r"\s[|–—]\s([^|–—]{2,40})$", said.title):
        yield "source", name, "title element"
    for address in (said.canonical, said.metas.get("og:url", "")):
        yield "published", address, "address"
    yield "language", tree.get("lang") or tree.get("xml:lang") or "", "html lang"


def _moments(tree: lxml_html.HtmlElement) -> Iterator[str]:
    """The moments that stand nearest to the page's headline, and in no teaser of another article."""
    for marked in tree.xpath("//*[@itemprop='datePublished']"):
        if not _is_foreign(marked, None):
            yield _moment(marked)
    headings = tree.xpath("//h1")
    heading = headings[0] if len(headings) == 1 else None
    times = [one for one in tree.iter("time") if not _is_foreign(one, heading)]
    if heading is not None:
        for around in heading.iterancestors():
            if near := [one for one in times if around in one.iterancestors()]:
                yield from map(_moment, near)
                return
    elif len({day_of(_moment(one)) for one in times}) == 1:
        yield _moment(times[0])


def _moment(element: lxml_html.HtmlElement) -> str:
    written = element.get("content") or element.get("datetime") or element.get("title")
    return written or one_line(str(element.text_content()))


def _is_foreign(element: lxml_html.HtmlElement, heading: lxml_html.HtmlElement | None) -> bool:
    """Whether it stands in a box of its own, which the page's headline is not in."""
    boxes = element.xpath(f"ancestor::*[{_NOT_ITS_OWN}]")
    own = [box for box in boxes if heading is not None and box in heading.iterancestors()]
    headed = [box for box in boxes if box.tag == "article" and heading is None]
    return len(own) < len(boxes) and not (headed and len(boxes) == 1 and len(element.xpath("//article")) == 1)


def _loaded(script: str) -> object:
    """The JSON of a script, forgiving what pages get wrong in it; None for what is none."""
    script = re.sub(r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)", "", script)
    script = re.sub(r"(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)$", "", script.rstrip()).rstrip(" \t\r\n;")
    for mended in (script, re.sub(r",(\s*[}\]])", r"\1", script)):
        try:
            return json.loads(mended, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _articles(document: object) -> list[Mapping[str, object]]:
    """Every article in it, but for those that are named as others than the page's."""
    found: list[Mapping[str, object]] = []
    waiting = [document]
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            break
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if any(_ARTICLE_TYPE.fullmatch(kind) for kind in types_of(one)):
                found.append(one)
            waiting += [value for key, value in one.items() if key not in _OTHERS and isinstance(value, dict | list)]
    return found


def types_of(node: Mapping[str, object]) -> list[str]:
    """The names of its types, without the vocabulary's address."""
    said = node.get("@type")
    kinds = said if isinstance(said, list) else [said]
    return [kind.rpartition("/")[2].rpartition(":")[2] for kind in kinds if isinstance(kind, str)]


def _are_many(articles: Sequence[Mapping[str, object]]) -> bool:
    return len({text_of(one.get("headline")) for one in articles}) > 1


def _addresses(article: Mapping[str, object]) -> Iterator[str]:
    for value in (article.get("url"), article.get("@id"), article.get("mainEntityOfPage")):
        address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(address, str) and address.startswith(("http://", "https://")):
            yield address


def _path(address: str) -> str:
    """What two addresses of one page have in common."""
    try:
        return urlsplit(address).path.rstrip("/").casefold()
    except ValueError:
        return ""


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def text_of(value: object) -> str:
    """The words of a JSON-LD value: a text, a number, something with a name, or a list of these."""
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return ", ".join(filter(None, map(text_of, value[:20])))
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
