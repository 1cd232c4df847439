"""What is new is attacked: exports, tables, front matter, states of scripts, archives, and texts that take no end."""

import csv
import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from records import ANSWER, ARTICLE, CITATION
from samples import read, zipped

from assistant.facts.dates import dates_in
from assistant.facts.quantities import quantities_in
from assistant.lookup.lookup import Found
from index.articles import Article, Skipped
from index.languages.detection import detect_language
from index.languages.words import languages
from index.reading.units import read_file
from index.splitting.passages import cut
from ui.citation_formats import to_bibtex, to_rich_text, to_ris, to_text
from ui.hit_table import as_csv
from ui.record import Record, to_markdown
from ui.word_document import to_word

SECONDS = 5.0

# What draws nothing, begins a line, commands a terminal, or may stand in no XML.
CONTROLS = (
    *("\0", "\a", "\b", "\v", "\f", "\r", "\r\n", "\n", "\x1b[31m", "\x1c", "\x1d", "\x1e", "\x7f", "\x85", "\x9b"),
    *("\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\u00ad", "\ufeff", "\ufffe", "\uffff", "\U000e0041"),
)
MARKUP = (
    "<script>alert(1)</script>",
    "</w:t></w:r></w:p><w:p><w:r><w:t>",
    "]]><w:instrText>DDEAUTO c:\\\\x</w:instrText>",
    "&xxe;<!DOCTYPE a [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>",
    "<img src=http://a.example onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "{{7*7}} ${7*7} #{7*7} <%= 7 %>",
)


def cited(hostile: str) -> Record:
    text = f"He left{hostile}TY  - BOOK{hostile}@book{{x,{hostile}the town."
    quote = replace(CITATION, text=text, title=text, source=text, article=f"a{hostile}.txt")
    return replace(ANSWER, question=text, citations=(quote,))


@pytest.mark.parametrize("hostile", [*CONTROLS, *MARKUP])
def test_no_source_breaks_out_of_what_it_is_exported_to(hostile: str) -> None:
    given = cited(hostile)
    ris = to_ris(given)
    assert [line[:6] for line in ris.removesuffix("\r\n").split("\r\n")] == [
        f"{tag}  - " for tag in ("TY", "TI", "T2", "DA", "PY", "LA", "N1", "AN", "ER")
    ]
    assert len(ris.splitlines()) == 9 and ris.isprintable() is False
    bibtex = to_bibtex(given)
    assert len(bibtex.splitlines()) == 8 and bibtex.count("@article{") == 1 and "\n@book" not in bibtex
    with zipfile.ZipFile(io.BytesIO(to_word([given]))) as made:
        parts = {name: ElementTree.fromstring(made.read(name)) for name in made.namelist()}
    notes = [one for one in parts["word/footnotes.xml"] if one.attrib.get(f"{{{WORD}}}type") is None]
    assert len(notes) == 1 and not list(parts["word/footnotes.xml"].iter(f"{{{WORD}}}instrText"))
    rich = to_rich_text(given)
    assert "<script" not in rich and "<img" not in rich and rich.count("<li") == 1
    for written in (to_text(given), to_markdown(given), rich, ris, bibtex):
        assert not set(written) & set("\0\a\b\v\f\x1b\x1c\x1d\x1e\x7f\x85\x9b\u2028\u2029\u202e\u2066") - {"\f"}
        written.encode()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "＝1", "＋1", "－1", "＠x", '=HYPERLINK("http://a.example")', "=cmd|'/c'!A0")
BEFORE = ("", " ", "\t", "\r", "\n", "; ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u00ad", "\u2060", '"', "'")


