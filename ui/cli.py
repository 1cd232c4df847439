"""The `newsdesk` command: which commands there are, and their options. What they do is in ui/commands/."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path

import click

from index.errors import UserError
from ui.exit_codes import FAILED

NARROWING = (
    ("--since", "DATE", "Only articles published on or after YYYY-MM-DD."),
    ("--until", "DATE", "Only articles published on or before YYYY-MM-DD."),
    ("--source", "NAME", "Only articles from this outlet; may be given several times, as the next."),
    ("--language", "CODE", "Only articles in this language (it, en, de, …)."),
    ("--folder", "PATH", "Only articles in this folder, relative to the indexed one."),
    ("--author", "NAME", "Only articles by this author."),
)
index_dir_option = click.option(
    "--index-dir", type=click.Path(path_type=Path), help="Where the index lies.  [default: .newsdesk/index]"
)


def narrowed(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options that narrow the articles which it asks."""
    for name, value, told in reversed(NARROWING):
        several = name not in ("--since", "--until")
        command = click.option(name, default=() if several else "", metavar=value, multiple=several, help=told)(command)
    return command


def main() -> None:
    """Run the command; errors meant for people are one sentence and exit code 1."""
    os.environ["PYTHONSAFEPATH"] = "1"  # what libraries start with Python imports nothing from the working directory
    try:
        code = newsdesk.main(standalone_mode=False)
        _leave(code if isinstance(code, int) else 0)
    except UserError as error:
        click.echo(f"newsdesk: {error}", err=True)
        _leave(FAILED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("newsdesk: stopped; nothing already there was changed.", err=True)
        _leave(130)
    except BrokenPipeError:
        sys.exit(FAILED)


def _leave(code: int) -> None:
    """Ends the process at once: `sys.exit` would wait for models that are still loaded, read, or hang."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="newsdesk")
def newsdesk() -> None:
    """Ask a folder of news articles, in any language, and get an answer cited to the exact sentence."""


def done_by(place: str) -> Callable[[Callable[[], None]], Callable[..., None]]:
    """What makes of a described command one that does its work, with its options, in MODULE:FUNCTION of ui/commands/.

    That is loaded only when it is run: the libraries behind it take seconds, and help is to be there at once.
    """

    def described(command: Callable[[], None]) -> Callable[..., None]:
        @wraps(command)
        def run(**chosen: object) -> None:
            module, _, function = place.partition(":")
            getattr(import_module(f"ui.commands.{module}"), function)(**chosen)

        return run

    return described


@newsdesk.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@index_dir_option
@click.option("--from", "named", multiple=True, metavar="URL|FILE", help="Fetch a feed, a page or an OPML first.")
@click.option("--every", metavar="MINUTES", type=click.IntRange(min=1), help="Stay, and fetch so often; needs --from.")
@click.option("--watch", is_flag=True, help="Stay, and rebuild whenever the folder changes.")
@click.option("--allow-shrink", is_flag=True, help="Publish even if over a fifth of the articles is gone.")
@click.option("--rollback", is_flag=True, help="Read no folder; go back to the index before this one.")
@click.option("--wait", is_flag=True, help="Await the end of a rebuild at work, instead of refusing to begin another.")
@click.option("--engine", default="local", type=click.Choice(["local", "ray"]), help="Work here, or on a Ray cluster.")
@click.option("--ray-address", envvar="RAY_ADDRESS", default="local", help="The cluster's; without it, Ray runs here.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@done_by("rebuild:run")
def index() -> None:
    """Rebuild the index from FOLDER (by default the folder it was made from, or corpus/).

    The old index answers until the new one is complete. Only new text is embedded; when nothing has changed
    the old index stays. Whatever is found is indexed, a duplicate of an article that is, or skipped and listed.
    A file that cannot be read any more stays as it was. With --from, new pages of the feeds named are saved in FOLDER
    first, as their sites allow, and with --every again and again; without it, nothing is fetched. Exit code 0: every
    file was read, and nothing skipped; 3: not so; 1: nothing was published.
    """


@newsdesk.command()
@click.argument("question", required=False)
@index_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option("--answerer", type=click.Choice(["extractive", "generative"]), help="Quote, or write.")
@click.option("--answer-language", default="", metavar="CODE", help="Answer in this language, not the question's.")
@narrowed
@click.option("--batch", type=click.Path(path_type=Path), help="A file of questions, one JSON object a line.")
@click.option("--out", type=click.Path(path_type=Path), help="Where --batch writes the answers.")
@click.option("--retrieve-only", is_flag=True, help="With --batch: search only, write no answers.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 100), help="How many hits.")
@done_by("ask:run")
def ask() -> None:
    """Answer QUESTION from the articles, every statement cited to the exact sentence.

    "-" reads the question from the standard input. With --batch, answer a file of questions (fields: question, and
    optionally id and history) in one go. Exit code 0: answered; 4: the articles do not say; 1: it could not be asked.
    """


@newsdesk.command()
@click.argument("query")
@index_dir_option
@narrowed
@click.option("--newest", is_flag=True, help="The newest first, instead of the best.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many passages.")
@click.option("--json", "as_json", is_flag=True, help="Print the passages as JSON.")
@click.option("--csv", is_flag=True, help="Print the passages as a table.")
@done_by("look_up:run")
def search() -> None:
    """Print the passages that hold the words of QUERY; no model is asked.

    "a phrase", one OR other, one NOT other, beginn*, one NEAR/5 other, and names in any spelling and script.
    """


@newsdesk.command()
@click.argument("query")
@index_dir_option
@narrowed
@click.option("--json", "as_json", is_flag=True, help="Print the sentences as JSON.")
@done_by("timeline:run")
def timeline() -> None:
    """Print the sentences about QUERY, a name or a question, in the order of the days that they tell of."""


@newsdesk.command("eval")
@click.argument("questions", type=click.Path(path_type=Path))
@index_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print the metrics as JSON.")
@click.option("--retrieve-only", is_flag=True, help="Score the search only, write no answers.")
@done_by("evaluate:run")
def evaluate() -> None:
    """Score the answers to QUESTIONS, a file of questions whose answers are known.

    One JSON object a line; of the fields question, id, history, articles, answers, answer_date, quotes and
    answerable only the first is required, and a metric without its fields is left out.
    """


@newsdesk.command()
@click.argument("article", required=False)
@index_dir_option
@done_by("show:run")
def show() -> None:
    """Print the stored text of ARTICLE exactly, or list all articles."""


@newsdesk.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@index_dir_option
@done_by("chat:run")
def chat() -> None:
    """Open the chat page, on this machine only unless it has a sign-in (docs/OPERATING.md)."""


@newsdesk.command()
@click.option("--http", is_flag=True, help="Serve over HTTP on this machine instead of standard input and output.")
@click.option(
    "--host", default="127.0.0.1", show_default=True, type=click.Choice(["127.0.0.1", "::1"]), help="Where it listens."
)
@click.option("--port", default=8503, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@index_dir_option
@done_by("serve_mcp:run")
def mcp() -> None:
    """Serve the articles to language models' programs (Model Context Protocol); nothing can be changed by them."""


@newsdesk.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8502, show_default=True, type=click.IntRange(1, 65535), help="The port.")
@index_dir_option
@click.option("--places", default=16, show_default=True, type=click.IntRange(1, 1000), help="Questions at once.")
@click.option("--seconds", default=300, show_default=True, type=click.IntRange(1), help="For one answer, at most.")
@click.option("--per-minute", default=60, show_default=True, type=click.IntRange(1), help="Requests of one caller.")
@click.option("--log-json", is_flag=True, help="Write the log as JSON lines, as NEWSDESK_LOG=json does.")
@done_by("serve:run")
def serve() -> None:
    """Answer questions over HTTP (docs/API.md), on this machine or to whoever has a token."""


