"""How well days told in the text are read, on the specifications of Microsoft's Recognizers-Text.

They are fetched by whoever measures: `git clone https://github.com/microsoft/Recognizers-Text`, then
`python -m bench.days Recognizers-Text/Specs/DateTime`. Each case has a sentence, a reference day, and the days that
its expression may mean, in the past and in the future. Cases without any of them are left out.
"""

import argparse
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


def cases(folder: Path) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Language, sentence, reference day, and the right days of each case."""
    for name, code in LANGUAGES.items():
        path = folder / name / "DateParser.json"
        for case in json.loads(path.read_text(encoding="utf-8-sig")):
            reference = case.get("Context", {}).get("ReferenceDateTime", "")[:10]
            if not reference or not case["Results"]:
                continue
            value = case["Results"][0]["Value"]
            days = frozenset(value[key]["date"] for key in ("PastResolution", "FutureResolution") if key in value)
            yield code, case["Input"], reference, days


def verdict(code: str, sentence: str, reference: str, days: frozenset[str]) -> str:
    """Right when one of the days and no other is read, another day when only others are, else not read."""
    found = {one.iso for one in dates_in(Article("a", "", sentence, published=reference, language=code))} - {""}
    if found and found <= days:
        return RIGHT
    return ANOTHER if found and not found & days else UNREAD


def main() -> None:
    """Print the verdicts, language by language; with --show those of one verdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", choices=(RIGHT, ANOTHER, UNREAD))
    parser.add_argument("--language", default="")
    chosen = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    for code, sentence, reference, days in cases(chosen.folder):
        if chosen.language not in ("", code):
            continue
        told = verdict(code, sentence, reference, days)
        counts[code, told] += 1
        counts["all", told] += 1
        if told == chosen.show:
            article = Article("a", "", sentence, published=reference, language=code)
            read = [(one.text, one.iso or f"{one.first}..{one.last}") for one in dates_in(article)]
            print(f"{code} {reference} {sentence!r} {sorted(days)} {read}")
    for code in dict.fromkeys(code for code, _ in counts):
        print(code, {told: counts[code, told] for told in (RIGHT, ANOTHER, UNREAD)})


if __name__ == "__main__":
    main()
