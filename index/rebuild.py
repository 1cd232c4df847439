"""The main path of a rebuild: read, split and embed what is new, write, verify, publish."""

import hashlib
import json
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import watchfiles

from index.articles import Skipped
from index.children import birth
from index.engines.local import ARTICLES_AT_ONCE, Engine, LocalEngine, code_digest, in_sized_groups
from index.errors import StoreUnreachable, UserError
from index.failpoints import failpoint
from index.generations.cache import EmbeddingCache, trim
from index.generations.generation import Generation
from index.generations.manifest import Manifest
from index.generations.pointer import (
    current_folder,
    current_name,
    holds_deleted,
    is_locked,
    open_current,
    rebuild_lock,
    sweep,
    sweep_unfinished,
)
from index.generations.verification import NotSound, prepare, verify
from index.generations.writing import GenerationWriter
from index.models.embedding import Embedding
from index.reading.files import list_files
from index.reading.readers.kinds import SUPPORTED
from index.reading.readers.olddoc import CONVERTERS
from index.reading.snapshot import FileState, is_same, kept_of, take_snapshot
from index.reading.texts import programs
from index.reading.texts.recognition import taught
from index.reading.units import shown
from index.stores.addresses import address_of
from index.stores.addresses import check as check_server

# More articles gone than this share is more likely an unmounted disk than a decision.
LARGEST_SHRINK = 0.2

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    """How far a rebuild is, as the command and the page show it."""

    stage: str = "starting"
    done: int = 0  # files
    total: int = 0
    rate: float = 0.0  # files per second
    seconds_left: float = 0.0
    finished: bool = False
    error: str = ""
    started: str = field(default_factory=lambda: datetime.now().astimezone().isoformat(timespec="seconds"))
    pid: int = field(default_factory=os.getpid)
    born: str = field(default_factory=lambda: birth(os.getpid()))  # another program may have its number later


@dataclass(frozen=True, slots=True)
class _Task:
    """What a rebuild starts from."""

    folder: Path
    snapshot: Sequence[FileState]  # what the folder holds
    index_dir: Path
    embedding: Embedding
    made_by: str
    old: Generation | None  # the one in use
    allow_shrink: bool
    store_address: str  # of the server for the vectors, "" for none
    engine: Engine


def rebuild(
    folder: Path,
    index_dir: Path,
    load_embedding: Callable[[], Embedding],
    on_status: Callable[[Status], None] = lambda status: None,
    allow_shrink: bool = False,
    wait: bool = False,
    store_address: str = "",
    engine: Engine | None = None,
    hard_links: bool = False,
) -> Manifest:
    """The manifest of the generation now in use: a new one that holds every readable article in the folder, or
    the one that was, when neither the files nor what indexes them have changed.

    Only files that have changed since the one that was are read, and those skipped once a program is there that may
    read them; all of them are when other code made it. One that
    cannot be read now stays as it was, and the manifest says so; when other code made it, it is skipped.

    Raises UserError, with the old generation still in use, when nothing can be published, or when over a
    fifth of the same folder's articles is gone and `allow_shrink` is not given; and while another rebuild
    runs, whose end it awaits with `wait`. The vectors go to the server at `store_address`, if one is named. `engine`
    does the work, by default this machine; the index is the same. With `hard_links`, files are read that have another
    name outside the folder.
    """
    list_files(folder)  # a folder that is not there leaves no trace in `index_dir`
    with rebuild_lock(index_dir, wait):
        files = list_files(folder)
        progress = _Progress(index_dir, len(files), on_status)
        with _told_as_sentence(progress, index_dir):
            progress.show("looking for changes")
            check_server(store_address)
            embedding = load_embedding()
            sweep_unfinished(index_dir)
            old = _old_generation(index_dir)
            known = {file.path: file for file in old.files} if old else {}
            snapshot = take_snapshot(folder, files, known, hard_links)
            made_by, where = _maker(embedding), engine or LocalEngine()
            task = _Task(folder, snapshot, index_dir, embedding, made_by, old, allow_shrink, store_address, where)
            unchanged = _is_unchanged(task)
            manifest = old.manifest if old and unchanged else _build(task, progress)
            # Going back is possible until the next rebuild; what was deleted is gone from the disk then.
            forget = unchanged and holds_deleted(index_dir, manifest.previous, snapshot)
            trim(index_dir, *sweep(index_dir, not forget, store_address))
        progress.end("unchanged" if unchanged else "published")
    logger.info("%s: %d articles, %d passages", manifest.name, manifest.article_count, manifest.passage_count)
    return manifest


