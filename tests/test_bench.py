"""The parts of the benchmarks that can be wrong without a model: rankings joined, tasks read, the file kept."""

import gzip
import json
from pathlib import Path

import numpy as np

from bench import days, pages
from bench.__main__ import TITLE, with_part
from bench.pages import share
from bench.processors import embedding_cells, written_cell
from bench.quality import read_tasks
from bench.rankings import by_value, fused
from index.models.ladder import Trial, Verdict


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


def test_a_row_tells_of_the_way_that_is_chosen_beside_torch() -> None:
    torch = Trial("torch", speed=500, milliseconds=90, agreement=1, neighbours=1)
    fast = Trial("openvino bf16", speed=3900, milliseconds=9.94, agreement=0.99986, neighbours=0.992)
    assert embedding_cells(Verdict({}, "2026-11-29", (torch, fast))) == [
        *("openvino bf16", "3,900", "500", "7.8x", "9.9 ms", "0.9999", "99.2%"),
    ]
    assert written_cell(Verdict({}, "2026-11-29", (Trial("rows f32", speed=210.4),))) == "rows f32, 210 tokens/s"
    assert written_cell(None) == ""


def test_pages_are_compared_by_runs_of_four_words() -> None:
    # Of "a b c d", "b c d e" and "c d e f" two are found, and both of these are right; with a capital one is.
    assert share("a b, c d e.", "a b c d e f") == (2 / 3, 1.0)
    assert share("A b, c d e.", "a b c d e f") == (1 / 3, 1 / 2)
    assert share("", "a b c d e f") == (0.0, 0.0)


STORY = "The iron bridge of Malden was closed to lorries on Monday, after engineers had found cracks in its piers."
BODY = f"<article><p>{STORY}</p><p>{STORY[::-1]}</p></article>"
PAGE = f"<html><body><nav><p>Sport and weather</p></nav>{BODY}</body></html>"


def test_pages_are_measured_beside_trafilatura(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "ground-truth.json").write_text(json.dumps({"a": {"articleBody": f"{STORY} {STORY[::-1]}"}}))
    head, ours, theirs = pages.with_gold_text(tmp_path)
    assert head.startswith("| 1 pages with gold text | recall | precision | F1 | ms a page |")
    assert ours.startswith("| newsdesk | 1.000 | 1.000 | 1.000 |") and theirs.startswith("| trafilatura | 1.000 |")


def test_pieces_that_a_text_must_and_must_not_have_are_counted(tmp_path: Path) -> None:
    for folder in ("eval", "cache"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
    (tmp_path / "tests" / "eval" / "a.html").write_text(PAGE)
    (tmp_path / "tests" / "cache" / "b.html").write_text("<title>404 Not Found</title>" + PAGE)
    told = {"https://wren.example/a": {"file": "a.html", "with": ["found cracks", "a boat"], "without": ["Sport"]}}
    (tmp_path / "tests" / "evaldata.json").write_text(json.dumps(told))
    head, ours, *_, count, lost = pages.annotated(tmp_path)
    assert head.startswith("| 1 annotated pages |") and ours.startswith("| newsdesk | 0.500 | 1.000 | 0.667 |")
    assert "1 of 2 pages lose" in count and "1 are skipped" in count and lost == "b.html*"


def test_days_are_counted_by_language(tmp_path: Path) -> None:
    for name in days.LANGUAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "DateParser.json").write_text("[]")
    resolved = [{"Value": {"PastResolution": {"date": "2024-03-05"}}}]
    cases = [
        {"Input": text, "Context": {"ReferenceDateTime": "2024-03-06T00:00:00"}, "Results": resolved}
        for text in ("It sank yesterday.", "It sank on 7 March 2024.", "It sank once.")
    ]
    (tmp_path / "English" / "DateParser.json").write_text(json.dumps([*cases, {"Input": "now", "Results": []}]))
    rows = "\n".join(days.table(tmp_path)).splitlines()
    assert "| English | 3 | 1 | 1 | 1 |" in rows and rows[-1] == "| all | 3 | 1 | 1 | 1 |"
    assert list(days.shown(tmp_path, days.UNREAD)) == ["en 2024-03-06 'It sank once.' ['2024-03-05'] []"]
