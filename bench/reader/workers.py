"""A reader's processes: started here, each with one thread, ended together."""

import logging
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import torch
import transformers

from assistant.reading.packed import read_weights
from bench.reader.examples import Groups, count_kinds
from bench.reader.frozen import FrozenStates, convert, word_numbers
from bench.reader.learning import Given
from bench.reader.mining import mine
from bench.reader.networks import FullReader, LightReader, load_gemma
from bench.reader.rows import read_rows
from bench.reader.sequences import FULL, LIGHT, Batch, Layout, batches, load_tokenizer, tokenise
from bench.reader.training import Plan, train
from index.errors import UserError
from index.models.weights import cache_folder, installed

log = logging.getLogger(__name__)

BATCH_TOKENS = 2048
# Memory that was freed is kept, not given back to the system and asked for again at every step: three times faster.
ENVIRONMENT = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": str(1 << 33),
    "MALLOC_TOP_PAD_": str(1 << 26),
    "OMP_NUM_THREADS": "1",
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "8192",
    "GLOO_SOCKET_IFNAME": "lo",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A reader: the model that it is made from, and how its tokens are laid out."""

    name: str
    model: str
    layout: Layout

    @property
    def model_folder(self) -> Path:
        """Where the model is; raises UserError when it was not fetched."""
        if found := installed(self.model, cache_folder()):
            return found
        raise UserError(f"{self.model} is not there. Fetch it with `newsdesk models fetch {self.model}`.")


KINDS = {
    kind.name: kind
    for kind in (Kind("light", "multilingual-e5-small", LIGHT), Kind("full", "embeddinggemma-300m", FULL))
}


@dataclass(frozen=True, slots=True)
class Task:
    """What a process is handed; `start` are weights to begin with."""

    kind: Kind
    plan: Plan
    rows: Path
    start: Path | None = None
    limit: int | None = None  # rows that are taken


def run(task: Task) -> None:
    """Train the reader in as many processes as the plan says; when one of them ends badly, so do all."""
    folder = task.plan.folder
    folder.mkdir(parents=True, exist_ok=True)
    meeting = folder / f"meeting-{os.getpid()}"
    processes = [_started(rank, task, meeting) for rank in range(task.plan.workers)]
    try:
        while any(process.poll() is None for process in processes) and not any(process.poll() for process in processes):
            time.sleep(0.2)
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
        codes = [process.wait() for process in processes]
        meeting.unlink(missing_ok=True)
    if any(codes):
        sys.exit(f"bench.reader: a process ended with {codes}. The same command goes on from the newest step.")


def _started(rank: int, task: Task, meeting: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.reader.workers", str(rank)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=os.environ | ENVIRONMENT)
    assert process.stdin is not None
    with process.stdin as handed:
        pickle.dump((task, meeting), handed)
    return process


def work(rank: int, task: Task, meeting: Path) -> None:
    """What each process does, for as long as the one that started it lives."""
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    plan = task.plan
    log_to(plan.folder / "log.txt", rank)
    torch.set_num_threads(1)
    if plan.workers > 1:
        address = f"file://{meeting.resolve()}"
        torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=plan.workers)
    reader, given = load_reader(task.kind, plan.folder, rank)
    if task.start:
        reader.put(read_weights(task.start))
    train(plan, rank, reader, lambda number: _pass(task, number, rank), given)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def load_reader(kind: Kind, folder: Path, rank: int = 0, threads: int = 1) -> tuple[Any, Given]:
    """The reader as its model is before training, and what makes tokens to what it is given."""
    torch.manual_seed(1)
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if kind.name == "light":
        return LightReader(kind.model_folder).train(), word_numbers
    gemma = load_gemma(kind.model_folder)
    file = folder / "frozen.xml"
    if rank == 0 and not file.is_file():
        convert(gemma, file)
    _wait_for(file)
    return FullReader(gemma).train(), FrozenStates(file, threads)


def _pass(task: Task, number: int, rank: int) -> Sequence[Batch]:
    """The batches of a pass, made by the first process and kept for the others and for the next start."""
    file = task.plan.folder / f"pass-{number}.pickle"
    if rank == 0 and not file.is_file():
        scratch = file.with_suffix(".partial")
        scratch.write_bytes(pickle.dumps(make_batches(task, number)))
        scratch.replace(file)
    _wait_for(file)
    made: Sequence[Batch] = pickle.loads(file.read_bytes())
    return made


def make_batches(task: Task, number: int) -> list[Batch]:
    """The batches of a pass over the rows."""
    seed = task.plan.seed
    rows = read_rows(task.rows, task.limit)
    groups = Groups(rows, mine(rows), seed).epoch(number)
    log.info("pass %d: %s", number, count_kinds(groups))
    tokens = tokenise(groups, load_tokenizer(task.kind.model_folder), task.kind.layout)
    made = batches(tokens, BATCH_TOKENS, Random(f"{seed} {number}"))
    log.info("pass %d: %d groups in %d batches", number, len(tokens), len(made))
    return made


def _wait_for(file: Path) -> None:
    while not file.is_file():
        time.sleep(1)


def log_to(file: Path, rank: int) -> None:
    """The first process tells where it stands, in a file and to whoever looks on; the others only what went wrong."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if rank == 0:
        handlers.append(logging.FileHandler(file))
    level = logging.INFO if rank == 0 else logging.ERROR
    logging.basicConfig(level=level, format="%(asctime)s %(message)s", handlers=handlers, force=True)


if __name__ == "__main__":
    work(int(sys.argv[1]), *pickle.load(sys.stdin.buffer))
