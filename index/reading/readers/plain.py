"""Plain text and markdown, with or without front matter."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache

import yaml

from index.errors import Unreadable
from index.languages.words import languages, pattern
from index.reading.readers.days import day_of
from index.reading.readers.story import FIELDS, Fields, Story, checked, not_published, one_line
from index.reading.readers.webpage import read_fragment
from index.reading.texts.decoding import decode, sanitise

_FRONT_MATTER = re.compile(
    r"\s*(?P<rule>---|\+\+\+)(?:[ \t]*(?:json|yaml|toml))?[ \t]*\n(?P<block>.*?)(?:^|(?<=\n))"
    r"(?:(?P=rule)|\.\.\.)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
_FRONT_MATTER_CHARACTERS = 20_000
# Without rules it is two lines or more of a key and a value, with an empty one below.
_HEADERS = re.compile(r"\s*(?P<block>(?:[^\W\d_][\w -]{1,30}:[ \t]+\S[^\n]*\n){2,20})[ \t]*(?:\n|\Z)")
# What writing tools call the fields, in small letters and without spaces.
_FIELD_OF = {
    **{name: name for name in FIELDS},
    **dict.fromkeys("date pubdate publishdate publish_date datepublished date_published created".split(), "published"),
    **dict.fromkeys("headline name".split(), "title"),
    **dict.fromkeys("lang locale".split(), "language"),
    **dict.fromkeys("authors byline by".split(), "author"),
    **dict.fromkeys("publisher publication outlet".split(), "source"),
    **dict.fromkeys("link canonical canonicalurl canonical_url source_url".split(), "url"),
}
# A block with one of these is front matter though it tells nothing of the article.
_OTHER_KEYS = frozenset(
    "tags tag categories category layout draft slug permalink aliases alias description summary excerpt lastmod "
    "updated modified id type keywords image cover cssclass cssclasses weight series toc comments status".split()
)
# Marks of wire copy: where quotations begin and end, notes to the desk, and that a report is over.
_QUOTED = re.compile(r"(?<![`\w])``(?!`)((?:[^`\n]|\n(?!\s*\n)){1,2000}?)''(?!')")
_PRIMED = re.compile(r"(?<![\w'’])''(?=\w)((?:(?!'')[^\n]){1,500}?)(?<=[\w.,!?…])''(?![\w'])")
_QUOTE_OPENS = re.compile(r"(?:^|(?<=\s))``(?=\w)(?![^`\n]*``)", re.MULTILINE)
_INNER = re.compile(r"(?<![`\w])`((?:[^`'\n]|(?<=\w)'(?=\w)){1,300})'(?![\w'])")
_DESK_NOTE = re.compile(r"^[ \t]*\(\([^()\n]*\)\)[ \t]*\n?", re.MULTILINE)
_NESTING = 100  # what nests deeper is left out by the parser without a word
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def read_text(content: bytes) -> Iterator[Story]:
    """The text as it is, below its front matter."""
    text, encoding = decode(content)
    front_matter, body = _front_matter(text)
    yield Story(_without_wire_marks(body), front_matter, {"encoding": encoding})


def read_markdown(content: bytes) -> Iterator[Story]:
    """The prose of the text without its marks; a first heading that is the title is not repeated."""
    text, encoding = decode(content)
    front_matter, body = _front_matter(text)
    paragraphs = list(_paragraphs(_without_wire_marks(body)))
    found = dict(front_matter)
    if paragraphs and paragraphs[0][0] == "h1":
        heading = one_line(paragraphs[0][1])
        if found.setdefault("title", (heading, "first heading"))[0] == heading:
            paragraphs = paragraphs[1:]
    plain = sanitise("\n\n".join(paragraph for _, paragraph in paragraphs if paragraph))
    yield Story(plain, found, {"encoding": encoding})


def _without_wire_marks(text: str) -> str:
    """The text with other marks for ``quotations'', without ((notes to the desk)) and what says that it is over."""
    if "((" in text:
        text = _DESK_NOTE.sub("", text)
    before, _, last_line = text.rstrip().rpartition("\n")
    if before and _end().fullmatch(last_line):
        text = f"{before}\n"
    if "`" in text:
        text = _QUOTE_OPENS.sub("“", _QUOTED.sub(r"“\1”", _INNER.sub(r"‘\1’", text)))
    return _PRIMED.sub(r"“\1”", text) if "''" in text else text


@cache
def _end() -> re.Pattern[str]:
    """A line that says that the report is over, in any language, in capital letters where it has them."""
    words = pattern(tuple(word.upper() for spoken in languages() for word in spoken.pages.ends))
    return re.compile(
        r"\s*(?:[-–—]{1,2}\s?30\s?[-–—]{1,2}|#{3,}|\*{3,}|\*(?: \*)+|"
        rf"[-–—(（/*]*\s?(?:{words})\s?[-–—)）/*]*)\s*"
    )


# A value with a colon, which YAML takes for another key, or a "#1" or "#tag", which it takes for a comment: a headline.
_HEADLINE = re.compile(
    r"^(?P<key>[A-Za-z][\w -]*:[ \t]+)"
    r"(?P<value>[^\s\"'\[\]{}&*!|>%@`#,?-](?:.*:(?=[ \t])|.*[ \t]#(?=[^\s#])).*?)[ \t]*$",
    re.MULTILINE,
)


def _front_matter(text: str) -> tuple[Fields, str]:
    """What the block of YAML or TOML at the top says, and the text below it; the whole text when there is none."""
    top = text[:_FRONT_MATTER_CHARACTERS]
    match = _FRONT_MATTER.match(top)
    if not match:
        return _unruled(text, top)
    first_line = text.count("\n", 0, match.start("block")) + 1
    said = _toml(match["block"]) if match["rule"] == "+++" else _yaml(match["block"], first_line)
    found = _fields(said, first_line)
    if not found and not _OTHER_KEYS & said.keys():  # prose between two rules
        return {}, text
    _refuse_drafts(said)
    return found, text[match.end() :].lstrip("\n")


def _unruled(text: str, top: str) -> tuple[Fields, str]:
    """The same of a block without rules: an object of JSON, or lines each of which has a key of front matter."""
    said: dict[str, tuple[str, int]] = {}
    end = 0
    if top.startswith("{"):
        with suppress(ValueError, RecursionError):
            document, end = json.JSONDecoder(strict=False).raw_decode(top)
            said = _of_mapping(document)
    elif match := _HEADERS.match(top):
        end = match.end()
        pairs = (line.split(":", 1) for line in match["block"].splitlines())
        said = {_key(name): (one_line(value), line) for line, (name, value) in enumerate(pairs)}
        if not said.keys() <= _FIELD_OF.keys() | _OTHER_KEYS:
            return {}, text
    body = text[end:].lstrip("\n")
    try:
        found = _fields(said, 1)
    except Unreadable:  # it only looks like front matter
        return {}, text
    if not found or not body.strip():
        return {}, text
    _refuse_drafts(said)
    return found, body


def _fields(said: Mapping[str, tuple[str, int]], first_line: int) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for key, (raw, line) in said.items():
        field = _FIELD_OF.get(key)
        if not raw or raw in ("null", "~") or not field or (field == "url" and raw.startswith("/")):
            continue
        if field == "published":
            raw = day_of(raw) or raw
        if key == field or field not in found:
            found[field] = (checked(field, raw, f"line {line + first_line}"), "front matter")
    return found


def _refuse_drafts(said: Mapping[str, tuple[str, int]]) -> None:
    is_draft = said.get("draft", ("", 0))[0].casefold() == "true"
    if reason := not_published("draft" if is_draft else said.get("status", ("", 0))[0]):
        raise Unreadable(reason)


def _yaml(block: str, first_line: int) -> dict[str, tuple[str, int]]:
    """Each key in small letters, with its value on one line and its own line, from 0; {} for no mapping."""
    try:
        root = yaml.compose(_HEADLINE.sub(_quoted, block), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else 1
        raise Unreadable(
            f"line {line}: the front matter is not valid YAML ({error.problem}); write the value in quotes"
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable("line 1: the front matter is not valid YAML; write its values in quotes") from error
    said = {}
    for key, node in root.value if isinstance(root, yaml.MappingNode) else ():
        values = node.value if isinstance(node, yaml.SequenceNode) else [node]
        raw = one_line(", ".join(str(value.value) for value in values if isinstance(value, yaml.ScalarNode)))
        if isinstance(key, yaml.ScalarNode):
            said[_key(key.value)] = (raw, key.start_mark.line)
    return said


def _quoted(line: re.Match[str]) -> str:
    return f"{line['key']}{json.dumps(line['value'], ensure_ascii=False)}"


def _toml(block: str) -> dict[str, tuple[str, int]]:
    try:
        document = tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable("line 1: the front matter is not valid TOML; write its values in quotes") from error
    return _of_mapping(document)


def _of_mapping(document: Mapping[str, object]) -> dict[str, tuple[str, int]]:
    said = {}
    for key, value in document.items():
        values = value if isinstance(value, list) else [value]
        raw = ", ".join(str(one).lower() if isinstance(one, bool) else str(one) for one in values)
        said[_key(key)] = (one_line(raw) if not isinstance(value, dict) else "", 0)
    return said


def _key(name: object) -> str:
    return str(name).strip().casefold().replace(" ", "_")


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Tag ("h1", "p", "code", …) and plain words of each block, without marks and images."""
    from markdown_it import MarkdownIt  # only the child that meets Markdown loads it

    tag = "p"
    row: list[str] = []
    tokens = MarkdownIt("commonmark", {"maxNesting": _NESTING}).enable(["table", "strikethrough"]).parse(text)
    if any(token.level >= _NESTING - 1 for token in tokens):
        raise Unreadable("its lists and quotations nest too deep to be read whole")
    for token in tokens:
        if token.type in ("heading_open", "paragraph_open", "tr_open"):
            tag, row = token.tag, []
        elif token.type in ("fence", "code_block"):
            yield "code", token.content.strip("\n")
        elif token.type == "html_block":
            yield "html", read_fragment(token.content)
        elif token.type == "inline":
            children = [child for child in token.children or [] if child.type not in ("image", "html_inline")]
            words = "".join(_BREAKS.get(child.type, child.content) for child in children).strip()
            if tag == "tr":
                row.append(words)
            elif words:
                yield tag, words
        elif token.type == "tr_close" and any(row):
            yield "tr", " | ".join(row)