def default_folder(index_dir: Path) -> Path:
    """The folder that the current index was made from, or corpus/ when there is none yet."""
    folder = Path(current_folder(index_dir) or "corpus")
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder} to index. Name one: `newsdesk index FOLDER`.")
    return folder


def follow(folder: Path, index_dir: Path) -> Iterator[None]:
    """Once at once, and again whenever files in the folder have changed and then been quiet for two seconds.

    It watches from before the first time on, so that a change during a rebuild brings the next one. Changes of
    `index_dir` are its own.
    """
    own = f"{index_dir.resolve()}{os.sep}"
    changes = watchfiles.watch(
        folder,
        watch_filter=lambda _, path: not path.startswith(own),
        debounce=60_000,
        step=2_000,
        rust_timeout=1_000,
        yield_on_timeout=True,
    )
    next(changes)
    yield
    for changed in changes:
        if changed:
            yield


@contextmanager
def _told_as_sentence(progress: "_Progress", index_dir: Path) -> Iterator[None]:
    """Whatever stops a rebuild ends its progress with a sentence that says which index answers; raises UserError with
    it where somebody can do something."""
    before = current_name(index_dir)
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        sentence = (
            f"Writing the index to {index_dir} failed ({reason}); {_in_use(index_dir, before)}. "
            "Free some disk space and run `newsdesk index` again."
        )
        sweep_unfinished(index_dir)  # what was begun takes room that the old index may need
        raise progress.stopped(sentence) from error
    except MemoryError as error:
        sentence = (
            f"Indexing ran out of memory; {_in_use(index_dir, before)}. "
            "Close other programs and run `newsdesk index` again."
        )
        raise progress.stopped(sentence) from error
    except StoreUnreachable as error:
        raise progress.stopped(f"{error} Until then {_in_use(index_dir, before)}.") from error
    except BaseException as error:
        progress.stopped(str(error) or f"The rebuild was stopped; {_in_use(index_dir, before)}.")
        raise


def _old_generation(index_dir: Path) -> Generation | None:
    try:
        return open_current(index_dir)
    except UserError:  # none yet, or none that this version can read
        return None


def _in_use(index_dir: Path, before: str) -> str:
    """Which index answers once a rebuild was stopped, be it after the switch; `before` is the one that did."""
    name = current_name(index_dir)
    if name != before:
        return "the new index is in use"
    return "the old index stays in use" if name else "there is no index yet"


def _is_unchanged(task: _Task) -> bool:
    """Whether a new generation would be the same as the old one, and that one is the one in use."""
    if task.old is None or task.old.notice:
        return False
    old = task.old.manifest
    made = (old.folder, old.made_by, address_of(old.store))
    wanted = (str(task.folder.resolve()), task.made_by, task.store_address)
    if made != wanted or not frozenset(_programs()) <= frozenset(old.programs):
        return False
    return is_same(task.old.files, task.snapshot) and old.kept == kept_of(task.snapshot)


def _programs() -> tuple[str, ...]:
    """The programs here that read what no library of ours can, and the languages that one was taught."""
    return (*(name for name in CONVERTERS if programs.found(name)), *taught())


def _maker(embedding: Embedding) -> str:
    """Another one for every change of the code that indexes, of its libraries, or of the embedding."""
    try:
        libraries = requires("newsdesk")
    except PackageNotFoundError:  # run from its folder, without having been installed
        libraries = None
    return hashlib.sha256(json.dumps([embedding.identity, libraries, code_digest()]).encode()).hexdigest()


def _build(task: _Task, progress: "_Progress") -> Manifest:
    """The manifest of a new generation, published: the old one with its changes, or made of nothing but the files."""
    prepare()
    if task.old and task.old.manifest.made_by == task.made_by:
        try:
            return _build_on(task.old, task, progress)
        except NotSound as error:
            logger.warning("What was made from %s is made anew: %s", task.old.name, error)
    return _build_on(None, task, progress)


def _build_on(base: Generation | None, task: _Task, progress: "_Progress") -> Manifest:
    generation = GenerationWriter(task.index_dir, task.embedding.dimension, base, task.store_address)
    cache = EmbeddingCache(task.index_dir, task.embedding, generation.number)
    try:
        kept = generation.keep(task.snapshot, _programs())
        for file in task.snapshot:
            if file.refused:
                generation.enter(file.path, [Skipped(shown(file.path), file.refused)])
        files = [file.path for file in task.snapshot if file.path not in kept and not file.refused]
        _read(task.folder, files, task.engine, generation, progress)
        generation.decide_copies()
        skipped = generation.skipped()
        article_count = generation.found_count - len(skipped)
        if not article_count:
            raise UserError(_nothing_readable(task.folder, skipped))
        if task.old and not task.allow_shrink:
            _refuse_shrink(task.folder, article_count, task.old.manifest)
        _embed(generation, task, cache, progress)
        progress.show("verifying")
        previous = task.old.name if task.old else ""
        manifest = generation.finish(task.folder.resolve(), task.embedding.model_name, task.made_by, previous)
        verify(generation.path)
        failpoint("verified")
        generation.publish()
        for texts in generation.removed_texts():
            cache.forget(texts)
    except BaseException:
        generation.discard()
        raise
    finally:
        cache.close()
    logger.info("%d texts embedded, %d damaged ones among them", cache.embedded_count, cache.damaged_count)
    return manifest


