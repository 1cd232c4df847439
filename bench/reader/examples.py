"""Rows to groups: a question with the sentence that answers it, and with sentences that do not but seem to.

A group is learnt as one, the right sentence against the others. Whatever chance decides is drawn from the seed and
the row's number, so that a group stays the same whichever others are asked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from bench.reader.changes import Spans, alike, another_number, exchanged, shared_stretch, turned
from bench.reader.mining import Mined
from bench.reader.rows import Passage, Row, Rows

# How many sentences are read at once: mostly one, as when articles are searched.
WINDOWS, WINDOW_WEIGHTS = (1, 2, 3, 4), (74, 15, 7, 4)
WINDOW_CHARACTERS = 480
WITH_TITLE = 0.75
TITLELESS = {"facqa", "squadshifts-amazon", "squadshifts-reddit"}  # what they call a title names nothing
ANOTHER_PASSAGE, SECOND_OF_IT, SAME_PASSAGE, CHANGED, BOTH_CHANGED = 1.0, 0.2, 0.65, 0.5, 0.25
# How often a source's rows are taken: few and rare ones more, what is written unlike articles less.
SHARES = {
    "pquad": 0.5, "jaquad": 0.5, "squadshifts-amazon": 0.4, "squadshifts-reddit": 0.6, "iapp": 0.7, "heq": 0.7,
    "mlqa": 2.0, "norquad-wiki": 3.0, "afriqa-x": 1.5, "piaf": 1.3, "faquad": 1.5, "squad2": 1.3, "arcd": 1.2,
}  # fmt: skip
UNANSWERABLE_SHARE = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, one or a few neighbouring sentences, their page's title, and the spans that answer, if any do."""

    question: str
    text: str
    title: str
    spans: Spans
    kind: str


Group = tuple[Candidate, ...]


