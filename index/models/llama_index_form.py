"""Our embedding in the form that LlamaIndex takes; a file of its own, since that library takes seconds to load."""

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from index.models.embedding import Embedding


class LlamaIndexEmbedding(BaseEmbedding):
    """The embedding wherever LlamaIndex wants one; its vectors are the same."""

    _embedding: Embedding = PrivateAttr()

    def __init__(self, embedding: Embedding) -> None:
        super().__init__(model_name=embedding.model_name)
        self._embedding = embedding

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedding.embed_query(query)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(value) for value in self._embedding.embed_texts([text])[0]]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self._embedding.embed_texts(texts)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)
