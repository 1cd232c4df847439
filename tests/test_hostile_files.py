"""Whatever lies in the folder: every file is read or skipped with its reason, within its limits, and nothing else."""

import ctypes
import json
import os
import random
import re
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from bad_files import SECRET, WORDS, Bad, bad_files, book, opendocument
from fakes import HashingEmbedding
from readers import children
from samples import crawled, docx, paragraph, pdf, workbook, zipped

from index.articles import Article, Skipped
from index.generations.generation import Generation
from index.generations.pointer import open_current
from index.reading.readers.kinds import READERS
from index.reading.worker import GROWTH_MEGABYTES, UNIT_SECONDS
from index.reading.workers import Workers
from index.rebuild import rebuild

CLASSES = bad_files()
MORE = "more of its parts cannot be read"
LATE = f"reading it took over {UNIT_SECONDS} seconds"


def good_of(kind: str) -> str:
    """The article beside the bad files of a class."""
    return f"The harbour at {kind.replace(' ', '')} was dredged in spring, and forty boats came back to it."


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave in its child process, the processor time of that, and the most memory of the child."""

    outcomes: list[Article | Skipped]
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A folder of bad files, rebuilt: what became of each, and which connections were tried meanwhile."""

    files: dict[str, list[Bad]]
    generation: Generation
    readings: dict[str, Reading]
    calls: str
    was_asked: bool


# Put before a child's own imports: it writes down whatever Python would do to reach another process or machine.
WATCH = """
import os, sys
watched = ("socket.connect", "socket.get", "socket.send", "subprocess.", "os.system", "os.exec", "os.posix_spawn")
log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
if "index.reading.worker" in sys.orig_argv:
    os.write(log, b"watched\\n")

    def note(event, told):
        # What reads pictures and old Word documents, where it is installed; it can reach nobody either.
        is_reading = event == "subprocess.Popen" and os.path.basename(told[0]) in ("tesseract", "catdoc", "antiword")
        if event.startswith(watched) and not is_reading:
            os.write(log, event.encode() + b"\\n")

    sys.addaudithook(note)
"""


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Rebuilt]]:
    """The quick or the heavy files of every class, each in a folder of its class beside a good article, rebuilt."""
    with socket.create_server(("127.0.0.1", 0)) as sink:
        sink.setblocking(False)
        yield cache(lambda part: _rebuilt(tmp_path_factory.mktemp(part), part == "heavy", sink))


