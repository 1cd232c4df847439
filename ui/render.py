"""Answers and articles to the HTML that the page shows.

Every string that comes from an article, a model or a person passes through `escape` on its way, and none is
read as Markdown. Elements with `data-send` are buttons: pressed, their name and value reach app.py.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from urllib.parse import urlsplit

from assistant.assistant import NOT_ANSWERED
from assistant.checkup import Finding
from index.articles import Article, Duplicate, Skipped
from index.generations import Manifest
from index.rebuild import Status
from ui import words
from ui.conversations import Conversation
from ui.record import Quote, Record
from ui.words import counted, say

EXAMPLE_COUNT = 4
EXAMPLE_TITLE_LENGTH = 80  # characters
SHORT_CHARACTERS = 100
HITS_AT_ONCE = 3  # the rest are folded away
LEFT_OUT_SHOWN = 200
BARS_SHOWN = 12
ICON = (
    '<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="1.3" stroke-linejoin="round"><path d="{}"/></svg>'
)
THUMB = ICON.format(
    "M2 7.5h2.5v6H2zM4.5 7.5 7.3 2c1.1 0 1.8.9 1.5 2l-.5 2.2h4.2c.9 0 1.5.8 1.3 1.6l-1.1 4.4c-.2.8-.8 1.3-1.6 1.3H4.5"
)
PENCIL = ICON.format("m2.5 13.5.7-3.2 7.6-7.6 2.5 2.5-7.6 7.6zM9.3 4.2l2.5 2.5")

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
    cards = "".join(
        f'<li><button type="button" class="example" {_send("ask", example.question)}>'
        f"<span {_language(example.language)}>{_text(example.question)}</span>"
        f'<small class="muted">{_text(example.origin)}</small></button></li>'
        for example in examples
    )
    heading = f'<h2 class="label">{_say("Try one of these")}</h2>' if cards else ""
    asked = counted(
        "Ask anything about the article in the index,",
        "Ask anything about the {n} articles in the index,",
        article_count,
    )
    promise = say(
        "in any language. Every statement of the answer carries the number of the sentence it rests on; press a "
        "number to read that sentence in its article. When the articles don’t say, you are told so, and shown what "
        "came closest."
    )
    return (
        f'<section class="welcome"><h1>{_say("Ask the news, see the sentence")}</h1>'
        f'<p>{escape(asked)} {escape(promise)}</p>{heading}<ul class="examples">{cards}</ul></section>'
    )


def heading(title: str) -> str:
    """What a page is called."""
    return f'<h1 class="heading">{escape(title)}</h1>'


def turn(question: str, body: str, narrowed: str = "", answer_language: str = "", can_edit: bool = False) -> str:
    """One question, to which articles it was put and in which language when it was said, and what stands below it."""
    label = _say("Change this question")
    named = f'aria-label="{label}" title="{label}"'
    pencil = f'<button type="button" class="edit" {named} {_send("go", "edit")}>{PENCIL}</button>' if can_edit else ""
    asked = f'<h2 class="question" dir="auto">{_text(question)}</h2>{pencil}'
    chosen = [(say("Only:"), narrowed), (say("Answered in:"), words.language_name(answer_language))]
    only = "".join(f'<p class="state">{escape(name)} {_text(value)}</p>' for name, value in chosen if value)
    return f'<article class="turn"><div class="asked">{asked}</div>{only}{body}</article>'


def answer(given: Record) -> str:
    """The whole answer: short answer, statements with their citations, and the sentences they rest on."""
    if not given.answered:
        return refusal(given.reason, given.found)
    citations = {quote.number: quote for quote in given.citations}
    statements = "".join(
        f"<span>{_text(statement.text)}{''.join(_chip(citations[n]) for n in statement.citations)}</span> "
        for statement in given.statements
    )
    if statements:
        statements = f'<p class="statements" {_language(given.language)}>{statements.strip()}</p>'
    notice = f'<p class="state" dir="auto">{_text(say(given.reason))}</p>' if given.reason else ""
    differ = _accounts(given, citations)
    return f"{notice}{_short_answer(given)}{statements}{differ}{_sources(given)}{_more(given.found)}{_footnote(given)}"


def refusal(reason: str, found: Sequence[Quote]) -> str:
    """That the articles don't say, why, and what came closest."""
    why = f'<p dir="auto">{_text(say(reason))}</p>' if reason not in ("", NOT_ANSWERED) else ""
    verdict = f'<section class="refusal"><p class="verdict">{_say("No answer in the articles.")}</p>{why}</section>'
    return verdict + _listed(say("The closest sentences found — they do not answer it"), found) if found else verdict


