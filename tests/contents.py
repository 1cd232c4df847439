"""What a generation holds, without the numbers that it has for it: the same for two that are the same index."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from index.filters import Filters
from index.generations.generation import Generation
from index.models.embedding import Embedding
from index.search import search
from index.stores.chroma import ChromaVectors
from index.stores.retry import READING
from index.stores.sqlite_text import SqliteText
from index.stores.vectors import PassageVectors


def _stored(store: PassageVectors) -> dict[int, tuple[dict[str, Any], Sequence[float]]]:
    """The metadata and the vector of each passage, by its number."""
    if isinstance(store, ChromaVectors):
        kept: Any = store._collection.get(include=["metadatas", "embeddings"])
        rows = zip(kept["ids"], kept["metadatas"], kept["embeddings"], strict=True)
        return {int(number): (metadata, vector) for number, metadata, vector in rows}
    from psycopg import sql

    from index.stores.postgres import METADATA, PostgresVectors

    assert isinstance(store, PostgresVectors)
    columns = sql.SQL(", ").join(map(sql.Identifier, METADATA))
    everything = sql.SQL("SELECT number, vector, {} FROM {}").format(columns, store._home.table)
    found = store._home.run(lambda connection: connection.execute(everything).fetchall(), READING)
    return {row[0]: (dict(zip(METADATA, row[2:], strict=True)), row[1].to_list()) for row in found}


def _full_text(generation: Generation) -> dict[str, list[int]]:
    """The numbers of the passages that hold each term, as the full text has them."""
    text = sqlite3.connect(generation.path / "text.sqlite3")
    if isinstance(generation.full_text, SqliteText):
        held = "SELECT rowid FROM lexicon WHERE lexicon MATCH ?"
        terms = [term for (term,) in text.execute("SELECT term FROM frequencies")]
        return {term: [number for (number,) in text.execute(held, (f'"{term}"',))] for term in terms}
    from psycopg import sql

    from index.stores.postgres import PostgresVectors

    store = generation.vectors
    assert isinstance(store, PostgresVectors)
    every = sql.SQL("SELECT term FROM {}").format(store._home.counts)
    rows = store._home.run(lambda connection: connection.execute(every).fetchall(), READING)
    count = generation.manifest.passage_count
    return {term: generation.full_text.worded({term: 1}, count, Filters()) for (term,) in rows}


def contents(generation: Generation, embedding: Embedding, questions: Sequence[str]) -> dict[str, object]:
    """Everything that a search may come upon, and what some searches find."""
    text = sqlite3.connect(generation.path / "text.sqlite3")
    numbers = [number for (number,) in text.execute("SELECT number FROM passages ORDER BY number")]
    assert numbers == list(range(generation.manifest.passage_count))
    passages = dict(zip(numbers, generation.passages(numbers), strict=True))
    full_text = _full_text(generation)
    manifest = generation.manifest
    stored = _stored(generation.vectors)
    articles = dict(text.execute("SELECT number, id FROM articles").fetchall())
    held: dict[str, object] = {}
    if isinstance(generation.full_text, SqliteText):
        held["lengths"] = text.execute("SELECT count(*), sum(length(sz)) FROM lexicon_docsize").fetchall()
        held["common terms"] = sorted(text.execute("SELECT * FROM common_terms"))
    return held | {
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
            term: sorted(passages[number].passage.id for number in numbers) for term, numbers in full_text.items()
        },
        "frequencies": generation.frequencies(full_text),
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
