"""What a generation holds, without the numbers that it has for it: the same for two that are the same index."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from index.chroma import ChromaVectors
from index.embedding import Embedding
from index.generations import Generation
from index.patience import READING
from index.search import search
from index.vectors import PassageVectors


def _stored(store: PassageVectors) -> dict[int, tuple[dict[str, Any], Sequence[float]]]:
    """The metadata and the vector of each passage, by its number."""
    if isinstance(store, ChromaVectors):
        kept: Any = store._collection.get(include=["metadatas", "embeddings"])
        rows = zip(kept["ids"], kept["metadatas"], kept["embeddings"], strict=True)
        return {int(number): (metadata, vector) for number, metadata, vector in rows}
    from psycopg import sql

    from index.postgres import METADATA, PostgresVectors

    assert isinstance(store, PostgresVectors)
    everything = sql.SQL("SELECT * FROM {}").format(store._home.table)
    found = store._home.run(lambda connection: connection.execute(everything).fetchall(), READING)
    return {row[0]: (dict(zip(METADATA, row[2:], strict=True)), row[1].to_list()) for row in found}


def contents(generation: Generation, embedding: Embedding, questions: Sequence[str]) -> dict[str, object]:
    """Everything that a search may come upon, and what some searches find."""
    text = sqlite3.connect(generation.path / "text.sqlite3")
    numbers = [number for (number,) in text.execute("SELECT number FROM passages ORDER BY number")]
    assert numbers == list(range(generation.manifest.passage_count))
    passages = dict(zip(numbers, generation.passages(numbers), strict=True))
    terms = [term for (term,) in text.execute("SELECT term FROM frequencies")]
    manifest = generation.manifest
    stored = _stored(generation.vectors)
    articles = dict(text.execute("SELECT number, id FROM articles").fetchall())
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
            (passages[number].passage.id, sorted((metadata | {"article": articles[metadata["article"]]}).items()))
            for number, (metadata, _) in stored.items()
        ),
        "vectors": {
            passages[number].passage.id: [round(float(value), 3) for value in vector]
            for number, (_, vector) in stored.items()
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
