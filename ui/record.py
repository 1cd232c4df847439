"""The record of an answer: all that is shown, kept and handed on, whole without the index it came from."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Any

from assistant.answers import Account, Answer, Citation, Statement, Understood, in_lines
from assistant.facts.dates import dates_in
from index.articles import Article
from index.filters import Filters, filters_from
from index.hits import Hit
from ui.answer_text import COMMANDS, DIFFER, MARKDOWN_ROLES, marked, place, quoted, reported_on, spot, told

# Characters that mean something in Markdown: escaped, an article's text can neither fetch nor format anything.
MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>#+!|~$&]")
# And what does at the beginning of a line.
BLOCK = re.compile(r"^(\d*)([-=:.])")


@dataclass(frozen=True, slots=True)
class Day:
    """Words of a quote that name days without saying the year, and the ISO days that they mean."""

    words: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence: `text` equals characters `start` to `end` of the article's stored text, whose hash is `sha256`."""

    article: str
    start: int
    end: int
    text: str
    title: str = ""
    source: str = ""
    published: str = ""
    language: str = ""
    sha256: str = ""
    also_in: tuple[str, ...] = ()
    days: tuple[Day, ...] = ()
    number: int = 0  # as cited, 0 when it is not
    page: int | None = None
    time: str = ""
    recognised: bool = False  # as in Citation


@dataclass(frozen=True, slots=True)
class Record:
    """One question, what was answered, on which sentences, and by what."""

    question: str
    search_query: str
    filters: Filters
    language: str
    answered: bool
    reason: str
    statements: tuple[Statement, ...]
    short_answer: str
    answer_date: str
    citations: tuple[Quote, ...]
    found: tuple[Quote, ...]  # what search found besides the cited sentences, best first
    generation: str
    answerer: str
    made_with: Mapping[str, object]  # the embedding and, when a language model wrote it, that model and its settings
    milliseconds: float
    asked: str  # ISO date and time with zone
    answer_language: str = ""  # the one asked for, "" when it was the question's own
    accounts: tuple[Account, ...] = ()  # the answer's own and those that differ from it, newest first
    kind: str = "fact"  # of the question
    reported_date: str = ""  # ISO, where the sentence names no day of its own
    understood: tuple[Understood, ...] = ()

    @property
    def text(self) -> str:
        """The written answer without its markers."""
        return in_lines(self.statements)


def record(answer: Answer, filters: Filters, answer_language: str = "") -> Record:
    """The record of an answer that was just given; `answer_language` is the one asked for, "" the question's own."""
    citations = [
        _cited(hit.article, cited, hit.also_in) for cited, hit in zip(answer.citations, answer.cited, strict=True)
    ]
    cited_places = {(cited.article, cited.start) for cited in answer.citations}
    return Record(
        question=answer.question,
        search_query=answer.search_query,
        filters=filters,
        language=answer.language,
        answered=answer.answered,
        reason=answer.reason,
        statements=answer.statements,
        short_answer=answer.short_answer,
        answer_date=answer.answer_date,
        citations=tuple(citations),
        found=tuple(found(hit) for hit in answer.hits if (hit.article.id, hit.sentence.start) not in cited_places),
        generation=answer.generation,
        answerer=answer.answerer,
        made_with=dict(answer.record),
        milliseconds=answer.timings_ms.get("total", 0.0),
        asked=datetime.now().astimezone().isoformat(timespec="seconds"),
        answer_language=answer_language,
        accounts=answer.accounts,
        kind=answer.kind,
        reported_date=answer.reported_date,
        understood=answer.understood,
    )


def found(hit: Hit) -> Quote:
    """A hit as a quote, without its days: those take longer than evidence may."""
    return _quote(hit.article, hit.sentence.start, hit.sentence.end, hit.text, hit.also_in)


def _cited(article: Article, cited: Citation, also_in: tuple[str, ...]) -> Quote:
    days = tuple(
        Day(one.text, one.first, one.last)
        for one in dates_in(article, cited.start, cited.end)
        if one.first[:4] not in one.text
    )
    return replace(
        _quote(article, cited.start, cited.end, cited.quote, also_in),
        sha256=sha256(article.text.encode()).hexdigest() if article.text else "",
        days=days,
        number=cited.number,
    )


