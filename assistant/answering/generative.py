"""Answers in the language asked for, written by a language model where no sentence says it in that language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.evidence import evidence_of, shortened
from assistant.answering.prompts import ANSWERABLE, PROMPT_VERSION, RETOLD, SYSTEM
from assistant.answering.quoting import wanted
from assistant.answering.templates import filled
from assistant.answers import NOT_ANSWERED, Draft, Piece, Span, Written
from assistant.models.writing import ANSWER_TOKENS, Prompt, WritingModel
from assistant.reading.findings import Finding
from index.languages.names import english_name
from index.steps import step


class GenerativeAnswerer:
    """Says what the likeliest finding says: by its sentence, or in another language by a translation of that."""

    name = "generative"

    def __init__(self, model: WritingModel, translates: bool = True) -> None:
        """One that does not translate has the model judge sentences only: each stands in its own language."""
        self._model = model
        self._translates = translates
        self._record = {
            "model": model.name,
            "prompts": PROMPT_VERSION,
            "temperature": 0,
            "answer_tokens": ANSWER_TOKENS,
        }

    def draft(self, question: str, language: str, answer_language: str, findings: Sequence[Finding]) -> Iterator[Piece]:
        """Pieces of the written answer, and last the draft; raises ValueError when the model's replies are none."""
        for piece in self._draft(question, language, answer_language, findings[0]):
            yield replace(piece, record=self._record) if isinstance(piece, Draft) else piece

    def _draft(self, question: str, language: str, answer_language: str, best: Finding) -> Iterator[Piece]:
        with step("confidence"):
            confidence, is_enough = self.decided(question, answer_language, best)
        if not is_enough:
            yield Draft(answered=False, reason=NOT_ANSWERED, confidence=confidence)
            return
        span, _ = wanted(question, language, answer_language, best.span)
        source = replace(span.hit, sentence=span.sentence).text
        if span.article.language == answer_language or not self._translates:
            yield Draft(True, "", span, (source,), confidence)
            return
        written = ""
        for piece in self.translate(source, answer_language):
            written += piece.text
            yield piece
        if not re.search(r"\w", written):
            raise ValueError("The model wrote nothing.")
        yield Draft(True, "", span, (written.strip(),), confidence, is_translated=True)

    def translate(self, sentence: str, language: str) -> Iterator[Written]:
        """The sentence in the language, in pieces: the reply as far as its first line with anything in it.

        Nothing where the model is not to translate.
        """
        if not self._translates:
            return
        request = filled(RETOLD, {"language": english_name(language), "quote": shortened(sentence)})
        begun = False
        for said in self._model.write(Prompt(SYSTEM, request)):
            piece, newline, _ = said.partition("\n")
            if piece:
                begun = True
                yield Written(piece)
            if newline and begun:
                return

    def decided(self, question: str, answer_language: str, best: Finding) -> tuple[float, bool]:
        """The finding's standing, and whether that is enough; where that is in doubt, after the model was asked too."""
        if best.doubt is None:
            return best.standing, best.enough
        return best.doubt.taken(best.standing, self.log_odds(question, answer_language, best.span))

    def log_odds(self, question: str, answer_language: str, span: Span) -> float:
        """How much likelier the model takes the span's sentence to answer than not.

        A model that cannot tell is taken at its word; raises ValueError when it gives none.
        """
        evidence = evidence_of(question, answer_language, span)
        return self._model.log_odds(Prompt(SYSTEM, evidence + ANSWERABLE), "Yes", "No")
