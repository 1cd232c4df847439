"""What a question takes for granted, and the articles tell otherwise."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.checking.asked import Inquiry, Objection
from assistant.checking.citations import takes_for_granted
from assistant.checking.claims import takes_back, whole
from assistant.checking.numbers import outcome_asked
from assistant.facts.quantities import Quantity, quantities_in
from assistant.facts.wording import clauses, has
from assistant.reading.findings import Finding, Name
from index.languages.words import Language, language
from index.lexicon import folded, names_of
from index.passages import Sentence

NAMES, NOBODY, RETRACTED = "names", "nobody", "retracted"
# A name in another case has another ending of so many letters, and so many at least in common.
ENDING, LEAST_LETTERS = 2, 3
SLIP_LETTERS = 8  # of a shorter name one letter makes another
OPPOSITE = {"dead": "saved", "hurt": "saved", "missing": "saved"}


def is_about_another(asked: Inquiry, finding: Finding) -> Objection | None:
    """That the question names somebody whom the article does not know: its sentence is told whole instead."""
    article = finding.hit.article
    # In another language a thing has another name, and where every noun has a capital letter none is told apart.
    if article.language != asked.language or asked.spoken.writing.nouns_have_capitals:
        return None
    named = takes_for_granted(asked.question, article, asked.language)
    unknown = [name for name in named if not _in_another_form(name, f"{article.title}\n{article.text}")]
    if not unknown or asked.kind == "yes or no":
        return None
    return Objection(NAMES, f"the question names {', '.join(unknown)}, and the article does not", whole(finding))


def _in_another_form(name: str, text: str) -> bool:
    """Whether a word of the text begins as the name's last one does, or is a slip of it: "Neil" for "Neils"."""
    last = folded(name.split()[-1])
    beginning = last[: max(LEAST_LETTERS, len(last) - ENDING)]
    words = {folded(word) for word in re.findall(r"\w+", text)}
    return len(last) > LEAST_LETTERS and any(word.startswith(beginning) or _is_slip(word, last) for word in words)


def _is_slip(word: str, name: str) -> bool:
    """Whether the word is the long name but for one letter, put in, left out or another: "Fossenholm", "Fossesholm"."""
    if len(name) < SLIP_LETTERS or abs(len(word) - len(name)) > 1 or word[0] != name[0]:
        return False
    longer, shorter = sorted((word, name), key=len, reverse=True)
    same = next(
        (place for place, pair in enumerate(zip(longer, shorter, strict=False)) if pair[0] != pair[1]), len(shorter)
    )
    return longer[same + 1 :] == shorter[same + (len(longer) == len(shorter)) :]


def is_asked_about(asked: Inquiry, finding: Finding) -> Objection | None:
    """That the name is the one that the question asks about, which is nobody's answer to it."""
    one = finding.value
    if asked.kind != "name" or not isinstance(one, Name) or not one.text.split():
        return None
    own = one.text.split()[-1]
    if not one.sounds or not names_of(own) or not names_of(own) <= names_of(asked.question):
        return None
    return Objection(NAMES, f"“{finding.words}” is who or what the question asks about")


def is_unnamed(asked: Inquiry, finding: Finding) -> Objection | None:
    """That the words name nobody, "someone" or "she": their sentence is told whole instead."""
    spoken = language(finding.hit.article.language)
    said = finding.words.strip().casefold()
    if asked.kind != "name" or said not in {*spoken.conversation.unnamed, *spoken.conversation.stand_ins}:
        return None
    return Objection(NAMES, f"“{finding.words}” names nobody", whole(finding))


def is_retracted(asked: Inquiry, finding: Finding) -> Objection | None:
    """That a correction in the same article takes the finding's number back."""
    article, one = finding.hit.article, finding.value
    if not isinstance(one, Quantity):
        return None
    spoken = language(article.language)
    for sentence in _notes(finding, spoken):
        taken = quantities_in(article, sentence.start, sentence.end)
        if any((other.value, other.unit) == (one.value, one.unit) for other in taken):
            return Objection(RETRACTED, f"a correction in the article takes “{finding.words}” back")
    return None


def _notes(finding: Finding, spoken: Language) -> Iterator[Sentence]:
    text = finding.hit.article.text
    for sentence in finding.hit.passage.sentences:
        if takes_back(text[sentence.start : sentence.end], spoken):
            yield sentence


def nobody(asked: Inquiry, findings: Sequence[Finding]) -> Finding | None:
    """The sentence that says that nobody was dead, hurt or missing, or all were saved, where one asks how many were.

    It stands in a passage of the finding that stands highest, or is one of the findings of its article.
    """
    wanted = outcome_asked(asked)
    if asked.kind != "number" or wanted not in OPPOSITE or not findings:
        return None
    best = findings[0]
    same_article = [one for one in findings if one.hit.article.id == best.hit.article.id]
    for finding in same_article:
        for sentence in finding.hit.passage.sentences:
            text = best.hit.article.text[sentence.start : sentence.end]
            if _says_nobody(text, wanted, language(best.hit.article.language)):
                return whole(replace(finding, span=replace(finding.span, hit=replace(finding.hit, sentence=sentence))))
    return None


def _says_nobody(text: str, wanted: str, spoken: Language) -> bool:
    for first, last in clauses(text):
        clause = text[first:last]
        if has(clause, getattr(spoken.outcomes, wanted), spoken) and has(
            clause, (*spoken.claims.none, *spoken.claims.negations), spoken
        ):
            return True
        if has(clause, getattr(spoken.outcomes, OPPOSITE[wanted]), spoken) and has(clause, spoken.claims.all, spoken):
            return True
    return False
