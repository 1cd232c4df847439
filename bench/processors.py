"""Speed by instruction set, as far as this processor goes, as a Markdown table: `python -m bench.processors`.

A row is a process of its own, in which OpenVINO and torch are held to the same instructions. Every way to run a model
is tried as it is once on any machine (index/models/ladder.py), and the row tells of the one that is chosen. Tokens are
counted by processor time, so that what else the machine does hardly counts; milliseconds and seconds are of the clock.
An answer is a finished one over corpus/ in another language than the articles', in the middle of a few: all rows of a
profile ask the same index, made once by whatever is fastest.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from assistant.models.chosen import language_model_verdict
from assistant.opening import embedding_verdict, load_embedding, models_of, open_assistant
from assistant.settings import PROFILES, Settings, read_settings
from bench.speed import CORPUS, ROOT, measured_on
from index.models import weights
from index.models.ladder import Verdict
from index.models.processor import described
from index.rebuild import rebuild

# Each instruction set: what Linux calls the youngest feature that it needs, and what torch knows nearest to it.
SETS = {
    "AVX2": ("avx2", "avx2"),
    "AVX2_VNNI": ("avx_vnni", "avx2"),
    "AVX512_CORE": ("avx512bw", "avx512"),
    "AVX512_CORE_VNNI": ("avx512_vnni", "avx512"),
    "AVX512_CORE_BF16": ("avx512_bf16", "avx512"),
    "AVX512_CORE_AMX": ("amx_tile", "avx512"),
}
HEAD = (
    "| profile | instructions | runs on | tokens/s | torch | ratio | question | agreement | neighbours | written by "
    "| an answer |"
)
QUESTIONS = 5


def main() -> None:
    """Print a row for each instruction set that this processor has, of each profile whose models are here."""
    _, features = described(Path("/proc/cpuinfo"))
    print(f"{measured_on()}\n\n{HEAD}\n{'|---' * HEAD.count(' | ')}|---|", flush=True)
    for profile, names in PROFILES.items():
        if not all(weights.installed(name, weights.cache_folder()) for name in names if name):
            continue
        with tempfile.TemporaryDirectory() as index_dir:
            _run({}, profile, index_dir)
            for instructions, (feature, of_torch) in SETS.items():
                if feature in features:
                    caps = {
                        "ONEDNN_MAX_CPU_ISA": instructions,
                        "ATEN_CPU_CAPABILITY": of_torch,
                        "MKL_ENABLE_INSTRUCTIONS": of_torch.upper(),
                    }
                    _run(caps, profile, index_dir, instructions)


def _run(caps: Mapping[str, str], *arguments: str) -> None:
    """One part of it, in a process of its own."""
    part = [sys.executable, "-m", "bench.processors", *arguments]
    subprocess.run(part, check=True, cwd=ROOT, env={**os.environ, **caps})


def row(settings: Settings, instructions: str) -> str:
    """The row of the instruction set to which this process is held."""
    verdict = embedding_verdict(settings)
    written = written_cell(language_model_verdict(settings))
    answer = f"{answer_seconds(settings):.1f} s"
    return "| " + " | ".join([settings.profile, instructions, *embedding_cells(verdict), written, answer]) + " |"


def answer_seconds(settings: Settings) -> float:
    """What a finished answer takes that has to be put into another language, all models loaded."""
    assistant = open_assistant(settings)
    for model in models_of(assistant):
        model.wait()
    first, *questions = across_languages()
    assistant.ask(first)  # warm-up
    answers = [assistant.ask(question) for question in questions[:QUESTIONS]]
    return statistics.median(answer.timings_ms["total"] for answer in answers if answer.answered) / 1000


def across_languages() -> list[str]:
    """The golden questions that no article of their own language answers."""
    lines = (ROOT / "tests" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    told = [line for line in map(json.loads, lines) if line["answerable"]]
    return [
        line["question"] for line in told if not any(name.startswith(f"{line['lang']}/") for name in line["articles"])
    ]


def embedding_cells(verdict: Verdict) -> list[str]:
    """The way that is chosen, its speed, torch's, their ratio, a question, agreement and neighbours."""
    [torch] = [trial for trial in verdict.trials if trial.candidate == "torch"]
    [used] = [trial for trial in verdict.trials if trial.candidate == verdict.chosen]
    return [
        used.candidate,
        f"{used.speed:,.0f}",
        f"{torch.speed:,.0f}",
        f"{used.speed / torch.speed:.1f}x",
        f"{used.milliseconds:.1f} ms",
        f"{used.agreement:.4f}",
        f"{used.neighbours:.1%}",
    ]


def written_cell(verdict: Verdict | None) -> str:
    """What the language model runs on, and its tokens a second, read and written."""
    chosen = [trial for trial in verdict.trials if trial.candidate == verdict.chosen] if verdict else []
    return f"{chosen[0].candidate}, {chosen[0].speed:,.0f} tokens/s" if chosen else ""


if __name__ == "__main__":
    match sys.argv[1:]:
        case [profile, scratch, *instructions]:
            chosen = read_settings({**os.environ, "NEWSDESK_PROFILE": profile}, Path(scratch))
            if instructions:
                print(row(chosen, instructions[0]), flush=True)
            else:
                rebuild(CORPUS, chosen.index_dir, lambda: load_embedding(chosen))
        case _:
            main()
