"""Places of a text that are marked, line by line."""

from collections.abc import Iterable, Iterator, Sequence

from index.passages import Extent


def apart(places: Iterable[Extent]) -> list[Extent]:
    """The places in order, those that touch as one."""
    apart: list[Extent] = []
    for start, end in sorted(place for place in places if place[0] < place[1]):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def paragraphs_of(text: str, places: Sequence[Extent]) -> Iterator[list[tuple[str, bool]]]:
    """The lines of the text that are not blank, each as its pieces in order, and whether each is marked."""
    position = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield pieces_of(line, [(start - position, end - position) for start, end in places])
        position += len(line)


def mark_count_of(text: str, places: Sequence[Extent]) -> int:
    """How many pieces of the text are marked."""
    return sum(is_mark for paragraph in paragraphs_of(text, places) for _, is_mark in paragraph)


def pieces_of(line: str, places: Sequence[Extent]) -> list[tuple[str, bool]]:
    """The line, without the blanks around it, as pieces that are marked and pieces that are not."""
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    pieces, at = [], first
    for start, end in places:
        start, end = max(start, at), min(end, last)
        if start < end:
            pieces += [(line[at:start], False), (line[start:end], True)]
            at = end
    return [piece for piece in (*pieces, (line[at:last], False)) if piece[0]]
