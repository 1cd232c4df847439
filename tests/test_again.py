"""Short questions after an answer: what they want, and that nothing is told twice."""

import numpy as np
import pytest
from fakes import HashingEmbedding
from made_hits import hit
from profiles import profiles_here

from assistant.answering.again import afterwards, more, places_of, shorter, somebody, telling_articles
from assistant.answering.tellings import Telling
from assistant.answers import Citation, Span
from assistant.opening import load_embedding
from assistant.settings import read_settings
from assistant.understanding.again import PREFIX, Again, examples, wanted_again
from assistant.understanding.kinds import Recogniser, recogniser

OPENED = hit("The mine opened on 1 March 2024.", 1.0, "a", "2024-03-02")
FLOODED = hit("The mine was flooded on 5 March 2024.", 0.9, "b", "2024-03-06")
DUG = hit("The mine was dug on 3 May 2019.", 0.8, "c", "2024-03-01")
HITS = [OPENED, FLOODED, DUG]
TOLD = {("a", 0, len(OPENED.text))}

# By what is wanted; none of them is an example.
ASKED = {
    "after": "What happened after that?|e che cosa è successo dopo?|und was passierte danach?"
    "|et que s'est-il passé après ?|¿qué pasó después?|а що сталося після того?",
    "who": "and who is that man?|chi è quest'uomo?|wer ist dieser Mann?|qui est cet homme ?|¿quién es ese hombre?"
    "|хто цей чоловік?",
    "articles": "which articles is that from?|in che articoli se ne parla?|in welchen Artikeln steht das?"
    "|quels articles en parlent ?|¿en qué artículos aparece?|у яких статтях про це?",
    "shorter": "make it shorter|più corto|bitte kürzer|en plus court|más corto por favor|коротше можна?",
    "more": "give me more details|qualche altro dettaglio|mehr Details|davantage de détails|dame más detalles"
    "|ще подробиці",
    "": "and how much did it weigh?|e quanto è costato?|und wie teuer war es?|et à quel prix ?|¿y dónde fue?"
    "|а скільки це коштувало?|why not?|perché no?|warum nicht?|pourquoi pas ?|¿por qué no?|чому ні?",
}
LANGUAGES = {
    "and the same in German": "de",
    "and in Italian please": "it",
    "in tedesco per favore": "de",
    "auf Italienisch bitte": "it",
    "en italien": "it",
    "ahora en francés": "fr",
    "німецькою, будь ласка": "de",
    "now in Ukrainian": "uk",
}


def test_none_of_those_that_are_measured_with_is_an_example() -> None:
    known = {one.question for one in examples()}
    assert not known & {question for asked in ASKED.values() for question in asked.split("|")}


@pytest.mark.slow
@pytest.mark.parametrize("profile", profiles_here())
def test_what_is_wanted_is_told_in_six_languages(profile: str) -> None:
    embedding = load_embedding(read_settings({"NEWSDESK_PROFILE": profile}))
    kinds = recogniser(embedding, examples(), PREFIX)
    wrong = []
    for wish, questions in ASKED.items():
        for question in questions.split("|"):
            again = wanted_again(question, kinds, embedding)
            wrong += [question] if (again.wish if again else "") != wish else []
    assert len(wrong) <= 3, wrong
    assert [wanted_again(question, kinds, embedding) for question in LANGUAGES] == [
        Again("language", code) for code in LANGUAGES.values()
    ]


def test_a_longer_question_asks_something_of_its_own() -> None:
    embedding = HashingEmbedding()
    kinds = recogniser(embedding, examples(), PREFIX)
    question = "shorter than the bridge over the Danube near Hainburg, is it?"
    assert wanted_again(question, kinds, embedding) is None


@pytest.mark.parametrize(
    ("question", "is_again"),
    [
        ("What happened next?", True),
        ("What happened on the Danube?", False),
        ("Was geschah danach?", True),
        ("Was geschah auf der Donau?", False),
        ("Welcher Artikel sagt das?", True),
        ("Що сталося на Дунаї?", False),
        ("¿Y después en Trieste?", False),
    ],
)
def test_a_question_that_names_something_asks_something_of_its_own(question: str, is_again: bool) -> None:
    """Of kinds that would take every question for one of what came after."""
    after = Recogniser(("after",), (), np.zeros(0, np.float32), np.ones((1, 1), np.float32))
    assert wanted_again(question, after, HashingEmbedding()) == (Again("after") if is_again else None)


def test_what_came_after_is_of_later_days_only() -> None:
    told = afterwards(HITS, TOLD, tuple, "en")
    assert [one.text for one in told if one.role == "quote"] == [FLOODED.text]
    assert afterwards([OPENED, DUG], TOLD, tuple, "en") == ()


def test_more_is_what_was_not_told() -> None:
    told = more(HITS, TOLD, tuple, "en")
    assert [one.text for one in told if one.role == "quote"] == [DUG.text, FLOODED.text]


def test_shorter_is_the_words_that_answer_or_the_newest_of_several() -> None:
    one = Telling(OPENED.text, (OPENED,))
    assert shorter([one], Span(OPENED, 19, 31)) == (Telling("1 March 2024", (OPENED,), "value"),)
    several = [Telling("1 March", (), "heading"), one, Telling(FLOODED.text, (FLOODED,))]
    assert shorter(several, None) == (Telling(FLOODED.text, (FLOODED,)),)
    assert shorter([], None) == ()


def test_articles_are_told_newest_first_each_once() -> None:
    told = telling_articles([OPENED, FLOODED, OPENED], "en")
    assert [one.text for one in told] == ["Articles: 2.", "Title of b, 6 March 2024", "Title of a, 2 March 2024"]


def test_whoever_was_named_is_who_is_meant() -> None:
    assert somebody(["On Monday Ada Finch spoke."], "Who spoke?") == "Ada Finch"
    assert somebody(["It rained in Oslo."], "What did Bo Rasmussen say?") == "Bo Rasmussen"


def test_places_are_those_of_the_cited_sentences() -> None:
    assert places_of([Citation(1, "a", "", "", 0, 4, "Text")]) == {("a", 0, 4)}
