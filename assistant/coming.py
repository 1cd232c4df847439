"""A reader and an answerer on their way: each is in its place at once, and waited for when it is needed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import wait

from assistant.answerer import Answerer
from assistant.answering.quoting import quoted
from assistant.answers import Piece, Waiting
from assistant.models.limits import PAUSE_SECONDS
from assistant.reading.findings import Finding, Reader
from index.hits import Hit
from index.models.coming import Coming
from index.models.embedding import Embedding

ComingModel = Coming[Embedding] | Coming[Reader] | Coming[Answerer]


class ComingReader:
    """A reader that is waited for when something is to be read."""

    def __init__(self, coming: Coming[Reader]) -> None:
        self.coming = coming

    @property
    def name(self) -> str:
        """The loaded reader's."""
        return self.coming.wait().name

    @property
    def least(self) -> float:
        """The loaded reader's."""
        return self.coming.wait().least

    def read(self, question: str, language: str, hits: Sequence[Hit], every: bool = True) -> tuple[Finding, ...]:
        """What the loaded reader finds."""
        return self.coming.wait().read(question, language, hits, every)


class ComingAnswerer:
    """An answerer that is waited for when something is to be written, and unless it `judges` only then.

    One that does not leaves what is in doubt to the reader until its model is there: to load that takes longer than all
    the rest.
    """

    def __init__(self, name: str, coming: Coming[Answerer], translates: bool = True, judges: bool = True) -> None:
        self.name = name
        self.coming = coming
        self._translates = translates
        self._judges = judges

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        """The loaded answerer's draft, and Waiting until it is loaded; what can be quoted is not waited for."""
        settled = quoted(question, language, answer_language, findings[0], self._translates, self._judges)
        if settled and not self.coming.ready:
            yield settled
            return
        while wait([self.coming.begin()], timeout=PAUSE_SECONDS).not_done:
            yield Waiting()
        yield from self.coming.wait().draft(question, language, answer_language, findings)

    def translate(self, sentence: str, language: str) -> Iterator[Piece]:
        """What the loaded answerer makes of it, and Waiting until it is loaded."""
        if not self._translates:
            return
        while wait([self.coming.begin()], timeout=PAUSE_SECONDS).not_done:
            yield Waiting()
        yield from self.coming.wait().translate(sentence, language)
