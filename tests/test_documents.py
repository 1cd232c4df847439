"""What the documents say of commands, settings and files is what the program has."""

import ast
import re
from pathlib import Path

import pytest
from commands import commands
from sources import ROOT, SOURCES

from ui.cli import newsdesk

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
# Between processes of ours, and for the tests.
NOT_CHOSEN = {"NEWSDESK_FAILPOINT"}


def rows(path: Path) -> list[list[str]]:
    """The rows of the tables in a document, without their heads."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(path: Path) -> set[str]:
    """The variables of ours that the code names in a string of its own."""
    constants = (
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    )
    return {one for one in constants if isinstance(one, str) and re.fullmatch(r"NEWSDESK_[A-Z_]+", one)}


def test_every_setting_is_told_once() -> None:
    told = [row[0].strip("`") for row in rows(ROOT / "docs" / "SETTINGS.md")]
    assert sorted(told) == sorted(set[str]().union(*map(named, SOURCES)) - NOT_CHOSEN)


def test_the_readme_says_of_each_command_what_its_help_says() -> None:
    told = {row[0].strip("`").split()[1]: row[1] for row in rows(ROOT / "README.md")}
    assert told == {name: command.get_short_help_str(1000) for name, command in newsdesk.commands.items()}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_a_document_names_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (path.parent / link).exists()] == []
    files = re.findall(
        r"(?<![\w/.])((?:index|assistant|ui|tests|docs|bench)/[\w/.]*\w\.(?:py|md|html|toml|css|js))(?!\w)", text
    )
    assert [file for file in files if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_options_that_a_document_names_exist(path: Path) -> None:
    known = {option for command in commands(newsdesk).values() for one in command.params for option in one.opts}
    lines = re.findall(r"newsdesk [a-z].*", path.read_text(encoding="utf-8"))
    named = {option for line in lines for option in re.findall(r"(?<!\w)--[a-z-]+", line)}
    assert named - known - {"--help", "--version", "--detach", "--rm", "--volume"} == set()
