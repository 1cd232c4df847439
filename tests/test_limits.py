"""A language model that is slow, hangs, dies, or writes rubbish, nothing, or without end: the articles still answer."""

import json
import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fake_models import REPLIES, FaultyLLM, served
from fakes import HashingEmbedding

from assistant.answerer import Answerer
from assistant.answering.generative import GenerativeAnswerer
from assistant.answers import Answer, Evidence
from assistant.assistant import Assistant
from assistant.checkup import CheckupLine, server_finding
from assistant.models.any_llm import AnyLLM
from assistant.models.limits import MOST_HANGING, LimitedAnswerer
from assistant.models.writing import ANSWER_TOKENS
from assistant.opening import load_answerer
from assistant.settings import read_settings
from index.errors import UserError
from index.filters import Filters
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.rebuild import rebuild
from ui.answer_line import answer_line
from ui.page import render
from ui.record import record
from ui.reply import ask

QUESTION = "Who led the repair of the bridge?"
SENTENCE = "Engineer Ada Finch led the repair."
TRANSLATED = REPLIES[1]  # what is in the language asked for needs no model


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("limits")
    (folder / "articles").mkdir()
    (folder / "articles" / "bridge.md").write_text(f"The iron bridge in Marlow reopened on 4 March. {SENTENCE}\n")
    (folder / "articles" / "market.md").write_text("The market of Collina is back. There are 48 stalls.\n")
    rebuild(folder / "articles", folder / "index", HashingEmbedding)
    return open_current(folder / "index")


@pytest.fixture
def assistant(generation: Generation, request: pytest.FixtureRequest) -> Iterator[Assistant]:
    """Over a model named by where it is, how it fails, and at which step."""
    where, fault, step = request.param
    llm = FaultyLLM(fault=fault, step=step)
    seconds = 60 if fault == "well" else 1
    with served(llm) as server:
        if where == HERE:
            answerer: Answerer = LimitedAnswerer(GenerativeAnswerer(AnyLLM(llm)), seconds)
        else:
            name = f"{server.address}/v1#fake" if where == OPENAI else "ollama:fake"
            environment = {"NEWSDESK_LANGUAGE_MODEL": name, "NEWSDESK_PROFILE": "light"}
            settings = replace(read_settings(environment), answer_seconds=seconds)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("assistant.settings.OLLAMA_ADDRESS", server.address)
                answerer = load_answerer(settings)
        if fault == "dead":
            server.server_close()
        yield Assistant(generation.path.parent.parent, generation, HashingEmbedding(), answerer)
        llm.let_go()


def ask_in_italian(assistant: Assistant) -> Answer:
    return assistant.ask(QUESTION, answer_language="it")


HERE, OPENAI, OLLAMA = "here", "openai", "ollama"
FAULTS = ("hangs", "slow", "dies", "huge", "endless", "garbage", "empty")
CASES = [
    *((where, fault, step) for where in (HERE, OPENAI, OLLAMA) for fault in FAULTS for step in (0, 1)),
    (OPENAI, "refuses", 0),
    (OPENAI, "dead", 0),
    (OLLAMA, "refuses", 0),
    (OLLAMA, "dead", 0),
]


@pytest.mark.parametrize("assistant", CASES, indirect=True)
def test_the_quoted_sentence_stands_and_everyone_is_told(assistant: Assistant) -> None:
    began = time.monotonic()
    answer = ask_in_italian(assistant)
    assert time.monotonic() - began < 4
    assert answer.answered and answer.text == answer.citations[0].quote == SENTENCE
    assert answer.reason.startswith("The language model did not answer")
    assert "The language model did not answer" in render.answer(record(answer, Filters()))
    assert len(json.dumps(answer_line(answer, 20), ensure_ascii=False).encode()) < 10_000
    assert "model" not in answer.record  # none made this answer


@pytest.mark.parametrize("assistant", [(where, "well", 2) for where in (HERE, OPENAI, OLLAMA)], indirect=True)
def test_a_model_that_answers_is_named_in_the_record(assistant: Assistant) -> None:
    answer = ask_in_italian(assistant)
    assert (answer.text, answer.reason) == (TRANSLATED, "")
    assert (answer.record["embedding"], answer.record["model"]) == ("hashing", "fake")
    assert "fake" in render.answer(record(answer, Filters()))


@pytest.mark.parametrize("assistant", [(HERE, "hangs", 0), (OPENAI, "hangs", 0), (OPENAI, "slow", 1)], indirect=True)
def test_a_stop_is_taken_within_half_a_second(assistant: Assistant) -> None:
    with closing(assistant.stream(QUESTION, answer_language="it")) as events:
        assert isinstance(next(events), Evidence)
        for _ in range(2):
            began = time.monotonic()
            next(events)
            assert time.monotonic() - began < 0.5
    reply = ask(assistant, QUESTION, [], answer_language="it")
    while reply.found is None:
        assert not reply.wait(0.01)
    reply.stop()
    assert reply.done
    time.sleep(0.5)
    assert not any(thread.name == "answer" for thread in threading.enumerate())


