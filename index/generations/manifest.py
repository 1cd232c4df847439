"""What a generation holds, and what made it: its manifest.json, with a checksum of its own."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from index.articles import Duplicate, Skipped
from index.errors import UserError
from index.generations.integrity import StoredFile

FORMAT = 5


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds, and what made it."""

    name: str
    created: str  # ISO date and time with zone
    folder: str
    embedding: str
    made_by: str  # the same only when the same code and model made it
    previous: str  # the generation that was in use before, "" if none was
    dimension: int
    article_count: int
    passage_count: int
    sentence_count: int
    found_count: int  # articles and what is none, of which each is indexed, a duplicate, or skipped
    duplicates: tuple[Duplicate, ...]
    skipped: tuple[Skipped, ...]
    spread: float  # standard deviation of the similarity of two passages
    recall: float  # share of the 10 nearest passages that the vector store finds
    files: tuple[StoredFile, ...]
    base: str  # the generation since which others were made from this one's by adding what had changed
    edited_count: int  # vectors that were put into the vector store, or taken out of it, since it was made
    kept: tuple[Skipped, ...] = ()  # files indexed as they were, since they could not be read again
    programs: tuple[str, ...] = ()  # what read for it that no library of ours can, and the languages that it was taught
    store: str = ""  # where it is: "" in the generation's folder, or ADDRESS#NAME of a server
    format: int = FORMAT


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write it into the generation in `path`, with a checksum of its own."""
    fields = asdict(manifest)
    checksum = _checksum(fields)
    (path / "manifest.json").write_text(
        json.dumps(fields | {"checksum": checksum}, ensure_ascii=False, indent=1), encoding="utf-8"
    )


def read_manifest(path: Path) -> Manifest:
    """The manifest of the generation in `path`."""
    try:
        fields = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        if fields["format"] == FORMAT:
            if fields.pop("checksum") != _checksum(fields):
                raise ValueError("the checksum is another")
            fields["duplicates"] = tuple(Duplicate(**one) for one in fields["duplicates"])
            fields["skipped"] = tuple(Skipped(**one) for one in fields["skipped"])
            fields["kept"] = tuple(Skipped(**one) for one in fields.get("kept", ()))
            fields["programs"] = tuple(fields.get("programs", ()))
            fields["files"] = tuple(StoredFile(**one) for one in fields["files"])
            return Manifest(**fields)
        maker = "an earlier" if int(fields["format"]) < FORMAT else "a later"
        made = f"made on {fields['created'][:10]} by {maker} newsdesk (format {fields['format']}"
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise UserError(f"The manifest in {path} cannot be read. Rebuild with `newsdesk index`.") from error
    raise UserError(f"The index in {path} was {made}; this one reads {FORMAT}). Rebuild with `newsdesk index`.")


def _checksum(fields: Mapping[str, object]) -> int:
    return zlib.crc32(json.dumps(fields, sort_keys=True).encode())
