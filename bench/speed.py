"""Speed and size on this machine, as one Markdown table: `make bench`.

Embedding throughput is a ratio against stock sentence-transformers (torch, float32) with the same model on the
same texts, the two in turn. Questions run over a fresh index of corpus/.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np

from assistant.answers import Answer, Evidence, ShortAnswer
from assistant.coming import ComingAnswerer
from assistant.opening import load_embedding, open_assistant
from assistant.settings import PROFILES, read_settings
from index.articles import Article
from index.models import weights
from index.models.embedding import Embedding
from index.reading.files import list_files
from index.reading.units import read_file
from index.rebuild import rebuild
from index.splitting.passages import split_passages
from index.splitting.sentences import split_sentences

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
ROUNDS = 3
SAMPLE = 4  # every fourth text: stock torch takes minutes for all of them


def main() -> None:
    """Print the table for every profile whose models are on this machine."""
    print(f"{measured_on()}\n", flush=True)
    print("| profile | measure | value |\n|---|---|---|", flush=True)
    for profile, names in PROFILES.items():
        if all(weights.installed(name, weights.cache_folder()) for name in names if name):
            # A process of its own: memory is the process's, and no model of another profile is in it.
            subprocess.run([sys.executable, "-m", "bench.speed", profile], check=True, cwd=ROOT)


def measured_on() -> str:
    """The day, the machine and the commit, as a sentence."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=8"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    machine = f"{os.cpu_count()} cores ({_processor()}), Python {platform.python_version()}"
    return f"Measured on {date.today()}, {machine}, commit {commit or 'unknown'}."


def measure(profile: str) -> None:
    """Print the rows of one profile."""
    settings = read_settings({"NEWSDESK_PROFILE": profile})
    embedding = load_embedding(settings)
    for name, value in _throughput(embedding, settings.models_dir):
        print(f"| {profile} | {name} | {value} |", flush=True)
    del embedding
    with tempfile.TemporaryDirectory() as scratch:
        settings = read_settings({"NEWSDESK_PROFILE": profile}, index_dir=Path(scratch))
        began = time.perf_counter()
        manifest = rebuild(CORPUS, settings.index_dir, lambda: load_embedding(settings))
        took = time.perf_counter() - began
        print(f"| {profile} | index corpus/ ({manifest.passage_count} passages), models loaded | {took:.1f} s |")
        sys.stdout.flush()
        # A process of its own again: this one holds stock torch, which no question needs.
        subprocess.run([sys.executable, "-m", "bench.speed", profile, scratch], check=True, cwd=ROOT)


def ask(profile: str, index_dir: Path) -> None:
    """Print the rows of a profile's questions over the index."""
    for name, value in _questions(profile, index_dir):
        print(f"| {profile} | {name} | {value} |", flush=True)


def _throughput(embedding: Embedding, models_dir: Path) -> Iterator[tuple[str, str]]:
    from sentence_transformers import SentenceTransformer  # takes seconds, and only this row needs it

    texts = _texts(embedding)[::SAMPLE]
    tokens = sum(embedding.count_tokens(text) for text in texts)
    folder = weights.installed(embedding.model_name, models_dir)
    stock = SentenceTransformer(str(folder), device="cpu")
    seconds: dict[str, list[float]] = {"ours": [], "stock": []}
    for _ in range(ROUNDS):
        seconds["ours"].append(_seconds(lambda: embedding.embed_texts(texts)))
        seconds["stock"].append(_seconds(lambda: stock.encode_document(texts)))
    ours, theirs = (tokens / statistics.median(seconds[name]) for name in ("ours", "stock"))
    parameters = sum(
        p.numel() for name, p in stock.named_parameters() if "embeddings" not in name and "embed_tokens" not in name
    )
    share = ours * 2 * parameters / _matrix_peak()
    yield f"embedding, {embedding.backend}", f"{ours:,.0f} tokens/s"
    yield "embedding, stock sentence-transformers (torch, float32)", f"{theirs:,.0f} tokens/s"
    yield "ratio", f"{ours / theirs:.1f}x"
    yield "share of the machine's float32 matrix-multiply peak", f"{share:.0%}"


def _questions(profile: str, index_dir: Path) -> Iterator[tuple[str, str]]:
    began = time.perf_counter()
    assistant = open_assistant(read_settings({"NEWSDESK_PROFILE": profile}, index_dir=index_dir))
    if isinstance(assistant.answerer, ComingAnswerer):
        assistant.answerer.coming.wait()
    yield "open the index and load every model", f"{time.perf_counter() - began:.1f} s"
    lines = (ROOT / "tests" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    assistant.ask(questions[0])  # warm-up
    evidence, short, totals = [], [], []
    for question in questions:
        began = time.perf_counter()
        for event in assistant.stream(question):
            if isinstance(event, Evidence):
                evidence.append(time.perf_counter() - began)
            elif isinstance(event, ShortAnswer):
                short.append(time.perf_counter() - began)
            elif isinstance(event, Answer) and event.answered:
                totals.append(time.perf_counter() - began)
    told = {
        "question to evidence": evidence,
        "question to the short answer": short,
        "question to the finished answer": totals,
    }
    for name, times in told.items():
        middle, late = np.percentile(times, [50, 95])
        yield f"{name}, p50 / p95 (n={len(times)})", f"{middle * 1000:,.0f} / {late * 1000:,.0f} ms"
    resident = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    yield "resident memory", f"{resident / 1e9:.2f} GB"


def _texts(embedding: Embedding) -> list[str]:
    """What indexing corpus/ embeds: its passages and its sentences."""
    texts = []
    for path in list_files(CORPUS):
        [article] = read_file(CORPUS, path)
        assert isinstance(article, Article)
        sentences = split_sentences(article.text, article.language)
        texts += [passage.text for passage in split_passages(article, sentences, embedding.count_tokens)]
        texts += [article.text[one.start : one.end] for one in sentences]
    return texts


def _matrix_peak() -> float:
    """Float operations a second of one large float32 matrix product, the best of five."""
    import torch  # takes seconds, and only this row needs it

    size = 2048
    one = torch.rand(size, size)
    return 2 * size**3 / min(_seconds(lambda: one @ one) for _ in range(5))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


if __name__ == "__main__":
    match sys.argv[1:]:
        case [profile, index_dir]:
            ask(profile, Path(index_dir))
        case [profile]:
            measure(profile)
        case _:
            main()
