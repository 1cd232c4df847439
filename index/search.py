"""A query to the sentences that answer it best."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from llama_index.core.vector_stores.types import VectorStoreQuery

from index import lexicon
from index.articles import Article
from index.embedding import Embedding
from index.generations import Generation
from index.language import detect_language
from index.passages import Passage, Sentence
from index.vectors import Filters

# Passages looked at sentence by sentence: the most similar ones in the question's language and in all others
# (embeddings put texts of one language too close together), and those that share the most telling terms.
SIMILAR_SAME, SIMILAR_OTHER, WORDED = 40, 40, 20
# As many passages are asked of the vector store, in whichever languages.
NEAREST = 200
# Similarity counts a sentence and its passage in this proportion: what the answerers' thresholds are set on.
SENTENCE_SHARE = 0.7

# What follows was chosen on the developers' rows of news-when-it and wiki-it, once for both embeddings.
# A sentence's share in its rank. The rest is its article's best passage, which tells who and where it is about.
RANK_SHARE = 0.6
# That article has named who acts; the sentence itself often does not ("Lo stesso giorno ha annunciato …"). So
# this share of the sentence's similarity is to the question without its names.
NAMELESS_SHARE = 0.3
# What sharing all of the question's terms is worth, in standard deviations of the similarity of two passages.
# Words count within a language; across, only names, numbers and months: they helped Russian questions on Italian
# articles, and at twice this weight hurt the English ones. Twice as much for words gained .006 on Italian
# questions, and cost a tenth of the golden questions over six languages their place among the first five.
WORDS_WORTH, NAMES_WORTH = 1.0, 0.5

# How much of what all texts of a language have in common with the question is taken off.
LANGUAGE_SHARE = 1.0

# A question is a sentence or two. Of more, pasted text, the end is most likely the question: so much of it is read.
QUERY_CHARACTERS = 2_000
# Sentences of different articles that share this much of their words are one report, copied.
COPY = 0.85


@dataclass(frozen=True, slots=True)
class Hit:
    """One sentence of one passage; `similarity`, of both to the query, is higher for better, at most 1.

    `rank_value` orders hits: it also counts shared terms. `also_in` are other articles that copied the sentence.
    """

    article: Article
    passage: Passage
    sentence: Sentence
    similarity: float
    rank_value: float = 0.0
    also_in: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The sentence, byte for byte as stored."""
        return self.article.text[self.sentence.start : self.sentence.end]


def search(
    query: str, generation: Generation, embedding: Embedding, top: int = 20, filters: Filters | None = None
) -> tuple[Hit, ...]:
    """The `top` sentences that answer the query best, best first, none twice."""
    query = query[-QUERY_CHARACTERS:]
    filters = filters or Filters()
    language = detect_language(query, default="en")
    nameless = lexicon.without_names(query, language)
    vector, nameless_vector = embedding.embed_queries([query, nameless])
    words, names = lexicon.words_of(query, language), lexicon.names_of(query)
    frequencies = generation.frequencies(words | names)
    numbers = _similar(generation, vector.tolist(), language, filters)
    telling = lexicon.telling(frequencies, generation.manifest.passage_count)
    numbers = list(dict.fromkeys(numbers + generation.worded(telling, WORDED, filters)))
    weights = lexicon.weights(frequencies, generation.manifest.passage_count)
    wanted_words, wanted_names = (
        {zlib.crc32(term.encode()): weights[term] for term in terms if term in weights} for terms in (words, names)
    )

    passages = generation.passages(numbers)
    bonus = generation.manifest.spread / (1 - RANK_SHARE)
    background = generation.background(vector)
    is_same = [one.article.language == language for one in passages]
    word_shares = [
        lexicon.coverage(one.terms, wanted_words) if same else 0.0 for one, same in zip(passages, is_same, strict=True)
    ]
    usual = float(np.median([share for share, same in zip(word_shares, is_same, strict=True) if same] or [0.0]))
    values = []
    for one, same, word_share in zip(passages, is_same, word_shares, strict=True):
        shared = NAMES_WORTH * lexicon.coverage(one.terms, wanted_names)
        if same:
            shared = WORDS_WORTH * (word_share - usual)
        values.append(float(one.vector @ vector) + bonus * shared)
    article_values: dict[str, float] = {}
    for one, value in zip(passages, values, strict=True):
        article_values[one.article.id] = max(value, article_values.get(one.article.id, value))

    best: dict[tuple[str, int], Hit] = {}
    for one in passages:
        similarities = one.sentence_vectors @ vector
        asked = (1 - NAMELESS_SHARE) * similarities + NAMELESS_SHARE * (one.sentence_vectors @ nameless_vector)
        ranks = RANK_SHARE * asked + (1 - RANK_SHARE) * article_values[one.article.id]
        ranks = ranks - LANGUAGE_SHARE * background(one.article.language)
        whole = SENTENCE_SHARE * similarities + (1 - SENTENCE_SHARE) * float(one.vector @ vector)
        for sentence, similarity, rank in zip(one.passage.sentences, whole, ranks, strict=True):
            key = (one.article.id, sentence.start)
            # Overlapping passages share sentences; the passage that suits the query better counts.
            if key not in best or best[key].similarity < similarity:
                best[key] = Hit(one.article, one.passage, sentence, float(similarity), float(rank))
    return _without_copies(sorted(best.values(), key=lambda hit: -hit.rank_value), top)


def _similar(generation: Generation, vector: Sequence[float], language: str, filters: Filters) -> list[int]:
    """The numbers of the passages most similar to the vector, so many in the language and so many in others."""
    folders = generation.folders() if filters.folder else []
    found = generation.vectors.query(
        VectorStoreQuery(
            query_embedding=list(vector), similarity_top_k=NEAREST, filters=filters.as_metadata_filters(folders)
        )
    )
    numbers = [int(number) for number in found.ids or ()]
    languages = generation.languages(numbers)
    same = [number for number in numbers if languages[number] == language]
    others = [number for number in numbers if languages[number] != language]
    return same[:SIMILAR_SAME] + others[:SIMILAR_OTHER]


def _without_copies(hits: Sequence[Hit], top: int) -> tuple[Hit, ...]:
    """The first `top` hits, each copied sentence once, with the other articles that hold it."""
    kept: list[Hit] = []
    words: list[frozenset[str]] = []
    for hit in hits:
        own = frozenset(re.findall(r"\w+", hit.text.casefold()))
        copied = next((row for row, other in enumerate(words) if _is_copy(own, other)), None)
        if copied is None:
            if len(kept) == top:
                break
            kept.append(hit)
            words.append(own)
        elif hit.article.id != kept[copied].article.id and hit.article.id not in kept[copied].also_in:
            kept[copied] = replace(kept[copied], also_in=(*kept[copied].also_in, hit.article.id))
    return tuple(kept)


def _is_copy(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences have nearly the same words, and every number of the one is in the other."""
    if len(one & other) < COPY * len(one | other):
        return False
    return not any(word[0].isdigit() for word in one ^ other)
