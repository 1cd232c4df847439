"""The same questions for programs that speak OpenAI's chat completions."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.responses import JSONResponse, Response

from assistant.answers import Answer, Citation, Event, Evidence, Turn, between
from index.steps import request_id
from ui.answer_text import DIFFER, MARKDOWN_ROLES, marked, place, quoted, spot, told
from ui.api.asking import MOST_TURNS, Asking, DeskOf, EventStream, QuestionText, streamed, wants_stream
from ui.api.desk import Asked
from ui.api.problems import Problem

MODEL = "newsdesk"
MOST_MESSAGES = 1_000
CLOSEST = 3  # sentences that are shown when the articles do not answer

router = APIRouter()


class TextPart(BaseModel):
    """One part of a message that has several; only text is read."""

    type: str
    text: str = ""


class MessageBody(BaseModel):
    """A message; those of the user are questions, those of the assistant their answers, others are not read."""

    role: str
    content: str | tuple[TextPart, ...] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class CompletionBody(Asking):
    """A conversation whose last user message is the question; what else OpenAI's clients may send is not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: str
    messages: tuple[MessageBody, ...] = Field(min_length=1, max_length=MOST_MESSAGES)


@dataclass(frozen=True, slots=True)
class Message:
    """An answer: its text with markers such as [1], and below it the numbered quotes."""

    role: Literal["assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The only one."""

    index: int
    message: Message
    finish_reason: Literal["stop"]


@dataclass(frozen=True, slots=True)
class Usage:
    """How long the question and its answer are, in words: what reads them here counts in no tokens of OpenAI's."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer in OpenAI's shape; `citations` are newsdesk's own."""

    id: str
    object: Literal["chat.completion"]
    created: int  # seconds since 1970
    model: str
    choices: tuple[Choice, ...]
    usage: Usage
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """The only model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


@dataclass(frozen=True, slots=True)
class ModelList:
    """All models."""

    object: Literal["list"]
    data: tuple[Model, ...]


@router.get("/v1/models", response_model=ModelList)
def list_models() -> Response:
    """The one model that there is."""
    return JSONResponse(asdict(ModelList("list", (Model(MODEL, "model", 0, "newsdesk"),))))


@router.post("/v1/chat/completions", response_model=Completion, responses=streamed())
async def complete(body: CompletionBody, request: Request, desk: DeskOf) -> Response:
    """The answer to the last user message, which streamed comes as soon as it is checked."""
    if body.model != MODEL:
        raise Problem(404, "model_not_found", f"There is one model here, {MODEL}.", param="model")
    asked = _asked(body)
    if wants_stream(body, request):
        return EventStream(desk, asked, request, _Chunks())
    answer = await desk.answer(asked, request.is_disconnected)
    content = "".join(_content(answer))
    choice = Choice(0, Message("assistant", content), "stop")
    asked_count = sum(len(message.text.split()) for message in body.messages)
    usage = Usage(asked_count, len(content.split()), asked_count + len(content.split()))
    return JSONResponse(
        asdict(Completion(_id(), "chat.completion", int(time.time()), MODEL, (choice,), usage, answer.citations))
    )


def _asked(body: CompletionBody) -> Asked:
    """The last user message as the question, those before it as the history; raises Problem when there is none."""
    turns: list[Turn] = []
    for message in body.messages:
        if message.role == "user":
            turns.append(Turn(message.text, ""))
        elif message.role == "assistant" and turns:
            turns[-1] = Turn(turns[-1].question, message.text)
    try:
        question: str = TypeAdapter(QuestionText).validate_python(turns[-1].question if turns else "")
    except ValidationError as error:
        why = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise Problem(400, "invalid", f"The last user message: {why}", param="messages") from None
    history = [turn for turn in turns[:-1] if turn.question.strip()]
    return Asked(question, history[-MOST_TURNS:], body.filters, body.answer_language)


def _content(answer: Answer) -> Iterator[str]:
    """The answer in pieces that join to it: its sentences with their markers, then the quotes that they stand on."""
    if answer.reason:
        yield f"{answer.reason}\n\n" if answer.answered else answer.reason
    parting = between(answer.statements)
    for number_before, statement in enumerate(answer.statements):
        yield f"{parting if number_before else ''}{MARKDOWN_ROLES.get(statement.role, '')}{marked(statement)}"
    if answer.accounts:
        yield "\n".join(["\n", DIFFER, *(f"- {told(account)}" for account in answer.accounts)])
    if answer.citations:
        yield "\n"
    for cited in answer.citations:
        within = spot(cited.page, cited.time, cited.recognised)
        where = place(cited.title or cited.article, cited.published, within)
        yield f"\n[{cited.number}] {quoted(cited.quote)} ({where})"
    if not answer.answered:
        for hit in answer.hits[:CLOSEST]:
            where = place(hit.article.title or hit.article.id, hit.article.published)
            yield f"\n\nClosest: {quoted(hit.text)} ({where})"


class _Chunks:
    """An answer as OpenAI's chunks; nothing is said before it has been checked, for a chunk cannot be taken back."""

    def __init__(self) -> None:
        self._frame = {"id": _id(), "object": "chat.completion.chunk", "created": int(time.time()), "model": MODEL}

    def written(self, event: Event) -> Iterator[bytes]:
        if isinstance(event, Evidence):
            yield self._chunk({"role": "assistant", "content": ""})
        elif isinstance(event, Answer):
            for piece in _content(event):
                yield self._chunk({"content": piece})
            yield self._chunk({}, "stop", {"citations": [asdict(cited) for cited in event.citations]})
            yield format_sse_event(data_str="[DONE]")

    def failed(self, problem: Problem) -> bytes:
        return format_sse_event(data_str=json.dumps(asdict(problem.body)))

    def _chunk(
        self, delta: Mapping[str, str], finish_reason: str | None = None, more: Mapping[str, object] | None = None
    ) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return format_sse_event(data_str=json.dumps({**self._frame, "choices": [choice], **(more or {})}))


def _id() -> str:
    return f"chatcmpl-{request_id.get()}"
