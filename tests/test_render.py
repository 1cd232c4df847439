"""What the page draws: every dynamic string stays text, and every citation opens its sentence."""

import json
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.accounts import Account
from assistant.assistant import NOT_ANSWERED
from assistant.checkup import Finding
from assistant.citations import Statement
from index.articles import Article, Duplicate, Skipped
from index.generations import open_current
from index.rebuild import Status
from index.vectors import Filters
from ui import render
from ui.conversations import Conversation
from ui.record import Day, Quote, Record

TEXT = "Sullivan spoke on Monday. He handed over the reply on 26 January.\n\nThe talks go on."
QUOTE = "He handed over the reply on 26 January."
ARTICLE = Article("it/reply.md", "The reply", TEXT, "2022-01-26", "en", "The Wire", "Ada Poe")
FOUND = Quote("it/reply.md", 26, 65, QUOTE, "The reply", "The Wire", "2022-01-26", "en")
CITATION = replace(FOUND, number=1, days=(Day("26 January", "2022-01-26", "2022-01-26"),))
ANSWER = Record(
    question="When was it handed over?",
    search_query="When was it handed over?",
    filters=Filters(),
    language="en",
    answered=True,
    reason="",
    statements=(Statement("It was handed over on 26 January 2022.", (1,)),),
    short_answer="26 January",
    answer_date="2022-01-26",
    citations=(CITATION,),
    found=(),
    generation="g000001",
    answerer="extractive",
    made_with={"embedding": "light", "model": "none"},
    milliseconds=1234.0,
    asked="2026-11-25T09:00:00+01:00",
)

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![pixel](http://tracker.example/x.png)",
    "[press me](javascript:alert(1))",
    "$\\href{javascript:alert(1)}{x}$",
    ":material/home: :red[warning]",
    "\"><b onmouseover='alert(1)'>",
    "\u202egnp.exe\u2066 and on",
    "&lt;already&gt; &amp; escaped",
    "`rm -rf` and </bdi></p>",
)


