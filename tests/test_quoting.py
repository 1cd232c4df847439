"""What needs no language model is said without one, and nothing is loaded for it."""

from made_findings import found

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.quoting import quoted
from assistant.answers import Draft
from assistant.coming import ComingAnswerer
from index.articles import Article
from index.hits import Hit
from index.models.coming import Coming
from index.passages import Passage, Sentence

TEXT = "La nave è partita da Ancona il 14 maggio."
ARTICLE = Article("nave.txt", "La nave", TEXT, language="it")
SENTENCE = Sentence(0, len(TEXT))
HIT = Hit(ARTICLE, Passage("p", "nave.txt", 0, len(TEXT), TEXT, (SENTENCE,)), SENTENCE, 0.9)


def test_a_sentence_of_the_answer_s_language_is_quoted() -> None:
    draft = quoted("Quando è partita la nave?", "it", "it", found(HIT, "14 maggio"))
    assert draft == Draft(True, "", found(HIT, "14 maggio").span, (TEXT,), 0.9)


def test_what_does_not_answer_is_said_not_to() -> None:
    draft = quoted("Quando è partita la nave?", "it", "it", found(HIT, standing=0.1))
    assert draft is not None
    assert not draft.answered


def test_a_sentence_of_another_language_has_to_be_written() -> None:
    assert quoted("When did the ship leave?", "en", "en", found(HIT, "14 maggio")) is None


def test_a_language_model_that_is_not_needed_is_not_loaded() -> None:
    answerer = ComingAnswerer("generative", Coming("some-model", ExtractiveAnswerer))
    [draft] = answerer.draft("Quando è partita la nave?", "it", "it", [found(HIT, "14 maggio")])
    assert isinstance(draft, Draft)
    assert draft.sentences == (TEXT,)
    assert not answerer.coming.ready
