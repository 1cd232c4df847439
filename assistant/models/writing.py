"""What a language model does for an answer, wherever it runs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

# Tokens that a prompt and its reply have room for together, and those of a reply.
CONTEXT_TOKENS, ANSWER_TOKENS = 4096, 160
# So much is read of a reply that was to be one word, and that nothing holds to it.
REPLY_CHARACTERS = 500
# What a yes or a no in words counts as: more than is needed for an answer, or less.
YES_IN_WORDS, NO_IN_WORDS = 2.0, -2.0


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told of its task, and what it is asked."""

    system: str
    request: str


class WritingModel(Protocol):
    """A language model that writes; safe to use from several threads at once."""

    @property
    def name(self) -> str:
        """What the record of an answer calls it."""
        ...

    def write(self, prompt: Prompt) -> Iterator[str]:
        """The reply in pieces, at most ANSWER_TOKENS of it. Closing the iterator stops the model."""
        ...

    def log_odds(self, prompt: Prompt, one: str, other: str) -> float:
        """How much likelier the reply begins with the word `one` than with the word `other`.

        Raises ValueError when it begins with neither.
        """
        ...


def log_odds_in_words(reply: Iterable[str], one: str, other: str) -> float:
    """The log-odds that a reply in words stands for; raises ValueError when it begins with neither word."""
    text = ""
    for piece in reply:
        text += piece
        if len(text) > REPLY_CHARACTERS:
            break
    begins = re.match(rf"\W*({one}|{other})\b", text, re.IGNORECASE)
    if begins is None:
        raise ValueError(f"The model replied neither {one} nor {other}.")
    return YES_IN_WORDS if begins[1].casefold() == one.casefold() else NO_IN_WORDS
