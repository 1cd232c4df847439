"""Fits `assistant/reading/standing.toml` to question sets: `python -m bench.standing --data FOLDER --scratch FOLDER`.

Each question is searched and its hits are read, as in an answer. What each sign weighs is fitted to choosing, among all
sentences of a question, the one that holds what its author marked (a conditional logit); how likely the chosen one then
is to hold it, by logistic regression on how far it stands. Readings stay in the scratch folder.
"""

import argparse
import json
import math
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant import evaluation
from assistant.answering.generative import GenerativeAnswerer
from assistant.answers import HITS
from assistant.evaluation import GoldQuestion
from assistant.models.chosen import load_language_model
from assistant.reading.loading import BASES, load_network
from assistant.reading.standing import FILE, MOST_LOG_ODDS, NOT_ITS_OWN, load_standing, signs
from assistant.reading.trained import TrainedReader
from assistant.settings import Settings
from assistant.understanding.questions import asked_for
from bench.parts import drawn
from bench.quality import articles_left, open_ground, prepared, read_tasks, scratch_folder
from bench.speed import measured_on
from index.errors import UserError
from index.hits import Hit
from index.languages.detection import detect_language
from index.models.embedding import Embedding
from index.search import search

Array = npt.NDArray[np.float64]
SETS = ("news-no", "wiki-it", "unanswerable-en", "news-when-it")
# What a sentence is chosen by. Similarity and the rank value itself tell nothing more, and make the fit unsteady.
SIGNS = ("reader", "words", "rank", "lead", "agreement")
# Without the one what is left holds for any embedding, since its scale is the embedding's own. The other tells nothing
# beside it, and there is a first sentence whatever was asked.
OWN_SCALE, ANY_SCALE = frozenset({"lead"}), frozenset({"rank"})
NEVER_AGAINST = frozenset({"agreement"})
# Below such log-odds a reader takes a sentence for no answer: looked at, so that hardly an answerable question is lost.
LEAST_ANSWERABLE = {"light": -1.0, "full": -1.5}
RIDGE = 0.01
CHOICE_RIDGE = 0.005
ROUNDS = 40
# A standing that so many answerable questions stay below is not enough; nor, with a language model's opinion, one that
# so many of those that it is asked about do; and it is asked where between these shares of them do.
REFUSED, REFUSED_TOGETHER, ASKED = 0.15, 0.1, (0.11, 0.75)
BINS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)  # of the reliability curve


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was read: the signs of each finding, whether it holds the gold sentence, and its words' F1.

    `log_odds` is a language model's opinion of the finding that stands best so far, None where it was not asked.
    """

    question: str
    answerable: bool
    signs: list[dict[str, float]]
    gold: list[bool]
    f1: list[float]
    log_odds: float | None = None


def main() -> None:
    """Print what was fitted and how well it tells, and write it if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.standing", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that holds the sets")
    parser.add_argument("--profile", choices=["light", "full"], default="full", help="whose embedding and reader")
    parser.add_argument("--count", type=int, default=150, help="questions of each kind and set, with a fixed seed")
    parser.add_argument("--look", action="store_true", help="also ask the language model, whose part else stays")
    parser.add_argument("--scratch", type=Path, help="where vectors and readings are kept; by default nowhere")
    parser.add_argument("--write", action="store_true", help="into assistant/reading/standing.toml")
    options = parser.parse_args()
    try:
        with scratch_folder(options.scratch) as scratch:
            read = readings(options.data, options.profile, options.count, scratch, options.look)
    except UserError as error:
        sys.exit(f"bench.standing: {error}")
    every = [one for some in read.values() for one in some]
    kept = tomllib.loads(FILE.read_text(encoding="utf-8"))
    surely = LEAST_ANSWERABLE[options.profile]
    fitted = {"any embedding": fit(every, OWN_SCALE, surely), BASES[options.profile]: fit(every, ANY_SCALE, surely)}
    if not options.look:
        for name, own in fitted.items():
            own["second look"] = carried(kept[options.profile][name], own["weights"], every)
    print(f"{measured_on()} Profile {options.profile}.\n")
    print("\n".join(table(read, fitted[BASES[options.profile]])))
    if options.write:
        FILE.write_text("\n".join(written(kept | {options.profile: fitted})), encoding="utf-8")


