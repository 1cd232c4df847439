"""Answers and articles to the HTML that the page shows.

Every string that comes from an article, a model or a person passes through `escape` on its way, and none is
read as Markdown. Elements with `data-send` are buttons: pressed, their name and value reach app.py.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from urllib.parse import urlsplit

from assistant.assistant import NOT_ANSWERED, Answer
from assistant.citations import Citation
from index.articles import Article, Duplicate, Skipped
from index.rebuild import Status
from index.search import Hit

EXAMPLE_COUNT = 4
EXAMPLE_TITLE_LENGTH = 80  # characters
SHORT_CHARACTERS = 100
HITS_AT_ONCE = 3  # the rest are folded away
SKIPPED_SHOWN = 50

EXAMPLE_QUESTIONS = {
    "ar": "ماذا تقول المقالات عن «{}»؟",
    "cs": "Co se v článcích píše o „{}“?",
    "de": "Was berichten die Artikel über „{}“?",
    "en": "What do the articles say about “{}”?",
    "es": "¿Qué dicen los artículos sobre «{}»?",
    "fr": "Que disent les articles sur « {} » ?",
    "hi": "लेखों में “{}” के बारे में क्या लिखा है?",
    "it": "Che cosa dicono gli articoli su «{}»?",
    "ja": "「{}」について記事には何と書かれていますか。",
    "nl": "Wat schrijven de artikelen over ‘{}’?",
    "pl": "Co artykuły piszą o „{}”?",
    "pt": "O que dizem os artigos sobre «{}»?",
    "ru": "Что пишут в статьях о «{}»?",
    "tr": "Makaleler “{}” hakkında ne diyor?",
    "uk": "Що пишуть у статтях про «{}»?",
    "zh": "关于“{}”，文章里说了什么？",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A question to start with, and where its article comes from."""

    question: str
    language: str
    origin: str


def choose_examples(articles: Iterable[Article]) -> tuple[Example, ...]:
    """Up to EXAMPLE_COUNT questions about articles that differ in language and source as much as they can.

    Newest first within a language; the language with the most articles comes first.
    """
    by_language: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda one: (one.published, one.id), reverse=True):
        if article.title.strip():
            by_language.setdefault(article.language, []).append(article)
    columns = sorted(by_language.values(), key=len, reverse=True)
    chosen: list[Article] = []
    while len(chosen) < EXAMPLE_COUNT and any(columns):
        for column in columns:
            if column and len(chosen) < EXAMPLE_COUNT:
                sources = {article.source for article in chosen}
                fresh = next((article for article in column if article.source not in sources), column[0])
                column.remove(fresh)
                chosen.append(fresh)
    return tuple(Example(_example_question(one), one.language, origin(one)) for one in chosen)


