"""A language model behind an OpenAI-compatible address."""

from collections.abc import Iterator

from llama_index.core.base.llms.types import ChatResponse
from llama_index.llms.openai_like import OpenAILike
from openai import BadRequestError, UnprocessableEntityError
from openai.types.chat import ChatCompletionChunk

from assistant.models.any_llm import AnyLLM
from assistant.models.writing import ANSWER_TOKENS, CONTEXT_TOKENS, Prompt, log_odds_in_words

ALTERNATIVES = 5  # to the first word of a reply, that the server is asked to name
UNLIKELY = -10.0  # the log-probability of a word that is not among them


class ServedModel(AnyLLM):
    """A model that tells how likely its replies are, if its server does."""

    def __init__(self, address: str, name: str, key: str, seconds: float) -> None:
        """The server is not asked anything yet; `key` may be "", `seconds` are those of its silence."""
        super().__init__(
            OpenAILike(
                model=name,
                api_base=address,
                api_key=key or "none",
                is_chat_model=True,
                temperature=0.0,
                max_tokens=ANSWER_TOKENS,
                context_window=CONTEXT_TOKENS,
                max_retries=0,
                timeout=seconds,
            )
        )

    def log_odds(self, prompt: Prompt, one: str, other: str) -> float:
        """By the server's probabilities, else by the reply's first word; see `WritingModel`."""
        try:
            return _log_odds(self._responses(prompt, logprobs=True, top_logprobs=ALTERNATIVES), one, other)
        except (BadRequestError, UnprocessableEntityError):  # so some servers reply to whoever asks for probabilities
            return super().log_odds(prompt, one, other)


def _log_odds(responses: Iterator[ChatResponse], one: str, other: str) -> float:
    begun: list[str] = []
    for response in responses:
        if response.delta and (told := _told(response.raw, one, other)) is not None:
            return told
        begun.append(response.delta or "")
        if response.delta:
            break
    return log_odds_in_words((*begun, *(response.delta or "" for response in responses)), one, other)


def _told(chunk: object, one: str, other: str) -> float | None:
    """The log-odds that stand in the chunk of a reply, None when none do."""
    if not isinstance(chunk, ChatCompletionChunk) or not (told := chunk.choices[0].logprobs) or not told.content:
        return None
    first, second = (
        max((c.logprob for c in told.content[0].top_logprobs if c.token.strip().casefold() == word), default=UNLIKELY)
        for word in (one.casefold(), other.casefold())
    )
    return first - second if max(first, second) > UNLIKELY else None
