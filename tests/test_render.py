"""What the page draws: every dynamic string stays text, and every citation opens its sentence."""

import json
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from records import ANSWER, ARTICLE, CITATION, FOUND, QUOTE, TEXT

from assistant.answers import NOT_ANSWERED, Account, Citation, ShortAnswer, Statement
from assistant.checkup import CheckupLine
from assistant.lookup.lookup import Facets, Found, Lookup
from assistant.lookup.names import KnownName, Said
from index.articles import Article, Duplicate, Skipped
from index.filters import Filters
from index.generations.pointer import open_current
from index.rebuild import Status
from ui.conversations import Conversation, KeptSearch
from ui.intake import Outcome
from ui.page import render, render_index, templating, words
from ui.page.chips import Chip
from ui.page.render import AddedRow, Example, Original
from ui.record import Day, Quote
from ui.suggesting import Offered

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
        if tag not in ("br", "img", "input", "progress"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "progress":
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def sent(self, name: str) -> list[object]:
        return [json.loads(a["data-value"] or "") for _, a in self.elements if a.get("data-send") == name]


def _found_in(article: Article, text: str) -> Lookup:
    """A search that found the article, beside another one."""
    found = Found(article, 0, len(text), text, ((0, 1), (2, len(text))), 1.0)
    return Lookup((found,), 2, Facets(((text, 1), (f"{text}!", 1)), authors=((text, 1), ("", 1))))


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
    known = KnownName(text, 1, (f"{text}!",), "2022-01-26", "2022-01-26", ((text, 1),))
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
        "turn": render.turn(text, "", (Chip("sources", text, text, text),), can_edit=True),
        "chips": render.chips((Chip("sources", text, text), Chip("authors", text, text)), can_clear=True),
        "names": render.names((known,), 1),
        "name": render.name(known),
        "said": render.said((Said(article, (0, len(text)), text, (0, 2), (3, len(text))),)),
        "lookup": render.lookup(_found_in(article, text), _found_in(article, text).found),
        "added": render.added((AddedRow(text, text, 1, (text,), "", text, False, True),), ""),
        "outcomes": render.outcomes((Outcome(text, problem=text), Outcome(text, known=True))),
        "answer": render.answer(answer),
        "refusal": render.refusal(text, (quote,)),
        "unfinished": render.unfinished(text, (quote,), "Writing…", can_stop=True),
        "problem": render.problem(text.replace("`", "'")),
        "article": render.article(article, 0, len(text), text),
        "beside an article": render.article(article, 0, len(text), text, (), Original(text, text, 1), (article,)),
        "kept searches": render.kept_searches([(KeptSearch(text, text, Filters(), False, frozenset()), 2)]),
        "shared": render.shared(answer, (Chip("sources", text, text),)),
        "changed article": render.article(replace(article, text="other"), 0, 3, text),
        "missing article": render.missing_article(text, text),
        "facts": render_index.facts([("Folder", text)]),
        "left out": render_index.left_out((Skipped(text, text),), (Skipped(text, text),), (Duplicate(text, text),)),
        "welcome": render.welcome(1, [Example(text, text)]),
        "following": render.following([text], "en"),
        "conversations": render.conversations([Conversation(text, text, text)], ""),
        "articles": render.article_list([article], {}, 1),
        "bars": render.bars(text, [(text, 1)]),
        "timeline": render.timeline([("2022-01-26", "2022-01-26", quote)]),
        "findings": render_index.findings([CheckupLine(False, text.replace("`", "'"))]),
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
    assert 'dir="auto">\u202eabc</h2>' in html
    assert '<p dir="auto">' in render.article(ARTICLE, 26, 65, QUOTE)
    assert 'lang="en" dir="ltr"' in render.article(ARTICLE, 26, 65, QUOTE)


def test_a_page_from_right_to_left_has_its_own_lines_so_and_what_is_quoted_as_it_is_written() -> None:
    numeric = replace(ANSWER, short_answer="900", answer_date="", language="ar")
    assert '<p class="short" dir="rtl">900' in render.answer(numeric)
    assert '<p class="short" dir="auto">nine hundred' in render.answer(replace(numeric, short_answer="nine hundred"))
    words.speak("ar")
    try:
        origin = templating.origin(replace(ARTICLE, source="Drava", published="2022-01-06"))
        assert origin == "\u200f\u2068Drava\u2069 · \u20686 يناير 2022\u2069"
    finally:
        words.speak("en")


def test_what_counts_the_articles_found_says_by_what() -> None:
    found = _found_in(ARTICLE, "Marlow")
    assert "<summary>Source and Author</summary>" in render.lookup(found, found.found)


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


def test_without_a_day_of_its_own_the_answer_says_when_it_was_reported() -> None:
    reported = replace(ANSWER, short_answer="", answer_date="", reported_date="2022-01-27")
    assert _Page(render.answer(reported)).text.startswith("reported on 27 Jan 2022It was")
    cited = Citation(1, "a.md", "Bridge", "2024-03-05", 0, 9, "It reopened.")
    shown = render.unfinished("", (), "Writing…", True, ShortAnswer("It reopened.", "", cited, "2024-03-05"))
    assert "reported on 5 Mar 2024" in _Page(shown).text


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
    assert text.startswith("No answer in the articles.No date is given.What came closest")
    assert QUOTE in text
    assert "closest" not in render.refusal("No date is given.", ())
    assert _Page(render.refusal(NOT_ANSWERED, ())).text == "No answer in the articles."


def test_a_running_answer_can_be_stopped_and_a_stopped_one_cannot() -> None:
    assert _Page(render.unfinished("", None, "Searching…", can_stop=True)).sent("stop") == [True]
    assert _Page(render.unfinished("It was", (FOUND,), "Stopped.", can_stop=False)).sent("stop") == []


def test_the_short_answer_is_shown_while_the_rest_is_written() -> None:
    cited = Citation(1, "a.md", "<b>", "2024-03-05", 0, 9, "On Monday")
    short = ShortAnswer("On <Monday>", "2024-03-04", cited)
    shown = render.unfinished("", (), "Writing…", True, short)
    assert '<p class="short" dir="auto">On &lt;Monday&gt;<small><bdi>4 Mar 2024</bdi></small></p>' in shown
    long = ShortAnswer("word " * 40, "", cited)
    assert 'class="short"' not in render.unfinished("", (), "Writing…", True, long)


@pytest.mark.parametrize(
    ("text", "start", "end", "body"),
    [
        ("One. Two.\nThree.", 5, 9, '<p dir="auto">One. <mark>Two.</mark></p><p dir="auto">Three.</p>'),
        ("One.\nTwo.", 0, 9, '<p dir="auto"><mark class="here">One.</mark></p><p dir="auto"><mark>Two.</mark></p>'),
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
    assert "Found in: first line (title) · front matter (source and author)" in text


def test_a_day_beside_a_source_written_from_right_to_left_stays_behind_it() -> None:
    article = Article("a", "", "", "2024-03-15", "ar", "بريد الجبل")
    html = render.article_list([article], {"a": 5}, 1)
    assert "\u200e\u2068بريد الجبل\u2069 · \u206815 Mar 2024\u2069 · " in html  # the line itself from the left
    assert "Post · 15 Mar 2024 · " in render.article_list([replace(article, source="Post")], {"a": 5}, 1)


def test_of_several_marks_the_one_that_was_pressed_comes_first() -> None:
    article = replace(ARTICLE, text="One is here. Two is there.\nThree is gone.")
    html = render.article(article, 13, 26, "Two is there.", [(0, 12), (27, 41)])
    assert '<mark>One is here.</mark> <mark class="here">Two is there.</mark>' in html
    assert '<span class="at">2</span> / 3' in html
    assert 'class="here"' not in render.article(article, 13, 26, "Two is there.")
    moved = render.article(replace(article, text="Anew: " + article.text), 13, 26, "Two is there.", [(0, 12)])
    assert moved.count("<mark>") == 1


def test_examples_are_those_that_were_answered_and_then_what_code_answers_by_itself() -> None:
    article = Article("a", "Title", "Who won? Ada.", "2024-01-03", "en", "Wire")
    tried = Offered("Who won?", article)
    first, *others = render.examples((tried,), "de")
    assert first == render.Example("Who won?", "Wire · 3 Jan 2024")
    assert [one.question for one in others] == [
        "Wie viele Artikel gibt es?",
        "Welcher ist der neueste Artikel?",
        "Aus welchen Medien sind die Artikel?",
    ]
    assert {one.origin for one in others} == {""}
    assert len(render.examples((), "uk")) == len(render.examples((tried,) * 4, "uk")) == 4


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(stage="loading the embedding model", total=40), "Loading the embedding model…"),
        (
            Status(stage="indexing", done=1200, total=4000, rate=10.0, seconds_left=280.0),
            "Indexing: 1,200 of 4,000 files, 5 mins left",
        ),
        (Status(stage="indexing", done=39, total=40, seconds_left=0.2), "Indexing: 39 of 40 files, 1 sec left"),
        (Status(stage="publishing", done=40, total=40), "Publishing: 40 of 40 files"),
        (
            Status(stage="indexing", done=1, total=2, seconds_left=9000.0),
            "Indexing: 1 of 2 files, 2.5 hrs left",
        ),
    ],
)
def test_progress_says_how_far_and_how_long(status: Status, text: str) -> None:
    assert _Page(render_index.progress(status)).text == text