def _rebuilt(scratch: Path, heavy: bool, sink: socket.socket) -> Rebuilt:
    folder, secret, log = scratch / "articles", scratch / "secret.txt", scratch / "calls"
    secret.write_text(SECRET)
    (scratch / "sitecustomize.py").write_text(WATCH.format(log=str(log)))
    files: dict[str, list[Bad]] = {}
    by_path: dict[str, Bad] = {}
    for kind, every in bad_files(f"http://127.0.0.1:{sink.getsockname()[1]}", secret).items():
        if some := [bad for bad in every if bad.heavy == heavy]:
            (folder / kind).mkdir(parents=True)
            (folder / kind / "good article.txt").write_text(good_of(kind))
            for bad in some:
                bad.write(folder / kind)
            files[kind] = some
            by_path |= {f"{kind}/{bad.name}": bad for bad in some}
    readings: dict[str, Reading] = {}
    read = Workers.read

    def read_each(workers: Workers, paths: Sequence[str]) -> list[list[Article | Skipped]]:
        for path in paths:
            if (bad := by_path.get(path)) and bad.meddle:
                bad.meddle(folder / path)
            readings[path] = _measured(lambda path=path: read(workers, [path])[0])  # type: ignore[misc]
        return [readings[path].outcomes for path in paths]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workers, "read", read_each)
        patch.setenv("PYTHONPATH", f"{scratch}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
        rebuild(folder, scratch / "index", HashingEmbedding)
    try:
        sink.accept()
        was_asked = True
    except BlockingIOError:
        was_asked = False
    return Rebuilt(files, open_current(scratch / "index"), readings, log.read_text(), was_asked)


def _measured(read: Callable[[], list[Article | Skipped]]) -> Reading:
    before = {child: _processor_seconds(child) for child in children()}
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    for child in before:
        Path(f"/proc/{child}/clear_refs").write_text("5", encoding="utf-8")  # its peak is from now on
    # Not RUSAGE_CHILDREN's: that begins at what this process has, which a child shares until it runs its own program.
    peaks, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peaks.extend(map(_peak_megabytes, children()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        outcomes = read()
    finally:
        done.set()
        watcher.join()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = now.ru_utime + now.ru_stime - ended.ru_utime - ended.ru_stime
    alive = children()
    seconds += sum(_processor_seconds(child) for child in alive)
    seconds -= sum(before.values())
    return Reading(outcomes, seconds, max(peaks + [_peak_megabytes(child) for child in alive]))


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_megabytes(process: int) -> float:
    """0 of one that has ended."""
    try:
        _, found, peak = Path(f"/proc/{process}/status").read_text(encoding="utf-8").partition("VmHWM:")
    except OSError:
        return 0.0
    return int(peak.split()[0]) / 1000 if found else 0.0


def test_there_are_hundreds_of_bad_files_in_more_than_fifteen_classes() -> None:
    counts = {kind: len({bad.name for bad in files}) for kind, files in CLASSES.items()}
    print(counts)
    assert len(counts) >= 15 and sum(counts.values()) >= 450 and min(counts.values()) >= 10
    assert counts == {kind: len(files) for kind, files in CLASSES.items()}
    assert all(bad.reason or bad.text for files in CLASSES.values() for bad in files)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "kind"),
    [
        (part, kind)
        for part in ("quick", "heavy")
        for kind, files in CLASSES.items()
        if any(bad.heavy == (part == "heavy") for bad in files)
    ],
)
def test_every_bad_file_is_indexed_or_skipped_as_it_must_be(
    rebuilt: Callable[[str], Rebuilt], part: str, kind: str
) -> None:
    done = rebuilt(part)
    for bad in done.files[kind]:
        reading = done.readings[f"{kind}/{bad.name}"]
        articles = [one for one in reading.outcomes if isinstance(one, Article)]
        reasons = [one.reason for one in reading.outcomes if isinstance(one, Skipped) and not one.reason.endswith(MORE)]
        seen = (bad.name, [one.text[:80] for one in articles], reasons)
        assert reading.seconds <= UNIT_SECONDS + 2 and reading.megabytes <= GROWTH_MEGABYTES + 60, (
            seen,
            reading.seconds,
        )
        if bad.heavy and reasons == [LATE]:  # the limit is by the clock, which a busy machine may reach
            continue
        assert bool(articles) == bool(bad.text) and all(bad.text in one.text for one in articles), seen
        assert bool(reasons) == bool(bad.reason) and all(bad.reason in reason for reason in reasons), seen


@pytest.mark.slow
@pytest.mark.parametrize("part", ["quick", "heavy"])
def test_all_that_was_found_is_indexed_a_duplicate_or_skipped(rebuilt: Callable[[str], Rebuilt], part: str) -> None:
    done, manifest = rebuilt(part), rebuilt(part).generation.manifest
    names = {f"{kind}/{bad.name}" for kind, files in done.files.items() for bad in files}
    assert done.readings.keys() == names | {f"{kind}/good article.txt" for kind in done.files}
    outcomes = [one for reading in done.readings.values() for one in reading.outcomes]
    indexed = [one.id for one in done.generation.articles()]
    # Of an article too long to be searched to its end, what is left out is found besides it.
    cut = [one for one in manifest.skipped if one.reason.endswith("of its sentences are not searched; split it")]
    assert manifest.found_count == len(outcomes) + len(cut)
    assert manifest.found_count == len(indexed) + len(manifest.duplicates) + len(manifest.skipped)
    assert sorted([*indexed, *(one.path for one in manifest.duplicates)]) == sorted(
        one.id for one in outcomes if isinstance(one, Article)
    )
    assert sorted((one.path, one.reason) for one in manifest.skipped if one not in cut) == sorted(
        (one.path, one.reason) for one in outcomes if isinstance(one, Skipped)
    )


@pytest.mark.slow
@pytest.mark.parametrize("part", ["quick", "heavy"])
def test_good_articles_beside_bad_files_are_indexed(rebuilt: Callable[[str], Rebuilt], part: str) -> None:
    done = rebuilt(part)
    for kind in done.files:
        assert done.generation.article(f"{kind}/good article.txt").text == good_of(kind)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["quick", "heavy"])
