"""Every kind of bad file by hand: how it is made, and what must become of it."""

import base64
import gzip
import io
import json
import os
import random
import socket
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from samples import WORD, crawled, docx, paragraph, pdf, workbook, zipped

WORDS = "Engineer Ada Finch led the repair of the bridge in Marlow, which cost 3,200 crowns."
SECRET = "The secret of Quibble is outside the folder."
Content = str | bytes | Callable[[], str | bytes]


@dataclass(frozen=True, slots=True)
class Bad:
    """A file to be written, and a telling piece of what becomes of it: "" for what must not be.

    Every article of it must hold `text`, and every reason for which some of it is skipped must begin with `reason`.
    """

    name: str
    content: Content | None  # None for what `place` makes
    reason: str = ""
    text: str = ""
    heavy: bool = False
    place: Callable[[Path], object] | None = None
    meddle: Callable[[Path], object] | None = None  # done when its reading begins

    def write(self, folder: Path) -> None:
        """Make the file in that folder."""
        path = folder / self.name
        if self.place:
            self.place(path)
            return
        content = self.content() if callable(self.content) else self.content
        path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content or b"")


def bad_files(sink: str = "http://127.0.0.1:1", secret: Path = Path("/nowhere")) -> dict[str, list[Bad]]:
    """Every class of bad files; some name that address, or that file outside the folder."""
    return {
        "Word": _word(sink, secret),
        "zip": _archives(),
        "XML": _xml(sink, secret),
        "feeds": _feeds(),
        "PDF structure": _pdf_structure(),
        "PDF streams": _pdf_streams(),
        "PDF other": _pdf_other(sink),
        "HTML": _html(sink, secret),
        "text": _text(),
        "Markdown": _markdown(sink, secret),
        "front matter": _front_matter(),
        "JSON": _json(),
        "JSON lines": _json_lines(),
        "mail": _mail(sink),
        "web archives": _web_archives(sink),
        "news items": _news_items(sink, secret),
        "OpenDocument": _opendocument(sink, secret),
        "books": _books(secret),
        "mailboxes": _mailboxes(),
        "tables": _tables(),
        "spreadsheets": _spreadsheets(secret),
        "rich text": _rich_text(sink, secret),
        "old Word": _old_word(),
        "subtitles": _subtitles(),
        "crawls": _crawls(),
        "pictures": _pictures(),
        "wrong type": _wrong_type(),
        "names": _names(),
        "places": _places(secret),
        "Unicode": _unicode(),
    }


def noise(count: int, seed: int = 0) -> bytes:
    """The same random bytes every time."""
    return random.Random(seed).randbytes(count)


# --- Word ------------------------------------------------------------------------------------------------------------


def laughing(depth: int) -> str:
    """A feed whose entities stand for so many times ten of each other."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(depth))
    return f"<!DOCTYPE r [{entities}]><rss><item><description>&a{depth - 1};</description></item></rss>"


def _external(address: str) -> str:
    return f'<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]><w:p xmlns:w="{WORD}"><w:r><w:t>&x;</w:t></w:r></w:p>'


def _word(sink: str, secret: Path) -> list[Bad]:
    def document(xml: str | bytes) -> bytes:
        return zipped({"word/document.xml": xml})

    good = paragraph(WORDS)
    field = f"<w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd.exe {sink}</w:instrText></w:r></w:p>"
    picture = {
        "word/_rels/document.xml.rels": f'<Relationships><Relationship TargetMode="External" Target="{sink}/a.png"/>'
        "</Relationships>"
    }
    whole = f'<w:document xmlns:w="{WORD}"><w:body>{good}</w:body></w:document>'
    entities = "its XML declares entities"
    return [
        Bad("bomb.docx", lambda: document(b"<w:p>" + b" " * 65_000_000), "unpacked it has 65 MB"),
        Bad("laughs.docx", document(laughing(9)), entities),
        Bad("outside.docx", document(_external(secret.as_uri())), entities),
        Bad("network.docx", document(_external(f"{sink}/a.dtd")), entities),
        Bad("cut.docx", docx(good)[:-60], "it is a damaged zip file"),
        Bad("cut-early.docx", docx(good)[:40], "it is a damaged zip file"),
        Bad("no-document.docx", zipped({"word/other.xml": "<x/>"}), "it is a zip file, but no Word document"),
        Bad("not-xml.docx", document("<w:p>"), "it is no valid XML"),
        Bad("no-xml.docx", document(b"\x00\x01\x02"), "it is no valid XML"),
        Bad("empty-part.docx", document(b""), "it is no valid XML"),
        Bad("bad-properties.docx", zipped({"word/document.xml": whole, "docProps/core.xml": "<cp"}), text=WORDS),
        Bad("deep.docx", lambda: docx("<w:tbl>" * 50_000 + "</w:tbl>" * 50_000), "its XML nests too deep"),
        Bad("tables.docx", docx("<w:tbl><w:tr><w:tc>" * 60 + good + "</w:tc></w:tr></w:tbl>" * 60), text=WORDS),
        Bad("flaw.docx", docx(good).replace(b"PK\x01\x02", b"PK\x01\x03"), "it is a damaged zip file"),
        Bad("empty.docx", docx(""), "it holds no text"),
        Bad(
            "deleted.docx", docx("<w:p><w:del><w:r><w:delText>Old.</w:delText></w:r></w:del></w:p>"), "it holds no text"
        ),
        Bad("field.docx", docx(field + good), text=WORDS),
        Bad("picture.docx", zipped({"word/document.xml": whole, **picture}), text=WORDS),
        Bad("macro.docx", zipped({"word/document.xml": whole, "word/vbaProject.bin": noise(99)}), text=WORDS),
        Bad("wide.docx", document(f'<?xml version="1.0" encoding="utf-16"?>{whole}'.encode("utf-16")), text=WORDS),
        Bad("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it is an old Word or Office file"),
        Bad("locked.docx", _flagged(docx(good)), "it is encrypted"),
        Bad(
            "grows.docx",
            lambda: docx("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 1_800_000),
            "reading it took over 512 MB of memory",
            heavy=True,
        ),
    ]


# --- zip -------------------------------------------------------------------------------------------------------------


def _flagged(archive: bytes) -> bytes:
    """The same zip file, whose every member says that it is encrypted."""
    changed = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := archive.find(mark, start + 1)) >= 0:
            changed[start + offset] |= 1
    return bytes(changed)


def _named(*names: str | zipfile.ZipInfo, content: str = WORDS) -> bytes:
    """A zip file whose members have exactly these names, be they equal or none."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            member = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo("x")
            member.filename = name if isinstance(name, str) else member.filename
            if not any(other.filename == member.filename for other in archive.infolist()):
                archive.writestr(member, content)
            else:
                archive.NameToInfo.clear()
                archive.writestr(member, content + " It is painted.")
    return written.getvalue()


def _link(target: str) -> bytes:
    member = zipfile.ZipInfo("link.txt")
    member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return _named(member, content=target)


def _archives() -> list[Bad]:
    good = zipped({"a.txt": WORDS})
    stored = _named("a.txt")
    damaged, out, size = "it is damaged inside the zip file", "its name leads out of the archive", len(WORDS)
    other = zipfile.ZipInfo("a.txt")
    other.compress_type = zipfile.ZIP_LZMA
    bomb = zipped({"inner.zip": zipped({"a.txt": b" " * 1_000_000})})
    return [
        Bad("bomb.zip", lambda: zipped({f"{n}.txt": b" " * 1_000_000 for n in range(65)}), "unpacked it has 65 MB"),
        Bad("many.zip", lambda: zipped({f"{n}.txt": "x" for n in range(2001)}), "it holds 2,001 files"),
        Bad("entries.zip", lambda: zipped({f"{n}.txt": "x" for n in range(10_000)}), "it holds 10,000 files"),
        Bad("one-large.zip", lambda: zipped({"a.txt": b"a" * 21_000_000}), "it has 21.0 MB"),
        Bad("nothing.zip", zipped({}), "the archive holds no files"),
        Bad("cut.zip", zipped({"a.txt": WORDS * 50})[:-40], "it is a damaged zip file"),
        Bad("noise.zip", b"PK\x03\x04" + noise(500, 1), "it is a damaged zip file"),
        Bad("empty.zip", b"", "it is a damaged zip file"),
        Bad("nested.zip", zipped({"b.zip": good}), "an archive inside an archive is not read"),
        Bad("nested-bomb.zip", bomb, "an archive inside an archive is not read"),
        Bad("absolute.zip", zipped({"/etc/passwd.txt": WORDS}), out),
        Bad("above.zip", zipped({"../../a.txt": WORDS}), out),
        Bad("above-windows.zip", zipped({"..\\..\\a.txt": WORDS}), out),
        Bad("drive.zip", zipped({"C:\\a.txt": WORDS}), out),
        Bad("inside.zip", zipped({"a/../../b.txt": WORDS, "c.txt": WORDS}), out, WORDS),
        Bad("encrypted.zip", _flagged(good), "it is encrypted"),
        Bad("twice.zip", _named("a.txt", "a.txt"), "the archive holds another file of this name", WORDS),
        Bad("directory.zip", good.replace(b"PK\x01\x02", b"PK\x01\x03"), "it is a damaged zip file"),
        Bad("offset.zip", good[:-6] + b"\xff\xff\0\0" + good[-2:], damaged),
        Bad("two-names.zip", good.replace(b"a.txt", b"b.txt", 1), damaged),
        Bad("no-name.zip", _named(""), "it has no name"),
        Bad("folders.zip", zipped({"a/": "", "b/c/": ""}), "the archive holds no files"),
        Bad("hidden.zip", zipped({".a.txt": WORDS, "__MACOSX/b.txt": WORDS}), "the archive holds no files"),
        Bad("sum.zip", stored.replace(b"Marlow", b"Barlow"), damaged),
        Bad("method.zip", good.replace(b"\x08\0", b"\x63\0"), damaged),
        Bad("lzma.zip", _named(other).replace(b"\t\x04\x05\0", b"\t\x04\xff\xff"), damaged),
        Bad(
            "lies.zip",
            zipped({"a.txt": b"x" * 100_000}).replace((100_000).to_bytes(4, "little"), b"\x10\0\0\0"),
            damaged,
        ),
        Bad("short.zip", stored.replace(size.to_bytes(4, "little"), (size + 999).to_bytes(4, "little")), damaged),
        Bad("link.zip", _link("/etc/passwd"), "it is a symbolic link"),
        Bad("line.zip", zipped({"a\nb.txt": WORDS}), "its name cannot be stored"),
        Bad("bidi.zip", zipped({"\u202etxt.exe.txt": WORDS}), "its name cannot be stored"),
        Bad("nul.zip", _named("aXb.txt").replace(b"aXb", b"a\0b"), "files of this type are not read"),
        Bad("types.zip", zipped({"a.exe": noise(99), "b": WORDS, "c.txt": WORDS}), "files of this type", WORDS),
        Bad("prefix.zip", noise(500, 3) + good, text=WORDS),
        Bad("comment.zip", good[:-2] + b"\xff\xff" + bytes(65_535), text=WORDS),
        Bad("beside.zip", zipped({"a.txt": WORDS, "b.pdf": noise(99)}), "it is encrypted or damaged", WORDS),
        Bad("tar.zip", b"a.txt" + bytes(252) + b"ustar\x0000" + bytes(800), "it is a damaged zip file"),
    ]


