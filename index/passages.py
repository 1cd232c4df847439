"""An article's text to sentences with exact offsets, and those to overlapping passages."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import sentencex  # type: ignore[import-untyped]

from index.articles import Article
from index.asides import find_asides

SENTENCE_CHARACTERS = 1000  # a longer "sentence" is a table or a list: it is cut at white space
_WINDOW_CHARACTERS = 2500  # sentencex takes quadratic time within a line: 8 s for 1 MB
_WIDEST_WRAPPED_LINE = 120


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` (0-based, end exclusive) of the article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole, neighbouring sentences of one article; `text == article.text[start:end]`."""

    id: str
    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class CutArticle:
    """An article with its sentences and passages."""

    article: Article
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]


def cut(article: Article, count_tokens: Callable[[str], int]) -> CutArticle:
    """The article with its sentences, and those in passages, no two of them alike; neither holds a line of another
    article."""
    sentences = split_sentences(article.text, article.language)
    asides = find_asides(article.text)
    starts, ends = [start for start, _ in asides], [end for _, end in asides]
    kept: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        before = bisect_right(ends, sentence.start)
        if bisect_right(starts, sentence.start) == before:
            kept.setdefault(before, []).append(sentence)
    runs = [tuple(run) for run in kept.values()] or [sentences]
    # A passage that comes again and again is kept once: 500 equal vectors hide others from the search of a whole index.
    passages: dict[str, Passage] = {}
    for run in runs:
        for passage in split_passages(article, run, count_tokens):
            passages.setdefault(passage.text, passage)
    return CutArticle(article, tuple(sentence for run in runs for sentence in run), tuple(passages.values()))


def split_passages(
    article: Article,
    sentences: tuple[Sentence, ...],
    count_tokens: Callable[[str], int],
    passage_tokens: int = 200,
    overlap_tokens: int = 60,
) -> tuple[Passage, ...]:
    """Runs of the article's `sentences` of up to `passage_tokens`, in order; each sentence is in one or more.

    A passage ends with a paragraph where that leaves it at least half full. The next one starts up to
    `overlap_tokens` before its end, and reaches further. A longer sentence is a passage of its own.
    """
    counts = [count_tokens(article.text[sentence.start : sentence.end]) for sentence in sentences]
    closes_paragraph = [
        "\n" in article.text[sentence.end : following.start] for sentence, following in pairwise(sentences)
    ]
    passages = []
    first = last = 0  # the passage is sentences[first:last]
    while last < len(sentences):
        previous = last
        last = _passage_end(counts, closes_paragraph, first, previous, passage_tokens)
        start, end = sentences[first].start, sentences[last - 1].end
        passages.append(
            Passage(
                id=f"{article.id}#{start}-{end}",
                article_id=article.id,
                start=start,
                end=end,
                text=article.text[start:end],
                sentences=sentences[first:last],
            )
        )
        if last < len(sentences):
            room = min(overlap_tokens, passage_tokens - counts[last])
            first = _passage_start(counts, first, last, room)
    return tuple(passages)


def _passage_end(
    counts: Sequence[int], closes_paragraph: Sequence[bool], first: int, previous: int, passage_tokens: int
) -> int:
    """The end of the passage that starts at `first` and reaches beyond `previous`."""
    full = previous + 1
    token_count = sum(counts[first:full])
    while full < len(counts) and token_count + counts[full] <= passage_tokens:
        token_count += counts[full]
        full += 1
    if full == len(counts):
        return full
    end = full
    while end > previous and 2 * token_count >= passage_tokens:
        if closes_paragraph[end - 1]:
            return end
        end -= 1
        token_count -= counts[end]
    return full


def _passage_start(counts: Sequence[int], first: int, last: int, room: int) -> int:
    """How far back from `last` a passage may start: within `room` tokens, and after `first`."""
    start = last
    while start - 1 > first and counts[start - 1] <= room:
        start -= 1
        room -= counts[start]
    return start