@pytest.mark.slow
@pytest.mark.parametrize("assistant", [(HERE, "hangs", 0)], indirect=True)
def test_a_model_that_hangs_is_not_asked_for_ever(assistant: Assistant) -> None:
    for _ in range(MOST_HANGING):
        assert "within 0.5 seconds" in ask_in_italian(assistant).reason
    began = time.monotonic()
    assert "the questions before" in ask_in_italian(assistant).reason
    assert time.monotonic() - began < 0.4


@pytest.mark.parametrize(
    ("probabilities", "answered"),
    [
        ([(" yes", -0.1), ("No", -2.5), ("Maybe", -9.0)], True),
        ([("No", -0.1), ("Yes", -2.5)], False),
        ([("Maybe", -0.1)], True),  # neither: the reply itself is "Yes."
        ([], True),
    ],
)
def test_a_served_model_is_asked_how_sure_it_is(
    generation: Generation, probabilities: list[tuple[str, float]], answered: bool
) -> None:
    with served(FaultyLLM(fault="well", step=2)) as server:
        server.probabilities = probabilities
        settings = read_settings({"NEWSDESK_LANGUAGE_MODEL": f"{server.address}/v1#fake"})
        assistant = Assistant(Path(), generation, HashingEmbedding(), load_answerer(settings))
        assert ask_in_italian(assistant).answered is answered
        assert [asked["max_tokens"] for asked in server.asked] == [ANSWER_TOKENS] * (2 if answered else 1)
        assert all(asked["temperature"] == 0 for asked in server.asked)


def test_a_server_that_tells_no_probabilities_is_asked_without(generation: Generation) -> None:
    with served(FaultyLLM(fault="well", step=2)) as server:
        server.refuses_probabilities = True
        settings = read_settings({"NEWSDESK_LANGUAGE_MODEL": f"{server.address}/v1#fake"})
        assistant = Assistant(Path(), generation, HashingEmbedding(), load_answerer(settings))
        assert ask_in_italian(assistant).text == TRANSLATED


def test_the_key_comes_from_the_environment_and_is_told_to_the_server_only(
    generation: Generation, caplog: pytest.LogCaptureFixture
) -> None:
    with served(FaultyLLM(fault="refuses", step=0)) as server:
        server.status = 401
        environment = {"NEWSDESK_LANGUAGE_MODEL": f"{server.address}/v1#fake", "NEWSDESK_API_KEY": "sk-canary"}
        settings = read_settings(environment)
        with caplog.at_level(logging.DEBUG), pytest.MonkeyPatch.context() as patch:
            patch.setenv("OPENAI_API_KEY", "sk-another")
            assistant = Assistant(Path(), generation, HashingEmbedding(), load_answerer(settings))
            answer = ask_in_italian(assistant)
        assert server.asked[0]["authorization"] == "Bearer sk-canary"
        assert answer.reason.startswith(f"The language model did not answer at {server.address}/v1 (AuthenticationErr")
        shown = render.answer(record(answer, Filters()))
        told = f"{settings} {answer_line(answer, 20)} {shown} {caplog.text} {server_finding(settings)}"
        assert "canary" not in told and "another" not in told


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("http://127.0.0.1:1234/v1", "an address without a model"),
        ("file:///etc/passwd#m", "an address without a model"),
        ("http://me:secret@127.0.0.1/v1#m", "NEWSDESK_API_KEY"),
        ("http://127.0.0.1/v1?key=secret#m", "NEWSDESK_API_KEY"),
    ],
)
def test_an_address_is_complete_and_holds_no_key(name: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as raised:
        read_settings({"NEWSDESK_LANGUAGE_MODEL": name})
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(("name", "extra"), [("ollama:m", "ollama"), ("http://127.0.0.1:1/v1#m", "openai")])
def test_a_missing_library_is_named_with_its_extra(name: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("assistant.models.ollama", "assistant.models.served"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UserError, match=rf"pip install '.\[{extra}\]'"):
        load_answerer(read_settings({"NEWSDESK_LANGUAGE_MODEL": name}))


def test_the_light_profile_writes_when_a_model_is_named() -> None:
    settings = read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_LANGUAGE_MODEL": "ollama:m"})
    assert (settings.answerer, settings.model_address) == ("generative", "http://127.0.0.1:11434")


def test_the_checkup_says_where_the_model_answers() -> None:
    with served(FaultyLLM(fault="well", step=2)) as server:
        settings = read_settings({"NEWSDESK_LANGUAGE_MODEL": f"{server.address}/v1#fake"})
        assert server_finding(settings) == CheckupLine(
            True, f"language model {server.address}/v1#fake is asked at {server.address}/v1"
        )
    finding = server_finding(settings)
    assert not finding.healthy and "cannot be reached" in finding.text
