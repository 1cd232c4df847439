"""The fastest right way to run a model: found once, remembered, and never a wrong one."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.models.loading import usable
from index import children
from index.children import ROOT, command, environment
from index.errors import UserError
from index.models import loading, trial
from index.models.embedding import Embedding
from index.models.ladder import Trial, Verdict, fastest, in_child
from index.models.llama_index_form import LlamaIndexEmbedding
from index.models.processor import described
from index.vectors import Vectors

KEY = {"processor": "x86_64 some processor avx2", "openvino": "1"}
TORCH = Trial("torch", speed=500)
FLOAT32 = Trial("openvino f32", speed=2000, agreement=1.0, neighbours=1.0)
BFLOAT16 = Trial("openvino bf16", speed=4000, agreement=0.9992, neighbours=0.98)


def trying(*trials: Trial) -> tuple[list[str], Callable[[str], Trial]]:
    """What was tried so far, and attempts that end as told."""
    tried: list[str] = []

    def attempt(candidate: str) -> Trial:
        tried.append(candidate)
        return next(trial for trial in trials if trial.candidate == candidate)

    return tried, attempt


def found(folder: Path, *trials: Trial, anew: bool = False) -> tuple[Verdict, list[str]]:
    tried, attempt = trying(*trials)
    return fastest("some-model", KEY, folder, [trial.candidate for trial in trials], attempt, anew), tried


@pytest.mark.parametrize(
    ("trials", "chosen"),
    [
        ((TORCH, FLOAT32, BFLOAT16), "openvino bf16"),
        ((TORCH, FLOAT32, Trial("openvino bf16", speed=4000, refusal="disagrees with torch")), "openvino f32"),
        ((TORCH, Trial("openvino f32", refusal="does not run here"), BFLOAT16), "openvino bf16"),
        ((TORCH, Trial("openvino f32", speed=400), Trial("openvino bf16", refusal="is slower")), "torch"),
        (
            (Trial("torch", speed=500, milliseconds=180), Trial("openvino f32", speed=430, milliseconds=45)),
            "openvino f32",
        ),
        ((Trial("torch", speed=500, milliseconds=50), Trial("openvino f32", speed=390, milliseconds=45)), "torch"),
    ],
)
def test_the_fastest_that_is_right_is_chosen(tmp_path: Path, trials: tuple[Trial, ...], chosen: str) -> None:
    verdict, tried = found(tmp_path, *trials)
    assert verdict.chosen == chosen
    assert tried == [trial.candidate for trial in trials]


def test_a_verdict_is_found_once_refusals_included(tmp_path: Path) -> None:
    refused = Trial("openvino bf16", refusal="disagrees with torch (cosine 0.9000)")
    first, _ = found(tmp_path, TORCH, FLOAT32, refused)
    again, tried = found(tmp_path, TORCH, FLOAT32, BFLOAT16)
    assert (again, tried) == (first, [])
    assert again.refusals == "openvino bf16 disagrees with torch (cosine 0.9000)"
    anew, tried = found(tmp_path, TORCH, FLOAT32, BFLOAT16, anew=True)
    assert (anew.chosen, len(tried)) == ("openvino bf16", 3)


def test_a_verdict_holds_for_one_processor_and_one_library(tmp_path: Path) -> None:
    found(tmp_path, TORCH)
    tried, attempt = trying(TORCH)
    for other in ({**KEY, "processor": "x86_64 another"}, {**KEY, "openvino": "2"}):
        fastest("some-model", other, tmp_path, ["torch"], attempt)
    assert tried == ["torch", "torch"]
    assert len(list(tmp_path.glob("some-model-*.json"))) == 3


def damaged(told: dict[str, Any], **others: object) -> bytes:
    """The verdict with these fields of its one trial put otherwise."""
    return json.dumps({**told, "trials": [{**told["trials"][0], **others}]}).encode()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"{",
        lambda _: b"[]",
        lambda _: b"\xff\x00\x81" * 100,
        lambda told: json.dumps(told).encode()[:-40],
        lambda told: json.dumps({**told, "trials": 3}).encode(),
        lambda told: json.dumps({**told, "trials": []}).encode(),
        lambda told: json.dumps({**told, "holds_for": {**told["holds_for"], "ladder": "0"}}).encode(),
        lambda told: damaged(told, candidate="a way that is no more"),
        lambda told: damaged(told, speed="fast"),
        lambda told: damaged(told, agreement=None),
        lambda told: damaged(told, speed=10**400),
        lambda _: b"[" * 100_000,
    ],
)
def test_a_verdict_that_is_damaged_or_of_another_version_is_found_anew(
    tmp_path: Path, damage: Callable[[dict[str, Any]], bytes]
) -> None:
    found(tmp_path, TORCH)
    [place] = tmp_path.glob("*.json")
    place.write_bytes(damage(json.loads(place.read_text())))
    verdict, tried = found(tmp_path, TORCH)
    assert (verdict.chosen, tried) == ("torch", ["torch"])
    assert json.loads(place.read_text())["trials"][0]["candidate"] == "torch"


def test_that_nothing_is_right_is_remembered_too(tmp_path: Path) -> None:
    refused = Trial("torch", refusal="does not run here")
    for tried in (["torch"], []):
        verdict, now = found(tmp_path, refused)
        assert (verdict.chosen, now) == ("", tried)


def test_what_a_full_disk_refused_is_tried_again(tmp_path: Path) -> None:
    found(tmp_path, TORCH, Trial("openvino f32", refusal="cannot be converted (no space)", passing=True))
    verdict, tried = found(tmp_path, TORCH, FLOAT32)
    assert (verdict.chosen, len(tried)) == ("openvino f32", 2)


def test_a_verdict_that_cannot_be_kept_holds_and_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    verdict, tried = found(tmp_path / "file", TORCH, FLOAT32)
    assert (verdict.chosen, len(tried)) == ("openvino f32", 2)
    assert "cannot be kept" in caplog.text
    assert "Set NEWSDESK_MODELS" in caplog.text


def test_two_that_seek_at_once_try_each_candidate_once(tmp_path: Path) -> None:
    tried: list[str] = []
    begun = threading.Event()

    def attempt(candidate: str) -> Trial:
        tried.append(candidate)
        begun.set()
        threading.Event().wait(0.3)
        return TORCH

    verdicts: list[Verdict] = []
    seek = lambda: verdicts.append(fastest("some-model", KEY, tmp_path, ["torch"], attempt))  # noqa: E731
    first, second = threading.Thread(target=seek), threading.Thread(target=seek)
    first.start()
    begun.wait(5)
    second.start()
    first.join(10)
    second.join(10)
    assert [verdict.chosen for verdict in verdicts] == ["torch", "torch"]
    assert tried == ["torch"]


SEEK = """
import sys, time
from pathlib import Path
from index.models.ladder import Trial, fastest