def _read(
    folder: Path, files: Sequence[str], engine: Engine, generation: GenerationWriter, progress: "_Progress"
) -> None:
    """Read the files into the generation."""
    progress.begin("reading", len(files))
    for group in engine.read(folder, files):
        for path, outcomes in group:
            generation.enter(path, outcomes)
        progress.advance(len(group))


def _embed(generation: GenerationWriter, task: _Task, cache: EmbeddingCache, progress: "_Progress") -> None:
    """Add to the generation the passages of every article that lacks them."""
    left = generation.unindexed()
    progress.begin("indexing", len({file for file, *_ in left}))
    file_before = ""
    groups = list(in_sized_groups((((file, number), length) for file, number, length in left), ARTICLES_AT_ONCE))
    articles = ([generation.article(number) for _, number in group] for group in groups)
    for group, one in zip(groups, task.engine.embed(articles, task.embedding, cache), strict=True):
        numbers = [number for _, number in group]
        generation.add(list(zip(numbers, one.articles, strict=True)), one.passages, one.sentences)
        failpoint("added")
        files = {file for file, _ in group}  # a file may hold thousands
        progress.advance(len(files - {file_before}))
        file_before = group[-1][0]


def _nothing_readable(folder: Path, skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return f"{folder} holds no files. Put articles ({SUPPORTED}) there, or name another folder."
    first = skipped[0]
    return (
        f"Nothing in {folder} can be read; the first of {len(skipped)} files is {first.path}: {first.reason}. "
        f"Put articles ({SUPPORTED}) there, or name another folder."
    )


def _refuse_shrink(folder: Path, article_count: int, old: Manifest) -> None:
    """Refuse when of the same folder's articles, copies included, too few are left."""
    old_count = old.found_count - len(old.skipped)
    if old.folder == str(folder.resolve()) and article_count < (1 - LARGEST_SHRINK) * old_count:
        raise UserError(
            f"{folder} has {article_count:,} readable articles; the index has {old_count:,}. "
            "The old index stays in use. If they are meant to be gone, add --allow-shrink."
        )


class _Progress:
    """Writes status.json whole, by replacing it, and tells the caller."""

    def __init__(self, index_dir: Path, total: int, on_status: Callable[[Status], None]) -> None:
        self._file = index_dir / "status.json"
        self._status = Status(total=total)
        self._on_status = on_status
        self._began = time.monotonic()
        self._left = 0

    def show(self, stage: str) -> None:
        self._write(replace(self._status, stage=stage))

    def begin(self, stage: str, left: int) -> None:
        """Count what is done anew: of all files, so many are left for the stage."""
        self._began, self._left = time.monotonic(), left
        self._write(replace(self._status, stage=stage, done=self._status.total - left))

    def advance(self, count: int) -> None:
        done = self._status.done + count
        left = self._status.total - done
        rate = (self._left - left) / max(time.monotonic() - self._began, 1e-9)
        self._write(replace(self._status, done=done, rate=rate, seconds_left=left / max(rate, 1e-9)))

    def stopped(self, sentence: str) -> UserError:
        """That it was stopped, and why, as an error to raise."""
        self.end("stopped", sentence)
        return UserError(sentence)

    def end(self, stage: str, error: str = "") -> None:
        self._write(replace(self._status, stage=stage, seconds_left=0.0, finished=True, error=error))

    def _write(self, status: Status) -> None:
        self._status = status
        fresh = self._file.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(asdict(status)), encoding="utf-8")
            fresh.replace(self._file)
        except OSError:
            # A full disk must not hide the error that is being reported.
            logger.warning("status.json could not be written")
        self._on_status(status)


def read_status(index_dir: Path) -> Status | None:
    """The status of the running or the last rebuild, None when there was none."""
    try:
        status = Status(**json.loads((index_dir / "status.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    began = birth(status.pid)
    is_its_own = began == status.born if began and status.born else is_locked(index_dir)
    if status.finished or is_its_own:
        return status
    return replace(status, finished=True, error="The rebuild was stopped before it had finished.")
