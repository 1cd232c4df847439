"""Each kind of file gives its articles: the text, what is said about it, and an account of what is none."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import FIRST, HEAD, SECOND, docx, paragraph, pdf, read, read_one, zipped

from index.articles import Article, Skipped
from index.reading.limits import field
from index.reading.readers.kinds import READERS
from index.reading.readers.mail import READ


def told(article: Article, *fields: str) -> list[tuple[str, str]]:
    """The fields, each with where it was found."""
    return [(getattr(article, field), article.evidence[field]) for field in fields]


# PDF


def test_pdf_keeps_where_each_page_begins(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.pdf", pdf([[FIRST], [SECOND]], title="The bridge reopens"))
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert [article.text[start:][:9] for start in article.page_starts] == [FIRST[:9], SECOND[:9]]
    assert told(article, "title") == [("The bridge reopens", "PDF properties")]


def test_pdf_loses_page_numbers_running_titles_and_line_breaks(tmp_path: Path) -> None:
    lines = ["Paragraph {} says that the minis-", "ter left the talks and that they", "failed.", "Another"]
    words = ("one", "two", "three")
    pages = [["The Daily Wren", *lines, f"Page {number} of 3"] for number in (1, 2, 3)]
    pages = [[line.format(word) for line in page] for page, word in zip(pages, words, strict=True)]
    article = read_one(tmp_path, "a.pdf", pdf(pages))
    paragraphs = [f"Paragraph {word} says that the minister left the talks and that they failed." for word in words]
    assert article.text.split("\n\n") == [text for paragraph in paragraphs for text in (paragraph, "Another")]
    assert [article.page_at(article.text.index(paragraph)) for paragraph in paragraphs] == [1, 2, 3]


def test_sentence_goes_on_over_the_page(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.pdf", pdf([["The minister and his depu-"], ["ties left the talks", "at noon."]]))
    assert article.text == "The minister and his deputies left the talks at noon."
    assert article.page_at(article.text.index("ties")) == 2


def _placed(*pieces: tuple[int, int, str]) -> bytes:
    """A PDF of one page with these words at these places, in the order in which they are stored."""
    shown = "".join(f"BT /F1 9 Tf {left} {height} Td ({words}) Tj ET\n" for left, height, words in pieces)
    return pdf([["x"]]).replace(b"BT /F1 11 Tf 14 TL 50 780 Td (x) Tj T* ET", shown.encode())


LEFT = [f"{number} The town council of Harwick decided" for number in ("First", "Second", "Third", "Fourth", "Fifth")]
RIGHT = [f"{number} the ferry with all its people sank" for number in ("One", "Two", "Three", "Four", "Five")]


@pytest.mark.parametrize("right_edge", [290, 320, 380])
def test_columns_that_are_stored_row_by_row_are_read_one_after_the_other(tmp_path: Path, right_edge: int) -> None:
    rows = [
        piece
        for row, words in enumerate(zip(LEFT, RIGHT, strict=True))
        for piece in ((50, 700 - 12 * row, words[0]), (right_edge, 700 - 12 * row, words[1]))
    ]
    words = read_one(tmp_path, "a.pdf", _placed(*rows)).text.split()
    assert words == " ".join([*LEFT, *RIGHT]).split()


def test_a_table_in_a_pdf_is_read_row_by_row(tmp_path: Path) -> None:
    rows = [(left, 700 - 12 * row, f"{row} {left}") for row in range(6) for left in (50, 300)]
    text = read_one(tmp_path, "a.pdf", _placed(*rows)).text
    assert text.split() == [word for row in range(6) for word in (str(row), "50", str(row), "300")]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["The well-", "known minister left."], "The well-known minister left."),
        (["An anti-war talk, and anti-", "war songs."], "An anti-war talk, and anti-war songs."),
        (["The minis-", "ter left."], "The minister left."),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_stays_where_the_word_has_one(
    tmp_path: Path, lines: list[str], text: str
) -> None:
    assert read_one(tmp_path, "a.pdf", pdf([lines])).text == text


@pytest.mark.parametrize("title", ["Microsoft Word - a.doc", "a.indd", "Untitled"])
def test_title_that_a_program_gave_a_pdf_is_none(tmp_path: Path, title: str) -> None:
    article = read_one(tmp_path, "bridge.pdf", pdf([[FIRST]], title=title))
    assert told(article, "title") == [("Bridge", "file name")]


# Word


def test_docx_is_read_with_its_tables(tmp_path: Path) -> None:
    cells = "".join(f"<w:tc>{paragraph(word)}</w:tc>" for word in ("Mon", "3 dead"))
    body = paragraph("The bridge reopens", "Title") + paragraph(FIRST) + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    body += "<w:p><w:del><w:r><w:delText>Old.</w:delText></w:r></w:del></w:p>"
    article = read_one(tmp_path, "a.docx", docx(body, title="Draft 7"))
    assert article.text.split("\n\n") == ["The bridge reopens", FIRST, "Mon | 3 dead"]
    assert told(article, "title") == [("The bridge reopens", "first heading")]


@pytest.mark.parametrize(
    "unread",
    [
        "<w:moveFrom><w:r><w:t>Old.</w:t></w:r></w:moveFrom>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Old.</w:t></w:r>",
        "<w:del><w:r><w:t>Old.</w:t></w:r></w:del>",
    ],
)
def test_text_of_word_that_was_moved_away_or_hidden_is_not_read(tmp_path: Path, unread: str) -> None:
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>New.</w:t></w:r>'
    body = f"<w:p>{unread}{shown}</w:p><w:p><w:moveTo><w:r><w:t>Moved.</w:t></w:r></w:moveTo></w:p>"
    assert read_one(tmp_path, "a.docx", docx(body)).text == "New.\n\nMoved."


@pytest.mark.parametrize("kind", ["footnotes", "endnotes"])
def test_notes_of_word_follow_the_text(tmp_path: Path, kind: str) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    line = '<w:n w:type="separator"><w:p><w:r><w:t>_</w:t></w:r></w:p></w:n>'
    document = f"<w:document {space}><w:body>{paragraph(FIRST)}</w:body></w:document>"
    notes = f"<w:notes {space}>{line}<w:n>{paragraph(SECOND)}</w:n></w:notes>"
    article = read_one(tmp_path, "a.docx", zipped({"word/document.xml": document, f"word/{kind}.xml": notes}))
    assert article.text == f"{FIRST}\n\n{SECOND}"


def test_docx_that_declares_entities_is_skipped(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE d [<!ENTITY a "ha">]><d xmlns="x"><p><t>&a;</t></p></d>'
    assert read(tmp_path, "a.docx", zipped({"word/document.xml": laughs})) == [
        Skipped("a.docx", "its XML declares entities, which are never expanded; save it without them")
    ]


# E-mail and web archives

MAIL = f"""\
From: Ada Finch <ada@wren.example>
Subject: =?utf-8?q?The_bridge_r=C3=A9opens?=
Date: Tue, 5 Mar 2024 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

