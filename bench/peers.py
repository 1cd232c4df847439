"""Other ways to search the same articles, each a function from a question to article ids, best first.

Every one is imported when it is built, so that what is not installed costs only its own column.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.articles import Article
from index.errors import UserError
from index.models.embedding import Embedding
from index.models.llama_index_form import LlamaIndexEmbedding
from index.vectors import Vectors

if TYPE_CHECKING:
    from llama_index.core import StorageContext

Searcher = Callable[[str], list[str]]
# What our own search returns; LlamaIndex's default of 2 could never fill a list of ten articles.
TOP = 20
# Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
RRF_CONSTANT, RRF_DEPTH = 60, 100

_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_STOPWORDS = frozenset("da de en es fr it nl no pt ru sv tr".split())
_collections = count(1)


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage or a sentence of our own index: what bm25s and plain similarity rank."""

    article: str
    text: str


def bm25(units: Sequence[Unit], language: str) -> Callable[[str], npt.NDArray[np.float32]]:
    """From a question to a BM25 value for every unit (bm25s with its defaults, stemmed in the articles' language)."""
    _stay_offline()
    import bm25s
    import Stemmer  # type: ignore[import-not-found]

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


def by_value(values: npt.NDArray[np.float32]) -> list[int]:
    """The rows with a value above zero, highest first."""
    return [int(row) for row in np.argsort(-values, kind="stable") if values[row] > 0]


def fused(*rankings: Sequence[int]) -> list[int]:
    """The rows of all the rankings by reciprocal rank fusion at equal weight."""
    values: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking[:RRF_DEPTH], start=1):
            values[row] = values.get(row, 0.0) + 1 / (RRF_CONSTANT + rank)
    return sorted(values, key=lambda row: -values[row])


def llamaindex_starter(articles: Sequence[Article], embedding: Embedding) -> Searcher:
    """LlamaIndex's starter: SentenceSplitter, an embedding, Chroma, a retriever, all with stock settings.

    The embedding is ours, for its vectors are those of HuggingFaceEmbedding with the same model and prompts.
    """
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    documents = [Document(text=one.text, id_=one.id) for one in articles]
    built = VectorStoreIndex.from_documents(
        documents,
        storage_context=_chroma(),
        embed_model=LlamaIndexEmbedding(embedding),
        transformations=[SentenceSplitter()],
    )
    retriever = built.as_retriever(similarity_top_k=TOP)

    def search(question: str) -> list[str]:
        return list(dict.fromkeys(str(found.node.ref_doc_id) for found in retriever.retrieve(question)))

    return search


def llamaindex_retriever(units: Sequence[Unit], vectors: Vectors, model: str, prompts: dict[str, str]) -> Searcher:
    """The starter over passages already cut and embedded, its questions embedded by HuggingFaceEmbedding.

    `model` is the folder of the model; `prompts` what it puts before a query and before a document.
    """
    _stay_offline()
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    # Its own loading overrides the prompts saved in the model's folder with "".
    stock = HuggingFaceEmbedding(
        model_name=model,
        device="cpu",
        query_instruction=prompts.get("query", ""),
        text_instruction=prompts.get("document", ""),
    )
    nodes = [
        TextNode(id_=str(row), text=unit.text, embedding=vectors[row].tolist(), metadata={"article": unit.article})
        for row, unit in enumerate(units)
    ]
    built = VectorStoreIndex(nodes, storage_context=_chroma(), embed_model=stock)
    retriever = built.as_retriever(similarity_top_k=TOP)
    return lambda question: [str(found.node.metadata["article"]) for found in retriever.retrieve(question)]


def haystack(articles: Sequence[Article], embedding: Embedding) -> Searcher:
    """Haystack's hybrid search in memory: BM25 and embeddings over its own split, joined by reciprocal rank."""
    _stay_offline()
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    splitter = DocumentSplitter()
    whole = [Document(content=one.text, meta={"article": one.id}) for one in articles]
    parts = splitter.run(documents=whole)["documents"]
    vectors = embedding.embed_texts([part.content or "" for part in parts])
    parts = [replace(part, embedding=vector.tolist()) for part, vector in zip(parts, vectors, strict=True)]
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(parts)
    worded = InMemoryBM25Retriever(store, top_k=TOP)
    similar = InMemoryEmbeddingRetriever(store, top_k=TOP)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP)

    def search(question: str) -> list[str]:
        vector = [float(value) for value in embedding.embed_query(question)]
        lists = [worded.run(query=question)["documents"], similar.run(query_embedding=vector)["documents"]]
        joined = joiner.run(documents=lists)["documents"]
        return list(dict.fromkeys(found.meta["article"] for found in joined))

    return search


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


def _chroma() -> "StorageContext":
    """A new, empty collection in memory, as LlamaIndex's guide to Chroma makes it."""
    _stay_offline()
    import chromadb
    from llama_index.core import StorageContext
    from llama_index.vector_stores.chroma import ChromaVectorStore

    # All clients in memory share one store, so every collection needs a name of its own.
    collection = chromadb.EphemeralClient().create_collection(f"peer{next(_collections)}")
    return StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))


def _stay_offline() -> None:
    """Haystack and Chroma report their use to their makers unless told not to."""
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"


def _spaced_out(text: str) -> str:
    """The text with a space around each character of a script that has none."""
    return "".join(f" {c} " if "\u3040" <= c <= "\u9fff" or "\u0e00" <= c <= "\u0eff" else c for c in text)
