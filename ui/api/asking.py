"""What a question over HTTP may say, and the stream that its answer may come in."""

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Annotated, Any, Protocol

from fastapi import Depends
from fastapi.sse import format_sse_event
from pydantic import AfterValidator, Field
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.answers import Event
from assistant.question import checked_question
from index.errors import UserError
from index.languages.words import known_codes
from ui.api.desk import Asked, Desk
from ui.api.problems import Problem
from ui.narrowing import Narrowing

MOST_QUESTION_CHARACTERS = 4_000
MOST_TURNS = 50  # of the conversation before it
EVENT_STREAM = "text/event-stream"
# Proxies end a connection on which nothing comes for long.
SIGN_OF_LIFE_SECONDS = 10.0


def _answerable(question: str) -> str:
    try:
        return checked_question(question)
    except UserError as error:
        raise ValueError(str(error)) from None


def _writable(code: str) -> str:
    if code and code not in known_codes():
        raise ValueError(f"Answers can be written in {', '.join(sorted(known_codes()))}.")
    return code


QuestionText = Annotated[str, Field(min_length=1, max_length=MOST_QUESTION_CHARACTERS), AfterValidator(_answerable)]


class Asking(Narrowing):
    """What every kind of question may say besides."""

    answer_language: Annotated[str, AfterValidator(_writable)] = Field(
        "",
        description="The language to answer in; by default the question's.",
        json_schema_extra={"enum": ["", *sorted(known_codes())]},
    )
    stream: bool = Field(False, description="Send the answer as server-sent events while it is made.")


def desk_of(request: Request) -> Desk:
    """The desk of the server that got the request."""
    desk: Desk = request.app.state.desk
    return desk


DeskOf = Annotated[Desk, Depends(desk_of)]


def streamed(*names: str) -> dict[int | str, dict[str, Any]]:
    """How a route describes that it may answer with server-sent events of these names, or of none."""
    event = {"event": {"enum": list(names)}} if names else {}
    schema = {"type": "object", "properties": {"data": {"type": "string"}, **event}, "required": ["data", *event]}
    return {200: {"content": {EVENT_STREAM: {"schema": schema}}}}


class EventWriter(Protocol):
    """How the events of one answer are written as server-sent events."""

    def written(self, event: Event) -> Iterator[bytes]:
        """The server-sent events that tell of it; there may be none."""
        ...

    def failed(self, problem: Problem) -> bytes:
        """The one that tells why no answer comes."""
        ...


class EventStream(StreamingResponse):
    """The events of an answer as they come.

    A Problem before the first one is an ordinary error. Whatever happens, the events are closed at the end, so that
    the answerer stops.
    """

    media_type = EVENT_STREAM

    def __init__(self, desk: Desk, asked: Asked, request: Request, writer: EventWriter) -> None:
        self._chunks = _chunks(desk.events(asked, request.is_disconnected), writer)
        super().__init__(self._chunks)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._chunks) as chunks:
            first = await anext(chunks, b"")
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": first, "more_body": True})
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _chunks(stream: AsyncGenerator[Event, None], writer: EventWriter) -> AsyncGenerator[bytes, None]:
    sent = 0.0  # when the last one was; none yet
    async with aclosing(stream) as events:
        try:
            async for event in events:
                for chunk in writer.written(event):
                    yield chunk
                    sent = time.monotonic()
                if sent and time.monotonic() - sent > SIGN_OF_LIFE_SECONDS:
                    yield format_sse_event(comment="")
                    sent = time.monotonic()
        except Problem as problem:
            if not sent:
                raise
            yield writer.failed(problem)


def wants_stream(asking: Asking, request: Request) -> bool:
    """Whether the answer is wanted as server-sent events, by its body or by its Accept header."""
    return asking.stream or EVENT_STREAM in request.headers.get("accept", "")
