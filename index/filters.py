"""Which articles to search: a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.articles import is_day
from index.errors import UserError

# What the fields were called while each held one name.
EARLIER_NAMES = {"source": "sources", "language": "languages", "folder": "folders"}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles to search; an empty field lets everything through. Dates are YYYY-MM-DD, both included.

    Of several names in one field, any will do. `lifted` are what the words of a question are not to narrow down by
    themselves: "since", "until", "source", "author", "language".
    """

    since: str = ""
    until: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()  # these and those inside them, relative to the indexed folder
    authors: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()  # their ids
    lifted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is kept out."""
        names = (self.sources, self.languages, self.folders, self.authors, self.articles)
        return bool(self.since or self.until or any(names))

    def both(self, other: "Filters") -> "Filters":
        """What both let through, as far as one value a field can tell; the other's names go first."""
        return Filters(
            max(self.since, other.since),
            min(filter(None, (self.until, other.until)), default=""),
            other.sources or self.sources,
            other.languages or self.languages,
            other.folders or self.folders,
            other.authors or self.authors,
            other.articles or self.articles,
        )

    def with_names(self, field: str, names: tuple[str, ...]) -> "Filters":
        """The same with these names in one of the fields that hold several."""
        held = {
            "sources": self.sources,
            "languages": self.languages,
            "folders": self.folders,
            "authors": self.authors,
            "articles": self.articles,
        }
        return Filters(self.since, self.until, **{**held, field: names}, lifted=self.lifted)

    def as_sql(self) -> tuple[str, list[str]]:
        """The same as a condition on the columns of the table `articles`, and its values."""
        place, place_values = self.of_copies_as_sql()
        copied = f"(({place}) OR articles.number IN (SELECT article FROM copies WHERE {place}))"
        conditions = (
            ("published >= ?", [self.since and day_of(self.since).isoformat()]),
            ("published <= ? AND published <> ''", [self.until and day_of(self.until).isoformat()]),
            (_one_of("language", self.languages), list(self.languages)),
            (_one_of("author", self.authors), list(self.authors)),
            (_one_of("articles.id", self.articles), list(self.articles)),
            (copied, place_values * 2),
        )
        kept = [(condition, values) for condition, values in conditions if any(values)]
        return " AND ".join(["TRUE", *(condition for condition, _ in kept)]), [
            value for _, values in kept for value in values
        ]

    def of_copies_as_sql(self) -> tuple[str, list[str]]:
        """Of sources and folders alone, a condition on the columns `source` and `id` of articles or copies."""
        clauses, values = ["TRUE"], list[str]()
        if self.sources:
            clauses.append(_one_of("source", self.sources))
            values += self.sources
        if self.folders:
            # The next string after every one that begins with the folder and a slash.
            inside = " OR ".join(["id > ? || '/' AND id < ? || '0'"] * len(self.folders))
            clauses.append(f"({inside})")
            values += [folder for folder in self.folders for _ in range(2)]
        return " AND ".join(clauses), values

    def lets_through(self, published: str, source: str, language: str, author: str, article_id: str) -> bool:
        """Whether an article that is no copy is searched."""
        return (
            published >= self.since
            and (not self.until or "" < published <= self.until)
            and (not self.sources or source in self.sources)
            and (not self.languages or language in self.languages)
            and (not self.authors or author in self.authors)
            and (not self.articles or article_id in self.articles)
            and (not self.folders or any(f"{folder_of(article_id)}/".startswith(f"{one}/") for one in self.folders))
        )


def filters_from(fields: Mapping[str, str | Sequence[str]]) -> Filters:
    """The filters whose `asdict` this is, read back from JSON; those of earlier versions had one name a field."""
    read: dict[str, tuple[str, ...]] = {}
    for name, value in fields.items():
        if name not in ("since", "until"):
            several = tuple(filter(None, [value] if isinstance(value, str) else value))
            read[EARLIER_NAMES.get(name, name)] = several
    return Filters(str(fields.get("since", "")), str(fields.get("until", "")), **read)


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({','.join('?' * len(values))})"


def folder_of(article_id: str) -> str:
    """The article's folder, relative to the indexed one, "" for that one itself."""
    return article_id.rpartition("/")[0]


def day_of(day: str) -> date:
    """The day written as YYYY-MM-DD; raises UserError when it is written otherwise."""
    if not is_day(day):
        raise UserError(f"{day!r} is not a day. Write it as YYYY-MM-DD.")
    return date.fromisoformat(day)
