"""A folder of files to articles, each with where its metadata was found."""

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

import yaml

from index.decoding import INVISIBLE, Unreadable, decode, sanitise
from index.errors import UserError
from index.language import detect_language
from index.webpage import Found, read_fragment, read_webpage

FILE_MEGABYTES = 20
_TITLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `id` is the file's path relative to the folder, with forward slashes."""

    id: str
    title: str
    text: str
    published: str = ""  # ISO date, YYYY-MM-DD, or ""
    language: str = ""  # ISO 639-1
    source: str = ""
    author: str = ""
    url: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)  # field name -> where its value was found


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and why, in one sentence."""

    path: str
    reason: str


def list_files(folder: Path) -> list[str]:
    """The paths of all files below `folder`, relative and with forward slashes, sorted.

    Hidden files and folders are left out. A symbolic link is listed, never followed; so is a folder that may
    not be opened: `read_article` tells why either is skipped. Raises UserError without such a folder.
    """
    if not folder.is_dir():
        problem = "is no folder" if folder.exists() else "does not exist"
        raise UserError(f"{folder} {problem}. Give the folder that holds your articles.")
    paths: list[Path] = []
    closed: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(parent, name).is_symlink()]
        paths += [Path(parent, name) for name in files + links if not name.startswith(".")]
    if folder in closed:
        raise UserError(f"{folder} may not be opened. Give the folder that holds your articles.")
    return sorted(path.relative_to(folder).as_posix() for path in paths + closed)


def read_article(folder: Path, path: str) -> Article | Skipped:
    """The article in the file `path` of `folder`, or why it is none."""
    try:
        if any(_is_unstorable(character) for character in path):
            raise Unreadable("its name cannot be stored; rename the file")
        content = _read(folder, path)
        reader = READERS.get(PurePosixPath(path).suffix.lower())
        if reader is None:
            raise Unreadable(f"files of this type are not read; supported are {', '.join(sorted(READERS))}")
        if not content:
            raise Unreadable("the file is empty")
        return reader(content, path)
    except Unreadable as reason:
        return Skipped("".join(_shown(character) for character in path), str(reason))


def _is_unstorable(character: str) -> bool:
    """Whether a name with this character breaks a terminal, or (lone surrogates) Chroma and SQLite."""
    return INVISIBLE.match(character) is not None or unicodedata.category(character) in ("Cc", "Zl", "Zp")


def _shown(character: str) -> str:
    return character.encode("unicode_escape").decode() if _is_unstorable(character) else character


def _read(folder: Path, path: str) -> bytes:
    """The bytes of a regular file inside the folder; a link, a pipe or a device is never opened."""
    root = folder.resolve()
    try:
        if (root / path).resolve() != root / path:
            raise Unreadable("it is a symbolic link; put the file itself into the folder")
        mode = (root / path).lstat().st_mode
        if stat.S_ISDIR(mode):
            raise Unreadable("the folder may not be opened; give read permission")
        if not stat.S_ISREG(mode):
            raise Unreadable("it is not a regular file")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(root / path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("it is not a regular file")
            if status.st_size > FILE_MEGABYTES * 1_000_000:
                megabytes = status.st_size / 1_000_000
                raise Unreadable(f"it has {megabytes:.1f} MB; an article may have up to {FILE_MEGABYTES} MB")
            return file.read(FILE_MEGABYTES * 1_000_000)
    except FileNotFoundError as error:
        raise Unreadable("it was deleted while the folder was read") from error
    except PermissionError as error:
        raise Unreadable("it may not be opened; give read permission") from error
    except OSError as error:
        raise Unreadable(f"it cannot be read ({error.strerror or error})") from error


# Metadata: the first place that names a field wins


def _article(path: str, text: str, encoding: str, *places: Found, text_from: str = "") -> Article:
    """The article; each field from the first of `places` that has it, else from the file name or the text."""
    if not text.strip():
        raise Unreadable("it holds no text")
    found: dict[str, tuple[str, str]] = {"title": (_title_from(path), "file name")}
    if (published := _date_in(PurePosixPath(path).name)) is not None:
        found["published"] = (published, "file name")
    for place in reversed(places):
        found.update(place)
    if "language" not in found and (detected := detect_language(text)):
        found["language"] = (detected, "detected")
    evidence = {name: where for name, (_, where) in found.items()} | {"encoding": encoding}
    if text_from:
        evidence["text"] = text_from
    values = {name: value for name, (value, _) in found.items()}
    return Article(id=path, text=text, evidence=evidence, **values)


_ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def _title_from(path: str) -> str:
    stem = PurePosixPath(path).stem
    words = " ".join(re.sub("[-_]", " ", _ISO_DATE.sub(" ", stem)).split())
    return words[:1].upper() + words[1:] or stem


def _date_in(name: str) -> str | None:
    return next(filter(_is_date, _ISO_DATE.findall(name)), None)


def _is_date(value: str) -> bool:
    try:
        return len(value) == 10 and date.fromisoformat(value).isoformat() == value  # not 2024-W20-5
    except ValueError:
        return False


def _one_line(value: str) -> str:
    return " ".join(sanitise(value).split())


def _language_code(value: str) -> str:
    """ "it" for "it", "it-IT" or "IT_it"; "" for anything that starts with no two-letter code."""
    match = re.match(r"([a-z]{2})(?:[-_]|$)", value.strip().lower())
    return {"nb": "no", "nn": "no", "iw": "he"}.get(match[1], match[1]) if match else ""


_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_CHARACTERS = 20_000
_FIELDS = ("title", "published", "language", "source", "author", "url")


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
        raw = _one_line(", ".join(str(value.value) for value in values if isinstance(value, yaml.ScalarNode)))
        if key.value in _FIELDS and raw and raw not in ("null", "~"):
            found[key.value] = (_checked(key.value, raw, key.start_mark.line + 2), "front matter")
    if not found:  # prose between two rules
        return {}, text
    return found, text[match.end() :].lstrip("\n")


def _checked(name: str, value: str, line: int) -> str:
    """The value as it is stored; raises Unreadable for one that cannot be meant."""
    wanted = ""
    if name == "published":
        wanted = "" if _is_date(value[:10]) and value[10:11] in ("", " ", "T") else "YYYY-MM-DD"
        stored = value[:10]
    elif name == "language":
        stored = _language_code(value)
        wanted = "" if stored else "a two-letter code such as it"
    else:
        stored = value
        is_address = re.fullmatch(r"https?://\S+", value) is not None
        wanted = "an address that starts with https://" if name == "url" and not is_address else ""
    if wanted:
        raise Unreadable(f"line {line}: '{name}' is '{value[:80]}'; write it as {wanted}")
    return stored


# Plain text and markdown


def _read_text(content: bytes, path: str) -> Article:
    text, encoding = decode(content)
    front_matter, body = _front_matter(text)
    return _article(path, body, encoding, front_matter, _headline(body))


def _headline(text: str) -> Found:
    """The first line, if it stands like a title: short, no sentence, and apart from what follows."""
    line, _, rest = text.lstrip("\n").partition("\n")
    title = _one_line(line)
    # With one paragraph to a line there are no empty lines between them; a wrapped line is no headline.
    stands_apart = rest.startswith("\n") or any(len(other) > _TITLE_CHARACTERS for other in rest.split("\n"))
    is_sentence = re.search(r"[.!?…:;,。！？।؟][\"'”’»“)\]]*$", title) is not None
    if title and rest.strip() and stands_apart and len(title) <= _TITLE_CHARACTERS and not is_sentence:
        return {"title": (title, "first line")}
    return {}


def _read_markdown(content: bytes, path: str) -> Article:
    text, encoding = decode(content)
    front_matter, body = _front_matter(text)
    paragraphs = list(_markdown_paragraphs(body))
    heading: Found = {}
    if paragraphs and paragraphs[0][0] == "h1":
        heading = {"title": (_one_line(paragraphs[0][1]), "first heading")}
        if front_matter.get("title", heading["title"])[0] == heading["title"][0]:
            paragraphs = paragraphs[1:]
    plain = sanitise("\n\n".join(paragraph for _, paragraph in paragraphs if paragraph))
    return _article(path, plain, encoding, front_matter, heading or _headline(plain))


_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def _markdown_paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Tag ("h1", "p", "code", …) and plain words of each block, without marks and images."""
    from markdown_it import MarkdownIt

    tag = "p"
    row: list[str] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
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


# HTML


def _read_html(content: bytes, path: str) -> Article:
    html, encoding = decode(content)
    page = read_webpage(html)
    language, where = page.found.get("language", ("", ""))
    found = {name: value for name, value in page.found.items() if name != "language"}
    if code := _language_code(language):
        found["language"] = (code, where)
    return _article(path, page.text, encoding, found, _headline(page.text), text_from=page.text_from)


READERS: Mapping[str, Callable[[bytes, str], Article]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
}