def unfinished(written: str, found: Sequence[Quote] | None, note: str, can_stop: bool) -> str:
    """An answer that is still being written or was stopped; `note` says which."""
    stop = f'<button type="button" class="stop" {_send("stop", True)}>{_say("Stop")}</button>' if can_stop else ""
    draft = f'<p class="statements" dir="auto">{_text(written)}</p>' if written else ""
    head = f'<p class="state"><span role="status">{escape(note)}</span>{stop}</p>{draft}'
    if found is None:
        return head
    return head + _listed(say("Best sentences found") if found else say("No sentence found"), found)


def actions(files: str, copied: str, rating: str) -> str:
    """What can be done with a reply: ask again, copy it, save its record from the address `files`, rate it.

    `copied` is what is copied, `rating` is "up", "down" or ""; without a record only asking again is left.
    """
    again = f'<button type="button" {_send("go", "again")}>{_say("Ask again")}</button>'
    if not files:
        return f'<div class="actions">{again}</div>'
    saves = "".join(
        f'<a href="{escape(files)}.{suffix}" download>{name}</a>'
        for suffix, name in (("md", "Markdown"), ("html", "HTML"), ("json", "JSON"))
    )
    thumbs = "".join(
        f'<button type="button" class="thumb {name}" aria-pressed="{str(rating == name).lower()}" '
        f'aria-label="{escape(label)}" title="{escape(label)}" {_send("rate", name)}>{THUMB}</button>'
        for name, label in (("up", say("A good answer")), ("down", say("Not right")))
    )
    return (
        f'<div class="actions"><button type="button" data-copy="{escape(copied)}" data-copied="{_say("Copied")}">'
        f"{_say('Copy')}</button>{again}"
        f'<span class="save">{_say("Save as")} {saves}</span><span class="thumbs">{thumbs}</span></div>'
    )


def state(note: str) -> str:
    """What is going on."""
    return f'<p class="state" role="status">{escape(note)}</p>'


def notice(message: str) -> str:
    """Something a person should know that keeps nothing from working."""
    return f'<p class="notice">{_with_commands(message)}</p>'


def problem(message: str) -> str:
    """An error for a person, as one sentence."""
    return f'<section class="problem" role="alert"><p dir="auto">{_with_commands(say(message))}</p></section>'


def article(shown: Article, start: int = 0, end: int = 0, quote: str = "") -> str:
    """An article with its metadata, and characters `start` to `end` marked if they still are the quote."""
    note = ""
    if shown.text[start:end] != quote:
        start = shown.text.find(quote)
        end = start + len(quote)
    if start < 0:
        start = end = 0
        note = (
            f'<p class="problem">{_say("This article has changed since the answer was given. The sentence was:")} '
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
        f'<p class="problem">{_say("This article is no longer in the index. The sentence was:")}</p>'
        f'<div class="text"><p dir="auto">{_text(quote)}</p></div>'
    )


def conversations(kept: Sequence[Conversation], current: str) -> str:
    """The conversations to go back to, each with a button that forgets it."""
    rows = "".join(
        f'<li><button type="button" class="past" aria-current="{str(one.id == current).lower()}" {_send("go", one.id)}>'
        f'{_text(one.question)}<small class="muted">{escape(words.moment(one.asked))}</small></button>'
        f'<button type="button" class="forget" aria-label="{_say("Delete this conversation")}" '
        f'title="{_say("Delete this conversation")}" {_send("forget", one.id)}>×</button></li>'
        for one in kept
    )
    return f'<h2 class="label">{_say("Conversations")}</h2><ul class="conversations">{rows}</ul>' if kept else ""


