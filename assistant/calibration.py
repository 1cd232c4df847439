"""What the similarities of an embedding mean; calibration.toml has the numbers, and where each comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from index.packaged import finite, part_of_program

FILE = Path(__file__).with_suffix(".toml")
ANY_OTHER = "any other"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """What the best hit of a question seldom stays below when the articles answer it, and what is ordinary."""

    rank: float
    similarity: float
    ordinary: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds on an embedding's cosines; the file says what each is for. `doubtful` is None where nobody knows."""

    supports: float
    alike: float
    named: float
    counted: float
    repeats: float
    translates: float
    doubtful: Doubtful | None = None


def calibration(embedding: str) -> Calibration:
    """Those of the embedding of this name; one that nobody has measured has those of ANY_OTHER."""
    every = _read()
    return every.get(embedding, every[ANY_OTHER])


@cache
def _read() -> dict[str, Calibration]:
    return read(FILE)


def read(file: Path) -> dict[str, Calibration]:
    """Each embedding's thresholds, and those of ANY_OTHER; raises UserError when the file is damaged."""
    with part_of_program(file) as tables:
        every = {name: _of_table(table) for name, table in tables.items()}
        every[ANY_OTHER]  # has to be there
        return every


def _of_table(table: Mapping[str, Any]) -> Calibration:
    doubtful = table.get("doubtful")
    return Calibration(
        finite(table["supports"]),
        finite(table["alike"]),
        finite(table["named"]),
        finite(table["counted"]),
        finite(table["repeats"]),
        finite(table["translates"]),
        Doubtful(**{name: finite(value) for name, value in doubtful.items()}) if doubtful is not None else None,
    )
