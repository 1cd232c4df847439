"""How well pages and days are read, on public material: `python -m bench.reading --sources FOLDER`.

FOLDER holds clones of what is measured with, made by whoever measures; what is not there is left out:

    git clone https://github.com/scrapinghub/article-extraction-benchmark
    git clone https://github.com/adbar/trafilatura
    git clone https://github.com/microsoft/Recognizers-Text
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import days, pages

DAYS = "Recognizers-Text/Specs/DateTime"
PARTS: dict[str, Callable[[Path], Iterator[str]]] = {
    "article-extraction-benchmark": pages.with_gold_text,
    "trafilatura": pages.annotated,
    DAYS: days.table,
}


def main() -> None:
    """Print the tables of docs/READING.md; with --show the cases of days of one verdict."""
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sources", type=Path, required=True, help="the folder with the clones")
    parser.add_argument("--show", choices=(days.RIGHT, days.ANOTHER, days.UNREAD), help="days of this verdict, each")
    arguments = parser.parse_args()
    if arguments.show:
        for line in days.shown(arguments.sources / DAYS, arguments.show):
            print(line)
        return
    for name, lines in PARTS.items():
        if (arguments.sources / name).is_dir():
            print(*lines(arguments.sources / name), sep="\n", end="\n\n")
        else:
            print(f"{name} is not in {arguments.sources}.\n")


if __name__ == "__main__":
    main()
