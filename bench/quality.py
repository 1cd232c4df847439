"""Search and answers on question sets with known answers, beside other ways to search: `python -m bench.quality`.

A set is a folder with articles/ and questions.jsonl. All columns get the same articles, questions and
embedding model. Articles are what a hit, a passage or a chunk belongs to, each counted where it first occurs.
"""

import argparse
import hashlib
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.progress import track

from assistant import evaluation
from assistant.answers import HITS
from assistant.assistant import Assistant
from assistant.evaluation import GoldQuestion, Observation
from assistant.opening import load_answerer, load_embedding, load_reader
from assistant.settings import Settings, read_settings
from bench.peers import PEERS, bm25, built, llamaindex_retriever
from bench.rankings import TOP, Unit, by_value, fused
from bench.speed import measured_on
from index.articles import Article
from index.errors import UserError
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.models import weights
from index.models.embedding import Embedding
from index.rebuild import rebuild
from index.search import search
from index.vectors import Vectors

OURS, DENSE, BM25, RRF = "ours", "dense alone", "BM25", "equal-weight RRF"
COLUMNS = (OURS, DENSE, BM25, RRF, *PEERS)
NONE = "–"
TIMED = 50  # questions
SEED = 0
STORED_AT_ONCE = 256  # texts
COVERAGES = (0.2, 0.4, 0.5, 0.6, 0.8, 1.0)  # of the risk-coverage curve

Observations = dict[str, list[Observation]]  # by column
Question = TypeVar("Question", GoldQuestion, str)


