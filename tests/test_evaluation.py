"""The metrics of a question file, each against a value worked out by hand."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import HashingEmbedding, ScriptedAnswerer

from assistant.answers import Account, Answer, Citation
from assistant.assistant import Assistant
from assistant.evaluation import (
    GoldQuestion,
    Metric,
    Observation,
    auroc,
    evaluate,
    exact_match,
    f1,
    in_index,
    is_right,
    ndcg,
    observe_answer,
    observe_hits,
    read_gold,
    risk_by_coverage,
    summarise,
    tokens,
)
from index.articles import Article
from index.errors import UserError
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.hits import Hit
from index.passages import Passage, Sentence
from ui.cli import newsdesk

LED = "Engineer Ada Finch led the repair."


def hit(article_id: str, text: str, also_in: tuple[str, ...] = ()) -> Hit:
    article = Article(article_id, "", text, "", "en", "", "", "")
    sentence = Sentence(0, len(text))
    passage = Passage("p", article_id, 0, len(text), text, (sentence,))
    return Hit(article, passage, sentence, 0.5, 0.5, also_in)


def observed(gold: GoldQuestion, hits: Sequence[Hit]) -> dict[str, float]:
    return {one.metric: one.value for one in observe_hits(gold, hits)}


@pytest.fixture
def generation(index_dir: Path) -> Generation:
    return open_current(index_dir)


@pytest.mark.parametrize(
    ("relevant", "relevant_count", "value"),
    [
        ([True], 1, 1.0),
        ([False, True], 1, 0.6309),  # 1 / log2(3)
        ([True, False, True], 2, 0.9197),  # (1 + 1 / log2(4)) / (1 + 1 / log2(3)) = 1.5 / 1.6309
        ([True], 2, 0.6131),  # 1 / 1.6309
        ([False] * 10 + [True], 1, 0.0),  # the eleventh is not looked at
        ([True] * 10, 12, 1.0),  # ten places cannot hold more than ten
        ([], 1, 0.0),
    ],
)
def test_ndcg(relevant: list[bool], relevant_count: int, value: float) -> None:
    assert ndcg(relevant, relevant_count) == pytest.approx(value, abs=1e-4)


def test_sentences_of_one_article_take_one_place_in_the_ranking_of_articles() -> None:
    gold = GoldQuestion("1", "?", articles=("b",))
    found = observed(gold, [hit("a", "One."), hit("a", "Two."), hit("a", "Three."), hit("b", "Four.")])
    assert found == {"articles nDCG@10": pytest.approx(0.6309, abs=1e-4), "articles R@5": 1.0}


def test_a_sentence_counts_when_it_holds_a_quote_or_is_part_of_one() -> None:
    gold = GoldQuestion("1", "?", articles=("a",), quotes=("won the\n cup", "He left. He never came back."))
    found = observed(gold, [hit("a", "Rain fell."), hit("a", "Mira  won the cup."), hit("a", "He left.")])
    # Ranks 2 and 3: (0.6309 + 0.5) / 1.6309
    assert found["sentences nDCG@10"] == pytest.approx(0.6934, abs=1e-4)
    assert found["sentences R@5"] == 1.0


def test_a_quote_found_twice_counts_once_and_nested_quotes_are_one() -> None:
    gold = GoldQuestion("1", "?", articles=("a",), quotes=("48", "48 stalls"))
    assert observed(gold, [hit("a", "There are 48 stalls."), hit("a", "All 48 stalls sold out.")]) == {
        "articles nDCG@10": 1.0,
        "articles R@5": 1.0,
        "sentences nDCG@10": 1.0,
        "sentences R@5": 1.0,
    }


def test_a_short_quote_in_another_article_does_not_count_unless_the_sentence_is_copied() -> None:
    gold = GoldQuestion("1", "?", articles=("a",), quotes=("48",))
    assert observed(gold, [hit("b", "48 people came.")])["sentences R@5"] == 0
    assert observed(gold, [hit("b", "There are 48 stalls.", also_in=("a",))])["sentences R@5"] == 1


def test_nothing_is_to_be_found_for_an_unanswerable_question() -> None:
    assert observed(GoldQuestion("1", "?", articles=("a",), answerable=False), [hit("a", "One.")]) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Iron-Bridge!", ["iron", "bridge"]),
        ("l'Università di Pavia", ["universita", "di", "pavia"]),
        ("Der  Straßenbahn", ["strassenbahn"]),
        ("¿Los años 90?", ["anos", "90"]),
        ("1.250 евро", ["1250", "евро"]),
        ("1 250,5", ["1250.5"]),
        ("07", ["7"]),
        ("A", ["a"]),  # nothing else would be left
        ("黑豹队", ["黑", "豹", "队"]),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("said", "answers", "same", "overlap", "right"),
    [
        ("il 6 ottobre 1973", ["October 6, 1973", "6 ottobre 1973"], True, 1.0, True),
        ("Ada Finch", ["Finch"], False, 2 / 3, True),
        ("26 January", ["26 January 2022"], False, 0.8, True),
        ("25 January 2022", ["26 January 2022"], False, 2 / 3, False),  # another day
        ("Boeing", ["Boeing 747"], False, 2 / 3, False),  # the number is missing
        ("3,200 crowns", ["3200 crowns"], True, 1.0, True),
        (LED, ["Finch"], False, 2 / 6, False),  # "the" is dropped: five words against one
        ("", ["Finch"], False, 0.0, False),
        ("Finch", [], False, 0.0, False),
    ],
)
def test_an_answer_against_gold_answers(said: str, answers: list[str], same: bool, overlap: float, right: bool) -> None:
    assert exact_match(said, answers) is same
    assert f1(said, answers) == pytest.approx(overlap)
    assert is_right(said, answers) is right


def test_the_metrics_of_an_answer(generation: Generation) -> None:
    text = generation.article("bridge.md").text
    start = text.index(LED)
    good = Citation(1, "bridge.md", "", "", start, start + len(LED), LED)
    shifted = Citation(2, "bridge.md", "", "", start + 1, start + 1 + len(LED), LED)
    other = Citation(3, "bridge.md", "", "", 0, 9, text[:9])
    gold = GoldQuestion("1", "Who?", articles=("bridge.md",), answers=("Finch",), quotes=("Ada Finch",))
    answer = Answer("Who?", "Who?", "en", True, "", (), "Ada Finch", "", (good, shifted, other), (), "g000001", "x")

    def values(gold: GoldQuestion, answer: Answer) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for one in observe_answer(gold, answer, generation):
            found.setdefault(one.metric, []).append(one.value)
        return found

    assert values(gold, answer) == {
        "answer EM": [0],
        "answer F1": [pytest.approx(2 / 3)],
        "answer F1, answered": [pytest.approx(2 / 3)],
        "right and cited": [1],
        "citation recall": [1],
        "citation precision": [pytest.approx(2 / 3)],
        "quotes as stored": [1, 0, 1],
        "wrong refusals": [0],
        "right to answer or refuse": [1],
    }
    differs = replace(answer, accounts=(Account("9", "", "bridge.md", "", "", "", 3),))  # and supports no statement
    assert values(gold, differs)["citation precision"] == [1]
    elsewhere = values(gold, replace(answer, citations=(other,)))
    assert (elsewhere["right and cited"], elsewhere["citation recall"]) == ([0], [0])
    refused = replace(answer, answered=False, short_answer="", citations=())
    assert values(gold, refused) == {
        "answer EM": [0],
        "answer F1": [0],
        "right and cited": [0],
        "wrong refusals": [1],
        "right to answer or refuse": [0],
    }
    unanswerable = GoldQuestion("2", "Who?", answerable=False)
    assert values(unanswerable, refused) == {"false answers": [0], "right to answer or refuse": [1]}
    assert values(unanswerable, answer)["false answers"] == [1]
    dated = replace(gold, answers=("2024-03-04",), answer_date="2024-03-04", hard=True)
    assert values(dated, replace(answer, answer_date="2024-03-05"))["ISO date exact, hard"] == [0]
    told = values(dated, replace(answer, answer_date="2024-03-04"))
    assert (told["ISO date exact"], told["right and cited"]) == ([1], [1])
    assert "answer EM" not in told  # an ISO day is not how anybody answers


def test_a_metric_is_the_mean_and_its_interval_is_drawn_over_articles() -> None:
    spread = [Observation("answer EM", str(number % 20), number % 2) for number in range(200)]
    together = [Observation("answer EM", "one", number % 2) for number in range(200)]
    (one,), (other,) = summarise(spread), summarise(together)
    assert (one.name, one.value, one.n) == ("answer EM", 0.5, 200)
    # Ten articles of ones, ten of zeros: the standard error is sqrt(0.25 / 20) = 0.112, twice that is 0.22.
    assert one.low == pytest.approx(0.28, abs=0.05) and one.high == pytest.approx(0.72, abs=0.05)
    assert other == Metric("answer EM", 0.5, 0.5, 0.5, 200)  # one article, drawn over and over
    assert summarise(spread) == (one,)


def test_parallel_copies_that_are_not_in_the_index_do_not_count(generation: Generation) -> None:
    gold = GoldQuestion("1", "?", articles=("bridge.md", "de/bridge.md"), quotes=("Ada Finch", "Ada Fink"))
    (fitted,) = in_index([gold], generation)
    assert (fitted.articles, fitted.quotes, fitted.answerable) == (("bridge.md",), ("Ada Finch",), True)


def test_an_article_is_found_in_the_index_of_its_own_sub_folder(generation: Generation) -> None:
    (fitted,) = in_index([GoldQuestion("1", "?", articles=("articles/bridge.md",))], generation)
    assert fitted.articles == ("bridge.md",)


def test_a_question_whose_articles_are_gone_has_no_answer(generation: Generation) -> None:
    here, gone = GoldQuestion("1", "?", articles=("bridge.md",)), GoldQuestion("2", "?", articles=("tower.md",))
    assert [gold.answerable for gold in in_index([here, gone], generation)] == [True, False]
    with pytest.raises(UserError, match="None of the questions' articles"):
        in_index([gone], generation)


def test_a_question_file_is_scored_from_the_question_to_the_citation(generation: Generation, tmp_path: Path) -> None:
    answerer = ScriptedAnswerer("Ada Finch led the repair.")
    assistant = Assistant(tmp_path / "index", generation, HashingEmbedding(), answerer)
    gold = GoldQuestion("1", "Who led the repair of the bridge?", articles=("bridge.md",), quotes=("Ada Finch",))
    values = {metric.name: metric.value for metric in evaluate(assistant, [gold]).metrics}
    assert values["articles nDCG@10"] == values["sentences nDCG@10"] == values["citation recall"] == 1
    assert "answer F1" not in values and "false answers" not in values
    only_found = {metric.name for metric in evaluate(assistant, [gold], retrieve_only=True).metrics}
    assert only_found == {"articles nDCG@10", "articles R@5", "sentences nDCG@10", "sentences R@5"}


def test_a_follow_up_is_asked_with_its_history(generation: Generation, tmp_path: Path) -> None:
    answerer = ScriptedAnswerer("Ada Finch led the repair.")
    assistant = Assistant(tmp_path / "index", generation, HashingEmbedding(), answerer)
    evaluate(assistant, [GoldQuestion("1", "And when?", history=("Who led the repair in Marlow?",))])
    assert answerer.asked == ["And when? (Who led the repair in Marlow?)"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"articles": "a.md"}, "Question q1: \"articles\" is 'a.md'. Write a list of strings."),
        ({"answer_date": "3/5/24"}, "Question q1: \"answer_date\" is '3/5/24'. Write it as YYYY-MM-DD."),
        ({"answerable": "no"}, "Question q1: \"answerable\" is 'no'. Write true or false."),
        ({"history": [1]}, 'Question q1: "history" is [1]. Write a list of strings.'),
    ],
)
def test_a_field_that_cannot_be_used_is_named(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError) as error:
        read_gold({"id": "q1", "question": "?", **fields})
    assert str(error.value) == sentence


def test_a_line_needs_no_more_than_a_question() -> None:
    assert read_gold({"question": "Who?", "answers": None}) == GoldQuestion("Who?", "Who?")
    assert read_gold({"question": "Who?", "near": ["a.md", "b.md"]}).near == "a.md"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [('{"question": 1}\n', 'line 1: no "question"'), ("\n{\n", "line 2: not JSON"), ("\n", "holds no questions")],
)
def test_eval_refuses_a_bad_file_in_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(content)
    ran = CliRunner().invoke(newsdesk, ["eval", str(questions), "--index-dir", str(tmp_path)])
    assert isinstance(ran.exception, UserError) and sentence in str(ran.exception)


@pytest.mark.slow
def test_eval_prints_a_table_and_json(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDESK_PROFILE", "light")
    questions, index_dir = tmp_path / "questions.jsonl", str(tmp_path / "light")
    line = {"question": "Who led the repair?", "articles": ["bridge.md"], "quotes": [LED], "answers": ["Ada Finch"]}
    questions.write_text(json.dumps(line) + "\n")
    runner = CliRunner()
    assert runner.invoke(newsdesk, ["index", str(folder), "--index-dir", index_dir]).exit_code == 0
    table = runner.invoke(newsdesk, ["eval", str(questions), "--index-dir", index_dir])
    assert table.exit_code == 0 and "articles nDCG@10" in table.stdout
    printed = json.loads(runner.invoke(newsdesk, ["eval", str(questions), "--index-dir", index_dir, "--json"]).stdout)
    assert printed["questions"] == 1
    assert {"name": "articles nDCG@10", "value": 1.0, "low": 1.0, "high": 1.0, "n": 1} in printed["metrics"]


def test_risk_grows_as_less_confident_questions_are_answered() -> None:
    confidences, answerable = [3.0, 2.0, 1.0, -math.inf], [True, False, True, False]
    assert risk_by_coverage(confidences, answerable, (0.25, 0.5, 0.75, 1.0)) == pytest.approx((0, 1 / 2, 1 / 3, 1 / 2))
    assert auroc(confidences, answerable) == 0.75  # three of the four pairs are in order


def test_equal_confidence_tells_nothing() -> None:
    assert risk_by_coverage([1.0, 1.0, 1.0, 1.0], [True, False, True, False], (0.25, 1.0)) == (0.5, 0.5)
    assert auroc([1.0, 1.0], [True, False]) == 0.5
