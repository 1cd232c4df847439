"""The training of a reader: several processes of one thread each, whose weights are averaged every few steps.

    FOLDER/pass-0.pickle         the batches of each pass over the rows
    FOLDER/step-00000160/        what a step left: weights and moments of each process; the newest whole one counts
    FOLDER/log.txt               where it stands

Killed at any moment it goes on from the newest step that is whole, and does what it would have done.
"""

import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bench.reader.learning import Costs, Given, costs
from bench.reader.sequences import Batch
from index.errors import UserError

log = logging.getLogger(__name__)

AVERAGED_EVERY = 8  # steps
HEADS_FASTER = 4  # times the learning rate of the layers
KEPT = 2  # newest steps on disk


@dataclass(frozen=True, slots=True)
class Plan:
    """How a reader is trained; `steps` of each of the `workers`, the last `cooling` share with a falling rate."""

    folder: Path
    steps: int
    rate: float
    workers: int = 2
    seed: int = 7
    warming: int = 50
    cooling: float = 0.4
    saved_seconds: float = 150
    pause: Path | None = None

    def rate_at(self, step: int) -> float:
        """The learning rate: rising, level, and falling to a fiftieth."""
        left = (self.steps - step) / max(1.0, self.cooling * self.steps)
        return self.rate * min(1.0, (step + 1) / self.warming) * max(0.02, min(1.0, left))


@dataclass
class Progress:
    """What the steps since the last line of the log came to."""

    began: float
    steps: int = 0
    tokens: int = 0
    sums: tuple[float, ...] = (0.0,) * 5

    def add(self, batch: Batch, spent: Costs) -> None:
        """Count one more step."""
        self.steps += 1
        self.tokens += sum(len(one.ids) for group in batch for one in group)
        self.sums = tuple(total + one.item() for total, one in zip(self.sums, (spent.total, *spent), strict=True))


def train(plan: Plan, rank: int, reader: Any, batches: Callable[[int], Sequence[Batch]], given: Given) -> None:
    """Train the reader until the plan's last step; `batches` gives those of a pass, all workers' together."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    optimiser = _optimiser(reader, plan)
    step = restore(plan, rank, reader, optimiser)
    saved = time.monotonic()
    progress = Progress(time.monotonic())
    for batch in _from(step, plan, rank, batches):
        _wait(plan.pause, rank)
        progress.add(batch, _learn(reader, batch, given, optimiser, plan.rate_at(step)))
        step += 1
        if step % AVERAGED_EVERY == 0 or step == plan.steps:
            _average(reader, plan.workers)
            if _agreed(time.monotonic() - saved > plan.saved_seconds or step == plan.steps, plan.workers):
                save(plan, rank, step, reader, optimiser)
                saved = time.monotonic()
        if rank == 0 and (step in (4, 20) or step % 50 == 0):
            _tell(plan, step, progress)
            progress = Progress(time.monotonic())


def _optimiser(reader: Any, plan: Plan) -> torch.optim.Optimizer:
    layers, heads = reader.trained()
    groups = [{"params": [*layers.values()], "times": 1}, {"params": [*heads.values()], "times": HEADS_FASTER}]
    return torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), fused=True)


def _learn(reader: Any, batch: Batch, given: Given, optimiser: torch.optim.Optimizer, rate: float) -> Costs:
    """What the batch cost, before the step that it leads to."""
    spent = costs(reader, batch, given)
    spent.total.backward()  # type: ignore[no-untyped-call]
    for group in optimiser.param_groups:
        group["lr"] = rate * group["times"]
    nn.utils.clip_grad_norm_([weight for group in optimiser.param_groups for weight in group["params"]], 1.0)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return spent


def _from(step: int, plan: Plan, rank: int, batches: Callable[[int], Sequence[Batch]]) -> Iterator[Batch]:
    """This worker's batches from the step to the plan's last, one pass over the rows after the other."""
    left, number = plan.steps - step, 0
    while left > 0:
        every = batches(number)
        mine = every[: len(every) // plan.workers * plan.workers][rank :: plan.workers]
        if not mine:
            raise UserError(f"{len(every)} batches are too few for {plan.workers} processes. Give more questions.")
        yield from mine[step : step + left]
        left -= len(mine[step : step + left])
        step = max(0, step - len(mine))
        number += 1


def _average(reader: Any, workers: int) -> None:
    """Give every worker the mean of all workers' weights."""
    if workers == 1:
        return
    weights = [weight for part in reader.trained() for weight in part.values()]
    with torch.no_grad():
        flat = torch.cat([weight.reshape(-1) for weight in weights])
        torch.distributed.all_reduce(flat)
        flat /= workers
        first = 0
        for weight in weights:
            weight.copy_(flat[first : first + weight.numel()].view_as(weight))
            first += weight.numel()


def _agreed(yes: bool, workers: int) -> bool:
    """What the first worker says, for all."""
    if workers == 1:
        return yes
    said = torch.tensor([float(yes)])
    torch.distributed.broadcast(said, 0)
    return bool(said.item())


def save(plan: Plan, rank: int, step: int, reader: Any, optimiser: torch.optim.Optimizer) -> None:
    """Keep the step: a folder that has its final name only when all workers have written."""
    place = plan.folder / f"step-{step:08}"
    scratch = place.with_suffix(".partial")
    scratch.mkdir(parents=True, exist_ok=True)
    layers, heads = reader.trained()
    torch.save(
        {"weights": layers | heads, "moments": optimiser.state_dict(), "step": step}, scratch / f"worker-{rank}.pt"
    )
    if plan.workers > 1:
        torch.distributed.barrier()
    if rank == 0:
        scratch.rename(place)
        for old in steps(plan.folder)[:-KEPT]:
            shutil.rmtree(old)
    if plan.workers > 1:
        torch.distributed.barrier()


def restore(plan: Plan, rank: int, reader: Any, optimiser: torch.optim.Optimizer) -> int:
    """The step that the reader and its moments are at now: the newest kept one, or 0."""
    kept = steps(plan.folder)
    if not kept:
        return 0
    state = torch.load(kept[-1] / f"worker-{rank}.pt", mmap=True)
    reader.put(state["weights"])
    optimiser.load_state_dict(state["moments"])
    return int(state["step"])


def steps(folder: Path) -> list[Path]:
    """The whole steps that are kept, oldest first."""
    return sorted(place for place in folder.glob("step-*") if place.suffix != ".partial")


def kept_weights(folder: Path) -> tuple[int, dict[str, Tensor]]:
    """The newest step that is kept, and its weights."""
    state = torch.load(steps(folder)[-1] / "worker-0.pt", mmap=True)
    return int(state["step"]), {name: weight.detach().clone() for name, weight in state["weights"].items()}


def _wait(pause: Path | None, rank: int) -> None:
    """Stand still while the file is there."""
    if pause is None or not pause.exists():
        return
    if rank == 0:
        log.info("paused while %s is there", pause)
    while pause.exists():
        time.sleep(1)


def _tell(plan: Plan, step: int, progress: Progress) -> None:
    seconds = time.monotonic() - progress.began
    left = (plan.steps - step) * seconds / progress.steps / 60
    speed = progress.tokens * plan.workers / seconds
    cost, span, answers, others, right = (total / progress.steps for total in progress.sums)
    log.info(
        "step %d of %d, %.0f minutes left, %.0f tokens a second, rate %.1e, cost %.3f: span %.3f, answers %.3f "
        "(%.1f %% right), others %.3f",
        *(step, plan.steps, left, speed, plan.rate_at(step), cost, span, answers, 100 * right, others),
    )
