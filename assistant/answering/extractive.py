"""Answers by quoting the sentence that answers; needs no language model."""

from collections.abc import Iterator, Sequence

from assistant.answers import NOT_ANSWERED, Draft, Piece
from assistant.reading.findings import Finding


class ExtractiveAnswerer:
    """Quotes the sentence that answers, with the words in it that were asked for."""

    name = "extractive"

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        """One draft, made of a stored sentence only."""
        best = findings[0]
        if best.enough:
            yield Draft(True, "", best.span, (best.hit.text,), best.standing)
        else:
            yield Draft(answered=False, reason=NOT_ANSWERED, confidence=best.standing)

    def translate(self, sentence: str, language: str) -> Iterator[Piece]:
        """Nothing: it only quotes."""
        return iter(())
