"""Whether what is to be counted stands by the number, or elsewhere in the sentence."""

import re
from collections.abc import Iterator

from assistant.calibration import calibration
from assistant.checking.asked import Inquiry, Objection
from assistant.checking.numbers import CHECK, asking_of, time_asked
from assistant.facts.pieces import word_beginnings
from assistant.facts.quantities import Quantity
from assistant.facts.wording import has
from assistant.reading.findings import Finding
from index.languages.words import Language, language

# Of the sentence so many words are looked at, the longest ones: a vector takes milliseconds.
MOST_WORDS, WORD_LETTERS = 6, 3
_FOLLOWED = re.compile(rf"\s*[^\W\d_]{{{WORD_LETTERS}}}")


def is_counted_elsewhere(asked: Inquiry, finding: Finding) -> Objection | None:
    """Why the number is not of the thing asked for; None when that stands beside it, or nowhere in the sentence."""
    one, text = finding.value, finding.hit.article.text
    if asked.kind != "number" or not isinstance(one, Quantity) or one.unit or asked.embedding is None:
        return None
    beside = f"{text[one.start : one.end]} {_noun(one.after)}"
    near, wanted = f"{one.before} {beside} {one.after}", counted(asked)
    if not wanted or word_beginnings(wanted) & word_beginnings(near):
        return None
    if _names(beside, language(finding.hit.article.language)):
        return None
    # What stands right behind the number is what it counts; words before it are then of something else, as any others.
    others = _others(finding, f"{beside} {one.after}" if _FOLLOWED.match(text, one.end) else near)
    if not others:
        return None
    measured = calibration(asked.embedding.model_name)
    noun, *vectors = asked.embedding.embed_texts([wanted, beside, *others])
    here, *elsewhere = (float(noun @ vector) for vector in vectors)
    if here > measured.counted or max(elsewhere) < measured.named:
        return None
    stands = others[elsewhere.index(max(elsewhere))]
    return Objection(CHECK, f"“{finding.words}” is no number of “{wanted}”: that is “{stands}” in the sentence")


def _noun(after: str) -> str:
    """Of the words behind a number those up to the first that may be a noun."""
    words = after.split()
    place = next((place for place, word in enumerate(words) if len(word) > WORD_LETTERS), len(words))
    return " ".join(words[: place + 1])


def counted(asked: Inquiry) -> str:
    """The noun that the question counts, as far as form tells: the first word after those that ask, but names.

    "" where it counts people or time, which other checks look at, or its words are not parted.
    """
    spoken = asked.spoken
    if not spoken.writing.spaces or time_asked(asked):
        return ""
    first = next(_after_asking(asked.question, spoken), "")
    return "" if has(first, spoken.outcomes.people, spoken) else first


def _after_asking(question: str, spoken: Language) -> Iterator[str]:
    """The longer words after those that ask, without names."""
    names = _names(question, spoken)
    has_asked = False
    for word in re.findall(r"[^\W\d_]+", question):
        is_asking = word.casefold() in asking_of(spoken)
        if has_asked and not is_asking and len(word) >= WORD_LETTERS and word not in names:
            yield word
        has_asked = has_asked or is_asking


def _others(finding: Finding, beside: str) -> list[str]:
    """The longest words of the sentence that do not stand by the number."""
    near = set(re.findall(r"\w+", beside))
    names = _names(finding.hit.text, language(finding.hit.article.language))
    words = dict.fromkeys(re.findall(r"[^\W\d_]+", finding.hit.text))
    kept = [word for word in words if len(word) >= WORD_LETTERS and word not in near and word not in names]
    return sorted(kept, key=len, reverse=True)[:MOST_WORDS]


def _names(text: str, spoken: Language) -> frozenset[str]:
    """The words with a capital letter, but the first; none where every noun has one."""
    if spoken.writing.nouns_have_capitals:
        return frozenset()
    return frozenset(word for word in re.findall(r"[^\W\d_]+", text)[1:] if word[0].isupper())
