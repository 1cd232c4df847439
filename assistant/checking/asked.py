"""The question as the checks see it, and what they say."""

from dataclasses import dataclass

from assistant.reading.findings import Finding
from assistant.understanding.questions import asked_for
from index.languages.words import Language, language
from index.models.embedding import Embedding


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question, the code of its language, and what `asked_for` tells of it.

    By the vectors of the `embedding` a word and its translation are known for one; without it only spelling tells.
    """

    question: str
    language: str
    kind: str
    embedding: Embedding | None = None

    @property
    def spoken(self) -> Language:
        """The question's language."""
        return language(self.language)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why words do not stand as the answer: the name of the check, and its reason in words.

    `instead` is what stands in their place: the same sentence told otherwise, or None where it does not answer.
    """

    check: str
    reason: str
    instead: Finding | None = None


def asked(question: str, language_code: str, embedding: Embedding | None = None) -> Inquiry:
    """The question for the checks."""
    return Inquiry(question, language_code, asked_for(question, language_code), embedding)
