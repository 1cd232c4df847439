"""A text to sentences with exact offsets."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise

import sentencex  # type: ignore[import-untyped]

from index.languages.scripts import CAPITALS
from index.languages.words import language as words_of
from index.passages import Sentence

SENTENCE_CHARACTERS = 1000  # a longer "sentence" is a table or a list: it is cut at white space
_WINDOW_CHARACTERS = 2500  # sentencex takes quadratic time within a line: 8 s for 1 MB
# Far longer where nearly all is full stops behind numbers or letters, 4 s for a window in Danish: that is no prose.
_MOST_STOPS = 250
_STOP = re.compile(r"\w[.!?]")
_NARROWEST_WRAPPED_LINE, _WIDEST_WRAPPED_LINE = 30, 120


def split_sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of `text`, in order, without the white space around them.

    Every other character belongs to exactly one. None crosses an empty line, nor the end of a line unless
    the text is wrapped at a fixed width.
    """
    sentences: list[Sentence] = []
    for start, end in unwrapped(text):
        if start == end:
            continue
        cuts = _cuts(text[start:end].replace("\n", " "), language)
        for cut, following in pairwise([start, *(start + cut for cut in cuts), end]):
            sentences.extend(_trimmed(text, cut, following))
    return tuple(sentences)


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    """Characters `start` to `end` as one sentence, or as several when that would be too long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > SENTENCE_CHARACTERS:
        limit = start + SENTENCE_CHARACTERS
        cut = next((at for at in range(limit, start, -1) if text[at].isspace()), limit)
        yield from _trimmed(text, start, cut)
        start = cut
        while text[start].isspace():
            start += 1
    if start < end:
        yield Sentence(start, end)


def unwrapped(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line; lines that were broken only to fit a width count as one."""
    ends = [match.start() for match in re.finditer("\n", text)] + [len(text)]
    lines = list(zip([0, *(end + 1 for end in ends[:-1])], ends, strict=True))
    wrapped = _wrapped_breaks(text, lines)
    start = 0
    for _, end in lines:
        if end not in wrapped:
            yield start, end
            start = end + 1


def _wrapped_breaks(text: str, lines: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Positions of the line breaks that only fit a width: the next word would not have, or a small letter goes on.

    None unless most of the text's breaks are such, those after a line that is too short for prose left out.
    """
    filled = [(start, end) for start, end in lines if text[start:end].strip()]
    width = max((end - start for start, end in filled if " " in text[start:end].strip()), default=0)
    if not _NARROWEST_WRAPPED_LINE <= width <= _WIDEST_WRAPPED_LINE:
        return frozenset()
    breaks = [(line, following) for line, following in pairwise(filled) if line[1] + 1 == following[0]]
    wrapped = frozenset(
        end
        for (start, end), following in breaks
        if end - start + 1 + len(text[slice(*following)].split(maxsplit=1)[0]) > width
    )
    going_on = {line for line, following in breaks if text[slice(*following)].lstrip()[:1].islower()}
    of_prose = wrapped | {end for start, end in going_on if end - start >= _NARROWEST_WRAPPED_LINE}
    return wrapped | {end for _, end in going_on} if 2 * len(of_prose) > len(breaks) else frozenset()


# sentencex knows where sentences end in some 300 languages. What follows mends what it was seen to get wrong.

_OPENING = "([{«“„‚‘\"'"
_CLOSING = ")]}»”’“‘\"'"
_CORNERS = "」』"
# In whichever language.
ABBREVIATIONS = "dr prof mr mrs"
_LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
_ORDINAL = re.compile(r"\d{1,2}\.")


def _cuts(line: str, language: str) -> list[int]:
    """Where a sentence starts within `line`, in order, without 0."""
    candidates = set(_sentencex_cuts(line, language))
    if ordinary := _ordinary_end(language):
        candidates.update(match.end() for match in ordinary.finditer(line))
    has_capitals = line != line.lower()
    cuts: list[int] = []
    for candidate in sorted(candidates):
        cut = _outside_quotes(line, candidate)
        start = cuts[-1] if cuts else 0
        if not start < cut < len(line):
            continue
        if cut - start < SENTENCE_CHARACTERS and (
            (has_capitals and line[cut].islower()) or _goes_on(line[start:cut], line[cut], language)
        ):
            continue
        cuts.append(cut)
    if cuts and not _says_something(line[cuts[-1] :]):
        cuts.pop()
    return cuts


def _sentencex_cuts(line: str, language: str) -> Iterator[int]:
    start = 0
    while start < len(line):
        limit = start + _WINDOW_CHARACTERS
        end = len(line) if limit >= len(line) else line.rfind(" ", start, limit) + 1 or limit
        window = line[start:end]
        pieces = sentencex.segment(language, window) if len(_STOP.findall(window)) <= _MOST_STOPS else [window]
        ends = list(accumulate(map(len, pieces), initial=start))[1:]
        # The last sentence of a window may go on in the next one, unless it is too long for that anyway.
        if end < len(line) and len(ends) > 1 and ends[-1] - ends[-2] < SENTENCE_CHARACTERS:
            ends.pop()
        yield from ends
        start = ends[-1]


def _outside_quotes(line: str, cut: int) -> int:
    """The same cut, moved so that a quotation mark stays with the words it encloses."""
    if cut < len(line) and line[cut] in _CLOSING and not line[cut - 1].isspace():
        after = line[cut + 1 : cut + 2]
        if not after or after.isspace():
            return cut + 1
    opens = line[cut - 1] in _OPENING and (cut == 1 or line[cut - 2].isspace())
    return cut - 1 if opens and not line[cut : cut + 1].isspace() else cut


def _goes_on(before: str, following: str, language: str) -> bool:
    """Whether the sentence `before`, as cut by sentencex, really goes on with the character `following`."""
    if not _says_something(before) or _LIST_NUMBER.fullmatch(before.strip()):
        return True
    word = re.split("[’'\\s]", before[-30:].rstrip())[-1].lstrip(_OPENING)
    if before[-1] in _CORNERS and following in words_of(language).sentences.after_quotes:
        return True
    if not word.endswith("."):
        return False
    if not before[-1].isspace():  # "5 a.C."
        return True
    is_initial = len(word) == 2 and word[0].isupper() and word[0] != "I"
    is_ordinal = words_of(language).writing.ordinal_dot and _ORDINAL.fullmatch(word) is not None
    return is_initial or is_ordinal or word[:-1].lower() in _abbreviations(language)


@cache
def _abbreviations(language: str) -> frozenset[str]:
    """Words before a full stop that a capital letter or a number follows within the sentence."""
    return frozenset(ABBREVIATIONS.split()) | frozenset(words_of(language).sentences.abbreviations)


@cache
def _ordinary_end(language: str) -> re.Pattern[str] | None:
    """Where a sentence ends with an ordinary word that sentencex takes for an abbreviation: "due anni fa. Il …"."""
    words = words_of(language).sentences.ordinary
    if not words:
        return None
    names = "".join(f"|{word}" for word in words if word.isupper())
    ordinary = "|".join(word for word in words if not word.isupper())
    return re.compile(rf"(?<![\w.])(?:(?i:{ordinary})|[A-Z]{{3,}}{names})\.\s+(?=[\"“«(]?[{CAPITALS}])")


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)
