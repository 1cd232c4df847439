"""The answer to a question, printed, or those to a file of questions, written to another one."""

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import track
from rich.text import Text

from assistant.answers import Answer, Composed, Event, Evidence, ShortAnswer, Statement, Turn, Waiting, Written, between
from assistant.assistant import Assistant
from assistant.opening import begin_assistant, open_assistant
from assistant.question import known_language
from assistant.settings import Settings
from index.errors import UserError
from index.filters import Filters
from index.hits import Hit
from index.languages.names import english_name
from index.models.coming import ComingEmbedding
from index.search import search
from ui.answer_line import answer_line, hit_line
from ui.answer_text import DIFFER, place, plain, quoted, reported_on, spot, told, translated_from
from ui.commands.narrowed import check
from ui.commands.questions import read_questions
from ui.commands.terminal import console, echo_notice
from ui.exit_codes import NOT_ANSWERED

STYLES = {"heading": "bold", "note": "dim"}  # of a statement, by its role
OPENINGS = {"item": "• ", "quote": "  ", "translation": "  "}


def answer(
    question: str,
    settings: Settings,
    filters: Filters,
    answer_language: str,
    as_json: bool,
    top: int,
    begun: ComingEmbedding,
) -> None:
    """Print the answer to the question; the embedding that has `begun` to be loaded serves if it made the index.

    Exits with NOT_ANSWERED when the articles do not answer it.
    """
    known_language(answer_language)
    assistant = begin_assistant(settings, ahead=False, begun=begun)
    generation = assistant.open_generation()
    echo_notice(generation)
    check(filters, generation)
    events = list[Event]()
    stream = assistant.stream(question, filters=filters, answer_language=answer_language)
    for event in stream if as_json else printed(stream):
        events = [event]
    [last] = events
    assert isinstance(last, Answer)
    if as_json:
        click.echo(json.dumps(answer_line(last, top), ensure_ascii=False))
    if not last.answered:
        sys.exit(NOT_ANSWERED)


def answer_batch(
    batch: Path, out: Path, settings: Settings, filters: Filters, answer_language: str, retrieve_only: bool, top: int
) -> None:
    """Write the answers to the file of questions."""
    known_language(answer_language)
    questions = list(read_questions(batch))
    if not out.absolute().parent.is_dir():
        raise UserError(f"There is no folder {out.parent} for the answers. Name another file with --out.")
    assistant = open_assistant(settings)
    generation = assistant.open_generation()
    echo_notice(generation)
    check(filters, generation)
    _answer_batch(assistant, questions, out, filters, answer_language, top, retrieve_only)


def _answer_batch(
    assistant: Assistant,
    questions: Sequence[Mapping[str, object]],
    out: Path,
    filters: Filters,
    answer_language: str,
    top: int,
    retrieve_only: bool,
) -> None:
    def answered(line: Mapping[str, object]) -> dict[str, object]:
        question, history = str(line["question"]), line.get("history") or []
        if retrieve_only:
            found = search(question, assistant.open_generation(), assistant.embedding, top, filters)
            return {"question": question, "hits": [asdict(hit_line(hit)) for hit in found]}
        assert isinstance(history, list)
        turns = [Turn(str(turn), "") for turn in history]
        return answer_line(assistant.ask(question, turns, filters, answer_language), top)

    try:
        with out.open("w", encoding="utf-8") as answers:
            for line in track(questions, "Answering", console=console(), disable=not sys.stderr.isatty()):
                answer = {"id": line.get("id", ""), **answered(line)}
                answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UserError(
            f"The answers could not be written to {out} ({error.strerror}). "
            "Free some disk space, or name another file with --out."
        ) from error
    click.echo(f"{len(questions)} {'answer' if len(questions) == 1 else 'answers'} in {out}", err=True)


def printed(events: Iterable[Event]) -> Iterator[Event]:
    """The events, printed as they come: while something is written, what it will rest on stands there already."""
    hits: tuple[Hit, ...] = ()
    short: ShortAnswer | None = None
    for event in events:
        match event:
            case Evidence():
                hits = event.hits
            case ShortAnswer():
                short = event
                print_short_answer(short.text, short.answer_date, (short.citation.quote,))
            case Answer():
                if short is None and event.answered:
                    said = (*(one.text for one in event.statements), *(one.quote for one in event.citations))
                    print_short_answer(event.short_answer, event.answer_date, said)
                print_answer(event)
            case Waiting() | Written() | Composed() if hits:
                print_evidence(short, hits[0])
                hits = ()
        yield event


def print_evidence(short: ShortAnswer | None, best: Hit) -> None:
    """Print the sentence of the short answer, without one the best that was found, and where it stands."""
    text, title, published, article = best.text, best.article.title, best.article.published, best.article.id
    if short:
        cited = short.citation
        text, title, published, article = cited.quote, cited.title, cited.published, cited.article
    out = console(stderr=False)
    out.print(Text(f"  {quoted(text)}"))
    out.print(Text(f"    {place(title, published, article)}\n", style="dim"))


def print_short_answer(words: str, answer_date: str, said: Collection[str]) -> None:
    """Print the words that answer and the day that they mean; nothing of what is `said` anyway, all of a sentence."""
    day = f" = {answer_date}" if answer_date and answer_date[:4] not in words else ""
    if words and words not in said:
        console(stderr=False).print(Text(f"{plain(words)}{day}\n", style="bold"))


def print_answer(answer: Answer) -> None:
    """Print the answer as people read it: statements, what differs, and the sentences cited."""
    out = console(stderr=False)
    if not answer.answered:
        out.print(Text(answer.reason, style="bold"))
        if answer.hits:
            out.print(Text("\nClosest sentences:", style="dim"))
        for hit in answer.hits[:3]:
            out.print(Text(f"  {quoted(hit.text)}"))
            out.print(Text(f"    {place(hit.article.title, hit.article.published, hit.article.id)}", style="dim"))
        return
    if answer.reason:
        out.print(Text(f"{answer.reason}\n", style="dim"))
    written = Text()
    ending = between(answer.statements)
    for statement in answer.statements:
        opening = OPENINGS.get(statement.role, "") if len(answer.statements) > 1 else ""
        written.append(opening + plain(statement.text), style=STYLES.get(statement.role, ""))
        written.append("".join(f" [{number}]" for number in statement.citations), style="cyan")
        if foreign := _foreign(statement):
            written.append(f" ({foreign})", style="dim")
        written.append(ending)
    out.print(written)
    if answer.reported_date:
        out.print(Text(reported_on(answer.reported_date), style="dim"))
    if answer.accounts:
        out.print(Text(DIFFER, style="bold"))
    for account in answer.accounts:
        out.print(Text(f"  {told(account)}"))
    out.print()
    for citation, hit in zip(answer.citations, answer.cited, strict=True):
        out.print(Text(f"[{citation.number}] {quoted(citation.quote)}"))
        where = spot(citation.page, citation.time, citation.recognised)
        out.print(Text(f"    {place(citation.title, citation.published, citation.article, where)}", style="dim"))
        for article in hit.also_in:
            out.print(Text(f"    also in {plain(article)}", style="dim"))


def _foreign(statement: Statement) -> str:
    """In which language the statement is, or was before it was translated, where that is another than the answer's."""
    if statement.translated_from:
        return translated_from(statement.translated_from)
    return english_name(statement.language) if statement.language else ""
