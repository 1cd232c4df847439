"""docs/LANGUAGES.md, made from the files of the languages: `python -m index.languages.table > docs/LANGUAGES.md`."""

import sys
from dataclasses import fields

from index.languages.names import english_name
from index.languages.words import SECTIONS, Language, languages

HEADING = """# Languages

One file for each, `index/languages/<code>.toml`, holds whatever belongs to a language and CLDR lacks. A language not
in this list is named as what it is and read with the neutral rules: whatever CLDR knows of it, digits, names.

To add one, copy the file of a neighbour and translate it. Each key is needed, or the file says in `[absent]` why the
language has nothing there; a test names what is missing. `python -m index.languages.table > docs/LANGUAGES.md` then
brings this page up to date.

The numbers count words and phrases.

"""


def table() -> str:
    """The page, in Markdown."""
    counted = [name for name in SECTIONS if name != "writing"]
    lines = [f"| language | code | stems | written | {' | '.join(counted)} |", "|---" * (len(counted) + 4) + "|"]
    for language in languages():
        counts = [str(_count(getattr(language, name))) for name in counted]
        stems = "yes" if language.writing.stemmer else "no"
        cells = [english_name(language.code), language.code, stems, _written(language), *counts]
        lines.append(f"| {' | '.join(cells)} |")
    return HEADING + "\n".join(lines) + "\n"


def _written(language: Language) -> str:
    """What is unusual in how it is written, for one who knows English."""
    writing = language.writing
    told = {
        "nouns with capitals": writing.nouns_have_capitals,
        "no capitals": not writing.capitals,
        "no spaces": not writing.spaces,
        "names inflect": writing.names_inflect,
        "asks in place": writing.asks_in_place,
    }
    return ", ".join(name for name, is_so in told.items() if is_so)


def _count(value: object) -> int:
    """How many words and phrases a section holds."""
    if isinstance(value, bool | int):
        return 0
    if isinstance(value, str):
        return 1
    if isinstance(value, tuple):
        return sum(map(_count, value))
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    return sum(_count(getattr(value, field.name)) for field in fields(value))  # type: ignore[arg-type, misc]


if __name__ == "__main__":
    sys.stdout.write(table())