def test_reasons_are_short_and_name_neither_code_nor_this_machine(rebuilt: Callable[[str], Rebuilt], part: str) -> None:
    generation = rebuilt(part).generation
    for one in generation.manifest.skipped:
        assert one.path.isprintable() and one.reason.isprintable() and 8 < len(one.reason) <= 320, one
        assert str(generation.path.parents[2]) not in one.reason and "/tmp" not in one.reason, one
        assert not re.search(r"Traceback|\wError|site-packages|crashed|failed \(", one.reason), one


@pytest.mark.slow
@pytest.mark.parametrize("part", ["quick", "heavy"])
def test_nothing_from_outside_the_folder_is_read_and_nobody_is_asked(
    rebuilt: Callable[[str], Rebuilt], part: str
) -> None:
    done = rebuilt(part)
    stored = [path for path in done.generation.path.rglob("*") if path.is_file()]
    assert stored and not any(SECRET.encode() in path.read_bytes() for path in stored)
    assert not any(SECRET in one.text for one in done.generation.articles())
    assert set(done.calls.splitlines()) == {"watched"} and not done.was_asked


@pytest.mark.slow
def test_of_each_class_the_table_says_what_it_took(rebuilt: Callable[[str], Rebuilt]) -> None:
    """The table of docs/RELIABILITY.md, printed with `-s`."""
    rows = []
    for kind, files in CLASSES.items():
        readings = [
            rebuilt("heavy" if bad.heavy else "quick").readings[f"{kind}/{bad.name}"] for bad in bad_files()[kind]
        ]
        skipped = sum(all(isinstance(one, Skipped) for one in reading.outcomes) for reading in readings)
        most = max(reading.seconds for reading in readings), max(reading.megabytes for reading in readings)
        rows.append(
            f"| {kind} | {len(files)} | {len(files) - skipped} | {skipped} | {most[0]:.1f} s | {most[1]:.0f} MB |"
        )
    print(
        f"\n\nMeasured on {date.today()}.\n\n| class | files | with articles | skipped | time | memory |",
        "|---|---|---|---|---|---|",
        sep="\n",
    )
    print("\n".join(rows))
    assert len(rows) == len(CLASSES)


UNPRIVILEGED = """
import sys
from pathlib import Path
from index.articles import Skipped
from index.reading.files import list_files
from index.reading.workers import Workers

folder = Path(sys.argv[1])
with Workers(folder, 1) as workers:
    for [outcome] in workers.read(list_files(folder)):
        print(outcome.path, outcome.reason, sep=": ") if isinstance(outcome, Skipped) else print(outcome.id)
"""


