"""How far the best sentence stands out, by hand-made rank values."""

from dataclasses import replace

import pytest

from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answers import Draft
from assistant.reading.rules import RuleReader, stands_out
from index.articles import Article
from index.hits import Hit
from index.passages import Passage, Sentence

TEXT = "The ferry ran aground at noon."
PASSAGE = Passage("a.md#0-30", "a.md", 0, 30, TEXT, (Sentence(0, 30),))
HIT = Hit(Article("a.md", "The ferry", TEXT, language="en"), PASSAGE, Sentence(0, 30), 0.8)


def ranked(*values: float, article_count: int = 9) -> list[Hit]:
    """Hits of these rank values, in turn from so many articles."""
    articles = [replace(HIT.article, id=f"{number % article_count}.md") for number in range(len(values))]
    return [replace(HIT, article=article, rank_value=value) for article, value in zip(articles, values, strict=True)]


def test_standing_is_the_best_value_and_its_lead_over_the_crowd() -> None:
    gemma = "embeddinggemma-300m"
    # (0.5 + (0.5 - 0.2)) / 0.5; the nine after the best may tell the same story, and are left out
    assert stands_out(ranked(0.5, *[0.49] * 9, 0.3, 0.1), gemma) == pytest.approx(1.6)
    # too few hits for a crowd: the last one stands for it
    assert stands_out(ranked(0.5, 0.4, 0.4, 0.4, 0.4), gemma) == pytest.approx(1.2)
    assert stands_out(ranked(-9.0), "one nobody has measured") == 1.2


def test_out_of_few_articles_similarity_tells() -> None:
    hits = ranked(0.5, 0.4, 0.3, 0.2, 0.1, article_count=4)
    assert stands_out(hits, "embeddinggemma-300m") == pytest.approx(0.78 / 0.34)  # (0.8 - 0.02) / (0.36 - 0.02)


@pytest.mark.parametrize(
    ("embedding", "best", "answered"),
    [
        ("multilingual-e5-small", 0.13, True),
        ("multilingual-e5-small", 0.08, False),
        ("embeddinggemma-300m", 0.12, False),
        ("one nobody has measured", -1.0, True),
    ],
)
def test_what_does_not_stand_out_is_refused(embedding: str, best: float, answered: bool) -> None:
    question = "When did it run aground?"
    findings = RuleReader(embedding).read(question, "en", ranked(*[best] * 9))
    (draft,) = ExtractiveAnswerer().draft(question, "en", "en", findings)
    assert isinstance(draft, Draft) and draft.answered is answered


@pytest.mark.parametrize(
    ("question", "text", "quoted"),
    [
        ("Who led the repair?", "The bridge reopened on 4 March after Ada Finch led it.", "Ada Finch"),
        ("Who led the repair?", "The bridge reopened on 4 March.", "The bridge reopened on 4 March."),
        (
            "Chi ha riparato il ponte?",
            "Il ponte ha riaperto il 4 Agosto 2024.",
            "Il ponte ha riaperto il 4 Agosto 2024.",
        ),
    ],
)
def test_a_month_is_nobody(question: str, text: str, quoted: str) -> None:
    language = "it" if "ponte" in text else "en"
    article = Article("a.md", "Bridge", text, published="2024-03-05", language=language)
    sentence = Sentence(0, len(text))
    hit = Hit(article, Passage("a.md#0", "a.md", 0, len(text), text, (sentence,)), sentence, 0.8)
    findings = RuleReader("one nobody has measured").read(question, language, [hit])
    (draft,) = ExtractiveAnswerer().draft(question, language, language, findings)
    assert isinstance(draft, Draft) and draft.span
    assert draft.span.text == quoted
