"""The record of an answer: all that is shown, kept and handed on, whole without the index it came from."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from itertools import chain
from typing import Any

from assistant.accounts import Account
from assistant.assistant import Answer
from assistant.citations import Statement
from assistant.dates import dates_in
from index.articles import Article
from index.search import Hit
from index.vectors import Filters

DIFFER = "The articles differ:"
# Characters that mean something in Markdown: escaped, an article's text can neither fetch nor format anything.
MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>#+!|~$&]")
HTML_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 Georgia, serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.3; }
li { margin-bottom: 0.75rem; }
blockquote { margin: 0; }
small, footer { font: 0.8125rem/1.5 sans-serif; opacity: 0.75; }
"""


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

    @property
    def text(self) -> str:
        """The written answer without its markers."""
        return " ".join(statement.text for statement in self.statements)


def record(answer: Answer, filters: Filters, answer_language: str = "") -> Record:
    """The record of an answer that was just given; `answer_language` is the one asked for, "" the question's own."""
    hits = {(hit.article.id, hit.sentence.start): hit for hit in answer.hits}
    articles = {hit.article.id: hit.article for hit in answer.hits}
    citations = []
    for cited in answer.citations:
        hit = hits.get((cited.article, cited.start))
        article = articles.get(cited.article) or Article(cited.article, cited.title, "", cited.published)
        also_in = hit.also_in if hit else ()
        citations.append(_quote(article, cited.start, cited.end, cited.quote, also_in, cited.number))
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
        found=tuple(found(hit) for place, hit in hits.items() if place not in cited_places),
        generation=answer.generation,
        answerer=answer.answerer,
        made_with=dict(answer.record),
        milliseconds=answer.timings_ms.get("total", 0.0),
        asked=datetime.now().astimezone().isoformat(timespec="seconds"),
        answer_language=answer_language,
        accounts=answer.accounts,
    )


def found(hit: Hit) -> Quote:
    """A hit as a quote, without its days: those take longer than evidence may."""
    article, sentence = hit.article, hit.sentence
    return Quote(
        article.id,
        sentence.start,
        sentence.end,
        hit.text,
        article.title,
        article.source,
        article.published,
        article.language,
        also_in=hit.also_in,
    )


def _quote(article: Article, start: int, end: int, text: str, also_in: tuple[str, ...], number: int) -> Quote:
    days = tuple(
        Day(one.text, one.first, one.last) for one in dates_in(article, start, end) if one.first[:4] not in one.text
    )
    return Quote(
        article.id,
        start,
        end,
        text,
        article.title,
        article.source,
        article.published,
        article.language,
        sha256(article.text.encode()).hexdigest() if article.text else "",
        also_in,
        days,
        number,
    )


def to_json(kept: Record) -> str:
    """The record as JSON, everything in it."""
    return json.dumps(asdict(kept), ensure_ascii=False, indent=1)


def from_json(text: str) -> Record:
    """The record that `to_json` wrote."""
    fields = json.loads(text)
    fields["filters"] = Filters(**fields["filters"])
    fields["statements"] = tuple(Statement(one["text"], tuple(one["citations"])) for one in fields["statements"])
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
    answer = _marked(kept) if kept.answered else _plain(_refusal(kept))
    lines = [f"# {_plain(kept.question)}", "", answer, ""]
    if kept.accounts:
        lines += [_plain(DIFFER), "", *(f"- {_plain(told(one))}" for one in kept.accounts), ""]
    for one in kept.citations:
        lines += [f"{one.number}. “{_plain(one.text)}”  ", f"   {_plain(_origin(one))}"]
    return "\n".join([*lines, "", _plain(_footer(kept)), ""])


def _marked(kept: Record) -> str:
    return " ".join(
        _plain(one.text) + "".join(f" \\[{number}\\]" for number in one.citations) for one in kept.statements
    )


def to_html(kept: Record) -> str:
    """The record as a page of its own that fetches nothing."""
    if kept.answered:
        answer = " ".join(
            escape(one.text) + "".join(f"<sup>[{number}]</sup>" for number in one.citations) for one in kept.statements
        )
    else:
        answer = escape(_refusal(kept))
    accounts = "".join(f'<li dir="auto">{escape(told(one))}</li>' for one in kept.accounts)
    if accounts:
        accounts = f"<p>{escape(DIFFER)}</p><ul>{accounts}</ul>"
    sources = "".join(
        f'<li value="{one.number}"><blockquote dir="auto">{escape(one.text)}</blockquote>'
        f'<small dir="auto">{escape(_origin(one))}<br>{escape(one.sha256)}</small></li>'
        for one in kept.citations
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><html lang="{escape(kept.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(kept.question)}</title><style>{HTML_STYLE}</style></head>"
        f'<body><h1 dir="auto">{escape(kept.question)}</h1><p dir="auto">{answer}</p>{accounts}<ol>{sources}</ol>'
        f"<footer>{escape(_footer(kept))}</footer></body></html>"
    )


def told(account: Account) -> str:
    """What an article says, the day that it comes to, and which article that is, in one line."""
    day = f" = {account.date}" if account.date and account.date not in account.value else ""
    place = ". ".join(filter(None, (account.title, account.source, account.published, account.article)))
    return f"{account.value}{day} [{account.number}] {place}"


def _refusal(kept: Record) -> str:
    return f"No answer in the articles. {kept.reason}".strip()


def _origin(one: Quote) -> str:
    place = f"{one.article}, characters {one.start}–{one.end}"
    return ". ".join(filter(None, (one.title, one.source, one.published, place)))


def _footer(kept: Record) -> str:
    """What it takes to get the same answer again."""
    chosen = asdict(kept.filters) | {"answer-language": kept.answer_language}
    options = {f"--{name}": value for name, value in chosen.items() if value}
    command = shlex.join(["newsdesk", "ask", kept.question, *chain.from_iterable(options.items())])
    made_with = ", ".join(f"{name} {value}" for name, value in kept.made_with.items())
    return f"Asked {kept.asked}; index {kept.generation}; answered by {kept.answerer} ({made_with}). {command}"


def _plain(text: str) -> str:
    return MARKDOWN.sub(r"\\\g<0>", text)
