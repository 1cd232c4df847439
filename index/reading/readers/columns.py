"""The words of a PDF page in the order in which they are read, also where columns are stored row by row."""

import re
from collections import defaultdict
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject

# Two columns share so many rows, with so many letters in each half on the average: a table's cells are shorter.
ROWS, CELL_CHARACTERS = 4, 20
# Starts of lines so near to one another, in points, are one edge.
EDGE = 4.0

_SHOWS_WORDS = re.compile(rb"\bT[jJ]\b|\bDo\b|[)>]\s*['\"]")
PlacedWords = tuple[float, float, str]  # left, height, words


def in_columns(page: "PageObject") -> str:
    """The page's text; column after column where two stand side by side and are stored row by row.

    Raises PyPdfError for a page that can be read only without its places.
    """
    pieces: list[PlacedWords] = []

    def visit(text: str, _: Any, matrix: list[float], *__: Any) -> None:
        if text.strip():
            pieces.append((matrix[4], matrix[5], " ".join(text.split())))

    contents = page.get_contents()
    # Watched, pypdf goes through all of a page; alone it passes over what shows no words.
    if contents is None or not _SHOWS_WORDS.search(contents.get_data()):
        return page.extract_text()
    text = page.extract_text(visitor_text=visit)
    edge = _second_edge(pieces)
    if edge is None:
        return text
    rows = [list(row) for _, row in groupby(pieces, key=lambda piece: round(piece[1]))]
    shared = [number for number, row in enumerate(rows) if _is_shared(row, edge)]
    before, among, after = rows[: shared[0]], rows[shared[0] : shared[-1] + 1], rows[shared[-1] + 1 :]
    left = [[piece for piece in row if piece[0] < edge - EDGE] for row in among]
    right = [[piece for piece in row if piece[0] >= edge - EDGE] for row in among]
    # A last line that only one of them has.
    while after and len(after[0]) == 1 and (abs(after[0][0][0] - edge) < EDGE or after[0][0][0] < edge):
        (right if after[0][0][0] >= edge - EDGE else left).append(after.pop(0))
    return "\n".join(" ".join(piece[2] for piece in row) for row in [*before, *left, *right, *after] if row)


def _second_edge(pieces: list[PlacedWords]) -> float | None:
    """Where the right one of two columns begins whose lines alternate; None without one."""
    rows: dict[int, list[PlacedWords]] = defaultdict(list)
    for piece in pieces:
        rows[round(piece[1])].append(piece)
    alternating = sum(round(one[1]) == round(other[1]) for one, other in pairwise(pieces))
    if alternating < ROWS:
        return None
    starts: dict[int, list[tuple[PlacedWords, PlacedWords]]] = defaultdict(list)
    for row in rows.values():
        if len(row) == 2:
            first, second = sorted(row)
            starts[round(second[0] / EDGE)].append((first, second))
    halves = max(starts.values(), key=len, default=[])
    if len(halves) < ROWS:
        return None
    letters = [sum(len(half[side][2]) for half in halves) / len(halves) for side in (0, 1)]
    return halves[0][1][0] if min(letters) >= CELL_CHARACTERS else None


def _is_shared(row: list[PlacedWords], edge: float) -> bool:
    return any(abs(piece[0] - edge) < EDGE for piece in row) and any(piece[0] < edge - EDGE for piece in row)
