"""What an answer is made of, each part measured alone, as one Markdown table: `python -m bench.parts --data FOLDER`.

Deciding: the confidence alone, over articles of which some were taken away, or whose passages only look like answers.
Reading: the short answer out of the right article, without the right to refuse.
"""

import argparse
import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from assistant import evaluation
from assistant.answerable import standing
from assistant.assistant import HITS, Draft
from assistant.evaluation import (
    ANSWER_F1,
    EXACT_MATCH,
    FALSE_ANSWERS,
    WRONG_REFUSALS,
    GoldQuestion,
    Metric,
    Observation,
)
from assistant.extractive import LEAST_STANDING
from assistant.generative import GenerativeAnswerer, about_the_best, least_confidence
from assistant.questions import asked_for
from assistant.settings import Settings, load_language_model
from bench.quality import COVERAGES, articles_left, open_ground, prepared, read_tasks, scratch_folder
from bench.speed import measured_on
from index.embedding import Embedding
from index.errors import UserError
from index.search import Hit, search

SEED = 11
MANY_HITS = 500  # of which those of the right article are kept

Row = tuple[str, str, str]  # task, metric, value


class Reader(GenerativeAnswerer):
    """Answers whatever it is given, with the short answer alone."""

    def confidence(self, shared: str, hits: Sequence[Hit]) -> float:
        return math.inf

    def _write(self, request: str, quote: str, language: str) -> Iterator[str]:
        yield quote


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.parts", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--profile", choices=["light", "full"], default="full", help="whose embedding and answers")
    parser.add_argument("--count", type=int, default=200, help="questions of each kind, drawn with a fixed seed")
    parser.add_argument("--only", default="", choices=["", "deciding", "reading"], help="by default both")
    parser.add_argument("--scratch", type=Path, help="where vectors are kept for the next run; by default nowhere")
    options = parser.parse_args()
    try:
        with scratch_folder(options.scratch) as scratch:
            settings, _, embedding = prepared(options.profile, scratch)
            parts = {"deciding": deciding, "reading": reading}
            print(f"{measured_on()} Profile {options.profile}.\n\n| task | metric | value |\n|---|---|---|")
            for part in (parts[options.only],) if options.only else parts.values():
                for row in part(options.data, options.count, settings, embedding):
                    print(f"| {' | '.join(row)} |", flush=True)
    except UserError as error:
        sys.exit(f"bench.parts: {error}")


def deciding(data: Path, count: int, settings: Settings, embedding: Embedding) -> Iterator[Row]:
    """So many questions with an answer and so many without, of all languages together, at the thresholds in use."""
    decide = _decider(settings, embedding)
    for name in ("wiki-it", "unanswerable-en"):
        folder = data / name
        removed = (folder / "removed.txt").is_file()
        ground = open_ground(articles_left(folder, settings) if removed else folder / "articles", settings, embedding)
        questions = [gold for task in read_tasks(folder) for gold in task.questions]
        observations, confidences, answerable = [], [], []
        for gold in _drawn(evaluation.in_index(questions, ground.generation), count):
            confidence = decide(gold, search(gold.question, ground.generation, embedding, HITS))
            answered = confidence >= 0
            metric, wrong = (WRONG_REFUSALS, not answered) if gold.answerable else (FALSE_ANSWERS, answered)
            observations.append(Observation(metric, (*gold.articles, gold.near, gold.id)[0], wrong))
            confidences.append(confidence)
            answerable.append(gold.answerable)
        task = f"deciding, {name}{', articles removed' if removed else ''} (n={len(answerable)})"
        yield from ((task, one.name, _value(one)) for one in evaluation.summarise(observations))
        yield task, "AUROC", f"{evaluation.auroc(confidences, answerable):.3f}"
        risks = evaluation.risk_by_coverage(confidences, answerable, COVERAGES)
        told = ", ".join(f"{risk:.2f} at {share:.0%}" for risk, share in zip(risks, COVERAGES, strict=True))
        yield task, "unanswerable among the most confident", told


def reading(data: Path, count: int, settings: Settings, embedding: Embedding) -> Iterator[Row]:
    """The short answer to questions in all languages, when search finds nothing but the right article."""
    if settings.answerer == "extractive":
        raise UserError("Reading needs a language model. Use --profile full, or --only deciding.")
    reader = Reader(load_language_model(settings), embedding.model_name)
    folder = data / "wiki-it"
    ground = open_ground(folder / "articles", settings, embedding)
    observations: dict[str, list[Observation]] = {}
    for gold in _drawn([one for task in read_tasks(folder) for one in task.questions], count):
        found = search(gold.question, ground.generation, embedding, MANY_HITS)
        hits = [hit for hit in found if hit.article.id in gold.articles]
        said = _short_answer(reader, gold, hits) if hits else ""
        for task in ("all languages", gold.language):
            own = observations.setdefault(task, [])
            own.append(Observation(ANSWER_F1, gold.articles[0], evaluation.f1(said, gold.answers)))
            own.append(Observation(EXACT_MATCH, gold.articles[0], evaluation.exact_match(said, gold.answers)))
    for name, own in observations.items():
        for metric in evaluation.summarise(own):
            yield f"reading, wiki-it, {name} (n={metric.n})", metric.name, _value(metric)


def _short_answer(reader: Reader, gold: GoldQuestion, hits: Sequence[Hit]) -> str:
    *_, draft = reader.draft(gold.question, gold.language, gold.language, hits)
    assert isinstance(draft, Draft)
    return hits[draft.span.hit].article.text[draft.span.start : draft.span.end] if draft.span else ""


def _decider(settings: Settings, embedding: Embedding) -> Callable[[GoldQuestion, Sequence[Hit]], float]:
    """How far the confidence is above what is enough; nothing is written."""
    if settings.answerer == "extractive":
        return lambda _, hits: standing(hits, embedding.model_name) - LEAST_STANDING
    answerer = GenerativeAnswerer(load_language_model(settings), embedding.model_name)

    def decide(gold: GoldQuestion, hits: Sequence[Hit]) -> float:
        confidence = answerer.confidence(about_the_best(gold.question, gold.language, hits), hits)
        return confidence - least_confidence(asked_for(gold.question, gold.language))

    return decide


def _drawn(questions: Sequence[GoldQuestion], count: int) -> list[GoldQuestion]:
    """At most so many with an answer and so many without, in an order that mixes them."""
    shuffled = random.Random(SEED).sample(questions, len(questions))
    kinds = ([one for one in shuffled if one.answerable is answerable][:count] for answerable in (True, False))
    return [one for pair in zip_longest(*kinds) for one in pair if one is not None]


def _value(metric: Metric) -> str:
    return f"{metric.value:.3f} ({metric.low:.2f}–{metric.high:.2f})"


if __name__ == "__main__":
    main()
