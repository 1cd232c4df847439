"""What an answer is made of, each part measured alone, as one Markdown table: `python -m bench.parts --data FOLDER`.

Deciding: the confidence alone, over articles of which some were taken away, or whose passages only look like answers.
Reading: the short answer out of the right article, without the right to refuse.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from assistant import evaluation
from assistant.answering.generative import GenerativeAnswerer
from assistant.answers import HITS
from assistant.evaluation import (
    ANSWER_F1,
    EXACT_MATCH,
    FALSE_ANSWERS,
    WRONG_REFUSALS,
    GoldQuestion,
    Metric,
    Observation,
)
from assistant.models.chosen import load_language_model
from assistant.opening import load_reader
from assistant.settings import Settings
from bench.quality import COVERAGES, articles_left, open_ground, prepared, read_tasks, scratch_folder
from bench.speed import measured_on
from index.errors import UserError
from index.hits import Hit
from index.models.embedding import Embedding
from index.search import search

SEED = 11
MANY_HITS = 500  # of which those of the right article are kept

Row = tuple[str, str, str]  # task, metric, value


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.parts", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--profile", choices=["light", "full"], default="full", help="whose embedding and answers")
    parser.add_argument("--count", type=int, default=200, help="questions of each kind, drawn with a fixed seed")
    parser.add_argument("--only", default="", choices=["", "deciding", "reading"], help="by default both")
    parser.add_argument("--language-model", action=argparse.BooleanOptionalAction, default=True, help="ask it in doubt")
    parser.add_argument("--scratch", type=Path, help="where vectors are kept for the next run; by default nowhere")
    options = parser.parse_args()
    try:
        with scratch_folder(options.scratch) as scratch:
            settings, _, embedding = prepared(options.profile, scratch)
            if not options.language_model:
                settings = replace(settings, answerer="extractive")
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
        for gold in drawn(evaluation.in_index(questions, ground.generation), count):
            confidence, answered = decide(gold, search(gold.question, ground.generation, embedding, HITS))
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
    """The short answer to questions in each language, when search finds nothing but the right article."""
    reader = load_reader(settings, embedding.model_name)
    for name in ("wiki-it", "news-no", "xquad"):
        observations: dict[str, list[Observation]] = {}
        tasks = read_tasks(data / name)
        for articles in dict.fromkeys(task.articles for task in tasks):
            ground = open_ground(articles, settings, embedding)
            asked = [one for task in tasks if task.articles == articles for one in task.questions]
            for gold in drawn([one for one in asked if one.articles], count):
                found = search(gold.question, ground.generation, embedding, MANY_HITS)
                own = evaluation.in_index([gold], ground.generation)[0].articles
                findings = reader.read(gold.question, gold.language, [hit for hit in found if hit.article.id in own])
                said = findings[0].words if findings else ""
                for task in ("all languages", gold.language):
                    observed = observations.setdefault(task, [])
                    observed.append(Observation(ANSWER_F1, own[0], evaluation.f1(said, gold.answers)))
                    observed.append(Observation(EXACT_MATCH, own[0], evaluation.exact_match(said, gold.answers)))
        for task, observed in observations.items():
            for metric in evaluation.summarise(observed):
                yield f"reading, {name}, {task} (n={metric.n})", metric.name, _value(metric)


def _decider(settings: Settings, embedding: Embedding) -> Callable[[GoldQuestion, Sequence[Hit]], tuple[float, bool]]:
    """How surely the articles answer, and whether that is enough; nothing is written."""
    reader = load_reader(settings, embedding.model_name)
    answerer = None
    if settings.answerer == "generative":
        answerer = GenerativeAnswerer(load_language_model(settings))

    def decide(gold: GoldQuestion, hits: Sequence[Hit]) -> tuple[float, bool]:
        best = reader.read(gold.question, gold.language, hits)[0]
        return answerer.decided(gold.question, gold.language, best) if answerer else (best.standing, best.enough)

    return decide


def drawn(questions: Sequence[GoldQuestion], count: int) -> list[GoldQuestion]:
    """At most so many with an answer and so many without, in an order that mixes them."""
    shuffled = random.Random(SEED).sample(questions, len(questions))
    kinds = ([one for one in shuffled if one.answerable is answerable][:count] for answerable in (True, False))
    return [one for pair in zip_longest(*kinds) for one in pair if one is not None]


def _value(metric: Metric) -> str:
    return f"{metric.value:.3f} ({metric.low:.2f}–{metric.high:.2f})"


if __name__ == "__main__":
    main()
