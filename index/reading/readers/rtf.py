"""Rich text (.rtf): its paragraphs, without hidden and deleted text."""

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from index.errors import Unreadable
from index.reading.readers.story import Story, one_line
from index.reading.texts.decoding import sanitise

# Text between these marks, to the end of its group, is not shown: hidden, deleted, and the marks of fields.
_HIDDEN = re.compile(r"\\(?:v|deleted)(?=[\s\\{])(?:[^{}\\]|\\[^v{}]|\\v[a-z])*?(?=\\(?:v|deleted)0|[}])")
# The bytes of pictures, megabytes of them, in which nothing can be read.
_PICTURE = re.compile(r"[0-9a-fA-F\r\n]{400,}")
_TITLE = re.compile(r"\{\\(title|author)\s+((?:[^{}\\]|\\'[0-9a-fA-F]{2}|\\u-?\d+\??)*)\}")


def read_rtf(content: bytes) -> Iterator[Story]:
    """The document's text: a paragraph a line with an empty one between."""
    code = _PICTURE.sub("", content.decode("latin-1"))
    if not code.lstrip().startswith("{\\rtf"):
        raise Unreadable("it is no RTF file")
    try:
        text = _text(_HIDDEN.sub("", code))
        said = {name: _text(f"{{\\rtf1 {words}}}") for name, words in _TITLE.findall(code)}
    except (ValueError, LookupError, IndexError, RecursionError) as error:
        raise Unreadable("it is a damaged RTF file; save it anew") from error
    paragraphs = (" ".join(line.split()) for line in sanitise(text).split("\n"))
    found = {name: (one_line(words), "document properties") for name, words in said.items() if one_line(words)}
    yield Story("\n\n".join(line for line in paragraphs if line), found, {"encoding": "RTF"})


def _text(code: str) -> str:
    return str(rtf_to_text(code, encoding="cp1252", errors="replace"))  # type: ignore[no-untyped-call]
