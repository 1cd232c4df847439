"""Follow-up questions are made to stand alone; new topics are left as they are."""

import pytest

from assistant.followups import stand_alone

FIRST = "When did Sullivan deliver the reply?"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("And where did he deliver it?", "en"),
        ("Why?", "en"),
        ("Where did he deliver it?", "en"),
        ("E chi c'era?", "it"),
        ("Und wer war noch dabei?", "de"),
        ("Où l'a-t-il remise ?", "fr"),
        ("¿Y dónde?", "es"),
        ("А де це було?", "uk"),
    ],
)
def test_a_follow_up_carries_the_topic(question: str, language: str) -> None:
    assert stand_alone(question, language, [FIRST]) == f"{question} ({FIRST})"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is the capital of Peru?", "en"),
        ("Quando il ministero ha pubblicato la bozza di accordi?", "it"),
        ("Wann eröffnet die neue Straßenbahn in Bautzen?", "de"),
        ("Quand la grève a-t-elle commencé à Trieste ?", "fr"),
        ("Скільки поромів курсує через Дунай?", "uk"),
    ],
)
def test_a_new_topic_stands_alone(question: str, language: str) -> None:
    assert stand_alone(question, language, [FIRST]) == question


def test_the_topic_is_the_last_question_that_stood_alone() -> None:
    earlier = ["Who won the Grand Prix in Monza?", FIRST, "And why?"]
    assert stand_alone("And where?", "en", earlier) == f"And where? ({FIRST})"


def test_the_first_question_is_left_alone() -> None:
    assert stand_alone("Why?", "en", []) == "Why?"
