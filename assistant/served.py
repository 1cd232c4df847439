"""A language model behind an OpenAI-compatible address."""

from collections.abc import Sequence

from llama_index.core.base.llms.types import ChatMessage
from llama_index.llms.openai_like import OpenAILike
from openai import BadRequestError, UnprocessableEntityError
from openai.types.chat import ChatCompletionChunk

from assistant.generative import REPLY_CHARACTERS, log_odds_in_words

ALTERNATIVES = 5  # to the first word of a reply, that the server is asked to name
UNLIKELY = -10.0  # the log-probability of a word that is not among them


class ServedModel(OpenAILike):  # type: ignore[misc]
    """A model that tells how likely its replies are, if its server does."""

    def log_odds(self, messages: Sequence[ChatMessage], one: str, other: str) -> float:
        """How much likelier the model's reply begins with the word `one` than with the word `other`."""
        try:
            return self._log_odds(messages, one, other, logprobs=True, top_logprobs=ALTERNATIVES)
        except (BadRequestError, UnprocessableEntityError):  # so some servers reply to whoever asks for probabilities
            return self._log_odds(messages, one, other)

    def _log_odds(self, messages: Sequence[ChatMessage], one: str, other: str, **probabilities: object) -> float:
        reply = ""
        for response in self.stream_chat(messages, **probabilities):
            if response.delta and not reply and (told := _told(response.raw, one, other)) is not None:
                return told
            reply += response.delta or ""
            if len(reply) > REPLY_CHARACTERS:
                break
        return log_odds_in_words(reply, one, other)


def _told(chunk: object, one: str, other: str) -> float | None:
    """The log-odds that stand in the chunk of a reply, None when none do."""
    if not isinstance(chunk, ChatCompletionChunk) or not (told := chunk.choices[0].logprobs) or not told.content:
        return None
    first, second = (
        max((c.logprob for c in told.content[0].top_logprobs if c.token.strip().casefold() == word), default=UNLIKELY)
        for word in (one.casefold(), other.casefold())
    )
    return first - second if max(first, second) > UNLIKELY else None
