"""The lines of an article that belong to other articles: "read also", and headlines left in its body."""

import re
from collections.abc import Iterator
from functools import cache

from index.languages.scripts import FULL_STOPS
from index.languages.words import languages, pattern

# What is shorter than a paragraph of this length, and stands between two such, may be a headline.
PARAGRAPH = 200
LONGEST_HEADLINE = 140
# A subheading has fewer words than these; two headlines together need not be as long.
HEADLINE_WORDS, NEIGHBOURS_WORDS = 8, 5

_SENTENCE_END = re.compile(rf"[{FULL_STOPS}:;,][\"'”’»“)\]]*$")


def find_asides(text: str) -> list[tuple[int, int]]:
    """Start and end of each such line, in order."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    marked = set(_marked([text[start:end] for start, end in lines]))
    unmarked = set(_left_in([text[start:end].strip() for start, end in lines]))
    return [lines[number] for number in sorted(marked | unmarked)]


def _marked(lines: list[str]) -> Iterator[int]:
    """Lines that say so, and the headlines below one that says nothing else."""
    announced = False
    for number, line in enumerate(lines):
        marker = _marker().match(line) if len(line) <= LONGEST_HEADLINE else None
        if marker and not _is_sentence(marker["rest"]):
            yield number
            announced = not re.search(r"\w", marker["rest"])
        elif announced and _is_headline(line, 1):
            yield number
        else:
            announced = False


@cache
def _marker() -> re.Pattern[str]:
    """What leads to another article, in any language: pages of one name those of another."""
    phrases = pattern(tuple(phrase for spoken in languages() for phrase in spoken.pages.asides))
    return re.compile(rf"\W*(?:{phrases})(?!\w)(?P<rest>.*)", re.IGNORECASE)


def _is_sentence(rest: str) -> bool:
    """Whether what follows the marker goes on as a sentence of the article, as in "Read more books, she said."."""
    begins = rest.lstrip("\"'”’»“)] ")
    return bool(begins) and begins[0] not in ":|>–—-[(" and _SENTENCE_END.search(rest) is not None


def _left_in(lines: list[str]) -> Iterator[int]:
    """Headlines between two paragraphs, each of which is one long line."""
    run: list[int] = []
    after_paragraph = False
    for number, line in enumerate(lines):
        if len(line) >= PARAGRAPH:
            least = NEIGHBOURS_WORDS if len(run) > 1 else HEADLINE_WORDS
            is_list = bool(run) and run[0] > 0 and lines[run[0] - 1].rstrip().endswith((":", "："))
            if after_paragraph and not is_list and all(_is_headline(lines[one], least) for one in run):
                yield from run
            run, after_paragraph = [], True
        else:
            run.append(number)


def _is_headline(line: str, least_words: int) -> bool:
    return (
        len(line) <= LONGEST_HEADLINE
        and line[0].isalnum()
        and not _SENTENCE_END.search(line)
        and " | " not in line
        and len(line.split()) >= least_words
    )
