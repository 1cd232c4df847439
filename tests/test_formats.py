"""The formats that agencies, services and writing tools give their articles in."""

import json
from pathlib import Path

import pytest
from samples import FIRST, HEAD, SECOND, read, read_one, zipped

from index.articles import Article, Skipped

TEXT = f"{FIRST}\n\n{SECOND}"
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"
NITF = f"""<nitf><head><title>T</title><docdata><date.issue norm="20240305T080000Z"/></docdata>
<pubdata name="The Wren" date.publication="20240306"/></head><body xml:lang="it-IT"><body.head>
<hedline><hl1>Bridge</hl1></hedline><byline>By Ada Finch</byline></body.head><body.content>{BODY}
<media><media-caption><p>A photo</p></media-caption></media></body.content></body></nitf>"""
G2 = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><itemMeta><provider literal="The Wren"/>
<versionCreated>2024-03-06T08:00:00Z</versionCreated><pubStatus qcode="stat:{status}"/></itemMeta><contentMeta>
<contentCreated>2024-03-05T08:00:00Z</contentCreated><by>Ada Finch</by><headline>Bridge</headline>
<language tag="it-IT"/></contentMeta><contentSet>{content}</contentSet></newsItem>"""
XHTML = f'<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><h1/>{BODY}</body></html></inlineXML>'
DATA = f'<inlineData contenttype="text/html"><![CDATA[{BODY}]]></inlineData>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.nitf", NITF),
        ("a.xml", NITF),
        ("a.xml", G2.format(status="usable", content=XHTML)),
        ("a.newsml", G2.format(status="usable", content=DATA)),
        ("a.xml", G2.format(status="usable", content=f'<inlineXML xmlns:n="x">{NITF}</inlineXML>')),
    ],
)
def test_what_agencies_send_as_xml_is_an_article(tmp_path: Path, name: str, content: str) -> None:
    article = read_one(tmp_path, name, content)
    assert (article.text, article.title, article.author) == (TEXT, "Bridge", "Ada Finch")
    assert (article.published, article.language, article.source) == ("2024-03-05", "it", "The Wren")


@pytest.mark.parametrize(
    ("language", "byline", "author"),
    [
        ("en", "By Ada Finch", "Ada Finch"),
        ("no-NO", "Av Ada Finch", "Ada Finch"),
        ("da", "Af: Ada Finch", "Ada Finch"),
        ("pl", "Autor: Ada Finch", "Ada Finch"),
        ("ru", "Автор: Ада Финч", "Ада Финч"),
        ("tr", "Haber: Ada Finch", "Ada Finch"),
        ("de", "By Ada Finch", "Ada Finch"),
        ("", "Por Ada Finch", "Ada Finch"),
        ("en", "De Niro, Robert", "De Niro, Robert"),  # "de" is Romanian
        ("en", "Ada Byford", "Ada Byford"),
    ],
)
def test_an_agency_s_byline_is_the_author_in_any_language(
    tmp_path: Path, language: str, byline: str, author: str
) -> None:
    item = NITF.replace("By Ada Finch", byline).replace("it-IT", language)
    assert read_one(tmp_path, "a.nitf", item).author == author


def test_items_of_a_message_are_counted_and_what_was_cancelled_is_skipped(tmp_path: Path) -> None:
    items = G2.format(status="usable", content=DATA) + G2.format(status="canceled", content=DATA)
    message = f"<newsMessage><itemSet>{items}{G2.format(status='usable', content='')}</itemSet></newsMessage>"
    article, *skipped = read(tmp_path, "a.xml", message)
    assert isinstance(article, Article) and (article.id, article.text) == ("a.xml#1", TEXT)
    assert skipped == [
        Skipped("a.xml#2", "its agency has cancelled or withheld it"),
        Skipped("a.xml#3", "the entry holds no text"),
    ]


NINJS = {"uri": "https://wren.example/1", "headline": "Bridge", "byline": "Ada Finch", "language": "it-IT"}
SERVICES: dict[str, object] = {
    "NewsAPI": {
        "status": "ok",
        "articles": [
            {"source": {"id": None, "name": "The Wren"}, "author": "Ada Finch", "title": "Bridge", "description": FIRST}
            | {"url": "https://wren.example/1", "publishedAt": "2024-03-05T08:00:00Z", "language": "it"}
            | {"content": f"{SECOND}… [+1234 chars]"}
        ],
    },
    "news-please": {
        "maintext": TEXT,
        "title": "Bridge",
        "authors": ["Ada Finch"],
        "date_publish": "2024-03-05 08:00:00",
        "source_domain": "The Wren",
        "language": "it",
        "url": "https://wren.example/1",
        "date_download": "2025-01-01 00:00:00",
    },
    "ninjs": NINJS | {"versioncreated": "2024-03-05T08:00:00Z", "body_xhtml": BODY, "copyrightholder": "The Wren"},
    "ninjs 2": {
        "uri": "https://wren.example/1",
        "headlines": [{"value": "Bridge"}],
        "by": "",
        "bylines": [{"value": "Ada Finch"}],
        "language": "it",
        "contentcreated": "2024-03-05T08:00:00Z",
        "bodies": [{"contenttype": "text/html", "value": BODY}],
        "infosources": [{"name": "The Wren"}],
    },
    "schema.org": {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "NewsArticle", "headline": "Bridge", "articleBody": TEXT, "datePublished": "2024-03-05"}
            | {"author": [{"@type": "Person", "name": "Ada Finch"}], "publisher": {"name": "The Wren"}}
            | {"inLanguage": "it", "url": "https://wren.example/1"}
        ],
    },
    "JSON Feed": {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Wren",
        "items": [
            {"id": "1", "url": "https://wren.example/1", "title": "Bridge", "content_html": BODY, "language": "it"}
            | {"date_published": "2024-03-05T08:00:00+01:00", "authors": [{"name": "Ada Finch"}]}
        ],
    },
    "WordPress": [
        {"title": {"rendered": "Bridge"}, "content": {"rendered": BODY}, "date": "2024-03-05T08:00:00"}
        | {"link": "https://wren.example/1", "status": "publish", "author": "Ada Finch", "lang": "it"}
        | {"publisher": "The Wren"}
    ],
}


@pytest.mark.parametrize("service", SERVICES)
def test_json_of_services_and_agencies_is_an_article(tmp_path: Path, service: str) -> None:
    article = read_one(tmp_path, "a.json", json.dumps(SERVICES[service]))
    assert (article.text, article.title, article.author) == (TEXT, "Bridge", "Ada Finch")
    assert (article.published, article.language, article.source) == ("2024-03-05", "it", "The Wren")
    assert article.url == "https://wren.example/1"


@pytest.mark.parametrize("end", ["jsonl", "ndjson"])
def test_lines_may_hold_any_of_them(tmp_path: Path, end: str) -> None:
    lines = [SERVICES["news-please"], SERVICES["ninjs"], NINJS | {"body_text": TEXT, "pubstatus": "withheld"}]
    first, second, skipped = read(tmp_path, f"a.{end}", "\n".join(map(json.dumps, lines)))
    assert isinstance(first, Article) and isinstance(second, Article) and first.text == second.text == TEXT
    assert skipped == Skipped(f"a.{end}#3", "its agency has cancelled or withheld it")


@pytest.mark.parametrize("status", ["draft", "Pending", "canceled", "withheld", "stat:embargoed", "killed"])
def test_what_is_not_published_is_left_out_whichever_way_it_comes(tmp_path: Path, status: str) -> None:
    feed = f"<rss><channel><item><status>{status}</status><description>{TEXT}</description></item></channel></rss>"
    files = {
        "a.json": json.dumps(NINJS | {"body_text": TEXT, "pubstatus": status}),
        "b.json": json.dumps({"title": "Bridge", "text": TEXT, "status": status}),
        "a.xml": G2.format(status=status.removeprefix("stat:"), content=XHTML),
        "a.rss": feed,
        "a.md": f"---\ntitle: Bridge\nstatus: {status}\n---\n{TEXT}",
    }
    left_out = {name: one for name, content in files.items() for one in read(tmp_path, name, content)}
    assert {name for name, one in left_out.items() if isinstance(one, Skipped)} == files.keys()
    assert len({one.reason for one in left_out.values() if isinstance(one, Skipped)}) == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_row_of_a_table_is_an_article_when_its_header_says_so(tmp_path: Path, separator: str) -> None:
    rows = [["Title", "Text", "Date"], ["Bridge", f'"{TEXT}"', "5 March 2024"], ["", "", ""], ["Empty", "", ""]]
    content = "\n".join(separator.join(row) for row in rows)
    article, skipped = read(tmp_path, "a.csv", content)
    assert isinstance(article, Article)
    assert (article.id, article.text, article.title, article.published) == ("a.csv#1", TEXT, "Bridge", "2024-03-05")
    assert isinstance(skipped, Skipped) and skipped.path == "a.csv#3"


def test_a_mailbox_gives_each_message(tmp_path: Path) -> None:
    messages = [f"{HEAD}\n{FIRST}\n>From the bridge.\n", HEAD.replace("Bridge", "Ferry") + f"\n{SECOND}\n", HEAD]
    mailbox = "".join(f"From ada@wren.example Tue Mar  5 10:00:00 2024\n{one}\n" for one in messages)
    first, second, skipped = read(tmp_path, "a.mbox", mailbox)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.id, first.text.strip()) == ("a.mbox#1", f"{FIRST}\nFrom the bridge.")
    assert (second.id, second.title, second.published) == ("a.mbox#2", "Ferry", "2024-03-05")
    assert skipped == Skipped("a.mbox#3", "it holds no text")


def odt(body: str) -> bytes:
    spaces = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:dc="d"'
    content = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body>"
    said = "<dc:title>Bridge</dc:title><dc:creator>Ada</dc:creator>"
    meta = f"<office:document-meta {spaces}>{said}</office:document-meta>"
    mime = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": mime, "content.xml": f"{content}</office:document-content>", "meta.xml": meta})


def test_an_opendocument_text_is_read_with_its_tables_and_notes(tmp_path: Path) -> None:
    note = "<text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body>"
    note = f"<text:note>{note}</text:note>"
    cells = "".join(f"<table:table-cell><text:p>{word}</text:p></table:table-cell>" for word in ("Mon", "3 dead"))
    row = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    gone = "<text:tracked-changes><text:p>Old.</text:p></text:tracked-changes>"
    body = f"{gone}<text:h>Bridge</text:h><text:p>{FIRST[:9]}<text:span>{FIRST[9:]}</text:span>{note}</text:p>{row}"
    article = read_one(tmp_path, "a.odt", odt(body))
    assert article.text.split("\n\n") == ["Bridge", FIRST, "A note.", "Mon | 3 dead"]
    assert (article.title, article.author) == ("Bridge", "Ada")


def epub(pages: dict[str, str]) -> bytes:
    items = "".join(f'<item id="{number}" href="{name}"/>' for number, name in enumerate(pages))
    spine = "".join(f'<itemref idref="{number}"/>' for number in range(len(pages)))
    said = "<dc:title>The Wren</dc:title><dc:language>it</dc:language><dc:date>2024-03-05</dc:date>"
    items += "<item id='x' href='gone.xhtml'/>"
    package = f"<package><metadata xmlns:dc='d'>{said}</metadata><manifest>{items}</manifest>"
    package += f"<spine>{spine}<itemref idref='x'/></spine></package>"
    container = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    files = {f"OPS/{name}": page for name, page in pages.items()}
    said_first = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OPS/book.opf": package}
    return zipped(said_first | files)


def test_each_page_of_a_book_is_an_article(tmp_path: Path) -> None:
    page = "<html><head><title>{}</title></head><body>{}</body></html>"
    pages = {"cover.xhtml": page.format("Cover", "<p>The Wren</p>"), "1.xhtml": page.format("Bridge", BODY)}
    article, skipped = read(tmp_path, "a.epub", epub(pages))
    assert isinstance(article, Article)
    assert (article.id, article.text, article.title) == ("a.epub/OPS/1.xhtml", TEXT, "Bridge")
    assert (article.source, article.published, article.language) == ("The Wren", "2024-03-05", "it")
    assert skipped == Skipped("a.epub/OPS/gone.xhtml", "the book does not hold this page")
