"""Stored sentences told in another language: one after the other, each as long as its translation says the same."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.answering.tellings import Telling
from assistant.answers import Piece, Waiting, Written
from assistant.checking.translation import disagreement
from index.hits import Hit
from index.languages.scripts import SENTENCE_ENDS
from index.models.embedding import Embedding
from index.reading.texts.decoding import sanitise

Translate = Callable[[str, str], Iterator[Piece]]

# Of an answer's sentences no more are begun to be translated after so many seconds; the others stand as they are.
TRANSLATING_SECONDS = 12.0
_OPENING, _CLOSING = "“„«\"‘'", "”“»\"’'"
_END = re.compile(rf"[{SENTENCE_ENDS}][\"'”’»)]*$")


def worded(
    tellings: Sequence[Telling], language: str, translate: Translate, embedding: Embedding
) -> Iterator[Waiting | tuple[Telling, ...]]:
    """All tellings anew each time that one more of them is translated; in between, that work goes on.

    Nothing when all are in the language, or `translate` makes nothing.
    """
    began = time.monotonic()
    told = list(tellings)
    for place, telling in enumerate(tellings):
        if telling.role != "quote" or not telling.hits or telling.hits[0].article.language == language:
            continue
        if time.monotonic() - began > TRANSLATING_SECONDS:
            return
        written = ""
        for piece in translate(telling.text, language):
            if isinstance(piece, Written):
                written += piece.text
            yield piece if isinstance(piece, Waiting) else Waiting()
        if not written:
            return
        if translation := standing(written, language, telling.hits[0], embedding):
            told[place] = replace(telling, text=translation, role="translation")
            yield tuple(told)


def standing(written: str, language: str, source: Hit, embedding: Embedding) -> str:
    """The written translation of the source's sentence, "" when it does not say what that says."""
    text = _unquoted(" ".join(sanitise(written).split()), source.text)
    if _END.search(source.text) and not _END.search(text):
        return ""  # cut off
    return "" if disagreement(text, language, source, embedding) else text


def _unquoted(text: str, source: str) -> str:
    """The text without quotation marks around it that the source has not."""
    if len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING and source.strip()[:1] not in _OPENING:
        return text[1:-1].strip()
    return text
