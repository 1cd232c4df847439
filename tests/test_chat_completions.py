"""The HTTP API as OpenAI's own client meets it."""

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest
from fakes import ScriptedAnswerer
from servers import Api, serving

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Account, Answer, Citation, Statement
from ui.api.chat_completions import _content
from ui.api.server import Limits

QUESTION = "Who led the repair of the bridge?"
SENTENCE = "Engineer Ada Finch led the repair."
CONTENT = f"> {SENTENCE} [1]\n\n[1] “{SENTENCE}” (The bridge reopens · 2024-03-05)"
CITATION = {
    "number": 1,
    "article": "bridge.md",
    "title": "The bridge reopens",
    "published": "2024-03-05",
    "start": 47,
    "end": 81,
    "quote": SENTENCE,
    "page": None,
    "time": "",
    "recognised": False,
}


@pytest.fixture(scope="module")
def api(_indexed: Path) -> Iterator[Api]:
    with serving(_indexed, ExtractiveAnswerer()) as api:
        yield api


@pytest.fixture
def client(api: Api) -> Iterator[openai.OpenAI]:
    with client_of(api) as client:
        yield client


def client_of(api: Api, key: str = "none") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{api.url}/v1", api_key=key, max_retries=0, timeout=10)


def test_the_content_is_the_answer_with_markers_and_below_it_the_quotes(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="newsdesk",
        messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}],
        temperature=0.3,
        max_tokens=5,
    )
    assert completion.choices[0].message.content == CONTENT
    assert completion.choices[0].finish_reason == "stop"
    assert completion.model_extra == {"citations": [CITATION]}


def test_streamed_chunks_join_to_the_same_content(client: openai.OpenAI) -> None:
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
    with client.chat.completions.create(model="newsdesk", messages=messages, stream=True) as stream:
        chunks = list(stream)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == CONTENT
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert chunks[-1].model_extra == {"citations": [CITATION]}
    assert len({chunk.id for chunk in chunks}) == 1


def test_nothing_unchecked_is_streamed(_indexed: Path) -> None:
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
    with serving(_indexed, ScriptedAnswerer("Ada Finch spent 9,999 crowns.")) as api, client_of(api) as client:
        stream = client.chat.completions.create(model="newsdesk", messages=messages, stream=True)
        content = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert "9,999" not in content and f"“{SENTENCE}”" in content


def test_earlier_messages_are_the_history(_indexed: Path) -> None:
    answerer = ScriptedAnswerer(SENTENCE)
    with serving(_indexed, answerer) as api, client_of(api) as client:
        client.chat.completions.create(
            model="newsdesk",
            messages=[
                {"role": "user", "content": QUESTION},
                {"role": "assistant", "content": CONTENT},
                {"role": "user", "content": [{"type": "text", "text": "And when?"}]},
            ],
        )
    assert answerer.asked == [f"And when? ({QUESTION})"]


def test_a_refusal_says_what_came_closest(_indexed: Path) -> None:
    with serving(_indexed, ScriptedAnswerer(answered=False)) as api, client_of(api) as client:
        completion = client.chat.completions.create(
            model="newsdesk", messages=[{"role": "user", "content": QUESTION}], extra_body={"language": "en"}
        )
    content = completion.choices[0].message.content or ""
    assert content.startswith(f"The articles do not say.\n\nClosest: “{SENTENCE}” (The bridge reopens · 2024-03-05)")
    assert completion.model_extra == {"citations": []}


def test_what_differs_and_what_went_wrong_is_said_too() -> None:
    answer = Answer(
        question="When?",
        search_query="When?",
        language="en",
        answered=True,
        reason="The language model did not answer.",
        statements=(Statement("On 26 January.", (1, 2)), Statement("It was cold.", (2,))),
        short_answer="26 January",
        answer_date="2022-01-26",
        citations=(Citation(1, "a.pdf", "A", "2022-02-04", 0, 3, "One", 7), Citation(2, "b.md", "", "", 0, 3, "Two")),
        hits=(),
        generation="g000001",
        answerer="generative",
        accounts=(Account("26 January", "2022-01-26", "a.pdf", "A", "", "2022-02-04", 1),),
    )
    assert "".join(_content(answer)) == (
        "The language model did not answer.\n\n"
        "On 26 January. [1] [2] It was cold. [2]\n\n"
        "The articles differ:\n- 26 January = 2022-01-26 [1] A · 2022-02-04 · a.pdf\n\n"
        "[1] “One” (A · 2022-02-04 · page 7)\n"
        "[2] “Two” (b.md)"
    )


def test_the_one_model_is_listed_and_another_refused(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["newsdesk"]
    with pytest.raises(openai.NotFoundError) as raised:
        client.chat.completions.create(model="gpt-x", messages=[{"role": "user", "content": QUESTION}])
    assert (raised.value.code, raised.value.param, raised.value.type) == (
        "model_not_found",
        "model",
        "not_found_error",
    )


@pytest.mark.parametrize("messages", [[], [{"role": "system", "content": "canary"}], [{"role": "user"}]])
def test_a_conversation_without_a_question_is_refused(client: openai.OpenAI, messages: list[object]) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model="newsdesk", messages=messages)  # type: ignore[arg-type]
    assert raised.value.param == "messages" and "canary" not in str(raised.value)


def test_the_client_s_key_is_a_token_and_its_limits_are_known_to_it(index_dir: Path) -> None:
    with serving(index_dir, ExtractiveAnswerer(), Limits(per_minute=1)) as api:
        secret = api.tokens.create("reader")
        with client_of(api, "wrong") as stranger, pytest.raises(openai.AuthenticationError):
            stranger.models.list()
        with client_of(api, secret) as client:
            assert client.models.list().data
            with pytest.raises(openai.RateLimitError) as raised:
                client.models.list()
    assert 55 <= int(raised.value.response.headers["retry-after"]) <= 60