def article_list(listed: Sequence[Article], lengths: Mapping[str, int], count: int) -> str:
    """Articles to press, out of `count` that match."""
    rows = "".join(_article_row(one, lengths.get(one.id, 0)) for one in listed)
    heading = counted("{n} article", "{n} articles", count) if count else say("No article matches.")
    return f'<p class="muted" role="status">{escape(heading)}</p><ul class="sentences">{rows}</ul>'


def _article_row(listed: Article, length: int) -> str:
    send = _send("open", {"article": listed.id, "start": 0, "end": 0, "quote": ""})
    size = counted("{n} character", "{n} characters", length)
    parts = (listed.source, words.day(listed.published), words.language_name(listed.language), size)
    return (
        f'<li><button type="button" class="sentence" {send}>'
        f'<span class="quote" {_language(listed.language)}>{_text(listed.title or listed.id)}</span>'
        f'<span class="muted origin"><span>{_text(" · ".join(filter(None, parts)))}</span></span></button></li>'
    )


def bars(title: str, counts: Sequence[tuple[str, int]]) -> str:
    """How many of what, as a table with a bar beside each number; the longest ones when there are many."""
    most = max((count for _, count in counts), default=1)
    rows = "".join(
        f'<tr><th scope="row">{_text(name)}</th>'
        f'<td><span class="bar-line" style="width: {100 * count / most:.1f}%"></span></td>'
        f"<td>{words.number(count)}</td></tr>"
        for name, count in counts[:BARS_SHOWN]
    )
    rest = sum(count for _, count in counts[BARS_SHOWN:])
    others = f"<tr><th>{_say('Others')}</th><td></td><td>{words.number(rest)}</td></tr>" if rest else ""
    return f'<table class="bars"><caption class="label">{escape(title)}</caption>{rows}{others}</table>'


def timeline(dated: Sequence[tuple[str, str, Quote]]) -> str:
    """Sentences below the days that they tell of, ISO from first to last, in order; a strip shows their spread."""
    if not dated:
        return f'<p class="muted" role="status">{_say("No dated sentence was found.")}</p>'
    ordinals = [date.fromisoformat(day).toordinal() for day, _, _ in dated]
    span = max(ordinals[-1] - ordinals[0], 1)
    marks = "".join(
        f'<span style="inset-inline-start: {100 * (one - ordinals[0]) / span:.2f}%"></span>' for one in ordinals
    )
    ends = f"<span>{escape(words.day(dated[0][0]))}</span><span>{escape(words.day(dated[-1][0]))}</span>"
    rows = "".join(
        f'<li><h3 class="label">{escape(words.days(day, until))}</h3><ul class="sentences">'
        f"{''.join(_sentence_row(quote) for _, _, quote in same)}</ul></li>"
        for (day, until), same in groupby(dated, key=lambda row: row[:2])
    )
    return (
        f'<div class="strip" aria-hidden="true"><div>{marks}</div><p class="muted">{ends}</p></div>'
        f'<ol class="timeline">{rows}</ol>'
    )


def findings(found: Sequence[Finding]) -> str:
    """The lines of a health check, what needs doing marked."""
    rows = "".join(
        f'<li class="{"well" if one.healthy else "ill"}"><b>{_say("Good:") if one.healthy else _say("To do:")}</b> '
        f"{_with_commands(one.text)}</li>"
        for one in found
    )
    return f'<ul class="findings">{rows}</ul>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and their values; those without a value are left out."""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{_text(value)}</dd>" for name, value in rows if value)
    return f'<dl class="facts">{listed}</dl>'


def account(manifest: Manifest) -> str:
    """What became of everything found: "32 = 30 articles + 1 duplicate + 1 file skipped"."""
    articles = counted("{n} article", "{n} articles", manifest.article_count)
    duplicates = counted("{n} duplicate", "{n} duplicates", len(manifest.duplicates))
    skipped = counted("{n} file skipped", "{n} files skipped", len(manifest.skipped))
    return f"{words.number(manifest.found_count)} = {articles} + {duplicates} + {skipped}"


