"""What a generation holds, without the numbers that it has for it: the same for two that are the same index."""

import sqlite3
from collections.abc import Sequence

from index.embedding import Embedding
from index.generations import Generation
from index.search import search


def contents(generation: Generation, embedding: Embedding, questions: Sequence[str]) -> dict[str, object]:
    """Everything that a search may come upon, and what some searches find."""
    text = sqlite3.connect(generation.path / "text.sqlite3")
    numbers = [number for (number,) in text.execute("SELECT number FROM passages ORDER BY number")]
    assert numbers == list(range(generation.manifest.passage_count))
    passages = dict(zip(numbers, generation.passages(numbers), strict=True))
    terms = [term for (term,) in text.execute("SELECT term FROM frequencies")]
    manifest = generation.manifest
    stored = generation.vectors._collection.get(include=["metadatas", "embeddings"])
    articles = dict(text.execute("SELECT number, id FROM articles").fetchall())
    held = zip(stored["ids"], stored["metadatas"] or (), strict=True)
    held_vectors = stored["embeddings"]
    assert held_vectors is not None
    return {
        "counts": (manifest.article_count, manifest.passage_count, manifest.sentence_count, manifest.found_count),
        "articles": {one.id: generation.article(one.id) for one in generation.articles()},
        "files": sorted((file.path, file.digest) for file in generation.files),
        "duplicates": sorted((one.path, one.copy_of) for one in manifest.duplicates),
        "skipped": sorted((one.path, one.reason) for one in manifest.skipped),
        "passages": sorted(
            (
                one.passage.id,
                *map(str, one.passage.sentences),
                one.terms.tobytes(),
                one.vector.tobytes(),
                one.sentence_vectors.tobytes(),
            )
            for one in passages.values()
        ),
        "full text": {
            term: sorted(
                passages[number].passage.id
                for (number,) in text.execute("SELECT rowid FROM lexicon WHERE lexicon MATCH ?", (f'"{term}"',))
            )
            for term in terms
        },
        "frequencies": sorted(text.execute("SELECT term, doc FROM frequencies")),
        "lengths": text.execute("SELECT count(*), sum(length(sz)) FROM lexicon_docsize").fetchall(),
        "common terms": sorted(text.execute("SELECT * FROM common_terms")),
        "metadata": sorted(
            (passages[int(number)].passage.id, sorted((metadata | {"article": articles[metadata["article"]]}).items()))
            for number, metadata in held
        ),
        "vectors": {
            passages[int(number)].passage.id: [round(float(value), 3) for value in vector]
            for number, vector in zip(stored["ids"], held_vectors, strict=True)
        },
        # All hits, without their order: that counts how far passages lie apart, told from pairs drawn by number.
        "found": [
            sorted(
                (round(hit.similarity, 3), hit.passage.id, hit.sentence.start, sorted(hit.also_in))
                for hit in search(question, generation, embedding, top=1000)
            )
            for question in questions
        ],
    }
