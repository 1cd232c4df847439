"""What a rebuild and an answer take of the machine's memory, whatever the folder holds."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sources import ROOT

from index.children import environment

# Beside the model; a rebuild's own process, without those that read files, which have limits of their own.
MOST_OF_A_REBUILD, MOST_OF_ANSWERS = 2_000, 100  # MB
PROGRAM = """
import resource, sys
from pathlib import Path
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.assistant import Assistant
from fakes import HashingEmbedding
from index.generations.pointer import open_current
from index.filters import Filters
from index.rebuild import rebuild
from ui.record import record, to_json

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before, index_dir = peak(), Path(sys.argv[2])
rebuild(Path(sys.argv[1]), index_dir, HashingEmbedding)
rebuilt = peak()
asking = Assistant(index_dir, open_current(index_dir), HashingEmbedding(), ExtractiveAnswerer())
answers = [asking.ask(sys.argv[3])]  # what is loaded for the first stays for all
warm = peak()
answers += [asking.ask(question) for question in sys.argv[4:]]
print(rebuilt - before, peak() - warm, max(len(to_json(record(one, Filters()))) for one in answers))
"""
QUESTIONS = (
    "Who is the harbour master of Quibble?",
    "What does the end say?",
    "What did the council of Quibble say?",
    "Which articles mention Rufus Thornapple?",
    "What happened in Quibble?",
)
STORY = "The harbour master of Quibble is Rufus Thornapple, said the council. He has been so for 12 years."


def fill(folder: Path) -> None:
    """Files that once took gigabytes: blanks without end, objects without text, an article thousands of times."""
    folder.mkdir()
    (folder / "blank.txt").write_text(f"{STORY}\n" + "\n" * 20_000_000 + "The end says nothing.", encoding="utf-8")
    (folder / "words.txt").write_text("".join(f"{number:x} word{number:x} " for number in range(60_000)) + ".")
    with zipfile.ZipFile(folder / "empty.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("empty.json", "[" + "{}," * 2_000_000 + "{}]")
    copies = (json.dumps({"title": f"Copy {number}", "text": STORY}) for number in range(20_000))
    (folder / "copies.jsonl").write_text("\n".join(copies), encoding="utf-8")
    (folder / "title.json").write_text(json.dumps({"title": "x" * 17_000_000, "text": "Some words about Quibble."}))


@pytest.mark.slow
def test_no_folder_takes_more_than_was_promised(tmp_path: Path) -> None:
    fill(tmp_path / "articles")
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / "articles"), str(tmp_path / "index"), *QUESTIONS]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment(PYTHONPATH=f"{ROOT}:{ROOT / 'tests'}")
    )
    rebuild, answers, longest = map(int, done.stdout.split())
    assert rebuild < MOST_OF_A_REBUILD
    assert answers < MOST_OF_ANSWERS
    assert longest < 200_000
