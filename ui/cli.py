"""The `newsdesk` command."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.assistant import Answer, Assistant
    from assistant.settings import Settings
    from index.engines import Engine
    from index.generations import Generation, Manifest
    from index.rebuild import Status
    from index.vectors import Filters

PUBLISHED, FAILED, SOME_SKIPPED = 0, 1, 3

index_dir_option = click.option(
    "--index-dir", type=click.Path(path_type=Path), help="Where the index lies.  [default: .newsdesk/index]"
)


def main() -> None:
    """Run the command; errors meant for people are one sentence and exit code 1."""
    try:
        code = newsdesk.main(standalone_mode=False)
        _leave(code if isinstance(code, int) else 0)
    except UserError as error:
        click.echo(f"newsdesk: {error}", err=True)
        sys.exit(FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("newsdesk: stopped; nothing already there was changed.", err=True)
        _leave(130)
    except BrokenPipeError:
        sys.exit(FAILED)


def _leave(code: int) -> None:
    """Ends the process at once: `sys.exit` would wait for a language model that still reads, or hangs."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsdesk")
def newsdesk() -> None:
    """Ask a folder of news articles, in any language, and get an answer cited to the exact sentence."""


@newsdesk.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@index_dir_option
@click.option("--watch", is_flag=True, help="Stay, and rebuild whenever the folder changes.")
@click.option("--allow-shrink", is_flag=True, help="Publish even if over a fifth of the articles is gone.")
@click.option("--rollback", is_flag=True, help="Read no folder; go back to the index before this one.")
@click.option("--engine", default="local", type=click.Choice(["local", "ray"]), help="Work here, or on a Ray cluster.")
@click.option("--ray-address", envvar="RAY_ADDRESS", default="local", help="The cluster's; without it, Ray runs here.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def index(
    folder: Path | None,
    index_dir: Path | None,
    watch: bool,
    allow_shrink: bool,
    rollback: bool,
    engine: str,
    ray_address: str,
    as_json: bool,
) -> None:
    """Rebuild the index from FOLDER (by default the folder it was made from, or corpus/).

    The old index answers until the new one is complete. Only new text is embedded; when nothing has changed
    the old index stays. Whatever is found is indexed, a duplicate of an article that is, or skipped and listed.
    A file that cannot be read any more stays as it was. Exit code 0: every file was read, and nothing skipped;
    3: not so; 1: nothing was published.
    """
    from assistant.settings import load_embedding, read_settings
    from index.generations import current_name
    from index.rebuild import default_folder, follow, rebuild

    settings = read_settings(index_dir=index_dir)
    if rollback:
        _roll_back(settings, as_json)
        return
    chosen = folder or default_folder(settings.index_dir)

    def once() -> "Manifest":
        before = current_name(settings.index_dir)
        with _engine(engine, ray_address, settings) as where, _progress_bar(hidden=as_json) as on_status:
            manifest = rebuild(
                chosen,
                settings.index_dir,
                lambda: load_embedding(settings),
                on_status,
                allow_shrink,
                wait=watch,
                store_address=settings.store,
                engine=where,
            )
        _print_report(manifest, as_json, unchanged=manifest.name == before)
        return manifest

    if not watch:
        manifest = once()
        if manifest.skipped or manifest.kept:
            sys.exit(SOME_SKIPPED)
    for _ in follow(chosen, settings.index_dir) if watch else ():
        try:
            once()
        except UserError as error:  # the next change may mend it
            click.echo(f"newsdesk: {error}", err=True)


