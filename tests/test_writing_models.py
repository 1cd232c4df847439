"""What writes an answer, wherever it runs; and that nothing of one way is loaded where another serves."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from fake_models import FaultyLLM, served
from sources import ROOT

from assistant.answering.templates import filled
from assistant.models.any_llm import AnyLLM, messages_of
from assistant.models.chosen import load_language_model
from assistant.models.writing import NO_IN_WORDS, YES_IN_WORDS, Prompt, WritingModel, log_odds_in_words
from assistant.settings import read_settings

PROMPT = Prompt("You are brief.", "Does it say so?")


@dataclass
class Counted:
    """Pieces that tell how many of them were taken."""

    pieces: list[str]
    taken: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for piece in self.pieces:
            self.taken.append(piece)
            yield piece


@pytest.mark.parametrize(
    ("reply", "log_odds"),
    [(["Yes", "."], YES_IN_WORDS), (["", "**no**", ", it"], NO_IN_WORDS), (["YES! It does."], YES_IN_WORDS)],
)
def test_a_reply_in_words_counts_as_a_yes_or_a_no(reply: list[str], log_odds: float) -> None:
    assert log_odds_in_words(reply, "Yes", "No") == log_odds


@pytest.mark.parametrize("reply", [[], ["Nothing"], ["Perhaps yes"]])
def test_a_reply_that_is_neither_is_an_error(reply: list[str]) -> None:
    with pytest.raises(ValueError, match="neither Yes nor No"):
        log_odds_in_words(reply, "Yes", "No")


def test_no_more_is_read_of_a_reply_than_can_be_one_word() -> None:
    endless = Counted(["word " * 20] * 1000)
    with pytest.raises(ValueError, match="neither"):
        log_odds_in_words(endless, "Yes", "No")
    assert len(endless.taken) == 6  # the sixth hundred characters are more than 500


def test_a_model_behind_an_address_and_any_other_write_and_tell_alike() -> None:
    llm = FaultyLLM(fault="well", step=9)
    with served(llm) as server:
        settings = read_settings({"NEWSDESK_LANGUAGE_MODEL": f"{server.address}/v1#fake"})
        models: list[WritingModel] = [load_language_model(settings), AnyLLM(FaultyLLM(fault="well", step=9))]
        assert [model.log_odds(PROMPT, "Yes", "No") for model in models] == [YES_IN_WORDS, YES_IN_WORDS]
        written = ["".join(model.write(PROMPT)) for model in models]
    assert written[0] == written[1] != ""
    assert [model.name for model in models] == ["fake", "fake"]
    asked = [[(one["role"], one["content"]) for one in asked["messages"]] for asked in server.asked]
    assert asked == [[("system", PROMPT.system), ("user", PROMPT.request)]] * len(asked)


def test_a_prompt_without_a_task_is_only_the_request() -> None:
    assert [one.content for one in messages_of(Prompt("", "Hello?"))] == ["Hello?"]


@pytest.mark.parametrize(
    ("chosen", "loaded"),
    [("http://127.0.0.1:1/v1#m", {"openai", "llama_index"}), ("ollama:m", {"llama_index"})],
)
def test_nothing_of_the_model_in_this_process_is_loaded_where_a_server_writes(chosen: str, loaded: set[str]) -> None:
    program = (
        "import sys; from assistant.opening import load_answerer; from assistant.settings import read_settings; "
        f"load_answerer(read_settings({{'NEWSDESK_LANGUAGE_MODEL': {chosen!r}}})); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    modules = set(done.stdout.split())
    assert loaded <= modules
    assert not {"openvino_genai", "assistant.models.embedded", "torch"} & modules


def test_nothing_of_any_language_model_is_loaded_where_code_quotes() -> None:
    program = (
        "import sys; from assistant.opening import load_answerer; from assistant.settings import read_settings; "
        "load_answerer(read_settings({}, answerer='extractive')); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"llama_index", "openai", "openvino_genai", "torch"} & set(done.stdout.split())


def test_what_fills_a_prompt_is_not_filled_itself() -> None:
    values = {"quote": "{language} and {quote}", "language": "Italian"}
    assert filled("Into {language}: “{quote}” {other}", values) == "Into Italian: “{language} and {quote}” {other}"