def left_out(skipped: Sequence[Skipped], kept: Sequence[Skipped], duplicates: Sequence[Duplicate]) -> str:
    """What was found and is not in the index as it is now, each with its reason; nothing when there is none."""
    copies = [(one.path, say("a copy of {article}", article=one.copy_of)) for one in duplicates]
    return (
        _left_out(counted("{n} file skipped", "{n} files skipped", len(skipped)), _reasons(skipped))
        + _left_out(counted("{n} file kept as it was", "{n} files kept as they were", len(kept)), _reasons(kept))
        + _left_out(counted("{n} duplicate", "{n} duplicates", len(copies)), copies)
    )


def _reasons(files: Sequence[Skipped]) -> list[tuple[str, str]]:
    return [(one.path, words.reason(one.reason)) for one in files]


def _left_out(heading: str, reasons: Sequence[tuple[str, str]]) -> str:
    if not reasons:
        return ""
    rows = "".join(f"<li><b>{_text(path)}</b><br>{_text(reason)}</li>" for path, reason in reasons[:LEFT_OUT_SHOWN])
    rest = len(reasons) - LEFT_OUT_SHOWN
    more = counted(
        "… and {n} more: `newsdesk index` lists them all.", "… and {n} more: `newsdesk index` lists them all.", rest
    )
    last = f"<li>{_with_commands(more)}</li>" if rest > 0 else ""
    return f'<details class="skipped"><summary>{escape(heading)}</summary><ul>{rows}{last}</ul></details>'


def progress(status: Status) -> str:
    """A rebuild under way: its stage, a bar, and how long it will take."""
    stage = say(_sentence(status.stage))
    if not status.total or not status.done:
        return state(f"{stage}…")
    done = say("{done} of {total} files", done=words.number(status.done), total=words.number(status.total))
    left = f", {say('{time} left', time=_duration(status.seconds_left))}" if status.done < status.total else ""
    return (
        f'<progress max="{status.total}" value="{status.done}" aria-label="{escape(stage)}"></progress>'
        f'<p class="muted" role="status">{escape(f"{stage}: {done}{left}")}</p>'
    )


def origin(found: Article | Quote) -> str:
    """Where and when an article appeared, "Source · 24 Nov 2026"; its file's name when neither is known."""
    name = found.id if isinstance(found, Article) else found.article
    return " · ".join(filter(None, (found.source, words.day(found.published)))) or name


def _short_answer(given: Record) -> str:
    # A whole sentence is no short answer: it stands below as the source, and written in the reader's language above.
    if given.short_answer in ("", given.text) or len(given.short_answer) > SHORT_CHARACTERS:
        return ""
    day = words.day(given.answer_date)
    resolved = f"<small>{_text(day)}</small>" if day and day not in given.short_answer else ""
    return f'<p class="short" dir="auto">{_text(given.short_answer)}{resolved}</p>'


def _accounts(given: Record, citations: Mapping[int, Quote]) -> str:
    """That the articles differ, and what each says, newest first."""
    if not given.accounts:
        return ""
    rows = []
    for one in given.accounts:
        quote = citations[one.number]
        copies = counted("also in {n} article", "also in {n} articles", len(one.also_in)) if one.also_in else ""
        day = words.day(one.date)
        resolved = f" = {_text(day)}" if day and day != one.value else ""
        where = " · ".join(filter(None, (origin(quote), one.title, copies)))
        rows.append(
            f'<li><b>{_text(one.value)}</b>{resolved}{_chip(quote)} <span class="muted">{_text(where)}</span></li>'
        )
    heading = _say("The articles differ:")
    return f'<section class="accounts"><h3 class="label">{heading}</h3><ul>{"".join(rows)}</ul></section>'


def _chip(quote: Quote) -> str:
    hint = f"{quote.text.strip()}\n— {quote.title or origin(quote)}"
    label = say("Source {n}", n=quote.number) + f": {quote.title}"
    # Only with both, the joiner and the span that does not wrap, is no chip alone on a line.
    return (
        f'<span class="cited">&NoBreak;<button type="button" class="chip" {_send_open(quote)} '
        f'title="{escape(hint)}" aria-label="{escape(label)}">{quote.number}</button></span>'
    )