class _Page(HTMLParser):
    """The elements and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("br", "progress"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "progress":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def sent(self, name: str) -> list[object]:
        return [json.loads(a["data-value"] or "") for _, a in self.elements if a.get("data-send") == name]


def _hostile_pages(text: str) -> dict[str, str]:
    article = replace(
        ARTICLE,
        id=text,
        title=text,
        text=text,
        source=text,
        author=text,
        language=text,
        published=text,
        url=text,
        evidence={"title": text},
    )
    day = Day(text, "2022-01-26", "2022-01-26")
    quote = Quote(text, 0, len(text), text, text, text, text, text, also_in=(text,), days=(day,), number=1)
    answer = replace(
        ANSWER,
        question=text,
        language=text,
        statements=(Statement(text, (1,)),),
        short_answer=f"{text}!",
        answer_date=text,
        citations=(quote,),
        found=(replace(quote, number=0), FOUND),
        generation=text,
        answerer=text,
        made_with={"model": text},
    )
    return {
        "turn": render.turn(text, "", text),
        "answer": render.answer(answer),
        "refusal": render.refusal(text, (quote,)),
        "unfinished": render.unfinished(text, (quote,), "Writing…", can_stop=True),
        "problem": render.problem(text.replace("`", "'")),
        "article": render.article(article, 0, len(text), text),
        "changed article": render.article(replace(article, text="other"), 0, 3, text),
        "missing article": render.missing_article(text, text),
        "facts": render.facts([("Folder", text)]),
        "left out": render.left_out((Skipped(text, text),), (Skipped(text, text),), (Duplicate(text, text),)),
        "welcome": render.welcome(1, render.choose_examples([article])),
        "conversations": render.conversations([Conversation(text, text, text)], ""),
        "articles": render.article_list([article], {}, 1),
        "bars": render.bars(text, [(text, 1)]),
        "timeline": render.timeline([("2022-01-26", "2022-01-26", quote)]),
        "findings": render.findings([Finding(False, text.replace("`", "'"))]),
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is_and_adds_no_element(text: str) -> None:
    harmless = _hostile_pages("harmless")
    for name, html in _hostile_pages(text).items():
        page, expected = _Page(html), _Page(harmless[name])
        assert not page.open, name
        assert [(tag, set(attributes)) for tag, attributes in page.elements] == [
            (tag, set(attributes)) for tag, attributes in expected.elements
        ], name
        # Example questions leave out quotation marks; problems set text between backticks as a command.
        plain = text.replace("`", "'")
        shown = {"welcome": text.replace('"', ""), "problem": plain, "findings": plain}.get(name, text)
        assert shown in page.text, name


def test_text_from_outside_is_isolated_from_the_direction_of_its_surroundings() -> None:
    html = render.turn("\u202eabc", "")
    assert "<bdi>\u202eabc</bdi>" in html
    assert '<p dir="auto">' in render.article(ARTICLE, 26, 65, QUOTE)
    assert 'lang="en" dir="auto"' in render.article(ARTICLE, 26, 65, QUOTE)


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("https://wire.example/a?b=1&c=2", ["https://wire.example/a?b=1&c=2"]),
        ("javascript:alert(1)", []),
        ("data:text/html,<b>", []),
        ("//wire.example/a", []),
        ("http://[broken", []),
        ("", []),
    ],
)
def test_only_web_addresses_become_links(url: str, links: list[str]) -> None:
    page = _Page(render.article(replace(ARTICLE, url=url), 26, 65, QUOTE))
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == links


def test_each_statement_carries_its_citations_and_each_opens_its_sentence() -> None:
    second = replace(CITATION, number=2, start=67, end=83, text="The talks go on.", days=())
    answer = replace(
        ANSWER,
        statements=(Statement("First.", (1,)), Statement("Second.", (1, 2)), Statement("Third.", ())),
        citations=(CITATION, second),
    )
    html = render.answer(answer)
    statements = html[html.index('class="statements"') : html.index("Sources")]
    first = {"article": "it/reply.md", "start": 26, "end": 65, "quote": QUOTE}
    last = {"article": "it/reply.md", "start": 67, "end": 83, "quote": "The talks go on."}
    assert _Page("<p " + statements[: statements.index("</p>")] + "</p>").sent("open") == [first, first, last]
    assert unescape(_Page(html).text).count("The talks go on.") == 1


def test_short_answer_stands_first_with_the_date_it_resolves_to() -> None:
    text = _Page(render.answer(ANSWER)).text
    assert text.startswith("26 January26 Jan 2022It was handed over")
    assert _Page(render.answer(replace(ANSWER, answer_date=""))).text.startswith("26 JanuaryIt was")


def test_short_answer_is_not_repeated_when_it_is_the_whole_answer() -> None:
    answer = replace(ANSWER, short_answer="It was handed over on 26 January 2022.")
    assert 'class="short"' not in render.answer(answer)


def test_the_other_sentences_are_folded_away() -> None:
    assert "more sentence" not in render.answer(ANSWER)
    assert "1 more sentence found" in render.answer(replace(ANSWER, found=(FOUND,)))


def test_a_copied_sentence_says_in_how_many_other_articles_it_stands() -> None:
    one, two = replace(CITATION, also_in=("b.txt",)), replace(FOUND, also_in=("b.txt", "c.txt"))
    assert "also in 1 article<" in render.answer(replace(ANSWER, citations=(one,)))
    assert "also in 2 articles<" in render.refusal("No date is given.", (two,))
    assert "also in" not in render.answer(ANSWER)


def test_a_whole_sentence_is_no_short_answer() -> None:
    assert 'class="short"' not in render.answer(replace(ANSWER, short_answer="a word or two " * 10))


def test_a_refusal_gives_its_reason_and_calls_the_sentences_closest() -> None:
    text = _Page(render.answer(replace(ANSWER, answered=False, reason="No date is given.", found=(FOUND,)))).text
    assert text.startswith("No answer in the articles.No date is given.The closest sentences found")
    assert QUOTE in text
    assert "closest" not in render.refusal("No date is given.", ())
    assert _Page(render.refusal(NOT_ANSWERED, ())).text == "No answer in the articles."


def test_a_running_answer_can_be_stopped_and_a_stopped_one_cannot() -> None:
    assert _Page(render.unfinished("", None, "Searching…", can_stop=True)).sent("stop") == [True]
    assert _Page(render.unfinished("It was", (FOUND,), "Stopped.", can_stop=False)).sent("stop") == []


@pytest.mark.parametrize(
    ("text", "start", "end", "body"),
    [
        ("One. Two.\nThree.", 5, 9, '<p dir="auto">One. <mark>Two.</mark></p><p dir="auto">Three.</p>'),
        ("One.\nTwo.", 0, 9, '<p dir="auto"><mark>One.</mark></p><p dir="auto"><mark>Two.</mark></p>'),
        ("\r\n\r\nA <b> c.\r\n", 4, 12, '<p dir="auto"><mark>A &lt;b&gt; c.</mark></p>'),
        ("", 0, 0, ""),
    ],
)
def test_the_cited_characters_are_marked_in_every_paragraph(text: str, start: int, end: int, body: str) -> None:
    html = render.article(replace(ARTICLE, text=text, language=""), start, end, text[start:end])
    assert html.endswith(f'<div class="text" dir="auto">{body}</div>')


def test_a_sentence_that_moved_is_marked_where_it_is_now() -> None:
    moved = replace(ARTICLE, text=f"New first line.\n{TEXT}")
    assert f"<mark>{QUOTE}</mark>" in render.article(moved, 26, 65, QUOTE)


def test_a_sentence_that_is_gone_is_quoted_above_the_article() -> None:
    html = render.article(replace(ARTICLE, text="All is new."), 26, 65, QUOTE)
    assert "<mark>" not in html
    assert "has changed since the answer was given" in html
    assert QUOTE in html


def test_metadata_says_where_it_was_found() -> None:
    found = replace(ARTICLE, evidence={"title": "first line", "source": "front matter", "author": "front matter"})
    text = _Page(render.article(found, 26, 65, QUOTE)).text
    assert "SourceThe WirePublished26 Jan 2022AuthorAda PoeLanguageEnglishFileit/reply.md" in text
    assert "Found in: first line (title); front matter (source, author)" in text


def test_examples_differ_in_language_and_source_and_speak_their_articles_language() -> None:
    articles = [
        Article("a", "Erste Nachricht", "", "2024-01-03", "de", "Bote"),
        Article("b", "Zweite Nachricht", "", "2024-01-02", "de", "Bote"),
        Article("c", "Dritte Nachricht.", "", "2024-01-01", "de", "Kurier"),
        Article("d", "Who won?", "", "2024-01-04", "en", "Wire"),
        Article("e", "", "", "2024-01-05", "en", "Wire"),
        Article("f", "Det första", "", "", "sv"),
    ]
    assert render.choose_examples(articles) == (
        render.Example("Was berichten die Artikel über „Erste Nachricht“?", "de", "Bote · 3 Jan 2024"),
        render.Example("Who won?", "en", "Wire · 4 Jan 2024"),
        render.Example("What do the articles say about “Det första”?", "sv", "f"),
        render.Example("Was berichten die Artikel über „Dritte Nachricht“?", "de", "Kurier · 1 Jan 2024"),
    )


def test_a_long_title_is_cut_between_words_and_loses_its_own_quotation_marks() -> None:
    (example,) = render.choose_examples([Article("a", "“Yes”, said " + "the minister " * 9, "", language="en")])
    assert example.question == (
        "What do the articles say about “Yes, said the minister the minister the minister the minister the "
        "minister the…”?"
    )


def test_an_empty_index_shows_no_examples() -> None:
    assert render.choose_examples([]) == ()
    assert "Try one" not in render.welcome(0, ())


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(stage="loading the embedding model", total=40), "Loading the embedding model…"),
        (
            Status(stage="indexing", done=1200, total=4000, rate=10.0, seconds_left=280.0),
            "Indexing: 1,200 of 4,000 files, 5 min left",
        ),
        (Status(stage="indexing", done=39, total=40, seconds_left=0.2), "Indexing: 39 of 40 files, 1 s left"),
        (Status(stage="publishing", done=40, total=40), "Publishing: 40 of 40 files"),
        (
            Status(stage="indexing", done=1, total=2, seconds_left=9000.0),
            "Indexing: 1 of 2 files, 2.5 h left",
        ),
    ],
)
def test_progress_says_how_far_and_how_long(status: Status, text: str) -> None:
    assert _Page(render.progress(status)).text == text


def test_what_is_left_out_is_listed_with_reasons_up_to_a_limit() -> None:
    many = tuple(Skipped(f"{n}.pdf", "Not a text.") for n in range(203))
    text = _Page(render.left_out(many, (Skipped("c.txt", "Closed."),), (Duplicate("b.txt", "a.txt"),))).text
    assert text.startswith("203 files skipped0.pdfNot a text.1.pdf")
    assert "… and 3 more" in text
    assert text.endswith("1 file kept as it wasc.txtClosed.1 duplicateb.txta copy of a.txt")
    assert render.left_out((), (), ()) == ""


def test_what_became_of_everything_found_adds_up(index_dir: Path) -> None:
    manifest = replace(
        open_current(index_dir).manifest,
        found_count=1_004,
        article_count=1_001,
        duplicates=(Duplicate("b.txt", "a.txt"),),
        skipped=(Skipped("c.pdf", "Not a text."), Skipped("d.pdf", "Not a text.")),
    )
    assert render.account(manifest) == "1,004 = 1,001 articles + 1 duplicate + 2 files skipped"


def test_a_quote_says_what_its_days_come_to_and_that_it_is_in_another_language() -> None:
    assert "26 January = 26 January 2022" in _Page(render.answer(ANSWER)).text
    assert "English" not in _Page(render.answer(ANSWER)).text
    assert "26 Jan 2022 · English" in _Page(render.answer(replace(ANSWER, language="it"))).text


def test_a_timeline_puts_sentences_of_the_same_days_together() -> None:
    days = [("2022-01-10", "2022-01-13"), ("2022-01-26", "2022-01-26"), ("2022-01-26", "2022-01-26")]
    html = render.timeline([(first, last, FOUND) for first, last in days])
    assert html.count("10–13 January 2022") == html.count("<h3") - 1 == 1
    assert "inset-inline-start: 0.00%" in html
    assert html.count("inset-inline-start: 100.00%") == 2
    assert "No dated sentence" in render.timeline([])


def test_bars_beyond_the_longest_are_added_up() -> None:
    text = _Page(render.bars("By source", [(f"source {n}, ", 20 - n) for n in range(14)])).text
    assert text.endswith("source 11, 9Others15")


def test_only_an_answer_can_be_copied_saved_and_rated() -> None:
    page = _Page(render.actions("/record/abc/0", "copied", "up"))
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == [
        "/record/abc/0.md",
        "/record/abc/0.html",
        "/record/abc/0.json",
    ]
    assert (page.sent("rate"), page.sent("go")) == (["up", "down"], ["again"])
    assert [attributes.get("aria-pressed") for _, attributes in page.elements if "aria-pressed" in attributes] == [
        "true",
        "false",
    ]
    assert _Page(render.actions("", "", "")).text == "Ask again"


def test_articles_that_differ_are_drawn_each_with_its_source() -> None:
    told = (
        Account("27 <b>January</b>", "2022-01-27", "late.md", "Later", "Il Colle", "2022-02-05", 2, ("a.md", "b.md")),
        Account("26 January", "2022-01-26", "it/reply.md", "The reply", "The Wire", "2022-01-26", 1),
    )
    late = replace(FOUND, article="late.md", source="Il Colle", published="2022-02-05", number=2)
    html = render.answer(replace(ANSWER, citations=(CITATION, late), accounts=told))
    first, second = html.index("27 &lt;b&gt;January"), html.index("<b><bdi>26 January")
    assert html.index("The articles differ:") < first < second < html.index("Sources")
    assert "Il Colle · 5 Feb 2022 · Later · also in 2 articles" in html
    assert "The articles differ:" not in render.answer(ANSWER)
