"""What an index survives, as one Markdown table, into docs/RELIABILITY.md: `make soak`.

A folder of small articles is indexed again and again with a fake embedding while processes are killed, files are
damaged, the disk is full, or readers ask. After every fault the index must hold exactly one state that the folder
was in, and the next rebuild must end in the last. Children are forked from a process that has loaded the
libraries and has never opened an index: loading them would take longer than all the rest.
"""

import argparse
import copy
import os
import platform
import random
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path

import numpy as np
from fakes import embedding

from bench.power_loss import recorded, states_around, write
from index.errors import UserError
from index.generations import verification
from index.generations.generation import Generation
from index.generations.pointer import current_name, open_current
from index.models.embedding import Embedding
from index.rebuild import rebuild
from index.search import search
from index.vectors import Vectors

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "RELIABILITY.md"
ARTICLES = 8
LONGEST_WAIT = 300  # seconds
MOST_AIMED = 3  # kills for each that is to fall within the short time that it is aimed at
FAILPOINTS = (
    *("embedded", "added", "written", "sealed", "finished", "verified", "renamed", "pointing", "published", "swept"),
)
NEWS = "The iron bridge of Marlow was painted {colour} in spring. Engineer Ada Finch led the work for {days} days."
QUESTION = "Who led the work on the bridge?"

State = dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    fault: str
    count: int
    survived: int
    remark: str = ""


class Place:
    """A folder of articles and its index, and what the folder held each time it was changed."""

    def __init__(self, scratch: Path) -> None:
        self.folder, self.index_dir = scratch / "articles", scratch / "index"
        self.folder.mkdir(parents=True)
        self._random = random.Random(0)
        self._edit_count = 0
        self.before: State = {}
        self.now: State = {}
        for number in range(ARTICLES):
            self.write(f"a{number}.txt")

    def write(self, name: str) -> None:
        """Put an article into the folder that was never in it before."""
        self._edit_count += 1
        text = NEWS.format(colour=f"colour{self._edit_count}", days=self._edit_count)
        (self.folder / name).write_text(text, encoding="utf-8")
        self.now = {**self.now, name: text}

    def edit(self) -> None:
        """Change one article, and now and then remove one or bring one back."""
        self.before = self.now
        name = f"a{self._random.randrange(ARTICLES)}.txt"
        if name in self.now and self._random.random() < 0.2 and len(self.now) > ARTICLES - 1:
            (self.folder / name).unlink()
            self.now = {other: text for other, text in self.now.items() if other != name}
        else:
            self.write(name)

    def build(self) -> None:
        """Rebuild the index from the folder."""
        rebuild(self.folder, self.index_dir, embedding)

    def check(self, *allowed: State) -> None:
        """Raises AssertionError unless the index holds one of the states, and answers from it; {} is no index."""
        try:
            generation = open_current(self.index_dir)
        except UserError as error:
            assert {} in allowed and "There is no index" in str(error), error
            return
        held = {one.id: generation.article(one.id).text.strip() for one in generation.articles()}
        assert held in allowed, "the index holds a state that the folder never had"
        problem = verification.problem_of(generation)
        assert not problem, problem
        found = [hit.text for hit in search(QUESTION, generation, embedding())]
        assert any(text.startswith("Engineer Ada Finch") for text in found), f"found only {found}"


# --- children ----------------------------------------------------------------------------------------------------


def in_child(task: Callable[[], object]) -> int:
    """The id of a forked process that does the task; it ends with 0, or with 1 when the task raises."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    try:
        _fork_verifier()
        task()
        os._exit(0)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        os._exit(2)
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends this process
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        os._exit(1)


def ended(child: int) -> int:
    """The exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def succeeds(task: Callable[[], object]) -> bool:
    """Whether the task does not raise, done in a child."""
    return ended(in_child(task)) == 0


class _ForkedReader:
    """The process that verifies for this one, forked and not started anew."""

    def __init__(self) -> None:
        for_it, from_it = os.pipe(), os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(for_it[1])
            sys.stdin, sys.stdout = os.fdopen(for_it[0]), os.fdopen(from_it[1], "w")
            verification.main()
            os._exit(0)
        os.close(for_it[0])
        os.close(from_it[1])
        self._input, self._output, self.returncode = os.fdopen(for_it[1], "w"), os.fdopen(from_it[0]), 0

    def communicate(self, told: str) -> tuple[str, None]:
        """What it says of the generation that it is told."""
        with self._input, self._output:
            self._input.write(told)
            self._input.flush()
            said = self._output.read()
        self.returncode = ended(self._process)
        return said, None


def _fork_verifier() -> None:
    verification._reader = cache(_ForkedReader)  # type: ignore[arg-type]