{FIRST} Caf=E9.
--b
Content-Type: text/html

<p>{FIRST}</p>
--b--
"""


def test_mail_is_read_as_its_plain_text(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.eml", MAIL)
    assert article.text.strip() == f"{FIRST} Café."
    assert told(article, "title", "published", "author") == [
        ("The bridge réopens", "mail header"),
        ("2024-03-05", "mail header"),
        ("Ada Finch", "mail header"),
    ]


def of_parts(kind: str, *parts: str, head: str = HEAD) -> str:
    joined = "".join(f"--{kind}\n{part}\n" for part in parts)
    return f"{head}Content-Type: multipart/{kind}; boundary={kind}\n\n{joined}--{kind}--\n"


PLAIN = "Content-Type: text/plain; charset=utf-8\n\n{}"
PAGE = f"Content-Type: text/html; charset=utf-8\n\n<table><tr><td><p>{FIRST}</p><p>{SECOND}</p></td></tr></table>"
PICTURE = "Content-Type: image/png\nContent-Disposition: inline; filename=a.png\n\nx"


@pytest.mark.parametrize(
    "mail",
    [
        of_parts("alternative", PLAIN.format("Your program cannot show this letter."), PAGE),
        of_parts("alternative", PLAIN.format("Ihr Programm zeigt kein HTML: https://a.example"), PAGE),
        of_parts("mixed", PLAIN.format(FIRST), PICTURE, PLAIN.format(SECOND)),
        of_parts("related", of_parts("alternative", PLAIN.format("Voir en ligne"), PAGE, head=""), PICTURE),
    ],
)
def test_the_whole_story_of_a_mail_is_read(tmp_path: Path, mail: str) -> None:
    assert read_one(tmp_path, "a.eml", mail).text == f"{FIRST}\n\n{SECOND}"


def test_a_forwarded_message_and_attached_files_are_articles_of_their_own(tmp_path: Path) -> None:
    inner = "From: B <b@wren.example>\nSubject: Ferry\nDate: Mon, 4 Mar 2024 10:00:00 +0100\n\n" + SECOND
    attached = "Content-Type: text/markdown\nContent-Disposition: attachment; filename={}\n\n{}"
    mail = of_parts(
        "mixed",
        PLAIN.format(FIRST),
        f"Content-Type: message/rfc822\n\n{inner}",
        attached.format("a.md", f"# Mill\n\n{SECOND} More."),
        attached.format("a.md", "---\npublished: soon\n---\nText."),
        attached.format("a.xyz", "x"),
    )
    outcomes = read(tmp_path, "m.eml", mail)
    articles = [(one.id, one.title, one.published) for one in outcomes if isinstance(one, Article)]
    assert articles == [
        ("m.eml", "Bridge", "2024-03-05"),
        ("m.eml/forwarded", "Ferry", "2024-03-04"),
        ("m.eml/a.md", "Mill", ""),
    ]
    skipped = [(one.path, one.reason[:24]) for one in outcomes if isinstance(one, Skipped)]
    assert skipped == [("m.eml/a.md (2)", "line 2: 'published' is '"), ("m.eml/a.xyz", "files of this type are n")]


def test_latin_1_of_a_mail_is_what_windows_writes(tmp_path: Path) -> None:
    head = f"{HEAD}Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n"
    mail = head.encode() + "Rates rose 5–10 percent, or 3 €, “at once”.".encode("cp1252")
    assert read_one(tmp_path, "a.eml", mail).text == "Rates rose 5–10 percent, or 3 €, “at once”."


@pytest.mark.parametrize(
    ("sender", "subject", "charset", "text"),
    [
        ("Jörg Grün", "Öl für Jülich", "utf-8", "Das Öl kommt erst im März."),
        ("Jörg Grün", "Öl für Jülich", "iso-8859-1", "Das Öl kommt erst im März."),
        ("Олег Мельник", "Новини міста", "windows-1251", "Рада відкриє міст у травні."),
        ("سامي الخطيب", "خبر من الميناء", "utf-8", "عاد العمال إلى الميناء صباح اليوم."),
        ("佐藤", "橋の知らせ", "shift_jis", "橋は五月に開きます。町の人は待っています。"),
    ],
)
def test_headers_of_bare_bytes_are_read_as_the_letters_that_they_are(
    tmp_path: Path, sender: str, subject: str, charset: str, text: str
) -> None:
    head = f"From: {sender} <desk@wren.example>\nSubject: {subject}\nContent-Type: text/plain; charset={charset}"
    article = read_one(tmp_path, "a.eml", f"{head}\n\n{text}".encode(charset))
    assert (article.author, article.title, article.text) == (sender, subject, text)


def test_a_field_holds_nothing_that_cannot_be_written_down() -> None:
    assert field("author", "Ada\udcff Finch\ud83d") == "Ada Finch"
    assert field("url", "https://wren.example/\udcff") == "https://wren.example/"


@pytest.mark.parametrize("end", [".mht", ".mhtml"])
def test_web_archive_is_read_as_its_page(tmp_path: Path, end: str) -> None:
    archive = f"""\
