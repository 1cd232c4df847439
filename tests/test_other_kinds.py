"""Subtitles, rich text, old Word, spreadsheets, crawls and pictures, each as an article or with its reason."""

import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from bad_files import book, opendocument
from fakes import HashingEmbedding
from installed import SEEN, TESSERACT, install
from PIL import Image
from samples import FIRST, SECOND, crawled, docx, paragraph, pdf, read, read_one, workbook, zipped

from assistant.checking.citations import citation_of
from index.articles import Article, Skipped, Spot
from index.generations.pointer import open_current
from index.reading.readers.kinds import READERS
from index.reading.texts import programs, recognition
from index.rebuild import rebuild
from ui.answer_text import spot

SRT = f"""1
00:00:01,000 --> 00:00:04,000
{FIRST[:25]}
{FIRST[26:]}

2
00:00:04,100 --> 00:00:06,000
<i>It cost</i> 3,200 crowns.

3
01:20:00,000 --> 01:20:02,000
[Music]

4
01:20:30,500 --> 01:20:34,000
- Mayor Ines Holt said so.
"""
ROLLING = """WEBVTT - Evening news
Kind: captions
Language: it-IT

NOTE made by hand

00:01.000 --> 00:04.000 align:start
<v Ines Holt>The bridge will close.

00:04.000 --> 00:05.000
<v Ines Holt>The bridge will close.
<00:04.200><c>It costs four million.</c>
"""
RTF = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}{\info{\title The bridge}{\author Ada Finch}}"
    r"The caf\'e9 cost 3,200 crowns.\par{\v hidden words}Mayor Holt said \u8220?so\u8221?.\par{\deleted gone}End.\par}"
)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

STORY = f"Boat. {FIRST} {SECOND}"
MAIL = f"From: A <a@b.example>\nSubject: One\nDate: Tue, 5 Mar 2024 10:00:00 +0100\n\n{STORY}\n".encode()
PAGE = f"<html><body><article><p>{STORY}</p></article></body></html>"
NITF = f"<nitf><body><body.content><p>{STORY}</p></body.content></body></nitf>".encode()
FEED = f"<rss><channel><item><title>One</title><description>{STORY}</description></item></channel></rss>".encode()
SAVED = f"Subject: One\nContent-Type: text/html\n\n{PAGE}".encode()
ROWS = f'title,text\nOne,"{STORY}"\n'.encode()
LINE = json.dumps({"title": "One", "text": STORY}).encode()
# A file of each kind, of which those in REPLACED tell of a boat each.
ONE_OF_EACH: dict[str, bytes] = {
    **dict.fromkeys((".txt", ".md", ".markdown"), STORY.encode()),
    **dict.fromkeys((".html", ".htm", ".xhtml"), PAGE.encode()),
    **dict.fromkeys((".mht", ".mhtml"), SAVED),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), LINE),
    **dict.fromkeys((".rss", ".atom", ".xml"), FEED),
    **dict.fromkeys((".nitf", ".newsml"), NITF),
    **dict.fromkeys((".srt", ".vtt"), f"00:00:01.000 --> 00:00:04.000\n{STORY}\n".encode()),
    ".pdf": pdf([["The pdf has a story of a boat in it."]]),
    ".docx": docx(paragraph("The docx has a story of a boat in it.")),
    ".doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ".rtf": f"{{\\rtf1 {STORY}}}".encode(),
    ".odt": opendocument("<text:p>The odt has a story of a boat in it.</text:p>"),
    ".epub": book({"a.xhtml": PAGE.replace("Boat", "The epub has one")}),
    ".eml": MAIL,
    ".mbox": b"From a@b.example Tue Mar  5 10:00:00 2024\n" + MAIL,
    ".csv": ROWS,
    ".tsv": ROWS.replace(b",", b"\t", 2),
    ".xlsx": workbook([["text"], ["The xlsx has a story of a boat in it."]]),
    ".warc": crawled(PAGE.replace("Boat", "The warc has one")),
    ".warc.gz": gzip.compress(crawled(PAGE.replace("Boat", "The packed one has one"))),
    ".zip": zipped({"a.txt": "The zip has a story of a boat in it."}),
}
REPLACED = frozenset(ONE_OF_EACH) - frozenset(".pdf .docx .odt .epub .xlsx .warc .warc.gz .zip .doc".split())

