"""The reader's training: from rows to groups, batches, steps and weights."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from assistant.reading.packed import read_card, read_weights
from bench.reader import __main__ as command
from bench.reader.changes import another_number, exchanged, shared_stretch, turned
from bench.reader.examples import Group, Groups
from bench.reader.frozen import word_numbers
from bench.reader.learning import chunks, tensors
from bench.reader.mining import mine
from bench.reader.networks import LightReader
from bench.reader.rows import Rows, read_rows
from bench.reader.sequences import Batch, Tokens, batches
from bench.reader.training import Plan, kept_weights, steps, train
from bench.reader.weights import write_weights
from bench.reader.workers import KINDS
from index.errors import UserError
from index.models.weights import cache_folder, installed

ROOT = Path(__file__).resolve().parent.parent

FERRY = "The ferry Alma was launched in Bergen in 1931. It carried ninety passengers across the fjord."
BRIDGE = "The bridge was opened in 1974. Since then the ferry Alma has been a museum in Bergen."
LINES: list[dict[str, Any]] = [
    {"src": "a", "lang": "en", "q": "In which year was the ferry Alma launched?", "ctx": FERRY, "ans": [[41, "1931"]]},
    {"src": "a", "lang": "en", "q": "How many did it carry across the fjord?", "ctx": FERRY, "ans": [[58, "ninety"]]},
    {"src": "a", "lang": "en", "q": "When was the bridge opened?", "ctx": BRIDGE, "ans": [[25, "1974"]]},
    {"src": "a", "lang": "en", "q": "Who paid for the bridge?", "ctx": BRIDGE, "ans": []},
]


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    lines = [line | {"title": "Alma_(ferry)", "un": not line["ans"]} for line in LINES]
    file = tmp_path / "rows.json.gz"
    file.write_bytes(gzip.compress(json.dumps(lines).encode()))
    return file


@pytest.fixture
def rows(rows_file: Path) -> Rows:
    return read_rows(rows_file)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model as small as the reader's can be."""
    torch.manual_seed(3)
    config = BertConfig(vocab_size=60, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(config).save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def sequence(question: list[int], sentence: list[int], words: tuple[int, int] | None) -> Tokens:
    first = len(question) + 3
    ids = np.array([0, *question, 2, 2, *sentence, 2], dtype=np.int32)
    return Tokens(ids, first, len(sentence), ((first + words[0], first + words[1]),) if words else (), 1.0)


# The third and fourth word of the first sentence answer, the second sentence does not.
MEMORISED: Batch = ((sequence([10, 11], [20, 21, 30, 31, 22], (2, 3)), sequence([10, 11], [40, 41, 42], None)),)


def trained(folder: Path, model: Path, step_count: int, cooling: float) -> tuple[int, dict[str, torch.Tensor]]:
    """What so many steps leave, from where the folder stands."""
    torch.manual_seed(5)
    folder.mkdir(exist_ok=True)
    plan = Plan(folder, step_count, 3e-3, workers=1, warming=5, saved_seconds=0, cooling=cooling)
    train(plan, 0, LightReader(model), lambda number: [MEMORISED] * 12, word_numbers)
    return kept_weights(folder)


def test_a_row_is_read_with_its_words_as_characters_of_the_passage(rows: Rows) -> None:
    first = rows.rows[0]
    assert [FERRY[start:end] for start, end in first.spans] == ["1931"]
    assert rows.passages[first.passage].title == "Alma (ferry)"
    assert len(rows.passages) == 2
    assert rows.rows[3].spans == ()


def test_what_is_mined_shares_words_with_the_question_and_is_of_another_passage(rows: Rows) -> None:
    mined = mine(rows)
    # Sentences 0 and 1 are the ferry's, 2 and 3 the bridge's; the fourth names the ferry.
    assert mined.nearest[0].tolist()[:1] == [3]
    assert mined.own[2].tolist() == [0, 1]


def test_a_group_begins_with_the_sentence_that_answers_and_no_other_holds_the_answer(rows: Rows) -> None:
    groups = Groups(rows, mine(rows), seed=1)
    for number in range(20):
        group: Group = groups.group(0, Random(number))
        right, *wrong = group
        assert [right.text[start:end] for start, end in right.spans] == ["1931"]
        assert all(not one.spans for one in wrong)
        assert all("1931" not in one.text for one in wrong if one.kind in ("same", "other"))
    assert [one.kind for one in groups.group(3, Random(0))] == ["person"]


def test_the_same_seed_makes_the_same_groups(rows: Rows) -> None:
    mined = mine(rows)
    assert Groups(rows, mined, 1).epoch(0) == Groups(rows, mined, 1).epoch(0)
    assert Groups(rows, mined, 1).epoch(0) != Groups(rows, mined, 2).epoch(0)


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Who built the Anna Lund?", "In 1931 the Anna Lund was built.", "the Anna Lund"),
        ("大橋在哪一年啟用？", "該座大橋於七月啟用。", "大橋"),
        ("Why?", "Because of the wind.", None),
    ],
)
def test_the_longest_run_of_words_that_both_share_is_found(question: str, sentence: str, words: str | None) -> None:
    stretch = shared_stretch(question, sentence)
    assert (stretch.words if stretch else None) == words


