"""An article to sentences and overlapping passages."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from index.articles import Article
from index.passages import CutArticle, Passage, Sentence, passage_of
from index.splitting.asides import find_asides
from index.splitting.corrections import Correction, corrected
from index.splitting.sentences import split_sentences

# A novel has as many. What comes after them in an article is kept and can be read, but is not embedded: a megabyte of
# random words would take minutes. A model reads only so much of a sentence.
TOKENS_AN_ARTICLE, TOKENS_A_SENTENCE = 100_000, 2_048


def cut(article: Article, count_tokens: Callable[[str], int]) -> CutArticle:
    """The article with its sentences, and those in passages, no two of them alike; neither holds a line of another
    article, nor what a correction takes back."""
    holding = corrected(article.text, article.language, split_sentences(article.text, article.language))
    whole = holding.sentences
    sentences, tokens = _affordable(article, whole, count_tokens)
    asides = find_asides(article.text)
    starts, ends = [start for start, _ in asides], [end for _, end in asides]
    kept: list[list[Sentence]] = []
    for sentence in sentences:
        if bisect_right(starts, sentence.start) != bisect_right(ends, sentence.start):
            continue
        if not kept or _is_apart(article.text, kept[-1][-1].end, sentence.start, holding.corrections):
            kept.append([])
        kept[-1].append(sentence)
    runs = [tuple(run) for run in kept] or [sentences]
    # A passage that comes again and again is kept once: 500 equal vectors hide others from the search of a whole index.
    passages: dict[str, Passage] = {}
    for run in runs:
        for passage in split_passages(article, run, tokens.__getitem__):
            whole_passage = _with_correction(article.text, passage, holding.corrections)
            passages.setdefault(whole_passage.text, whole_passage)
    kept_sentences = tuple(sentence for run in runs for sentence in run)
    return CutArticle(article, kept_sentences, tuple(passages.values()), len(whole) - len(sentences))


def _is_apart(text: str, end: int, start: int, corrections: Sequence[Correction]) -> bool:
    """Whether something was left out between these two places: a passage holds nothing such, but for a correction."""
    inside = any(one.start <= end and start <= one.end for one in corrections)
    return not inside and bool(text[end:start].strip())


def _with_correction(text: str, passage: Passage, corrections: Sequence[Correction]) -> Passage:
    """The passage from the beginning of the correction on that its first sentence is part of.

    That nine have died is found by what was said before, of whom and where; only its own sentences are ever quoted.
    """
    start = next((one.start for one in corrections if one.start < passage.start < one.end), passage.start)
    if start == passage.start:
        return passage
    name = f"{passage.article_id}#{start}-{passage.end}"
    return replace(passage, id=name, start=start, text=text[start : passage.end])


def _affordable(
    article: Article, sentences: tuple[Sentence, ...], count_tokens: Callable[[str], int]
) -> tuple[tuple[Sentence, ...], dict[str, int]]:
    """As many of the sentences as an article may cost, and how many tokens each has, by its text."""
    tokens: dict[str, int] = {}
    spent = 0
    for number, sentence in enumerate(sentences):
        text = article.text[sentence.start : sentence.end]
        if text not in tokens:
            tokens[text] = count_tokens(text)
        spent += min(tokens[text], TOKENS_A_SENTENCE)
        if spent > TOKENS_AN_ARTICLE and number:
            return sentences[:number], tokens
    return sentences, tokens


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
        passages.append(passage_of(article, sentences[first:last]))
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
