"""The work of a rebuild as Ray Data stages, on a cluster, or on a Ray of this machine that ends with the rebuild.

A rebuild goes through a stage in rounds: so many groups for each node are laid out in Ray's object store, which moves
to disk what it has no room for, and come back in their order. What a lost node had in hand, Ray does again on another.
"""

import logging
import os
import pickle
import secrets
import socket
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, chdir, closing, redirect_stdout
from functools import cached_property
from itertools import cycle, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow

from index.articles import Article, Skipped
from index.children import ROOT, environment
from index.engines.local import (
    FILES_AT_ONCE,
    EmbeddedArticles,
    ReadArticles,
    code_digest,
    in_groups,
    texts_of,
    with_vectors,
)
from index.errors import UserError
from index.generations.cache import EmbedBatches, EmbeddingCache, Vectors16
from index.models.embedding import AGREEMENT, Embedding
from index.passages import CutArticle
from index.reading.workers import FILES_PER_WORKER, Workers
from index.splitting.passages import cut
from index.vectors import Vectors

# Groups of a round, for each node: embedding so many articles takes two cores minutes, starting a stage seconds.
GROUPS_A_NODE = 64
# Groups that a process on a node has in hand: one at work, and the next one on its way.
GROUPS_IN_HAND = 2
# Of the shared memory that a Ray of this machine may take.
STORE_BYTES = 500_000_000
# A node may have to load its model from a slow disk.
ANSWER_SECONDS = 300
CONNECT_SECONDS = 5
# Ray gives its helpers 15 seconds to start, which on a busy machine the first attempt may take to read its own code.
ATTEMPTS = 3
# Texts by which a node's model is compared with the one here.
PROBES = ("Traffic over the iron bridge was light.", "Il mercato torna in piazza.", "Снiг випав у Карпатах.")


logger = logging.getLogger(__name__)


class Work(Protocol):
    """What one process of a stage does, again and again; it is sent to the node before its first use."""

    def __call__(self, group: Any) -> Any:
        """What the group gives; raises UserError when this node cannot do it."""
        ...


