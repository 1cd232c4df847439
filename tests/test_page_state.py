"""Pages whose article stands only in the state of their scripts."""

import json
from pathlib import Path

import pytest
from samples import read, read_one

from index.articles import Article
from index.reading.readers.jsliteral import read_literal

TITLE = "The bridge reopens"
FIRST = (
    "The iron bridge in Marlow reopened on 4 March after eleven months of work, and hundreds of people walked over it "
    "in the rain to see what had become of its six old piers."
)
SECOND = (
    "Engineer Ada Finch led the repair, which cost 3,200 crowns; the ferry that carried people meanwhile stops on "
    "Friday, the council of Marlow said."
)
TEXT = f"{FIRST}\n\n{SECOND}"
MARKED = f"<p>{FIRST}</p><p>{SECOND}</p>"
RELATED = [{"title": "A ferry sinks", "body": "The ferry sank off Dunmore in the night. " * 40}]
SPANS = [
    {"_type": "block", "children": [{"_type": "span", "text": FIRST[:30]}, {"_type": "span", "text": FIRST[30:]}]},
    {"_type": "block", "children": [{"_type": "span", "text": SECOND}]},
]
NODES = {
    "nodeType": "document",
    "content": [
        {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": one[:20]}, *rest]}
        for one, rest in (
            (FIRST, [{"nodeType": "hyperlink", "content": [{"nodeType": "text", "value": FIRST[20:]}]}]),
            (SECOND, [{"nodeType": "text", "value": SECOND[20:]}]),
        )
    ],
}
NEXT = "<script id='__NEXT_DATA__' type='application/json'>{}</script>".format
NUXT_3 = [
    ["ShallowReactive", 1], {"data": 2}, {"article": 3}, {"title": 4, "body": 5, "self": 3, "related": 6}, TITLE,
    [7, 8], [], {"text": 9}, {"text": 10}, FIRST, SECOND,
]  # fmt: skip


def page(scripts: str, shown: str = "<div id='root'></div>") -> str:
    head = f"<title>{TITLE} | The Wren</title><meta property='og:title' content='{TITLE}'>"
    return f"<html><head>{head}</head><body>{shown}{scripts}</body></html>"


def next_page(**article: object) -> str:
    props = {"pageProps": {"related": RELATED, "article": {"headline": TITLE, "related": RELATED, **article}}}
    return NEXT(json.dumps({"props": props}).replace("</", "<\\/"))


@pytest.mark.parametrize(
    "scripts",
    [
        next_page(body=MARKED),
        next_page(content={"rendered": MARKED}, excerpt=FIRST),
        next_page(paragraphs=[FIRST, SECOND]),
        next_page(
            content_elements=[
                {"type": "image", "caption": "A crane"},
                *({"content": one, "_id": "x"} for one in (FIRST, SECOND)),
            ]
        ),
        next_page(body=SPANS),
        next_page(body=NODES),
        next_page(headline="", headlines={}, title={"basic": TITLE}, text=TEXT),
        f"<script type='application/json' id='__NUXT_DATA__'>{json.dumps(NUXT_3)}</script>",
        f"<script>window.__INITIAL_STATE__ = "
        f"{json.dumps({'a': {'title': TITLE, 'text': MARKED}, 'b': RELATED})};</script>",
        f"<script>window['__STATE__']=JSON.parse({json.dumps(json.dumps({'title': TITLE, 'html': MARKED}))})</script>",
        f"<script>var state = {{title: '{TITLE}', /* no */ x: 1}};</script>"
        "<script>Fusion=window.Fusion||{};Fusion.globalContent="
        f"{json.dumps({'headlines': {}, 'title': TITLE, 'content': MARKED})};</script>",
        f'<script>window.__NUXT__=(function(a,b,c){{return {{layout:"default",data:[{{article:{{title:a,body:b,'
        f'draft:!1,tags:[c,"x"],fn:void 0}}}}]}}}}({json.dumps(TITLE)},{json.dumps(MARKED)},null));</script>',
        f"<script>window.__NUXT__={{data:[{{title:'{TITLE}',body:`{MARKED}`,n:.5,}}],state:{{}}}}</script>",
    ],
)
def test_the_article_that_stands_only_in_a_script_is_read(tmp_path: Path, scripts: str) -> None:
    article = read_one(tmp_path, "a.html", page(scripts.replace("/* no */ ", "")))
    assert " ".join(article.text.split()) == f"{FIRST} {SECOND}"
    assert article.evidence["text"] == "script" and article.title == TITLE


def test_the_day_of_such_an_article_is_read(tmp_path: Path) -> None:
    for name in ("datePublished", "publishedAt", "first_publish_date", "pubDate"):
        html = page(next_page(body=MARKED, **{name: "2024-03-05T08:00:00Z"}))
        assert read_one(tmp_path, "a.html", html).published == "2024-03-05"


def test_what_the_page_shows_itself_is_read_instead(tmp_path: Path) -> None:
    shown = "".join(f"<p>Mayor Ines Holt opened part {number} of the bridge in the rain.</p>" for number in range(9))
    html = page(next_page(body=MARKED), f"<article><h1>{TITLE}</h1>{shown}</article>")
    assert "Ada Finch" not in read_one(tmp_path, "a.html", html).text


@pytest.mark.parametrize(
    "scripts",
    [
        next_page(body="Short."),
        NEXT(json.dumps({"props": {"related": RELATED}})),
        NEXT('{"props": {"title": "' + TITLE),
        "<script>window.__STATE__ = function(){ while(1){} }();</script>",
        "<script>window.__STATE__ = " + "[" * 50_000 + "</script>",
        "<script>window.__STATE__ = " + "{a:" * 50_000 + "</script>",
        NEXT("[" * 100_000),
        "<script>" + "a.b = " * 100_000 + "</script>",
        "<script>window.x={title:'" + TITLE + "',text:'" + "\\" * 99_999 + "</script>",
        f"<script type='application/json'>{json.dumps([{'a': 1}, [1]])}</script>",
        f"<script>window.__APP__ = {json.dumps({'title': TITLE, 'code': 'function x() { return 1 }' * 40})}</script>",
    ],
)
def test_a_script_that_holds_no_article_makes_none(tmp_path: Path, scripts: str) -> None:
    outcomes = read(tmp_path, "a.html", page(scripts, "<p>Loading the page of the Wren in a moment.</p>"))
    assert not any(isinstance(one, Article) and one.evidence["text"] == "script" for one in outcomes)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (
            "{a: 'x', \"b\": [1, -2.5, .5], c: !0, d: void 0, 1: null,}",
            {"a": "x", "b": [1, -2.5, 0.5], "c": True, "d": None, "1": None},
        ),
        (r"'it\'s \u00e9 \x41 \u{1F600}'", "it's é A \U0001f600"),
        ("(function(a,b){return {x:a,y:[b,a]}}(1,'two'))", {"x": 1, "y": ["two", 1]}),
        ("((a,b)=>({x:b}))(1,2)", {"x": 2}),
        ("{x: new Date(5), y: f(1), z}", {"x": 5, "y": None, "z": None}),
        ("{a: 1 + 2}", None),
        ("alert(1)", None),
    ],
)
def test_a_value_that_a_script_writes_out(written: str, value: object) -> None:
    assert read_literal(written, 0)[0] == value
