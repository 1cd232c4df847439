"""What a person may get wrong: one sentence that says so, and the index that was there still answers."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import HashingEmbedding, ScriptedAnswerer

from assistant.assistant import Assistant
from assistant.opening import open_assistant
from assistant.settings import read_settings
from index.errors import UserError
from index.generations.manifest import read_manifest, write_manifest
from index.generations.pointer import open_current
from index.rebuild import rebuild
from index.search import search
from ui.cli import newsdesk

BRIDGE = "Engineer Ada Finch led the repair."


@pytest.fixture
def index_dir(folder: Path, tmp_path: Path) -> Path:
    """An index of the three articles."""
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    return tmp_path / "index"


def answers(index_dir: Path) -> bool:
    """Whether the first index is in use and finds what it holds."""
    generation = open_current(index_dir)
    best = search("Who led the repair of the bridge?", generation, HashingEmbedding())[0]
    return (generation.name, best.text) == ("g000001", BRIDGE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: path.mkdir(), "articles holds no files. Put articles"),
        (lambda path: None, "articles does not exist. Give the folder"),
        (lambda path: path.write_text("An article."), "articles is no folder. Give the folder"),
        (lambda path: holding(path, "a.txt", b""), "a.txt: the file is empty"),
        (lambda path: holding(path, "a.txt", b"\x00\x01\x02\xff" * 500), "a.txt: it holds binary content, not text"),
        (lambda path: holding(path, "a.pdf", b"%PDF-1.7"), "a.pdf: "),
    ],
    ids=["empty folder", "no folder", "a file", "0 bytes", "binary", "other kind"],
)
def test_a_folder_without_articles_takes_nothing_away(
    tmp_path: Path, index_dir: Path, make: Callable[[Path], object], sentence: str
) -> None:
    other = tmp_path / "other" / "articles"
    other.parent.mkdir()
    make(other)
    with pytest.raises(UserError, match=sentence):
        rebuild(other, index_dir, HashingEmbedding)
    assert answers(index_dir)


def holding(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir()
    (folder / name).write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize(("free_kilobytes", "days"), [(0, 4_000), (300, 4_000), (300, 20_000), (1500, 4_000)])
def test_a_full_disk_is_one_sentence_and_the_old_index_still_answers(
    folder: Path, free_kilobytes: int, days: int
) -> None:
    """On a file system of a few megabytes that only the child process sees."""
    child = [sys.executable, "-c", FULL_DISK, str(folder), str(free_kilobytes), str(days)]
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", *child],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    sentence, asked, asked_with_room = done.stdout.splitlines()
    assert "the old index stays in use. Free some disk space and run `newsdesk index` again." in sentence
    assert asked == asked_with_room == f"g000001 {BRIDGE}"


FULL_DISK = """
import os, subprocess, sys
from pathlib import Path
from fakes import HashingEmbedding
from index.errors import UserError
from index.generations.pointer import open_current
from index.rebuild import rebuild
from index.search import search

def ask():
    try:
        generation = open_current(disk / "index")
        found = search("Who led the repair of the bridge?", generation, HashingEmbedding())
        return f"{generation.name} {found[0].text}"
    except UserError as error:
        return error

folder, free, days = Path(sys.argv[1]), 1024 * int(sys.argv[2]), int(sys.argv[3])
disk = folder.with_name("disk")
disk.mkdir()
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], check=True)
rebuild(folder, disk / "index", HashingEmbedding)
sentences = (f"On day {day} the tide at Quibble rose {day * 7} cm. " for day in range(days))
(folder / "long.txt").write_text("".join(sentences))
left = os.statvfs(disk)
(disk / "ballast").write_bytes(bytes(left.f_bavail * left.f_frsize - free))
try:
    rebuild(folder, disk / "index", HashingEmbedding)
except UserError as error:
    print(error)
print(ask())
(disk / "ballast").unlink()
print(ask())
"""


@pytest.mark.parametrize("command", [["index", "FOLDER"], ["ask", "Who led the repair?"]])
def test_an_index_dir_that_cannot_be_is_one_sentence(folder: Path, tmp_path: Path, command: list[str]) -> None:
    taken = tmp_path / "taken"
    taken.write_text("my notes")
    words = [str(folder) if word == "FOLDER" else word for word in command]
    with pytest.raises(UserError, match=r"No index can be written to .*taken|There is no index in .*taken yet"):
        newsdesk.main([*words, "--index-dir", str(taken)], standalone_mode=False)
    assert taken.read_text() == "my notes"


def test_an_index_whose_model_is_gone_is_one_sentence(tmp_path: Path) -> None:
    holding(tmp_path / "articles", "a.txt", b"The iron bridge in Marlow reopened on 4 March.")
    mine = HashingEmbedding(str(tmp_path / "models" / "mine"))
    rebuild(tmp_path / "articles", tmp_path / "index", lambda: mine)
    with pytest.raises(UserError, match=r"models/mine' is no folder.* Name the folder of a sentence-transformers"):
        open_assistant(read_settings({"NEWSDESK_PROFILE": "light"}, index_dir=tmp_path / "index"))


def test_a_model_that_is_not_fetched_is_named_with_its_command(index_dir: Path, tmp_path: Path) -> None:
    settings = read_settings({"NEWSDESK_PROFILE": "light"}, index_dir=index_dir)
    path = index_dir / "generations" / "g000001"
    write_manifest(path, replace(read_manifest(path), embedding="multilingual-e5-small"))
    with pytest.raises(UserError, match="Run `newsdesk models fetch multilingual-e5-small`"):
        open_assistant(replace(settings, models_dir=tmp_path / "no-models"))


def test_an_index_rebuilt_with_another_model_is_refused_until_it_is_opened_anew(folder: Path, index_dir: Path) -> None:
    assistant = Assistant(index_dir, open_current(index_dir), HashingEmbedding(), ScriptedAnswerer(BRIDGE))
    rebuild(folder, index_dir, lambda: HashingEmbedding("other"))
    with pytest.raises(UserError, match=r"rebuilt with other\. Start newsdesk again"):
        assistant.ask("Who led the repair of the bridge?")


@pytest.mark.parametrize("command", [["ask", "Who led the repair?"], ["show"], ["show", "bridge.md"]])
def test_a_missing_index_is_one_sentence_that_says_how_to_build_it(tmp_path: Path, command: list[str]) -> None:
    with pytest.raises(UserError, match=r"There is no index in .*nowhere yet\. Build one with `newsdesk index FOLDER`"):
        newsdesk.main([*command, "--index-dir", str(tmp_path / "nowhere")], standalone_mode=False)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("line", "out", "sentence"),
    [
        ("not JSON", "answers.jsonl", "questions.jsonl, line 1: not JSON"),
        ('{"id": "q1"}', "answers.jsonl", 'questions.jsonl, line 1: no "question"'),
        ('{"question": "Who?", "history": "When?"}', "answers.jsonl", '"history" is no list'),
        (
            '{"question": "Who?"}',
            "gone/answers.jsonl",
            "no folder .*gone for the answers. Name another file with --out",
        ),
    ],
)
def test_a_bad_batch_is_one_sentence_before_any_model_is_loaded(
    tmp_path: Path, line: str, out: str, sentence: str
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(line + "\n")
    kept = tmp_path / "answers.jsonl"
    kept.write_text("answers of yesterday\n")
    with pytest.raises(UserError, match=sentence):
        newsdesk.main(["ask", "--batch", str(questions), "--out", str(tmp_path / out)], standalone_mode=False)
    assert kept.read_text() == "answers of yesterday\n"