# Stands in for a converter.
CATDOC = f"""#!{sys.executable}
import sys
assert sys.argv[1:4] == ["-w", "-d", "utf-8"] and open(sys.argv[4], "rb").read(4) == b"\\xd0\\xcf\\x11\\xe0"
sys.stdout.buffer.write("The café   cost\\n\\nmuch.".encode())
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only folder with programs in it; whatever was found before is looked for anew."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for remembered in (programs.found, recognition.installed_languages):
        remembered.cache_clear()
    yield folder
    for remembered in (programs.found, recognition.installed_languages):
        remembered.cache_clear()


def picture(kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    Image.new("L", (60, 40), 255).save(content, kind)
    return content.getvalue()


def test_a_citation_of_subtitles_names_its_time(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.srt", SRT)
    assert article.text == f"{FIRST} It cost 3,200 crowns.\n\nMayor Ines Holt said so."
    places = [article.spot_at(article.text.index(words)) for words in ("iron", "crowns", "Mayor")]
    assert places == [Spot(time="00:00:01"), Spot(time="00:00:04"), Spot(time="01:20:30")]
    assert citation_of(1, article, article.text.index("Mayor"), len(article.text)).time == "01:20:30"
    assert article.page_at(0) is None


def test_captions_that_roll_are_read_once_and_their_head_tells_of_them(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.vtt", ROLLING)
    assert (article.text, article.title) == ("The bridge will close. It costs four million.", "Evening news")


def test_rich_text_is_read_without_what_is_hidden(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.rtf", RTF)
    assert article.text == "The café cost 3,200 crowns.\n\nMayor Holt said “so”.\n\nEnd."
    assert (article.title, article.author) == ("The bridge", "Ada Finch")


@pytest.mark.parametrize(("page", "code"), [("1251", r"\'cc\'fd\'f0"), ("1252", r"\u1052?\u1101?\u1088?")])
def test_rich_text_in_another_script(tmp_path: Path, page: str, code: str) -> None:
    assert read_one(tmp_path, "a.rtf", f"{{\\rtf1\\ansi\\ansicpg{page} {code} {SECOND}}}").text == f"Мэр {SECOND}"


def test_a_row_of_a_spreadsheet_is_an_article(tmp_path: Path) -> None:
    rows = [["Headline", "Text", "Date"], ["Bridge", FIRST, "2024-03-05"], ["", "", ""], ["Ferry", SECOND, ""]]
    found = [one for one in read(tmp_path, "a.xlsx", workbook(rows)) if isinstance(one, Article)]
    assert [(one.id, one.title, one.text, one.published) for one in found] == [
        ("a.xlsx#1", "Bridge", FIRST, "2024-03-05"),
        ("a.xlsx#3", "Ferry", SECOND, ""),
    ]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_the_pages_of_a_crawl_are_articles(tmp_path: Path, name: str) -> None:
    page = (
        f"<html><head><title>Bridge</title></head><body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"
    )
    records = [crawled(page), crawled("x()", kind="text/javascript"), crawled(page, "404 Not Found"), crawled(page)]
    content = b"".join(map(gzip.compress, records)) if name.endswith("gz") else b"".join(records)
    found = [one for one in read(tmp_path, name, content) if isinstance(one, Article)]
    assert [(one.id, one.title, one.url) for one in found] == [
        (f"{name}#1", "Bridge", "https://wren.example/"),
        (f"{name}#2", "Bridge", "https://wren.example/"),
    ]
    assert FIRST in found[0].text


def test_an_old_word_document_is_read_by_a_converter_or_says_how_to_get_one(tmp_path: Path, path: Path) -> None:
    [skipped] = read(tmp_path, "a.doc", OLD_WORD)
    assert skipped == Skipped(
        "a.doc", "it is an old Word or Office file; install catdoc or antiword, or save it as .docx"
    )
    assert isinstance(skipped, Skipped) and skipped.again
    install(path, "catdoc", CATDOC)
    programs.found.cache_clear()
    assert read_one(tmp_path, "a.doc", OLD_WORD).text == "The café cost\n\nmuch."


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.tif", "TIFF")])
def test_text_recognised_in_a_picture_is_marked_as_such(tmp_path: Path, path: Path, name: str, kind: str) -> None:
    install(path, "tesseract", TESSERACT)
    article = read_one(tmp_path, name, picture(kind))
    assert article.text == SEEN
    cited = citation_of(1, article, 0, len(SEEN))
    assert (cited.recognised, spot(cited.page, cited.time, cited.recognised)) == (True, "recognised text")


def test_a_scanned_page_is_recognised_and_a_written_one_is_not(tmp_path: Path, path: Path) -> None:
    install(path, "tesseract", TESSERACT)
    content = io.BytesIO()
    Image.new("L", (600, 400), 255).save(content, "PDF")
    article = read_one(tmp_path, "a.pdf", content.getvalue())
    assert (article.text, article.spot_at(3)) == (SEEN, Spot(1, recognised=True))
    written = read_one(tmp_path, "b.pdf", pdf([[FIRST]]))
    assert (written.text, written.spot_at(3)) == (FIRST, Spot(1))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.png", picture(), "it is a picture; install Tesseract (tesseract-ocr) to have its text recognised"),
        (
            "a.pdf",
            pdf([[]]),
            "it holds no text; install Tesseract (tesseract-ocr) to have scanned pages recognised",
        ),
    ],
)
def test_without_an_engine_the_file_is_listed_with_how_to_get_one(
    tmp_path: Path, path: Path, name: str, content: bytes, reason: str
) -> None:
    [skipped] = read(tmp_path, name, content)
    assert skipped == Skipped(name, reason)
    assert isinstance(skipped, Skipped) and skipped.again


def test_a_picture_without_text_is_no_article(tmp_path: Path, path: Path) -> None:
    install(path, "tesseract", told(("", 0)))
    assert read(tmp_path, "a.png", picture()) == [Skipped("a.png", "it is a picture in which no text was recognised")]


def told(*paragraphs: tuple[str, float], languages: Sequence[str] = ("deu", "eng")) -> str:
    """A Tesseract that makes out these paragraphs in every picture, each so sure of its words."""
    rows = [
        f"5\t1\t{block}\t1\t1\t{number}\t0\t0\t9\t9\t{sure}\t{word}"
        for block, (text, sure) in enumerate(paragraphs)
        for number, word in enumerate(text.split())
    ]
    table = "level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\t")
    listed = "\n".join(["List of available languages (2):", *languages])
    seen = "\n".join([table, *rows])
    return f"#!{sys.executable}\nimport sys\nprint({listed!r} if '--list-langs' in sys.argv else {seen!r})\n"


def test_each_page_of_a_picture_file_is_cited_by_its_number(tmp_path: Path, path: Path) -> None:
    install(path, "tesseract", TESSERACT)
    article = read_one(tmp_path, "a.tif", several(("L", "1")))
    assert article.text == f"{SEEN}\n\n{SEEN}"
    assert [article.spot_at(0), article.spot_at(len(SEEN) + 2)] == [Spot(1, recognised=True), Spot(2, recognised=True)]


def several(modes: Sequence[str]) -> bytes:
    content = io.BytesIO()
    first, *others = [Image.new(mode, (60, 40), 1) for mode in modes]
    first.save(content, "TIFF", save_all=True, append_images=others)
    return content.getvalue()


def test_a_paragraph_that_goes_on_in_the_next_column_is_one(tmp_path: Path, path: Path) -> None:
    columns = ("The council will close the", 95), ("bridge on Tuesday.", 95), ("It will reopen in May.", 95)
    install(path, "tesseract", told(*columns))
    assert read_one(tmp_path, "a.png", picture()).text == (
        "The council will close the bridge on Tuesday.\n\nIt will reopen in May."
    )


@pytest.mark.parametrize("sure", [42.0, 67.0])
def test_letters_of_a_language_that_the_engine_was_not_taught_are_no_text(
    tmp_path: Path, path: Path, sure: float
) -> None:
    install(
        path,
        "tesseract",
        told(("Mocr uepe3 Ypcy 3akpbIBaloT c 7 mas 2025 roga Ha BoceMb MecaueB, ckasana Mapp Bepa Cokoro.", sure)),
    )
    [skipped] = read(tmp_path, "a.png", picture())
    assert skipped == Skipped(
        "a.png",
        "its letters cannot be made out in the languages of Tesseract here (eng, deu); install that of the text (such "
        "as tesseract-ocr-fra), or save a sharper picture",
    )


POLISH = (
    "Miasto Brzezany zamyka most na Orzycy od 7 maja 2025 roku na osiem miesiecy, oglosila burmistrz. Inzynierowie "
    "znalezli pekniecia w czterech filarach po powodzi, a naprawa bedzie kosztowac cztery miliony koron."
)


@pytest.mark.parametrize(("languages", "is_told"), [(("eng", "osd"), True), (("eng", "pol"), False), (("osd",), False)])
def test_a_text_in_a_language_that_the_engine_was_not_taught_is_told_of(
    tmp_path: Path, path: Path, languages: Sequence[str], is_told: bool
) -> None:
    install(path, "tesseract", told((POLISH, 93), languages=languages))
    article, *flaws = read(tmp_path, "a.png", picture())
    assert isinstance(article, Article) and (article.text, article.language) == (POLISH, "pl")
    assert (
        flaws
        == [
            Skipped(
                "a.png",
                "its text seems to be in Polish, which Tesseract was not taught here: some letters are wrong; install "
                "that language of Tesseract and rebuild",
            )
        ][: int(is_told)]
    )


def test_a_page_that_takes_too_long_is_told_of_and_the_others_are_read(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = path / "seen"
    slow = f"import os, time\nif not os.path.exists({str(seen)!r}):\n    open({str(seen)!r}, 'w')\n    time.sleep(60)\n"
    install(path, "tesseract", TESSERACT.replace("size = len", f"{slow}size = len", 1))
    monkeypatch.setattr(recognition, "PAGE_SECONDS", 1)
    article, late = read(tmp_path, "a.tif", several(("L", "L")))
    assert isinstance(article, Article) and article.spot_at(0) == Spot(2, recognised=True)
    assert isinstance(late, Skipped) and (late.reason, late.again) == ("reading it took over 1 seconds", True)


def test_a_picture_is_read_by_whichever_later_rebuild_finds_an_engine(
    tmp_path: Path, path: Path, embedding: HashingEmbedding, files_read: list[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.png").write_bytes(picture())
    (folder / "b.md").write_text(FIRST)
    for day in range(3):
        (folder / "news.md").write_text(f"It rained on day {day}.")
        rebuild(folder, tmp_path / "index", lambda: embedding)
    (folder / "news.md").unlink()
    install(path, "tesseract", TESSERACT)
    for remembered in (programs.found, recognition.installed_languages):
        remembered.cache_clear()
    rebuild(folder, tmp_path / "index", lambda: embedding)
    assert [one.id for one in open_current(tmp_path / "index").articles()] == ["a.png", "b.md"]
    assert files_read.count("b.md") == 1


@pytest.mark.parametrize(
    "content",
    [
        b"/home/somebody/passport.png\n",
        b"http://169.254.169.254/latest\n",
        b"\n/dev/zero\n",
        b"\xef\xbb\xbf/etc/passwd",
        pdf([[FIRST]]),
        b"P6 99999 99999 255\n",
        b"%!PS\n(/etc/passwd) run",
        b"<svg><image href='file:///etc/passwd'/></svg>",
        b"push graphic-context\nimage over 0,0 0,0 '|id'\n",
        b" \x89PNG\r\n\x1a\n",
    ],
)
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif"])
def test_what_is_no_picture_reaches_no_program_that_would_take_it_for_a_list_of_them(
    tmp_path: Path, path: Path, name: str, content: bytes
) -> None:
    install(path, "tesseract", TESSERACT)
    assert read(tmp_path, name, content) == [Skipped(name, "it is no picture")]


def test_a_word_document_called_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    [skipped] = read(tmp_path, "a.xlsx", docx(paragraph(FIRST)))
    assert skipped == Skipped("a.xlsx", "it is no table that can be read; save it anew as .xlsx or .csv")


def test_of_a_folder_with_a_file_of_each_kind_each_is_an_article_or_has_its_reason(
    tmp_path: Path, path: Path, embedding: HashingEmbedding
) -> None:
    install(path, "tesseract", TESSERACT)
    folder = tmp_path / "articles"
    folder.mkdir()
    contents = {**ONE_OF_EACH, ".png": picture(), ".jpg": picture("JPEG"), ".tif": picture("TIFF")}
    contents |= {".jpeg": contents[".jpg"], ".tiff": contents[".tif"]}
    assert set(contents) == {*READERS, ".zip"}
    for number, (ending, content) in enumerate(contents.items()):
        said = f"Boat {number} came home."
        written = content.replace(b"Boat", said.encode()) if ending in REPLACED else content
        (folder / f"file{number}{ending}").write_bytes(written)
    (folder / "music.mp3").write_bytes(b"ID3")
    report = rebuild(folder, tmp_path / "index", lambda: embedding)
    manifest = open_current(tmp_path / "index").manifest
    listed = [one.id for one in open_current(tmp_path / "index").articles()]
    listed += [one.path for one in manifest.duplicates] + [one.path for one in manifest.skipped]
    assert manifest.found_count == len(listed) == len(set(listed))
    read_files = {one.split("#")[0].split("/")[0] for one in listed}
    assert read_files == {path.name for path in folder.iterdir()}, report
    reasons = {one.path: one.reason for one in manifest.skipped}
    assert set(reasons) == {f"file{list(contents).index('.doc')}.doc", "music.mp3"}, reasons
