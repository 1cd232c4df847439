"""Of "eleven of the train's 24 wagons left the rails" the number that is asked for: of those that did so, or of all."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.facts.pieces import word_beginnings
from assistant.facts.quantities import Quantity
from assistant.facts.wording import clause_of
from assistant.understanding.questions import key_words
from index.hits import Hit
from index.languages.words import Language, language

# Between the two numbers stands no more than whose the whole is: "of the train's".
CHARACTERS_BETWEEN = 40


def part_asked_for(question: str, code: str, hit: Hit, whole: Quantity, told: Sequence[Quantity]) -> Quantity | None:
    """The number of those that did what the question asks, where `whole` is the number of all of them; else None.

    The question must say what they did in a word of the sentence; `code` is its language, `told` what the hit counts.
    What comes back counts what the whole does.
    """
    article = hit.article
    spoken = language(article.language)
    if article.language != code or not spoken.writing.spaces:
        return None
    joining = "|".join(sorted(map(re.escape, _joining(spoken)), key=len, reverse=True))
    between = re.compile(rf"\s(?:[^\W\d_]+\s)?(?:{joining})(?:\s|['’])[^.,;:!?]*\s?", re.IGNORECASE)
    near = (one for one in told if one.end <= whole.start <= one.end + CHARACTERS_BETWEEN and not one.unit)
    part = next((one for one in near if between.fullmatch(article.text, one.end, whole.start)), None)
    if part is None or whole.unit:
        return None
    start, end = whole.start - hit.sentence.start, whole.end - hit.sentence.start
    _, last = clause_of(hit.text, start, end)
    _, *done = re.findall(r"[^\W\d_]+", hit.text[end:last]) or [""]  # the first is what both numbers count
    did = word_beginnings(" ".join(done))
    asked = key_words(question, code)
    did_so = any(one.startswith(word) or word.startswith(one) for one in did for word in asked)
    return replace(part, after=whole.after) if did_so else None


def _joining(spoken: Language) -> frozenset[str]:
    """The words between a part and its whole: "of", articles, and where it melts into them "dei", "des", "dos"."""
    of = spoken.numbers.of
    melted = (word for word in spoken.sentences.openers if of and word.startswith(of))
    return frozenset((*of, *spoken.sentences.articles, *melted))
