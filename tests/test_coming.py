"""Models on their way: each loaded once, in use before it is there, and waited for where it is needed."""

import threading
from pathlib import Path

import pytest
from fakes import HashingEmbedding
from made_findings import found
from made_hits import hit

from assistant.answerer import Answerer
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Draft
from assistant.assistant import Assistant
from assistant.coming import ComingAnswerer
from assistant.opening import models_of
from assistant.reading.findings import SecondLook
from index.errors import UserError
from index.generations.pointer import open_current
from index.models.coming import Coming, ComingEmbedding
from index.models.embedding import Embedding
from index.models.stages import LOADING, Stage, heard, stage


def test_what_is_waited_for_by_several_is_loaded_once() -> None:
    loaded: list[int] = []

    def load() -> int:
        loaded.append(1)
        return len(loaded)

    coming = Coming("some-model", load)
    waiting = [threading.Thread(target=coming.wait) for _ in range(4)]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join(10)
    coming.load()
    assert (coming.wait(), loaded) == (1, [1])


def test_what_keeps_it_from_being_loaded_is_told_to_whoever_waits() -> None:
    def load() -> Embedding:
        raise UserError("The embedding is not on this machine.")

    embedding = ComingEmbedding(Coming("some-model", load))
    assert embedding.model_name == "some-model"
    assert not embedding.coming.ready
    for _ in range(2):
        with pytest.raises(UserError, match="not on this machine"):
            embedding.embed_query("ship")
    assert embedding.coming.ready


def test_an_assistant_answers_as_soon_as_its_embedding_is_there(index_dir: Path) -> None:
    go = threading.Event()

    def load() -> Embedding:
        go.wait(10)
        return HashingEmbedding()

    embedding = ComingEmbedding(Coming("hashing", load))
    assistant = Assistant(index_dir, open_current(index_dir), embedding, ExtractiveAnswerer())
    assert [model.ready for model in models_of(assistant)] == [False]
    asking = threading.Thread(target=assistant.ask, args=("Who led the repair of the iron bridge?",))
    asking.start()
    asking.join(0.3)
    assert asking.is_alive()
    go.set()
    asking.join(20)
    assert not asking.is_alive()
    assert embedding.identity == HashingEmbedding().identity


def test_stages_are_heard_and_end_with_the_one_before() -> None:
    told: list[Stage] = []
    with heard(told.append), stage("trying", 1, 2), stage("converting"):
        pass
    with stage("converting"):  # nobody listens
        pass
    trying = Stage("trying", 1, 2)
    assert told == [LOADING, trying, Stage("converting"), trying, LOADING]


@pytest.mark.parametrize(("language", "waits"), [("en", False), ("it", True)])
def test_a_single_question_waits_for_its_language_model_only_to_have_something_written(
    language: str, waits: bool
) -> None:
    asked = Coming[Answerer]("some-model", ExtractiveAnswerer)
    in_doubt = found(hit("The bridge reopened on Monday.", 0.9), doubt=SecondLook(0.0, 1.0, 1.0, 0.5))
    answerer = ComingAnswerer("generative", asked, translates=True, judges=False)
    *_, draft = answerer.draft("When did it reopen?", "en", language, [in_doubt])
    assert isinstance(draft, Draft) and draft.answered
    assert asked.ready is waits