def _example_question(article: Article) -> str:
    title = " ".join(re.sub('[«»„“”"]', "", article.title).split())
    if title.endswith(("?", "？", "؟")):
        return title
    if len(title) > EXAMPLE_TITLE_LENGTH:
        head = title[:EXAMPLE_TITLE_LENGTH]
        title = (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:–—-") + "…"
    return EXAMPLE_QUESTIONS.get(article.language, EXAMPLE_QUESTIONS["en"]).format(title.rstrip("."))


def welcome(article_count: int, examples: Sequence[Example]) -> str:
    """The page before the first question: what it does, and questions to press."""
    articles = "article" if article_count == 1 else f"{article_count:,} articles"
    cards = "".join(
        f'<li><button type="button" class="example" {_send("ask", example.question)}>'
        f"<span {_language(example.language)}>{_text(example.question)}</span>"
        f'<small class="muted">{_text(example.origin)}</small></button></li>'
        for example in examples
    )
    heading = '<h2 class="label">Try one of these</h2>' if cards else ""
    return (
        '<section class="welcome"><p class="masthead">newsdesk</p><h1>Ask the news, see the sentence</h1>'
        f"<p>Ask anything about the {articles} in the index, in any language. Every statement of the "
        "answer carries the number of the sentence it rests on; press a number to read that sentence in "
        "its article. When the articles don’t say, you are told so, and shown what came closest.</p>"
        f'{heading}<ul class="examples">{cards}</ul></section>'
    )


def turn(question: str, body: str) -> str:
    """One question, with what stands below it."""
    return f'<article class="turn"><h2 class="question" dir="auto">{_text(question)}</h2>{body}</article>'


def answer(finished: Answer) -> str:
    """The whole answer: short answer, statements with their citations, and the sentences they rest on."""
    if not finished.answered:
        return refusal(finished.reason, finished.hits)
    citations = {citation.number: citation for citation in finished.citations}
    statements = "".join(
        f"<span>{_text(statement.text)}{''.join(_chip(citations[n]) for n in statement.citations)}</span> "
        for statement in finished.statements
    )
    if statements:
        statements = f'<p class="statements" {_language(finished.language)}>{statements.strip()}</p>'
    notice = f'<p class="state" dir="auto">{_text(finished.reason)}</p>' if finished.reason else ""
    return (
        f"{notice}{_short_answer(finished)}{statements}{_sources(finished)}"
        f"{_more_hits(_uncited(finished))}{_footnote(finished)}"
    )


def refusal(reason: str, hits: Sequence[Hit]) -> str:
    """That the articles don't say, why, and what came closest."""
    why = f'<p dir="auto">{_text(reason)}</p>' if reason not in ("", NOT_ANSWERED) else ""
    closest = (
        '<h3 class="label">The closest sentences found — they do not answer it</h3>'
        f"{_hit_list(hits[:HITS_AT_ONCE])}{_more_hits(hits[HITS_AT_ONCE:])}"
        if hits
        else ""
    )
    return f'<section class="refusal"><p class="verdict">No answer in the articles.</p>{why}</section>{closest}'


def unfinished(written: str, hits: Sequence[Hit] | None, note: str, can_stop: bool) -> str:
    """An answer that is still being written or was stopped; `note` says which."""
    stop = f'<button type="button" class="stop" {_send("stop", True)}>Stop</button>' if can_stop else ""
    draft = f'<p class="statements" dir="auto">{_text(written)}</p>' if written else ""
    head = f'<p class="state"><span role="status">{escape(note)}</span>{stop}</p>{draft}'
    if hits is None:
        return head
    heading = "Best sentences found" if hits else "No sentence found"
    found = f'<h3 class="label">{heading}</h3>{_hit_list(hits[:HITS_AT_ONCE])}'
    return f"{head}{found}{_more_hits(hits[HITS_AT_ONCE:])}"


def state(note: str) -> str:
    """What is going on."""
    return f'<p class="state" role="status">{escape(note)}</p>'


def notice(message: str) -> str:
    """Something a person should know that keeps nothing from working."""
    return f'<p class="notice">{_with_commands(message)}</p>'


def problem(message: str) -> str:
    """An error for a person, as one sentence."""
    return f'<section class="problem" role="alert"><p dir="auto">{_with_commands(message)}</p></section>'


def article(shown: Article, start: int, end: int, quote: str) -> str:
    """An article with its metadata, and characters `start` to `end` marked if they still are the quote."""
    note = ""
    if shown.text[start:end] != quote:
        start = shown.text.find(quote)
        end = start + len(quote)
    if start < 0:
        start = end = 0
        note = (
            '<p class="problem">This article has changed since the answer was given. The sentence was: '
            f"<q>{_text(quote)}</q></p>"
        )
    body = "".join(f'<p dir="auto">{paragraph}</p>' for paragraph in _paragraphs(shown.text, start, end))
    return (
        f"{_panel_bar()}<h2 {_language(shown.language)}>{_text(shown.title or shown.id)}</h2>"
        f"{_metadata(shown)}{note}"
        f'<div class="text" {_language(shown.language)}>{body}</div>'
    )


def missing_article(article_id: str, quote: str) -> str:
    """What stands in place of an article that is no longer in the index."""
    return (
        f"{_panel_bar()}<h2>{_text(article_id)}</h2>"
        '<p class="problem">This article is no longer in the index. The sentence was:</p>'
        f'<div class="text"><p dir="auto">{_text(quote)}</p></div>'
    )


def index_facts(article_count: int, created: str, embedding: str, answerer: str, folder: str) -> str:
    """The index panel: how much, from when, made and answered by what."""
    rows = (
        ("Articles", f"{article_count:,}"),
        ("Built", readable_time(created)),
        ("Folder", folder),
        ("Embedding", embedding),
        ("Answers by", answerer),
    )
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{_text(value)}</dd>" for name, value in rows if value)
    return f'<dl class="facts">{facts}</dl>'


def left_out(skipped: Sequence[Skipped], duplicates: Sequence[Duplicate]) -> str:
    """What of the folder is not in the index, and why; nothing when all of it is."""
    return _left_out("skipped", [(one.path, one.reason) for one in skipped]) + _left_out(
        "duplicates", [(one.path, f"a copy of {one.copy_of}") for one in duplicates]
    )


def _left_out(kind: str, reasons: Sequence[tuple[str, str]]) -> str:
    if not reasons:
        return ""
    rows = "".join(f"<li><b>{_text(path)}</b><br>{_text(reason)}</li>" for path, reason in reasons[:SKIPPED_SHOWN])
    rest = len(reasons) - SKIPPED_SHOWN
    more = f"<li>… and {rest:,} more: `newsdesk index --json` lists them all.</li>" if rest > 0 else ""
    summary = f"{len(reasons):,} {kind if len(reasons) > 1 else kind.removesuffix('s')}"
    return f'<details class="skipped"><summary>{summary}</summary><ul>{rows}{more}</ul></details>'


def progress(status: Status) -> str:
    """A rebuild under way: its stage, a bar, and how long it will take."""
    if not status.total or not status.done:
        return state(f"{_sentence(status.stage)}…")
    left = f", {_duration(status.seconds_left)} left" if status.done < status.total else ""
    return (
        f'<progress max="{status.total}" value="{status.done}"></progress>'
        f'<p class="muted" role="status">{escape(_sentence(status.stage))}: '
        f"{status.done:,} of {status.total:,} files{left}</p>"
    )


def readable_time(iso: str) -> str:
    """An ISO date with time as people write it, here "24 Nov 2026, 00:04"; anything else unchanged."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def readable_date(iso: str) -> str:
    """An ISO date as people write it, here "24 Nov 2026"; anything else unchanged."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%b %Y}"


def origin(found: Article) -> str:
    """Where and when an article appeared, "Source · 24 Nov 2026"; its file's name when neither is known."""
    return " · ".join(filter(None, (found.source, readable_date(found.published)))) or found.id


def copied(also_in: Sequence[str]) -> str:
    """In how many other articles the same sentence stands, " · also in 3 articles"; "" for none."""
    return f" · also in {_count(len(also_in), 'article')}" if also_in else ""


def _short_answer(finished: Answer) -> str:
    # A whole sentence is no short answer: it stands below as the source, and written in the reader's language above.
    if finished.short_answer in ("", finished.text) or len(finished.short_answer) > SHORT_CHARACTERS:
        return ""
    day = readable_date(finished.answer_date)
    resolved = f"<small>{_text(day)}</small>" if day and day not in finished.short_answer else ""
    return f'<p class="short" dir="auto">{_text(finished.short_answer)}{resolved}</p>'


def _chip(citation: Citation) -> str:
    send = _send_open(citation.article, citation.start, citation.end, citation.quote)
    return (
        f'<button type="button" class="chip" {send} '
        f'title="{escape(citation.title)}" aria-label="Source {citation.number}: {escape(citation.title)}">'
        f"{citation.number}</button>"
    )


def _sources(finished: Answer) -> str:
    if not finished.citations:
        return ""
    articles = {hit.article.id: hit.article for hit in finished.hits}
    copies = {(hit.article.id, hit.sentence.start): hit.also_in for hit in finished.hits}
    rows = "".join(
        _source(citation, articles.get(citation.article), copies.get((citation.article, citation.start), ()))
        for citation in finished.citations
    )
    return f'<h3 class="label">Sources</h3><ol class="sentences">{rows}</ol>'


def _source(citation: Citation, found: Article | None, also_in: Sequence[str]) -> str:
    page = f" · page {citation.page}" if citation.page else ""
    where = (origin(found) if found else readable_date(citation.published)) + page + copied(also_in)
    send = _send_open(citation.article, citation.start, citation.end, citation.quote)
    language = _language(found.language if found else "")
    return _sentence_row(
        f'<b class="number">{citation.number}</b>', citation.quote, citation.title, where, send, language
    )


def _uncited(finished: Answer) -> tuple[Hit, ...]:
    cited = {(citation.article, citation.start) for citation in finished.citations}
    return tuple(hit for hit in finished.hits if (hit.article.id, hit.sentence.start) not in cited)


def _more_hits(hits: Sequence[Hit]) -> str:
    if not hits:
        return ""
    count = _count(len(hits), "more sentence")
    return f'<details class="more"><summary>{count} found</summary>{_hit_list(hits)}</details>'


def _hit_list(hits: Sequence[Hit]) -> str:
    return f'<ul class="sentences">{"".join(_hit(hit) for hit in hits)}</ul>'


def _hit(hit: Hit) -> str:
    send = _send_open(hit.article.id, hit.sentence.start, hit.sentence.end, hit.text)
    where = origin(hit.article) + copied(hit.also_in)
    return _sentence_row("", hit.text, hit.article.title, where, send, _language(hit.article.language))


def _sentence_row(marker: str, quote: str, title: str, where: str, send: str, language: str) -> str:
    headline = f"<span {language}>{_text(title)}</span>" if title else ""
    return (
        f'<li><button type="button" class="sentence" {send}>{marker}'
        f'<span class="quote" {language}>{_text(quote.strip())}</span>'
        f'<span class="muted origin">{headline}<span>{_text(where)}</span></span></button></li>'
    )


def _footnote(finished: Answer) -> str:
    spent = finished.timings_ms.get("total", 0.0)
    time = f"{spent / 1000:.1f} s" if spent >= 1000 else f"{spent:.0f} ms"
    model = str(finished.record.get("model", ""))
    parts = (finished.answerer, model, finished.generation, time if spent else "")
    return f'<p class="footnote">{escape(" · ".join(filter(None, parts)))}</p>'


def _panel_bar() -> str:
    return (
        '<div class="bar"><span class="label">Article</span>'
        f'<button type="button" class="close" {_send("close", True)} aria-label="Close the article">'
        "Close</button></div>"
    )


def _metadata(shown: Article) -> str:
    rows = (
        ("Source", shown.source, _text(shown.source)),
        ("Published", shown.published, _text(readable_date(shown.published))),
        ("Author", shown.author, _text(shown.author)),
        ("Language", shown.language, _text(shown.language)),
        ("Address", shown.url, _link(shown.url)),
        ("File", shown.id, _text(shown.id)),
    )
    facts = "".join(f"<dt>{name}</dt><dd>{html}</dd>" for name, value, html in rows if value)
    return f'<dl class="facts">{facts}</dl>{_evidence(shown)}'


def _evidence(shown: Article) -> str:
    """One line: each place where metadata was found, with what was found there."""
    found_in: dict[str, list[str]] = {}
    for name, place in shown.evidence.items():
        found_in.setdefault(place, []).append(name)
    if not found_in:
        return ""
    places = "; ".join(f"{_text(place)} ({_text(', '.join(names))})" for place, names in found_in.items())
    return f'<p class="evidence muted">Found in: {places}</p>'


def _link(url: str) -> str:
    try:
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        is_web = False
    if not is_web:
        return _text(url)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{_text(url)}</a>'


def _paragraphs(text: str, start: int, end: int) -> Iterator[str]:
    """The lines of the text that are not blank, escaped, with the part of each inside start..end marked."""
    position = 0
    for line in text.splitlines(keepends=True):
        first, last = (min(max(at - position, 0), len(line)) for at in (start, end))
        before, marked, after = line[:first], line[first:last].rstrip("\r\n"), line[last:]
        mark = f"<mark>{escape(marked)}</mark>" if marked else ""
        if line.strip():
            yield f"{escape(before)}{mark}{escape(after)}".strip()
        position += len(line)


def _text(value: str) -> str:
    """The value as text and nothing else: escaped, and isolated so that bidi controls end with it."""
    return f"<bdi>{escape(value)}</bdi>"


def _with_commands(message: str) -> str:
    """The message as text, with what stands between backticks set as a command."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", _text(message))


def _language(code: str) -> str:
    return f'lang="{escape(code)}" dir="auto"' if code else 'dir="auto"'


def _send(name: str, value: object) -> str:
    return f'data-send="{name}" data-value="{escape(json.dumps(value))}"'


def _send_open(article_id: str, start: int, end: int, quote: str) -> str:
    return _send("open", {"article": article_id, "start": start, "end": end, "quote": quote})


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _sentence(stage: str) -> str:
    return stage[:1].upper() + stage[1:]


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
