"""What a question asks for."""

import pytest

from assistant.understanding.questions import asked_for


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("When did Sullivan deliver the reply?", "en", "date"),
        ("Wie viele Lastwagen standen vor dem Hafen?", "de", "number"),
        ("Wie heißt der Botschafter?", "de", "name"),
        ("Wie bracht het antwoord?", "nl", "name"),
        ("Was überbrachte der Botschafter?", "de", ""),
        ("Was it delivered?", "en", "yes or no"),
        ("Hvor mange skip lå i havnen?", "no", "number"),
        ("Hvor lå skipet?", "no", "place"),
        ("Chi ha consegnato la risposta?", "it", "name"),
        ("Where was it?", "en", "place"),
        ("È arrivata la risposta?", "it", "yes or no"),
        ("Why did they meet?", "en", ""),
    ],
)
def test_the_opening_words_tell(question: str, language: str, kind: str) -> None:
    assert asked_for(question, language) == kind
