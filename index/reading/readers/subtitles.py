"""Subtitles (.srt, .vtt) to what is said in a film, with when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from index.articles import TIMES
from index.errors import Unreadable
from index.reading.readers.story import Fields, Story, language_code, one_line
from index.reading.texts.decoding import decode

# Somebody else speaks, or of something else, after so many seconds without a word.
SILENCE_SECONDS = 4.0

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>\n]{0,200}|\d[\d:.]*)>|\{\\[^{}\n]{0,100}\}")
# What is heard and not said.
_SOUND = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|[♪♫#].*)\s*")
_SPEAKS = re.compile(r"\s*(?:>>+|[-–—]\s)\s*|<v[ .][^<>]*>")
_SAYS_NOTHING = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)(?:\s|$)")


@dataclass(slots=True)
class _Cue:
    start: float
    end: float
    lines: list[str] = field(default_factory=list)

    @property
    def time(self) -> str:
        minutes, seconds = divmod(int(self.start), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def read_subtitles(content: bytes) -> Iterator[Story]:
    """What is said, in paragraphs, and when each of its pieces is."""
    text, encoding = decode(content)
    cues = [cue for cue in _without_repeats(_cues(text)) if cue.lines]
    if not cues:
        raise Unreadable("it holds no subtitles")
    said, starts = "", []
    for before, cue in pairwise([_Cue(0, cues[0].start), *cues]):
        is_other = cue.start - before.end >= SILENCE_SECONDS or _SPEAKS.match(cue.lines[0]) is not None
        said += ("\n\n" if is_other else " ") if said else ""
        starts.append(len(said))
        said += " ".join(" ".join(_SPEAKS.sub("", line, count=1).split()) for line in map(_untagged, cue.lines))
    evidence = {"encoding": encoding, TIMES: " ".join(cue.time for cue in cues)}
    yield Story(said, _said(text), evidence, tuple(starts))


def _cues(text: str) -> Iterator[_Cue]:
    lines = text.split("\n")
    cue: _Cue | None = None
    for line, following in pairwise([*lines, ""]):
        if times := _TIMES.match(line):
            cue = _Cue(_seconds(times.groups()[:4]), _seconds(times.groups()[4:]))
            yield cue
        elif not line.strip():
            cue = None
        elif cue is not None and _is_said(line) and not (_TIMES.match(following) and line.strip().isdigit()):
            cue.lines.append(line)


def _is_said(line: str) -> bool:
    words = _untagged(line)
    return bool(words.strip()) and not _SOUND.fullmatch(words)


def _without_repeats(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """The cues without the lines that the one before has as well, as captions that roll up the screen do."""
    before: list[str] = []
    for cue in list(cues):
        shown = [_untagged(line).strip() for line in cue.lines]
        cue.lines = [line for line, words in zip(cue.lines, shown, strict=True) if words not in before]
        before = shown
        yield cue


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return 3600 * int(hours) + 60 * int(minutes) + int(seconds) + float(f"0.{fraction}")


def _untagged(line: str) -> str:
    voice = _SPEAKS.match(line) if line.lstrip().startswith("<v") else None
    return ("- " if voice else "") + _TAG.sub("", line).replace("&nbsp;", " ").replace("&amp;", "&")


def _said(text: str) -> Fields:
    """What the head of a .vtt tells."""
    head = text.partition("\n\n")[0]
    if not _SAYS_NOTHING.match(head):
        return {}
    title = one_line(re.sub(r"^WEBVTT\s*[-–—]?", "", head.partition("\n")[0]))
    language = re.search(r"^Language:\s*([\w-]+)", head, re.MULTILINE)
    found = {"title": (title, "subtitles")} if title else {}
    code = language_code(language[1]) if language else ""
    return {**found, "language": (code, "subtitles")} if code else found
