"""How far the best sentence stands out, by hand-made rank values."""

from dataclasses import replace

import pytest

from assistant.answerable import standing
from assistant.extractive import ExtractiveAnswerer
from index.articles import Article
from index.passages import Passage, Sentence
from index.search import Hit

TEXT = "The ferry ran aground at noon."
PASSAGE = Passage("a.md#0-30", "a.md", 0, 30, TEXT, (Sentence(0, 30),))
HIT = Hit(Article("a.md", "The ferry", TEXT, language="en"), PASSAGE, Sentence(0, 30), 0.8)


def ranked(*values: float) -> list[Hit]:
    return [replace(HIT, rank_value=value) for value in values]


def test_standing_is_the_best_value_and_its_lead_over_the_crowd() -> None:
    gemma = "embeddinggemma-300m"
    # (0.5 + (0.5 - 0.2)) / 0.5; the nine after the best may tell the same story, and are left out
    assert standing(ranked(0.5, *[0.49] * 9, 0.3, 0.1), gemma) == pytest.approx(1.6)
    # too few hits for a crowd: the last one stands for it
    assert standing(ranked(0.5, 0.4), gemma) == pytest.approx(1.2)
    assert standing(ranked(0.5), gemma) == pytest.approx(1.0)
    assert standing(ranked(-9.0), "one nobody has measured") == 1.0


@pytest.mark.parametrize(
    ("embedding", "best", "answered"),
    [
        ("multilingual-e5-small", 0.12, True),
        ("multilingual-e5-small", 0.08, False),
        ("embeddinggemma-300m", 0.12, False),
        ("one nobody has measured", -1.0, True),
    ],
)
def test_what_does_not_stand_out_is_refused(embedding: str, best: float, answered: bool) -> None:
    (draft,) = ExtractiveAnswerer(embedding).draft("When did it run aground?", "en", ranked(best))
    assert not isinstance(draft, str) and draft.answered is answered
