"""What an index of many passages costs, as one Markdown table: `python -m bench.scale --passages 10000,100000`.

Articles are invented: sentences of corpus/ with other names, numbers and rare words in them (the more passages,
the more different ones, as Zipf's law has it), and vectors that lie around stories around topics, spread like
the light profile's vectors of corpus/. The project's own code writes, publishes, opens and searches the index.
No model runs: vectors are given, so no time here holds an embedding, of an article or of a question.
"""

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.articles import Article
from index.engines.local import ARTICLES_AT_ONCE
from index.generations.generation import Generation
from index.generations.pointer import current_name, open_current
from index.generations.writing import GenerationWriter
from index.models.embedding import Embedding
from index.passages import CutArticle, Sentence
from index.reading.files import list_files
from index.reading.units import read_file
from index.search import search
from index.splitting.passages import split_passages
from index.splitting.sentences import split_sentences
from index.stores.vectors import ALIKE, ROWS_AT_ONCE
from index.vectors import Vectors

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
QUESTIONS = 200
FOUND = 50  # passages that the store is asked for when its time and recall are measured
TOPICS = 200
ARTICLES_A_STORY = 6
STORY_NAMES = 8
DIFFERENT_NAMES = 1_000_000  # at most; a small index meets few of them
DIFFERENT_WORDS = 100_000  # in each language
PASSAGES_AN_ARTICLE = 3.58  # as the articles come out
CHARACTERS_A_TOKEN = 4.3
BATCH = 1_000  # articles after which progress is printed

# Variance of the parts of a passage's vector, together 1. MEAN is the part that all vectors of e5 share.
MEAN, TOPIC, STORY, ARTICLE, PASSAGE = 0.78, 0.015, 0.05, 0.035, 0.12
SENTENCE = 0.23  # what a sentence adds to its passage; their cosine is then 0.90
# A question keeps this share of what sets its passage apart; what it adds lies along the directions in which
# passages differ, or anywhere.
QUESTION_SHARE, QUESTION_ALONG, QUESTION_ANYWHERE = 0.4, 0.07, 0.20


@dataclass(frozen=True, slots=True)
class WriteRun:
    """What the build took, the inventing left out; seconds are those of a wall clock unless named otherwise."""

    passages: int
    sentences: int
    articles: int
    text_seconds: float  # articles, full text and vector files
    publish_seconds: float  # the vector store as well
    processor_seconds: float
    peak: int  # bytes of memory


@dataclass(frozen=True, slots=True)
class Read:
    """What opening and asking took."""

    open_seconds: float
    first_seconds: float
    p50: float  # seconds of a question after the first
    p95: float
    processor_seconds: float  # of a question, on average
    chroma_p50: float  # seconds of the vector store alone, for the same questions
    resident: int  # bytes of memory after all questions
    private: int  # of these, not pages of files
    recall_10: float
    recall_50: float


def main() -> None:
    """Print the table, a row for every number of passages."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", default="10000,100000")
    parser.add_argument("--dimension", type=int, default=384)
    parser.add_argument("--scratch", type=Path, help="where the indexes are written, and removed again")
    asked = parser.parse_args()
    rows = []
    for size in asked.passages.split(","):
        with tempfile.TemporaryDirectory(dir=asked.scratch, prefix="newsdesk-scale-") as scratch:
            written = WriteRun(**_in_child("write", size, str(asked.dimension), scratch))
            disk = _disk(Path(scratch) / "index" / "generations" / current_name(Path(scratch) / "index"))
            rows.append((written, disk, Read(**_in_child("read", size, str(asked.dimension), scratch))))
        print(json.dumps([asdict(written), disk, asdict(rows[-1][2])]), file=sys.stderr, flush=True)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"Measured on {date.today()}, {machine}, with `python -m bench.scale --passages {asked.passages}`.\n")
    print(table(rows))


def _in_child(*arguments: str) -> dict[str, Any]:
    """What `write` or `read` gave in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.scale", *arguments]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    fields: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return fields


# --- inventing ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence of corpus/ with %s where a name, a number or a rare word was, and which of them ("n", "9", "w")."""

    text: str
    slots: str


