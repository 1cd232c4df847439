"""A query to the sentences that answer it best."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from index import lexicon
from index.articles import Article
from index.errors import UserError
from index.filters import Filters
from index.generations.copies import places_in, words_of
from index.generations.generation import COPIES_NAMED, Generation, StoredPassage
from index.hits import Hit
from index.languages.detection import detect_language
from index.models.embedding import Embedding
from index.passages import Sentence, passage_of
from index.vectors import Vectors

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
NAMELESS_SHARE = 0.4
# What sharing all of the question's terms is worth, in standard deviations of the similarity of two passages.
# Words count within a language; across, only names, numbers and months: they helped Russian questions on Italian
# articles, and at twice this weight hurt the English ones. Twice as much for words gained .006 on Italian
# questions, and cost a tenth of the golden questions over six languages their place among the first five.
WORDS_WORTH, NAMES_WORTH = 1.0, 0.5
# The best sentences get a second look: those in the query's language also by the words of their own. It gained .5
# to 2 points of nDCG@10 in each of eight languages; across languages, names in the sentence itself lost one.
SECOND_LOOK = 40

# Of what stands around a sentence: its own share, that of the sentence before it and that of its passage.
OWN_SHARE, BEFORE_SHARE, PASSAGE_SHARE = 0.15, 0.15, 0.4

# How much of what all texts of a language have in common with the question is taken off.
LANGUAGE_SHARE = 1.0

# A question is a sentence or two. Of more, pasted text, the end is most likely the question: so much of it is read.
QUERY_CHARACTERS = 2_000
# A line of capitals up to this length is a dateline; a longer one may be a headline.
DATELINE = 30
# A sentence embedded again is so similar to its stored vector, whichever runtime and processor embed it.
SAME_WEIGHTS = 0.99

# Words are looked up while the question is embedded and compared: at a million passages that takes 16 ms of 57.
_BESIDE = ThreadPoolExecutor(max_workers=4, thread_name_prefix="words")


def search(
    query: str, generation: Generation, embedding: Embedding, top: int = 20, filters: Filters | None = None
) -> tuple[Hit, ...]:
    """The `top` sentences that answer the query best, best first, each only once.

    Raises UserError when the embedding is another than that which made the generation, or has other weights.
    """
    _require_its_model(generation, embedding)
    query = query[-QUERY_CHARACTERS:]
    filters = filters or Filters()
    language = detect_language(query, default="en")
    words, names = lexicon.words_of(query, language), lexicon.names_of(query)
    looked_up = _BESIDE.submit(_worded, generation, words | names, filters)
    vector, nameless_vector = embedding.embed_queries([query, lexicon.without_names(query, language)])
    numbers = _similar(generation, vector, language, filters)
    frequencies, worded = looked_up.result()
    numbers = list(dict.fromkeys(numbers + worded))
    passages = generation.passages(numbers)
    passage_similarities = np.array([float(one.vector @ vector) for one in passages])
    weights = lexicon.weights(frequencies, generation.manifest.passage_count)
    wanted = [{term: weights[term] for term in terms if term in weights} for terms in (words, names)]
    shared = _shared_terms(passages, language, *wanted)
    bonus = generation.manifest.spread / (1 - RANK_SHARE)
    article_values: dict[str, float] = {}
    for one, value in zip(passages, passage_similarities + bonus * shared, strict=True):
        article_values[one.article.id] = max(float(value), article_values.get(one.article.id, float(value)))
    background = generation.background(vector)

    places = [(row, sentence) for row, one in enumerate(passages) for sentence in one.passage.sentences]
    rows = np.array([row for row, _ in places], dtype=np.intp)
    none = np.empty((0, len(vector)), dtype=vector.dtype)
    sentence_vectors = np.concatenate([none, *(one.sentence_vectors for one in passages)])
    # Without BLAS: it would start threads for so small a product, and take longer.
    similarities = np.einsum("nd,d->n", sentence_vectors, vector)
    nameless = np.einsum("nd,d->n", sentence_vectors, nameless_vector)
    ranks = RANK_SHARE * ((1 - NAMELESS_SHARE) * similarities + NAMELESS_SHARE * nameless)
    ranks += (1 - RANK_SHARE) * np.array([article_values[one.article.id] for one in passages])[rows]
    ranks -= LANGUAGE_SHARE * np.array([background(one.article.language) for one in passages])[rows]
    whole = SENTENCE_SHARE * similarities + (1 - SENTENCE_SHARE) * passage_similarities[rows]
    around = _around(similarities, rows, passage_similarities)
    # Overlapping passages share sentences: the passage that suits the query better comes first.
    order = np.lexsort((-whole, -ranks))
    hits = (
        _hit(passages[row], sentence, float(whole[place]), float(ranks[place]), float(around[place]))
        for place in order.tolist()
        for row, sentence in (places[place],)
    )
    best = _without_copies(hits, max(top, SECOND_LOOK))
    ranked = _reranked(best, language, wanted[0], generation.manifest.spread)[:top]
    return tuple(_as_narrowed(ranked, generation, filters))


def _require_its_model(generation: Generation, embedding: Embedding) -> None:
    """Refuse an embedding that is not the one by which the generation was made."""
    made = generation.manifest
    if (embedding.model_name, embedding.dimension) != (made.embedding, made.dimension):
        raise UserError(
            f"The index {made.name} was made with {made.embedding} ({made.dimension} dimensions) and cannot be asked "
            f"with {embedding.model_name} ({embedding.dimension}). Rebuild with `newsdesk index`."
        )
    if embedding.identity in generation.agreeing:
        return
    [first] = generation.passages([0])
    [sentence, *_] = first.passage.sentences
    again = embedding.embed_texts([first.article.text[sentence.start : sentence.end]])[0]
    if float(again @ first.sentence_vectors[0]) < SAME_WEIGHTS:
        raise UserError(
            f"The index {made.name} was made with other weights of {made.embedding} than those found now. "
            "Rebuild with `newsdesk index`."
        )
    generation.agreeing.add(embedding.identity)


def _around(
    similarities: npt.NDArray[np.float32], rows: npt.NDArray[np.intp], passages: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """How similar each sentence's surroundings are to the query; `rows` tells which passage it is of.

    The first sentence of a passage stands for the one before it.
    """
    before = np.concatenate([similarities[:1], similarities[:-1]])
    is_first = np.concatenate([np.ones(min(len(rows), 1), dtype=bool), rows[1:] != rows[:-1]])
    before = np.where(is_first, similarities, before)
    return OWN_SHARE * similarities + BEFORE_SHARE * before + PASSAGE_SHARE * passages[rows]


def _hit(found: StoredPassage, sentence: Sentence, similarity: float, rank_value: float, around: float) -> Hit:
    return Hit(found.article, found.passage, sentence, similarity, rank_value, found.article.also_in, around)


def _similar(generation: Generation, vector: Vectors, language: str, filters: Filters) -> list[int]:
    """The numbers of the passages most similar to the vector, so many in the language and so many in others."""
    numbers = generation.nearest(vector, NEAREST, filters)
    languages = generation.languages(numbers)
    same = [number for number in numbers if languages[number] == language]
    others = [number for number in numbers if languages[number] != language]
    return same[:SIMILAR_SAME] + others[:SIMILAR_OTHER]


def _worded(generation: Generation, terms: Set[str], filters: Filters) -> tuple[list[tuple[str, int]], list[int]]:
    """How many passages hold each term, and the numbers of those that share the most telling ones."""
    frequencies = generation.frequencies(terms)
    telling = lexicon.telling(frequencies, generation.manifest.passage_count)
    return frequencies, generation.worded(telling, WORDED, filters)


def _reranked(hits: Sequence[Hit], language: str, words: Mapping[str, float], spread: float) -> list[Hit]:
    """The hits, those in the query's language put among themselves in the order that their own words also tell.

    They take each other's places only, so that the words of one language never push another out of sight.
    """
    places = [place for place, hit in enumerate(hits) if hit.article.language == language]
    worth = spread * WORDS_WORTH / (sum(words.values()) or 1.0)
    values = {}
    for place in places:
        own = sum(words[term] for term in lexicon.words_of(hits[place].text, language) & words.keys())
        values[place] = hits[place].rank_value + worth * own
    moved = list(hits)
    for place, chosen in zip(places, sorted(places, key=lambda place: -values[place]), strict=True):
        moved[place] = replace(hits[chosen], rank_value=hits[place].rank_value)
    return moved


def _shared_terms(
    passages: Sequence[StoredPassage], language: str, words: Mapping[str, float], names: Mapping[str, float]
) -> npt.NDArray[np.float64]:
    """What the weighted terms that each passage shares with the query are worth, in standard deviations.

    Of the passages in the query's language it is words, less what is usual among them; of the others, names.
    """
    wanted_words, wanted_names = lexicon.wanted(words), lexicon.wanted(names)
    is_same = np.array([one.article.language == language for one in passages], dtype=bool)
    shares = np.array(
        [
            lexicon.coverage(one.terms, wanted_words if same else wanted_names)
            for one, same in zip(passages, is_same, strict=True)
        ]
    )
    usual = np.median(shares[is_same]) if is_same.any() else 0.0
    return np.where(is_same, WORDS_WORTH * (shares - usual), NAMES_WORTH * shares)


def _without_copies(hits: Iterable[Hit], top: int) -> tuple[Hit, ...]:
    """The first `top` hits, each sentence and each copy of it once, with the other articles that hold it."""
    kept: dict[tuple[str, ...], Hit] = {}
    seen: set[tuple[str, int]] = set()
    for hit in hits:
        place = (hit.article.id, hit.sentence.start)
        if place in seen or _is_dateline(hit.text):
            continue
        seen.add(place)
        own = tuple(words_of(hit.text)) or (hit.text,)
        if first := kept.get(own):
            others = dict.fromkeys((*first.also_in, hit.article.id, *hit.also_in))
            others.pop(first.article.id, None)
            kept[own] = replace(first, also_in=tuple(others)[:COPIES_NAMED])
        elif len(kept) == top:
            break
        else:
            kept[own] = hit
    return tuple(kept.values())


def _as_narrowed(hits: Iterable[Hit], generation: Generation, filters: Filters) -> Iterator[Hit]:
    """The hits; where only a copy of their article is from the sources and folders, as that copy has them.

    What bears another outlet's name is never quoted under that of the one asked for. A sentence that cannot be found in
    the copy is left out.
    """
    articles: dict[str, Article] = {}
    for hit in hits:
        if hit.article.id not in articles:
            articles[hit.article.id] = generation.as_narrowed(hit.article, filters)
        article = articles[hit.article.id]
        if article.id == hit.article.id:
            yield hit
            continue
        spans = [hit.sentence, *hit.passage.sentences]
        own, *around = places_in(article.text, [hit.article.text[one.start : one.end] for one in spans])
        if own:
            found = [Sentence(*place) for place in sorted({own, *filter(None, around)})]
            taken_back = hit.article.text[hit.passage.start : hit.passage.sentences[0].start]
            start = found[0].start - len(taken_back)
            has_it = start >= 0 and article.text.startswith(taken_back, start)
            passage, sentence = passage_of(article, found, start if has_it else None), Sentence(*own)
            yield replace(hit, article=article, passage=passage, sentence=sentence, also_in=article.also_in)


def _is_dateline(text: str) -> bool:
    """Whether the sentence is only where a report comes from: "MOSKAU/BERLIN." says nothing by itself."""
    return len(text) <= DATELINE and text.isupper()
