"""What every way of writing an answer as text has in common: the command, the API, the tools and the exports.

What comes from an article stands on one line and bears no number: it can begin no line, and end no quotation, of ours.
"""

import re

from assistant.answers import Account, Statement
from index.languages.names import english_name

DIFFER = "The articles differ:"
# What a statement of a role begins with where Markdown is read.
MARKDOWN_ROLES = {"heading": "### ", "quote": "> ", "translation": "> ", "item": "- "}
# What could be taken for the number of a citation, in whatever brackets.
_NUMBER = re.compile(r"[\[［【〔⟦]\s*(\d+)\s*[\]］】〕⟧]")
# What commands a terminal, or turns what follows: in what was asked, for articles are stored without it.
COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SINGLE = str.maketrans({"“": "‘", "”": "’", "„": "‚", "‟": "‛", '"': "'", "＂": "'", "〝": "‘", "〞": "’", "〟": "‚"})


def plain(text: str) -> str:
    """The text on one line, without what commands a terminal or turns what follows, and "(2)" where it says "[2]"."""
    return _NUMBER.sub(r"(\1)", COMMANDS.sub("", " ".join(text.split())))


def quoted(text: str) -> str:
    """The text between quotation marks that none of its own can close: those are single ones here."""
    return f"“{plain(text).translate(_SINGLE)}”"


def marked(statement: Statement) -> str:
    """The statement with the numbers of its citations behind it, and which language it was translated from."""
    numbers = "".join(f" [{number}]" for number in statement.citations)
    source = statement.translated_from
    return f"{plain(statement.text)}{numbers}" + (f" ({translated_from(source)})" if source else "")


def translated_from(language: str) -> str:
    """That something is a translation, and of a text in which language."""
    return f"translated from {english_name(language)}"


def place(*parts: str) -> str:
    """The parts that are not empty on one line, whatever they hold: "The bridge reopens · 2024-03-05"."""
    return " · ".join(plain(part) for part in parts if part)


def spot(page: int | None, time: str, recognised: bool) -> str:
    """Where in its file a sentence stands, as far as that is known: "page 3 · recognised text"."""
    return place(f"page {page}" if page else "", time, "recognised text" if recognised else "")


def reported_on(day: str) -> str:
    """That the sentence names no day of its own, and when it was written; `day` is an ISO day."""
    return f"Reported on {day}."


def told(account: Account) -> str:
    """What an article says, the day that it comes to, and which article that is, in one line."""
    day = f" = {account.date}" if account.date and account.date[:4] not in account.value else ""
    others = f", and {len(account.also_in)} more" if account.also_in else ""
    where = place(account.title, account.source, account.published, account.article)
    return f"{plain(account.value)}{day} [{account.number}] {where}{others}"
