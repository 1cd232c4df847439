"""Of a number and the whole that it is a part of, the one that the question asks for."""

import pytest

from assistant.facts.facts import facts_of
from assistant.reading.wholes import part_asked_for
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence


def hit(text: str, code: str) -> Hit:
    sentence = Sentence(0, len(text))
    return Hit(
        Article("a", "", text, "2024-03-06", code), Passage("a", "a", 0, len(text), text, (sentence,)), sentence, 0.0
    )


@pytest.mark.parametrize(
    ("question", "text", "code", "part"),
    [
        ("How many wagons left the rails?", "Eleven of the train's 24 wagons left the rails.", "en", "Eleven"),
        ("How many wagons did the train have?", "Eleven of the train's 24 wagons left the rails.", "en", None),
        ("How many homes were flooded?", "Some 300 of the 2,000 homes were flooded.", "en", "300"),
        ("Wie viele Wagen entgleisten?", "Elf der 24 Wagen entgleisten am Dienstag.", "de", "Elf"),
        ("Wie viele Wagen hatte der Zug?", "Elf der 24 Wagen entgleisten am Dienstag.", "de", None),
        ("Quanti vagoni sono deragliati?", "Undici dei 24 vagoni sono deragliati.", "it", "Undici"),
        ("Combien de wagons ont déraillé ?", "Onze des 24 wagons ont déraillé.", "fr", "Onze"),
        ("¿Cuántos vagones descarrilaron?", "Once de los 24 vagones descarrilaron.", "es", "Once"),
        ("Wie viele Wagen entgleisten?", "Eleven of the train's 24 wagons left the rails.", "en", None),
        ("How many left?", "Eleven men came, the other 24 women left.", "en", None),
    ],
)
def test_the_part_that_did_it_is_meant_and_not_the_whole(question: str, text: str, code: str, part: str | None) -> None:
    found = hit(text, code)
    told = facts_of(found.article, found.sentence).quantities
    asked_in = "de" if question.startswith("Wie") else code
    chosen = part_asked_for(question, asked_in, found, told[-1], told)
    assert (text[chosen.start : chosen.end] if chosen else None) == part
    assert chosen is None or chosen.after == told[-1].after
