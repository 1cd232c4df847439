"""Files are read in child processes: a file may end its process, never the rebuild."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from readers import children
from samples import docx, zipped

from index.articles import Article, Skipped
from index.reading import workers
from index.reading.files import list_files
from index.reading.units import read_file
from index.reading.workers import Workers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    return tmp_path / "articles"


def test_files_are_read_as_in_the_process_itself_in_their_order(folder: Path) -> None:
    for number in range(80):
        (folder / f"{number:02}.txt").write_text(f"Headline {number}\n\nThe tide at Quibble rose {number} cm.")
    (folder / "80.md").write_text("---\npublished: soon\n---\nText.")
    (folder / "81.zip").write_bytes(zipped({"a.txt": "Some words.", "b.xyz": "x"}))
    (folder / "82.zip").write_bytes(zipped({}))
    (folder / "two\nlines.txt").write_text("Some words.")
    files = list_files(folder)
    with Workers(folder, len(files)) as readers:
        assert readers.read(files) == [read_file(folder, path) for path in files]
    assert not children()


SLOW = "[" * 1_200_000  # links that markdown-it looks for: many seconds, yet far from the limit of memory


@pytest.mark.slow
def test_reader_that_hangs_costs_its_file_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "UNIT_SECONDS", 4)
    (folder / "a.txt").write_text("Some words.")
    (folder / "b.md").write_text(SLOW)
    (folder / "d.zip").write_bytes(zipped({"e.txt": "Some words.", "f.md": SLOW, "g.txt": "Some words."}))
    (folder / "h.txt").write_text("Some words.")
    with Workers(folder, 4) as readers:
        outcomes = [outcome for of_file in readers.read(list_files(folder)) for outcome in of_file]
        assert len(children()) == 1
    assert not children()
    assert [one.id for one in outcomes if isinstance(one, Article)] == ["a.txt", "d.zip/e.txt", "d.zip/g.txt", "h.txt"]
    assert [one for one in outcomes if isinstance(one, Skipped)] == [
        Skipped("b.md", "reading it took over 4 seconds"),
        Skipped("d.zip/f.md", "reading it took over 4 seconds"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("share", "is_read"), [(0.0, False), (1.0, True)])
def test_seconds_in_which_a_reader_waits_for_a_processor_do_not_count(
    folder: Path, monkeypatch: pytest.MonkeyPatch, share: float, is_read: bool
) -> None:
    monkeypatch.setattr(workers, "UNIT_SECONDS", 1)
    monkeypatch.setattr(workers, "MOST_TIMES", 300)
    monkeypatch.setattr(workers._Worker, "_waited", lambda _: share * time.monotonic())
    (folder / "a.md").write_text(SLOW[:150_000])
    with Workers(folder, 1) as readers:
        [[outcome]] = readers.read(["a.md"])
    assert isinstance(outcome, Article) == is_read


def test_archive_is_read_as_far_as_its_time_allows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "ARCHIVE_SECONDS", 0)
    (folder / "a.zip").write_bytes(zipped({f"{number}.txt": "Some words." for number in range(3)}))
    (folder / "b.txt").write_text("Some words.")
    with Workers(folder, 2) as readers:
        [[first, rest], [article]] = readers.read(["a.zip", "b.txt"])
    assert isinstance(first, Article) and first.id == "a.zip/0.txt"
    assert rest == Skipped("a.zip", "only its first 1 files were read, which took over 0 seconds; unpack it")
    assert isinstance(article, Article)


@pytest.mark.slow
def test_reader_that_grows_costs_its_file_only(folder: Path) -> None:
    paragraphs = "<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_800_000
    (folder / "a.docx").write_bytes(docx(paragraphs))  # 200 KB
    (folder / "b.txt").write_text("Some words.")
    with Workers(folder, 2) as readers:
        [skipped], [article] = readers.read(["a.docx", "b.txt"])
    assert skipped == Skipped("a.docx", "reading it took over 512 MB of memory")
    assert isinstance(article, Article)


@pytest.mark.slow
def test_reader_that_is_killed_costs_its_file_only(folder: Path) -> None:
    (folder / "a.md").write_text(SLOW)
    (folder / "b.txt").write_text("Some words.")
    with Workers(folder, 2) as readers:
        readers.read(["b.txt"])
        [process] = children()
        killer = threading.Timer(1, os.kill, (process, signal.SIGKILL))
        killer.start()
        [skipped], [article] = readers.read(["a.md", "b.txt"])
        killer.join()
    assert skipped == Skipped("a.md", "its reader crashed (SIGKILL)")
    assert isinstance(article, Article)


READING = """
import sys
from pathlib import Path
from index.reading.workers import Workers

with Workers(Path(sys.argv[1]), 1) as readers:
    readers.read(["a.md"])
"""


@pytest.mark.slow
@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGKILL])
def test_reading_that_is_stopped_leaves_no_child_behind(folder: Path, signal_sent: int) -> None:
    (folder / "a.md").write_text(SLOW[:150_000])
    stopped = subprocess.Popen(
        [sys.executable, "-c", READING, str(folder)],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until(lambda: children(stopped.pid))
    readers = children(stopped.pid)
    if signal_sent == signal.SIGINT:
        os.killpg(stopped.pid, signal_sent)  # as a terminal does
    else:
        stopped.kill()
    assert stopped.wait(30) != 0
    wait_until(lambda: not any(Path(f"/proc/{reader}").exists() for reader in readers))


def wait_until(is_so: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_reader_imports_neither_models_nor_stores() -> None:
    heavy = "{'torch', 'chromadb', 'llama_index', 'openvino', 'streamlit', 'trafilatura', 'numpy'}"
    program = f"import sys, index.reading.worker; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