def _sources(given: Record) -> str:
    if not given.citations:
        return ""
    rows = "".join(_sentence_row(quote, given.language) for quote in given.citations)
    return f'<h3 class="label">{_say("Sources")}</h3><ol class="sentences">{rows}</ol>'


def _listed(heading: str, found: Sequence[Quote]) -> str:
    return f'<h3 class="label">{escape(heading)}</h3>{_quote_list(found[:HITS_AT_ONCE])}{_more(found[HITS_AT_ONCE:])}'


def _more(found: Sequence[Quote]) -> str:
    if not found:
        return ""
    count = counted("{n} more sentence found", "{n} more sentences found", len(found))
    return f'<details class="more"><summary>{escape(count)}</summary>{_quote_list(found)}</details>'


def _quote_list(found: Sequence[Quote]) -> str:
    return f'<ul class="sentences">{"".join(_sentence_row(quote) for quote in found)}</ul>'


def _sentence_row(quote: Quote, answered_in: str = "") -> str:
    """A sentence to press, its origin, and what its days come to; one in another language than the answer says so."""
    marker = f'<b class="number">{quote.number}</b>' if quote.number else ""
    headline = f"<span {_language(quote.language)}>{_text(quote.title)}</span>" if quote.title else ""
    copies = counted("also in {n} article", "also in {n} articles", len(quote.also_in)) if quote.also_in else ""
    original = words.language_name(quote.language) if answered_in and quote.language not in ("", answered_in) else ""
    where = " · ".join(filter(None, (origin(quote), original, copies)))
    days = "".join(f"<span>{_text(day.words)} = {_text(words.days(day.first, day.last))}</span>" for day in quote.days)
    resolved = f'<span class="days">{days}</span>' if days else ""
    return (
        f'<li><button type="button" class="sentence" {_send_open(quote)}>{marker}'
        f'<span class="quote" {_language(quote.language)}>{_text(quote.text.strip())}</span>{resolved}'
        f'<span class="muted origin">{headline}<span>{_text(where)}</span></span></button></li>'
    )


def _footnote(given: Record) -> str:
    spent = given.milliseconds
    time = f"{words.number(round(spent / 1000, 1))} s" if spent >= 1000 else f"{spent:.0f} ms"
    model = str(given.made_with.get("model", ""))
    parts = (say(given.answerer), model, given.generation, time if spent else "")
    return f'<p class="footnote">{_text(" · ".join(filter(None, parts)))}</p>'


def _panel_bar() -> str:
    return (
        f'<div class="bar"><span class="label">{_say("Article")}</span>'
        f'<button type="button" class="close" {_send("close", True)}>{_say("Close")}</button></div>'
    )


def _metadata(shown: Article) -> str:
    rows = (
        (say("Source"), shown.source, _text(shown.source)),
        (say("Published"), shown.published, _text(words.day(shown.published))),
        (say("Author"), shown.author, _text(shown.author)),
        (say("Language"), shown.language, _text(words.language_name(shown.language))),
        (say("Address"), shown.url, _link(shown.url)),
        (say("File"), shown.id, _text(shown.id)),
    )
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{html}</dd>" for name, value, html in rows if value)
    return f'<dl class="facts">{facts}</dl>{_evidence(shown)}'


def _evidence(shown: Article) -> str:
    """One line: each place where metadata was found, with what was found there."""
    found_in: dict[str, list[str]] = {}
    for name, place in shown.evidence.items():
        found_in.setdefault(place, []).append(say(name))
    if not found_in:
        return ""
    places = "; ".join(f"{_text(say(place))} ({_text(', '.join(names))})" for place, names in found_in.items())
    return f'<p class="evidence muted">{_say("Found in:")} {places}</p>'


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


def _send_open(quote: Quote) -> str:
    return _send("open", {"article": quote.article, "start": quote.start, "end": quote.end, "quote": quote.text})


def _say(sentence: str) -> str:
    return escape(say(sentence))


def _sentence(stage: str) -> str:
    return stage[:1].upper() + stage[1:]


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{words.number(round(seconds / 3600, 1))} h"