@pytest.mark.parametrize("before", BEFORE)
def test_no_cell_of_a_table_of_hits_is_a_formula(before: str) -> None:
    for formula in FORMULAS:
        article = replace(ARTICLE, title=before + formula, source=before + formula, author=before + formula)
        text = before + formula
        table = as_csv(
            [Found(article=replace(article, text=text), start=0, end=len(text), text=text, marks=(), value=1.0)]
        )
        [_, row] = csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline=""))
        for cell in row:
            shown = cell.lstrip(' \t\r\n;\u00a0\u3000\u200b\ufeff\u00ad\u2060"')
            assert not shown.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), cell


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12)
        ) + "title: *m\n---\nText of the town."),
        ("a.md", "---\ntitle: " + "[" * 15_000 + "\n---\nText of the town."),
        ("a.md", "+++\ntitle = " + "[" * 15_000 + "\n+++\nText of the town."),
        ("a.md", "{" + '"a":{' * 5_000 + "\n\nText of the town."),
        ("a.txt", '{"title": "' + "x" * 19_000 + '"}\n\nText of the town.'),
        ("a.txt", "Title: " * 200_000),
        ("a.txt", "a: b\n" * 200_000),
        ("a.txt", "''a " * 250_000),
        ("a.txt", "``a " * 250_000),
        ("a.txt", "`a" * 400_000),
        ("a.txt", "'" * 900_000),
        ("a.txt", "((" * 400_000),
        ("a.html", "<script>" + "window.a={" * 200_000),
        ("a.html", "<script>" + "x.y='" * 200_000),
        ("a.html", "<script>window.__NUXT__=(function(" + "a," * 9_000 + "){return {a:" + "(" * 90_000),
        ("a.html", "<script type='application/json'>[[\"R\",1]" + ",{\"a\":1}" * 40_000 + "]</script>"),
        ("a.html", "<div hidden><p>x</p></div>" * 1_000),
        ("a.html", "<title>" + "x" * 900_000 + "</title><script>window.s={title:'x'}</script>"),
    ],
    ids=map(str, range(18)),
)  # fmt: skip
def test_a_file_made_to_cost_much_is_read_or_refused_in_time(tmp_path: Path, name: str, content: str) -> None:
    read(tmp_path, f"warm{name[1:]}", "Some words of the town.")  # loads what reads it
    began = time.process_time()
    outcomes = read(tmp_path, name, content)
    assert outcomes and time.process_time() - began < SECONDS
    assert all(isinstance(one, Skipped) or len(one.title) <= 500 for one in outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(spoken.code for spoken in languages()))
def test_whatever_is_repeated_is_split_and_told_in_time(code: str) -> None:
    spoken = next(one for one in languages() if one.code == code)
    part = " " if spoken.writing.spaces else ""
    numbers = [word for row in (spoken.numbers.cardinals, spoken.numbers.tens) for words in row for word in words]
    days = [word.replace("*", "") for word in (*spoken.dates.of, *spoken.dates.ago, *spoken.dates.month)]
    units = ("1", "1 ", "1.", "12. ", "1,000,", "12/", "1-", ". ", part.join(numbers), numbers[5] + part, numbers[5])
    for unit in (*units, part.join(days) + part, part.join((*days[:3], *numbers[:9]))):
        text = (unit * (3_000 // len(unit) + 1))[:3_000]
        article = Article("a.txt", "", text, "2024-03-05", code)
        began = time.process_time()
        made = cut(article, lambda words: len(words.split()))
        dates_in(article)
        for one in made.sentences:
            quantities_in(article, one.start, one.end)
        quantities_in(article, 0, len(text))
        detect_language(text)
        assert time.process_time() - began < SECONDS, unit[:20]


@pytest.mark.parametrize(
    "name", ["../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt", "a/../../out.txt", "a\0.txt", "con.txt", ".."]
)
def test_no_member_of_an_archive_is_written_or_named_outside_of_it(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    outcomes = read(inside, "a.zip", zipped({name: "Some words of the town.", "good.txt": "Some words of Osk."}))
    assert "a.zip/good.txt" in [one.id for one in outcomes if isinstance(one, Article)]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_a_link_in_the_folder_is_no_way_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The code of the vault is 4711.")
    inside = tmp_path / "in"
    inside.mkdir()
    for name in ("a.txt", "b.md", "c.html", "d.eml", "e.json"):
        (inside / name).symlink_to(tmp_path / "secret.txt")
    outcomes = [one for name in ("a.txt", "b.md", "c.html", "d.eml", "e.json") for one in read_file(inside, name)]
    assert len(outcomes) == 5 and all(isinstance(one, Skipped) for one in outcomes)