class Groups:
    """Makes the groups of a set of rows."""

    def __init__(self, rows: Rows, mined: Mined, seed: int) -> None:
        self._rows, self._mined, self._seed = rows, mined, seed
        self._owners = [number for number, p in enumerate(rows.passages) for _ in p.sentences]
        self._stretches: dict[str, list[str]] = defaultdict(list)
        for row in rows.rows:
            if row.spans and (gold := self._gold(row)) is not None:
                passage = rows.passages[row.passage]
                sentence = passage.sentences[gold]
                if stretch := shared_stretch(row.question, passage.text[sentence.start : sentence.end]):
                    self._stretches[passage.source].append(stretch.words)

    def epoch(self, number: int) -> list[Group]:
        """The groups of one pass over the rows, shuffled; each pass draws other sentences."""
        random = Random(f"{self._seed} epoch {number}")
        chosen = [n for n, row in enumerate(self._rows.rows) for _ in range(self._times(row, random))]
        random.shuffle(chosen)
        groups = (self.group(row, Random(f"{self._seed} {number} {at}")) for at, row in enumerate(chosen))
        return [group for group in groups if group]

    def _times(self, row: Row, random: Random) -> int:
        share = SHARES.get(self._rows.passages[row.passage].source, 1.0) * (1.0 if row.spans else UNANSWERABLE_SHARE)
        return int(share) + (random.random() < share - int(share))

    def group(self, number: int, random: Random) -> Group:
        """The row's group, the right sentence first; empty where its words lie across two sentences."""
        row = self._rows.rows[number]
        passage = self._rows.passages[row.passage]
        size = random.choices(WINDOWS, WINDOW_WEIGHTS)[0]
        titled = random.random() < WITH_TITLE
        if not row.spans:
            own = self._mined.own[number][:2].tolist()
            return tuple(_candidate(row.question, passage, at, size, titled, "person", random) for at in own[:1])
        gold = self._gold(row)
        if gold is None:
            return ()
        right = _candidate(row.question, passage, gold, size, titled, "right", random, row.spans)
        if not right.spans:
            return ()
        wrong = list(self._changed(right, passage, random)) if random.random() < CHANGED else []
        if wrong and wrong[0].spans:  # both sides were changed: that is another right one
            right, wrong = wrong[0], wrong[1:]
        answers = {_plain(passage.text[start:end]) for start, end in row.spans}
        others = [*self._same(number, gold, size, titled, random), *self._others(number, size, titled, random)]
        return (right, *wrong, *(one for one in others if not _holds(one.text, answers)))

    def _gold(self, row: Row) -> int | None:
        """The sentence that holds the words of most people, counted within the passage."""
        start, end = row.spans[0]
        sentences = self._rows.passages[row.passage].sentences
        return next((n for n, s in enumerate(sentences) if s.start <= start and end <= s.end), None)

    def _same(self, number: int, gold: int, size: int, titled: bool, random: Random) -> Iterator[Candidate]:
        """One of the sentences of the same passage that are nearest to the question."""
        row = self._rows.rows[number]
        near = [at for at in self._mined.own[number].tolist() if abs(at - gold) >= size][:3]
        if near and random.random() < SAME_PASSAGE:
            passage = self._rows.passages[row.passage]
            yield _candidate(row.question, passage, random.choice(near), size, titled, "same", random)

    def _others(self, number: int, size: int, titled: bool, random: Random) -> Iterator[Candidate]:
        """Sentences of other passages, one or two of the nearest."""
        near = [int(at) for at in self._mined.nearest[number] if at >= 0]
        for at in random.sample(near, min(len(near), 1 + (random.random() < SECOND_OF_IT))):
            owner = self._owners[at]
            place = at - int(self._mined.firsts[owner])
            passage = self._rows.passages[owner]
            yield _candidate(self._rows.rows[number].question, passage, place, size, titled, "other", random)

    def _changed(self, right: Candidate, passage: Passage, random: Random) -> Iterator[Candidate]:
        """What looks like the right one and is not; now and then before it a right one changed on both sides."""
        new: str | None = None
        kind = random.random()
        if kind < 0.4 and (new := turned(right.question, right.text, passage.language, random)):
            yield Candidate(new, right.text, right.title, (), "turned")
        elif kind < 0.6 and (new := another_number(right.question, right.text, random)):
            yield Candidate(new, right.text, right.title, (), "number")
        else:
            yield from self._exchanged(right, passage.source, random)

    def _exchanged(self, right: Candidate, source: str, random: Random) -> Iterator[Candidate]:
        """Another name on one side, or where the first is right again, on both."""
        stretch = shared_stretch(right.question, right.text)
        new = alike(stretch.words, self._stretches[source], random) if stretch else None
        if not stretch or not new or new.lower() in right.text.lower() or new.lower() in right.question.lower():
            return
        asked = exchanged(right.question, stretch.in_question, stretch.words, new)
        written = exchanged(right.text, stretch.in_sentence, stretch.words, new, right.spans)
        if not asked or not written:
            return
        if random.random() < BOTH_CHANGED:
            yield Candidate(asked[0], written[0], right.title, written[1], "both")
        if random.random() < 0.5:
            yield Candidate(asked[0], right.text, right.title, (), "name")
        else:
            yield Candidate(right.question, written[0], right.title, (), "name")


def _candidate(
    question: str, passage: Passage, at: int, size: int, titled: bool, kind: str, random: Random, spans: Spans = ()
) -> Candidate:
    """A window of `size` sentences around the one at `at`, with those of the spans that lie in it."""
    first = max(0, at - random.randrange(size))
    last = min(len(passage.sentences), first + size) - 1
    start, end = passage.sentences[first].start, passage.sentences[last].end
    if end - start > WINDOW_CHARACTERS:
        start, end = passage.sentences[at].start, passage.sentences[at].end
    inside = tuple((s - start, e - start) for s, e in spans if start <= s and e <= end)
    title = passage.title if titled and passage.source not in TITLELESS else ""
    return Candidate(question, passage.text[start:end], title, inside, kind)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _holds(text: str, answers: set[str]) -> bool:
    """Whether the text has the words of an answer: then it may answer too."""
    plain = _plain(text)
    return any(
        f" {answer} " in f" {plain} " or ((len(answer) > 3 or not answer.isascii()) and answer in plain)
        for answer in answers
        if answer
    )


def count_kinds(groups: Sequence[Group]) -> dict[str, int]:
    """How many candidates of each kind there are, most first."""
    counts: dict[str, int] = defaultdict(int)
    for group in groups:
        for one in group:
            counts[one.kind] += 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
