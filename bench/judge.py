"""Answers read by a person, whether their sentences say so: `python -m bench.judge FILE --data FOLDER`.

The first time answers are drawn, evenly over the sets in the folder and the kinds of their questions, and written to
FILE. Then those without a verdict are shown one by one, each statement with its sentence and what stands around it, and
the verdict is read: s (it says so), n (it does not) or u (unclear), and a remark behind it if you like. It is written
at once, so that the reading can go on another day. Not from a keyboard, one line for each answer does the same.
"""

import argparse
import json
import math
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path

from assistant.answers import UNSURE, Answer, Statement
from assistant.assistant import Assistant
from assistant.opening import load_answerer, load_reader
from assistant.settings import Settings
from bench.quality import CachedEmbedding, prepared, scratch_folder
from index.articles import Article
from index.errors import UserError
from index.generations.pointer import open_current
from index.rebuild import rebuild

VERDICTS = {"s": "says it", "n": "does not", "u": "unclear"}
AROUND = 300  # characters before and after a sentence
Z = 1.96  # of a 95 % interval
SETS = ("kinds-en", "kinds-it", "news-no", "news-when-en", "news-when-it", "unanswerable-en", "wiki-it", "xquad")


@dataclass(frozen=True, slots=True)
class Told:
    """A statement of an answer, the sentence that it cites, and what stands before and after that."""

    statement: str
    sentence: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer to a question of a set, and what a person says of it: "" for nothing yet.

    One that is not `sure` says of itself that its sentence may not answer.
    """

    set: str
    question: str
    kind: str
    short_answer: str
    day: str
    told: tuple[Told, ...]
    verdict: str = ""
    remark: str = ""
    sure: bool = True


def main() -> None:
    """Draw if there is nothing yet, read the verdicts that are missing, print the share."""
    parser = argparse.ArgumentParser(prog="python -m bench.judge", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="what was drawn, and the verdicts")
    parser.add_argument("--data", type=Path, help="the folder that holds the sets; needed to draw")
    parser.add_argument("--sets", default=",".join(SETS), help="names of sets, with commas between them")
    parser.add_argument("--profile", choices=["light", "full"], default="full", help="whose answers")
    parser.add_argument("--count", type=int, default=100, help="so many answers")
    parser.add_argument("--seed", type=int, default=0, help="another one draws other questions")
    parser.add_argument("--scratch", type=Path, help="where indexes are kept for the next run; by default nowhere")
    parser.add_argument("--beside", type=Path, help="the same answers read by somebody else: prints how far both agree")
    options = parser.parse_args()
    try:
        if not options.file.is_file():
            if options.data is None:
                raise UserError(f"{options.file} is not there yet. Say with --data where the question sets are.")
            with scratch_folder(options.scratch) as scratch:
                chosen = [name for name in options.sets.split(",") if (options.data / name).is_dir()]
                every = drawn(options.data, chosen, options.profile, scratch, options.count, options.seed)
                written(options.file, list(every))
        judged = judge(read(options.file), options.file, sys.stdin, print)
        print("\n".join(report(judged)))
        if options.beside:
            print(agreement(judged, read(options.beside)))
    except UserError as error:
        sys.exit(f"bench.judge: {error}")


# --- Drawing ------------------------------------------------------------------------------------------------


def drawn(data: Path, names: Sequence[str], profile: str, scratch: Path, count: int, seed: int) -> Iterator[Judged]:
    """So many answers, evenly over the sets, and in each over the kinds of its questions; refusals are passed over."""
    settings, _, embedding = prepared(profile, scratch)
    streams = [answers(data / name, settings, embedding, seed) for name in names]
    left = count
    for some in zip_longest(*streams):
        for one in some:
            if one is not None and left:
                left -= 1
                yield one
        if not left:
            return


def answers(folder: Path, settings: Settings, embedding: CachedEmbedding, seed: int) -> Iterator[Judged]:
    """What is answered of a set's questions, in an order drawn with the seed, one of each kind in turn."""
    index_dir = settings.index_dir / folder.name
    if not (index_dir / "current").is_file():
        rebuild(folder / "articles", index_dir, lambda: embedding, allow_shrink=True)
    generation = open_current(index_dir)
    reader = load_reader(settings, embedding.model_name)
    assistant = Assistant(index_dir, generation, embedding, load_answerer(settings), reader=reader)
    lines = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines() if line]
    for line in in_turn(lines, lambda line: str(line.get("kind", "")), seed):
        answer = assistant.ask(str(line["question"]))
        if answer.answered:
            articles = {one.article: generation.article(one.article) for one in answer.citations}
            yield shown(folder.name, answer, articles)