def test_a_name_is_exchanged_and_the_words_that_answer_move_along() -> None:
    text = "The Alma sank in 1931."
    changed = exchanged(text, 4, "Alma", "Kong Harald", ((17, 21),))
    assert changed
    assert changed[0] == "The Kong Harald sank in 1931."
    assert [changed[0][start:end] for start, end in changed[1]] == ["1931"]
    assert exchanged(text, 17, "1931", "1940", ((17, 21),)) is None


def test_another_number_is_written_in_the_digits_of_its_script() -> None:
    changed = another_number("در سال ۱۹۳۱", "", Random(1))
    assert changed and changed != "در سال ۱۹۳۱"
    assert all(digit in "۰۱۲۳۴۵۶۷۸۹" for digit in changed.split()[-1])


@pytest.mark.parametrize(
    ("language", "question", "changed"),
    [
        ("en", "Who was the first captain?", {"Who was not the first captain?", "Who was the last captain?"}),
        ("no", "Hvem vant løpet?", {"Hvem tapte løpet?"}),
        ("zh", "最大的港口在哪里？", {"最小的港口在哪里？"}),
        ("tlh", "nuqneH", {None}),
    ],
)
def test_a_question_is_denied_or_turned_by_its_language(language: str, question: str, changed: set[str | None]) -> None:
    assert {turned(question, "", language, Random(number)) for number in range(30)} == changed


def test_batches_hold_every_group_once_and_about_so_many_tokens() -> None:
    groups = [(sequence([10] * (number % 7), [20] * (1 + number % 11), None),) for number in range(600)]
    made = batches(groups, 100, Random(1))
    assert sum(len(batch) for batch in made) == 600
    assert max(sum(len(one.ids) for group in batch for one in group) for batch in made) <= 100


def test_sequences_of_like_length_go_through_the_network_together_and_none_makes_nothing() -> None:
    tokens = [sequence([10] * length, [20], None) for length in (100, 3, 101, 4)]
    assert next(iter(chunks(tokens * 4)))[:8] == [1, 5, 9, 13, 3, 7, 11, 15]
    assert sum(len(chunk) for chunk in chunks(tokens * 4)) == 16
    assert list(chunks([])) == []


def test_a_memorised_example_is_marked_and_told_from_the_other(tmp_path: Path, model: Path) -> None:
    step, weights = trained(tmp_path / "whole", model, 60, 0.4)
    assert step == 60
    reader = LightReader(model).eval()
    reader.put(weights)
    tokens = list(MEMORISED[0])
    with torch.no_grad():
        marks = reader(*tensors(tokens, word_numbers))
    # Two tokens of question and three marks stand before the sentence: its third and fourth are 7 and 8.
    assert (int(marks.starts[0].argmax()), int(marks.ends[0].argmax())) == (7, 8)
    assert marks.answers[0] > 0 > marks.answers[1]


