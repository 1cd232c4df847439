"""An answer and its sources as other programs take them: plain and rich text, and references in RIS and BibTeX."""

import re
from collections.abc import Iterator
from html import escape

from anyascii import anyascii

from assistant.answers import in_lines
from ui.answer_text import DIFFER, marked, plain, quoted, told
from ui.record import Quote, Record, refusal, short_origin

# What means something to TeX, whose files may be read and programs be run by it: "^^5c" is a backslash.
_TEX = str.maketrans(
    {"{": "(", "}": ")", "\\": "/", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}"}
    | {sign: f"\\{sign}" for sign in "%#&$_"}
)


def to_text(kept: Record) -> str:
    """The question, the answer with its numbers, and the numbered sources: for a mail or a note."""
    answer = in_lines(kept.statements, marked) if kept.answered else refusal(kept)
    lines = [plain(kept.question), "", answer]
    if kept.accounts:
        lines += ["", DIFFER, *(f"- {told(one)}" for one in kept.accounts)]
    if kept.citations:
        lines += ["", *(f"[{one.number}] {quoted(one.text)} {short_origin(one)}" for one in kept.citations)]
    return "\n".join(lines) + "\n"


def to_rich_text(kept: Record) -> str:
    """The same as HTML without any looks of its own, for a program that takes formatted text."""
    answer = in_lines(kept.statements, marked) if kept.answered else refusal(kept)
    paragraphs = "".join(f'<p dir="auto">{escape(line)}</p>' for line in answer.splitlines())
    accounts = "".join(f'<li dir="auto">{escape(told(one))}</li>' for one in kept.accounts)
    sources = "".join(
        f'<li value="{one.number}" dir="auto">{escape(quoted(one.text))} '
        f"<small>{escape(short_origin(one))}</small></li>"
        for one in kept.citations
    )
    differ = f"<p>{escape(DIFFER)}</p><ul>{accounts}</ul>" if accounts else ""
    return f'<h3 dir="auto">{escape(plain(kept.question))}</h3>{paragraphs}{differ}<ol>{sources}</ol>'


def to_ris(kept: Record) -> str:
    """The cited articles as references in RIS, one each, with the sentences cited as notes."""
    return "".join(
        f"{tag}  - {value}\r\n" for quotes in _by_article(kept) for tag, value in (*_ris(quotes), ("ER", ""))
    )


def to_bibtex(kept: Record) -> str:
    """The cited articles as references in BibTeX, one each."""
    entries, keys = [], set[str]()
    for quotes in _by_article(kept):
        first = quotes[0]
        key = base = _key(first)
        while key in keys:
            key = f"{base}{chr(ord('a') + len(keys) % 26)}"
            base = key
        keys.add(key)
        fields = {
            "title": plain(first.title or first.article),
            "journal": plain(first.source),
            "date": first.published,
            "year": first.published[:4],
            "langid": first.language,
            "note": " ".join(quoted(one.text) for one in quotes),
        }
        lines = [f"  {name} = {{{value.translate(_TEX)}}}," for name, value in fields.items() if value]
        entries.append("\n".join([f"@article{{{key},", *lines, "}"]))
    return "\n\n".join(entries) + "\n"


def _ris(quotes: list[Quote]) -> Iterator[tuple[str, str]]:
    first = quotes[0]
    yield "TY", "NEWS"
    yield "TI", plain(first.title or first.article)
    if first.source:
        yield "T2", plain(first.source)
    if first.published:
        yield "DA", first.published.replace("-", "/")
        yield "PY", first.published[:4]
    if first.language:
        yield "LA", plain(first.language)
    for one in quotes:
        yield "N1", quoted(one.text)
    yield "AN", plain(first.article)


def _by_article(kept: Record) -> list[list[Quote]]:
    """The cited sentences by their article, in the order of their numbers."""
    articles: dict[str, list[Quote]] = {}
    for one in kept.citations:
        articles.setdefault(one.article, []).append(one)
    return list(articles.values())


def _key(quote: Quote) -> str:
    """A name for a reference, of letters and numbers alone."""
    words = re.findall(r"[a-z0-9]+", anyascii(f"{quote.source} {quote.published[:4]} {quote.title}").lower())
    return "".join(words[:5]) or "article"