def split_sentences(text: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of `text`, in order, without the white space around them.

    Every other character belongs to exactly one. None crosses an empty line, nor the end of a line unless
    the text is wrapped at a fixed width.
    """
    sentences: list[Sentence] = []
    for start, end in _lines(text):
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


def _lines(text: str) -> Iterator[tuple[int, int]]:
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
    """Positions of the line breaks where the next word would not have fitted on the line."""
    filled = [(start, end) for start, end in lines if text[start:end].strip()]
    width = max((end - start for start, end in filled if " " in text[start:end].strip()), default=0)
    if width > _WIDEST_WRAPPED_LINE:
        return frozenset()
    breaks = [(line, following) for line, following in pairwise(filled) if line[1] + 1 == following[0]]
    wrapped = frozenset(
        end
        for (start, end), following in breaks
        if end - start + 1 + len(text[slice(*following)].split(maxsplit=1)[0]) > width
    )
    return wrapped if 2 * len(wrapped) > len(breaks) else frozenset()


# sentencex knows where sentences end in some 300 languages. What follows mends what it was seen to get wrong.

# Words before a full stop that a capital letter or a number follows within the sentence.
_ABBREVIATIONS = {
    "": "dr prof mr mrs",
    "bg": "гр проф ул",
    "cs": "ing mgr např tzv",
    "da": "bl.a ca dvs f.eks kl nr",
    "de": "bzw ca d.h fr hr nr u.a z.b",
    "en": "adm capt col gen gov hon lt maj rep rev sen sgt",
    "es": "dña dra sra sres srta ud uds",
    "fr": "mgr mlle mm mme",
    "it": "arch avv cav dott dott.ssa geom ing on prof.ssa proff rag sig sig.na sig.ra sigg",
    "nl": "bijv dhr drs mevr",
    "no": "bl.a ca dvs f.eks kl nr",
    "pl": "al gen im ks np nr płk tj ul św",
    "ro": "dl dna nr",
    "ru": "акад им просп проф ул",
    "sv": "bl.a ca kl nr t.ex",
    "uk": "акад вул ім просп проф",
}
_ABBREVIATIONS_OF = {
    language: frozenset(f"{_ABBREVIATIONS['']} {words}".split()) for language, words in _ABBREVIATIONS.items()
}

# Ordinary words that sentencex takes for abbreviations, so that "due anni fa. Il governo" was one sentence.
_ORDINARY_WORDS = {
    "en": "arc ill may me no",
    "es": "bien contra entre extra no nos para sobre tras",
    "it": "ad ai al bar bel ci class con di fa fasi fin fra grano ha in la le li lo ma mai mi nato ne nei no "
    "nodo nos ore pass po pop pos post radar re sa se si sia sit spot su ud via vi",
    "no": "alta del det kan med ord se ut",
    "ro": "al alta ia la se sens va",
}
_ORDINARY_END = {
    language: re.compile(
        rf"(?<![\w.])(?:(?i:{'|'.join(words.split())})|[A-Z]{{3,}}|TV|UE)\.\s+(?=[\"“«(]?[A-ZÀ-ÖØ-ÞĂȘȚ])"
    )
    for language, words in _ORDINARY_WORDS.items()
}
_OPENING = "([{«“„‚‘\"'"
_CLOSING = ")]}»”’“‘\"'"
_LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
_GERMAN_ORDINAL = re.compile(r"\d{1,2}\.")


def _cuts(line: str, language: str) -> list[int]:
    """Where a sentence starts within `line`, in order, without 0."""
    candidates = set(_sentencex_cuts(line, language))
    if language in _ORDINARY_END:
        candidates.update(match.end() for match in _ORDINARY_END[language].finditer(line))
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
        ends = list(accumulate(map(len, sentencex.segment(language, line[start:end])), initial=start))[1:]
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
    if language == "ja":
        return before[-1] in "」』" and following in "とのはがにでもを"
    if not word.endswith("."):
        return False
    if not before[-1].isspace():  # "5 a.C."
        return True
    is_initial = len(word) == 2 and word[0].isupper() and word[0] != "I"
    is_ordinal = language == "de" and _GERMAN_ORDINAL.fullmatch(word) is not None
    abbreviations = _ABBREVIATIONS_OF.get(language, _ABBREVIATIONS_OF[""])
    return is_initial or is_ordinal or word[:-1].lower() in abbreviations


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)
