"""Haystack over the same articles, as its guides set it up."""

from collections.abc import Sequence
from dataclasses import replace

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from bench.rankings import TOP, Searcher
from index.articles import Article
from index.models.embedding import Embedding


def hybrid(articles: Sequence[Article], embedding: Embedding) -> Searcher:
    """Haystack's hybrid search in memory: BM25 and embeddings over its own split, joined by reciprocal rank."""
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
