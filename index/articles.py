"""A folder of files to articles, each with where its metadata was found."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `id` is the file's path relative to the folder, with forward slashes."""

    id: str
    title: str
    text: str
    published: str = ""  # ISO date, YYYY-MM-DD, or ""
    language: str = ""  # ISO 639-1
    source: str = ""
    author: str = ""
    url: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)  # field name -> where its value was found


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and why, in one sentence."""

    path: str
    reason: str
