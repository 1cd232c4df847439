"""How well a reader marks and refuses, on question sets: the right passage given, and the nearest of another one.

A set is a folder with articles/ and questions.jsonl. The reader reads sentence by sentence; of an article the sentence
counts whose words it is surest of.
"""

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from assistant.evaluation import auroc, exact_match, f1
from bench.reader.examples import Candidate
from bench.reader.learning import Given, chunks, reading, tensors
from bench.reader.sequences import Layout, Tokens, tokenise
from index.languages.detection import detect_language
from index.models.loading import load_embedding
from index.models.weights import cache_folder
from index.splitting.sentences import split_sentences

EMBEDDING = "multilingual-e5-small"  # what the nearest sentences are found with, for both readers
PARALLEL = {"xquad"}  # other articles say the same in other languages
LONGEST_SPAN = 40  # tokens
OUTER = " \t\n\"“”«»„‘’'(),;:.!?、。，！？"
SEED = 4


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set, and the article that it is asked of; no answers where that does not answer it."""

    words: str
    language: str
    article: str
    answers: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the reader makes of a sentence: the words, the logit that they answer, the probability of their place."""

    words: str
    answers: float
    place: float

    @property
    def sureness(self) -> float:
        return self.answers + math.log(max(self.place, 1e-6))


class Reading:
    """Reads pairs of a question and a sentence."""

    def __init__(self, reader: Any, given: Given, tokenizer: Tokenizer, layout: Layout) -> None:
        self._reader, self._given, self._tokenizer, self._layout = reader.eval(), given, tokenizer, layout
        self._known: dict[tuple[str, str], Finding] = {}

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[Finding]:
        """What each sentence says to its question."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        groups = [(Candidate(question, sentence, "", (), ""),) for question, sentence in new]
        made = tokenise(groups, self._tokenizer, self._layout, longest=512)
        assert len(made) == len(new)
        for some in chunks([group[0] for group in made]):
            self._read([new[at] for at in some], [made[at][0] for at in some])
        return [self._known[pair] for pair in pairs]

    @torch.no_grad()
    def _read(self, pairs: Sequence[tuple[str, str]], tokens: Sequence[Tokens]) -> None:
        with reading():
            marks = self._reader(*tensors(tokens, self._given))
        starts, ends = marks.starts.softmax(-1).numpy(), marks.ends.softmax(-1).numpy()
        for row, (pair, one) in enumerate(zip(pairs, tokens, strict=True)):
            offsets = self._tokenizer.encode(pair[1], add_special_tokens=False).offsets[: one.count]
            inside = slice(one.first, one.first + one.count)
            table = np.triu(starts[row, inside][:, None] * ends[row, inside][None, :])
            table -= np.triu(table, LONGEST_SPAN)
            first, last = divmod(int(table.argmax()), one.count)
            words = pair[1][offsets[first][0] : offsets[last][1]].strip(OUTER)
            self._known[pair] = Finding(words, float(marks.answers[row]), float(table.max()))


def read_set(folder: Path) -> tuple[list[Question], dict[str, list[str]]]:
    """The questions that an article is given for, and each article's sentences."""
    texts = {str(f.relative_to(folder / "articles")): f.read_text("utf-8") for f in (folder / "articles").rglob("*.*")}
    sentences = {}
    for name, text in texts.items():
        every = (text[s.start : s.end] for s in split_sentences(text, detect_language(text)))
        sentences[name] = [sentence for sentence in every if any(map(str.isalnum, sentence))]
    questions = []
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        articles = row["articles"] or [row.get("near", "")]
        own = [name for name in articles if name.startswith(f"{row.get('lang', '')}/")] or articles
        if own[0] in texts:
            quotes = tuple(row["quotes"]) if row.get("answerable", True) else ()
            answers = tuple(row["answers"]) if row.get("answerable", True) else ()
            questions.append(Question(row["question"], row.get("lang", ""), own[0], answers, quotes))
    Random(SEED).shuffle(questions)
    return questions, sentences


