"""Words that were read stand as an answer only where their sentence says so; each check is needed for its cases."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import HashingEmbedding

from assistant.answers import LIKELY
from assistant.checking import findings as checking
from assistant.checking.findings import Checked, checked
from assistant.reading.findings import Finding
from assistant.reading.network import Mark
from assistant.reading.trained import typed
from assistant.understanding.questions import asked_for
from index.articles import Article
from index.hits import Hit
from index.passages import Passage
from index.splitting.sentences import split_sentences

WEDNESDAY = "2024-03-06"
# A question and the language it is in; an article and its language; the words that a reader marks, likeliest first; the
# words that stand ("" for none); and which checks object. Every name in them is invented.
CASES = [json.loads(line) for line in Path(__file__).with_name("checks.jsonl").read_text(encoding="utf-8").splitlines()]


def read(question: str, asking: str, text: str, told: str, *marked: str) -> tuple[Finding, ...]:
    """What a reader that marks these words, each in its sentence, finds in an article of that text."""
    article = Article("a.txt", "", text, WEDNESDAY, told)
    sentences = tuple(split_sentences(text, told))
    passage = Passage("a.txt#0", "a.txt", 0, len(text), text, sentences)
    found = []
    for rank, words in enumerate(marked):
        at = text.index(words)
        place = next(one for one in sentences if one.start <= at < one.end)
        mark = Mark(at - place.start, at - place.start + len(words), 1.0, 0.9)
        span, value = typed(asked_for(question, asking), question, asking, Hit(article, passage, place, 0.9), mark)
        found.append(Finding(span, value, 0.9, True, rank))
    return tuple(found)


def stood(question: str, asking: str, text: str, told: str, *marked: str) -> Checked:
    return checked(question, asking, read(question, asking, text, told, *marked))


def answer(outcome: Checked) -> str:
    """The words that stand, "" when none do."""
    best = outcome.findings[0]
    return best.words if best.enough else ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['question']} {case['told']}")
def test_only_what_the_sentence_says_of_what_is_asked_stands(case: dict[str, Any]) -> None:
    outcome = stood(case["question"], case["asking"], case["text"], case["told"], *case["marked"])
    assert answer(outcome) == case["words"]
    assert [remark.check for remark in outcome.remarks] == case["checks"]
    assert all(remark.reason and remark.sentence in case["text"] for remark in outcome.remarks)


@pytest.mark.parametrize(
    ("question", "asking", "text", "told", "marked", "stands"),
    [
        ("How many ships wait?", "en", "The backlog of ships in harbour holds up 31 lorries.", "en", "31", False),
        ("How many ships wait?", "en", "The backlog holds up 31 ships.", "en", "31 ships", True),
        ("How many ships wait?", "en", "The backlog holds up 31 lorries.", "en", "31 lorries", True),  # nobody knows
        ("Quante navi aspettano?", "it", "Per le navi in coda aspettano 31 camion.", "it", "31 camion", False),
        ("Wie viele Schiffe warten?", "de", "Wegen der Schiffe im Hafen warten 31 Lastwagen.", "de", "31", False),
        ("Combien de navires attendent ?", "fr", "À cause des navires, 31 camions attendent.", "fr", "31", False),
        ("¿Cuántos barcos esperan?", "es", "Por los barcos sin zarpar esperan 31 camiones.", "es", "31", False),
        ("How many planes were ordered?", "en", "Of these planes it ordered 18 Boeing 777.", "en", "18", True),
    ],
)  # fmt: skip
def test_what_is_counted_does_not_stand_elsewhere_in_the_sentence(
    question: str, asking: str, text: str, told: str, marked: str, stands: bool
) -> None:
    """The fake embedding knows only whether two words are the same. A name beside the number may name the thing."""
    found = read(question, asking, text, told, marked)
    outcome = checked(question, asking, found, HashingEmbedding("embeddinggemma-300m"))
    assert outcome.findings[0].enough is stands
    assert checked(question, asking, found).findings[0].enough  # it takes an embedding


CASED = [check.__name__ for check in checking.CHECKS if check.__name__ != "is_counted_elsewhere"]


@pytest.mark.parametrize("left_out", CASED)
def test_without_each_check_something_wrong_stands(left_out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "CHECKS", tuple(one for one in checking.CHECKS if one.__name__ != left_out))
    wrong = 0
    for case in CASES:
        outcome = stood(case["question"], case["asking"], case["text"], case["told"], *case["marked"])
        wrong += answer(outcome) != case["words"]
    assert wrong >= 3


def test_without_looking_for_nobody_the_dead_of_a_ferry_are_only_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "nobody", lambda about, findings: None)
    case = CASES[0]
    assert answer(stood(case["question"], case["asking"], case["text"], case["told"], *case["marked"])) == ""


@pytest.mark.parametrize(
    ("question", "text", "marked"),
    [
        ("What does the treaty not allow?", "The treaty allows the sale of wine.", "the sale of wine"),
        (
            "What does the treaty not allow?",
            "The treaty allows the sale of wine.",
            "The treaty allows the sale of wine.",
        ),
        ("How long was the mayor away?", "Odile Marn becomes minister of finance.", "Odile Marn"),
    ],
)
def test_a_sentence_that_hardly_answers_is_told_as_not_sure(question: str, text: str, marked: str) -> None:
    best = stood(question, "en", text, "en", marked).findings[0]
    assert best.enough and best.words == text and best.standing < LIKELY


@pytest.mark.parametrize(
    ("question", "asking", "taken_back", "text", "words"),
    [
        (
            "Wie viele Menschen starben?",
            "de",
            "Korrektur: Es hieß, elf Menschen seien gestorben. ",
            "Es waren neun.",
            "neun",
        ),
        ("How many people died?", "en", "Korrektur: Es hieß, elf Menschen seien gestorben. ", "Es waren neun.", "neun"),
        ("Quante persone sono morte?", "it", "Rettifica: si diceva che erano morti undici. ", "Sono nove.", "nove"),
        ("How many people died?", "en", "Correction: we said eleven were rescued. ", "It was nine.", ""),
    ],
)
def test_of_whom_a_corrected_number_is_stands_where_the_other_is_taken_back(
    question: str, asking: str, taken_back: str, text: str, words: str
) -> None:
    told = {"neun": "de", "nove": "it"}.get(words, "en")
    whole = taken_back + text
    marked = text.split()[-1].rstrip(".")
    [found] = read(question, asking, whole, told, marked)
    own = [one for one in found.hit.passage.sentences if one.start >= len(taken_back)]
    passage = replace(found.hit.passage, sentences=tuple(own))
    hit = replace(found.hit, passage=passage)
    finding = replace(found, span=replace(found.span, hit=hit))
    assert answer(checked(question, asking, [finding])) == words