@newsdesk.command()
@click.argument("question", required=False)
@index_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--answerer", type=click.Choice(["extractive", "generative"]), help="Quote, or write.")
@click.option("--answer-language", default="", metavar="CODE", help="Answer in this language, not the question's.")
@click.option("--since", default="", metavar="DATE", help="Only articles published on or after YYYY-MM-DD.")
@click.option("--until", default="", metavar="DATE", help="Only articles published on or before YYYY-MM-DD.")
@click.option("--source", default="", help="Only articles from this outlet.")
@click.option("--language", default="", help="Only articles in this language (it, en, de, …).")
@click.option("--folder", default="", help="Only articles in this folder, relative to the indexed one.")
@click.option("--batch", type=click.Path(path_type=Path), help="A file of questions, one JSON object a line.")
@click.option("--out", type=click.Path(path_type=Path), help="Where --batch writes the answers.")
@click.option("--retrieve-only", is_flag=True, help="With --batch: search only, write no answers.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 100), help="How many hits.")
def ask(
    question: str | None,
    index_dir: Path | None,
    as_json: bool,
    answerer: str | None,
    answer_language: str,
    since: str,
    until: str,
    source: str,
    language: str,
    folder: str,
    batch: Path | None,
    out: Path | None,
    retrieve_only: bool,
    top: int,
) -> None:
    """Answer QUESTION from the articles, every statement cited to the exact sentence.

    With --batch, answer a file of questions (fields: question, and optionally id and history) in one go.
    """
    from assistant.assistant import known_language
    from assistant.settings import open_assistant, read_settings
    from index.vectors import Filters

    if (question is None) == (batch is None):
        raise click.UsageError("Give either a QUESTION or --batch FILE.")
    if (batch is None) != (out is None):
        raise click.UsageError("--batch and --out go together.")
    settings = read_settings(index_dir=index_dir, answerer="extractive" if retrieve_only else answerer or "")
    _echo_notice(settings)
    filters = Filters(since, until, source, language, folder.strip("/"))
    known_language(answer_language)
    if question is not None and not question.strip():
        raise UserError("The question is empty. Ask something about the articles.")
    if batch is not None and out is not None:
        questions = list(_read_questions(batch))
        if not out.absolute().parent.is_dir():
            raise UserError(f"There is no folder {out.parent} for the answers. Name another file with --out.")
        assistant = open_assistant(settings)
        _echo_notice(assistant.generation)
        _answer_batch(assistant, questions, out, filters, answer_language, top, retrieve_only)
        return
    assert question is not None
    assistant = open_assistant(settings)
    _echo_notice(assistant.generation)
    answer = assistant.ask(question, filters=filters, answer_language=answer_language)
    if as_json:
        from ui.answer_line import answer_line

        click.echo(json.dumps(answer_line(answer, top), ensure_ascii=False))
    else:
        _print_answer(answer)


@newsdesk.command("eval")
@click.argument("questions", type=click.Path(path_type=Path))
@index_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print the metrics as JSON.")
@click.option("--retrieve-only", is_flag=True, help="Score the search only, write no answers.")
def evaluate(questions: Path, index_dir: Path | None, as_json: bool, retrieve_only: bool) -> None:
    """Score the answers to QUESTIONS, a file of questions whose answers are known.

    One JSON object a line; of the fields question, id, history, articles, answers, answer_date, quotes and
    answerable only the first is required, and a metric without its fields is left out.
    """
    from assistant.settings import open_assistant, read_settings

    settings = read_settings(index_dir=index_dir, answerer="extractive" if retrieve_only else "")
    _echo_notice(settings)
    lines = list(_read_questions(questions))
    if not lines:
        raise UserError(f"{questions} holds no questions. Write one JSON object a line.")
    assistant = open_assistant(settings)
    _echo_notice(assistant.generation)
    _evaluate(assistant, lines, as_json, retrieve_only)


@newsdesk.command()
@click.argument("article", required=False)
@index_dir_option
def show(article: str | None, index_dir: Path | None) -> None:
    """Print the stored text of ARTICLE exactly, or list all articles."""
    from assistant.settings import read_settings
    from index.generations import open_current

    generation = open_current(read_settings(index_dir=index_dir).index_dir)
    _echo_notice(generation)
    if article is not None:
        stored = generation.article(article)
        if stored.id != article:
            click.echo(f"newsdesk: {article} is a copy of {stored.id}, which is in the index.", err=True)
        sys.stdout.write(stored.text)
        return
    for one in generation.articles():
        click.echo(f"{one.published or '----------'}  {one.language or '--'}  {one.id}  {one.title}")


@newsdesk.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@index_dir_option
def chat(host: str, port: int, index_dir: Path | None) -> None:
    """Open the chat page, on this machine only unless it has a sign-in (docs/OPERATING.md)."""
    from assistant.settings import read_settings
    from ui.launch import launch

    settings = read_settings(index_dir=index_dir)
    _echo_notice(settings)
    launch(host, port, settings)


@newsdesk.command()
@click.option("--http", is_flag=True, help="Serve over HTTP on this machine instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, type=click.Choice(["127.0.0.1", "::1"]))
@click.option("--port", default=8503, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@index_dir_option
def mcp(http: bool, host: str, port: int, index_dir: Path | None) -> None:
    """Serve the articles to language models' programs (Model Context Protocol); nothing can be changed by them."""
    from assistant.settings import read_settings
    from ui.mcp_server import serve_http, serve_stdio

    settings = read_settings(index_dir=index_dir)
    _echo_notice(settings)
    if http:
        serve_http(settings, host, port, announce=lambda line: click.echo(line, err=True))
    else:
        serve_stdio(settings)


@newsdesk.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8502, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@index_dir_option
@click.option("--places", default=16, show_default=True, type=click.IntRange(1, 1000), help="Questions at once.")
@click.option("--seconds", default=300, show_default=True, type=click.IntRange(1), help="For one answer, at most.")
@click.option("--per-minute", default=60, show_default=True, type=click.IntRange(1), help="Requests of one caller.")
@click.option("--log-json", is_flag=True, help="Write the log as JSON lines, as NEWSDESK_LOG=json does.")
def serve(
    host: str, port: int, index_dir: Path | None, places: int, seconds: int, per_minute: int, log_json: bool
) -> None:
    """Answer questions over HTTP (docs/API.md), on this machine or to whoever has a token."""
    from assistant.settings import read_settings
    from ui.api.server import Limits
    from ui.api.server import serve as serve_until_stopped

    settings = read_settings(index_dir=index_dir)
    _echo_notice(settings)
    limits = Limits(places, seconds, per_minute)
    serve_until_stopped(host, port, settings, limits, log_json or settings.log_json)


@newsdesk.group()
def token() -> None:
    """Make, list and revoke the tokens that let programs use `newsdesk serve`."""


@token.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="It may also rebuild the index.")
@index_dir_option
def create(name: str, admin: bool, index_dir: Path | None) -> None:
    """Make a token called NAME and print it, this once. From then on every request needs a token."""
    from assistant.settings import read_settings
    from ui.api.tokens import Tokens

    click.echo(Tokens(read_settings(index_dir=index_dir).index_dir).create(name, admin))
    click.echo("newsdesk: keep it now; it is shown only this once.", err=True)


@token.command("list")
@index_dir_option
def list_tokens(index_dir: Path | None) -> None:
    """List the tokens, without what is secret of them."""
    from assistant.settings import read_settings
    from ui.api.tokens import Tokens

    for one in Tokens(read_settings(index_dir=index_dir).index_dir).all():
        click.echo(f"{one.created}  {'admin' if one.admin else '     '}  {one.name}")


@token.command()
@click.argument("name")
@index_dir_option
def revoke(name: str, index_dir: Path | None) -> None:
    """Take back the token called NAME, at once; when none is left, nobody is let in."""
    from assistant.settings import read_settings
    from ui.api.tokens import Tokens

    tokens = Tokens(read_settings(index_dir=index_dir).index_dir)
    tokens.revoke(name)
    if not tokens.all():
        click.echo("newsdesk: no token is left, so nobody is let in until there is one.", err=True)


@newsdesk.command()
@click.argument("file", type=click.Path(path_type=Path))
@index_dir_option
def backup(file: Path, index_dir: Path | None) -> None:
    """Write to FILE what no rebuild brings back: conversations, feedback, tokens. Anything may be in use."""
    from assistant.settings import read_settings
    from ui.backup import back_up

    made = back_up(read_settings(index_dir=index_dir).index_dir, file)
    click.echo(f"{file} holds {', '.join(one.name for one in made.files)}.")


@newsdesk.command()
@click.argument("file", type=click.Path(path_type=Path))
@index_dir_option
@click.option("--force", is_flag=True, help="Overwrite what is there.")
def restore(file: Path, index_dir: Path | None, force: bool) -> None:
    """Put back what `newsdesk backup` wrote to FILE. End the page and the servers first."""
    from assistant.settings import read_settings
    from ui.backup import restore as put_back

    made = put_back(file, read_settings(index_dir=index_dir).index_dir, force)
    click.echo(f"Put back {', '.join(one.name for one in made.files)}, as of {made.made}.")


@newsdesk.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the default models, or fetch one."""
    if context.invoked_subcommand:
        return
    from index import weights

    folder = weights.cache_folder()
    click.echo(f"Models in {folder}")
    for state in weights.describe(folder):
        size = f"{state.disk_bytes / 1e6:,.0f} MB here" if state.installed else "not fetched"
        click.echo(f"\n{state.name} ({state.role}): {state.title}")
        click.echo(f"  {size}, {state.download_bytes / 1e6:,.0f} MB to fetch")
        click.echo(f"  source:  {state.source}\n  licence: {state.licence}")


@models.command()
@click.argument("name")
def fetch(name: str) -> None:
    """Fetch the default model NAME, or all models of a profile (full, light)."""
    from assistant.settings import PROFILES
    from index import weights

    folder = weights.cache_folder()
    for one in [model for model in PROFILES.get(name, (name,)) if model]:
        if weights.installed(one, folder):
            click.echo(f"{one} is here already.")
            continue
        with _byte_bar(one) as on_progress:
            weights.fetch(one, folder, on_progress)


@newsdesk.command()
@index_dir_option
def doctor(index_dir: Path | None) -> None:
    """Check the installation and the index, and say what to do."""
    from assistant.checkup import checkup

    healthy = True
    for finding in checkup(index_dir):
        click.echo(f"{'ok ' if finding.healthy else '!! '} {finding.text}")
        healthy = healthy and finding.healthy
    if not healthy:
        sys.exit(FAILED)


def _answer_batch(
    assistant: "Assistant",
    questions: Sequence[Mapping[str, object]],
    out: Path,
    filters: "Filters",
    answer_language: str,
    top: int,
    retrieve_only: bool,
) -> None:
    from rich.progress import track

    from assistant.followups import Turn
    from index.search import search
    from ui.answer_line import answer_line, hit_line

    def answered(line: Mapping[str, object]) -> dict[str, object]:
        question, history = str(line["question"]), line.get("history") or []
        if retrieve_only:
            found = search(question, assistant.generation, assistant.embedding, top, filters)
            return {"question": question, "hits": [asdict(hit_line(hit)) for hit in found]}
        assert isinstance(history, list)
        turns = [Turn(str(turn), "") for turn in history]
        return answer_line(assistant.ask(question, turns, filters, answer_language), top)

    try:
        with out.open("w", encoding="utf-8") as answers:
            for line in track(questions, "Answering", console=_console(), disable=not sys.stderr.isatty()):
                answer = {"id": line.get("id", ""), **answered(line)}
                answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UserError(
            f"The answers could not be written to {out} ({error.strerror}). "
            "Free some disk space, or name another file with --out."
        ) from error
    click.echo(f"{len(questions)} {'answer' if len(questions) == 1 else 'answers'} in {out}", err=True)


def _evaluate(
    assistant: "Assistant", lines: Sequence[Mapping[str, object]], as_json: bool, retrieve_only: bool
) -> None:
    from rich.progress import track

    from assistant import evaluation

    known = [evaluation.read_gold(line) for line in lines]
    fitted = evaluation.in_index(known, assistant.generation)
    lost = sum(before.answerable and not after.answerable for before, after in zip(known, fitted, strict=True))
    if lost:
        click.echo(f"newsdesk: {lost} questions have no article in this index and count as unanswerable.", err=True)
    shown = track(fitted, "Evaluating", console=_console(), disable=not sys.stderr.isatty())
    metrics = evaluation.evaluate(assistant, shown, retrieve_only)
    if not metrics:
        raise UserError('The questions name neither "articles" nor "quotes", so the search cannot be scored.')
    if as_json:
        run = {
            "questions": len(fitted),
            "generation": assistant.generation.name,
            "embedding": assistant.embedding.model_name,
            "answerer": "" if retrieve_only else assistant.answerer.name,
            "metrics": [asdict(metric) for metric in metrics],
        }
        click.echo(json.dumps(run, ensure_ascii=False))
        return
    width = max(len(metric.name) for metric in metrics)
    click.echo(f"{'':{width}}  value  95% interval        n")
    for one in metrics:
        click.echo(f"{one.name:{width}}  {one.value:.3f}  {one.low:.3f} to {one.high:.3f}  {one.n:>5}")


def _read_questions(batch: Path) -> Iterator[dict[str, object]]:
    try:
        lines = batch.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{batch} cannot be read ({error}). Give a UTF-8 file, one JSON object a line.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
        except ValueError as error:
            raise UserError(f"{batch}, line {number}: not JSON ({error}). Write one JSON object a line.") from error
        if not isinstance(question, dict) or not isinstance(question.get("question"), str):
            raise UserError(f'{batch}, line {number}: no "question". Write {{"question": "…"}}.')
        if not isinstance(question.get("history") or [], list):
            raise UserError(f'{batch}, line {number}: "history" is no list. Write {{"history": ["…"]}}.')
        yield question


def _print_answer(answer: "Answer") -> None:
    from rich.text import Text

    console = _console(stderr=False)
    if not answer.answered:
        console.print(Text(answer.reason, style="bold"))
        if answer.hits:
            console.print(Text("\nClosest sentences:", style="dim"))
        for hit in answer.hits[:3]:
            console.print(Text(f"  “{hit.text}”"))
            console.print(Text(f"    {_place(hit.article.title, hit.article.published, hit.article.id)}", style="dim"))
        return
    if answer.reason:
        console.print(Text(f"{answer.reason}\n", style="dim"))
    written = Text()
    for statement in answer.statements:
        written.append(statement.text)
        written.append("".join(f" [{number}]" for number in statement.citations) + " ", style="cyan")
    console.print(written)
    if answer.answer_date and answer.answer_date[:4] not in answer.text:
        console.print(Text(f"{answer.short_answer} = {answer.answer_date}", style="bold"))
    if answer.accounts:
        console.print(Text("The articles differ:", style="bold"))
    for account in answer.accounts:
        day = f" = {account.date}" if account.date and account.date[:4] not in account.value else ""
        others = f", and {len(account.also_in)} more" if account.also_in else ""
        place = _place(account.title, account.source, account.published, account.article)
        console.print(Text(f"  {account.value}{day} [{account.number}] {place}{others}"))
    console.print()
    copies = {(hit.article.id, hit.sentence.start): hit.also_in for hit in answer.hits}
    for citation in answer.citations:
        console.print(Text(f"[{citation.number}] “{citation.quote}”"))
        console.print(
            Text(f"    {_place(citation.title, citation.published, citation.article, page=citation.page)}", style="dim")
        )
        for article in copies.get((citation.article, citation.start), ()):
            console.print(Text(f"    also in {article}", style="dim"))


def _place(*parts: str, page: int | None = None) -> str:
    return " · ".join(filter(None, (*parts, f"page {page}" if page else "")))


@contextmanager
def _engine(name: str, ray_address: str, settings: "Settings") -> "Iterator[Engine]":
    """What does the work of a rebuild: this process, or a Ray cluster."""
    from index.engines import LocalEngine

    if name == "local":
        yield LocalEngine()
        return
    from assistant.settings import load_own_embedding
    from index.ray_engine import RayEngine

    with RayEngine(ray_address, partial(load_own_embedding, settings.embedding)) as engine:
        yield engine


def _roll_back(settings: "Settings", as_json: bool) -> None:
    from index.generations import current_name, rebuild_lock, roll_back

    with rebuild_lock(settings.index_dir):
        before = current_name(settings.index_dir) or "a damaged index"
        manifest = roll_back(settings.index_dir).manifest
    click.echo(f"Went back from {before} to {manifest.name}, made {manifest.created}.", err=True)
    _print_report(manifest, as_json)


def _print_report(manifest: "Manifest", as_json: bool, unchanged: bool = False) -> None:
    if as_json:
        click.echo(json.dumps(asdict(manifest), ensure_ascii=False))
        return
    if unchanged:
        click.echo(f"Nothing has changed since {manifest.created}.", err=True)
    for skipped in manifest.skipped:
        click.echo(f"skipped {skipped.path}: {skipped.reason}", err=True)
    for kept in manifest.kept:
        click.echo(f"kept as it was {kept.path}: {kept.reason}", err=True)
    click.echo(
        f"{manifest.name}: found {manifest.found_count:,} = {manifest.article_count:,} articles indexed + "
        f"{len(manifest.duplicates):,} duplicates + {len(manifest.skipped):,} skipped; "
        f"{manifest.passage_count:,} passages, {manifest.sentence_count:,} sentences"
    )


def _echo_notice(source: "Settings | Generation") -> None:
    if source.notice:
        click.echo(f"newsdesk: {source.notice}", err=True)


@contextmanager
def _progress_bar(hidden: bool) -> Iterator[Callable[["Status"], None]]:
    """Shows a rebuild's status: files done, files per second, time left."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f} files/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_console(), disable=hidden) as progress:
        task = progress.add_task("starting", total=None, rate=0.0)

        def show(status: "Status") -> None:
            progress.update(task, description=status.stage, completed=status.done, total=status.total, rate=status.rate)

        yield show


@contextmanager
def _byte_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """Shows a download: megabytes, rate, time left."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.progress import TransferSpeedColumn as Speed

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), Speed(), TimeRemainingColumn())
    with Progress(*columns, console=_console()) as progress:
        task = progress.add_task(f"Fetching {name}", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _console(stderr: bool = True) -> "Console":
    from rich.console import Console

    # Article text is data: no markup, no emoji codes, nothing guessed to be a number or a path.
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=not stderr)


if __name__ == "__main__":
    main()
