"""Other ways to search the same articles, each a function from a question to article ids, best first.

Every one is imported when it is built, so that what is not installed costs only its own column.
"""

import os
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import Stemmer  # type: ignore[import-not-found]

from bench.rankings import Searcher, Unit
from index.articles import Article
from index.errors import UserError
from index.models.embedding import Embedding
from index.vectors import Vectors

_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_STOPWORDS = frozenset("da de en es fr it nl no pt ru sv tr".split())


def bm25(units: Sequence[Unit], language: str) -> Callable[[str], npt.NDArray[np.float32]]:
    """From a question to a BM25 value for every unit (bm25s with its defaults, stemmed in the articles' language)."""
    _stay_offline()
    import bm25s  # what is not installed costs only its own column

    stemmer = Stemmer.Stemmer(_STEMMERS[language]) if language in _STEMMERS else None
    stopwords = language if language in _STOPWORDS else []

    def words(texts: list[str]) -> list[list[str]]:
        # One letter or more: in Chinese every character is a word, set apart by spaces below.
        found: list[list[str]] = bm25s.tokenize(
            texts,
            token_pattern=r"(?u)\b\w+\b",
            stopwords=stopwords,
            stemmer=stemmer,
            return_ids=False,
            show_progress=False,
        )
        return found

    model = bm25s.BM25()
    model.index(words([_spaced_out(unit.text) for unit in units]), show_progress=False)

    def values(question: str) -> npt.NDArray[np.float32]:
        known = [word for word in words([_spaced_out(question)])[0] if word in model.vocab_dict]
        if not known:
            return np.zeros(len(units), dtype=np.float32)
        return np.asarray(model.get_scores(known), dtype=np.float32)

    return values


def llamaindex_starter(articles: Sequence[Article], embedding: Embedding) -> Searcher:
    """LlamaIndex's starter over the articles."""
    _stay_offline()
    from bench.with_llamaindex import starter  # as above

    return starter(articles, embedding)


def llamaindex_retriever(units: Sequence[Unit], vectors: Vectors, model: str, prompts: dict[str, str]) -> Searcher:
    """The same over passages already cut and embedded."""
    _stay_offline()
    from bench.with_llamaindex import retriever_over  # as above

    return retriever_over(units, vectors, model, prompts)


def haystack(articles: Sequence[Article], embedding: Embedding) -> Searcher:
    """Haystack's hybrid search over the articles."""
    _stay_offline()
    from bench.with_haystack import hybrid  # as above

    return hybrid(articles, embedding)


PEERS: dict[str, Callable[[Sequence[Article], Embedding], Searcher]] = {
    "LlamaIndex starter": llamaindex_starter,
    "Haystack": haystack,
}


def built(peer: str, articles: Sequence[Article], embedding: Embedding) -> Searcher:
    """The peer, ready to be asked; raises UserError with the reason when it does not run here."""
    try:
        return PEERS[peer](articles, embedding)
    except (ImportError, OSError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        raise UserError(f"{peer} did not run ({type(error).__name__}: {error}).") from error


def _stay_offline() -> None:
    """Haystack and Chroma report their use to their makers unless told not to."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"


def _spaced_out(text: str) -> str:
    """The text with a space around each character of a script that has none."""
    return "".join(f" {c} " if "\u3040" <= c <= "\u9fff" or "\u0e00" <= c <= "\u0eff" else c for c in text)
