"""Whether a written sentence leaves out what its source makes of what it tells: a denial, a doubt, who said so."""

import re
from collections.abc import Iterator

from assistant.facts.wording import has
from index.hits import Hit
from index.languages.words import Language, Words, language

# By what the source has, what the written sentence must have one of, and what it is called when it has none.
KEPT = {
    ("negations", "none"): ("negations", "none", "denied"),
    ("denied",): ("denied", "negations", "none", "untrue"),
    ("possible",): ("possible", "planned"),
    ("planned",): ("planned", "possible"),
    ("untrue",): ("untrue", "denied", "negations"),
    ("cancelled",): ("cancelled", "negations", "none"),
    ("said",): ("said", "denied"),
}
# And what it must not have on its own: a "not" that the source lacks.
ADDED = {("negations", "none"): ("negations", "none", "denied", "cancelled", "untrue")}
# So many words in a row that the source has in another language were not translated: somebody wrote them there.
COPIED_WORDS = 4


def says_otherwise(text: str, code: str, source: Hit) -> str:
    """What the text, written in the language of the code, makes of the source's sentence; "" when nothing is seen."""
    if text == source.text:
        return ""
    written, spoken = language(code), language(source.article.language)
    if spoken.code == written.code:
        spoken = written
    elif copied := _copied(text, source.text):
        return f"“{copied}” stands in the source, as somebody's translation of it"
    for names, kept in KEPT.items():
        if _has(source.text, names, spoken) and not _has(text, kept, written):
            return f"the source says “{_first(source.text, names, spoken)}”, and it does not"
    for names, known in ADDED.items():
        if _has(text, names, written) and not _has(source.text, known, spoken):
            return f"it says “{_first(text, names, written)}”, and the source does not"
    return ""


def _has(text: str, names: tuple[str, ...], spoken: Language) -> bool:
    return any(has(text, words, spoken) for words in _words(names, spoken))


def _first(text: str, names: tuple[str, ...], spoken: Language) -> str:
    return next((word for words in _words(names, spoken) for word in words if has(text, (word,), spoken)), "")


def _words(names: tuple[str, ...], spoken: Language) -> Iterator[Words]:
    yield from (getattr(spoken.claims, name) for name in names)


def _copied(text: str, source: str) -> str:
    """Some words of the text that stand so in the source, in a row and not all of them names; "" when none do."""
    words = re.findall(r"\w+", text)
    within = " ".join(re.findall(r"\w+", source.casefold()))
    for place in range(len(words) - COPIED_WORDS + 1):
        some = words[place : place + COPIED_WORDS]
        if sum(word.islower() for word in some) >= 2 and f" {' '.join(some).casefold()} " in f" {within} ":
            return " ".join(some)
    return ""
