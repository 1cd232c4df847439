"""A language model that is slow, hangs, dies, or writes rubbish, nothing, or without end: the articles still answer."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import HashingEmbedding
from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from pydantic import PrivateAttr

from assistant.assistant import Assistant, Evidence
from assistant.generative import GenerativeAnswerer
from assistant.limits import MOST_HANGING, LimitedAnswerer
from index.generations import open_current
from index.rebuild import rebuild
from ui import render
from ui.cli import answer_line
from ui.reply import ask

QUESTION = "Who led the repair of the bridge?"
SENTENCE = "Engineer Ada Finch led the repair."
REPLIES = ("Yes.", "Ada Finch", "Ada Finch led the repair.")
HUGE = "All work and no play. " * 500_000  # 11 MB


class FaultyLLM(CustomLLM):
    """Replies well until the step at which its fault shows."""

    fault: str
    step: int
    _asked: int = PrivateAttr(default=0)
    _let_go: threading.Event = PrivateAttr(default_factory=threading.Event)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="faulty")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        self._asked += 1
        pieces = self._faulty() if self._asked > self.step else iter([REPLIES[self._asked - 1]])
        return (CompletionResponse(text=piece, delta=piece) for piece in pieces)

    def _faulty(self) -> Iterator[str]:
        if self.fault == "hangs":
            self._let_go.wait(20)
        elif self.fault == "slow":
            while not self._let_go.wait(0.02):
                yield "y"
        elif self.fault == "dies":
            yield "Yes"
            raise ConnectionResetError("gone")
        elif self.fault == "huge":
            yield HUGE
        elif self.fault == "endless":
            while True:
                yield "word "
        elif self.fault == "garbage":
            yield "\ud83d\ufffd\x00 §§ ]]> \udc80"
        else:
            yield ""


@pytest.fixture
def assistant(folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Assistant]:
    index_dir = tmp_path / "index"
    rebuild(folder, index_dir, HashingEmbedding)
    llm = FaultyLLM(fault=request.param[0], step=request.param[1])
    answerer = LimitedAnswerer(GenerativeAnswerer(llm, "hashing"), seconds=1)
    yield Assistant(index_dir, open_current(index_dir), HashingEmbedding(), answerer)
    llm._let_go.set()


FAULTS = ("hangs", "slow", "dies", "huge", "endless", "garbage", "empty")


@pytest.mark.parametrize("assistant", [(fault, step) for fault in FAULTS for step in (0, 2)], indirect=True)
def test_the_quoted_sentence_stands_and_everyone_is_told(assistant: Assistant) -> None:
    began = time.monotonic()
    answer = assistant.ask(QUESTION)
    assert time.monotonic() - began < 4
    assert answer.answered and answer.text == answer.citations[0].quote == SENTENCE
    assert answer.reason.startswith("The language model did not answer")
    assert "The language model did not answer" in render.answer(answer)
    assert len(json.dumps(answer_line(answer, 20), ensure_ascii=False).encode()) < 10_000
    assert "model" not in answer.record  # none made this answer


@pytest.mark.parametrize("assistant", [("well", 3)], indirect=True)
def test_a_model_that_answers_is_named_in_the_record(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert (answer.text, answer.reason) == ("Ada Finch led the repair.", "")
    assert (answer.record["embedding"], answer.record["model"]) == ("hashing", "faulty")
    assert "faulty" in render.answer(answer)


@pytest.mark.parametrize("assistant", [("hangs", 0), ("slow", 2)], indirect=True)
def test_a_stop_is_taken_within_half_a_second(assistant: Assistant) -> None:
    with closing(assistant.stream(QUESTION)) as events:
        assert isinstance(next(events), Evidence)
        for _ in range(2):
            began = time.monotonic()
            next(events)
            assert time.monotonic() - began < 0.5
    reply = ask(assistant, QUESTION, [])
    while reply.hits is None:
        assert not reply.wait(0.01)
    reply.stop()
    assert reply.done
    time.sleep(0.5)
    assert not any(thread.name == "answer" for thread in threading.enumerate())


@pytest.mark.parametrize("assistant", [("hangs", 0)], indirect=True)
def test_a_model_that_hangs_is_not_asked_for_ever(assistant: Assistant) -> None:
    for _ in range(MOST_HANGING):
        assert "within 0.5 seconds" in assistant.ask(QUESTION).reason
    began = time.monotonic()
    assert "the questions before" in assistant.ask(QUESTION).reason
    assert time.monotonic() - began < 0.4
