"""Follow-up questions are made to stand alone; new topics are left as they are."""

import pytest

from assistant.answers import Turn
from assistant.followups import merged, only_asks, spoken, stand_alone
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence

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
    assert stand_alone(question, language, [Turn(FIRST, "")]) == f"{question} ({FIRST})"


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
    assert stand_alone(question, language, [Turn(FIRST, "")]) == question


def test_the_topic_is_the_last_question_that_stood_alone() -> None:
    earlier = [Turn("Who won the Grand Prix in Monza?", "", "Ada Finch"), Turn(FIRST, "")]
    assert stand_alone("And where?", "en", earlier) == f"And where? ({FIRST})"


def test_of_three_turns_the_one_before_is_kept_with_the_topic() -> None:
    earlier = [Turn(FIRST, ""), Turn("And who received it?", "")]
    assert stand_alone("Why?", "en", earlier) == f"Why? ({FIRST} And who received it?)"


def test_whoever_was_the_answer_is_named() -> None:
    earlier = [Turn("Who chaired the talks in Geneva?", "Wendy Sherman chaired them.", "Wendy Sherman")]
    query = stand_alone("When was she born?", "en", earlier)
    assert query == "When was she born? (Wendy Sherman Who chaired the talks in Geneva?)"
    assert "Sherman" not in stand_alone("What is the capital of Peru?", "en", earlier)


@pytest.mark.parametrize("short", ["26 January", "", "Sherman", "the whole long sentence in which she is named"])
def test_an_answer_that_names_nobody_is_not_carried_over(short: str) -> None:
    earlier = [Turn("When did Sherman chair the talks in Geneva?", "Some answer.", short)]
    assert stand_alone("And where?", "en", earlier) == f"And where? ({earlier[0].question})"


def test_a_short_follow_up_keeps_the_language_of_the_conversation() -> None:
    assert spoken("А чому?", [Turn("Хто купує футбольний клуб «Ларіана»?", "")]) == "uk"
    assert spoken("Und wo lag sie?", [Turn(FIRST, "")]) == "de"
    assert spoken(FIRST) == "en"
    # One word is too little for the detector: "test" was taken for Hungarian.
    for code, greeting in {"en": "test", "de": "Hallo!", "it": "ciao", "es": "hola", "no": "Hei"}.items():
        assert spoken(greeting) == code
    assert spoken("Hallo", (), {"nl"}) == "nl"
    assert spoken("شكرا", (), {"ar"}) == "ar"


def test_the_first_question_is_left_alone() -> None:
    assert stand_alone("Why?", "en", []) == "Why?"


def found(article: str, rank_value: float) -> Hit:
    sentence = Sentence(0, 4)
    passage = Passage("p", article, 0, 4, "Text", (sentence,))
    return Hit(Article(article, "", "Text"), passage, sentence, 0.8, rank_value)


def test_hits_that_suit_both_the_question_and_its_topic_come_first() -> None:
    bare = [found("question", 0.9), found("both", 0.8), found("neither", 0.1)]
    whole = [found("topic", 0.9), found("both", 0.8), found("last", 0.2)]
    hits = merged(bare, whole, 3)
    # What stands in one list only counts as much as the last of the other: (0.9 + 0.2) / 2 is 0.55. The best is raised
    # from 0.8 to the 0.9 of the whole question's best, and the others with it.
    assert [hit.article.id for hit in hits] == ["both", "question", "topic"]
    assert [round(hit.rank_value, 2) for hit in hits] == [0.9, 0.65, 0.6]


@pytest.mark.parametrize(
    ("question", "language", "is_so"),
    [
        ("why?", "en", True),
        ("And why?", "en", True),
        ("Perché?", "it", True),
        ("Und warum?", "de", True),
        ("А чому?", "uk", True),
        ("Why did he resign?", "en", False),
        ("And when is the hearing?", "en", False),
    ],
)
def test_a_question_may_only_ask(question: str, language: str, is_so: bool) -> None:
    assert only_asks(question, language) is is_so