def _give_up_root_reading_everything() -> None:
    """A process that is started now may open what its files' modes allow, root or not."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.slow
def test_what_may_not_be_opened_is_skipped(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.zip", "closed/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(WORDS)
    for name in ("b.txt", "c.zip", "closed"):
        (tmp_path / name).chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(tmp_path)],
        preexec_fn=_give_up_root_reading_everything,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (tmp_path / "closed").chmod(0o700)
    assert done.stdout.splitlines() == [
        "a.txt",
        "b.txt: it may not be opened; give read permission",
        "c.zip: it may not be opened; give read permission",
        "closed: the folder may not be opened; give read permission",
    ]


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Workers]]:
    """A folder, and the child processes that read it."""
    folder = tmp_path_factory.mktemp("articles")
    with Workers(folder, 1) as workers:
        yield folder, workers


# Mutated files: as many of each kind as FUZZ says.

SEEDS: dict[str, bytes] = {
    ".txt": WORDS.encode(),
    ".md": f"---\ntitle: One\npublished: 2024-03-05\n---\n# One\n\n{WORDS}\n\n| a |\n|---|\n| 1 |\n".encode(),
    ".html": f'<html lang="en"><meta name="author" content="A"><body><p>{WORDS}</p></body></html>'.encode(),
    ".pdf": pdf([[WORDS], [WORDS]], title="One"),
    ".docx": docx(paragraph("One", "Title") + paragraph(WORDS), title="One"),
    ".odt": opendocument(f"<text:h>One</text:h><text:p>{WORDS}</text:p>"),
    ".epub": book({"a.xhtml": f"<html><body><p>{WORDS} {WORDS}</p></body></html>"}),
    ".mbox": f"From a@b.example Tue Mar  5 10:00:00 2024\nSubject: One\n\n{WORDS}\n".encode() * 2,
    ".csv": f'title,text\nOne,"{WORDS}"\n'.encode(),
    ".nitf": f"<nitf><body><body.content><p>{WORDS}</p></body.content></body></nitf>".encode(),
    ".eml": f"From: A <a@b.example>\nSubject: One\nDate: Tue, 5 Mar 2024 10:00:00 +0100\n\n{WORDS}".encode(),
    ".mht": f"Subject: One\nContent-Type: text/html\n\n<p>{WORDS}</p>".encode(),
    ".json": json.dumps([{"title": "One", "text": WORDS, "published": "2024-03-05"}] * 2).encode(),
    ".jsonl": (json.dumps({"title": "One", "text": WORDS}) + "\n").encode() * 2,
    ".xml": f"<rss><channel><item><title>One</title><description>{WORDS}</description></item></channel></rss>".encode(),
    ".rtf": f"{{\\rtf1\\ansi{{\\info{{\\title One}}}}{WORDS}\\par \\'e9}}".encode(),
    ".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ".xlsx": workbook([["title", "text"], ["One", WORDS]]),
    ".srt": f"1\n00:00:01,000 --> 00:00:02,000\n<i>{WORDS}</i>\n\n".encode() * 2,
    ".warc": crawled(f"<html><body><article><p>{WORDS}</p></article></body></html>") * 2,
    ".png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\0\0\0\0" + bytes(30),
    ".zip": zipped({"a.txt": WORDS, "b/c.json": json.dumps({"text": WORDS})}),
}


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The same with a few bytes flipped, cut out, doubled or moved."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.choice((1, 4, 50)))
        match chance.randrange(4):
            case 0:
                changed[start:end] = chance.randbytes(end - start)
            case 1:
                del changed[start:end]
            case 2:
                changed[start:start] = changed[start:end] * chance.choice((1, 2, 100))
            case _:
                changed[start:start] = content[-60:]
    return bytes(changed)


@pytest.mark.slow
@pytest.mark.parametrize("end", SEEDS)
def test_no_mutated_file_ends_its_reader(readers: tuple[Path, Workers], end: str) -> None:
    folder, workers = readers
    chance = random.Random(end)
    for number in range(int(os.environ.get("FUZZ", "20"))):
        (folder / f"mutated{end}").write_bytes(mutated(SEEDS[end], chance))
        [outcomes] = workers.read([f"mutated{end}"])
        reasons = [one.reason for one in outcomes if isinstance(one, Skipped)]
        assert outcomes and not any("crashed" in reason or "took over" in reason for reason in reasons), (
            number,
            reasons,
        )


def test_every_kind_is_mutated() -> None:
    assert {reader for end, reader in READERS.items() if end in SEEDS} == set(READERS.values())