def readings(data: Path, profile: str, count: int, scratch: Path, look: bool) -> dict[str, list[Reading]]:
    """What was read of each set, and of those with removed.txt also without the articles that it names."""
    settings, _, embedding = prepared(profile, scratch)
    found: dict[str, list[Reading]] = {}
    for folder in (data / name for name in SETS if (data / name).is_dir()):
        kinds = {folder.name: folder / "articles"}
        if (folder / "removed.txt").is_file():
            kinds[f"{folder.name}, articles removed"] = articles_left(folder, settings)
        for name, articles in kinds.items():
            file = scratch / f"read-{profile}-{count}-{name.replace(', ', '-').replace(' ', '-')}.jsonl"
            if not file.is_file():
                lines = _read(folder, articles, settings, embedding, count, look)
                file.write_text("".join(f"{json.dumps(asdict(one))}\n" for one in lines), encoding="utf-8")
            found[name] = [Reading(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    return found


def _read(
    folder: Path, articles: Path, settings: Settings, embedding: Embedding, count: int, look: bool
) -> Iterator[Reading]:
    network = load_network(embedding.model_name, settings.models_dir)
    if network is None:
        raise UserError("There is no trained reader. See `newsdesk models` for what it goes on from.")
    reader = TrainedReader(network, load_standing(network.kind, embedding.model_name))
    answerer = GenerativeAnswerer(load_language_model(settings)) if look else None
    ground = open_ground(articles, settings, embedding)
    questions = [gold for task in read_tasks(folder) for gold in task.questions]
    for gold in drawn(evaluation.in_index(questions, ground.generation), count):
        hits = search(gold.question, ground.generation, embedding, HITS)
        findings = reader.unweighed(gold.question, gold.language, hits)
        if not findings:
            continue
        log_odds = None
        if answerer:
            best = reader.read(gold.question, gold.language, hits)[0]
            log_odds = answerer.log_odds(gold.question, gold.language, best.span)
        yield Reading(
            gold.question,
            gold.answerable,
            [signs(one, findings, hits) for one in findings],
            [_holds(gold, one.hit) for one in findings],
            [evaluation.f1(one.words, gold.answers) if gold.answerable else 0.0 for one in findings],
            log_odds,
        )


def _holds(gold: GoldQuestion, hit: Hit) -> bool:
    """Whether the hit is a gold sentence of the question."""
    observed = evaluation.observe_sentences(gold, [(hit.text, (hit.article.id, *hit.also_in))])
    return any(one.value for one in observed)


def fit(read: Sequence[Reading], without: Iterable[str] = (), surely: float = -MOST_LOG_ODDS) -> dict[str, Any]:
    """The weights, what is enough and what is doubtful, as standing.toml holds them."""
    weights = weights_over(read, [name for name in SIGNS if name in read[0].signs[0] and name not in set(without)])
    if against := [name for name in NEVER_AGAINST if weights.get(name, 0.0) < 0]:
        return fit(read, {*without, *against}, surely)
    answerable = [one for one in read if one.answerable]
    least = float(np.quantile([_best(one, weights, surely)[0] for one in answerable], REFUSED))
    doubtful = [float(np.quantile([max(standings(one, weights)) for one in answerable], share)) for share in ASKED]
    asked = [one for one in read if one.log_odds is not None]
    look = _second_look(asked, weights) if asked else {"always": 0.0, "standing": 1.0, "model": 0.0, "least": least}
    return {"least": least, "least answerable": surely, "doubtful": doubtful, "weights": weights, "second look": look}


def carried(kept: Mapping[str, Any], weights: Mapping[str, float], read: Sequence[Reading]) -> dict[str, float]:
    """What a language model's opinion weighed beside the standing that was kept, beside the one of these weights."""
    before, now = ([_log_odds(max(standings(one, some))) for one in read] for some in (kept["weights"], weights))
    slope, height = np.polyfit(now, before, 1).tolist()
    look: dict[str, float] = kept["second look"]
    moved = {"always": look["always"] + look["standing"] * height, "standing": look["standing"] * slope}
    return look | moved


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def standings(one: Reading, weights: Mapping[str, float]) -> list[float]:
    """How likely each finding is to answer."""
    odds = [sum(weight * row[name] for name, weight in weights.items()) for row in one.signs]
    return [1 / (1 + math.exp(-value)) for value in odds]


def _best(one: Reading, weights: Mapping[str, float], surely: float) -> tuple[float, int]:
    """How high the best finding stands, 0 where all have less log-odds than `surely`, and its place."""
    every = standings(one, weights)
    if asked_for(one.question, detect_language(one.question)) in NOT_ITS_OWN:
        return max(every), int(np.argmax(every))
    found = [standing * (row["reader"] >= surely) for standing, row in zip(every, one.signs, strict=True)]
    place = int(np.argmax(found if any(found) else every))
    return found[place], place


def _second_look(read: Sequence[Reading], weights: Mapping[str, float]) -> dict[str, float]:
    """What the language model's opinion of the best finding weighs beside its standing."""
    found = [standings(one, weights) for one in read]
    places = [int(np.argmax(some)) for some in found]
    logits = [_log_odds(some[place]) for some, place in zip(found, places, strict=True)]
    rows = np.array([[1.0, logit, one.log_odds or 0.0] for logit, one in zip(logits, read, strict=True)])
    gold = np.array([one.gold[place] for one, place in zip(read, places, strict=True)], dtype=float)
    always, standing, model = regression(rows, gold).tolist()
    together = 1 / (1 + np.exp(-rows @ np.array([always, standing, model])))
    least = float(np.quantile(together[[one.answerable for one in read]], REFUSED_TOGETHER))
    return {"always": always, "standing": standing, "model": model, "least": least}


def regression(rows: Array, gold: Array) -> Array:
    """The weights of the columns in the log-odds that gold is 1, with a ridge on all but a column of ones."""
    scale = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1.0)
    scaled = rows / scale
    ridge = RIDGE * np.diag((rows.std(axis=0) > 0).astype(float)) + 1e-9 * np.eye(rows.shape[1])
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (chance - gold) / len(gold) + ridge @ weights
        curve = (scaled * (chance * (1 - chance))[:, None]).T @ scaled / len(gold) + ridge
        weights -= np.linalg.solve(curve, slope)
    return weights / scale


def table(read: Mapping[str, Sequence[Reading]], fitted: Mapping[str, Any]) -> Iterator[str]:
    """How well the best finding is chosen and its standing tells, by set; without some of the signs; and how truly."""
    weights, least, surely = fitted["weights"], fitted["least"], fitted["least answerable"]
    yield "| set | signs | n | right sentence first | F1 | AUROC | refused | false answers |"
    yield "|---|---|---|---|---|---|---|---|"
    every = [one for some in read.values() for one in some]
    for name, kept in _ablations([name for name in weights if name != "always"]).items():
        own = weights if name == "all" else weights_over(every, kept)
        limit = float(np.quantile([_best(one, own, surely)[0] for one in every if one.answerable], REFUSED))
        for task, some in read.items():
            told = _row(some, own, surely, least if name == "all" else limit)
            yield f"| {task} | {name} | {len(some)} | {' | '.join(told)} |"
    yield "\n| standing of the best finding | n | of these hold the answer |\n|---|---|---|"
    best = [(max(found), one.gold[int(np.argmax(found))]) for one in every for found in [standings(one, weights)]]
    for low, high in pairwise(BINS):
        inside = [holds for value, holds in best if low <= value < high]
        if inside:
            yield f"| {low} to {high} | {len(inside)} | {np.mean(inside):.2f} |"


def weights_over(read: Sequence[Reading], names: Sequence[str]) -> dict[str, float]:
    """What these signs alone weigh: by how they choose, as steep and high as makes the chosen one's standing true."""
    choice = choosing(read, names)
    rows = [np.array([[row[name] for name in names] for row in one.signs]) @ choice for one in read]
    best = [int(np.argmax(some)) for some in rows]
    gold = np.array([one.gold[place] for one, place in zip(read, best, strict=True)], dtype=float)
    height, slope = regression(np.array([[1.0, float(np.max(some))] for some in rows]), gold).tolist()
    return {"always": height, **dict(zip(names, (slope * choice).tolist(), strict=True))}


def choosing(read: Sequence[Reading], names: Sequence[str]) -> Array:
    """The weights under which the gold sentences are likeliest to be chosen among those of their question.

    A conditional logit (McFadden 1974) by Newton's method; several gold ones of a question count together.
    """
    rows = [np.array([[row[name] for name in names] for row in one.signs]) for one in read if any(one.gold)]
    gold = [np.array(one.gold, dtype=float) for one in read if any(one.gold)]
    scale = np.vstack(rows).std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    weights = np.zeros(len(names))
    for _ in range(ROUNDS):
        slope, curve = CHOICE_RIDGE * weights, CHOICE_RIDGE * np.eye(len(names))
        for some, held in zip(rows, gold, strict=True):
            scaled = some / scale
            values = scaled @ weights
            shares = np.exp(values - values.max())
            shares /= shares.sum()
            wanted = shares * held / (shares * held).sum()
            middle = scaled.T @ shares
            slope += scaled.T @ (shares - wanted) / len(rows)
            curve += ((scaled.T * shares) @ scaled - np.outer(middle, middle)) / len(rows)
        weights -= np.linalg.solve(curve, slope)
    chosen: Array = weights / scale
    return chosen


def _ablations(names: Sequence[str]) -> dict[str, list[str]]:
    """The signs that are left, by what they are without."""
    ranking = {"rank", *OWN_SCALE}
    return {
        "all": list(names),
        "without the reader": [name for name in names if not name.startswith(("reader", "words"))],
        "without the ranking": [name for name in names if name not in ranking],
        "without the lead": [name for name in names if name != "lead"],
        "without agreement": [name for name in names if name != "agreement"],
    }


def _row(read: Sequence[Reading], weights: Mapping[str, float], surely: float, least: float) -> list[str]:
    best = [_best(one, weights, surely) for one in read]
    answerable = [(one, *pair) for one, pair in zip(read, best, strict=True) if one.answerable]
    others = [value for one, (value, _) in zip(read, best, strict=True) if not one.answerable]
    auroc = evaluation.auroc([value for value, _ in best], [one.answerable for one in read]) if others else math.nan
    return [
        f"{np.mean([one.gold[place] for one, _, place in answerable]):.2f}" if answerable else "–",
        f"{np.mean([one.f1[place] for one, _, place in answerable]):.2f}" if answerable else "–",
        f"{auroc:.2f}" if others and answerable else "–",
        f"{np.mean([value < least for _, value, _ in answerable]):.2f}" if answerable else "–",
        f"{np.mean([value >= least for value in others]):.2f}" if others else "–",
    ]


def written(fitted: Mapping[str, Mapping[str, Mapping[str, object]]]) -> Iterator[str]:
    """The lines of standing.toml."""
    yield "# What each sign weighs, and what is enough; made by `python -m bench.standing`, not by hand."
    for reader, embeddings in fitted.items():
        for embedding, own in embeddings.items():
            yield f'\n[{reader}."{embedding}"]'
            parts = {key: value for key, value in own.items() if isinstance(value, dict)}
            yield from (_assigned(key, value) for key, value in own.items() if key not in parts)
            for part, values in parts.items():
                yield f'[{reader}."{embedding}"."{part}"]'
                yield from (_assigned(key, value) for key, value in values.items())
    yield ""


def _assigned(key: str, value: object) -> str:
    numbers = value if isinstance(value, list) else [value]
    told = ", ".join(f"{number:.4f}" for number in numbers)
    return f'"{key}" = [{told}]' if isinstance(value, list) else f'"{key}" = {told}'


if __name__ == "__main__":
    main()
