"""How well days told in the text are read, on the specifications of Microsoft's Recognizers-Text (Specs/DateTime).

Each case has a sentence, a reference day, and the days that its expression may mean, in the past and in the future.
Cases without any of them are left out.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.facts.dates import dates_in
from index.articles import Article

LANGUAGES = {
    "Arabic": "ar", "Chinese": "zh", "Dutch": "nl", "English": "en", "French": "fr", "German": "de", "Hindi": "hi",
    "Italian": "it", "Japanese": "ja", "Korean": "ko", "Portuguese": "pt", "Spanish": "es", "Swedish": "sv",
    "Turkish": "tr",
}  # fmt: skip
RIGHT, ANOTHER, UNREAD = "right", "another day", "not read"


def cases(folder: Path, name: str) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Language, sentence, reference day, and the right days of each case of a language."""
    for case in json.loads((folder / name / "DateParser.json").read_text(encoding="utf-8-sig")):
        reference = case.get("Context", {}).get("ReferenceDateTime", "")[:10]
        if not reference or not case["Results"]:
            continue
        value = case["Results"][0]["Value"]
        days = frozenset(value[key]["date"] for key in ("PastResolution", "FutureResolution") if key in value)
        yield LANGUAGES[name], case["Input"], reference, days


def verdict(code: str, sentence: str, reference: str, days: frozenset[str]) -> str:
    """Right when one of the days and no other is read, another day when only others are, else not read."""
    found = {one.iso for one in dates_in(Article("a", "", sentence, published=reference, language=code))} - {""}
    if found and found <= days:
        return RIGHT
    return ANOTHER if found and not found & days else UNREAD


def table(folder: Path) -> Iterator[str]:
    """A Markdown table of the verdicts, language by language, line by line."""
    counts = {name: Counter(verdict(*case) for case in cases(folder, name)) for name in LANGUAGES}
    counts["all"] = sum(counts.values(), Counter[str]())
    yield "| language | cases | right | another day | not read |\n|---|---|---|---|---|"
    for name, told in counts.items():
        yield f"| {name} | {told.total():,} | {told[RIGHT]:,} | {told[ANOTHER]:,} | {told[UNREAD]:,} |"


def shown(folder: Path, told: str) -> Iterator[str]:
    """The cases of one verdict, and what is read of them."""
    for name in LANGUAGES:
        for code, sentence, reference, days in cases(folder, name):
            if verdict(code, sentence, reference, days) == told:
                article = Article("a", "", sentence, published=reference, language=code)
                read = [(one.text, one.iso or f"{one.first}..{one.last}") for one in dates_in(article)]
                yield f"{code} {reference} {sentence!r} {sorted(days)} {read}"
