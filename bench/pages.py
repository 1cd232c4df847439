"""How much of the article of real web pages is read, and how little else, beside trafilatura alone.

Of pages with gold text the runs of four words that the text shares with it are counted; recall and precision are means
over pages. Of annotated pages the pieces are counted that a text must have, and those that it must not. Pages that
lose over 30 % of the runs that trafilatura alone keeps are named, for somebody to look at.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import fmean
from time import perf_counter

import trafilatura

from index.errors import Unreadable
from index.reading.readers.webpage import read_html
from index.reading.texts.decoding import decode

RUN = 4
LOST = 0.3

Read = Callable[[bytes], str]
Share = tuple[float, float]  # recall and precision of one page


def with_gold_text(clone: Path) -> Iterator[str]:
    """A Markdown table of the pages in a clone of scrapinghub/article-extraction-benchmark, line by line."""
    gold = json.loads((clone / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {name: gzip.decompress((clone / "html" / f"{name}.html.gz").read_bytes()) for name in gold}
    yield f"| {len(pages)} pages with gold text | recall | precision | F1 | ms a page |\n|---|---|---|---|---|"
    for name, read in READERS.items():
        texts, milliseconds = _read(pages, read)
        shares = [share(text, gold[page]["articleBody"]) for page, text in texts.items()]
        yield _row(name, fmean(one for one, _ in shares), fmean(one for _, one in shares), milliseconds)


def annotated(clone: Path) -> Iterator[str]:
    """The same of those in a clone of adbar/trafilatura, and the pages that lose much of what it keeps."""
    folder = clone / "tests"
    told = json.loads((folder / "evaldata.json").read_text(encoding="utf-8"))
    wanted = {page["file"]: page for page in told.values()}
    files = [*sorted((folder / "eval").iterdir()), *sorted((folder / "cache").iterdir())]
    pages = {file.name: file.read_bytes() for file in files}
    yield f"| {len(wanted)} annotated pages | recall | precision | F1 | ms a page |\n|---|---|---|---|---|"
    read_by = {}
    for name, read in READERS.items():
        texts, milliseconds = _read(pages, read)
        right = sum(_held(texts[file], page["with"]) for file, page in wanted.items())
        wrong = sum(_held(texts[file], page["without"]) for file, page in wanted.items())
        recall = right / sum(len(page["with"]) for page in wanted.values())
        yield _row(name, recall, right / (right + wrong), milliseconds)
        read_by[name] = texts
    ours, theirs = read_by.values()
    lost = [page for page in pages if share(ours[page], theirs[page])[0] < 1 - LOST and theirs[page]]
    none = [page for page in lost if not ours[page]]
    yield f"\n{len(lost)} of {len(pages)} pages lose over 30 % of what trafilatura keeps; {len(none)} are skipped, *:\n"
    yield " ".join(f"{page}*" if page in none else page for page in lost)


def newsdesk(page: bytes) -> str:
    """What is indexed of the page; "" for a page that is left out."""
    try:
        return "\n\n".join(story.text for story in read_html(page))
    except Unreadable:
        return ""


def peer(page: bytes) -> str:
    """What trafilatura alone extracts, with the settings that it has."""
    return trafilatura.extract(decode(page)[0]) or ""


READERS: Mapping[str, Read] = {"newsdesk": newsdesk, "trafilatura": peer}


def _read(pages: Mapping[str, bytes], read: Read) -> tuple[dict[str, str], float]:
    """The texts of the pages, and how many milliseconds one takes."""
    begun = perf_counter()
    texts = {name: read(content) for name, content in pages.items()}
    return texts, 1000 * (perf_counter() - begun) / len(pages)


def _held(text: str, pieces: list[str]) -> int:
    text = " ".join(text.split())
    return sum(" ".join(piece.split()) in text for piece in pieces)


def _row(name: str, recall: float, precision: float, milliseconds: float) -> str:
    both = 2 * recall * precision / (recall + precision)
    return f"| {name} | {recall:.3f} | {precision:.3f} | {both:.3f} | {milliseconds:.1f} |"


def share(text: str, gold: str) -> Share:
    """Recall and precision of the text's runs of words against those of the gold text; 0 and 0 for no text."""
    found, right = _runs(text), _runs(gold)
    common = (found & right).total()
    return common / max(1, right.total()), common / max(1, found.total())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[first : first + RUN]) for first in range(max(1, len(words) - RUN + 1)))