def report(reading: Reading, folder: Path, scratch: Path, count: int) -> Iterator[str]:
    """The lines of a set; what takes minutes is kept in the folder `scratch`."""
    questions, sentences = read_set(folder)
    questions = [q for q in questions if sentences[q.article]][:count]
    read = reading.read([(q.words, s) for q in questions for s in sentences[q.article]])
    found = iter(read)
    findings = [[next(found) for _ in sentences[q.article]] for q in questions]
    best = [max(some, key=lambda finding: finding.sureness) for some in findings]
    yield f"{folder.name}, passage given: " + _by_language(questions, best)
    if not all(q.answers for q in questions):
        yield f"{folder.name}, answerable or not: " + _refusals(questions, findings, best)
    elif folder.name not in PARALLEL:
        others = _nearest(reading, questions, sentences, scratch)
        yield f"{folder.name}, gold sentence against the nearest of another article: {others}"


def _by_language(questions: Sequence[Question], best: Sequence[Finding]) -> str:
    figures: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for question, finding in zip(questions, best, strict=True):
        if question.answers:
            figure = (f1(finding.words, question.answers), exact_match(finding.words, question.answers))
            figures["all"].append(figure)
            figures[question.language].append(figure)
    return "; ".join(
        f"{language} F1 {np.mean([f for f, _ in some]):.3f} EM {np.mean([e for _, e in some]):.3f} (n={len(some)})"
        for language, some in sorted(figures.items())
    )


def _refusals(questions: Sequence[Question], findings: Sequence[Sequence[Finding]], best: Sequence[Finding]) -> str:
    """At the threshold that refuses 15 % of what has an answer."""
    sure = np.array([max(finding.answers for finding in some) for some in findings])
    answerable = np.array([bool(question.answers) for question in questions])
    threshold = np.quantile(sure[answerable], 0.15)
    right = [
        f1(finding.words, question.answers)
        for question, finding, one in zip(questions, best, sure, strict=True)
        if question.answers and one >= threshold
    ]
    return (
        f"AUROC {auroc(sure.tolist(), answerable.tolist()):.3f}; at 15 % refused: refused rightly "
        f"{np.mean(sure[~answerable] < threshold):.3f}, F1 of answered {np.mean(right):.3f} (n={len(questions)})"
    )


def _nearest(reading: Reading, questions: Sequence[Question], sentences: dict[str, list[str]], vectors: Path) -> str:
    """How often the gold sentence is told from the one that a search would find first in another article."""
    pairs = []
    for question, other in zip(questions, nearest_others(questions, sentences, vectors), strict=True):
        gold = next((s for s in sentences[question.article] if any(q and q in s for q in question.quotes)), None)
        if gold:
            pairs.append(((question.words, gold), (question.words, other)))
    right = [finding.answers for finding in reading.read([pair for pair, _ in pairs])]
    wrong = [finding.answers for finding in reading.read([pair for _, pair in pairs])]
    return (
        f"AUROC {auroc(right + wrong, [True] * len(right) + [False] * len(wrong)):.3f}, the gold one higher in "
        f"{np.mean(np.array(right) > np.array(wrong)):.3f} (n={len(pairs)})"
    )


def nearest_others(questions: Sequence[Question], sentences: dict[str, list[str]], vectors: Path) -> list[str]:
    """For each question the most similar sentence of all other articles; kept in a file, for it takes minutes."""
    asked = json.dumps([[question.words, question.article] for question in questions])
    file = vectors / f"nearest-{hashlib.sha256(asked.encode()).hexdigest()[:16]}.json"
    if not file.is_file():
        everything = [(name, sentence) for name, some in sentences.items() for sentence in some]
        owners = np.array([name for name, _ in everything])
        embedding = load_embedding(EMBEDDING, cache_folder())
        similarity = (
            embedding.embed_queries([q.words for q in questions])
            @ embedding.embed_texts([sentence for _, sentence in everything]).T
        )
        found = []
        for question, line in zip(questions, similarity, strict=True):
            found.append(everything[int(np.where(owners == question.article, -1, line).argmax())][1])
        file.write_text(json.dumps(found), "utf-8")
    nearest: list[str] = json.loads(file.read_text("utf-8"))
    return nearest
