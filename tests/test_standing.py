"""How the weights of a standing are fitted, on made-up readings."""

import random
import tomllib
from pathlib import Path

import numpy as np
import pytest

from assistant.reading.standing import load_standing
from bench.standing import REFUSED, Reading, carried, choosing, fit, regression, standings, table, written


def readings(count: int = 300) -> list[Reading]:
    """Two sentences of each question; the reader is right about one in two thirds of the questions, a third has none.

    Agreement stands where a sentence does not answer, and the language model knows.
    """
    chance = random.Random(7)
    made = []
    for number in range(count):
        answerable = number % 3 > 0
        right = chance.random() < 0.9
        gold = [answerable and right, answerable and not right]
        rows = [
            {
                "always": 1.0,
                "reader": 2.0 if holds else -2.0 + 2 * chance.random(),
                "rank": float(rank),
                "lead": chance.random(),
                "agreement": 0.0 if holds else 1.0,
            }
            for rank, holds in enumerate(gold)
        ]
        made.append(Reading(str(number), answerable, rows, gold, [1.0, 0.5], 3.0 if any(gold) else -3.0))
    return made


def test_regression_finds_the_chance_behind_what_happened() -> None:
    rows = np.array([[1.0, 0.0]] * 400 + [[1.0, 1.0]] * 400)
    gold = np.array([1.0] * 100 + [0.0] * 300 + [1.0] * 300 + [0.0] * 100)
    always, sign = regression(rows, gold)
    assert always == pytest.approx(np.log(1 / 3), abs=0.15) and sign == pytest.approx(np.log(9), abs=0.3)


def test_the_choice_among_sentences_is_by_what_tells_them_apart() -> None:
    read = readings()
    reader, lead = choosing(read, ["reader", "lead"])
    assert reader > 1 and abs(lead) < 1
    by_rank_alone = choosing(read, ["rank"])
    assert by_rank_alone[0] < -1  # the first of the two is right in nine of ten


def test_a_standing_is_as_likely_as_it_says() -> None:
    read = readings()
    weights = fit(read)["weights"]
    best = [(max(found), any(one.gold)) for one in read for found in [standings(one, weights)]]
    high = [right for value, right in best if value >= 0.5]
    assert len(high) > 100 and np.mean(high) == pytest.approx(
        np.mean([value for value, _ in best if value >= 0.5]), abs=0.1
    )


def test_an_opinion_weighs_as_before_beside_a_standing_of_another_scale() -> None:
    read = readings()
    kept = fit(read)
    steeper = {name: 2 * weight for name, weight in kept["weights"].items()}
    look = carried(kept, steeper, read)
    assert look["standing"] == pytest.approx(kept["second look"]["standing"] / 2, rel=0.01)
    assert look["model"] == kept["second look"]["model"]


def test_what_others_say_never_counts_against_a_sentence() -> None:
    fitted = fit(readings())
    assert isinstance(fitted["weights"], dict)
    assert "agreement" not in fitted["weights"] and fitted["weights"]["reader"] > 0.5


def test_as_many_answerable_questions_are_refused_as_may_be() -> None:
    read = readings()
    fitted = fit(read)
    assert isinstance(fitted["weights"], dict) and isinstance(fitted["least"], float)
    below = [max(standings(one, fitted["weights"])) < fitted["least"] for one in read if one.answerable]
    assert np.mean(below) == pytest.approx(REFUSED, abs=0.01)


def test_what_is_written_is_what_an_answer_loads(tmp_path: Path) -> None:
    fitted = {"full": {"any embedding": fit(readings(), {"lead"}), "some embedding": fit(readings())}}
    (tmp_path / "standing.toml").write_text("\n".join(written(fitted)))
    assert tomllib.loads((tmp_path / "standing.toml").read_text()).keys() == {"full"}
    own, other = (load_standing("full", name, tmp_path / "standing.toml") for name in ("some embedding", "another"))
    assert own.weights.keys() - other.weights.keys() == {"lead"}
    assert own.doubtful[0] < own.least < own.doubtful[1]
    assert own.second_look.model > 0
    surely, hardly = (own.second_look.taken(0.5, log_odds)[0] for log_odds in (3.0, -3.0))
    assert surely > 0.5 > hardly


def test_the_table_tells_what_each_sign_is_worth() -> None:
    lines = list(table({"one set": readings()}, fit(readings())))
    assert lines[2].startswith("| one set | all | 300 | 1.00 | ")
    assert any(line.startswith("| one set | without the reader | 300 | ") for line in lines)
    assert lines[-1].startswith("| 0.")