def in_turn(
    lines: Sequence[dict[str, object]], kind_of: Callable[[dict[str, object]], str], seed: int
) -> list[dict[str, object]]:
    """The lines in a drawn order, one of each kind after the other."""
    groups: dict[str, list[dict[str, object]]] = {}
    for line in random.Random(seed).sample(lines, len(lines)):
        groups.setdefault(kind_of(line), []).append(line)
    return [line for together in zip_longest(*groups.values()) for line in together if line is not None]


def shown(name: str, answer: Answer, articles: dict[str, Article]) -> Judged:
    """The answer with its sentences and what stands around them."""
    day = answer.answer_date or (f"reported on {answer.reported_date}" if answer.reported_date else "")
    told = tuple(one for statement in answer.statements for one in _told(statement, answer, articles))
    return Judged(name, answer.question, answer.kind, answer.short_answer, day, told, sure=answer.reason != UNSURE)


def _told(statement: Statement, answer: Answer, articles: dict[str, Article]) -> Iterator[Told]:
    cited = [one for one in answer.citations if one.number in statement.citations]
    if not cited:
        yield Told(statement.text, "", "", "")
    for one in cited:
        text = articles[one.article].text
        before, after = text[max(0, one.start - AROUND) : one.start], text[one.end : one.end + AROUND]
        yield Told(statement.text, one.quote, before, after)


# --- Judging ------------------------------------------------------------------------------------------------


def judge(every: Sequence[Judged], file: Path, lines: Iterable[str], show: Callable[[str], None]) -> list[Judged]:
    """All of them, with the verdicts that the lines give to those that had none; each is written at once."""
    judged = list(every)
    given = iter(lines)
    for place, one in enumerate(judged):
        if one.verdict:
            continue
        show(as_text(one, place + 1, len(judged)))
        line = next((line for line in given if line.strip()[:1].casefold() in VERDICTS), "")
        if not line:
            break
        verdict, _, remark = line.strip().partition(" ")
        judged[place] = replace(one, verdict=VERDICTS[verdict[0].casefold()], remark=remark.strip())
        written(file, judged)
    return judged


def as_text(one: Judged, number: int, count: int) -> str:
    """The answer for a person to read."""
    lines = [f"\n--- {number} of {count}: {one.set}, {one.kind}", f"Q  {one.question}"]
    if one.short_answer or one.day:
        day, doubt = f" = {one.day}" if one.day else "", "" if one.sure else " (not sure)"
        lines.append(f"A  {one.short_answer}{day}{doubt}")
    for told in one.told:
        same = told.statement == told.sentence
        lines += [f"   {'quoted' if same else told.statement}"]
        lines += [f"   … {_spaced(told.before)} >>> {_spaced(told.sentence)} <<< {_spaced(told.after)} …"]
    return "\n".join([*lines, "s (says it), n (does not), u (unclear):"])


def report(judged: Sequence[Judged]) -> list[str]:
    """How many say what their sentences say, with the 95 % interval, in all, by kind, and where words were picked."""
    lines = ["| answers | read | do not say it | unclear |", "|---|---|---|---|"]
    kinds = sorted({one.kind for one in judged})
    groups = {kind: [one for one in judged if one.kind == kind] for kind in kinds}
    short = [one for one in judged if one.short_answer]
    sure, unsure = ([one for one in short if one.sure is told] for told in (True, False))
    groups |= {"short answers told as sure": sure, "short answers told as not sure": unsure}
    for name, some in {"all": judged, **groups}.items():
        verdicts = [one.verdict for one in some if one.verdict]
        if verdicts:
            wrong, unclear = verdicts.count(VERDICTS["n"]), verdicts.count(VERDICTS["u"])
            low, high = interval(wrong, len(verdicts))
            lines.append(
                f"| {name} | {len(verdicts)} | {wrong / len(verdicts):.1%} ({low:.1%}–{high:.1%}) "
                f"| {unclear / len(verdicts):.1%} |"
            )
    return lines


def interval(held: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: of 2 in 100, .006 to .070."""
    share, spread = held / count, Z * Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def agreement(judged: Sequence[Judged], other: Sequence[Judged]) -> str:
    """How many of those that both have read got the same verdict."""
    theirs = {(one.set, one.question): one.verdict for one in other if one.verdict}
    both = [(one.verdict, theirs[one.set, one.question]) for one in judged if theirs.get((one.set, one.question))]
    both = [pair for pair in both if pair[0]]
    same = sum(mine == its for mine, its in both)
    return f"Of {len(both)} read by both, {same} got the same verdict."


# --- The file -----------------------------------------------------------------------------------------------


def written(file: Path, every: Sequence[Judged]) -> None:
    """Write them, one JSON object a line."""
    lines = (json.dumps(asdict(one), ensure_ascii=False) for one in every)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read(file: Path) -> list[Judged]:
    """What was written to the file."""
    lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Judged(**{**line, "told": tuple(Told(**one) for one in line["told"])}) for line in lines]


def _spaced(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()
