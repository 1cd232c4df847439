"""The requests of a newsroom over the sample articles, and whether an answer is what was asked for."""

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.answers import Answer, Turn
from assistant.assistant import Assistant
from assistant.facts_told import WantedFacts, read_wanted, told
from index.generations.generation import Generation

FILE = Path(__file__).parent / "requests.jsonl"
# At least so much of what is cited is of the articles that tell of it.
LEAST_FITTING = 0.5


@dataclass(frozen=True)
class Request:
    """A request and what must be in its answer; nothing answers it when `answerable` is false."""

    id: str
    question: str
    language: str
    articles: tuple[str, ...]
    wanted: WantedFacts
    answerable: bool
    history: tuple[str, ...]


def requests() -> tuple[Request, ...]:
    """Every request, in order."""
    return tuple(_request(json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines())


def _request(line: dict[str, object]) -> Request:
    articles, history = line["articles"], line.get("history", [])
    assert isinstance(articles, list) and isinstance(history, list)
    return Request(
        str(line["id"]),
        str(line["question"]),
        str(line["lang"]),
        tuple(articles),
        read_wanted(line, str(line["id"])),
        bool(line["answerable"]),
        tuple(history),
    )


def answered(request: Request, assistant: Assistant) -> Answer:
    """The answer, after those to the questions before it."""
    turns: list[Turn] = []
    for question in request.history:
        before = assistant.ask(question, turns)
        turns.append(Turn(question, before.text, before.short_answer))
    return assistant.ask(request.question, turns)


def is_right(request: Request, answer: Answer, generation: Generation) -> bool:
    """Whether it tells what it must, cites hardly anything else, or refuses where nothing answers."""
    if not request.answerable:
        return not answer.answered
    wanted = request.wanted
    if wanted.kind == "talk":
        return answer.answered and not answer.citations
    found = told(wanted.facts, answer, generation)
    fitting = [cited.article in request.articles for cited in answer.citations]
    fits = not request.articles or sum(fitting) >= LEAST_FITTING * len(fitting)
    return sum(found) >= (wanted.least or len(found)) and fits
