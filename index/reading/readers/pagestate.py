"""The article that a page holds only in its scripts, as the state from which its framework draws it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import html as lxml_html

from index.languages.scripts import SPACELESS
from index.reading.readers.jsliteral import read_literal
from index.reading.readers.story import one_line

# A state with more objects than these is not looked through, nor deeper than so many in one another.
MOST_OBJECTS, DEEPEST = 50_000, 60
# So much prose makes an article of an object with a title.
LEAST_CHARACTERS = 250
_TITLES = ("headline", "title", "name", "heading", "articleTitle", "displayTitle", "longTitle", "seoTitle")
_DAYS = (
    "datePublished", "publishedAt", "published_at", "publishDate", "publish_date", "publicationDate", "pubDate",
    "first_publish_date", "display_date", "firstPublished", "firstPublishDate", "published", "date",
)  # fmt: skip
# What stands inside an article's object and is not its text.
_BESIDE = re.compile(r"comment|related|recommend|promo|teaser|sidebar|newsletter|caption|seo|menu|footer|author|image")
_INLINE = frozenset(("text", "span", "link", "hyperlink", "a", "strong", "em", "b", "i"))
_ASSIGNED = re.compile(
    r"(?:(?:window|self|globalThis)\s*(?:\.\s*|\[\s*[\"'])|\b(?:var|let|const)\s+|^\s*|;\s*|\w\s*\.\s*)"
    r"[\w$]{3,60}(?:[\"']\s*\])?\s*=\s*(?=[{\[(\"']|JSON\.parse|function|!function)",
)
_MARKUP = re.compile(r"</?[a-zA-Z]\w*[^<>]*>")
_SPACED = re.compile(rf"\S\s+\S|[{SPACELESS}]{{8}}")
_LIKE_CODE = re.compile(r"^\s*(?:https?://|[{\[<]|function\b|[.#]?[\w-]+\s*\{)")


@dataclass(frozen=True, slots=True)
class State:
    """The paragraphs of the article, which may hold markup, and the day that its object tells."""

    paragraphs: tuple[str, ...] = ()
    published: str = ""


def state_of(tree: lxml_html.HtmlElement, titles: Sequence[str]) -> State:
    """The article with one of these titles, where scripts of the page hold one; else the empty state."""
    wanted = {letters for title in titles if (letters := _letters(title))}
    best, best_length = State(), LEAST_CHARACTERS - 1
    for script in tree.iter("script"):
        kind = (script.get("type") or "").lower()
        if script.get("src") or "ld+json" in kind:
            continue
        for document in _documents(str(script.text or ""), "json" in kind):
            for one in _titled(document, wanted):
                found = tuple(_prose(one))
                if (length := sum(map(len, found))) > best_length:
                    best, best_length = State(found, _day(one)), length
    return best


def _documents(script: str, is_json: bool) -> Iterator[object]:
    """What the script holds: JSON, with references inside or not, or what it gives to a variable."""
    if is_json:
        try:
            document = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            return
        yield _resolved(document)
        return
    end = 0
    for match in _ASSIGNED.finditer(script):
        if match.end() >= end:
            value, end = read_literal(script, match.end())
            if isinstance(value, str) and value[:1] in "{[":
                yield from _documents(value, True)
            elif isinstance(value, dict | list):
                yield value


def _resolved(document: object) -> object:
    """A document whose values stand in one list, each named by its place there, as Nuxt writes it, put together."""
    if not isinstance(document, list) or not document or len(document) > MOST_OBJECTS:
        return document
    first = document[0]
    if isinstance(first, list) and len(first) == 2 and isinstance(first[1], int):
        first = document[first[1]] if 0 <= first[1] < len(document) else None
    if not isinstance(first, dict) or not all(isinstance(one, int) for one in first.values()):
        return document
    # Each value is put together once, so that what refers to itself ends.
    made: dict[int, object] = {}

    def value(place: object, depth: int) -> object:
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(document) or depth > DEEPEST:
            return None
        if place not in made:
            made[place] = None
            one = document[place]
            if isinstance(one, dict):
                made[place] = {key: value(inner, depth + 1) for key, inner in one.items()}
            elif isinstance(one, list) and len(one) == 2 and isinstance(one[0], str):  # ["Reactive", 1]
                made[place] = value(one[1], depth + 1)
            elif isinstance(one, list):
                made[place] = [value(inner, depth + 1) for inner in one]
            else:
                made[place] = one
        return made[place]

    return value(0, 0)


def _titled(document: object, wanted: set[str]) -> Iterator[Mapping[str, object]]:
    """The objects in it that have one of the titles."""
    waiting: list[tuple[object, int]] = [(document, 0)]
    for _ in range(MOST_OBJECTS):
        if not waiting:
            return
        one, depth = waiting.pop()
        if depth > DEEPEST:
            continue
        if isinstance(one, dict):
            if any(_is_title(one.get(name), wanted) for name in _TITLES):
                yield one
            waiting += [(inner, depth + 1) for inner in one.values() if isinstance(inner, dict | list)]
        elif isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one if isinstance(inner, dict | list)]


def _is_title(value: object, wanted: set[str]) -> bool:
    if isinstance(value, dict):  # as {"basic": …}, {"rendered": …}
        return any(_is_title(inner, wanted) for inner in value.values() if isinstance(inner, str))
    if not isinstance(value, str):
        return False
    letters = _letters(value)
    return len(letters) > 3 and any(letters == one or (len(letters) > 11 and letters in one) for one in wanted)


def _prose(value: object, depth: int = 0) -> list[str]:
    """The paragraphs of the fullest part of an object; of a list all, of a text itself where it is words."""
    if depth > DEEPEST:
        return []
    if isinstance(value, str):
        return [value] if _SPACED.search(value) and not _LIKE_CODE.match(_MARKUP.sub("", value[:200])) else []
    if isinstance(value, list):
        if any(_is_inline(one) for one in value):
            joined = "".join(_inline(one) for one in value)
            return [joined] if joined.strip() else []
        return [paragraph for one in value for paragraph in _prose(one, depth + 1)]
    if isinstance(value, dict):
        parts = [_prose(inner, depth + 1) for key, inner in value.items() if not _BESIDE.search(str(key).lower())]
        return max(parts, key=lambda part: sum(map(len, part)), default=[])
    return []


def _is_inline(value: object) -> bool:
    return isinstance(value, dict) and any(
        value.get(name) in _INLINE for name in ("type", "_type", "nodeType") if isinstance(value.get(name), str)
    )


def _inline(value: object, depth: int = 0) -> str:
    """The words of a part of a paragraph."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and depth < DEEPEST:
        return "".join(_inline(one, depth + 1) for one in value)
    if isinstance(value, dict) and depth < DEEPEST:
        for name in ("text", "value", "children", "content"):
            if isinstance(value.get(name), str | list):
                return _inline(value[name], depth + 1)
    return ""


def _day(article: Mapping[str, object]) -> str:
    values = (article.get(name) for name in _DAYS)
    return next((one_line(str(one)) for one in values if isinstance(one, str | int) and not isinstance(one, bool)), "")


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title[:500].casefold()))