From: <Saved by Blink>
Snapshot-Content-Location: https://wren.example/bridge
Subject: The bridge reopens
Date: Fri, 1 Aug 2025 10:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary=b

--b
Content-Type: text/html
Content-Location: https://wren.example/bridge

<html><head><meta property="article:published_time" content="2024-03-05"></head><body>
<article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>
--b
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
"""
    article = read_one(tmp_path, f"a{end}", archive)
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert told(article, "title", "published", "url") == [
        ("The bridge reopens", "mail header"),
        ("2024-03-05", "meta article:published_time"),
        ("https://wren.example/bridge", "archive header"),
    ]


# JSON

RECORD = {"title": "One", "text": FIRST, "published": "2024-03-05T10:00:00Z", "url": "https://wren.example/1"}


def test_json_lines_are_articles_by_the_number_of_their_line(tmp_path: Path) -> None:
    lines = [
        json.dumps(RECORD | {"source": "Wren", "language": "en-GB", "author": ["A", "B"]}),
        "",
        "{",
        '{"title": 1}',
        json.dumps(RECORD | {"published": "soon"}),
        json.dumps({"text": " "}),
        json.dumps({"text": SECOND}),
    ]
    first, *skipped, last = read(tmp_path, "a.jsonl", "\n".join(lines))
    assert isinstance(first, Article) and isinstance(last, Article)
    assert (first.id, first.text, first.language, last.id, last.text) == ("a.jsonl#1", FIRST, "en", "a.jsonl#7", SECOND)
    assert told(first, "title", "published", "source", "author") == [
        (value, "JSON") for value in ("One", "2024-03-05", "Wren", "A, B")
    ]
    assert [(one.path, one.reason[:17]) for one in skipped if isinstance(one, Skipped)] == [
        ("a.jsonl#3", "line 3 is no vali"),
        ("a.jsonl#4", 'it has no "text";'),
        ("a.jsonl#5", "its metadata: 'pu"),
        ("a.jsonl#6", "it holds no text"),
    ]


@pytest.mark.parametrize(
    ("document", "ids"),
    [(RECORD, ["a.json"]), ([RECORD, RECORD], ["a.json#1", "a.json#2"]), ({"articles": [RECORD]}, ["a.json#1"])],
)
def test_json_is_one_article_or_a_list(tmp_path: Path, document: object, ids: list[str]) -> None:
    articles = read(tmp_path, "a.json", json.dumps(document))
    assert [one.id for one in articles if isinstance(one, Article)] == ids


@pytest.mark.parametrize(
    ("content", "reason"), [("[]", "it holds no articles"), ("[" * 100_000, "it is no valid JSON")]
)
def test_json_without_articles_is_skipped(tmp_path: Path, content: str, reason: str) -> None:
    [skipped] = read(tmp_path, "a.json", content)
    assert isinstance(skipped, Skipped) and skipped.reason.startswith(reason)


# Feeds


def test_entries_of_an_rss_feed_are_articles(tmp_path: Path) -> None:
    feed = f"""<?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
             xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel><title>The Daily Wren</title><language>en-gb</language><link>https://wren.example</link>
        <item><title>Bridge &amp; river</title><link>https://wren.example/1</link><dc:creator>A. Finch</dc:creator>
        <pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate><description>Short.</description>
        <content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND}</p><script>x()</script>]]></content:encoded></item>
        <item><title>Empty</title></item></channel></rss>"""
    article, skipped = read(tmp_path, "wren.xml", feed)
    assert isinstance(article, Article)
    assert (article.id, article.text) == ("wren.xml#1", f"{FIRST}\n\n{SECOND}")
    assert told(article, "title", "published", "language", "source", "author", "url") == [
        (value, "feed")
        for value in ("Bridge & river", "2024-03-05", "en", "The Daily Wren", "A. Finch", "https://wren.example/1")
    ]
    assert skipped == Skipped("wren.xml#2", "the entry holds no text")


def test_entries_of_an_atom_feed_are_articles(tmp_path: Path) -> None:
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="it"><title>Il Colle</title>
        <entry><title type="html">&lt;b&gt;Ponte&lt;/b&gt;</title><updated>2024-03-06T00:00:00Z</updated>
        <published>2024-03-05T00:00:00Z</published><author><name>A. Rossi</name></author>
        <link rel="self" href="https://colle.example/x"/><link href="https://colle.example/1"/>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FIRST}</p></div></content></entry></feed>"""
    article = read_one(tmp_path, "colle.atom", feed)
    assert (article.text, article.title, article.published) == (FIRST, "Ponte", "2024-03-05")
    assert (article.language, article.source, article.author) == ("it", "Il Colle", "A. Rossi")
    assert article.url == "https://colle.example/1"


