"""The readers' weights, from questions with passages: `make reader ROWS=FILE`.

Trains for hours, on two cores and better behind other work (nice). Stop it at any time: the same command goes on. With
--sets the readers are also measured. What is in ROWS, and under which licences, the cards beside the weights say.
"""

import argparse
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import torch

from assistant.reading.packed import read_card, read_weights
from bench.reader.evaluation import Reading, report
from bench.reader.sequences import load_tokenizer
from bench.reader.training import Plan, kept_weights, steps
from bench.reader.weights import write_weights
from bench.reader.workers import KINDS, Kind, Task, load_reader, run
from index.errors import UserError

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "assistant" / "reading" / "weights"
RATES = {"light": 2e-4, "full": 1e-4}
STEPS = {"light": 8000, "full": 5000}
SMALL_ROWS, SMALL_STEPS = 300, 4
MEASURED = ("wiki-it", "news-no", "unanswerable-en", "xquad")


def main() -> None:
    """Train, write the weights, and measure, one reader after the other."""
    options = _options().parse_args()
    if not options.rows.is_file():
        raise UserError(
            f"There is no file of questions {options.rows}. Name it: --rows FILE, or make reader ROWS=FILE."
        )
    if options.average and not (options.start and options.start.is_file()):
        raise UserError("What should the weights be averaged with? Name it: --start FILE.")
    for kind in [KINDS[options.kind]] if options.kind else KINDS.values():
        folder = options.folder / kind.name
        plan = _plan(kind, folder, options)
        if options.train:
            run(Task(kind, plan, options.rows.resolve(), options.start, SMALL_ROWS if options.small else None))
        file = options.weights / f"{kind.name}.safetensors"
        if steps(folder):
            export(kind, plan, options.rows, file, options.start if options.average else None)
        if options.sets:
            measure(kind, folder, file, options.sets, options.questions, options.threads)


def _options() -> argparse.ArgumentParser:
    description, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(prog="python -m bench.reader", description=description, epilog=rest)
    parser.add_argument("kind", nargs="?", choices=[*KINDS], help="which reader; by default both")
    parser.add_argument("--rows", type=Path, required=True, help="the questions, gzipped JSON (bench/reader/rows.py)")
    parser.add_argument("--folder", type=Path, default=ROOT / ".newsdesk" / "reader", help="what training goes on from")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="the folder that the weights are written to")
    parser.add_argument("--start", type=Path, help="weights to begin with; by default the model's own")
    parser.add_argument(
        "--average", action="store_true", help="write the mean of what was learnt and of --start, which forgets less"
    )
    parser.add_argument("--steps", type=int, help="of each process; more than before makes a finished training go on")
    parser.add_argument("--rate", type=float, help="the highest learning rate")
    parser.add_argument(
        "--cooling", type=float, default=0.4, help="the share of the steps with a falling rate, at the end"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2, help="processes of one thread; other numbers, other weights")
    parser.add_argument("--pause-file", type=Path, help="while this file is there, training stands still")
    parser.add_argument("--small", action="store_true", help="a few rows and steps, to see that it works")
    parser.add_argument("--no-train", dest="train", action="store_false", help="write and measure what is there")
    parser.add_argument("--sets", type=Path, help="a folder with question sets, to measure on")
    parser.add_argument("--questions", type=int, default=300, metavar="N", help="of each set, to measure on")
    parser.add_argument("--threads", type=int, default=1, help="to measure with")
    return parser


def _plan(kind: Kind, folder: Path, options: argparse.Namespace) -> Plan:
    return Plan(
        folder=folder,
        steps=options.steps or (SMALL_STEPS if options.small else STEPS[kind.name]),
        rate=options.rate or RATES[kind.name],
        workers=options.workers,
        seed=options.seed,
        cooling=options.cooling,
        pause=options.pause_file,
    )


def export(kind: Kind, plan: Plan, rows: Path, file: Path, other: Path | None = None) -> None:
    """Write the newest step's weights, or their mean with those in the `other` file, and what they were made of."""
    step, weights = kept_weights(plan.folder)
    if other:
        before = read_weights(other)
        weights = {name: (weight.detach().float() + before[name]) / 2 for name, weight in weights.items()}
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    card = {
        "reader": kind.name,
        "model": kind.model,
        "seed": str(plan.seed),
        "workers": str(plan.workers),
        "steps": f"{step} of {plan.steps}",
        "rate": str(plan.rate),
        "averaged_with": hashlib.sha256(other.read_bytes()).hexdigest() if other else "",
        "rows_sha256": hashlib.sha256(rows.read_bytes()).hexdigest(),
        "commit": commit.stdout.strip(),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    write_weights(weights, card, file)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, {json.dumps(card)}", flush=True)


def measure(kind: Kind, folder: Path, file: Path, sets: Path, count: int, threads: int) -> None:
    """Print how the weights in the file do on the sets."""
    torch.set_num_threads(threads)
    folder.mkdir(parents=True, exist_ok=True)
    reader, given = load_reader(kind, folder, threads=threads)
    reader.put(read_weights(file))
    print(f"{kind.name} reader, {read_card(file)['steps']} steps", flush=True)
    reading = Reading(reader, given, load_tokenizer(kind.model_folder), kind.layout)
    for name in MEASURED:
        for line in report(reading, sets / name, folder.parent, count):
            print(line, flush=True)


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        sys.exit(f"bench.reader: {error}")