# --- faults ------------------------------------------------------------------------------------------------------


def random_kills(place: Place, count: int) -> Row:
    """Kill a rebuild at any moment."""
    began = time.monotonic()
    place.edit()
    assert succeeds(place.build)
    longest = 1.1 * (time.monotonic() - began)
    survived = in_time = 0
    for _ in range(count):
        place.edit()
        child = in_child(place.build)
        time.sleep(random.random() * longest)
        os.kill(child, signal.SIGKILL)
        in_time += ended(child) < 0
        survived += _recovers(place)
    return Row("rebuild killed (-9) at a random moment", count, survived, f"{in_time} before it had ended")


def aimed_kills(place: Place, count: int) -> Row:
    """Kill rebuilds until so many died while Chroma's vector files were there and the generation not yet complete."""
    survived = hits = kills = 0
    while hits < count and kills < MOST_AIMED * count:
        kills += 1
        place.edit()
        child = in_child(place.build)
        segment = "generations/*.building/chroma/*/header.bin"
        while not list(place.index_dir.glob(segment)) and os.waitpid(child, os.WNOHANG) == (0, 0):
            time.sleep(0.0005)
        time.sleep(random.random() * 0.1)
        hits += bool(list(place.index_dir.glob(segment))) and not list(
            place.index_dir.glob("generations/*.building/manifest.json")
        )
        os.kill(child, signal.SIGKILL)
        ended(child)
        survived += _recovers(place)
    return Row("rebuild killed while Chroma's files are written", kills, survived, f"{hits} within the window")


def failpoints(place: Place, full: bool) -> Row:
    """Kill a rebuild, or fill its disk, at every named place."""
    lost = []
    for name in FAILPOINTS:
        place.write("a0.txt")
        assert succeeds(place.build)  # so that an old generation is there to be swept
        place.before = place.now
        place.write("a0.txt")
        os.environ["NEWSDESK_FAILPOINT"] = f"{name}:full" if full else name
        code = ended(in_child(place.build))
        del os.environ["NEWSDESK_FAILPOINT"]
        if code != (2 if full else -signal.SIGKILL) or not _recovers(place):
            lost.append(f"{name} ended {code}")
    fault = "disk full" if full else "killed"
    return Row(f"{fault} at each named place", len(FAILPOINTS), len(FAILPOINTS) - len(lost), ", ".join(lost))


def _recovers(place: Place) -> bool:
    """Whether the index is as before or as the folder is now, and the next rebuild makes it the latter."""

    def check() -> None:
        try:
            place.check(place.before, place.now)
        finally:
            place.build()  # so that one loss is not counted twice
        place.check(place.now)
        left = [path.name for path in (place.index_dir / "generations").iterdir()]
        assert len(left) <= 2 and not any(name.endswith(".building") for name in left), left

    return succeeds(check)


def power_losses(place: Place, most: int) -> Row:
    """Lose the power at every step of the first rebuild of a place, and of two more: the last sweeps an index."""
    count = survived = 0
    for _ in range(3):
        states = place.folder.with_name("states")
        assert succeeds(partial(_write_states, place, states, most))
        for state in sorted(states.iterdir()):
            left = copy.copy(place)
            left.index_dir = state / place.index_dir.name
            count += 1
            survived += _recovers(left)
            shutil.rmtree(state)
        states.rmdir()
        place.edit()
    return Row("power lost during a rebuild", count, survived, "states of the disk, of three rebuilds")


def _write_states(place: Place, folder: Path, most: int) -> None:
    """Rebuild, and write what a loss of power meanwhile can leave, at most so many states: each a folder."""
    with recorded(place.folder.parent) as moments:
        place.build()
    pointers = [moment.seen.tree().get(f"{place.index_dir.name}/current") for moment in moments]
    for number, state in enumerate(states_around(moments, pointers.index(pointers[-1]), most)):
        write(state, folder / f"{number:04}")


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    path.write_bytes(content)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES: tuple[tuple[str, str, Callable[[Path], object]], ...] = (
    ("pointer deleted", "current", Path.unlink),
    ("pointer garbage", "current", lambda path: path.write_bytes(b"\xff../../etc")),
    ("pointer to nowhere", "current", lambda path: path.write_text("g999999")),
    ("manifest cut off", "{generation}/manifest.json", _cut),
    ("manifest with another byte", "{generation}/manifest.json", _flip),
    ("text with another byte", "{generation}/text.sqlite3", _flip),
    ("sentence vectors cut off", "{generation}/sentences.f16", _cut),
    ("passage vectors with another byte", "{generation}/passages.f16", _flip),
    ("Chroma's database deleted", "{generation}/chroma/chroma.sqlite3", Path.unlink),
    ("Chroma's graph with another byte", "{generation}/chroma/*/data_level0.bin", _flip),
    ("Chroma's links cut off", "{generation}/chroma/*/link_lists.bin", lambda path: os.truncate(path, 0)),
    ("Chroma's vector folder deleted", "{generation}/chroma/*/header.bin", lambda path: shutil.rmtree(path.parent)),
)