@newsdesk.group()
def token() -> None:
    """Make, list and revoke the tokens that let programs use `newsdesk serve`."""


@token.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="It may also rebuild the index.")
@index_dir_option
@done_by("tokens:create")
def create() -> None:
    """Make a token called NAME and print it, this once. From then on every request needs a token."""


@token.command("list")
@index_dir_option
@done_by("tokens:show_all")
def list_tokens() -> None:
    """List the tokens, without what is secret of them."""


@token.command()
@click.argument("name")
@index_dir_option
@done_by("tokens:revoke")
def revoke() -> None:
    """Take back the token called NAME, at once; when none is left, nobody is let in."""


@newsdesk.command()
@click.argument("file", type=click.Path(path_type=Path))
@index_dir_option
@done_by("backups:back_up")
def backup() -> None:
    """Write to FILE what no rebuild brings back: conversations, feedback, tokens. Anything may be in use."""


@newsdesk.command()
@click.argument("file", type=click.Path(path_type=Path))
@index_dir_option
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@done_by("backups:restore")
def restore() -> None:
    """Put back what `newsdesk backup` wrote to FILE. End the page and the servers first."""


@newsdesk.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List the default models, or fetch one."""
    if not context.invoked_subcommand:
        _show_models()


@models.command()
@click.argument("name")
@done_by("models:fetch")
def fetch() -> None:
    """Fetch the default model NAME, or all models of a profile (full, light)."""


@newsdesk.command()
@index_dir_option
@click.option("--measure", is_flag=True, help="Find the fastest way to run the models anew; this takes minutes.")
@done_by("doctor:run")
def doctor() -> None:
    """Check the installation and the index, and say what to do."""


@newsdesk.command()
@done_by("manual:run")
def man() -> None:
    """Print the manual page: every command and option, to be read with `man -l -` or kept as newsdesk.1."""


@done_by("models:show_all")
def _show_models() -> None:
    """List the default models."""


if __name__ == "__main__":
    main()