ENTRY = (
    "<item><title>Ferry</title><description>{0}</description><pubDate>Mon, 04 Mar 2024 08:00:00 GMT</pubDate>{1}</item>"
)
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY.format(FIRST, "<media:content><media:credit>Photo: Tom Vale</media:credit></media:content>"),
        ENTRY.format(FIRST, "<media:content><media:description>A port</media:description></media:content>"),
        "<item><media:title>A port</media:title>" + ENTRY.format(FIRST, "").removeprefix("<item>"),
        "<item><itunes:summary>A podcast</itunes:summary>" + ENTRY.format(FIRST, "").removeprefix("<item>"),
    ],
)
def test_what_a_feed_tells_of_pictures_is_not_its_article(tmp_path: Path, entry: str) -> None:
    article = read_one(tmp_path, "a.rss", f"<rss {MEDIA}><channel>{entry}</channel></rss>")
    assert (article.title, article.text) == ("Ferry", FIRST)


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("2024-03-04", "en"),
        ("Mon, 04 Mar 2024", "en"),
        ("lun., 04 mars 2024 08:00:00 +0100", "fr"),
        ("Пн, 4 мар 2024 08:00", "ru"),
        ("4 Μαρτίου 2024", "el"),
        ("20240304T080000Z", "en"),
    ],
)
def test_a_feeds_day_may_lack_the_time_and_have_a_foreign_name(tmp_path: Path, written: str, language: str) -> None:
    entry = ENTRY.format(FIRST, "").replace("Mon, 04 Mar 2024 08:00:00 GMT", written)
    feed = f"<rss><channel><language>{language}</language>{entry}</channel></rss>"
    assert told(read_one(tmp_path, "a.rss", feed), "published") == [("2024-03-04", "feed")]


