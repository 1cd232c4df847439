"""A model on its way: in its place at once, and waited for when it is needed."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import Generic, TypeVar

from index.models.embedding import Embedding
from index.models.loading import load_embedding
from index.models.stages import Stage, heard

Made = TypeVar("Made")


class Coming(Generic[Made]):
    """What is loaded once, in the thread that comes to it first; `name` is what people call it."""

    def __init__(self, name: str, load: Callable[[], Made]) -> None:
        self.name = name
        self.stage: Stage | None = None  # None until loading has begun
        self.future: Future[Made] = Future()
        self._load = load
        self._begun = False
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Whether it is loaded, or has failed to be."""
        return self.future.done()

    def load(self) -> None:
        """Load it in this thread, unless another has begun to; what goes wrong is told to those who wait."""
        if not self._is_first():
            return
        try:
            with heard(self._hear):
                self.future.set_result(self._load())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            self.future.set_exception(error)

    def begin(self) -> Future[Made]:
        """What it will be; it is loaded in a thread of its own, unless another has begun to."""
        if not self._begun:
            Thread(target=self.load, name=f"load {self.name}").start()
        return self.future

    def wait(self) -> Made:
        """What was loaded, as soon as it is; raises what its loading raised."""
        return self.begin().result()

    def _is_first(self) -> bool:
        with self._lock:
            begun, self._begun = self._begun, True
        return not begun

    def _hear(self, stage: Stage) -> None:
        self.stage = stage


class ComingEmbedding(Embedding):
    """An embedding that is waited for when the first text is to become a vector."""

    def __init__(self, coming: Coming[Embedding]) -> None:
        self.coming = coming
        self.model_name = coming.name

    def __getattr__(self, name: str) -> object:
        """What only the loaded embedding knows."""
        return getattr(self.coming.wait(), name)


def coming_embedding(name: str, cache: Path) -> ComingEmbedding:
    """The embedding of that name; whoever waits for it need not wait for it to be compiled."""
    return ComingEmbedding(Coming(name, partial(_load_compiled, name, cache)))


def _load_compiled(name: str, cache: Path) -> Embedding:
    embedding = load_embedding(name, cache)
    embedding.embed_query("ready")
    return embedding
