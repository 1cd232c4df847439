"""The fastest right way to run a model on this processor: every candidate tried once, and the verdict kept.

    FOLDER/MODEL-0123456789abcdef.json    one for each model, kind of processor and version of a library

A candidate is tried in a process of its own: what it takes of memory is given back, and what kills it is a refusal.
"""

import hashlib
import json
import logging
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.children import run_offline
from index.locks import alone
from index.models.stages import stage

logger = logging.getLogger(__name__)

# Goes up with every change of what a verdict holds or how it is found.
LADDER = 4
# From such a share of the most tokens a second on, a candidate is as fast: who asks waits for one question.
AS_FAST = 0.8
MEASURES = ("speed", "milliseconds", "agreement", "neighbours")


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a candidate; what does not apply to its kind of model is 0."""

    candidate: str
    speed: float = 0.0  # tokens a second with all cores
    milliseconds: float = 0.0  # for one question
    agreement: float = 0.0  # the lowest cosine to the vectors that are right
    neighbours: float = 0.0  # the share of nearest passages that are the same
    refusal: str = ""  # why it is not to be used
    passing: bool = False  # whether that may be gone at the next start, as a full disk is


@dataclass(frozen=True, slots=True)
class Verdict:
    """All trials of a model on a kind of processor."""

    holds_for: Mapping[str, str]
    measured: str  # the day
    trials: tuple[Trial, ...]

    @property
    def chosen(self) -> str:
        """Of the right candidates about as fast as the fastest the one with the quickest question; "" without any."""
        right = [trial for trial in self.trials if not trial.refusal]
        fast = [trial for trial in right if trial.speed >= AS_FAST * max(one.speed for one in right)]
        return min(fast, key=lambda trial: (trial.milliseconds, -trial.speed)).candidate if fast else ""

    @property
    def refusals(self) -> str:
        """Why the others were not to be used."""
        return "; ".join(f"{trial.candidate} {trial.refusal}" for trial in self.trials if trial.refusal)


def fastest(
    model: str,
    holds_for: Mapping[str, str],
    folder: Path,
    candidates: Sequence[str],
    attempt: Callable[[str], Trial],
    anew: bool = False,
) -> Verdict:
    """The verdict on the model's candidates, tried in their order now unless `folder` holds it already.

    `holds_for` is all on which it depends: processor, library, conversion. One that is damaged or of another version
    is found anew, and so is one that cannot be kept. Two processes do not measure at once.
    """
    key = {"ladder": str(LADDER), **holds_for}
    place = folder / f"{model}-{hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:16]}.json"
    kept = None if anew else read_verdict(place, key, candidates)
    if kept is not None:
        return kept
    with alone(place.with_suffix(".lock")):
        kept = None if anew else read_verdict(place, key, candidates)  # another process may have found it meanwhile
        if kept is not None:
            return kept
        logger.warning("Finding the fastest way to run %s on this processor; this is done once", model)
        today = datetime.now(UTC).date().isoformat()
        verdict = Verdict(key, today, _trials(candidates, attempt))
        _keep(verdict, place)
    return verdict


def _trials(candidates: Sequence[str], attempt: Callable[[str], Trial]) -> tuple[Trial, ...]:
    trials = []
    for number, candidate in enumerate(candidates, 1):
        with stage("trying", number, len(candidates)):
            trials.append(attempt(candidate))
    return tuple(trials)


def read_verdict(place: Path, key: Mapping[str, str], candidates: Sequence[str]) -> Verdict | None:
    """The verdict in the file; None when there is none, or it is damaged or holds for something else."""
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        trials = tuple(_read_trial(trial) for trial in told["trials"])
        verdict = Verdict(told["holds_for"], str(told["measured"]), trials)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    whole = verdict.holds_for == key and [trial.candidate for trial in trials] == list(candidates)
    return verdict if whole else None


def _read_trial(told: Mapping[str, float | str]) -> Trial:
    speed, milliseconds, agreement, neighbours = (float(told[measure]) for measure in MEASURES)
    return Trial(str(told["candidate"]), speed, milliseconds, agreement, neighbours, str(told["refusal"]))


def _keep(verdict: Verdict, place: Path) -> None:
    if any(trial.passing for trial in verdict.trials):
        return
    fresh = place.with_suffix(".new")
    try:
        fresh.write_text(json.dumps(asdict(verdict), indent=1) + "\n", encoding="utf-8")
        fresh.replace(place)
    except OSError as error:
        logger.warning(
            "What was found cannot be kept in %s (%s) and will be sought again at the next start. "
            "Set NEWSDESK_MODELS to a folder that can be written.",
            *(place.parent, error.strerror),
        )


def in_child(candidate: str, module: str, *arguments: str, seconds: float) -> Trial:
    """What the module, run in a process of its own, prints of the candidate; a refusal when that cannot be had.

    It prints the fields of a Trial as JSON in its last line.
    """
    try:
        # Threads that wait take no processor time.
        ended = run_offline(module, *arguments, seconds=seconds, OMP_WAIT_POLICY="passive")
    except subprocess.TimeoutExpired:
        return Trial(candidate, refusal=f"took over {seconds:.0f} seconds")
    if ended.returncode != 0:
        return Trial(candidate, refusal=f"does not run here ({_last_line(ended.stderr, ended.returncode)})")
    try:
        return replace(Trial(candidate), **json.loads(_last_line(ended.stdout, 0)))
    except (ValueError, TypeError):
        return Trial(candidate, refusal="does not run here (its trial said nothing)")


def _last_line(output: str, code: int) -> str:
    last = (output.strip().splitlines() or [f"it ended with code {code}"])[-1]
    return last[:200].rstrip(".") if code else last
