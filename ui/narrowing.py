"""Which articles a program asks, as the HTTP API and the tools take it."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from index.articles import is_day
from index.filters import Filters


def _day(text: str) -> str:
    if text and not is_day(text):
        raise ValueError("Write a day as YYYY-MM-DD.")
    return text


def _several(given: object) -> object:
    """One name as several, of which "" is none."""
    names = [given] if isinstance(given, str) else given
    return tuple(name for name in names if name != "") if isinstance(names, list | tuple) else names


IsoDay = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
MOST_NAMES = 50
_ONE_OR_SEVERAL = {
    "anyOf": [
        {"type": "string", "maxLength": 1_000},
        {"type": "array", "items": {"type": "string", "maxLength": 1_000}, "maxItems": MOST_NAMES},
    ]
}
Names = Annotated[
    tuple[Annotated[str, Field(max_length=1_000)], ...],
    BeforeValidator(_several),
    Field(max_length=MOST_NAMES, json_schema_extra=lambda schema: _one_or_several(schema)),
]


def _one_or_several(schema: dict[str, object]) -> None:
    """Describes that one name may be given by itself."""
    for key in ("type", "items", "maxItems"):
        schema.pop(key, None)
    schema |= _ONE_OR_SEVERAL


class Narrowing(BaseModel):
    """Which articles are asked; a field left out, or "", lets all of them through, and of several names any will do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: IsoDay = Field(default="", description="Only articles published on or after this day, YYYY-MM-DD.")
    until: IsoDay = Field(default="", description="Only articles published on or before this day, YYYY-MM-DD.")
    source: Names = Field(default=(), description="Only articles from these outlets, as quotes name them.")
    language: Names = Field(default=(), description="Only articles in these languages: it, en, de, …")
    folder: Names = Field(default=(), description="Only articles in these folders of the indexed one.")
    author: Names = Field(default=(), description="Only articles by these authors, as articles name them.")

    @property
    def filters(self) -> Filters:
        """The same, as search takes it."""
        folders = tuple(one.strip("/") for one in self.folder)
        return Filters(self.since, self.until, self.source, self.language, folders, self.author)
