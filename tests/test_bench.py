"""The parts of the benchmarks that can be wrong without a model: rankings joined, tasks read, the file kept."""

import json
from pathlib import Path

import numpy as np

from bench.__main__ import TITLE, with_part
from bench.peers import by_value, fused
from bench.quality import read_tasks


def test_rankings_are_joined_at_equal_weight() -> None:
    # 7: 1/61 + 1/62, 5: 1/62, 9: 1/61
    assert fused([7, 5], [9, 7]) == [7, 9, 5]
    assert fused([], [3]) == [3]


def test_what_shares_no_word_is_not_ranked() -> None:
    assert by_value(np.array([0.0, 1.5, 2.0, 0.0], dtype=np.float32)) == [2, 1]


def question_set(folder: Path, articles: list[str], languages: list[str]) -> Path:
    for article in articles:
        (folder / "articles" / article).parent.mkdir(parents=True, exist_ok=True)
        (folder / "articles" / article).write_text("Rain fell.\n")
    lines = [json.dumps({"question": "What fell?", "lang": language}) for language in languages]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_questions_of_each_language_are_a_task_over_the_same_articles(tmp_path: Path) -> None:
    tasks = read_tasks(question_set(tmp_path / "wiki", ["a.txt"], ["en", "it", "en"]))
    assert [(task.name, len(task.questions)) for task in tasks] == [("wiki, en", 2), ("wiki, it", 1)]
    assert {task.articles for task in tasks} == {tmp_path / "wiki" / "articles"}


def test_a_folder_for_each_language_is_a_task_of_its_own(tmp_path: Path) -> None:
    tasks = read_tasks(question_set(tmp_path / "x", ["de/a.txt", "en/a.txt"], ["de", "en"]))
    assert [task.articles for task in tasks] == [tmp_path / "x" / "articles" / name for name in ("de", "en")]


def test_a_part_of_the_file_is_replaced_and_the_others_stay() -> None:
    first = with_part(TITLE, "Quality", "| a |\n")
    both = with_part(first, "Speed", "| b |\n\n")
    assert both == f"{TITLE}\n## Quality\n\n| a |\n\n## Speed\n\n| b |\n"
    assert with_part(both, "Quality", "| c |") == f"{TITLE}\n## Quality\n\n| c |\n\n## Speed\n\n| b |\n"
    assert with_part(both, "Speed", "| d |") == f"{TITLE}\n## Quality\n\n| a |\n\n## Speed\n\n| d |\n"
