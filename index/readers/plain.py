"""Plain text and markdown, with or without front matter."""

import re
from collections.abc import Iterator

import yaml

from index.decoding import decode, sanitise
from index.errors import Unreadable
from index.readers.story import FIELDS, Found, Story, checked, one_line
from index.readers.webpage import read_fragment

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_CHARACTERS = 20_000
_NESTING = 100  # what nests deeper is left out by the parser without a word
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def read_text(content: bytes) -> Iterator[Story]:
    """The text as it is, below its front matter."""
    text, encoding = decode(content)
    front_matter, body = _front_matter(text)
    yield Story(body, front_matter, {"encoding": encoding})


def read_markdown(content: bytes) -> Iterator[Story]:
    """The prose of the text without its marks; a first heading that is the title is not repeated."""
    text, encoding = decode(content)
    front_matter, body = _front_matter(text)
    paragraphs = list(_paragraphs(body))
    found = dict(front_matter)
    if paragraphs and paragraphs[0][0] == "h1":
        heading = one_line(paragraphs[0][1])
        if found.setdefault("title", (heading, "first heading"))[0] == heading:
            paragraphs = paragraphs[1:]
    plain = sanitise("\n\n".join(paragraph for _, paragraph in paragraphs if paragraph))
    yield Story(plain, found, {"encoding": encoding})


def _front_matter(text: str) -> tuple[Found, str]:
    """What the YAML block at the top says, and the text below it; the whole text when there is none."""
    match = _FRONT_MATTER.match(text[:_FRONT_MATTER_CHARACTERS])
    if not match:
        return {}, text
    try:
        root = yaml.compose(match[1], Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise Unreadable(
            f"line {line}: the front matter is not valid YAML ({error.problem}); write the value in quotes"
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable("line 1: the front matter is not valid YAML; write its values in quotes") from error
    if not isinstance(root, yaml.MappingNode):
        return {}, text
    found = {}
    for key, node in root.value:
        values = node.value if isinstance(node, yaml.SequenceNode) else [node]
        raw = one_line(", ".join(str(value.value) for value in values if isinstance(value, yaml.ScalarNode)))
        if key.value in FIELDS and raw and raw not in ("null", "~"):
            place = f"line {key.start_mark.line + 2}"
            found[key.value] = (checked(key.value, raw, place), "front matter")
    if not found:  # prose between two rules
        return {}, text
    return found, text[match.end() :].lstrip("\n")


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Tag ("h1", "p", "code", …) and plain words of each block, without marks and images."""
    from markdown_it import MarkdownIt

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