def _quote(article: Article, start: int, end: int, text: str, also_in: tuple[str, ...]) -> Quote:
    return Quote(
        article.id,
        start,
        end,
        text,
        article.title,
        article.source,
        article.published,
        article.language,
        also_in=also_in,
        **asdict(article.spot_at(start)),
    )


def to_json(kept: Record) -> str:
    """The record as JSON, everything in it."""
    return json.dumps(asdict(kept), ensure_ascii=False, indent=1)


def from_json(text: str) -> Record:
    """The record that `to_json` wrote."""
    fields = json.loads(text)
    fields["filters"] = filters_from(fields["filters"])
    fields["statements"] = tuple(
        Statement(**{**one, "citations": tuple(one["citations"])}) for one in fields["statements"]
    )
    fields["understood"] = tuple(Understood(**one) for one in fields.get("understood", ()))
    accounts = fields.get("accounts", ())  # records kept by earlier versions have none
    fields["accounts"] = tuple(Account(**{**one, "also_in": tuple(one["also_in"])}) for one in accounts)
    for name in ("citations", "found"):
        fields[name] = tuple(quote_from(one) for one in fields[name])
    return Record(**fields)


def quote_from(fields: Mapping[str, Any]) -> Quote:
    """The quote whose `asdict` this is, read back from JSON."""
    return Quote(**{**fields, "also_in": tuple(fields["also_in"]), "days": tuple(Day(**one) for one in fields["days"])})


def to_markdown(kept: Record) -> str:
    """The record for a note or a mail: the answer, its sources, and how to ask again."""
    answer = in_lines(kept.statements, _in_markdown) if kept.answered else _plain(refusal(kept))
    lines = [f"# {_plain(kept.question)}", "", answer, ""]
    if kept.answered and kept.reported_date:
        lines += [_plain(reported_on(kept.reported_date)), ""]
    if kept.accounts:
        lines += [_plain(DIFFER), "", *(f"- {_plain(told(one))}" for one in kept.accounts), ""]
    for one in kept.citations:
        lines += [f"{one.number}. {_plain(quoted(one.text))}  ", f"   {_plain(origin(one))}"]
    return "\n".join([*lines, "", _plain(footer(kept)), ""])


def _in_markdown(statement: Statement) -> str:
    """The statement with its markers; what is no prose stands in a paragraph of its own."""
    opening = MARKDOWN_ROLES.get(statement.role, "")
    return f"{opening}{_plain(marked(statement))}" + ("" if statement.role == "value" else "\n")


def refusal(kept: Record) -> str:
    """That the articles do not answer, and why."""
    return f"No answer in the articles. {kept.reason}".strip()


def origin(one: Quote) -> str:
    """Where the quote stands, to the character."""
    within = spot(one.page, one.time, one.recognised)
    return place(one.title, one.source, one.published, f"{one.article}, characters {one.start}–{one.end}", within)


def short_origin(one: Quote) -> str:
    """Where the quote stands, as a footnote says it."""
    return place(one.title or one.article, one.source, one.published)


def footer(kept: Record) -> str:
    """What it takes to get the same answer again."""
    filters = kept.filters
    options = [
        ("--since", filters.since),
        ("--until", filters.until),
        *(("--source", one) for one in filters.sources),
        *(("--language", one) for one in filters.languages),
        *(("--folder", one) for one in filters.folders),
        *(("--author", one) for one in filters.authors),
        ("--answer-language", kept.answer_language),
    ]
    given = chain.from_iterable(option for option in options if option[1])
    command = shlex.join(["newsdesk", "ask", COMMANDS.sub("", kept.question), *given])
    made_with = ", ".join(f"{name} {value}" for name, value in kept.made_with.items())
    return f"Asked {kept.asked}; index {kept.generation}; answered by {kept.answerer} ({made_with}). {command}"


def _plain(text: str) -> str:
    """The text on one line, none of which means anything in Markdown, nor makes a heading or a list of its line."""
    return BLOCK.sub(r"\1\\\2", MARKDOWN.sub(r"\\\g<0>", COMMANDS.sub("", " ".join(text.split()))))