def damages(place: Place) -> Row:
    """Damage the current generation: the one before answers and says so; the rebuild embeds nothing."""
    survived = 0
    for _, where, damage in DAMAGES:
        place.edit()
        assert succeeds(place.build)
        name = current_name(place.index_dir)
        (path,) = place.index_dir.glob(where.format(generation=f"generations/{name}"))
        damage(path)

        def check() -> None:
            assert open_current(place.index_dir).notice
            place.check(place.before, place.now)
            _refuse_to_embed()
            place.build()
            assert not open_current(place.index_dir).notice
            place.check(place.now)

        survived += succeeds(check)
    return Row("kinds of damage to the current index", len(DAMAGES), survived, "noticed, and nothing embedded again")


def _refuse_to_embed() -> None:
    """From now on nothing is embedded but the one sentence by which a search sees that it has the index's model."""
    embed = Embedding.embed_batches

    def refuse(embedding: Embedding, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        assert len(texts) < 2, "a text was embedded again"
        yield from embed(embedding, texts)

    Embedding.embed_batches = refuse  # type: ignore[method-assign,assignment]


def cache_damage(place: Place) -> Row:
    """Flip a byte in every tenth of the cache: the index is as it should be."""
    survived = 0
    for tenth in range(10):
        cache = place.index_dir / "cache.sqlite3"
        content = bytearray(cache.read_bytes())
        content[len(content) * tenth // 10 + 20] ^= 0x55
        cache.write_bytes(content)
        place.edit()
        survived += _recovers(place)
    return Row("bytes changed in the cache of embeddings", 10, survived)


def swaps(place: Place, count: int, readers: int = 8) -> Row:
    """Rebuild again and again while threads ask one assistant."""
    from assistant.answering.extractive import ExtractiveAnswerer  # takes a second, and only this part needs it
    from assistant.assistant import Assistant  # as above

    report_from, report_to = os.pipe()

    def ask() -> None:
        opened = open_current(place.index_dir)
        assistant = Assistant(place.index_dir, opened, embedding(), ExtractiveAnswerer())
        seconds: list[float] = []
        failures: list[str] = []
        seen: set[str] = set()
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                began = time.perf_counter()
                try:
                    answer = assistant.ask(QUESTION)
                    seen.add(answer.generation)
                    assert answer.hits
                except Exception as error:  # noqa: BLE001 - every failure counts
                    failures.append(repr(error))
                seconds.append(time.perf_counter() - began)

        threads = [threading.Thread(target=read) for _ in range(readers)]
        for thread in threads:
            thread.start()
        time.sleep(5)
        _wait(lambda: len(seconds) >= readers)  # on a busy machine the first answers take longer
        idle = float(np.percentile(seconds, 95))
        idle_count = len(seconds)
        os.write(report_to, b"idle")
        while not (place.index_dir / "stop").exists():
            time.sleep(0.05)
        _wait(lambda: len(seconds) >= idle_count + readers)
        stop.set()
        for thread in threads:
            thread.join()
        busy = float(np.percentile(seconds[idle_count:], 95))
        told = f"{len(seconds)} {len(failures)} {len(seen)} {idle:.4f} {busy:.4f} {failures[:1]}"
        os.write(report_to, told.encode())

    reader = in_child(ask)
    ready, _, _ = select.select([report_from], [], [], LONGEST_WAIT)
    assert ready, "its readers have not begun to answer"
    assert os.read(report_from, 4) == b"idle"
    for _ in range(count):
        place.edit()
        assert succeeds(place.build)
    (place.index_dir / "stop").touch()
    assert ended(reader) == 0
    (place.index_dir / "stop").unlink()
    asked, failed, seen, idle, busy = os.read(report_from, 10_000).decode().split()[:5]
    remark = (
        f"{asked} questions by {readers} threads from {seen} generations; p95 {1000 * float(idle):.0f} ms without "
        f"rebuilds, {1000 * float(busy):.0f} ms beside them"
    )
    return Row("switches to a new index under readers, no failed question", count, count * (failed == "0"), remark)


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT
    while not until():
        assert time.monotonic() < deadline, f"nothing within {LONGEST_WAIT} seconds"
        time.sleep(0.05)


def growth(place: Place, count: int) -> Row:
    """The disk that many rebuilds take, and what was deleted first."""
    canary = "a0.txt"
    (place.folder / canary).write_text("The zanzibarquux heron was seen at Marlow.")
    assert succeeds(place.build)
    generation = place.index_dir / "generations" / current_name(place.index_dir)
    one, whole = _bytes(generation), _bytes(place.index_dir)
    (place.folder / canary).unlink()
    place.now = {name: text for name, text in place.now.items() if name != canary}
    for _ in range(2):
        assert succeeds(place.build)
    gone = not any(b"zanzibarquux" in path.read_bytes() for path in place.index_dir.rglob("*") if path.is_file())
    for _ in range(count):
        place.edit()
        assert succeeds(place.build)
    after = _bytes(place.index_dir)
    remark = f"{after / one:.2f} times one generation, cache included; before them {whole / one:.2f}"
    return Row("rebuilds, and the disk that they take; a deleted text is off it", count, count * gone, remark)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def at_once(place: Place) -> Row:
    """Two rebuilds begun together: one builds, the other says that one is running."""
    survived = 0
    for _ in range(5):
        place.edit()
        codes = sorted(ended(child) for child in [in_child(place.build), in_child(place.build)])
        survived += codes in ([0, 0], [0, 2]) and _recovers(place)
    return Row("two rebuilds begun at the same moment", 5, survived)


def first_questions(place: Place, count: int = 32) -> Row:
    """That many threads put the first question to an index that nobody has asked yet."""

    def ask() -> None:
        generation = open_current(place.index_dir)
        barrier = threading.Barrier(count)
        found: list[bool] = []

        def first(generation: Generation) -> None:
            barrier.wait()
            found.append(bool(search(QUESTION, generation, embedding())))

        threads = [threading.Thread(target=first, args=(generation,)) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [True] * count, f"{sum(found)} of {count}"

    return Row("first questions at the same moment", count, count * succeeds(ask))


# --- the table ---------------------------------------------------------------------------------------------------


def faults(scratch: Path, asked: argparse.Namespace) -> dict[str, Callable[[], Row]]:
    """Every fault by its name; each is for what the one before has left, but for the last."""
    place = Place(scratch / "place")
    assert succeeds(place.build)
    place.before = place.now
    return {
        "kills": lambda: random_kills(place, asked.kills),
        "aimed": lambda: aimed_kills(place, asked.aimed),
        "failpoints": lambda: failpoints(place, full=False),
        "full": lambda: failpoints(place, full=True),
        "damages": lambda: damages(place),
        "cache": lambda: cache_damage(place),
        "at-once": lambda: at_once(place),
        "questions": lambda: first_questions(place),
        "swaps": lambda: swaps(place, asked.swaps),
        "rebuilds": lambda: growth(place, asked.rebuilds),
        "power": lambda: power_losses(Place(scratch / "power"), asked.states),
    }


def main() -> None:
    """Print the table; exit code 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=400, help="at random moments")
    parser.add_argument("--aimed", type=int, default=100, help="so many while Chroma's files are written")
    parser.add_argument("--swaps", type=int, default=20)
    parser.add_argument("--rebuilds", type=int, default=50)
    parser.add_argument("--states", type=int, default=100, help="at most, after power was lost in each of 3 rebuilds")
    parser.add_argument("--only", default="", metavar="FAULT", help="one line of the table, such as power")
    parser.add_argument("--write", action="store_true", help="also into docs/RELIABILITY.md")
    asked = parser.parse_args()
    if asked.only and asked.write:
        parser.error("--only makes no table to write.")
    options = (
        f"--kills {asked.kills} --aimed {asked.aimed} --swaps {asked.swaps} --rebuilds {asked.rebuilds} "
        f"--states {asked.states}{f' --only {asked.only}' if asked.only else ''}"
    )
    lines = [
        f"Measured on {date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}, with "
        f"`python -m bench.soak {options}`.\n",
        "| fault | times | survived | |",
        "|---|---|---|---|",
    ]
    _say("\n".join(lines))
    lost = False
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="newsdesk-soak-") as scratch:
        every = faults(Path(scratch), asked)
        if asked.only not in ("", *every):
            parser.error(f"--only takes {', '.join(every)}.")
        for name in [asked.only] if asked.only else every:
            row = every[name]()
            lines.append(f"| {row.fault} | {row.count} | {row.survived} | {row.remark} |")
            _say(lines[-1])
            lost = lost or row.survived < row.count
    lines.append(f"\nIt took {(time.monotonic() - began) / 60:.1f} minutes.")
    _say(lines[-1])
    if asked.write:
        before = FILE.read_text(encoding="utf-8").partition("## Faults\n")[0]
        FILE.write_text(f"{before}## Faults\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(lost)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
