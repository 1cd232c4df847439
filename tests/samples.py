"""Small real files of the kinds that are read, made by hand."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from index.articles import Article, Skipped
from index.reading.units import read_file

FIRST = "The iron bridge in Marlow reopened on 4 March after two years of work."
SECOND = "Engineer Ada Finch led the repair, which cost 3,200 crowns in the end."
HEAD = "From: Ada Finch <ada@wren.example>\nSubject: Bridge\nDate: Tue, 5 Mar 2024 10:00:00 +0100\nMIME-Version: 1.0\n"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(pages: Sequence[Sequence[str]], title: str = "", trailer: str = "") -> bytes:
    """A PDF whose pages hold these lines, in Latin-1."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        shown = " ".join(f"({_in_pdf(line)}) Tj T*" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td {shown} ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    objects.append(f"<< /Title ({_in_pdf(title)}) >>")
    content, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, written in enumerate(objects, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{written}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = (
        f"trailer\n<< /Size {size} /Root 1 0 R /Info {len(objects)} 0 R {trailer} >>\nstartxref\n{len(content)}\n%%EOF"
    )
    return bytes(content) + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}\n".encode()


def _in_pdf(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def docx(body: str, title: str = "") -> bytes:
    """A Word document with this XML (prefix w) as its body."""
    core = f'<cp xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></cp>'
    document = f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document, "docProps/core.xml": core})


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of such a document."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def workbook(rows: Sequence[Sequence[str]], before: str = "", after: str = "") -> bytes:
    """A spreadsheet with one table of these rows; `before` stands before the table's XML, `after` behind its rows."""
    main, package = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "openxmlformats"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = f"application/vnd.{package}-officedocument.spreadsheetml"
    cell = "<c t='inlineStr'><is><t>{}</t></is></c>".format
    cells = "".join(f"<row>{''.join(cell(escape(value)) for value in row)}</row>" for row in rows)
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{links}"><Relationship Id="r" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Wire" sheetId="1" '
            'r:id="r"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{links}"><Relationship Id="r" '
            f'Type="{office}/worksheet" Target="sheet.xml"/></Relationships>',
            "xl/sheet.xml": f'{before}<worksheet xmlns="{main}"><sheetData>{cells}{after}</sheetData></worksheet>',
        }
    )


def crawled(
    page: str, status: str = "200 OK", kind: str = "text/html", address: str = "https://wren.example/"
) -> bytes:
    """A web archive of one answer."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\n\r\n{page}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-03-09T00:00:00Z\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip file of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def read(folder: Path, name: str, content: str | bytes) -> list[Article | Skipped]:
    """What becomes of a file of that name and content in the folder."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(folder, name)


def read_one(folder: Path, name: str, content: str | bytes) -> Article:
    """The one article of such a file."""
    [article] = read(folder, name, content)
    assert isinstance(article, Article), article
    return article
