"""Tables of a spreadsheet (.xlsx): a row is an article where the first line names the columns."""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import reduce
from zipfile import ZipFile

from index.errors import Unreadable
from index.reading.readers.archive import open_archive, read_member
from index.reading.readers.records import NO_COLUMNS, names_columns, row_story
from index.reading.readers.story import Flaw, Story, one_line

# Of a sheet: every cell from the first to the last one takes memory, those too that are empty.
MOST_CELLS = 6_000_000
# A cell or a row that holds something: elements that only say how an empty one looks end at once.
_PLACE = re.compile(
    rb"<(?:\w{1,20}:)?(?:c|row)\s(?:[^<>]{0,500}?\s)?r\s*=\s*[\"']([A-Z]{0,3})(\d{1,7})[\"'][^<>]{0,500}(?<!/)>"
)
_LETTERS = 26


def read_workbook(content: bytes) -> Iterator[Story | Flaw]:
    """The article of each row, counted from 1, of every sheet whose first line names such columns."""
    import python_calamine  # only the child that meets a spreadsheet loads it

    with open_archive(io.BytesIO(content)) as archive:  # it is no bomb
        _refuse_far_cells(archive)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(name, workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable("it is no table that can be read; save it anew as .xlsx or .csv") from error
    tables = [(name, rows) for name, rows in sheets if rows and names_columns(list(map(_cell, rows[0])))]
    if not tables:
        raise Unreadable(NO_COLUMNS)
    for name, rows in tables:
        yield from _articles(rows, f"/{one_line(name)}" if len(tables) > 1 else "")


def _refuse_far_cells(archive: ZipFile) -> None:
    """Raises Unreadable where one cell lies so far from the others that all between them would fill the memory."""
    for member in archive.infolist():  # a sheet may have any name
        found: set[tuple[bytes, bytes]] = set()
        with suppress(Unreadable):  # whether that matters, whoever reads it knows
            found = set(_PLACE.findall(read_member(archive, member)))
        columns = max((_number(column) for column, _ in found), default=1)
        rows = max((int(row) for _, row in found), default=1)
        if columns * rows > MOST_CELLS:
            raise Unreadable(
                f"a sheet has {columns:,} columns and {rows:,} rows; take out the cells far from the others"
            )


def _number(column: bytes) -> int:
    """Of a column by its letters, from 1; 1 without any."""
    return reduce(lambda number, letter: number * _LETTERS + letter - ord("A") + 1, column, 0) or 1


def _articles(rows: Sequence[Sequence[object]], sheet: str) -> Iterator[Story | Flaw]:
    header = list(map(_cell, rows[0]))
    for number, row in enumerate(rows[1:], start=1):
        cells = list(map(_cell, row))
        if any(cells):
            yield row_story(header, cells, "spreadsheet", f"{sheet}#{number}")


def _cell(value: object) -> str:
    """The value as somebody would write it; a day as YYYY-MM-DD."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
