"""The state of the index to HTML: a rebuild and its outcome, models on their way, a health check."""

from collections.abc import Iterable, Sequence

from assistant.checkup import CheckupLine
from index.articles import Duplicate, Skipped
from index.generations.manifest import Manifest
from index.models.stages import Stage
from index.rebuild import Status
from ui.page import words
from ui.page.render import state
from ui.page.templating import drawn
from ui.page.words import counted, say

LEFT_OUT_SHOWN = 200


def findings(found: Sequence[CheckupLine]) -> str:
    """The lines of a health check, what needs doing marked."""
    return drawn("notes.html", "findings", found)


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and their values; those without a value are left out."""
    return drawn("notes.html", "facts", list(rows))


def account(manifest: Manifest) -> str:
    """What became of everything found: "32 = 30 articles + 1 duplicate + 1 file skipped"."""
    articles = counted("{n} article", "{n} articles", manifest.article_count)
    duplicates = counted("{n} duplicate", "{n} duplicates", len(manifest.duplicates))
    skipped = counted("{n} file skipped", "{n} files skipped", len(manifest.skipped))
    return f"{words.number(manifest.found_count)} = {articles} + {duplicates} + {skipped}"


def left_out(skipped: Sequence[Skipped], kept: Sequence[Skipped], duplicates: Sequence[Duplicate]) -> str:
    """What was found and is not in the index as it is now, each with its reason; nothing when there is none."""
    copies = [(one.path, say("a copy of {article}", article=one.copy_of)) for one in duplicates]
    return (
        _left_out(counted("{n} file skipped", "{n} files skipped", len(skipped)), _reasons(skipped))
        + _left_out(counted("{n} file kept as it was", "{n} files kept as they were", len(kept)), _reasons(kept))
        + _left_out(counted("{n} duplicate", "{n} duplicates", len(copies)), copies)
    )


def _reasons(files: Sequence[Skipped]) -> list[tuple[str, str]]:
    return [(one.path, words.reason(one.reason)) for one in files]


def _left_out(heading: str, reasons: Sequence[tuple[str, str]]) -> str:
    if not reasons:
        return ""
    rest = len(reasons) - LEFT_OUT_SHOWN
    return drawn("notes.html", "left_out", heading, reasons[:LEFT_OUT_SHOWN], rest)


def progress(status: Status) -> str:
    """A rebuild under way: its stage, a bar, and how long it will take."""
    stage = say(status.stage[:1].upper() + status.stage[1:])
    if not status.total or not status.done:
        return state(f"{stage}…")
    done = say("{done} of {total} files", done=words.number(status.done), total=words.number(status.total))
    left = f", {say('{time} left', time=_duration(status.seconds_left))}" if status.done < status.total else ""
    return drawn("notes.html", "progress", status.done, status.total, stage, f"{stage}: {done}{left}")


def loading(model: str, stage: Stage, loaded: int, total: int) -> str:
    """The model that is on its way and what is done to it; a bar of all the models, of which some are loaded."""
    told = {
        "loading": say("Loading {model}…", model=say(model)),
        "converting": say("Converting {model} for this processor, which is done once…", model=say(model)),
        "trying": say(
            "Finding the fastest way to run {model} here, which is done once: {n} of {total}…",
            model=say(model),
            n=stage.number,
            total=stage.total,
        ),
    }[stage.doing]
    begun = (stage.number - 1) / stage.total if stage.total else 0
    return drawn("notes.html", "progress", loaded + begun, total, say("Loading the models"), told)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return words.duration(max(round(seconds), 1), "second")
    if seconds < 90 * 60:
        return words.duration(round(seconds / 60), "minute")
    return words.duration(round(seconds / 3600, 1), "hour")
