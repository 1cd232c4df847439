"""Files that are a part of the program: read, or told to be damaged in a sentence."""

import math
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import UserError

_DAMAGES = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@contextmanager
def part_of_program(path: Path) -> Iterator[Mapping[str, Any]]:
    """The table in the file; raises UserError when it is missing, or damaged as what is made of it inside shows."""
    try:
        yield tomllib.loads(path.read_text(encoding="utf-8"))
    except _DAMAGES as error:
        said = " ".join(str(error).split())[:100] or type(error).__name__
        place = "/".join(path.parts[-3:])
        raise UserError(f"{place} is a part of newsdesk and damaged ({said}). Install newsdesk again.") from error


def finite(value: object) -> float:
    """The value as a number; raises TypeError or ValueError for what is none, or without end."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{str(value)[:40]!r} is no number")
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number to count with")
    return float(value)