class RayEngine:
    """The nodes of a cluster; it is left alone, or ended if it was begun for this, with the `with` block."""

    def __init__(self, address: str, load_embedding: Callable[[], Embedding]) -> None:
        """`address` is one that Ray takes ("auto", "HOST:6379"), or "local"; a node calls `load_embedding`."""
        self._address = address
        self._load_embedding = load_embedding
        self._cores: dict[str, int] = {}  # of each node, by its id
        self._scratch = ""  # of a Ray that is started here
        self._end = ExitStack()

    @cached_property
    def _ray(self) -> Any:
        """The library, which reads the environment when it is imported: not before that is set."""
        try:
            import ray.data  # on the node, where it is
        except ModuleNotFoundError as error:
            raise UserError("Indexing with Ray needs a library that is missing. Run `pip install '.[ray]'`.") from error
        return ray

    def __enter__(self) -> "RayEngine":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._cores = {}
        self._end.close()

    def read(self, folder: Path, files: Sequence[str]) -> Iterator[list[tuple[str, ReadArticles]]]:
        """What each of the files of `folder` gave, some files at a time; raises UserError when a node lacks it."""
        if not files:
            return
        self._connect()
        folder = folder.absolute()
        self._check_nodes(folder, files[0])
        groups = in_groups(files, FILES_AT_ONCE)
        while some := self._next_round(groups):
            done = self._run(_Read(folder, min(self._cores.values())), self._laid_out(some), min(self._cores.values()))
            for group, (node, (read, unseen)) in zip(some, done, strict=True):
                if any(os.path.lexists(folder / file) for file in unseen):
                    raise UserError(_NOT_SEEN.format(node=self._name(node), path=folder / unseen[0], folder=folder))
                yield list(zip(group, read, strict=True))

    def embed(
        self, groups: Iterable[Sequence[Article]], embedding: Embedding, cache: EmbeddingCache
    ) -> Iterator[EmbeddedArticles]:
        """The articles of one group after the other; only texts that `cache` does not have are sent to be embedded."""
        rounds = iter(groups)
        while some := self._next_round(rounds):
            self._connect()
            ray = self._ray
            kept: deque[tuple[Any, list[str]]] = deque()  # the cut articles of each group, and what of them is sent
            sent: set[int] = set()
            cutting = self._run(_Cut(self._load_embedding), self._laid_out(some), 1)
            del some
            for _, articles in cutting:
                missing = [text for text in cache.missing(texts_of(articles)) if hash(text) not in sent]
                sent.update(map(hash, missing))
                kept.append((ray.put(articles), missing))
            texts = [missing for _, missing in kept if missing]
            with closing(self._embedded(texts, embedding)) as vectors:
                while kept:
                    laid_by, missing = kept.popleft()
                    arrived = next(vectors) if missing else None
                    yield with_vectors(ray.get(laid_by), cache, _arrived(missing, arrived, embedding))

    def _embedded(self, groups: Sequence[Sequence[str]], embedding: Embedding) -> Generator[Vectors16, None, None]:
        """The vectors of each group of texts."""
        if groups:
            work = _Embed(self._load_embedding, embedding.embed_texts(PROBES))
            for _, vectors in self._run(work, self._laid_out(groups), min(self._cores.values())):
                yield vectors

    def _connect(self) -> None:
        """Join the cluster, or start a Ray that nobody beyond this machine and account reaches."""
        if self._cores:
            return
        _knock(self._address)
        # Read when Ray is imported: it reports its use to its makers, and takes this machine's outer address.
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
        if self._address == "local":
            os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
            os.environ["PYTHONPATH"] = environment()["PYTHONPATH"]
            os.environ["RAY_AUTH_MODE"] = "token"
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # Ray reads it once
        ray = self._ray
        if self._address == "local":
            # Ray opens its own folder to everybody: it lies in one that only its owner may enter.
            self._scratch = self._end.enter_context(tempfile.TemporaryDirectory(prefix="nd-"))
        # Ray reports lost nodes on the standard output, where a report in JSON would not be one any more.
        self._end.enter_context(redirect_stdout(sys.stderr))
        self._end.callback(ray.shutdown)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with chdir(ROOT):  # Ray lets its processes import whatever lies where it was started
                    self._start()
                break
            except Exception as error:  # Ray raises bare exceptions when it cannot start
                ray.shutdown()
                if self._address != "local":
                    raise UserError(_NO_CLUSTER.format(address=self._address)) from error
                if attempt == ATTEMPTS:
                    raise UserError(f"Ray could not be started ({_first_line(error)}). {_AGAIN}") from error
        _configure(ray.data.DataContext.get_current())
        self._cores = {
            node["NodeID"]: cores
            for node in ray.nodes()
            if node["Alive"] and (cores := int(node["Resources"].get("CPU", 0)))
        }
        if not self._cores:
            raise UserError(
                f"No node of the Ray cluster at {self._address} has processors. Start one with `ray start`."
            )
        logger.info("Ray: %d nodes with %d processors", len(self._cores), sum(self._cores.values()))

    def _start(self) -> None:
        quiet = {"log_to_driver": False, "logging_level": "ERROR"}
        if self._address != "local":
            self._ray.init(self._address, **quiet)
            return
        self._ray.init(
            "local",
            num_cpus=os.cpu_count(),
            object_store_memory=STORE_BYTES,
            include_dashboard=False,
            _temp_dir=f"{self._scratch}/ray",
            **quiet,
        )

    def _check_nodes(self, folder: Path, file: str) -> None:
        """Nothing when every node can do its part; raises UserError that names the first that cannot."""
        ray = self._ray
        asked = {}
        seen = file if os.path.lexists(folder / file) else ""
        for node in (node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")):
            there = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            look = ray.remote(num_cpus=0, max_retries=0, scheduling_strategy=there)(_problem)
            asked[node["NodeID"]] = look.remote(folder, seen, code_digest(), self._load_embedding)
        for node_id, answer in asked.items():
            try:
                problem = ray.get(answer, timeout=ANSWER_SECONDS)
            except ray.exceptions.RayError as error:
                problem = f"it does not do as it is told ({_first_line(error)}). Install the same newsdesk there."
            if problem:
                raise UserError(f"The node {self._name(node_id)} cannot take part: {problem}")

    def _next_round(self, groups: Iterator[Any]) -> list[Any]:
        return list(islice(groups, GROUPS_A_NODE * max(1, len(self._cores))))

    def _laid_out(self, groups: Iterable[Any]) -> list[Any]:
        """The groups in the object store, each a table of one row."""
        return [
            self._ray.put(
                pyarrow.table({"number": [number], "group": pyarrow.array([pickle.dumps(group)], "large_binary")})
            )
            for number, group in enumerate(groups)
        ]

    def _run(self, work: Work, groups: list[Any], cores: int) -> Iterator[tuple[str, Any]]:
        """What the work gives of each group, in their order, and the node that did it.

        Each process of the stage takes `cores`, and reserves half of them: so there is room for one more on every node,
        in which what a lost node had in hand is done again. Each has its node, for left to itself Ray puts two on one
        node, and none on the other, more often than not; of a lost node, it goes to any other.
        """
        ray = self._ray
        there = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        places = [node for node, own in self._cores.items() for _ in range(own // cores)]
        places_in_turn = cycle(places)
        pool = ray.data.ActorPoolStrategy(
            min_size=1, max_size=len(places), initial_size=len(places), max_tasks_in_flight_per_actor=GROUPS_IN_HAND
        )
        stage = ray.data.from_arrow_refs(groups).map(
            _Stage,
            fn_constructor_args=(work,),
            compute=pool,
            num_cpus=cores / 2,
            ray_remote_args_fn=lambda: {"scheduling_strategy": there(next(places_in_turn), soft=True)},
        )
        expected = 0
        try:
            for row in stage.iter_rows():
                assert row["number"] == expected, "Ray has lost the order of the groups"
                expected += 1
                if row["problem"]:
                    raise UserError(f"The node {self._name(row['node'])} cannot take part: {row['problem']}")
                yield row["node"], pickle.loads(row["done"])
        except ray.exceptions.RayTaskError:  # our own code, or Ray's, has a fault
            raise
        except ray.exceptions.RayError as error:
            raise UserError(f"Ray gave up ({_first_line(error)}). {_AGAIN}") from error
        assert expected == len(groups), "Ray has lost a group"

    def _name(self, node_id: str) -> str:
        named = [
            f"{node['NodeName']} ({node['NodeManagerHostname']})"
            for node in self._ray.nodes()
            if node["NodeID"] == node_id
        ]
        return named[0] if named else node_id


_NOT_SEEN = "The node {node} does not see {path}. Mount {folder} there, at the same path."
_NO_CLUSTER = (
    "No Ray cluster answers at {address}. Make this machine a part of it with `ray start --address=…`, then give "
    "the same address; without one, Ray is started on this machine."
)
_AGAIN = "See that the nodes have memory and disk left, and run `newsdesk index` again; it goes on from there."


def _configure(context: Any) -> None:
    """In their order, without a word on the terminal, and no more blocks in the store than half of it."""
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)


def _knock(address: str) -> None:
    """Nothing when something listens at HOST:PORT; raises UserError at once, for which Ray takes minutes."""
    host, _, port = address.rpartition(":")
    try:
        if port.isdecimal():
            socket.create_connection((host, int(port)), CONNECT_SECONDS).close()
    except OSError as error:
        raise UserError(_NO_CLUSTER.format(address=address)) from error


def _first_line(error: BaseException) -> str:
    error = getattr(error, "cause", None) or error  # what was raised on the node, without its path back
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")


def _arrived(texts: Sequence[str], vectors: Vectors16 | None, embedding: Embedding) -> EmbedBatches:
    """What gives the vectors that came for the texts; any others, as when the cache was lost since, are made here."""
    rows = {text: row for row, text in enumerate(texts)}

    def compute(missing: Sequence[str]) -> Iterator[tuple[list[int], Vectors | Vectors16]]:
        here = [place for place, text in enumerate(missing) if text in rows]
        if vectors is not None and here:
            yield here, vectors[[rows[missing[place]] for place in here]]
        rest = [place for place, text in enumerate(missing) if text not in rows]
        for batch, made in embedding.embed_batches([missing[place] for place in rest]):
            yield [rest[row] for row in batch], made

    return compute


# --- on a node ---------------------------------------------------------------------------------------------------


class _Stage:
    """A process that does a stage's work for one group after the other."""

    def __init__(self, work: Work) -> None:
        import ray  # on the node, where it is

        self._work = work
        self._node = ray.get_runtime_context().get_node_id()

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        done, problem = None, ""
        try:
            done = self._work(pickle.loads(row["group"]))
        except UserError as error:
            problem = str(error)
        return {"number": row["number"], "node": self._node, "problem": problem, "done": pickle.dumps(done)}


class _Read:
    """Paths to what each file gave, and those of them that are not in the folder as this node sees it."""

    def __init__(self, folder: Path, cores: int) -> None:
        self._folder = folder
        self._cores = cores

    @cached_property
    def _workers(self) -> Workers:
        return Workers(self._folder, self._cores * FILES_PER_WORKER, self._cores)

    def __call__(self, group: Sequence[str]) -> tuple[list[ReadArticles], list[str]]:
        read = self._workers.read(group)
        lacking = (
            path for path, one in zip(group, read, strict=True) if any(isinstance(part, Skipped) for part in one)
        )
        return read, [path for path in lacking if not os.path.lexists(self._folder / path)]


class _WithEmbedding:
    """What works with the node's own model, loaded for the first group."""

    def __init__(self, load_embedding: Callable[[], Embedding]) -> None:
        self._load_embedding = load_embedding

    @cached_property
    def _embedding(self) -> Embedding:
        return self._load_embedding()


class _Cut(_WithEmbedding):
    """Articles to the same cut."""

    def __call__(self, group: Sequence[Article]) -> list[CutArticle]:
        return [cut(article, self._embedding.count_tokens) for article in group]


class _Embed(_WithEmbedding):
    """Texts to their vectors, in half precision, as they are stored."""

    def __init__(self, load_embedding: Callable[[], Embedding], probes: Vectors) -> None:
        super().__init__(load_embedding)
        self._probes: Vectors | None = probes

    def __call__(self, group: Sequence[str]) -> Vectors16:
        if self._probes is not None:
            own = self._embedding.embed_texts(PROBES)
            if own.shape != self._probes.shape or (own * self._probes).sum(axis=1).min() < AGREEMENT:
                raise UserError(
                    f"its model {self._embedding.model_name} gives other vectors than the one here. "
                    "Fetch the same one there, with the same newsdesk."
                )
            self._probes = None
        vectors: npt.NDArray[np.float16] = self._embedding.embed_texts(group).astype("<f2")
        return vectors


def _problem(folder: Path, file: str, code: str, load_embedding: Callable[[], Embedding]) -> str:
    """Why this node cannot take part, "" when it can."""
    if code_digest() != code:
        return "it runs another newsdesk. Install the same one there."
    if not folder.is_dir() or not os.path.lexists(folder / file):
        return f"it does not see {folder / file}. Mount {folder} there, at the same path."
    try:
        load_embedding()
    except UserError as error:
        return str(error)
    return ""
