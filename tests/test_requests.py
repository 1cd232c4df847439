"""What a newsroom asks of the sample articles is answered, in every profile whose models are here."""

from collections import Counter
from pathlib import Path

import pytest
from newsroom import answered, is_right, requests
from profiles import profiles_here

from assistant.opening import load_embedding, open_assistant
from assistant.settings import read_settings
from index.rebuild import rebuild

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
KINDS = {"fact", "facts", "yesno", "why", "how", "list", "overview", "said", "comparison", "latest", "collection"}
# Least share that is answered as it should be, a little below what was measured.
FLOORS = {"light": 0.63, "full": 0.74}


def test_there_are_sixty_in_six_languages_and_of_every_kind() -> None:
    assert Counter(one.language for one in requests()) == dict.fromkeys(("en", "it", "de", "fr", "es", "uk"), 10)
    assert {one.wanted.kind for one in requests()} == KINDS | {"talk", "nothing"}


def test_what_must_be_told_stands_in_the_articles_that_are_named() -> None:
    for one in requests():
        texts = " ".join((CORPUS / name).read_text(encoding="utf-8") for name in one.articles)
        for fact in one.wanted.facts:
            assert not one.articles or any(words in texts for words in fact.any), one.id


@pytest.mark.slow
@pytest.mark.parametrize("profile", profiles_here())
def test_what_a_newsroom_asks_is_answered(profile: str, tmp_path: Path) -> None:
    settings = read_settings({"NEWSDESK_PROFILE": profile}, index_dir=tmp_path)
    rebuild(CORPUS, tmp_path, lambda: load_embedding(settings))
    assistant = open_assistant(settings)
    generation = assistant.open_generation()
    right = {one.id: is_right(one, answered(one, assistant), generation) for one in requests()}
    wrong = [name for name, is_so in right.items() if not is_so]
    assert sum(right.values()) >= FLOORS[profile] * len(right), wrong