@pytest.mark.parametrize(
    "flaw",
    [
        lambda feed: feed.replace("Ferry", "Ferry &nbsp;&amp; Co"),
        lambda feed: feed.replace("Ferry", "Ferry & Co <br> at &eacute;"),
        lambda feed: feed.replace("</channel></rss>", ""),
        lambda feed: "\n junk" + feed,
        lambda feed: feed.replace("Ferry", "Fer\x0bry"),
        lambda feed: feed.replace("Ferry", "Fähre").encode("latin-1"),
        lambda feed: feed.replace("<item>", "<item rdf:about='x'>"),
    ],
)
def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes(
    tmp_path: Path, flaw: Callable[[str], str | bytes]
) -> None:
    feed = f"<?xml version='1.0'?><rss><channel>{ENTRY.format(FIRST, '')}</channel></rss>"
    article = read_one(tmp_path, "a.rss", flaw(feed))
    assert (article.text, article.published) == (FIRST, "2024-03-04") and article.title.startswith("F")


def test_an_export_of_wordpress_gives_its_published_articles(tmp_path: Path) -> None:
    def item(words: str, kind: str, status: str) -> str:
        said = f"<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status>"
        return f"<item><title>T</title><content:encoded><![CDATA[<p>{words}</p>]]></content:encoded>{said}</item>"

    items = item(FIRST, "post", "publish") + item(SECOND, "post", "draft") + item("A photo", "attachment", "inherit")
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    article, skipped = read(tmp_path, "export.xml", f"<rss {spaces}><channel>{items}</channel></rss>")
    assert isinstance(article, Article) and article.text == FIRST
    assert skipped == Skipped("export.xml#2", "it is a draft, which was not published")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<svg/>", "it is XML, but no RSS or Atom feed"),
        ("<rss><channel>", "it is no valid XML"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss>&x;</rss>', "its XML declares entities"),
    ],
)
def test_xml_that_is_no_feed_is_skipped(tmp_path: Path, content: str, reason: str) -> None:
    [skipped] = read(tmp_path, "a.xml", content)
    assert isinstance(skipped, Skipped) and skipped.reason.startswith(reason)


