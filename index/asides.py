"""The lines of an article that belong to other articles: "read also", and headlines left in its body."""

import re
from collections.abc import Iterator

# What is shorter than a paragraph of this length, and stands between two such, may be a headline.
PARAGRAPH = 200
LONGEST_HEADLINE = 140
# A subheading has fewer words than these; two headlines together need not be as long.
HEADLINE_WORDS, NEIGHBOURS_WORDS = 8, 5

_MARKER = re.compile(
    r"\W*(?:read (?:also|more|next)|see also|related (?:articles|stories|content)|more on this (?:story|topic)|"
    r"leggi anche|leggi pure|vedi anche|potrebbe(?:ro)? interessarti|per approfondire|"
    r"lesen sie (?:auch|mehr)|mehr zum thema|auch interessant|(?:à )?lire aussi|voir aussi|sur le même sujet|"
    r"le[ae] también|te puede interesar|más información|leia (?:também|mais)|veja também|lees ook|"
    r"läs (?:även|också|mer)|les også|læs også|lue myös|czytaj (?:też|także|również)|zobacz (?:też|także)|"
    r"čtěte také|přečtěte si|citește și|vezi și|διαβάστε (?:επίσης|ακόμη)|ayrıca okuyun|"
    r"читайте (?:также|також|ще|по теме)|смотрите также|дивіться також)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.…:;,。][\"'”’»“)\]]*$")


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
        marker = _MARKER.match(line) if len(line) <= LONGEST_HEADLINE else None
        if marker:
            yield number
            announced = not re.search(r"\w", marker["rest"])
        elif announced and _is_headline(line, 1):
            yield number
        else:
            announced = False


def _left_in(lines: list[str]) -> Iterator[int]:
    """Headlines between two paragraphs, each of which is one long line."""
    run: list[int] = []
    after_paragraph = False
    for number, line in enumerate(lines):
        if len(line) >= PARAGRAPH:
            least = NEIGHBOURS_WORDS if len(run) > 1 else HEADLINE_WORDS
            if after_paragraph and all(_is_headline(lines[one], least) for one in run):
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
