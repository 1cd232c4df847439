"""Any of LlamaIndex's language models, as one that writes answers."""

from collections.abc import Iterator, Mapping

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, MessageRole
from llama_index.core.llms.llm import LLM

from assistant.models.writing import Prompt, log_odds_in_words


class AnyLLM:
    """Whatever the model is set to, it is asked with; it replies in words where another gives probabilities."""

    def __init__(self, llm: LLM) -> None:
        self.name: str = llm.metadata.model_name
        self._llm = llm

    def write(self, prompt: Prompt) -> Iterator[str]:
        """The reply in pieces; see `WritingModel`."""
        for response in self._responses(prompt):
            yield response.delta or ""

    def log_odds(self, prompt: Prompt, one: str, other: str) -> float:
        """By the word that the reply begins with; see `WritingModel`."""
        return log_odds_in_words(self.write(prompt), one, other)

    def _responses(self, prompt: Prompt, **more: object) -> Iterator[ChatResponse]:
        yield from self._llm.stream_chat(messages_of(prompt), **more)


def messages_of(prompt: Prompt) -> list[ChatMessage]:
    """The prompt as LlamaIndex's chat takes it."""
    said: Mapping[MessageRole, str] = {MessageRole.SYSTEM: prompt.system, MessageRole.USER: prompt.request}
    return [ChatMessage(role=role, content=content) for role, content in said.items() if content]
