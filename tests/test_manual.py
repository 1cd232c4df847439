"""The manual page tells every command and option, and shells complete them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from commands import commands

from ui.cli import newsdesk
from ui.commands.manual import COMPLETION, manual

SCRIPT = Path(sys.executable).with_name("newsdesk")


def page() -> str:
    return manual(click.Context(newsdesk, info_name="newsdesk"))


def test_every_command_is_told_with_its_arguments_and_every_option_with_its_help() -> None:
    sections = dict(section.partition("\n")[::2] for section in page().split("\n.SS ")[1:])
    told = {head.strip('"').partition(" [")[0]: (head, text) for head, text in sections.items()}
    assert told.keys() == {words.removeprefix("newsdesk ") for words in commands(newsdesk)}
    for words, command in commands(newsdesk).items():
        head, text = told[words.removeprefix("newsdesk ")]
        for param in command.params:
            if isinstance(param, click.Option):
                assert f"\\fB{param.opts[0]}".replace("-", "\\-") in text and param.help, (words, param.opts)
            else:
                assert (param.name or "").upper() in head, words


def test_nothing_of_it_is_a_request_that_it_should_print_and_all_of_it_is_ascii() -> None:
    @click.group(name="newsdesk")
    def group() -> None:
        """.so /etc/passwd \\fB “quoted” -x"""

    told = manual(click.Context(group, info_name="newsdesk"))
    assert "\n\\&.so /etc/passwd \\efB \\[u201C]quoted\\[u201D] \\-x\n" in told
    assert told.isascii() and page().isascii()


def test_the_command_prints_it() -> None:
    printed = CliRunner().invoke(newsdesk, ["man"], prog_name="newsdesk")
    assert (printed.exit_code, printed.output) == (0, page() + "\n")


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_groff_has_nothing_to_say_of_it() -> None:
    printed = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8"], input=page(), capture_output=True, text=True, encoding="utf-8"
    )
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "--answer-language" in re.sub(".\b", "", printed.stdout)  # bold is a letter on itself


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete_the_command(shell: str) -> None:
    environment = {**os.environ, "_NEWSDESK_COMPLETE": f"{shell}_source"}
    told = subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, encoding="utf-8")
    assert "_NEWSDESK_COMPLETE" in told.stdout and told.returncode == 0
    assert f"_NEWSDESK_COMPLETE={shell}_source newsdesk" in COMPLETION


@pytest.mark.slow
def test_commands_and_options_are_completed() -> None:
    def completed(words: str, at: int) -> list[str]:
        asked = {"_NEWSDESK_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(at)}
        told = subprocess.run([SCRIPT], env={**os.environ, **asked}, capture_output=True, text=True, encoding="utf-8")
        return told.stdout.split()

    assert completed("newsdesk tim", 1) == ["plain,timeline"]
    assert completed("newsdesk ask --answer", 2) == ["plain,--answerer", "plain,--answer-language"]
    assert completed("newsdesk ask --answerer g", 3) == ["plain,generative"]
