"""`newsdesk man`: the manual page, made from what `--help` says of every command and option."""

import re
from collections.abc import Iterator
from importlib.metadata import version

import click

ENDINGS = """\
0 when all was done; 1 when it could not be, and a sentence says why; 2 when the command was written in another way than
is told here; 130 when it was stopped with Ctrl-C. What other codes mean stands with their command."""
COMPLETION = """\
eval "$(_NEWSDESK_COMPLETE=bash_source newsdesk)"
eval "$(_NEWSDESK_COMPLETE=zsh_source newsdesk)"
_NEWSDESK_COMPLETE=fish_source newsdesk | source"""

_ESCAPED = str.maketrans({"\\": "\\e", "-": "\\-", '"': "\\(dq", "'": "\\(aq", "`": "\\(ga"})


def run() -> None:
    """Print the page, as `man` reads it."""
    click.echo(manual(click.get_current_context().find_root()))


def manual(root: click.Context) -> str:
    """The page of the command of that context: in roff, with the macros of man(7), in ASCII."""
    name = root.command.name or ""
    lines = [
        f'.TH {name.upper()} 1 "" "{name} {version(name)}" "User Commands"',
        ".SH NAME",
        _text(f"{name} - {root.command.get_short_help_str(1000)}"),
        ".SH SYNOPSIS",
        f".B {name}",
        _text("COMMAND [OPTIONS] [ARGUMENTS]"),
        ".SH DESCRIPTION",
        *_told(root),
        ".SH COMMANDS",
    ]
    for context in _commands(root):
        usage = " ".join(
            [context.command_path.removeprefix(f"{name} "), *context.command.collect_usage_pieces(context)]
        )
        lines += [f'.SS "{_text(usage)}"', *_told(context)]
    lines += [".SH EXIT STATUS", _text(" ".join(ENDINGS.split()))]
    lines += [".SH COMPLETION", _text("One of these lines, in the file that bash, zsh or fish reads when it starts:")]
    lines += [".PP", ".nf", *map(_text, COMPLETION.splitlines()), ".fi"]
    return "\n".join(lines)


def _commands(parent: click.Context) -> Iterator[click.Context]:
    """The context of every command below, those of groups behind their group."""
    assert isinstance(parent.command, click.Group)
    for name in parent.command.list_commands(parent):
        command = parent.command.get_command(parent, name)
        assert command
        context = click.Context(command, parent, name)
        yield context
        if isinstance(command, click.Group):
            yield from _commands(context)


def _told(context: click.Context) -> Iterator[str]:
    """What the command does, a paragraph each, and its options."""
    for paragraph in re.split(r"\n\s*\n", (context.command.help or "").strip()):
        yield from (".PP", _text(" ".join(paragraph.split())))
    # That each has --help is said once.
    params = context.command.params if context.parent else context.command.get_params(context)
    for names, told in filter(None, (param.get_help_record(context) for param in params)):
        if told:  # an argument's are the words above
            yield from (".TP", f"\\fB{_text(names)}\\fR", _text(told))


def _text(words: str) -> str:
    """The words as roff prints them: no line of theirs is a request, and what is not ASCII is named by its number."""
    plain = "".join(one if one.isascii() else f"\\[u{ord(one):04X}]" for one in words.translate(_ESCAPED))
    return f"\\&{plain}" if plain.startswith(".") else plain
