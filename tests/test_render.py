"""What the page draws: every dynamic string stays text, and every citation opens its sentence."""

import json
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from assistant.assistant import NOT_ANSWERED, Answer
from assistant.citations import Citation, Statement
from index.articles import Article, Duplicate, Skipped
from index.passages import Passage, Sentence
from index.rebuild import Status
from index.search import Hit
from ui import render

TEXT = "Sullivan spoke on Monday. He handed over the reply on 26 January.\n\nThe talks go on."
SENTENCE = Sentence(26, 65)
QUOTE = "He handed over the reply on 26 January."
ARTICLE = Article("it/reply.md", "The reply", TEXT, "2022-01-26", "en", "The Wire", "Ada Poe")
HIT = Hit(ARTICLE, Passage("p1", ARTICLE.id, 0, 65, TEXT[:65], (SENTENCE,)), SENTENCE, 0.9)
CITATION = Citation(1, ARTICLE.id, ARTICLE.title, ARTICLE.published, 26, 65, QUOTE)
ANSWER = Answer(
    question="When was it handed over?",
    search_query="When was it handed over?",
    language="en",
    answered=True,
    reason="",
    statements=(Statement("It was handed over on 26 January 2022.", (1,)),),
    short_answer="26 January",
    answer_date="2022-01-26",
    citations=(CITATION,),
    hits=(HIT,),
    generation="g000001",
    answerer="extractive",
    timings_ms={"total": 1234.0},
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
    hit = Hit(article, Passage("p", text, 0, len(text), text, ()), Sentence(0, len(text)), 0.5)
    citation = Citation(1, text, text, text, 0, len(text), text)
    answer = replace(
        ANSWER,
        question=text,
        language=text,
        statements=(Statement(text, (1,)),),
        short_answer=f"{text}!",
        answer_date=text,
        citations=(citation,),
        hits=(hit, HIT),
        generation=text,
        answerer=text,
    )
    return {
        "turn": render.turn(text, ""),
        "answer": render.answer(answer),
        "refusal": render.refusal(text, (hit,)),
        "unfinished": render.unfinished(text, (hit,), "Writing…", can_stop=True),
        "problem": render.problem(text.replace("`", "'")),
        "article": render.article(article, 0, len(text), text),
        "changed article": render.article(replace(article, text="other"), 0, 3, text),
        "missing article": render.missing_article(text, text),
        "facts": render.index_facts(3, text, text, text, text),
        "left out": render.left_out((Skipped(text, text),), (Duplicate(text, text),)),
        "welcome": render.welcome(1, render.choose_examples([article])),
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
        shown = {"welcome": text.replace('"', ""), "problem": text.replace("`", "'")}.get(name, text)
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
    second = replace(CITATION, number=2, start=67, end=83, quote="The talks go on.")
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


def test_cited_sentences_are_not_listed_again_among_the_others() -> None:
    other = replace(HIT, sentence=Sentence(67, 83))
    assert "more sentence" not in render.answer(ANSWER)
    assert "1 more sentence found" in render.answer(replace(ANSWER, hits=(HIT, other)))


def test_a_copied_sentence_says_in_how_many_other_articles_it_stands() -> None:
    one, two = replace(HIT, also_in=("b.txt",)), replace(HIT, also_in=("b.txt", "c.txt"))
    assert "also in 1 article<" in render.answer(replace(ANSWER, hits=(one,)))
    assert "also in 2 articles<" in render.refusal("No date is given.", (two,))
    assert "also in" not in render.answer(ANSWER)


def test_a_whole_sentence_is_no_short_answer() -> None:
    assert 'class="short"' not in render.answer(replace(ANSWER, short_answer="a word or two " * 10))


def test_a_refusal_gives_its_reason_and_calls_the_sentences_closest() -> None:
    text = _Page(render.answer(replace(ANSWER, answered=False, reason="No date is given."))).text
    assert text.startswith("No answer in the articles.No date is given.The closest sentences found")
    assert QUOTE in text
    assert "closest" not in render.refusal("No date is given.", ())
    assert _Page(render.refusal(NOT_ANSWERED, ())).text == "No answer in the articles."


def test_a_running_answer_can_be_stopped_and_a_stopped_one_cannot() -> None:
    assert _Page(render.unfinished("", None, "Searching…", can_stop=True)).sent("stop") == [True]
    assert _Page(render.unfinished("It was", (HIT,), "Stopped.", can_stop=False)).sent("stop") == []


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
    assert "SourceThe WirePublished26 Jan 2022AuthorAda PoeLanguageenFileit/reply.md" in text
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
    many = tuple(Skipped(f"{n}.pdf", "Not a text.") for n in range(53))
    text = _Page(render.left_out(many, (Duplicate("b.txt", "a.txt"),))).text
    assert text.startswith("53 skipped0.pdfNot a text.1.pdf")
    assert "… and 3 more" in text
    assert text.endswith("1 duplicateb.txta copy of a.txt")
    assert render.left_out((), ()) == ""


@pytest.mark.parametrize(
    ("iso", "shown"), [("2022-01-06", "6 Jan 2022"), ("", ""), ("last week", "last week"), ("2022", "2022")]
)
def test_dates_are_shown_as_people_write_them(iso: str, shown: str) -> None:
    assert render.readable_date(iso) == shown