def test_what_is_left_out_is_listed_with_reasons_up_to_a_limit() -> None:
    many = tuple(Skipped(f"{n}.pdf", "Not a text.") for n in range(203))
    text = _Page(render_index.left_out(many, (Skipped("c.txt", "Closed."),), (Duplicate("b.txt", "a.txt"),))).text
    assert text.startswith("203 files skipped0.pdfNot a text.1.pdf")
    assert "… and 3 more" in text
    assert text.endswith("1 file kept as it wasc.txtClosed.1 duplicateb.txta copy of a.txt")
    assert render_index.left_out((), (), ()) == ""


def test_what_became_of_everything_found_adds_up(index_dir: Path) -> None:
    manifest = replace(
        open_current(index_dir).manifest,
        found_count=1_004,
        article_count=1_001,
        duplicates=(Duplicate("b.txt", "a.txt"),),
        skipped=(Skipped("c.pdf", "Not a text."), Skipped("d.pdf", "Not a text.")),
    )
    assert render_index.account(manifest) == "1,004 = 1,001 articles + 1 duplicate + 2 files skipped"


def test_a_quote_says_what_its_days_come_to_and_that_it_is_in_another_language() -> None:
    assert "26 January = 26 January 2022" in _Page(render.answer(ANSWER)).text
    assert "English" not in _Page(render.answer(ANSWER)).text
    assert "26 Jan 2022 · English" in _Page(render.answer(replace(ANSWER, language="it"))).text


