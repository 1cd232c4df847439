"""Where the files of a rebuild are read and its articles split and embedded: what each such engine gives, and ours."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from index.articles import Article, Skipped
from index.children import ROOT
from index.generations.cache import EmbedBatches, EmbeddingCache
from index.models.embedding import Embedding
from index.passages import CutArticle
from index.reading.readers.kinds import is_archive
from index.reading.workers import Workers
from index.splitting.passages import cut
from index.vectors import Vectors

# Files read together, and articles embedded together: enough texts to fill batches of equal length, few enough to
# keep memory flat.
FILES_AT_ONCE = ARTICLES_AT_ONCE = 64
# And no more than that, so that a few large ones are not in memory together: bytes of files, characters of articles.
MOST_AT_ONCE = 4_000_000

Item = TypeVar("Item")
# Of one file, every article in it and what of it is none.
ReadArticles = list[Article | Skipped]


@dataclass(frozen=True, slots=True)
class EmbeddedArticles:
    """Articles, cut, with the vectors of all their passages and of all their sentences."""

    articles: Sequence[CutArticle]
    passages: Vectors
    sentences: Vectors


class Engine(Protocol):
    """What does the work of a rebuild; everything comes back in the order in which it was given."""

    def read(self, folder: Path, files: Sequence[str]) -> Iterator[list[tuple[str, ReadArticles]]]:
        """What each of the files of `folder` gave, some files at a time."""
        ...

    def embed(
        self, groups: Iterable[Sequence[Article]], embedding: Embedding, cache: EmbeddingCache
    ) -> Iterator[EmbeddedArticles]:
        """The articles of one group after the other; only texts that `cache` does not have are computed, and put there.

        `groups` is iterated in the thread that iterates the result, which holds the connections to the databases.
        """
        ...


class LocalEngine:
    """This machine: files in child processes, one group ahead; embedding in this process."""

    def read(self, folder: Path, files: Sequence[str]) -> Iterator[list[tuple[str, ReadArticles]]]:
        with Workers(folder, len(files)) as workers:
            sizes = ((file, _size(folder / file)) for file in files)
            groups = in_sized_groups(sizes, FILES_AT_ONCE)
            yield from _ahead(list(zip(group, workers.read(group), strict=True)) for group in groups)

    def embed(
        self, groups: Iterable[Sequence[Article]], embedding: Embedding, cache: EmbeddingCache
    ) -> Iterator[EmbeddedArticles]:
        for group in groups:
            articles = [cut(article, embedding.count_tokens) for article in group]
            yield with_vectors(articles, cache, embedding.embed_batches)


def texts_of(articles: Sequence[CutArticle]) -> list[str]:
    """The texts of all passages, then those of all sentences.

    They are embedded in one call, so that short and long ones share well-filled batches.
    """
    passages = [passage.text for one in articles for passage in one.passages]
    return passages + [one.article.text[place.start : place.end] for one in articles for place in one.sentences]


def with_vectors(articles: Sequence[CutArticle], cache: EmbeddingCache, compute: EmbedBatches) -> EmbeddedArticles:
    """The articles with their vectors: those that `cache` does not have are computed, and put there."""
    vectors = cache.embed(texts_of(articles), compute)
    passage_count = sum(len(one.passages) for one in articles)
    return EmbeddedArticles(articles, vectors[:passage_count], vectors[passage_count:])


def code_digest() -> str:
    """Another one for every change of the code that indexes."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "index").rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def in_groups(items: Sequence[Item], count: int) -> Iterator[Sequence[Item]]:
    """So many items at a time, in their order."""
    return (items[first : first + count] for first in range(0, len(items), count))


def in_sized_groups(items: Iterable[tuple[Item, int]], count: int) -> Iterator[list[Item]]:
    """The items in their order, so many at a time, or fewer where their sizes are together over MOST_AT_ONCE."""
    group: list[Item] = []
    room = MOST_AT_ONCE
    for one, size in items:
        if group and (len(group) == count or size > room):
            yield group
            group, room = [], MOST_AT_ONCE
        group.append(one)
        room -= size
    if group:
        yield group


def _size(path: Path) -> int:
    """Of the file; an archive may give far more than it has."""
    try:
        size = path.lstat().st_size
    except OSError:
        return 0
    return MOST_AT_ONCE if is_archive(path.name) else size


def _ahead(groups: Iterable[Item]) -> Iterator[Item]:
    """The same groups, each prepared in a thread while the one before it is worked on."""
    iterator = iter(groups)
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        coming = pool.submit(next, iterator, None)
        while (group := coming.result()) is not None:
            coming = pool.submit(next, iterator, None)
            yield group
    finally:
        pool.shutdown(wait=False)  # after Ctrl-C nobody waits for the group that is being read