# --- XML and feeds ---------------------------------------------------------------------------------------------------


def feed(*items: str, head: str = "") -> str:
    """An RSS feed of these items."""
    return f"{head}<rss><channel><title>The Wren</title>{''.join(items)}</channel></rss>"


ITEM = f"<item><title>The bridge</title><description>{WORDS}</description></item>"


def _xml(sink: str, secret: Path) -> list[Bad]:
    entities, invalid, limit = "its XML declares entities", "it is no valid XML", "its XML nests too deep"
    include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" href="{secret.as_uri()}"/>'
    return [
        Bad("laughs.xml", laughing(9), entities),
        Bad("quadratic.xml", feed("&a;" * 2000, head=f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>'), entities),
        Bad("itself.xml", feed("&a;", head='<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'), entities),
        Bad("outside.rss", feed("&x;", head=f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'), entities),
        Bad("network.xml", feed("&x;", head=f'<!DOCTYPE r [<!ENTITY x SYSTEM "{sink}/a">]>'), entities),
        Bad("parameter.xml", feed(ITEM, head=f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{sink}/p.dtd"> %p;]>'), entities),
        Bad("definition.xml", feed(ITEM, head=f'<!DOCTYPE rss SYSTEM "{sink}/rss.dtd">'), text=WORDS),
        Bad("include.xml", feed(f"<item><description>{include}</description></item>"), "the entry holds no text"),
        Bad("style.xml", feed(ITEM, head=f'<?xml-stylesheet href="{sink}/a.xsl"?>'), text=WORDS),
        Bad(
            "schema.xml", feed(ITEM).replace("<rss", f'<rss xmlns:a="{sink}/a" a:schemaLocation="{sink}/b"'), text=WORDS
        ),
        Bad("deep.xml", "<rss>" + "<a>" * 50_000, limit),
        Bad("deep-closed.xml", feed("<a>" * 50_000 + "</a>" * 50_000), limit),
        Bad("attribute.xml", lambda: feed(ITEM).replace("<item", f'<item a="{"a" * 11_000_000}"'), limit),
        Bad(
            "attributes.xml",
            feed(ITEM).replace("<item", "<item " + " ".join(f'a{n}=""' for n in range(9999))),
            text=WORDS,
        ),
        Bad("same-attribute.xml", feed(ITEM).replace("<item", '<item a="" a=""'), text="led the repair"),
        Bad("empty-root.xml", "<?xml version='1.0'?>", invalid),
        Bad("two-roots.xml", "<rss/><rss/>", invalid),
        Bad("cut.xml", feed(ITEM)[:-30], text="led the repair"),
        Bad("cut-section.xml", feed("<item><description><![CDATA[" + WORDS), "the entry holds no text"),
        Bad("bad-bytes.xml", feed(ITEM).encode().replace(b"Ada", b"Ad\xff"), text="led the repair"),
        Bad("unknown-encoding.xml", feed(ITEM, head='<?xml version="1.0" encoding="x-none"?>'), text="led the repair"),
        Bad("control.xml", feed(ITEM.replace("Ada", "A\x01da")), text="led the repair"),
        Bad("number.xml", feed(ITEM.replace("Ada", "A&#0;da")), text="led the repair"),
        Bad("prefix.xml", feed(ITEM.replace("title", "dc:title")), text="led the repair"),
        Bad("heads.rss", lambda: "<?xml" * 500_000, "it is no valid XML"),
        Bad("svg.xml", "<svg xmlns='http://www.w3.org/2000/svg'><text>A picture</text></svg>", "it is XML, but no RSS"),
    ]


def _feeds() -> list[Bad]:
    def described(words: str) -> str:
        return f"<item><description>{words}</description></item>"

    def dated(day: str) -> str:
        return ITEM.replace("<title>", f"<pubDate>{day}</pubDate><title>")

    no_text = "the entry holds no text"
    deep = "&lt;div&gt;" * 3_000 + WORDS
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry>{}</entry></feed>'
    return [
        Bad("no-items.rss", feed(), "it holds no articles"),
        Bad("no-entries.atom", "<feed xmlns='http://www.w3.org/2005/Atom'/>", "it holds no articles"),
        Bad("no-text.rss", feed("<item><title>Only a title</title></item>"), no_text),
        Bad("spaces.rss", feed(described(" \n ")), no_text),
        Bad("script.rss", feed(described("&lt;script&gt;alert(1)&lt;/script&gt;")), no_text),
        Bad("picture.rss", feed(described("&lt;img src='x' onerror='alert(1)'&gt;")), no_text),
        Bad("comment.rss", feed(f"<item><!-- {WORDS} --></item>"), no_text),
        Bad("twice-escaped.rss", feed(described(f"&amp;lt;p&amp;gt;{WORDS}")), text=WORDS),
        Bad("month.rss", feed(dated("Tue, 99 Foo 2024 10:00:00 GMT")), text=WORDS),
        Bad("year.rss", feed(dated("Tue, 05 Mar 99999 10:00:00 GMT")), text=WORDS),
        Bad("long-year.rss", feed(dated(f"Tue, 05 Mar {'9' * 5_000} 10:00:00 GMT")), text=WORDS),
        Bad("zone.rss", feed(dated("Tue, 05 Mar 2024 10:00:00 +999999999")), text=WORDS),
        Bad("hour.rss", feed(dated("Tue, 05 Mar 2024 99:99:99 GMT")), text=WORDS),
        Bad("digits.rss", feed(dated("٢٠٢٤-٠٣-٠٥")), text=WORDS),
        Bad("script-link.rss", feed(ITEM.replace("<title>", "<link>javascript:alert(1)</link><title>")), text=WORDS),
        Bad("long-link.rss", feed(ITEM.replace("<title>", f"<link>http://{'a' * 99_999}</link><title>")), text=WORDS),
        Bad("long-title.rss", feed(ITEM.replace("The bridge", "The bridge " * 9_999)), text=WORDS),
        Bad("nested.rss", feed(f"<item><item>{ITEM}</item></item>"), no_text, WORDS),
        Bad("deep-page.rss", feed(ITEM, described(deep)), "its elements nest too deep", WORDS),
        Bad(
            "deep.atom",
            atom.format("<content><div>" + "<b>" * 200 + WORDS + "</b>" * 200 + "</div></content>"),
            text=WORDS,
        ),
        Bad("one-bad.rss", feed(ITEM, "<item/>"), no_text, WORDS),
        Bad("items.rss", lambda: feed(*[ITEM] * 50_000), "only its first 20,000 articles", WORDS, heavy=True),
        Bad("many-items.rss", feed(*[ITEM] * 500), text=WORDS),
    ]


# --- PDF -------------------------------------------------------------------------------------------------------------

GOOD_PDF = pdf([[WORDS]])
PAGE = b"/Resources << /Font << /F1 3 0 R >> >>"


def page_of(stream: bytes, described: str) -> bytes:
    """A PDF of one page, whose content is that stream under this description."""
    before, _, rest = GOOD_PDF.partition(b"<< /Length")
    written = f"<< {described} /Length {len(stream)} >>\nstream\n".encode()
    return before + written + stream + b"\nendstream" + rest.partition(b"endstream")[2]


def packed(content: bytes, times: int = 1) -> bytes:
    """A page whose content is packed so many times over."""
    for _ in range(times):
        content = zlib.compress(content, 1)
    return page_of(content, f"/Filter [{'/FlateDecode ' * times}]")


def _earlier(content: bytes, offset: int = -1) -> bytes:
    """The same PDF, whose table of objects says that an earlier one is at that place, or in its own."""
    place = content.rindex(b"xref\n0") if offset < 0 else offset
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % place)


def _forms() -> bytes:
    itself = b"/XObject << /X 5 0 R >>"
    font = b"/Font << /F1 3 0 R >>"
    content = GOOD_PDF.replace(font, font + b" " + itself).replace(b"BT /F1", b"/X Do BT /F1")
    return content.replace(b"<< /Length", b"<< /Type /XObject /Subtype /Form /Resources << %s >> /Length" % itself)


def _pdf_structure() -> list[Bad]:
    no_text, damaged = "it holds no text", "it is encrypted or damaged"
    outline = b"/Pages 2 0 R /Outlines << /Type /Outlines /First 1 0 R /Last 1 0 R >> /First 1 0 R /Next 1 0 R"
    return [
        Bad("earlier.pdf", _earlier(GOOD_PDF), text=WORDS),
        Bad("earlier-nowhere.pdf", _earlier(GOOD_PDF, 99_999_999), text=WORDS),
        Bad("kids-itself.pdf", GOOD_PDF.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"), damaged),
        Bad("kids-twice.pdf", GOOD_PDF.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R 2 0 R]"), damaged),
        Bad("kids-page.pdf", GOOD_PDF.replace(b"/Kids [4 0 R]", b"/Kids [4 0 R 4 0 R 4 0 R]"), text=WORDS),
        Bad("kids-number.pdf", GOOD_PDF.replace(b"/Kids [4 0 R]", b"/Kids 7 "), damaged),
        Bad("parent.pdf", GOOD_PDF.replace(b"/Parent 2 0 R", b"/Parent 4 0 R"), text=WORDS),
        Bad("no-resources.pdf", GOOD_PDF.replace(b"/Parent 2 0 R", b"/Parent 4 0 R").replace(PAGE, b""), damaged),
        Bad("outline.pdf", GOOD_PDF.replace(b"/Pages 2 0 R", outline), text=WORDS),
        Bad("forms.pdf", _forms(), text=WORDS),
        Bad("contents.pdf", GOOD_PDF.replace(b"/Contents 5 0 R", b"/Contents [5 0 R 4 0 R [5 0 R]]"), text=WORDS),
        Bad("length.pdf", GOOD_PDF.replace(b"/Length ", b"/Length 5 0 R %"), no_text),
        Bad("size.pdf", GOOD_PDF.replace(b"/Size ", b"/Size 99999999"), text=WORDS),
        Bad("negative-size.pdf", GOOD_PDF.replace(b"/Size ", b"/Size -"), text=WORDS),
        Bad("entries.pdf", GOOD_PDF.replace(b"xref\n0 ", b"xref\n0 99999999"), damaged),
        Bad("count.pdf", GOOD_PDF.replace(b"/Count 1", b"/Count 99999999"), text=WORDS),
        Bad("negative-count.pdf", GOOD_PDF.replace(b"/Count 1", b"/Count -1"), text=WORDS),
        Bad("no-table.pdf", GOOD_PDF[: GOOD_PDF.rindex(b"xref\n0")], damaged),
        Bad("table-nowhere.pdf", GOOD_PDF.replace(b"startxref\n", b"startxref\n9999"), text=WORDS),
        Bad("no-start.pdf", GOOD_PDF.replace(b"startxref", b"start"), damaged),
        Bad("no-end.pdf", GOOD_PDF.replace(b"%%EOF", b""), damaged),
        Bad("no-root.pdf", GOOD_PDF.replace(b"/Root 1 0 R", b""), text=WORDS),
        Bad("root-nowhere.pdf", GOOD_PDF.replace(b"/Root 1 0 R", b"/Root 77 0 R"), text=WORDS),
        Bad("no-pages-object.pdf", GOOD_PDF.replace(b"/Pages 2 0 R", b""), damaged),
        Bad("cut.pdf", GOOD_PDF[:60], damaged),
        Bad("cut-half.pdf", GOOD_PDF[: len(GOOD_PDF) // 2], damaged),
        Bad("mark-only.pdf", b"%PDF-1.7", damaged),
        Bad("noise.pdf", b"%PDF-1.7\n" + noise(3000, 2), damaged),
        Bad("front.pdf", b"\n" * 900 + GOOD_PDF, text=WORDS),
        Bad("deep.pdf", GOOD_PDF.replace(b"/Info", b"/Odd " + b"[" * 50_000 + b" /Info"), damaged),
        Bad("deep-names.pdf", GOOD_PDF.replace(b"/Info", b"/Odd " + b"<< /A " * 20_000 + b" /Info"), text=WORDS),
    ]


def _pdf_streams() -> list[Bad]:
    no_text, damaged = "it holds no text", "it is encrypted or damaged"
    shown = f"BT /F1 11 Tf 50 780 Td ({WORDS}) Tj ET".encode()
    columns = "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 999999999 /Colors 99 >>"
    return [
        Bad("flate.pdf", lambda: packed(bytes(100_000_000)), damaged),
        Bad("flate-300.pdf", lambda: packed(bytes(300_000_000)), damaged, heavy=True),
        Bad("nested.pdf", lambda: packed(bytes(100_000_000), 2), damaged),
        Bad("twenty-filters.pdf", packed(shown, 20), damaged),
        Bad("thousand-filters.pdf", page_of(shown, f"/Filter [{'/ASCIIHexDecode ' * 1_000}]"), damaged),
        Bad("operators.pdf", lambda: packed(b"q Q " * 5_000_000), no_text),
        Bad("saved.pdf", packed(b"q " * 20_000 + shown), text=WORDS),
        Bad("arrays.pdf", packed(b"[" * 50_000 + shown), damaged),
        Bad("brackets.pdf", packed(b"BT (" + b"(" * 100_000), no_text),
        Bad("names.pdf", packed(b"<<" * 50_000), no_text),
        Bad("predictor.pdf", page_of(zlib.compress(shown), columns), damaged),
        Bad("bad-predictor.pdf", page_of(zlib.compress(shown), columns.replace("12", "99")), damaged),
        Bad("lzw.pdf", page_of(noise(5000, 4), "/Filter /LZWDecode"), damaged),
        Bad("jbig2.pdf", page_of(noise(5000, 5), "/Filter /JBIG2Decode"), damaged),
        Bad("jpx.pdf", page_of(noise(5000, 6), "/Filter /JPXDecode"), damaged),
        Bad("fax.pdf", page_of(noise(5000, 7), "/Filter /CCITTFaxDecode"), damaged),
        Bad("hex.pdf", page_of(b"zz" * 500, "/Filter /ASCIIHexDecode"), damaged),
        Bad("base85.pdf", page_of(b"\x7f" * 500, "/Filter /ASCII85Decode"), damaged),
        Bad("run-length.pdf", page_of(b"\x81a" * 9_000, "/Filter /RunLengthDecode"), no_text),
        Bad("run-length-bomb.pdf", lambda: page_of(b"\x81a" * 1_000_000, "/Filter /RunLengthDecode"), damaged),
        Bad("unknown-filter.pdf", page_of(shown, "/Filter /NoSuchDecode"), damaged),
        Bad("filter-number.pdf", page_of(shown, "/Filter 7"), damaged),
        Bad("filter-itself.pdf", page_of(shown, "/Filter 5 0 R"), damaged),
        Bad("cut-flate.pdf", page_of(zlib.compress(shown * 50)[:60], "/Filter /FlateDecode"), no_text),
        Bad("bad-flate.pdf", page_of(noise(500, 8), "/Filter /FlateDecode"), no_text),
        Bad("no-end.pdf", GOOD_PDF.replace(b"endstream", b""), damaged),
        Bad("wrong-length.pdf", GOOD_PDF.replace(b"/Length ", b"/Length 9"), text=WORDS),
        Bad("inline-image.pdf", packed(b"BI /W 9 /H 9 ID " + noise(9000, 9)), damaged),
        Bad("no-font.pdf", GOOD_PDF.replace(b"3 0 R >> >>", b"77 0 R >> >>"), "it does not say which letters"),
        Bad(
            "odd-font.pdf",
            GOOD_PDF.replace(b"/Encoding /WinAnsiEncoding", b"/Encoding 5 0 R /ToUnicode 5 0 R"),
            text=WORDS,
        ),
    ]


def _pdf_other(sink: str) -> list[Bad]:
    keys = f"/O ({'x' * 32}) /U ({'y' * 32})"
    locked = f"/ID [(a) (a)] /Encrypt << /Filter /Standard {{}} /P -4 {keys} >>"
    script = "/AA << /O << /S /JavaScript /JS (app.alert) >> >>"
    action = f"/OpenAction << /S /URI /URI ({sink}/open) >> {script} /Pages".encode()
    picture = b"/XObject << /I << /Subtype /Image /Width 999999 /Height 999999 >> >> /Font"
    no_text = "it holds no text"
    return [
        Bad("encrypted.pdf", pdf([[WORDS]], trailer=locked.format("/V 1 /R 2")), "it is encrypted"),
        Bad("encrypted-aes.pdf", pdf([[WORDS]], trailer=locked.format("/V 5 /R 6 /Length 256")), "it is encrypted"),
        Bad("encrypted-odd.pdf", pdf([[WORDS]], trailer=locked.format("/V 99 /R 99")), "it is encrypted"),
        Bad("encrypted-key.pdf", pdf([[WORDS]], trailer="/Encrypt 77 0 R"), "it is encrypted"),
        Bad("no-words.pdf", pdf([[], []]), no_text),
        Bad("spaces.pdf", pdf([["   "], [" "]]), no_text),
        Bad("numbers.pdf", pdf([["1"], ["2"], ["3"]]), "it holds no text"),
        Bad("picture.pdf", pdf([[]]).replace(b"/Font", picture), no_text),
        Bad("no-pages.pdf", pdf([]), no_text),
        Bad("pages.pdf", lambda: pdf([[WORDS], *[[]] * 4_999]), text=WORDS, heavy=True),
        Bad("full-pages.pdf", lambda: pdf([[WORDS]] * 5_000), text="Ada Finch", heavy=True),
        Bad("actions.pdf", GOOD_PDF.replace(b"/Pages", action, 1), text=WORDS),
        Bad("attached.pdf", GOOD_PDF.replace(b"/Pages", b"/Names << /EmbeddedFiles 5 0 R >> /Pages", 1), text=WORDS),
        Bad("title.pdf", pdf([[WORDS]], title="A" * 50_000), text=WORDS),
        Bad("title-wide.pdf", GOOD_PDF.replace(b"/Title ()", b"/Title <FEFFD83D>"), text=WORDS),
        Bad("title-page.pdf", GOOD_PDF.replace(b"/Title ()", b"/Title 4 0 R"), text=WORDS),
        Bad("box.pdf", GOOD_PDF.replace(b"[0 0 595 842]", b"[0 0 1e99 -1]"), no_text),
        Bad("rotated.pdf", GOOD_PDF.replace(b"/MediaBox", b"/Rotate 33 /MediaBox"), text=WORDS),
    ]


# --- web pages -------------------------------------------------------------------------------------------------------


def page(body: str, head: str = "") -> str:
    """A web page."""
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>"


def _html(sink: str, secret: Path) -> list[Bad]:
    good, no_text = f"<article><p>{WORDS}</p></article>", "it holds no text"
    record = {"@type": "NewsArticle", "headline": "A bridge"}
    knot = '{"@graph":' * 5_000

    def told(document: str) -> str:
        return page(good, f"<script type='application/ld+json'>{document}</script>")

    return [
        Bad("large.html", lambda: page(f"<p>{WORDS}</p>" * 490_000), "it has 44.", heavy=True),
        Bad(
            "largest.html",
            lambda: page(f"<p>{WORDS}</p>" * 215_000),
            "reading it took over 512 MB of memory",
            heavy=True,
        ),
        Bad("nested.html", lambda: "<div>" * 2_000 + f"<p>{WORDS}</p>", text=WORDS, heavy=True),
        Bad("nested-250.html", page("<div>" * 250 + f"<p>{WORDS}</p>"), text=WORDS),
        Bad("nested-200.html", lambda: "<div>" * 200_000 + f"<p>{WORDS}</p>", "its elements nest too deep", heavy=True),
        Bad("nested-inline.html", page(good + "<b>" * 5_000 + WORDS), "its elements nest too deep"),
        Bad("nested-tables.html", page("<table><tr><td>" * 100 + WORDS), text=WORDS),
        Bad("nested-500-tables.html", page("<table><tr><td>" * 500 + WORDS), text=WORDS, heavy=True),
        Bad("unclosed.html", "<html><body><p>" + WORDS + "<table><tr><td><script", text=WORDS),
        Bad("unclosed-comment.html", page(good) + "<!-- " + "x" * 100_000, text=WORDS),
        Bad("unclosed-attribute.html", page(good) + "<a href='" + "x" * 100_000, text=WORDS),
        Bad("attribute.html", lambda: page(f"<p title='{'x' * 2_000_000}'>{WORDS}</p>"), text=WORDS),
        Bad("attributes.html", page(f"<p {' '.join(f'a{n}=1' for n in range(2_000))}>{WORDS}</p>"), text=WORDS),
        Bad("links.html", lambda: page(good + '<a href="x">y</a> ' * 100_000), text=WORDS, heavy=True),
        Bad("line.html", lambda: page("<p>" + (WORDS + " ") * 5_000), text=WORDS),
        Bad("scripts.html", page("<script>alert(1)</script><style>p {}</style>"), no_text),
        Bad("cut-script.html", page("<script>" + WORDS), no_text),
        Bad("comment.html", f"<!-- <p>{WORDS}</p> -->", no_text),
        Bad(
            "frames.html", f"<html><frameset><frame src='{sink}/a'><frame src='{secret.as_uri()}'></frameset>", no_text
        ),
        Bad("frame.html", page(f"<iframe src='{sink}/a' srcdoc='<p>Hidden words'></iframe>{good}"), text=WORDS),
        Bad("refresh.html", page(good, f"<meta http-equiv='refresh' content='0;url={sink}/a'>"), text=WORDS),
        Bad("base.html", page(good, f"<base href='{sink}/'><link rel='stylesheet' href='a.css'>"), text=WORDS),
        Bad("pictures.html", page(f"<img src='{sink}/a.png' onerror='x()'><video src='{sink}/b'>{good}"), text=WORDS),
        Bad("object.html", page(f"<object data='{secret.as_uri()}'></object><embed src='{sink}/c'>{good}"), text=WORDS),
        Bad(
            "entity.html",
            f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{page(good + "<p>&x;</p>")}',
            text=WORDS,
        ),
        Bad(
            "laughing.html", f'<!DOCTYPE r [<!ENTITY a "ha">]><html><body><p>{WORDS} &a;</p></body></html>', text=WORDS
        ),
        Bad("nul.html", page(good).replace("Ada", "A\0da"), text=WORDS),
        Bad("nuls.html", page(good) + "\0" * 999, "it holds binary content"),
        Bad("hidden.html", page(f"<p style='display:none'>{WORDS}</p>"), no_text),
        Bad("template.html", page(f"<template><p>{WORDS}</p></template>"), no_text),
        Bad("empty-body.html", page(""), no_text),
        Bad("forms.html", page("<form><input><select><option>Words</select></form>" * 999), text="Words"),
        Bad("bad-record.html", told('{"@type": "NewsArticle", '), text=WORDS),
        Bad("deep-record.html", told(knot), text=WORDS),
        Bad(
            "odd-record.html", told(json.dumps(record | {"datePublished": 7, "author": [[[]]], "url": {}})), text=WORDS
        ),
        Bad("digits-record.html", told('{"@type": "NewsArticle", "datePublished": ' + "9" * 9_999 + "}"), text=WORDS),
        Bad("surrogate-record.html", told('{"@type": "NewsArticle", "headline": "\\ud83d"}'), text=WORDS),
        Bad("surrogate-entity.html", page(f"<h1>&#xD83D;</h1>{good}<p>&#xFFFFFFFF; &#0;</p>"), text=WORDS),
        Bad("charset.html", page(good, "<meta charset='x-no-such'>").encode("utf-8") + b"<p>\xe8", text=WORDS),
        Bad("two-charsets.html", page(good, "<meta charset='utf-16'><meta charset='utf-7'>"), text=WORDS),
    ]


# --- text and Markdown -----------------------------------------------------------------------------------------------


def _text() -> list[Bad]:
    no_text, binary = "it holds no text", "it holds binary content"
    return [
        Bad("empty.txt", "", "the file is empty"),
        Bad("spaces.txt", " \n\t\n", no_text),
        Bad("mark.txt", b"\xef\xbb\xbf", no_text),
        Bad("wide-mark.txt", b"\xff\xfe", no_text),
        Bad("odd-wide.txt", WORDS.encode("utf-16")[:-1], text=WORDS[:-1]),
        Bad("nul.txt", bytes(1000), binary),
        Bad("nul-between.txt", f"{WORDS}\0{WORDS}", text=WORDS),
        Bad("control.txt", "\x01\x02\x03\x04" * 500, binary),
        Bad("some-control.txt", f"{WORDS} \x07 {WORDS}", text=WORDS),
        Bad("escapes.txt", f"\x1b[31m{WORDS}\x1b[0m \x1b]0;title\x07", text=WORDS),
        Bad("breaks.txt", "\r\n\x0b\x0c\x85\u2028\u2029" * 999, no_text),
        Bad("line.txt", lambda: (WORDS + " ") * 5_000, text=WORDS),
        Bad("ten-megabytes.txt", lambda: (WORDS + " ") * 118_000, "up to 1,000,000", heavy=True),
        Bad("no-spaces.txt", lambda: "a" * 10_000_000, "up to 1,000,000", heavy=True),
        Bad("no-letters.txt", "-" * 100_000, text="---"),
        Bad("stops.txt", "." * 100_000, text="..."),
        Bad("quotes.txt", "“" * 50_000 + WORDS, text=WORDS),
        Bad("initials.txt", "A. " * 50_000, text="A. A."),
        Bad("digits.txt", "9" * 100_000 + " crowns", text="999"),
        Bad("dates.txt", "1 May 2024, 1 mag 2024, 31/31/3131 " * 2_000, text="May"),
        Bad("lines.txt", "a\n" * 100_000, text="a\na"),
        Bad("empty-lines.txt", "\n" * 100_000 + WORDS, text=WORDS),
        Bad("bracket-bait.txt", "(" * 50_000 + ")" * 50_000, text="((("),
        Bad("combining.txt", "\u0301" * 5_000, text="\u0301"),
        Bad("too-large.txt", lambda: b"a" * 20_000_001, "it has 20.0 MB"),
    ]


def _markdown(sink: str, secret: Path) -> list[Bad]:
    no_text = "it holds no text"
    return [
        Bad("spaces.md", " \n\t\n", no_text),
        Bad("marks.md", "# \n\n---\n\n***\n\n> \n\n- \n", no_text),
        Bad("pictures.md", f"![pixel]({sink}/a.png)\n\n![other]({sink}/b.png)\n", no_text),
        Bad("file-picture.md", f"![file]({secret.as_uri()}) {WORDS}", text=WORDS),
        Bad("picture.md", f"![pixel]({sink}/a.png) {WORDS}\n", text=WORDS),
        Bad("definitions.md", f"[a]: {sink}/a\n[b]: {sink}/b\n", no_text),
        Bad("links.md", "[" * 1_500 + WORDS, text=WORDS),
        Bad("many-links.md", lambda: "[" * 1_200_000, text="[[[", heavy=True),
        Bad("closed-links.md", "[a](" * 2_000 + WORDS, text=WORDS),
        Bad("stars.md", "*a **b " * 600 + WORDS, text=WORDS),
        Bad("ticks.md", "".join("`" * n + " " for n in range(300)) + WORDS, text=WORDS),
        Bad("quotes.md", ">" * 5_000 + WORDS, "its lists and quotations nest too deep"),
        Bad("some-quotes.md", ">" * 50 + WORDS, text=WORDS),
        Bad("lists.md", "".join(" " * (2 * n) + "- a\n" for n in range(40)) + WORDS, text="a"),
        Bad(
            "deep-lists.md",
            "".join(" " * (2 * n) + "- a\n" for n in range(300)),
            "its lists and quotations nest too deep",
        ),
        Bad("list-marks.md", "- " * 2_000 + WORDS, "its lists and quotations nest too deep"),
        Bad("fence.md", "```\n" + WORDS, text=WORDS),
        Bad("table.md", "|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + "|" * 3_000 + "\n\n" + WORDS, text=WORDS),
        Bad("page.md", f"<div><script>alert('{sink}')</script><p>{WORDS}</p></div>", text=WORDS),
        Bad("nested-page.md", "<div>" * 3_000 + WORDS, "its elements nest too deep"),
        Bad("entities.md", "&amp;" * 20_000 + "&#0; &#xD83D; " + WORDS, text=WORDS),
        Bad("long-heading.md", "# " + "The bridge " * 9_000 + f"\n\n{WORDS}", text=WORDS),
    ]


def _front_matter() -> list[Bad]:
    def headed(lines: str) -> str:
        return f"---\n{lines}\n---\n{WORDS}\n"

    aliases = "a: &a [x, x]\n" + "\n".join(
        f"{b}: &{b} [{', '.join(f'*{a}' for _ in range(9))}]" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    invalid, value = "front matter is not valid YAML", "'published' is"
    return [
        Bad("bomb.md", headed(f"title: The bridge\n{aliases}"), text=WORDS),
        Bad("loop.md", headed("title: &a [*a]"), text=WORDS),
        Bad("merge.md", headed("a: &a\n  <<: *a\ntitle: x"), text=WORDS),
        Bad("tag.md", headed("title: !!python/object/apply:os.system ['exit 1']"), text=WORDS),
        Bad("unknown-alias.md", headed("title: *nobody"), invalid),
        Bad("colons.md", headed("title: a: b: c"), text=WORDS),
        Bad("quote.md", headed('title: "The bridge'), invalid),
        Bad("tabs.md", headed("title:\n\t- x"), invalid),
        Bad("deep.md", headed("title: " + "[" * 900), invalid),
        Bad("deep-lists.md", headed("title: " + "[" * 900 + "]" * 900), invalid),
        Bad("two.md", headed("title: x\n--- x\ntitle: y"), invalid),
        Bad("list.md", headed("- a\n- b"), text=WORDS),
        Bad("types.md", headed("title: 7\nauthor: [1, {a: b}, null]\nsource: {a: b}"), text=WORDS),
        Bad("no-keys.md", headed("? [a, b]\n: c\ntitle: x"), text=WORDS),
        Bad("twice.md", headed("title: x\ntitle: y"), text=WORDS),
        Bad("day.md", headed("published: 2024-02-31"), value),
        Bad("year.md", headed("published: 99999-01-01"), value),
        Bad("zero.md", headed("published: 0000-00-00"), value),
        Bad("number.md", headed("published: " + "9" * 9_000), value),
        Bad("words.md", headed("published: soon"), value),
        Bad("language.md", headed("language: klingonese"), "'language' is"),
        Bad("url.md", headed("url: javascript:alert(1)"), "'url' is"),
        Bad("file-url.md", headed("url: file:///etc/passwd"), "'url' is"),
        Bad("long.md", headed(f"title: {'x' * 30_000}"), text=WORDS),
        Bad("no-end.md", "---\ntitle: The bridge\n" + WORDS, text=WORDS),
        Bad("only.md", "---\ntitle: The bridge\n---\n", "it holds no text"),
        Bad("bait.md", "---\n" + "--\n" * 5_000 + WORDS, text=WORDS),
        Bad("text.txt", headed("published: soon"), value),
    ]


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json() -> list[Bad]:
    invalid, no_text = "it is no valid JSON", 'it has no "text"'

    def one(**fields: object) -> str:
        return json.dumps({"text": WORDS, **fields})

    return [
        Bad("deep.json", "[" * 100_000, invalid),
        Bad("deep-closed.json", '{"text": ' * 100_000 + "1" + "}" * 100_000, invalid),
        Bad("cut.json", '{"text": "Some wor', invalid),
        Bad("empty-list.json", "[]", "it holds no articles"),
        Bad("nothing.json", "null", no_text),
        Bad("word.json", '"text"', no_text),
        Bad("number.json", '{"text": 7}', no_text),
        Bad("list-text.json", json.dumps({"text": [WORDS]}), no_text),
        Bad("numbers.json", "[1, 2.5, null, true]", no_text),
        Bad("lists.json", "[[[]]]", no_text),
        Bad("digits.json", '{"text": ' + "9" * 100_000 + "}", invalid),
        Bad("infinite.json", '{"text": NaN, "title": Infinity}', no_text),
        Bad("nan-beside.json", one().replace("{", '{"title": NaN, ', 1), text=WORDS),
        Bad("exponent.json", one().replace("{", '{"title": 1e999999, ', 1), text=WORDS),
        Bad("two-keys.json", one().replace("{", '{"text": "Other words.", ', 1), text=WORDS),
        Bad("surrogate.json", one(title="\udc00").replace("3,200", "3,200 \\ud83d"), text="Ada Finch"),
        Bad("nul.json", one().replace("Ada", "A\\u0000da"), text=WORDS),
        Bad("only-nul.json", '{"text": "\\u0000\\u0001"}', "it holds no text"),
        Bad("empty-text.json", '{"text": ""}', "it holds no text"),
        Bad("title-list.json", one(title=[1, None, {"a": 1}, ["b"]]), text=WORDS),
        Bad("title-object.json", one(title={"a": "b"}, author=True), text=WORDS),
        Bad("long-title.json", one(title="x" * 1_000_000), text=WORDS),
        Bad("day.json", one(published="2024-13-45"), "its metadata: 'published' is"),
        Bad("stamp.json", one(published=99999999999), "its metadata: 'published' is"),
        Bad("big-stamp.json", one().replace("{", '{"published": ' + "9" * 5_000 + ", ", 1), invalid),
        Bad("url.json", one(url="javascript:alert(1)"), "its metadata: 'url' is"),
        Bad("comments.json", "// " + one() + "\n" + one(), invalid),
        Bad("single-quotes.json", "{'text': 'words'}", invalid),
        Bad("comma.json", '{"text": "words",}', invalid),
        Bad("after.json", one() + one(), invalid),
        Bad("articles.json", '{"articles": {"text": "words"}}', text="words"),
        Bad("keys.json", lambda: json.dumps({f"k{n}": n for n in range(100_000)}), no_text),
        Bad("bad-bytes.json", one().encode().replace(b"Ada", b"Ad\xff"), text="Finch"),
    ]


def _json_lines() -> list[Bad]:
    good = json.dumps({"text": WORDS})
    return [
        Bad("empty.jsonl", "\n\n", "it holds no articles"),
        Bad("half.jsonl", f"{good}\n{good[:30]}", "line 2", WORDS),
        Bad("half-first.jsonl", f"{good[30:]}\n{good}", "line 1", WORDS),
        Bad("broken.jsonl", good.replace("Ada", "Ada\n"), "is no valid JSON"),
        Bad("deep.jsonl", f"{'[' * 100_000}\n{good}", "line 1", WORDS),
        Bad("types.jsonl", f"7\nnull\n[]\n{good}", "it has no", WORDS),
        Bad("numbers.jsonl", "9" * 10_000 + f"\n{good}", "line 1", WORDS),
        Bad("list.jsonl", f"[{good},\n{good}]", "is no valid JSON"),
        Bad("separators.jsonl", good.replace("Ada", "Ada\u2028"), text="Finch led"),
        Bad("returns.jsonl", good + "\r" + good, text=WORDS),
        Bad("mark.jsonl", "\ufeff" + good, text=WORDS),
        Bad("wide.jsonl", f"{good}\n{good}".encode("utf-16"), text=WORDS),
        Bad("prose.jsonl", WORDS, "line 1"),
        Bad("many-bad.jsonl", lambda: "{\n" * 5_000 + good, "line", WORDS),
        Bad("one-line.jsonl", lambda: json.dumps({"text": "", "more": "x" * 5_000_000}), "it holds no text"),
        Bad("days.jsonl", f'{good}\n{{"text": "a", "published": "soon"}}', "its metadata", WORDS),
    ]


# --- mail ------------------------------------------------------------------------------------------------------------


def _mail(sink: str) -> list[Bad]:
    head, no_text = "From: A <a@b.example>\nSubject: The bridge\nMIME-Version: 1.0\n", "it holds no text"

    def typed(kind: str, body: str | bytes, more: str = "") -> bytes:
        body = body.encode() if isinstance(body, str) else body
        return f"{head}Content-Type: {kind}\n{more}\n".encode() + body

    def nested(depth: int) -> bytes:
        inside = f"Content-Type: text/plain\n\n{WORDS}"
        for n in range(depth):
            inside = f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n{inside}\n--b{n}--\n'
        return (head + inside).encode()

    attached = f"--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=/etc/a.txt\n\n{WORDS}\n--b--"
    coded = "Content-Transfer-Encoding: base64\n"
    return [
        Bad("no-headers.eml", "\n\nWords without headers.", "it has no headers"),
        Bad("headers-only.eml", head, no_text),
        Bad("picture.eml", typed("image/png", "xxxx"), no_text),
        Bad("attachments.eml", typed("multipart/mixed; boundary=b", attached), text=WORDS),
        Bad("nested.eml", nested(50), text=WORDS),
        Bad("nested-1000.eml", nested(1_000), "its parts nest too deep in one another"),
        Bad("message.eml", typed("message/rfc822", typed("text/plain", WORDS)), text=WORDS),
        Bad("parts.eml", typed("multipart/mixed; boundary=b", "--b\n\na\n" * 2_000 + "--b--"), text="a"),
        Bad("no-boundary.eml", typed("multipart/mixed", WORDS), no_text),
        Bad("open-boundary.eml", typed("multipart/mixed; boundary=b", f"--b\n\n{WORDS}"), text=WORDS),
        Bad("header.eml", "Subject: " + "x" * 5_000_000 + f"\n\n{WORDS}", text=WORDS, heavy=True),
        Bad("folded.eml", "Subject: a\n" + " b\n" * 5_000 + f"\n{WORDS}", text=WORDS),
        Bad("headers.eml", "".join(f"X-{n}: a\n" for n in range(20_000)) + f"\n{WORDS}", text=WORDS),
        Bad("words.eml", "Subject: " + "=?utf-8?q?a?= " * 700 + f"\n\n{WORDS}", text=WORDS),
        Bad("bad-word.eml", f"Subject: =?x-none?b?%%%?= =?utf-8?b?/w==?=\n\n{WORDS}", text=WORDS),
        Bad("charset.eml", typed("text/plain; charset=x-none", WORDS), text=WORDS),
        Bad("odd-charset.eml", typed('text/plain; charset="a\0b"', WORDS), text=WORDS),
        Bad("codec.eml", typed("text/plain; charset=hex", WORDS), text=WORDS),
        Bad("wrong-charset.eml", typed("text/plain; charset=utf-8", b"caf\xe9 " + WORDS.encode()), text=WORDS),
        Bad("base64.eml", typed("text/plain", "%%%not base64%%%", coded), "it holds no text"),
        Bad("half-base64.eml", typed("text/plain", base64.b64encode(WORDS.encode())[:-3], coded), text=WORDS[:70]),
        Bad(
            "base64-and-more.eml",
            typed("text/plain", base64.b64encode((WORDS + " ").encode() * 3) + b"\n-- \nThe list", coded),
            text=WORDS,
        ),
        Bad("binary.eml", typed("text/plain; charset=iso-8859-1", noise(3_000, 10)), "it holds binary content"),
        Bad(
            "quoted.eml",
            typed("text/plain", f"{WORDS} =ZZ =", "Content-Transfer-Encoding: quoted-printable\n"),
            text=WORDS,
        ),
        Bad("encoding.eml", typed("text/plain", WORDS, "Content-Transfer-Encoding: x-none\n"), text=WORDS),
        Bad(
            "uuencode.eml",
            typed("text/plain", "begin 666 a\n%%\n", "Content-Transfer-Encoding: x-uuencode\n"),
            "it holds binary content",
        ),
        Bad("date.eml", f"Date: Tue, 99 Foo 99999 10:00:00 +9999999\n\n{WORDS}", text=WORDS),
        Bad("addresses.eml", "From: " + "a@b.example, " * 500 + f"\n\n{WORDS}", text=WORDS),
        Bad("bad-address.eml", f"From: <<<@@@>>> (((\n\n{WORDS}", text=WORDS),
        Bad("comments.eml", "From: " + "(" * 500 + f"\n\n{WORDS}", text=WORDS),
        Bad("deep-comments.eml", "From: " + "(" * 20_000 + f"\n\n{WORDS}", text=WORDS),
        Bad("many-ats.eml", "From: " + "a@" * 3_000 + f"\n\n{WORDS}", text=WORDS),
        Bad("type.eml", typed("text/plain; " + "a*0=x; " * 300, WORDS), text=WORDS),
        Bad("page.eml", typed("text/html", f"<img src='{sink}/a.png'><script>x()</script><p>{WORDS}</p>"), text=WORDS),
        Bad("outside.eml", typed(f"message/external-body; access-type=URL; URL={sink}/a", ""), no_text),
    ]


def _web_archives(sink: str) -> list[Bad]:
    head = "From: <Saved by Blink>\nSubject: The bridge\nMIME-Version: 1.0\n"
    good = page(f"<article><p>{WORDS}</p></article>")

    def saved(*parts: str) -> str:
        kind = 'Content-Type: multipart/related; type="text/html"; boundary=b\n'
        return head + kind + "".join(f"\n--b\n{part}" for part in parts) + "\n--b--\n"

    html = f"Content-Type: text/html\n\n{good}"
    return [
        Bad("no-page.mht", f"{head}Content-Type: text/plain\n\nWords.", "it holds no page"),
        Bad("empty.mht", saved(), "it holds no page"),
        Bad("pictures.mht", saved("Content-Type: image/png\n\nxx"), "it holds no page"),
        Bad("blank.mht", saved("Content-Type: text/html\n\n"), "it holds no text"),
        Bad("cut.mht", saved(html)[:-40], text=WORDS[:-9]),
        Bad("location.mht", saved(html.replace("\n\n", f"\nContent-Location: {sink}/a\n\n", 1)), text=WORDS),
        Bad(
            "script-location.mhtml", saved(html.replace("\n\n", "\nContent-Location: javascript:x\n\n", 1)), text=WORDS
        ),
        Bad(
            "coded.mht",
            saved(html.replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n", 1)),
            "it holds no text",
        ),
        Bad("frames.mht", saved(html, *[html.replace("Ada", "Eva")] * 50), text=WORDS),
        Bad(
            "deep-page.mht",
            saved("Content-Type: text/html\n\n" + "<div>" * 3_000 + WORDS),
            "its elements nest too deep",
        ),
        Bad("noise.mht", noise(3_000, 11), "it holds no page"),
    ]


# --- news items ------------------------------------------------------------------------------------------------------


def _news_items(sink: str, secret: Path) -> list[Bad]:
    def item(content: str, head: str = "") -> str:
        return f"{head}<newsItem><contentSet><inlineXML>{content}</inlineXML></contentSet></newsItem>"

    good = f"<nitf><body><body.content><p>{WORDS}</p></body.content></body></nitf>"
    no_text, entities = "the entry holds no text", "its XML declares entities"
    outside = f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    return [
        Bad("no-body.nitf", "<nitf/>", no_text),
        Bad("empty.nitf", "<nitf><body><body.content/></body></nitf>", no_text),
        Bad("caption.nitf", good.replace("<p>", "<media><p>").replace("</p>", "</p></media>"), no_text),
        Bad("outside.nitf", outside + good.replace("Ada", "&x;"), entities),
        Bad("network.newsml", item("&x;", f'<!DOCTYPE n [<!ENTITY x SYSTEM "{sink}">]>'), entities),
        Bad("laughs.nitf", laughing(9).replace("rss", "nitf"), entities),
        Bad("no-items.newsml", "<newsMessage><itemSet/></newsMessage>", "it holds no articles"),
        Bad(
            "killed.newsml",
            item("<p>x</p>").replace("<newsItem>", "<newsItem><pubStatus qcode='killed'/>"),
            "its agency",
        ),
        Bad("withheld.nitf", good.replace("<body>", "<docdata management-status='withheld'/><body>"), "its agency"),
        Bad("one-bad.newsml", f"<newsMessage>{item(good)}{item('')}</newsMessage>", no_text, WORDS),
        Bad(
            "deep.nitf",
            lambda: good.replace(WORDS, "<em>" * 50_000 + WORDS + "</em>" * 50_000),
            "its XML nests too deep",
        ),
        Bad("cut.nitf", good[:60], "it is no valid XML"),
        Bad("binary.newsml", noise(5000, 31), "it is no valid XML"),
        Bad("day.nitf", good.replace("<body>", "<docdata><date.issue norm='99999999'/></docdata><body>"), text=WORDS),
    ]


# --- OpenDocument and books ------------------------------------------------------------------------------------------


def opendocument(body: str, head: str = "") -> bytes:
    """An OpenDocument text with this XML as its body."""
    spaces = 'xmlns:office="o" xmlns:text="t" xmlns:table="b"'
    content = f"{head}<office:document-content {spaces}><office:text>{body}</office:text></office:document-content>"
    return zipped({"content.xml": content})


def _opendocument(sink: str, secret: Path) -> list[Bad]:
    good = f"<text:p>{WORDS}</text:p>"
    outside = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    return [
        Bad("bomb.odt", lambda: zipped({"content.xml": b"<p>" + b" " * 65_000_000}), "unpacked it has 65 MB"),
        Bad("outside.odt", opendocument("<text:p>&x;</text:p>", outside), "its XML declares entities"),
        Bad("cut.odt", opendocument(good)[:-60], "it is a damaged zip file"),
        Bad("no-document.odt", zipped({"other.xml": "<x/>"}), "it is a zip file, but no OpenDocument text"),
        Bad("sheet.odt", zipped({"content.xml": "<spreadsheet/>"}), "it is a zip file, but no OpenDocument text"),
        Bad("not-xml.odt", zipped({"content.xml": "<p>"}), "it is no valid XML"),
        Bad("empty.odt", opendocument(""), "it holds no text"),
        Bad("changed.odt", opendocument(f"<text:tracked-changes>{good}</text:tracked-changes>"), "it holds no text"),
        Bad("bad-meta.odt", _with(opendocument(good), "meta.xml", b"<m"), text=WORDS),
        Bad("picture.odt", opendocument(f"<text:p><image href='{sink}'/>{WORDS}</text:p>"), text=WORDS),
        Bad("deep.odt", lambda: opendocument("<text:section>" * 50_000 + "</text:section>" * 50_000), "its XML nests"),
        Bad("locked.odt", _flagged(opendocument(good)), "it is encrypted"),
        Bad("text.odt", WORDS, "it is a damaged zip file"),
        Bad(
            "notes.odt",  # each is read once, and not twice for each one around it
            opendocument(
                f"<text:p>{'<text:note><text:note-body><text:p>' * 60}{WORDS}"
                f"{'</text:p></text:note-body></text:note>' * 60}</text:p>"
            ),
            text=WORDS,
        ),
        Bad(
            "repeated.odt",
            opendocument(
                f"<table:table-row table:number-rows-repeated='999999999'>"
                f"<table:table-cell>{good}</table:table-cell></table:table-row>"
            ),
            text=WORDS,
        ),
    ]


def _with(archive: bytes, name: str, member: bytes) -> bytes:
    content = io.BytesIO(archive)
    with zipfile.ZipFile(content, "a") as opened:
        opened.writestr(name, member)
    return content.getvalue()


def book(pages: dict[str, str], head: str = "") -> bytes:
    """An electronic book of these pages."""
    items = "".join(f'<item id="{number}" href="{name}"/>' for number, name in enumerate(pages))
    spine = "".join(f'<itemref idref="{number}"/>' for number in range(len(pages)))
    package = f"{head}<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    container = '<container><rootfile full-path="a.opf"/></container>'
    kept = {name: page for name, page in pages.items() if page and ".." not in name}
    return zipped({"META-INF/container.xml": container, "a.opf": package, **kept})


def _books(secret: Path) -> list[Bad]:
    long = f"{WORDS} {WORDS} {WORDS}"
    good = page(f"<p>{long}</p>")
    no_book, gone = "it is a zip file, but no electronic book", "the book does not hold this page"
    return [
        Bad("no-container.epub", zipped({"a.xhtml": good}), no_book),
        Bad("no-package.epub", zipped({"META-INF/container.xml": "<container/>"}), no_book),
        Bad("not-xml.epub", zipped({"META-INF/container.xml": "<container"}), "it is no valid XML"),
        Bad("outside.epub", book({f"../../..{secret}": good}), gone),
        Bad("entities.epub", book({"a.xhtml": good}, laughing(5).partition("<rss")[0]), "its XML declares entities"),
        Bad("gone.epub", book({"a.xhtml": ""}), gone),
        Bad("one-gone.epub", book({"a.xhtml": good, "b.xhtml": ""}), gone, WORDS),
        Bad("no-pages.epub", book({}), "it holds no articles"),
        Bad("covers.epub", book({"a.xhtml": page("<p>Cover</p>")}), "it holds no articles"),
        Bad("binary.epub", book({"a.xhtml": bytes(range(1, 32)).decode() * 99}), "it holds binary content"),
        Bad("cut.epub", book({"a.xhtml": good})[:-60], "it is a damaged zip file"),
        Bad("text.epub", WORDS, "it is a damaged zip file"),
        Bad("names.epub", book({"./" * number + "a.xhtml": good for number in range(300)}), text=WORDS),
    ]


# --- mailboxes and tables --------------------------------------------------------------------------------------------


def _mailboxes() -> list[Bad]:
    line = "From a@b.example Tue Mar  5 10:00:00 2024\n"
    good = f"{line}From: A <a@b.example>\nSubject: One\n\n{WORDS}\n"
    return [
        Bad("text.mbox", WORDS, "it holds no messages; it is no mailbox"),
        Bad("mail.mbox", f"Subject: One\n\n{WORDS}", "it holds no messages; it is no mailbox"),
        Bad("prose.mbox", f"From here to 2024\n{WORDS}", "it holds no messages; it is no mailbox"),
        Bad("no-text.mbox", f"{line}Subject: One\n\n", "it holds no text"),
        Bad("one-bad.mbox", f"{good}{line}Subject: Two\n\n", "it holds no text", WORDS),
        Bad("binary.mbox", noise(5000, 32), "it holds no messages; it is no mailbox"),
        Bad(
            "binary-body.mbox", f"{line}Subject: One\n\n".encode() + bytes(range(1, 9)) * 99, "it holds binary content"
        ),
        Bad("cut.mbox", good + line[:20], text=WORDS),
        Bad("quoted.mbox", f"{good}>From b@c.example Tue Mar  5 10:00:00 2024\nSubject: x\n\nx", text=WORDS),
        Bad("no-boundary.mbox", f"{line}Content-Type: multipart/mixed\n\n{WORDS}", "it holds no text"),
        Bad("many.mbox", lambda: good * 500, text=WORDS),
        Bad("digits.mbox", lambda: "From " + "1" * 3_000_000, "it holds no messages; it is no mailbox"),
        Bad(
            "boundaries.mbox", lambda: f"{line}Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n" * 500_000, "it"
        ),
    ]


def _tables() -> list[Bad]:
    no_columns, no_text = "its first line does not name the columns", "it holds no text"
    return [
        Bad("no-header.csv", f"1,2\n3,{WORDS}", no_columns),
        Bad("one-line.csv", WORDS, no_columns),
        Bad("titles.csv", "title,date\nBridge,2024-03-05", no_columns),
        Bad("no-rows.csv", "title,text", "it holds no articles"),
        Bad("empty-rows.csv", "title,text\n,\n,\n", "it holds no articles"),
        Bad("no-text.csv", "title,text\nBridge,", no_text),
        Bad("one-bad.csv", f'title,text\nBridge,"{WORDS}"\nFerry,', no_text, WORDS),
        Bad("short-row.csv", f'text,title\n"{WORDS}"', text=WORDS),
        Bad("long-row.csv", f'text\n"{WORDS}",1,2,3', text=WORDS),
        Bad("open-quote.csv", f'text\n"{WORDS}', text=WORDS),
        Bad("long-cell.csv", lambda: 'text\n"' + "a " * 100_000 + '"', "its rows cannot be told apart"),
        Bad("zeros.tsv", f"text\ttitle\n{WORDS}\0\tx", text=WORDS),
        Bad("binary.csv", noise(5000, 33), "it holds binary content"),
        Bad("formula.csv", f'title,text\n"=cmd|x!A1","{WORDS}"', text=WORDS),
        Bad("day.csv", f'published,text\nsoon,"{WORDS}"', "its metadata: 'published' is 'soon'"),
    ]


def _spreadsheets(secret: Path) -> list[Bad]:
    good = workbook([["title", "text"], ["Bridge", WORDS]])
    no_columns, no_table = "its first line does not name the columns", "it is no table that can be read"
    entities = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    return [
        Bad("no-header.xlsx", workbook([["1", "2"], ["3", WORDS]]), no_columns),
        Bad("empty.xlsx", workbook([]), no_columns),
        Bad("no-rows.xlsx", workbook([["title", "text"]]), "it holds no articles"),
        Bad("one-bad.xlsx", workbook([["title", "text"], ["Bridge", WORDS], ["Ferry", ""]]), "it holds no text", WORDS),
        Bad("cut.xlsx", good[:-60], "it is a damaged zip file"),
        Bad("text.xlsx", WORDS, "it is a damaged zip file"),
        Bad("word.xlsx", docx(paragraph(WORDS)), no_table),
        Bad("bomb.xlsx", lambda: zipped({"xl/workbook.xml": b" " * 65_000_000}), "unpacked it has 65 MB"),
        Bad("outside.xlsx", workbook([["text"], [WORDS]], before=entities), text=WORDS),
        Bad("not-xml.xlsx", workbook([["text"], [WORDS]], before="<<"), text=WORDS),
        Bad("day.xlsx", workbook([["published", "text"], ["soon", WORDS]]), "its metadata: 'published' is 'soon'"),
        Bad("binary.xlsx", noise(5000, 40), "it is a damaged zip file"),
        Bad("far-cell.xlsx", far_cell("XFD1048576"), "a sheet has 16,384 columns and 1,048,576 rows"),
        Bad("far-column.xlsx", far_cell("XFD3000"), "a sheet has 16,384 columns and 3,000 rows"),
        Bad("empty-far-cell.xlsx", far_cell("XFD1048576", "/>"), text=WORDS),
    ]


def far_cell(place: str, rest: str = ' t="inlineStr"><is><t>x</t></is></c>') -> bytes:
    """A workbook of one article, and a cell at that place."""
    row = f'<row r="{place.lstrip("XFD")}"><c r="{place}"{rest}</row>'
    return workbook([["title", "text"], ["Bridge", WORDS]], after=row)


def _rich_text(sink: str, secret: Path) -> list[Bad]:
    field = f"{{\\field{{\\*\\fldinst INCLUDETEXT {secret.as_uri()} }}{{\\fldrslt x}}}}"
    return [
        Bad("empty.rtf", "{\\rtf1}", "it holds no text"),
        Bad("text.rtf", WORDS, "it is no RTF file"),
        Bad("binary.rtf", noise(5000, 41), "it is no RTF file"),
        Bad("open.rtf", f"{{\\rtf1 {{{{{{{WORDS}", text=WORDS),
        Bad("closed.rtf", f"{{\\rtf1 {WORDS}}}}}}}}}", text=WORDS),
        Bad("deep.rtf", lambda: "{\\rtf1 " + "{" * 100_000 + WORDS, text=WORDS),
        Bad("hidden.rtf", "{\\rtf1{\\v Hidden words.}}", "it holds no text"),
        Bad("field.rtf", f"{{\\rtf1 {field} {WORDS}}}", text=WORDS),
        Bad("link.rtf", f"{{\\rtf1 {{\\*\\template {sink}/a.dot}}{WORDS}}}", text=WORDS),
        Bad("odd-byte.rtf", f"{{\\rtf1\\ansicpg932 \\'81\\'20 {WORDS}}}", text="Ada Finch"),
        Bad("odd-page.rtf", f"{{\\rtf1\\ansicpg99999 {WORDS}}}", text=WORDS),
        Bad("letters.rtf", f"{{\\rtf1 \\u999999999? {WORDS}}}", "it is a damaged RTF file"),
        Bad("picture.rtf", lambda: "{\\rtf1{\\pict " + "ff" * 500_000 + f"}} {WORDS}}}", text=WORDS),
    ]


def _old_word() -> list[Bad]:
    mark = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return [
        Bad("text.doc", WORDS, "it is no Word document"),
        Bad("binary.doc", noise(5000, 42), "it is no Word document"),
        Bad("zeros.doc", bytes(5000), "it is no Word document"),
        Bad("mark.doc", mark, "it"),
        Bad("empty.doc", mark + bytes(600), "it"),
        Bad("noise.doc", mark + bytes(504), "it"),
        Bad("long.doc", lambda: mark + bytes(15_000_000), "it"),
        Bad("ones.doc", mark + b"\xff" * 5_000, "it"),
        Bad("page.doc", page(f"<p>{WORDS}</p>"), text=WORDS),
        Bad("rich.doc", f"{{\\rtf1 {WORDS}}}", text=WORDS),
        Bad("new.doc", docx(paragraph(WORDS)), text=WORDS),
    ]


def _subtitles() -> list[Bad]:
    none = "it holds no subtitles"
    time = "00:00:01,000 --> 00:00:02,000\n"
    return [
        Bad("text.srt", WORDS, none),
        Bad("no-words.srt", f"1\n{time}\n\n2\n{time}", none),
        Bad("music.srt", f"1\n{time}[Music]\n", none),
        Bad("header.vtt", "WEBVTT\n\nNOTE nothing\n", none),
        Bad("binary.srt", noise(5000, 43), "it holds binary content"),
        Bad("no-number.srt", f"{time}{WORDS}", text=WORDS),
        Bad("backwards.srt", f"00:09:01,000 --> 00:00:02,000\n{WORDS}", text=WORDS),
        Bad("late.vtt", f"WEBVTT\n\n999:59:59.999 --> 999:59:59.999\n{WORDS}", text=WORDS),
        Bad("seconds.srt", f"00:99:99,000 --> 00:99:99,999\n{WORDS}", text=WORDS),
        Bad("tags.vtt", lambda: f"WEBVTT\n\n00:01.000 --> 00:02.000\n{'<i>' * 10_000}{WORDS}", text=WORDS),
        Bad("open-tags.vtt", lambda: f"WEBVTT\n\n00:01.000 --> 00:02.000\n{WORDS} {'<' * 50_000}", text=WORDS),
        Bad("many.srt", lambda: "".join(f"{time}{WORDS} {n}\n\n" for n in range(5_000)), text=WORDS),
        Bad("cut.srt", f"1\n{time}{WORDS}\n\n2\n00:00:0", text=WORDS),
    ]


def _crawls() -> list[Bad]:
    good = crawled(page(f"<article><p>{WORDS}</p></article>"))
    damaged, no_page = "it is a damaged web archive", "it holds no page"
    return [
        Bad("text.warc", WORDS, "it"),
        Bad("binary.warc", noise(5000, 44), damaged),
        Bad("packed.warc.gz", gzip.compress(good), text=WORDS),
        Bad("cut.warc.gz", gzip.compress(good)[:60], "it"),
        Bad("bomb.warc.gz", lambda: gzip.compress(crawled("a " * 15_000_000)), "it", heavy=True),
        Bad("error.warc", crawled("<p>Not here</p>", status="404 Not Found"), no_page),
        Bad("script.warc", crawled("x()", kind="text/javascript"), no_page),
        Bad("no-words.warc", crawled("<html><body></body></html>"), "it holds no text"),
        Bad("half.warc", good + good[:80], text=WORDS),  # the second has not even an address
        Bad("no-length.warc", good.replace(b"Content-Length", b"Content-Lenght", 1), text=WORDS),
        Bad("long-length.warc", good.replace(b"Content-Length: ", b"Content-Length: 9", 1), text=WORDS),
        Bad("negative.warc", good.replace(b"Content-Length: ", b"Content-Length: -", 1), damaged),
        Bad("digits.warc", good.replace(b"Content-Length: ", b"Content-Length: " + b"9" * 5_000, 1), damaged),
        Bad("thrice.warc.gz", lambda: gzip.compress(gzip.compress(gzip.compress(bytes(9_000_000)))), damaged),
        Bad("version.warc", good.replace(b"WARC/1.0", b"WARC/9.9", 1), "it"),
    ]


def _pictures() -> list[Bad]:
    """With Tesseract or without it, none of these is read, and none harms."""
    picture = "it is"
    return [
        Bad("empty.png", b"\x89PNG\r\n\x1a\n", picture),
        Bad("noise.png", b"\x89PNG\r\n\x1a\n" + noise(5000, 45), picture),
        Bad("text.png", WORDS, picture),
        Bad("huge.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\2\0\0\0" + bytes(50), picture),
        Bad("zeros.jpg", bytes(5000), picture),
        Bad("cut.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", picture),
        Bad("noise.jpeg", b"\xff\xd8\xff\xe0" + noise(5000, 46), picture),
        Bad("cut.tif", b"II*\0\x08\0\0\0", picture),
        Bad("loop.tiff", b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + bytes(40), picture),
        Bad("list.png", "/etc/passwd\n", picture),
        Bad("pdf.png", GOOD_PDF, picture),
    ]


# --- what a file is, what it is called, and where it lies -------------------------------------------------------------


def _wrong_type() -> list[Bad]:
    binary, picture = "it holds binary content", "it is a picture"
    return [
        Bad("binary.txt", noise(5000), binary),
        Bad("program.txt", b"\x7fELF\x02\x01\x01" + bytes(9) + noise(500, 12), binary),
        Bad("binary.md", noise(5000, 13), binary),
        Bad("binary.html", noise(5000, 14), binary),
        Bad("binary.json", noise(5000, 15), binary),
        Bad("binary.eml", noise(5000, 16), "it"),
        Bad("binary.rss", noise(5000, 17), "it is no valid XML"),
        Bad("binary.docx", noise(5000, 18), "it is a damaged zip file"),
        Bad("binary.pdf", noise(5000, 19), "it is encrypted or damaged"),
        Bad("binary.zip", noise(5000, 20), "it is a damaged zip file"),
        Bad("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(100), picture),
        Bad("photo.txt", b"\xff\xd8\xff\xe0" + noise(500, 21), picture),
        Bad("moving.md", b"GIF89a" + bytes(100), picture),
        Bad("packed.txt", b"\x1f\x8b\x08" + noise(500, 22), "it is packed with gzip"),
        Bad("seven.txt", b"7z\xbc\xaf\x27\x1c" + noise(500, 23), "it is packed with 7z"),
        Bad("rar.html", b"Rar!\x1a\x07" + noise(500, 24), "it is packed with RAR"),
        Bad("rich.txt", f"{{\\rtf1 {WORDS}}}", text=WORDS),
        Bad("office.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it is an old Word or Office file"),
        Bad("archive.docx", zipped({"a.txt": WORDS}), "it is a zip file, but no Word document"),
        Bad("archive.txt", zipped({"a.txt": WORDS}), "it is a zip file, but no Word document"),
        Bad("word.zip", docx(paragraph(WORDS)), "it is XML, but no RSS"),
        Bad("document.html", GOOD_PDF, text=WORDS),
        Bad("document.txt", GOOD_PDF, text=WORDS),
        Bad("word.pdf", docx(paragraph(WORDS)), text=WORDS),
        Bad("page.txt", page(f"<p>{WORDS}</p>"), text=WORDS),
        Bad("page.pdf", page(f"<p>{WORDS}</p>"), text=WORDS),
        Bad("text.pdf", WORDS, "it is encrypted or damaged"),
        Bad("text.docx", WORDS, "it is a damaged zip file"),
        Bad("text.html", WORDS, text=WORDS),
        Bad("text.json", WORDS, "it is no valid JSON"),
        Bad("text.xml", WORDS, "it is no valid XML"),
        Bad("unknown.xyz", WORDS, "files of this type are not read"),
        Bad("no-suffix", WORDS, "files of this type are not read"),
        Bad("database.sqlite3", b"SQLite format 3\0" + bytes(84), "files of this type are not read"),
    ]


def _names() -> list[Bad]:
    kept = (
        "-rf.txt",
        "a b.txt",
        " lead.txt",
        "è ü ж 中.txt",
        "😀.txt",
        "CON.txt",
        "NUL.md",
        "aux.html",
        "a" * 251 + ".txt",
        "a;b&c|d.txt",
        "'quoted'.txt",
        '"double".txt',
        "$(touch x).txt",
        "%2e%2e.txt",
        "#1.txt",
        "a.jsonl#3.txt",
        "a\\b.txt",
        "a:b.txt",
        "<b>.txt",
        "[link](x).txt",
        "UPPER.TXT",
        "a...txt.txt",
        "a..b.txt",
        "'; DROP TABLE articles.txt",
    )
    escaped = (
        b"caf\xe9.txt",
        b"\xff\xfe.txt",
        b"two\nlines.txt",
        b"tab\there.txt",
        b"\x1b[31m.txt",
        "\u202eevil.txt".encode(),
        "zero\u200b.txt".encode(),
        "tag\U000e0041.txt".encode(),
        "line\u2028.txt".encode(),
        "\ufeffmark.txt".encode(),
        b"back\x08.txt",
        b"bell\x07.txt",
    )
    return [Bad(name, WORDS, text=WORDS) for name in kept] + [
        Bad(os.fsdecode(name), WORDS, "its name cannot be stored") for name in escaped
    ]


def _listening(path: Path) -> None:
    """A socket in the file system; it stays when nobody listens any more."""
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(path.parent)  # the whole path may be too long for a socket
        try:
            listening.bind(path.name)
        finally:
            os.chdir(before)


def _device(path: Path) -> None:
    """The device /dev/zero; a pipe where nobody may make a device."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        os.mkfifo(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(5_000_000_000)


def _places(secret: Path) -> list[Bad]:
    link, irregular = "it is a symbolic link", "it is not a regular file"

    def linked(target: Path | str) -> Callable[[Path], None]:
        return lambda path: path.symlink_to(target)

    def grow(path: Path) -> None:
        path.write_text(WORDS * 9, encoding="utf-8")

    def become_link(path: Path) -> None:
        path.unlink()
        path.symlink_to(secret)

    def become_pipe(path: Path) -> None:
        path.unlink()
        os.mkfifo(path)

    return [
        Bad("out.txt", None, link, place=linked(secret)),
        Bad("out.zip", None, link, place=linked(secret)),
        Bad("relative.txt", None, link, place=linked(f"../../{secret.name}")),
        Bad("loop.txt", None, link, place=linked("loop.txt")),
        Bad("nowhere.txt", None, link, place=linked("nothing-here")),
        Bad("folder", None, link, place=linked(secret.parent)),
        Bad("parent", None, link, place=linked("..")),
        Bad("processes", None, link, place=linked("/proc/self")),
        Bad("beside.txt", None, link, place=linked("changed.txt")),
        Bad("pipe.txt", None, irregular, place=os.mkfifo),
        Bad("pipe.zip", None, irregular, place=os.mkfifo),
        Bad("socket.pdf", None, irregular, place=_listening),
        Bad("device.txt", None, irregular, place=_device),
        Bad("changed.txt", WORDS, text=WORDS * 9, meddle=grow),
        Bad("removed.txt", WORDS, "it was deleted", meddle=Path.unlink),
        Bad("removed.zip", zipped({"a.txt": WORDS}), "it was deleted", meddle=Path.unlink),
        Bad("swapped.txt", WORDS, link, meddle=become_link),
        Bad("piped.txt", WORDS, irregular, meddle=become_pipe),
        Bad("emptied.txt", WORDS, "the file is empty", meddle=lambda path: path.write_bytes(b"")),
        Bad("sparse.txt", None, "it has 5000.0 MB", place=_sparse, heavy=True),
        Bad("sparse.zip", None, "it is a damaged zip file", place=_sparse, heavy=True),
    ]


def _unicode() -> list[Bad]:
    def between(sign: str) -> str:
        return sign.join(WORDS)

    look_alike = WORDS.translate(str.maketrans("aeop", "аеор"))
    return [
        Bad("tags.txt", WORDS + "".join(chr(0xE0000 + ord(sign)) for sign in "obey"), text=WORDS),
        Bad("zero-width.txt", between("\u200b"), text=WORDS),
        Bad("word-joiner.txt", between("\u2060"), text=WORDS),
        Bad("marks-inside.txt", between("\ufeff"), text=WORDS),
        Bad("override.txt", f"\u202e{WORDS}\u202c", text=WORDS),
        Bad("isolates.txt", "\u2066\u2067\u2068" * 50 + WORDS + "\u2069" * 99, text=WORDS),
        Bad("invisible.txt", "\u200b\u2060\ufeff\u202e" * 99, "it holds no text"),
        Bad("look-alikes.txt", look_alike, text=look_alike),
        Bad("combining.md", WORDS + " a" + "\u0301" * 10_000, text=WORDS),
        Bad("mixed-combining.txt", WORDS + "".join(islice(cycle("\u0300\u0316\u0323\u0301"), 10_000)), text=WORDS[:-1]),
        Bad("decomposed.txt", "Cafe\u0301 " + WORDS, text="Café"),
        Bad("ligature.txt", WORDS + "\ufdfa" * 9_000, text=WORDS),
        Bad("noncharacters.txt", WORDS + " \ufffe\uffff\U0010ffff", text=WORDS),
        Bad("private.txt", WORDS + " \ue000\U000f0000", text=WORDS),
        Bad("surrogates.txt", (WORDS + " \ud83d \udc00").encode("utf-8", "surrogatepass"), text=WORDS),
        Bad("overlong.txt", WORDS.encode() + b" \xc0\xaf \xf8\x88\x80\x80\x80", text=WORDS),
        Bad("cut.txt", (WORDS + " è").encode()[:-1], text=WORDS),
        Bad("emoji.txt", WORDS + " " + "👩\u200d👩\u200d👧" * 999, text=WORDS),
        Bad("variations.txt", WORDS + "a" + "\ufe0f\U000e0100" * 5_000, text=WORDS),
        Bad("hangul.txt", WORDS + " " + "\u1100" * 5_000 + "\u1161" * 5_000, text=WORDS),
        Bad("replaced.txt", "\ufffd" * 999, text="\ufffd"),
        Bad("tags-title.html", page(f"<h1>A{chr(0xE0041) * 99}</h1><p>{WORDS}</p>"), text=WORDS),
    ]