# Archives


def test_files_of_an_archive_are_read_as_those_of_a_folder(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "mon/a.txt": FIRST,
        "mon/b.jsonl": json.dumps(RECORD) + "\n{",
        "c.docx": docx(paragraph(SECOND)),
        ".hidden.txt": "x",
        "__MACOSX/c.txt": "x",
        "d.zip": zipped({"e.txt": FIRST}),
        "../f.txt": FIRST,
        "/etc/g.txt": FIRST,
        "sound.mp3": "x",
        "empty.txt": "",
    }
    outcomes = read(tmp_path, "a.zip", zipped(members))
    assert [one.id for one in outcomes if isinstance(one, Article)] == [
        "a.zip/mon/a.txt",
        "a.zip/mon/b.jsonl#1",
        "a.zip/c.docx",
    ]
    assert [(one.path, one.reason[:29]) for one in outcomes if isinstance(one, Skipped)] == [
        ("a.zip/mon/b.jsonl#2", "line 2 is no valid JSON (Expe"),
        ("a.zip/d.zip", "an archive inside an archive "),
        ("a.zip/../f.txt", "its name leads out of the arc"),
        ("a.zip///etc/g.txt", "its name leads out of the arc"),
        ("a.zip/sound.mp3", "files of this type are not re"),
        ("a.zip/empty.txt", "the file is empty"),
    ]


# Content and name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", pdf([[FIRST]])),
        ("a.html", pdf([[FIRST]])),
        ("a.md", docx(paragraph(FIRST))),
        ("a.pdf", docx(paragraph(FIRST))),
        ("a.txt", f"<!DOCTYPE html><html><body><script>x()</script><p>{FIRST}</p></body></html>"),
        ("a.html", f"<rss><channel><item><description>{FIRST}</description></item></channel></rss>"),
    ],
)
def test_content_decides_what_a_wrongly_named_file_is(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert read_one(tmp_path, name, content).text == FIRST


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "it is an old Word or Office file; save it as .docx"),
        (b"\x89PNG\r\n\x1a\n", "it is a picture"),
        (zipped({"a.txt": FIRST}), "it is a zip file, but no Word document"),
    ],
)
def test_content_without_words_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    assert read(tmp_path, "a.docx", content) == [Skipped("a.docx", reason)]


def test_mail_knows_every_kind_that_is_read() -> None:
    # A picture in a mail belongs to its letterhead more often than not.
    others = set(".png .jpg .jpeg .tif .tiff .warc .warc.gz".split())
    assert set(READERS) - others == READ
