"""What a sentence names without saying that it is so: what it denies, supposes, plans, calls untrue or takes back."""

import re
from dataclasses import replace

from assistant.answers import LIKELY
from assistant.checking.asked import Inquiry, Objection
from assistant.facts.wording import clause_of, has, places
from assistant.reading.findings import Finding, Words
from assistant.understanding.questions import value_words
from index.languages.words import Language, language
from index.languages.words import Words as Forms

# By name of the words in a language's file, what a sentence with them does. The first two reach over all of what
# follows: "the ministry denied that 40 had died".
REASONS = {
    "denied": "the sentence denies it",
    "untrue": "the sentence calls it untrue",
    "negations": "the sentence says that it is not so",
    "possible": "the sentence says that it may or would be so",
    "planned": "the sentence says that it is planned or expected",
    "cancelled": "the sentence says that it was called off or put off",
    "corrected": "the sentence takes back what was said before",
}
ALL_OVER = frozenset({"denied", "untrue"})
# Words for what did not take place say so of what happens on a day; of anything else they may be the news itself. What
# is planned and what is not so are seldom the name or the place that stands in the same clause: on 60 Norwegian
# questions two right places were lost by it, and nothing wrong was.
ONLY = {"cancelled": ("date",), "planned": ("date", "number"), "negations": ("date", "number", "name")}
DOUBTED = LIKELY - 0.01  # a standing that is told as not sure
# In the clause that asks no more words stand before what denies; the second is the last that may still ask: "in which".
WORDS_BEFORE_NOT, OPENING_WORDS = 6, 2
NOT_YET = ("possible", "planned")
OPENING_CHARACTERS = 40
NOT_SO = ("negations", "none", "denied", "untrue")


def is_not_stated(asked: Inquiry, finding: Finding) -> Objection | None:
    """Why the words alone would say more than their sentence, which is told whole instead."""
    if asked.kind == "yes or no" or _is_whole(finding):
        return None
    for name, reason in REASONS.items():
        if asked.kind not in ONLY.get(name, (asked.kind,)):
            continue
        if claims(finding, name) and not _asks(asked, name):
            return Objection(name, reason, whole(finding))
    return None


def is_asked_otherwise(asked: Inquiry, finding: Finding) -> Objection | None:
    """That one asks what was not so, and the sentence, told whole and as not sure instead, only says what was."""
    if not _asks_for_a_thing(asked) or is_doubted(finding) or not _asks_what_was_not(asked):
        return None
    spoken = language(finding.hit.article.language)
    if any(has(finding.hit.text, getattr(spoken.claims, name), spoken) for name in NOT_SO):
        return None
    return Objection("negations", "the question asks what was not so, and the sentence says what was", doubted(finding))


def _asks_for_a_thing(asked: Inquiry) -> bool:
    """Whether one asks who, where, when, how many or what; why something was not, a sentence may tell without a no."""
    if asked.kind == "":
        spoken, questions = asked.spoken, asked.spoken.questions
        ways = (*questions.reason, *questions.manner)
        return has(asked.question, questions.thing, spoken) and not has(asked.question, ways, spoken)
    return asked.kind != "yes or no"


def _asks(asked: Inquiry, name: str) -> bool:
    """Whether the question itself speaks of what is so, or of what is planned or possible."""
    spoken = asked.spoken
    names = NOT_YET if name in NOT_YET else (name,)
    return any(has(asked.question, getattr(spoken.claims, one), spoken) for one in names)


def claims(finding: Finding, name: str) -> bool:
    """Whether the finding's sentence has such words where they reach the finding's own."""
    hit = finding.hit
    spoken, text = language(hit.article.language), hit.text
    if name == "corrected":
        return takes_back(text, spoken)
    words: Forms = getattr(spoken.claims, name)
    start, end = finding.span.start - hit.sentence.start, finding.span.end - hit.sentence.start
    first, last = (0, len(text)) if name in ALL_OVER else clause_of(text, start, end)
    return any(
        first <= at and until <= last and not (start <= at and until <= end)
        for at, until in places(text, words, spoken)
    )


def takes_back(text: str, spoken: Language) -> bool:
    """Whether the sentence corrects an earlier version: a phrase says so anywhere, a single word opens it."""
    phrases = tuple(word for word in spoken.claims.corrected if " " in word or not spoken.writing.spaces)
    if has(text, phrases, spoken):
        return True
    single = tuple(word for word in spoken.claims.corrected if word not in phrases)
    opening = text[:OPENING_CHARACTERS].lstrip(" *[(–—-")
    found = places(opening, single, spoken)
    return any(at == 0 and opening[until : until + 1] in (":", ",", ".", " ", "") for at, until in found)


def whole(finding: Finding) -> Finding:
    """The finding with all of its sentence for an answer, and no value."""
    hit = finding.hit
    span = replace(finding.span, start=hit.sentence.start, end=hit.sentence.end)
    return replace(finding, span=span, value=Words(hit.text))


def _asks_what_was_not(asked: Inquiry) -> bool:
    """Whether it is what is asked for that was not: "What did he not say?", and not "What is left when he cannot pay?".

    Of a clause of its own is what stands far behind, after a comma or after another word that may begin one.
    """
    spoken = asked.spoken
    denied = places(asked.question, spoken.claims.negations, spoken)
    if not denied or not spoken.writing.spaces:
        return bool(denied)
    before = asked.question[: denied[0][0]].strip(" ¿¡")
    words = re.findall(r"[^\W\d_]+", before.casefold())
    begins = value_words(spoken.code) | {word for word in spoken.questions.thing if " " not in word}
    return len(words) <= WORDS_BEFORE_NOT and "," not in before and not begins.intersection(words[OPENING_WORDS:])


def doubted(finding: Finding) -> Finding:
    """The finding with all of its sentence for an answer, which is told as not sure."""
    return replace(whole(finding), standing=min(finding.standing, DOUBTED))


def is_doubted(finding: Finding) -> bool:
    """Whether all of its sentence is told, and as not sure, as it is."""
    return _is_whole(finding) and finding.standing <= DOUBTED


def _is_whole(finding: Finding) -> bool:
    return len(finding.words.strip()) >= len(finding.hit.text.strip())
