"""What a sentence states, and that an article is read once for it."""

from pathlib import Path

import pytest
from fakes import HashingEmbedding, SureReader

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.assistant import Assistant
from assistant.facts import dates, facts
from assistant.facts.facts import facts_of, is_name
from assistant.reading.rules import RuleReader
from index.articles import Article
from index.generations.pointer import open_current
from index.hits import Hit
from index.passages import Passage, Sentence
from index.rebuild import rebuild

TEXT = "On Monday 41 people reached Geneva with Captain Marta Lindqvist. The ferry cost 5 million euros."
FIRST, SECOND = Sentence(0, TEXT.index(".") + 1), Sentence(TEXT.index(".") + 2, len(TEXT))


def test_a_sentence_states_its_days_quantities_places_and_names() -> None:
    article = Article("a.md", "", TEXT, "2024-03-06", "en")
    first, second = (facts_of(article, sentence) for sentence in (FIRST, SECOND))
    assert [day.iso for day in first.days] == ["2024-03-04"]
    assert [(f"{one.value:f}", one.unit) for one in (*first.quantities, *second.quantities)] == [
        ("41", ""),
        ("5000000", "€"),
    ]
    assert [TEXT[place.start : place.end] for place in first.places] == ["Geneva"]
    assert [name.text for name in first.names] == ["On Monday", "Geneva", "Captain Marta Lindqvist"]
    assert all(TEXT[name.start : name.end] == name.text for name in (*first.names, *second.names))
    russian = facts_of(Article("b", "", "Линдквист вернулась.", "", "ru"), Sentence(0, 20))
    assert russian.names[0].sounds < first.names[2].sounds
    assert (second.days, second.places) == ((), ())


def test_how_many_over_twenty_hits_reads_each_article_and_each_sentence_once() -> None:
    hits = []
    for number in range(20):
        text = f"The ferry {number} carried {number + 20} passengers on Monday. It sank off Dunmore."
        article = Article(f"{number}.md", "", text, "2024-03-06", "en")
        sentences = (Sentence(0, text.index(".") + 1), Sentence(text.index(".") + 2, len(text)))
        passage = Passage(f"{number}", article.id, 0, len(text), text, sentences)
        hits.append(Hit(article, passage, sentences[0], 0.9, 0.9))
    dates.read_once.cache_clear()
    facts.read_once.cache_clear()
    for question in ("How many passengers did the ferry carry?", "Who carried them?", "When did it sail?"):
        RuleReader("multilingual-e5-small").read(question, "en", hits)
    assert (dates.read_once.cache_info().misses, facts.read_once.cache_info().misses) == (20, 20)


def test_a_whole_answer_for_a_number_reads_each_article_once(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    for number in range(20):
        text = f"On {number + 1} March the ferry carried {number + 20} passengers to Port {chr(65 + number)}orsk."
        (tmp_path / "articles" / f"{number:02}.txt").write_text(f"Ferry {number}\n\n{text} The sea was calm.\n")
    rebuild(tmp_path / "articles", tmp_path / "index", HashingEmbedding)
    generation, reader = open_current(tmp_path / "index"), SureReader("hashing")
    assistant = Assistant(tmp_path / "index", generation, HashingEmbedding(), ExtractiveAnswerer(), reader=reader)
    dates.read_once.cache_clear()
    answer = assistant.ask("How many passengers did the ferry carry to Port Aorsk?")
    articles = {hit.article.id for hit in answer.hits}
    assert answer.answered and len(articles) > 15
    assert dates.read_once.cache_info().misses == len(articles) + 1  # the question has days too


@pytest.mark.parametrize(
    ("code", "text", "names"),
    [
        ("pl", "Wtedy minister Mariusz Błaszczak pojechał do Płocka.", ["Wtedy", "Mariusz Błaszczak", "Płocka"]),
        ("ro", "Apoi Traian Băsescu a plecat la Țăndărei.", ["Apoi Traian Băsescu", "Țăndărei"]),
        ("tr", "Dün Kemal Kılıçdaroğlu konuştu.", ["Dün Kemal Kılıçdaroğlu"]),
        ("cs", "Ministr Václav Šťastný byl v Děčíně.", ["Ministr Václav Šťastný", "Děčíně"]),
        ("el", "Χθες ο Αλέξης Τσίπρας μίλησε.", ["Χθες", "Αλέξης Τσίπρας"]),
        ("vi", "Hôm qua Trần Đại Quang phát biểu.", ["Hôm", "Trần Đại Quang"]),
        ("uk", "Учора приїхав Єжи Ґедройць.", ["Учора", "Єжи Ґедройць"]),
        ("de", "Gestern sprach Øystein Ærø von der NATO.", ["Gestern", "Øystein Ærø"]),  # no abbreviation is one
    ],
)
def test_a_name_begins_with_any_capital_letter(code: str, text: str, names: list[str]) -> None:
    facts_told = facts_of(Article("a.md", "", text, "", code), Sentence(0, len(text)))
    assert [name.text for name in facts_told.names] == names


@pytest.mark.parametrize(
    ("code", "text", "words", "is_one"),
    [
        ("en", "It fell since the European Commission asked.", "the European Commission", True),
        ("en", "It fell because of rain.", "because of rain", False),
        ("en", "Snow closed it.", "Snow", False),  # every sentence begins so
        ("en", "Marta Lindqvist closed it.", "Marta Lindqvist", True),
        ("de", "Der Schneemangel war der Grund.", "Der Schneemangel", False),  # every noun has a capital letter
        ("it", "Lo ha chiesto la Regione Liguria.", "la Regione Liguria", True),
    ],
)
def test_words_are_surely_a_name(code: str, text: str, words: str, is_one: bool) -> None:
    assert is_name(Article("a.md", "", text, "", code), Sentence(0, len(text)), words) == is_one
