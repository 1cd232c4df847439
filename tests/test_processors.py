"""The ladder for real: held to older instruction sets, and one index for every way to run a model."""

import json
import subprocess
from pathlib import Path

import pytest

from assistant.settings import read_settings
from index.children import ROOT, command, environment
from index.generations.cache import EmbeddingCache
from index.models import weights
from index.models.ladder import AS_FAST
from index.models.loading import load_embedding
from index.models.processor import described
from index.rebuild import rebuild

pytestmark = pytest.mark.slow

NAME = "multilingual-e5-small"
FIND = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from index.models import weights
from index.models.loading import find_fastest
folder = weights.installed(sys.argv[1], weights.cache_folder())
verdict = find_fastest(folder, sys.argv[1], weights.cache_folder())
print(json.dumps([verdict.chosen, [asdict(trial) for trial in verdict.trials]]))
"""
# What holds OpenVINO and torch to an older processor, and what Linux calls what that needs.
CAPS = {
    "AVX2": ({"ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}, "avx2"),
    "AVX512_CORE": ({"ATEN_CPU_CAPABILITY": "avx512", "MKL_ENABLE_INSTRUCTIONS": "AVX512"}, "avx512bw"),
}
OLDER = ("torch", "openvino f32", "openvino int8")
ASK = """
import json, sys
from pathlib import Path
from assistant.opening import open_assistant
from assistant.settings import read_settings
assistant = open_assistant(read_settings({"NEWSDESK_PROFILE": "light"}, Path(sys.argv[1])))
print(json.dumps([
    [assistant.embedding.backend],
    *([[one.article, one.quote] for one in assistant.ask(question).citations[:1]] for question in sys.argv[2:]),
]))
"""
GOLDEN = [json.loads(line) for line in (ROOT / "tests" / "golden.jsonl").read_text(encoding="utf-8").splitlines()]
TEXTS = ["The ferry left Ancona on 14 May.", "La nave è partita da Ancona il 14 maggio.", "Пором вийшов 14 травня."]


@pytest.fixture(autouse=True)
def _installed() -> None:
    if weights.installed(NAME, weights.cache_folder()) is None:
        pytest.skip(f"`newsdesk models fetch {NAME}` brings the model")


@pytest.mark.parametrize("instructions", CAPS)
def test_on_an_older_processor_a_way_that_runs_there_is_chosen(instructions: str) -> None:
    if CAPS[instructions][1] not in described(Path("/proc/cpuinfo"))[1]:
        pytest.skip(f"this processor has no {instructions}")
    ended = subprocess.run(
        [*command("x")[:2], "-c", FIND, NAME],
        cwd=ROOT,
        env=_held_to(instructions),
        capture_output=True,
        text=True,
        check=True,
    )
    chosen, trials = json.loads(ended.stdout.splitlines()[-1])
    told = {trial["candidate"]: trial for trial in trials}
    assert chosen in OLDER
    assert told["openvino f32"]["agreement"] > 0.9999
    right = [trial for trial in trials if not trial["refusal"]]
    assert told[chosen]["speed"] >= AS_FAST * max(trial["speed"] for trial in right)
    assert told[chosen] in right
    assert told["openvino bf16"]["refusal"]  # does not compile, or is emulated a hundred times slower


def _held_to(instructions: str) -> dict[str, str]:
    return environment(ONEDNN_MAX_CPU_ISA=instructions, **CAPS[instructions][0])


def test_vectors_of_one_way_are_those_of_another_and_not_made_again(tmp_path: Path) -> None:
    cache = weights.cache_folder()
    made, asked = (load_embedding(NAME, cache, way) for way in ("openvino f32", "torch"))
    assert made.identity == asked.identity
    assert ((made.embed_texts(TEXTS) * asked.embed_texts(TEXTS)).sum(axis=1) > 0.999).all()
    first = EmbeddingCache(tmp_path, made, 1)
    first.embed(TEXTS)
    first.close()
    second = EmbeddingCache(tmp_path, asked, 2)
    assert second.missing(TEXTS) == []
    second.close()


def test_one_index_is_asked_alike_on_every_processor(tmp_path: Path) -> None:
    settings = read_settings({"NEWSDESK_PROFILE": "light"}, tmp_path / "index")
    rebuild(ROOT / "corpus", settings.index_dir, lambda: load_embedding(NAME, settings.models_dir))
    made = {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*") if path.is_file()}
    asked = [line for line in GOLDEN if line["answerable"]][:8]
    features = described(Path("/proc/cpuinfo"))[1]
    told = {}
    for cap in ("", *(cap for cap, (_, feature) in CAPS.items() if feature in features)):
        ended = subprocess.run(
            [*command("x")[:2], "-c", ASK, str(settings.index_dir), *(line["question"] for line in asked)],
            cwd=ROOT,
            env=_held_to(cap) if cap else environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        [backend], *told[cap] = json.loads(ended.stdout.splitlines()[-1])
        assert backend in OLDER if cap else backend.startswith("openvino ")
    right = [bool(cited) and cited[0][0] in line["articles"] for cited, line in zip(told[""], asked, strict=True)]
    assert sum(right) >= 5
    # What stands just at a limit may fall to its other side where numbers are rounded otherwise.
    for answers in told.values():
        assert sum(own == other for own, other in zip(answers, told[""], strict=True)) >= len(asked) - 1
    assert made == {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*") if path.is_file()}
