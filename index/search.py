"""A query to the sentences that answer it best."""

from dataclasses import dataclass

from llama_index.core.vector_stores.types import VectorStoreQuery

from index.articles import Article
from index.embedding import Embedding
from index.generations import Generation
from index.passages import Passage, Sentence
from index.vectors import Filters

# Passages looked at sentence by sentence.
PASSAGES = 50
# A sentence's share in its score; the rest is its passage's.
SENTENCE_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Hit:
    """One sentence of one passage; `similarity` is higher for better, at most 1."""

    article: Article
    passage: Passage
    sentence: Sentence
    similarity: float

    @property
    def text(self) -> str:
        """The sentence, byte for byte as stored."""
        return self.article.text[self.sentence.start : self.sentence.end]


def search(
    query: str, generation: Generation, embedding: Embedding, top: int = 20, filters: Filters | None = None
) -> tuple[Hit, ...]:
    """The `top` sentences most similar to the query, best first, none twice."""
    vector = embedding.embed_query(query)
    found = generation.vectors.query(
        VectorStoreQuery(
            query_embedding=vector.tolist(),
            similarity_top_k=PASSAGES,
            filters=(filters or Filters()).as_metadata_filters(),
        )
    )
    best: dict[tuple[str, int], Hit] = {}
    similarities = dict(zip(found.ids or (), found.similarities or (), strict=True))
    for passage, article, sentence_vectors in generation.passages(list(similarities)):
        scores = SENTENCE_SHARE * (sentence_vectors @ vector) + (1 - SENTENCE_SHARE) * similarities[passage.id]
        for sentence, score in zip(passage.sentences, scores, strict=True):
            key = (article.id, sentence.start)
            # Overlapping passages share sentences; the passage that suits the query better counts.
            if key not in best or best[key].similarity < score:
                best[key] = Hit(article, passage, sentence, float(score))
    return tuple(sorted(best.values(), key=lambda hit: -hit.similarity)[:top])
