"""How much of the article of real web pages is read, and how little else: `python -m bench.pages --sources FOLDER`.

FOLDER is a clone of scrapinghub/article-extraction-benchmark: ground-truth.json, and the pages in html/. Of each page
the runs of four words that the text shares with the gold text are counted; recall and precision are means over pages.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import fmean
from time import perf_counter

import trafilatura

from index.errors import Unreadable
from index.reading.decoding import decode
from index.reading.readers.webpage import read_html

RUN = 4

Read = Callable[[bytes], str]
Share = tuple[float, float]  # recall and precision of one page


def main() -> None:
    """Print a Markdown table, and with --worst the pages that were read worst."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="the clone with ground-truth.json and html/")
    parser.add_argument("--worst", type=int, default=0, help="so many pages that newsdesk reads worst, by name")
    arguments = parser.parse_args()
    gold = json.loads((arguments.sources / "ground-truth.json").read_text(encoding="utf-8"))
    texts = {name: page["articleBody"] for name, page in gold.items()}
    print(f"| {len(texts)} pages | recall | precision | F1 | ms a page |\n|---|---|---|---|---|")
    readers: Mapping[str, Read] = {"newsdesk": newsdesk, "trafilatura": peer}
    measured = {name: _measured(name, read, arguments.sources / "html", texts) for name, read in readers.items()}
    for name in sorted(texts, key=lambda name: sum(measured["newsdesk"][name]))[: arguments.worst]:
        ours, other = measured["newsdesk"][name], measured["trafilatura"][name]
        print(f"{name} newsdesk {ours[0]:.2f} {ours[1]:.2f} trafilatura {other[0]:.2f} {other[1]:.2f}")


def newsdesk(page: bytes) -> str:
    """What is indexed of the page; "" for a page that is left out."""
    try:
        return "\n\n".join(story.text for story in read_html(page))
    except Unreadable:
        return ""


def peer(page: bytes) -> str:
    """What trafilatura alone extracts, with the settings that it has."""
    return trafilatura.extract(decode(page)[0]) or ""


def _measured(name: str, read: Read, pages: Path, texts: Mapping[str, str]) -> dict[str, Share]:
    contents = {page: gzip.decompress((pages / f"{page}.html.gz").read_bytes()) for page in texts}
    begun = perf_counter()
    read_texts = {page: read(content) for page, content in contents.items()}
    milliseconds = 1000 * (perf_counter() - begun) / len(texts)
    shares = {page: share(text, texts[page]) for page, text in read_texts.items()}
    recall = fmean(one for one, _ in shares.values())
    precision = fmean(one for _, one in shares.values())
    both = 2 * recall * precision / (recall + precision)
    print(f"| {name} | {recall:.3f} | {precision:.3f} | {both:.3f} | {milliseconds:.1f} |")
    return shares


def share(text: str, gold: str) -> Share:
    """Recall and precision of the text's runs of words against those of the gold text; 0 and 0 for no text."""
    found, right = _runs(text), _runs(gold)
    common = (found & right).total()
    return common / max(1, right.total()), common / max(1, found.total())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[first : first + RUN]) for first in range(max(1, len(words) - RUN + 1)))


if __name__ == "__main__":
    main()
