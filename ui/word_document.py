"""A conversation as a Word document: each question a heading, each answer with a footnote for every sentence cited.

No library that is kept writes footnotes, so that the few parts of such a document are written here.
"""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from assistant.answers import Statement
from index.languages.cldr import is_from_right
from ui.answer_text import DIFFER, plain, quoted, told
from ui.record import Quote, Record, refusal, short_origin

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
# A moment that no clock tells: the same conversation gives the same file.
_MOMENT = (1980, 1, 1, 0, 0, 0)

_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{_MAIN}">'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    '<w:pPr><w:spacing w:after="120"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:keepNext/><w:spacing w:before="360"/><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="30"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/><w:basedOn w:val="Normal"/>'
    '<w:rPr><w:sz w:val="18"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
    '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>'
)
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPES}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
    f'<Override PartName="/word/footnotes.xml" ContentType="{_TYPES}.footnotes+xml"/></Types>'
)
_ROOT = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_PARTS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/footnotes" Target="footnotes.xml"/></Relationships>'
)
# Word wants these two before any other.
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


def to_word(records: Sequence[Record]) -> bytes:
    """The document of these questions and answers, in order."""
    writer = _Writer()
    for record in records:
        writer.add(record)
    body = "".join(writer.body)
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT,
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": _PARTS,
        "word/styles.xml": _STYLES,
        "word/footnotes.xml": (
            f'{_HEAD}<w:footnotes xmlns:w="{_MAIN}">{_SEPARATORS}{"".join(writer.footnotes)}</w:footnotes>'
        ),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as document:
        for name, part in parts.items():
            document.writestr(zipfile.ZipInfo(name, _MOMENT), part)
    return written.getvalue()


class _Writer:
    """The paragraphs of the document, and its footnotes, which are numbered on through all of it."""

    def __init__(self) -> None:
        self.body: list[str] = []
        self.footnotes: list[str] = []

    def add(self, record: Record) -> None:
        """One question and its answer."""
        quotes = {one.number: one for one in record.citations}
        from_right = is_from_right(record.language)
        self.body.append(_paragraph(_run(record.question), "Heading1", from_right))
        if not record.answered:
            self.body.append(_paragraph(_run(refusal(record)), "", from_right))
        is_prose = all(one.role == "value" for one in record.statements)
        written = [self._statement(one, quotes) for one in record.statements]
        for paragraph in [_run(" ").join(written)] if is_prose and written else written:
            self.body.append(_paragraph(paragraph, "", from_right))
        if record.accounts:
            self.body.append(_paragraph(_run(DIFFER), "", False))
            self.body += [_paragraph(_run(f"– {told(one)}"), "", False) for one in record.accounts]

    def _statement(self, statement: Statement, quotes: dict[int, Quote]) -> str:
        cited = [self._footnote(quotes[number]) for number in statement.citations if number in quotes]
        return _run(plain(statement.text)) + "".join(cited)

    def _footnote(self, quote: Quote) -> str:
        """The mark of a new footnote with the sentence and where it stands."""
        number = len(self.footnotes) + 1
        sign = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        text = sign + _run(f" {quoted(quote.text)} ") + _run(short_origin(quote))
        paragraph = _paragraph(text, "FootnoteText", is_from_right(quote.language))
        self.footnotes.append(f'<w:footnote w:id="{number}">{paragraph}</w:footnote>')
        return f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'


def _paragraph(runs: str, style: str, from_right: bool) -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    direction = "<w:bidi/>" if from_right else ""
    return f"<w:p><w:pPr>{named}{direction}</w:pPr>{runs}</w:p>"


def _run(text: str) -> str:
    """The text, of which nothing is markup; what no XML may hold is left out."""
    kept = "".join(one for one in text if one in "\t\n" or (ord(one) >= 32 and not 0xD800 <= ord(one) < 0xE000))
    kept = kept.replace("\ufffe", "").replace("\uffff", "")
    return f'<w:r><w:t xml:space="preserve">{escape(kept)}</w:t></w:r>'
