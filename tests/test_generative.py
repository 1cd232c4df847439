"""Evidence without a model; and a draft from any LlamaIndex LLM."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.custom import CustomLLM
from made_findings import found
from pydantic import Field

from assistant.answering.evidence import SENTENCE_BYTES, evidence_of, shortened
from assistant.answering.generative import GenerativeAnswerer
from assistant.answering.prompts import PROMPT_VERSION, QUESTION_CHARACTERS
from assistant.answers import NOT_ANSWERED, Draft, Span, Written
from assistant.models.any_llm import AnyLLM
from assistant.models.writing import ANSWER_TOKENS
from assistant.reading.findings import Finding, SecondLook
from index.articles import Article
from index.hits import Hit
from index.languages.names import english_name
from index.languages.words import known_codes
from index.passages import Passage, Sentence
from index.splitting.sentences import split_sentences

TALKS = Article(
    "talks.txt",
    "Talks",
    "Talks began. The first round was held in Geneva on 10 January. A second followed. Nobody signed.",
    published="2022-02-04",
)
ENGLISH = replace(TALKS, language="en")  # whose days can be read
OTHER = Article("other.txt", "Weather", "It rained in Oslo. The sun came back.")


class ScriptedLLM(CustomLLM):
    """Gives its replies in order, and keeps the prompts."""

    replies: list[str]
    prompts: list[str] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.prompts.append(prompt)
        return CompletionResponse(text=self.replies.pop(0))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        self.prompts.append(prompt)
        text = ""
        for word in self.replies.pop(0).split(" "):
            piece = f" {word}" if text else word
            text += piece
            yield CompletionResponse(text=text, delta=piece)


def hit(article: Article, number: int, similarity: float = 0.8) -> Hit:
    """The article's sentence of this number (0-based), in a passage of all its sentences."""
    sentences = split_sentences(article.text, "en")
    passage = Passage("p", article.id, 0, len(article.text), article.text, sentences)
    return Hit(article, passage, sentences[number], similarity)


def one_sentence(text: str) -> Hit:
    article = Article(f"{hash(text)}.txt", "", text)
    sentence = Sentence(0, len(text))
    return Hit(article, Passage("p", article.id, 0, len(text), text, (sentence,)), sentence, 0.8)


def drafted(llm: CustomLLM, question: str, finding: Finding, answer_language: str = "en") -> tuple[str, Draft]:
    """What was written, and the draft."""
    *pieces, draft = GenerativeAnswerer(AnyLLM(llm)).draft(question, "en", answer_language, [finding])
    assert isinstance(draft, Draft)
    return "".join(one.text for one in pieces if isinstance(one, Written)), draft


def whole(one: Hit) -> Span:
    return Span(one, one.sentence.start, one.sentence.end)


@pytest.mark.parametrize("text", ["Ж" * 400, "word " * 400, "слово " * 80 + "Ж" * 150])
def test_of_a_long_sentence_the_beginning_is_shown(text: str) -> None:
    kept = shortened(text)
    assert kept and text.startswith(kept) and len(kept.encode()) <= SENTENCE_BYTES


def test_evidence_is_the_sentence_under_title_and_date_with_its_days_told_whole() -> None:
    told = evidence_of("Where?", "it", whole(hit(ENGLISH, 1)))
    assert "[Talks, published 2022-02-04]\nThe first round was held in Geneva on 10 January (10 gennaio 2022)." in told
    assert "Talks began" not in told and "Where?" in told


WHERE = "Where was the first round held?"
GENEVA = found(hit(TALKS, 1), "Geneva")


def test_a_sentence_in_the_language_asked_for_is_the_answer_itself() -> None:
    spoken = found(hit(replace(TALKS, language="en"), 1), "Geneva")
    written, draft = drafted(ScriptedLLM(replies=[]), WHERE, spoken)  # no reply is asked for
    assert (written, draft.answered, draft.span) == ("", True, spoken.span)
    assert draft.sentences == ("The first round was held in Geneva on 10 January.",)


def test_any_llm_translates_the_sentence() -> None:
    llm = ScriptedLLM(replies=["Die erste Runde war am 10. Januar in Genf.\nMehr."])
    written, draft = drafted(llm, WHERE, GENEVA, "de")
    assert draft.answered and draft.span and draft.span.text == "Geneva"
    assert draft.sentences == (written,) == ("Die erste Runde war am 10. Januar in Genf.",)
    assert draft.is_translated
    assert "into German" in llm.prompts[0] and "The first round was held in Geneva on 10 January." in llm.prompts[0]
    assert "Where was" not in llm.prompts[0]


def test_a_long_sentence_and_a_long_question_are_cut_in_every_prompt() -> None:
    doubt = SecondLook(always=0.0, standing=1.0, model=1.0, least=0.5)
    llm = ScriptedLLM(replies=["Yes", "In Geneva."])
    long = found(one_sentence("It was held in Geneva " + "and in Rome " * 500), "Geneva")
    drafted(llm, "Why was it held there? " + "x" * 6000, replace(long, doubt=doubt))
    assert all("in Geneva" in prompt for prompt in llm.prompts)
    assert max(len(prompt) for prompt in llm.prompts) < 1_500 + QUESTION_CHARACTERS


def test_what_does_not_stand_is_no_answer() -> None:
    written, draft = drafted(ScriptedLLM(replies=[]), "Who signed?", found(hit(TALKS, 1), standing=0.4))
    assert (written, draft.answered, draft.reason, draft.span, draft.sentences) == ("", False, NOT_ANSWERED, None, ())


@pytest.mark.parametrize(
    ("standing", "reply", "answered"),
    [(0.4, "Yes.", True), (0.6, "Yes.", True), (0.6, "No.", False), (0.1, "Yes", False)],
)
def test_in_doubt_the_model_is_asked_whether_the_sentence_answers(standing: float, reply: str, answered: bool) -> None:
    doubt = SecondLook(always=0.0, standing=1.0, model=0.5, least=0.5)  # logit of .4 is -.4, of .1 -2.2; a yes adds 1
    llm = ScriptedLLM(replies=[reply, "The first round was held in Geneva."])
    _, draft = drafted(llm, WHERE, found(hit(TALKS, 1), "Geneva", standing, doubt))
    assert draft.answered is answered
    assert "Does the excerpt answer the question?" in llm.prompts[0]


def test_the_draft_names_model_prompts_and_settings() -> None:
    _, draft = drafted(ScriptedLLM(replies=[]), "Who signed?", found(hit(TALKS, 1), standing=0.1))
    assert draft.record == {
        "model": "unknown",
        "prompts": PROMPT_VERSION,
        "temperature": 0,
        "answer_tokens": ANSWER_TOKENS,
    }


def test_every_language_that_is_known_has_a_name() -> None:
    assert {code for code in known_codes() if english_name(code) == code} == set()
