"""What commands there are, for the tests that hold documents and pages to them."""

from click import Command, Group


def commands(group: Group, words: str = "newsdesk") -> dict[str, Command]:
    """Every command by its words, those of groups too."""
    found: dict[str, Command] = {}
    for name, command in group.commands.items():
        found[f"{words} {name}"] = command
        if isinstance(command, Group):
            found |= commands(command, f"{words} {name}")
    return found
