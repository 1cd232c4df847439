"""The evidence that a language model is shown: the sentence that may answer, under its article's heading."""

from assistant.answering.prompts import EVIDENCE, QUESTION_CHARACTERS
from assistant.answering.templates import filled
from assistant.answers import Span
from assistant.facts.dates import dates_in, display
from assistant.facts.resolving import WRITTEN

# UTF-8 bytes, about four to a token in every script tried, of one sentence, such as a list or a table without a full
# stop. Reading the evidence is most of the waiting.
SENTENCE_BYTES = 500


def evidence_of(question: str, answer_language: str, span: Span) -> str:
    """What a request begins with: the sentence of the span below its title and date, and the question.

    A date that needs its context ("Friday", "26 gennaio") is followed by the whole date in the language.
    """
    article, sentence = span.article, span.sentence
    text = shortened(article.text[sentence.start : sentence.end])
    for date in reversed(dates_in(article, sentence.start, sentence.start + len(text))):
        if date.basis != WRITTEN:
            after = date.end - sentence.start
            text = f"{text[:after]} ({display(date, answer_language)}){text[after:]}"
    published = f", published {article.published}" if article.published else ""
    heading = f"[{' '.join(article.title.split())[:120]}{published}]"
    evidence = f"{heading}\n{' '.join(text.split())}"
    return filled(EVIDENCE, {"evidence": evidence, "question": question[:QUESTION_CHARACTERS]})


def shortened(text: str) -> str:
    """The text, or as many of its first words as fit into SENTENCE_BYTES."""
    if len(text.encode()) <= SENTENCE_BYTES:
        return text
    kept = text.encode()[:SENTENCE_BYTES].decode(errors="ignore")
    return kept.rsplit(maxsplit=1)[0]