def test_training_that_was_stopped_goes_on_to_the_same_weights(tmp_path: Path, model: Path) -> None:
    whole = tmp_path / "whole"
    parts = tmp_path / "parts"
    _, at_once = trained(whole, model, 32, 0.0)
    assert trained(parts, model, 16, 0.0)[0] == 16
    assert [place.name for place in steps(parts)] == ["step-00000008", "step-00000016"]
    (parts / "step-00000024.partial").mkdir()  # what a kill leaves while the next step is written
    step, in_parts = trained(parts, model, 32, 0.0)
    assert step == 32
    assert all(torch.equal(at_once[name], in_parts[name]) for name in at_once)


def test_weights_come_back_within_half_a_step_of_each_row(tmp_path: Path) -> None:
    matrix = torch.tensor([[0.5, -2.54, 0.01], [0.0, 0.0, 0.0], [1e-4, 5e-5, -2e-5]])
    bias = torch.tensor([0.1234567, -3.0])
    write_weights({"a": matrix, "b": bias}, {"steps": "3"}, tmp_path / "reader.safetensors")
    back = read_weights(tmp_path / "reader.safetensors")
    step = matrix.abs().amax(dim=1, keepdim=True) / 127
    assert ((back["a"] - matrix).abs() <= step / 2 + 1e-9).all()
    assert torch.equal(back["b"], bias)
    assert read_card(tmp_path / "reader.safetensors") == {"steps": "3"}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["reader.safetensors"]


def test_too_few_batches_for_the_processes_are_refused(tmp_path: Path, model: Path) -> None:
    plan = Plan(tmp_path, 4, 1e-3, workers=2)
    with pytest.raises(UserError, match="1 batches are too few for 2 processes"):
        train(plan, 0, LightReader(model), lambda number: [MEMORISED], word_numbers)


@pytest.mark.slow
def test_the_command_trains_goes_on_and_writes_the_weights(tmp_path: Path) -> None:
    if not installed("multilingual-e5-small", cache_folder()):
        pytest.skip("multilingual-e5-small is not fetched")
    lines = [line | {"ctx": f"Account {number}. {line['ctx']}"} for number in range(40) for line in LINES]
    for line in lines:
        shift = len(line["ctx"].split(". ")[0]) + 2
        line.update(title="Alma", un=not line["ans"], ans=[[at + shift, words] for at, words in line["ans"]])
    rows = tmp_path / "rows.json.gz"
    rows.write_bytes(gzip.compress(json.dumps(lines).encode()))
    command = [sys.executable, "-m", "bench.reader", "light", "--small", "--rows", str(rows)]
    command += ["--folder", str(tmp_path / "training"), "--weights", str(tmp_path / "weights")]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    file = tmp_path / "weights" / "light.safetensors"
    first = read_weights(file)
    assert "step 4 of 4" in (tmp_path / "training" / "light" / "log.txt").read_text()
    subprocess.run([*command, "--steps", "6"], cwd=ROOT, check=True, timeout=300)
    later = read_weights(file)
    assert read_card(file)["steps"] == "6 of 6"
    assert sum(weight.numel() for weight in later.values()) == 21_590_019
    assert any(not torch.equal(first[name], later[name]) for name in first)
    assert file.stat().st_size < 30_000_000


def test_what_was_learnt_can_be_averaged_with_what_it_began_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_weights({"matrix": torch.full((2, 3), 1.0), "bias": torch.full((3,), 4.0)}, {}, tmp_path / "before")
    learnt = {"matrix": torch.full((2, 3), 3.0), "bias": torch.full((3,), 8.0)}
    monkeypatch.setattr(command, "kept_weights", lambda folder: (5, learnt))
    rows = tmp_path / "rows"
    rows.write_bytes(b"")
    plan = Plan(folder=tmp_path, steps=5, rate=1e-4, workers=1, seed=1, cooling=0.5, pause=None)
    command.export(KINDS["light"], plan, rows, tmp_path / "mean", tmp_path / "before")
    mean = read_weights(tmp_path / "mean")
    assert torch.allclose(mean["matrix"], torch.full((2, 3), 2.0)) and torch.allclose(
        mean["bias"], torch.full((3,), 6.0)
    )
    assert read_card(tmp_path / "mean")["averaged_with"]