def test_a_timeline_puts_sentences_of_the_same_days_together() -> None:
    days = [("2022-01-10", "2022-01-13"), ("2022-01-26", "2022-01-26"), ("2022-01-26", "2022-01-26")]
    html = render.timeline([(first, last, FOUND) for first, last in days])
    assert html.count("10–13 January 2022") == html.count("<h2") - 1 == 1
    assert "inset-inline-start: 0.00%" in html
    assert html.count("inset-inline-start: 100.00%") == 2
    assert "No dated sentence" in render.timeline([])


def test_bars_beyond_the_longest_are_added_up() -> None:
    text = _Page(render.bars("By source", [(f"source {n}, ", 20 - n) for n in range(14)])).text
    assert text.endswith("source 11, 9Others15")


def test_only_an_answer_can_be_copied_saved_and_rated() -> None:
    page = _Page(render.actions("/record/abc/0", "copied", "up"))
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == [
        *(f"/record/abc/0.{suffix}" for suffix in ("docx", "md", "html", "json", "ris", "bib")),
        "/record/abc.docx",
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


def test_a_kept_search_says_how_many_articles_are_new_in_it() -> None:
    strike = KeptSearch("<b>Strike</b>", "strike", Filters(), False, frozenset())
    text = _Page(render.kept_searches([(strike, 3), (replace(strike, name="Tram"), 0)])).text
    assert "<b>Strike</b>" in text and "3 new" in text and "0 new" not in text