@dataclass(frozen=True, slots=True)
class Invented:
    """An article, cut, with the vectors of its passages and of its sentences."""

    cut: CutArticle
    passage_vectors: Vectors
    sentence_vectors: Vectors


class Inventor:
    """Articles without end, the same ones for the same seed; `article_count` decides how many stories there are."""

    def __init__(self, article_count: int, dimension: int, seed: int = 1) -> None:
        self.random = np.random.default_rng(seed)
        self.dimension = dimension
        # So fast does the variance fall from one principal direction to the next in e5's vectors; then the store also
        # finds as many of the nearest as with e5's: recall@10 .995 and .995, @50 .986 and .989, of 12,861.
        steps = np.arange(dimension)
        spectrum = (steps + 1) ** -0.7 * np.exp(-steps * 384 / dimension / 100)
        self.spread = np.sqrt(spectrum / spectrum.sum()).astype(np.float32)
        self.mean = self._anywhere(1)[0] * np.float32(MEAN**0.5)
        topics = self._along(TOPICS) * np.float32(TOPIC**0.5)
        story_count = max(1, article_count // ARTICLES_A_STORY)
        topic = np.minimum(self.random.geometric(5 / TOPICS, story_count), TOPICS) - 1  # some are far larger
        self.stories = topics[topic] + self._along(story_count) * np.float32(STORY**0.5)
        self.story_names = _rank(self.random, DIFFERENT_NAMES, (story_count, STORY_NAMES))
        self.patterns, self.words = _read_patterns()
        self.languages = sorted(self.patterns)

    def article(self, number: int) -> Invented:
        """The next article, as its `number`-th."""
        story = int(self.random.integers(len(self.stories)))
        language = self.languages[int(self.random.integers(len(self.languages)))]
        text, sentences = self._text(language, self.story_names[story])
        day = date(2000, 1, 1) + timedelta(days=int(self.random.integers(9000)))
        article = Article(
            id=f"{language}/{day.year}/{number:07d}.md",
            title=text[: sentences[0].end][:80],
            text=text,
            published=day.isoformat(),
            language=language,
            source=f"Source {int(_rank(self.random, 200, 1)[0])}",
        )
        passages = split_passages(article, sentences, lambda part: round(len(part) / CHARACTERS_A_TOKEN))
        centre = self.mean + self.stories[story] + self._along(1) * np.float32(ARTICLE**0.5)
        vectors = _unit(centre + self._along(len(passages)) * np.float32(PASSAGE**0.5))
        row_of = {one.start: row for row, passage in enumerate(passages) for one in passage.sentences}
        rows = [row_of[one.start] for one in sentences]
        own = (self._along(len(rows)) + self._anywhere(len(rows))) * np.float32((SENTENCE / 2) ** 0.5)
        return Invented(CutArticle(article, sentences, passages), vectors, _unit(vectors[rows] + own))

    def question(self, one: Invented) -> tuple[str, Vectors]:
        """Some words of one passage's sentence, and a vector as near to the passage's as a real question's."""
        row = int(self.random.integers(len(one.cut.passages)))
        passage = one.cut.passages[row]
        sentence = passage.sentences[int(self.random.integers(len(passage.sentences)))]
        words = re.findall(r"\w+", one.cut.article.text[sentence.start : sentence.end])
        kept = sorted(self.random.permutation(len(words))[:8])
        added = self._along(1)[0] * np.float32(QUESTION_ALONG**0.5)
        added += self._anywhere(1)[0] * np.float32(QUESTION_ANYWHERE**0.5)
        vector = self.mean + np.float32(QUESTION_SHARE) * (one.passage_vectors[row] - self.mean) + added
        return " ".join(words[at] for at in kept) + "?", _unit(vector[None])[0]

    def _text(self, language: str, story_names: Sequence[int]) -> tuple[str, tuple[Sentence, ...]]:
        patterns, words = self.patterns[language], self.words[language]
        text = ""
        sentences = []
        for _ in range(int(self.random.integers(6, 21))):
            # Two of the short sentences of corpus/ in one are as long as those of newspapers.
            chosen = self.random.integers(len(patterns), size=1 + int(self.random.integers(2)))
            parts = [self._filled(patterns[at], words, story_names) for at in chosen]
            sentence = "; ".join([*(part.rstrip(".") for part in parts[:-1]), parts[-1]])
            if text:
                text += " " if self.random.random() < 0.6 else "\n\n"
            sentences.append(Sentence(len(text), len(text) + len(sentence)))
            text += sentence
        return text, tuple(sentences)

    def _filled(self, pattern: Pattern, words: "Words", story_names: Sequence[int]) -> str:
        values = []
        for slot, chance in zip(pattern.slots, self.random.random(len(pattern.slots)), strict=True):
            if slot == "9":
                values.append(str(int(10_000**chance)))
            elif slot == "w":
                values.append(words.word(int(DIFFERENT_WORDS**chance)))
            elif chance < 0.6:
                values.append(words.name(int(story_names[int(chance / 0.6 * STORY_NAMES)])))
            else:
                values.append(words.name(int(DIFFERENT_NAMES ** ((chance - 0.6) / 0.4))))
        return pattern.text % tuple(values)

    def _along(self, count: int) -> Vectors:
        """Vectors of length about 1, spread over the directions as e5's are."""
        vectors: Vectors = self.random.standard_normal((count, self.dimension), dtype=np.float32) * self.spread
        return vectors

    def _anywhere(self, count: int) -> Vectors:
        """Vectors of length about 1, spread over all directions alike."""
        even = np.float32(self.dimension**-0.5)
        vectors: Vectors = self.random.standard_normal((count, self.dimension), dtype=np.float32) * even
        return vectors


class Words:
    """A language's names and rare words by their rank: those of corpus/, then ones put together from their halves."""

    def __init__(self, names: Sequence[str], words: Sequence[str]) -> None:
        self._names, self._words = names, words

    def name(self, rank: int) -> str:
        return _coined(self._names, rank)

    def word(self, rank: int) -> str:
        return _coined(self._words, rank)


def _coined(known: Sequence[str], rank: int) -> str:
    if rank <= len(known):
        return known[rank - 1]
    rest, first = divmod(rank - len(known), len(known))
    rest, second = divmod(rest, len(known))
    head, tail = known[first], known[second]
    middle = known[rest % len(known)][1:3] if rest else ""
    return head[: (len(head) + 1) // 2] + middle + tail[len(tail) // 2 :]


def _rank(random: np.random.Generator, ranks: int, shape: int | tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Ranks from 1, each as likely as its inverse: Zipf's law."""
    return (ranks ** random.random(shape)).astype(np.int64)


def _read_patterns() -> tuple[dict[str, list[Pattern]], dict[str, Words]]:
    """The sentences of corpus/ with their slots, and the words that go into these, by language."""
    texts: dict[str, list[str]] = {}
    for path in list_files(CORPUS):
        [article] = read_file(CORPUS, path)
        assert isinstance(article, Article)
        cuts = split_sentences(article.text, article.language)
        texts.setdefault(article.language, []).extend(article.text[one.start : one.end] for one in cuts)
    patterns, words = {}, {}
    for language, sentences in texts.items():
        counts = Counter(word for sentence in sentences for word in re.findall(r"\w+", sentence))
        names: Counter[str] = Counter()
        rare: Counter[str] = Counter()
        patterns[language] = [_pattern(sentence, counts, names, rare) for sentence in sentences]
        words[language] = Words([name for name, _ in names.most_common()], [word for word, _ in rare.most_common()])
    return patterns, words


def _pattern(sentence: str, counts: Counter[str], names: Counter[str], rare: Counter[str]) -> Pattern:
    """The sentence's pattern; what was cut out is added to `names` and `rare`."""
    slots = ""

    def cut(match: re.Match[str]) -> str:
        nonlocal slots
        word = match[0]
        if word.isdigit():
            slots += "9"
        elif match.start() and word[0].isupper() and len(word) > 3:
            names[word] += 1
            slots += "n"
        elif word.islower() and len(word) > 5 and counts[word] < 3:
            rare[word] += 1
            slots += "w"
        else:
            return word
        return "%s"

    text = re.sub(r"\w+", cut, sentence.replace("%", "%%"))
    return Pattern(text, slots)


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


# --- writing -----------------------------------------------------------------------------------------------------


def write(size: int, dimension: int, scratch: Path, embedding: Embedding | None = None) -> WriteRun:
    """Write and publish a generation of at least `size` passages, as if by that embedding; questions lie beside it.

    Its own is the vector of the first sentence, by which a search sees whose index it is.
    """
    inventor = Inventor(round(size / PASSAGES_AN_ARTICLE), dimension)
    writer = GenerationWriter(scratch / "index", dimension)
    writer.keep(())
    clock = _Clock()
    questions: list[tuple[str, list[float]]] = []
    article_count = 0
    while writer.passage_count < size:
        group = [inventor.article(article_count + number) for number in range(ARTICLES_AT_ONCE)]
        while len(questions) < QUESTIONS * (writer.passage_count + 1) / size:
            text, vector = inventor.question(group[len(questions) % len(group)])
            questions.append((text, vector.tolist()))
        passage_vectors = np.concatenate([one.passage_vectors for one in group])
        sentence_vectors = np.concatenate([one.sentence_vectors for one in group])
        if embedding and not article_count:
            first, sentence = group[0].cut.article, group[0].cut.sentences[0]
            sentence_vectors[0] = embedding.embed_texts([first.text[sentence.start : sentence.end]])[0]
        with clock.running("text"):
            for one in group:
                writer.enter(one.cut.article.id, [one.cut.article])
            numbered = list(enumerate((one.cut for one in group), start=article_count))
            writer.add(numbered, passage_vectors, sentence_vectors)
        article_count += len(group)
        if article_count % BATCH < len(group):
            print(f"{writer.passage_count:,} passages, seconds: {clock.seconds}", file=sys.stderr, flush=True)
    counts = (writer.passage_count, writer.sentence_count, article_count)
    with clock.running("publish"):
        writer.finish(scratch, embedding.model_name if embedding else "invented")
        writer.publish()
    (scratch / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds = clock.seconds
    return WriteRun(*counts, seconds["text"], seconds["publish"], clock.processor, peak)


class _Clock:
    """Adds up wall-clock seconds by name, and processor seconds of the whole process."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor = 0.0

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        began, processor = time.perf_counter(), time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began
        self.processor += time.process_time() - processor


# --- reading -----------------------------------------------------------------------------------------------------


class GivenVectors(Embedding):
    """The questions' vectors, known beforehand; the search asks again without names, which gets the same.

    Every text has the vector of the generation's first sentence, which the search compares before its first question.
    """

    def __init__(self, vectors: dict[str, Vectors], generation: Generation) -> None:
        self.model_name = self.backend = self.identity = "invented"
        self.dimension = generation.manifest.dimension
        self._vectors = vectors
        self._first = generation.passages([0])[0].sentence_vectors[0]

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._first for _ in texts])

    def embed_query(self, query: str) -> Vectors:
        if query in self._vectors:
            self._last = self._vectors[query]
        return self._last

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(query) for query in queries])


def read(size: int, dimension: int, scratch: Path) -> Read:
    """Open the generation in `scratch` and ask its questions."""
    questions: list[tuple[str, list[float]]] = json.loads((scratch / "questions.json").read_text(encoding="utf-8"))
    vectors = {text: np.array(vector, dtype=np.float32) for text, vector in questions}
    began = time.perf_counter()
    generation = open_current(scratch / "index")
    open_seconds = time.perf_counter() - began
    embedding = GivenVectors(vectors, generation)
    first, *others = vectors
    first_seconds = _seconds(partial(search, first, generation, embedding))
    processor = time.process_time()
    took = [_seconds(partial(search, text, generation, embedding)) for text in others]
    processor = (time.process_time() - processor) / len(others)
    resident, private = _memory()
    asked = np.stack(list(vectors.values()))
    found = np.empty((len(asked), FOUND), dtype=np.float32)
    chroma = []
    for row, vector in enumerate(asked):
        began = time.perf_counter()
        numbers = _nearest(generation, vector)
        chroma.append(time.perf_counter() - began)
        found[row] = generation.passage_vectors[numbers].astype(np.float32) @ vector
    best = _best_similarities(generation, asked)
    recall = [float(np.mean(found[:, :count] >= best[:, count - 1 : count] - ALIKE)) for count in (10, FOUND)]
    p50, p95 = (float(one) for one in np.percentile(took, [50, 95]))
    chroma_p50 = float(np.median(chroma[1:]))
    return Read(open_seconds, first_seconds, p50, p95, processor, chroma_p50, resident, private, *recall)


def _nearest(generation: Generation, vector: Vectors) -> list[int]:
    return generation.nearest(vector, FOUND)


def _best_similarities(generation: Generation, asked: Vectors) -> Vectors:
    """Each question's FOUND highest similarities to any passage, best first, by comparing with every one."""
    best = np.empty((len(asked), 0), dtype=np.float32)
    for first in range(0, generation.manifest.passage_count, ROWS_AT_ONCE):
        part = generation.passage_vectors[first : first + ROWS_AT_ONCE].astype(np.float32)
        best = -np.sort(-np.hstack([best, asked @ part.T]), axis=1)[:, :FOUND]
    return best


def _memory() -> tuple[int, int]:
    """Resident bytes of this process, and those of them that are not pages of files."""
    fields = dict(line.split(":") for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return int(fields["VmRSS"].split()[0]) * 1024, int(fields["RssAnon"].split()[0]) * 1024


# --- the table ---------------------------------------------------------------------------------------------------


def _disk(generation: Path) -> dict[str, int]:
    """Bytes on disk of every entry of a generation's folder, those of a folder summed up."""
    return {
        entry.name: sum(path.stat().st_size for path in [entry, *entry.rglob("*")] if path.is_file())
        for entry in sorted(generation.iterdir())
    }


def table(rows: Sequence[tuple[WriteRun, dict[str, int], Read]]) -> str:
    """The rows as Markdown, and below them how a question's time grows from the first to the last."""
    lines = [
        "| passages (articles) | build: text + vectors and publishing | per million: wall, processor | disk "
        "| its parts, GB | memory: building, reading (not files) | open, first question "
        "| question p50 / p95, of it Chroma | its processor time | recall@10, @50 |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for written, disk, asked in rows:
        parts = (written.text_seconds, written.publish_seconds)
        millions = written.passages / 1e6
        cells = [
            f"{written.passages:,} ({written.articles:,})",
            " + ".join(f"{part:,.1f}" for part in parts) + " s",
            f"{sum(parts) / millions:,.0f} s, {written.processor_seconds / millions:,.0f} s",
            f"{sum(disk.values()) / 1e9:.2f} GB",
            ", ".join(f"{name} {size / 1e9:.2f}" for name, size in disk.items() if size > 1e5),
            f"{written.peak / 1e9:.2f} GB, {asked.resident / 1e9:.2f} GB ({asked.private / 1e9:.2f})",
            f"{asked.open_seconds:.2f} s, {asked.first_seconds:.2f} s",
            f"{asked.p50 * 1e3:.1f} / {asked.p95 * 1e3:.1f} ms, {asked.chroma_p50 * 1e3:.1f} ms",
            f"{asked.processor_seconds * 1e3:.1f} ms",
            f"{asked.recall_10:.3f}, {asked.recall_50:.3f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    first, last = rows[0], rows[-1]
    growth = last[0].passages / first[0].passages
    wall = last[2].p50 / first[2].p50
    processor = last[2].processor_seconds / first[2].processor_seconds
    lines.append(
        f"\nOver {growth:,.0f} times as many passages a question takes {wall:.1f} times as long (p50), "
        f"and {processor:.1f} times the processor time."
    )
    return "\n".join(lines)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    if sys.argv[1:2] in (["write"], ["read"]):
        step = write if sys.argv[1] == "write" else read
        print(json.dumps(asdict(step(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])))))
    else:
        main()