@dataclass(frozen=True, slots=True)
class Task:
    """Questions over one folder of articles; tasks of the same `articles` share an index."""

    name: str
    articles: Path
    questions: tuple[GoldQuestion, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """An index, and all that is in it in memory: vectors are float32, (n, d), unit length."""

    generation: Generation
    index_dir: Path
    articles: tuple[Article, ...]
    passages: tuple[Unit, ...]
    passage_vectors: Vectors
    sentences: tuple[Unit, ...]
    sentence_vectors: Vectors

    @property
    def language(self) -> str:
        """What most of the articles are written in."""
        return Counter(article.language for article in self.articles).most_common(1)[0][0]


class CachedEmbedding(Embedding):
    """An embedding that keeps in a file what it has embedded, so that a second run is ready at once."""

    def __init__(self, embedding: Embedding, file: Path) -> None:
        super().__init__(embedding._encoder, embedding.model_name, embedding.backend, embedding.fallback_reason)
        self._stored = sqlite3.connect(file, check_same_thread=False)
        self._stored.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        for first in range(0, len(texts), STORED_AT_ONCE):
            some = texts[first : first + STORED_AT_ONCE]
            yield list(range(first, first + len(some))), self._cached("text", some, self._computed)

    def _computed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for rows, some in super().embed_batches(texts):
            vectors[rows] = some
        return vectors

    def embed_queries(self, queries: Sequence[str]) -> Vectors:
        return self._cached("query", queries, super().embed_queries)

    def _cached(self, kind: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        keys = {text: hashlib.sha256(f"{kind}\0{text}".encode()).digest() for text in texts}
        known: dict[str, Vectors] = {}
        for text, key in keys.items():
            row = self._stored.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if row:
                known[text] = np.frombuffer(row[0], dtype="<f4")
        missing = [text for text in keys if text not in known]
        if missing:
            known |= dict(zip(missing, embed(missing), strict=True))
            rows = [(keys[text], known[text].astype("<f4").tobytes()) for text in missing]
            self._stored.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
            self._stored.commit()
        return np.array([known[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--profile", choices=["light", "full"], default="full", help="whose embedding and answers")
    parser.add_argument("--sets", default="", help="names of sets, with commas between them; by default all")
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, help=f"also {' and '.join(PEERS)}")
    parser.add_argument("--answers", type=int, default=0, metavar="N", help="also answer N questions of each task")
    parser.add_argument("--scratch", type=Path, help="where vectors are kept for the next run; by default nowhere")
    options = parser.parse_args()
    try:
        with scratch_folder(options.scratch) as scratch:
            names = [name for name in options.sets.split(",") if name]
            for line in report(options.data, names, options.profile, scratch, options.peers, options.answers):
                print(line, flush=True)
    except UserError as error:
        sys.exit(f"bench.quality: {error}")


@contextmanager
def scratch_folder(chosen: Path | None) -> Iterator[Path]:
    """The chosen folder, made if it is not there yet, or one that goes again."""
    with tempfile.TemporaryDirectory() as temporary:
        scratch = (chosen or Path(temporary)).resolve()
        scratch.mkdir(parents=True, exist_ok=True)
        yield scratch


def prepared(profile: str, scratch: Path) -> tuple[Settings, Embedding, CachedEmbedding]:
    """A profile's settings and embedding, whose indexes and vectors go into the folder."""
    settings = read_settings({"NEWSDESK_PROFILE": profile}, index_dir=scratch / profile)
    embedding = load_embedding(settings)
    return settings, embedding, CachedEmbedding(embedding, scratch / f"{embedding.model_name}.sqlite3")


def report(
    data: Path, names: Sequence[str], profile: str, scratch: Path, with_peers: bool, answer_count: int
) -> Iterator[str]:
    """The lines of the table, each as soon as it is known, and the remarks below it."""
    settings, embedding, cached = prepared(profile, scratch)
    columns = COLUMNS if with_peers else COLUMNS[:4]
    remarks = [
        f"Profile {profile}: {embedding.model_name} for every column. In brackets the 95% interval over articles.",
        f"Every search returns up to {TOP} hits, passages or chunks; {DENSE}, {BM25} and {RRF} rank our own "
        "passages, or our own sentences, to the end.",
        settings.notice,
    ]
    yield f"{measured_on()}\n"
    yield f"| task | metric | {' | '.join(columns)} |\n|---|---|{'---|' * len(columns)}"
    for folder in _sets(data, names, remarks):
        together: Observations = {}
        tasks = read_tasks(folder)
        for articles in dict.fromkeys(task.articles for task in tasks):
            ground = open_ground(articles, settings, cached)
            searchers = _searchers(ground, cached, with_peers, remarks)
            for task in (task for task in tasks if task.articles == articles):
                fitted = evaluation.in_index(task.questions, ground.generation)
                observed = _observe(task.name, fitted, ground, cached, searchers)
                for column, observations in observed.items():
                    together.setdefault(column, []).extend(observations)
                yield from _rows(task.name, observed, columns)
                if answer_count:
                    sample = _sample(fitted, answer_count)
                    yield from _answer_rows(task.name, sample, ground, cached, settings, columns)
            if with_peers and articles.name == "articles":
                questions = [gold.question for task in tasks for gold in task.questions][:TIMED]
                yield from _timed_rows(folder.name, questions, ground, embedding, settings, columns, remarks)
        if len(tasks) > 1:
            yield from _rows(f"{folder.name}, all {len(tasks)}", together, columns)
        if answer_count and (folder / "removed.txt").is_file():
            for task in tasks:
                yield from _without_removed(folder, task, settings, cached, answer_count, columns)
    yield "\n" + "\n".join(f"- {remark}" for remark in remarks if remark)


def read_tasks(folder: Path) -> list[Task]:
    """The tasks of a set: one for each language of its questions.

    When articles/ holds nothing but a folder for each language, a task is the questions and the articles of
    one language.
    """
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [evaluation.read_gold(json.loads(line)) for line in lines if line.strip()]
    articles = folder / "articles"
    inside = sorted(articles.iterdir())
    tasks = []
    for language in dict.fromkeys(gold.language for gold in questions):
        own = tuple(gold for gold in questions if gold.language == language)
        where = articles / language if all(path.is_dir() for path in inside) else articles
        tasks.append(Task(f"{folder.name}, {language}" if language else folder.name, where, own))
    return tasks


def open_ground(articles: Path, settings: Settings, embedding: Embedding) -> Ground:
    """The index of a folder, made anew: only what the cache lacks is embedded."""
    index_dir = settings.index_dir / "-".join(articles.parts[-3:])
    _say(f"indexing {articles}")
    rebuild(articles, index_dir, lambda: embedding, allow_shrink=True)
    return read_ground(index_dir)


def read_ground(index_dir: Path) -> Ground:
    """All that the current index holds, in memory."""
    generation = open_current(index_dir)
    passages, sentences = [], {}
    vectors = []
    for first in range(0, generation.manifest.passage_count, 500):
        numbers = range(first, min(first + 500, generation.manifest.passage_count))
        for one in generation.passages(numbers):
            passages.append(Unit(one.article.id, one.passage.text))
            vectors.append(one.vector)
            # Passages overlap: a sentence may be in two.
            for sentence, vector in zip(one.passage.sentences, one.sentence_vectors, strict=True):
                text = one.article.text[sentence.start : sentence.end]
                sentences[one.article.id, sentence.start] = (Unit(one.article.id, text), vector)
    return Ground(
        generation=generation,
        index_dir=index_dir,
        articles=tuple(generation.article(article.id) for article in generation.articles()),
        passages=tuple(passages),
        passage_vectors=np.array(vectors),
        sentences=tuple(unit for unit, _ in sentences.values()),
        sentence_vectors=np.array([vector for _, vector in sentences.values()]),
    )


# A question to the articles that it finds, and to the sentences with their articles; the latter may be nothing.
Search = Callable[[str], tuple[list[str], list[tuple[str, Sequence[str]]]]]


def _searchers(ground: Ground, embedding: Embedding, with_peers: bool, remarks: list[str]) -> dict[str, Search]:
    """Every column's search; a peer that does not run is a remark instead."""
    passages = _rankers(ground.passages, ground.passage_vectors, embedding, ground.language)
    sentences = _rankers(ground.sentences, ground.sentence_vectors, embedding, ground.language)
    searchers: dict[str, Search] = {}
    for column in (DENSE, BM25, RRF):
        searchers[column] = over_units(passages[column], sentences[column], ground)
    for peer in PEERS if with_peers else ():
        _say(f"building {peer}")
        try:
            ready = built(peer, ground.articles, embedding)
        except UserError as error:
            if str(error) not in remarks:
                remarks.append(str(error))
            continue
        searchers[peer] = lambda question, ready=ready: (ready(question), [])  # type: ignore[misc]
    return searchers


def over_units(passages: Callable[[str], list[int]], sentences: Callable[[str], list[int]], ground: Ground) -> Search:
    """A search by one ranking of the passages and one of the sentences."""

    def find(question: str) -> tuple[list[str], list[tuple[str, Sequence[str]]]]:
        articles = dict.fromkeys(ground.passages[row].article for row in passages(question))
        found = [ground.sentences[row] for row in sentences(question)[:TOP]]
        return list(articles), [(unit.text, (unit.article,)) for unit in found]

    return find


def _rankers(
    units: Sequence[Unit], vectors: Vectors, embedding: Embedding, language: str
) -> dict[str, Callable[[str], list[int]]]:
    """Rows of the units, best first, by similarity alone, by BM25 alone, and by both at equal weight."""
    worded = bm25(units, language)
    similar = by_similarity(vectors, embedding)
    return {
        DENSE: similar,
        BM25: lambda question: by_value(worded(question)),
        RRF: lambda question: fused(similar(question), by_value(worded(question))),
    }


def by_similarity(vectors: Vectors, embedding: Embedding) -> Callable[[str], list[int]]:
    """From a question to all the rows, the most similar first."""
    return lambda question: [
        int(row) for row in np.argsort(-(vectors @ embedding.embed_query(question)), kind="stable")
    ]


def _observe(
    name: str, questions: Sequence[GoldQuestion], ground: Ground, embedding: Embedding, searchers: Mapping[str, Search]
) -> Observations:
    observed: Observations = {column: [] for column in (OURS, *searchers)}
    for gold in _track([gold for gold in questions if gold.answerable], name):
        observed[OURS] += evaluation.observe_hits(gold, search(gold.question, ground.generation, embedding, HITS))
        for column, find in searchers.items():
            articles, sentences = find(gold.question)
            observed[column] += evaluation.observe_ranking(gold, articles)
            if sentences or column not in PEERS:
                observed[column] += evaluation.observe_sentences(gold, sentences)
    return observed


def _answer_rows(
    name: str,
    questions: Sequence[GoldQuestion],
    ground: Ground,
    embedding: Embedding,
    settings: Settings,
    columns: Sequence[str],
) -> Iterator[str]:
    """Rows about the answers, the search left out; and how well its confidence tells which questions have one."""
    reader = load_reader(settings, embedding.model_name)
    assistant = Assistant(ground.index_dir, ground.generation, embedding, load_answerer(settings), reader=reader)
    observations: list[Observation] = []
    confidences = []
    for gold in _track(questions, f"{name}, answers"):
        answer = assistant.ask(gold.question)
        observations += evaluation.observe_answer(gold, answer, ground.generation)
        confidences.append(answer.confidence)
    yield from _rows(name, {OURS: observations}, columns)
    answerable = [gold.answerable for gold in questions]
    if len(set(answerable)) == 2:
        risks = evaluation.risk_by_coverage(confidences, answerable, COVERAGES)
        told = ", ".join(f"{risk:.2f} at {coverage:.0%}" for risk, coverage in zip(risks, COVERAGES, strict=True))
        rest = f" | {NONE}" * (len(columns) - 1)
        yield f"| {name} (n={len(questions)}) | unanswerable among the most confident | {told}{rest} |"
        yield f"| {name} (n={len(questions)}) | AUROC | {evaluation.auroc(confidences, answerable):.3f}{rest} |"


def _without_removed(
    folder: Path, task: Task, settings: Settings, embedding: Embedding, answer_count: int, columns: Sequence[str]
) -> Iterator[str]:
    """Rows of a task whose articles were partly taken away: some of its questions have no answer then."""
    ground = open_ground(articles_left(folder, settings), settings, embedding)
    questions = evaluation.in_index(task.questions, ground.generation)
    name = f"{task.name}, articles removed"
    yield from _answer_rows(name, _sample(questions, answer_count), ground, embedding, settings, columns)


def articles_left(folder: Path, settings: Settings) -> Path:
    """A copy of a set's articles without those of its removed.txt."""
    left = settings.index_dir / folder.name / "left" / "articles"
    shutil.rmtree(left, ignore_errors=True)
    removed = set((folder / "removed.txt").read_text(encoding="utf-8").split())
    shutil.copytree(folder / "articles", left, ignore=lambda _, names: removed & set(names))
    return left


def _sample(questions: Sequence[GoldQuestion], most: int) -> list[GoldQuestion]:
    """At most so many questions with an answer and so many without, drawn with a fixed seed."""
    drawn: list[GoldQuestion] = []
    for answerable in (True, False):
        some = [gold for gold in questions if gold.answerable is answerable]
        chosen = np.random.default_rng(SEED).permutation(len(some))[:most]
        drawn += [some[row] for row in sorted(chosen)]
    return drawn


def _rows(name: str, observed: Observations, columns: Sequence[str]) -> Iterator[str]:
    metrics = {
        column: {metric.name: metric for metric in evaluation.summarise(observed.get(column, []))} for column in columns
    }
    for metric_name, ours in metrics[OURS].items():
        found = [metrics[column].get(metric_name) for column in columns]
        cells = [f"{one.value:.3f} ({one.low:.2f}–{one.high:.2f})" if one else NONE for one in found]
        yield f"| {name} (n={ours.n}) | {metric_name} | {' | '.join(cells)} |"


def _timed_rows(
    name: str,
    questions: Sequence[str],
    ground: Ground,
    embedding: Embedding,
    settings: Settings,
    columns: Sequence[str],
    remarks: list[str],
) -> Iterator[str]:
    """Question to evidence over the same passages, ours and LlamaIndex's in turn; the first of each is a warm-up."""
    peer = next(iter(PEERS))
    folder = weights.installed(embedding.model_name, settings.models_dir)
    if folder is None:
        remarks.append(f"Time to evidence was not measured: {embedding.model_name} is no default model.")
        return
    prompts = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8")).get("prompts", {})
    try:
        retrieve = llamaindex_retriever(ground.passages, ground.passage_vectors, str(folder), prompts)
    except (ImportError, OSError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        remarks.append(f"{peer} could not be timed ({type(error).__name__}: {error}).")
        return
    ways: dict[str, Callable[[str], object]] = {
        OURS: lambda question: search(question, ground.generation, embedding, HITS),
        peer: retrieve,
    }
    times: dict[str, list[float]] = {column: [] for column in ways}
    for question in _track([questions[0], *questions], f"{name}, time"):
        for column, way in ways.items():
            began = time.perf_counter()
            way(question)
            times[column].append(1000 * (time.perf_counter() - began))
    middle = {column: np.percentile(taken[1:], [50, 95]) for column, taken in times.items()}
    cells = [f"{middle[column][0]:.1f} / {middle[column][1]:.1f}" if column in middle else NONE for column in columns]
    task = f"{name}, {len(ground.passages):,} passages (n={len(questions)})"
    yield f"| {task} | question to evidence, p50 / p95, ms | {' | '.join(cells)} |"
    p50, p95 = middle[OURS] / middle[peer]
    remarks.append(f"{name}: question to evidence in {p50:.2f} (p50) and {p95:.2f} (p95) of the time of {peer}.")


def _sets(data: Path, names: Sequence[str], remarks: list[str]) -> Iterator[Path]:
    """The folders of the sets; one that is none is a remark."""
    if not data.is_dir():
        raise UserError(f"There is no folder {data}. Name the folder that holds the question sets.")
    for name in names or sorted(path.name for path in data.iterdir() if path.is_dir()):
        folder = data / name
        if (folder / "articles").is_dir() and (folder / "questions.jsonl").is_file():
            yield folder
        elif names:
            raise UserError(f"{folder} is no question set: articles/ or questions.jsonl is missing.")
        else:
            remarks.append(f"{name} was not measured: it has no articles/ or no questions.jsonl.")


def _track(questions: Sequence[Question], name: str) -> Iterable[Question]:
    """The questions, with a progress bar and the time left on a terminal."""
    if not sys.stderr.isatty():
        _say(f"{name}: {len(questions)} questions")
    return track(questions, name, console=Console(stderr=True), disable=not sys.stderr.isatty())


def _say(what: str) -> None:
    print(f"bench.quality: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
