"""LlamaIndex over the same articles, as its guides set it up."""

from collections.abc import Sequence
from itertools import count

import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

from bench.rankings import TOP, Searcher, Unit
from index.articles import Article
from index.models.embedding import Embedding
from index.models.llama_index_form import LlamaIndexEmbedding
from index.vectors import Vectors

_collections = count(1)


def starter(articles: Sequence[Article], embedding: Embedding) -> Searcher:
    """LlamaIndex's starter: SentenceSplitter, an embedding, Chroma, a retriever, all with stock settings.

    The embedding is ours, for its vectors are those of HuggingFaceEmbedding with the same model and prompts.
    """
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


def retriever_over(units: Sequence[Unit], vectors: Vectors, model: str, prompts: dict[str, str]) -> Searcher:
    """The starter over passages already cut and embedded, its questions embedded by HuggingFaceEmbedding.

    `model` is the folder of the model; `prompts` what it puts before a query and before a document.
    """
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


def _chroma() -> StorageContext:
    """A new, empty collection in memory, as LlamaIndex's guide to Chroma makes it."""
    # All clients in memory share one store, so every collection needs a name of its own.
    collection = chromadb.EphemeralClient().create_collection(f"peer{next(_collections)}")
    return StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
