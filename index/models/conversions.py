"""What is made of a model once and kept in a folder: whole or not at all, whoever else wants it meanwhile."""

import logging
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from index.children import run_offline
from index.locks import alone
from index.models.stages import stage

logger = logging.getLogger(__name__)


def made_once(target: Path, last: str, fill: Callable[[Path], None], earlier: Callable[[], Iterable[Path]]) -> Path:
    """The target, filled now unless it is there; raises what `fill` raises, and then leaves nothing behind.

    `fill` is given an empty folder beside it; the file called `last` tells that a folder is whole. Those of `earlier`,
    of other versions of this program or of OpenVINO, are removed then; whoever still reads them keeps them open.
    """
    if (target / last).is_file():
        return target
    with alone(target.with_name(f"{target.name}.lock")):
        if (target / last).is_file():  # another process may have made it while this one waited
            return target
        logger.warning("Converting a model into %s; this is done once", target.name)
        unfinished = target.with_name(f"{target.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            with stage("converting"):
                fill(unfinished)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        if hasattr(os, "sync"):
            os.sync()  # the name must not outlive a power cut that the contents do not
        shutil.rmtree(target, ignore_errors=True)
        unfinished.rename(target)
        for older in earlier():
            if older.is_dir() and older != target:
                shutil.rmtree(older, ignore_errors=True)
    return target


def run_apart(module: str, *arguments: str) -> None:
    """Run the module in a process of its own, as what holds weights twice should be.

    Raises ValueError with the last line that it says when it fails.
    """
    ended = run_offline(module, *arguments)
    if ended.returncode != 0:
        raise ValueError((ended.stderr.strip().splitlines() or ["no message"])[-1][:200])