def attempt(candidate):
    with open(sys.argv[2], "a") as tried:
        tried.write(candidate + " ")
    time.sleep(0.5)
    return Trial(candidate, speed=1)

print(fastest("some-model", {"processor": "x"}, Path(sys.argv[1]), ["torch", "openvino f32"], attempt).measured)
"""


def test_two_processes_that_seek_at_once_try_each_candidate_once(tmp_path: Path) -> None:
    seek = [*command("x")[:2], "-c", SEEK, str(tmp_path / "verdicts"), str(tmp_path / "tried")]
    both = [
        subprocess.Popen(seek, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=60) for process in both]
    assert told[0][0] == told[1][0] != ""
    assert (tmp_path / "tried").read_text() == "torch openvino f32 "
    assert not any("Traceback" in errors for _, errors in told)


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("raise RuntimeError('no kernel for bfloat16')", "does not run here (RuntimeError: no kernel for bfloat16)"),
        ("import os; os.abort()", "does not run here (it ended with code -6)"),
        ("import time; time.sleep(60)", "took over 2 seconds"),
        ("print('hello')", "does not run here (its trial said nothing)"),
        ("print('loading'); print('{\"speed\": 3}')", ""),
    ],
)
def test_what_a_trial_does_to_its_process_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, refusal: str
) -> None:
    (tmp_path / "tried.py").write_text(code)
    monkeypatch.setattr(
        children, "offline_command", lambda module, *_: [sys.executable, str(tmp_path / f"{module}.py")]
    )
    ended = in_child("some way", "tried", seconds=2)
    assert (ended.candidate, ended.refusal) == ("some way", refusal)
    assert ended.speed == (0 if refusal else 3)


class Turned:
    """Vectors by a text's length; a part of each points elsewhere."""

    def __init__(self, share: float, burnt_seconds: float = 0.0) -> None:
        self.prompts: dict[str, str] = {}
        self.dimension = 8
        self._share, self._burnt = share, burnt_seconds

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def encode(self, texts: Sequence[str]) -> Vectors:
        began = time.process_time()
        while time.process_time() - began < self._burnt:
            pass
        vectors = np.stack([np.random.default_rng(len(text)).standard_normal(8) for text in texts])
        vectors += self._share * np.stack([np.random.default_rng(99 + len(text)).standard_normal(8) for text in texts])
        unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit


def test_an_encoder_is_held_to_torchs_vectors_and_neighbours(tmp_path: Path) -> None:
    reference = tmp_path / "reference.npy"
    torch = trial.attempt(Turned(0), "torch", reference, 0)
    same = trial.attempt(Turned(0.001), "openvino bf16", reference, 0)
    other = trial.attempt(Turned(0.5), "openvino f16", reference, 0)
    assert "refusal" not in torch | same
    assert same["agreement"] > 0.9999  # type: ignore[operator]
    assert same["neighbours"] == 1
    assert str(other["refusal"]).startswith("disagrees with torch (cosine 0.")


def test_an_encoder_of_numbers_that_are_none_disagrees() -> None:
    right = Turned(0).encode(["a", "bb", "ccc"])
    assert "disagrees" in str(trial.compared(right * np.float32("nan"), right, 1)["refusal"])
    assert trial.compared(right[:, :4], right, 1)["refusal"] == "gives 4 dimensions where torch gives 8"


def test_an_encoder_far_slower_than_torch_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "GRACE_SECONDS", 0.2)
    ended = trial.attempt(Turned(0, burnt_seconds=0.3), "openvino bf16", tmp_path / "none.npy", 100_000)
    assert ended == {"refusal": "is slower than torch (under 100,000 tokens a second)"}


@pytest.mark.parametrize(
    ("listing", "name", "features"),
    [
        ("model name\t: AMD EPYC\nflags\t\t: fpu avx2 avx512_bf16 rdrand\n", "AMD EPYC", ["avx2", "avx512_bf16"]),
        ("processor\t: 0\nFeatures\t: fp asimd i8mm bf16\nprocessor\t: 1\n", "", ["asimd", "bf16", "i8mm"]),
    ],
)
def test_a_processor_is_known_by_what_multiplies(tmp_path: Path, listing: str, name: str, features: list[str]) -> None:
    (tmp_path / "cpuinfo").write_text(listing)
    told, read = described(tmp_path / "cpuinfo")
    assert read == features
    assert told.endswith(name)


def test_a_processor_of_which_nothing_is_told_is_known_by_its_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.node", lambda: "desk-7")
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 20)
    for listing in (tmp_path / "nothing", tmp_path / "noise", tmp_path):
        told, features = described(listing)
        assert told.endswith(" of desk-7")
        assert features == []


def test_vectors_are_the_same_model_s_whatever_runs_it() -> None:
    one = Embedding(Turned(0), "some-model", "openvino bf16", weights="0123")
    other = Embedding(Turned(0), "some-model", "torch", weights="0123")
    retrained = Embedding(Turned(0), "some-model", "torch", weights="4567")
    assert one.identity == other.identity
    assert one.identity != retrained.identity


def test_llama_index_gets_the_same_vectors() -> None:
    embedding = Embedding(Turned(0), "some-model", "torch")
    form = LlamaIndexEmbedding(embedding)
    assert form.get_query_embedding("ship") == pytest.approx(embedding.embed_query("ship").tolist())
    assert form.get_text_embedding_batch(["a", "bc"]) == [
        pytest.approx(vector) for vector in embedding.embed_texts(["a", "bc"]).tolist()
    ]


def test_weights_are_known_by_their_content(tmp_path: Path) -> None:
    for name, content in (("one", b"weights"), ("copy", b"weights"), ("retrained", b"Weights")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.safetensors").write_bytes(content)
    one, copy, retrained = (loading.weights_digest(tmp_path / name) for name in ("one", "copy", "retrained"))
    assert one == copy
    assert one != retrained


def test_a_language_model_that_no_way_runs_is_one_sentence_and_one_that_reads_wrongly_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fails = Trial("groups f32", refusal="does not run here (no kernel)")
    with pytest.raises(UserError, match=r"cannot be run here: .*no kernel.* or use --answerer extractive\."):
        usable(Verdict(KEY, "2026-11-29", (fails,)), "some-model")
    wrong = Trial("groups f32", speed=50, agreement=0.25, refusal="reads wrongly (212 not found)")
    assert usable(Verdict(KEY, "2026-11-29", (wrong, fails)), "some-model") == "groups f32"
    assert "some-model reads wrongly however it is run here" in caplog.text
    fast = Trial("rows f32", speed=90, agreement=1)
    assert usable(Verdict(KEY, "2026-11-29", (wrong, fast)), "some-model") == "rows f32"
