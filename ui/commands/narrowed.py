"""What `--since`, `--source` and the like narrow a command to: the filters, checked against what the index holds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypedDict

from index.errors import UserError
from index.filters import Filters, day_of, folder_of
from index.generations.generation import Generation

MOST_NAMED = 12


class NarrowingOptions(TypedDict):
    """The options as they were given."""

    since: str
    until: str
    source: tuple[str, ...]
    language: tuple[str, ...]
    folder: tuple[str, ...]
    author: tuple[str, ...]


def filters_of(given: NarrowingOptions) -> Filters:
    """The options as filters; raises UserError where a day is none."""
    for day in filter(None, (given["since"], given["until"])):
        day_of(day)
    folders = tuple(one.strip("/") for one in given["folder"])
    return Filters(given["since"], given["until"], given["source"], given["language"], folders, given["author"])


def check(filters: Filters, generation: Generation) -> None:
    """Nothing; raises UserError, which says what there is, when the index has no article of one of the names."""
    if not filters:
        return
    listed = generation.articles()
    copied = generation.places_of_copies() if filters.sources or filters.folders else []
    folders = {
        part
        for name in (*(one.id for one in listed), *(article_id for article_id, _ in copied))
        for part in _with_parents(folder_of(name))
    }
    _check("--source", filters.sources, [*(one.source for one in listed), *(source for _, source in copied)])
    _check("--language", filters.languages, (one.language for one in listed))
    _check("--author", filters.authors, (one.author for one in listed))
    _check("--folder", filters.folders, folders)


def _with_parents(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _check(option: str, asked: Sequence[str], held: Iterable[str]) -> None:
    counts = Counter(name for name in held if name)
    for name in asked:
        if name and name not in counts:
            most = [held_name for held_name, _ in counts.most_common(MOST_NAMED)]
            more = f" and {len(counts) - MOST_NAMED} more" if len(counts) > MOST_NAMED else ""
            there = f"There are {', '.join(most)}{more}." if most else "No article in the index has any."
            raise UserError(f"The index has nothing of {option} {name!r}. {there}")
