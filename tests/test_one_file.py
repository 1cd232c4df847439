"""One file against the machine: what comes out of it is bounded, whatever goes in, and what it cost is remembered."""

import json
import zipfile
from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding

from index.articles import Article, Skipped
from index.engines import local
from index.engines.local import in_sized_groups
from index.generations.generation import COPIES_NAMED
from index.generations.pointer import open_current
from index.reading import limits, workers
from index.reading.units import read_file
from index.reading.workers import Workers
from index.rebuild import rebuild
from index.search import search
from index.splitting import passages
from index.splitting.passages import cut

SENTENCE = "The harbour master of Quibble is Rufus Thornapple, said the council. "


def zipped(path: Path, members: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_of_millions_of_flaws_a_hundred_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" + ",".join(["{}"] * 5_000) + "]")
    zipped(tmp_path / "b.zip", {f"{number}.json": "[{},{}]" for number in range(200)})
    one, other = read_file(tmp_path, "a.json"), read_file(tmp_path, "b.zip")
    assert one[100:] == [Skipped("a.json", "4,900 more of its parts cannot be read")]
    assert other[100:] == [Skipped("b.zip", "300 more of its parts cannot be read")]
    with Workers(tmp_path, 2) as readers:
        assert readers.read(["a.json", "b.zip"]) == [one, other]


def test_a_file_holds_so_many_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ARTICLES", 3)
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"text": f"Article {n}."}) for n in range(5)))
    *articles, rest = read_file(tmp_path, "a.jsonl")
    assert [one.id for one in articles if isinstance(one, Article)] == ["a.jsonl#1", "a.jsonl#2", "a.jsonl#3"]
    assert rest == Skipped("a.jsonl", "only its first 3 articles were read; split it")


def test_an_archive_is_read_no_further_than_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (limits, workers):
        monkeypatch.setattr(module, "MOST_ARTICLES", 3)
    monkeypatch.setattr(workers, "MOST_REASONS", 0)
    zipped(tmp_path / "a.zip", {f"{number}.txt": "Some words." for number in range(10)})
    with Workers(tmp_path, 1) as readers:
        [[*articles, rest]] = readers.read(["a.zip"])
    assert [one.id for one in articles if isinstance(one, Article)] == ["a.zip/0.txt", "a.zip/1.txt", "a.zip/2.txt"]
    assert rest == Skipped("a.zip", "only its first 3 articles were read; split it")


def workbook(path: Path, cell: str, rows: int) -> None:
    """A sheet whose rows all show one cell, which the file holds once."""
    namespace = "http://schemas.openxmlformats.org"
    main, relations = f"{namespace}/spreadsheetml/2006/main", f"{namespace}/officeDocument/2006/relationships"
    packed = f"{namespace}/package/2006/relationships"
    kinds = {"worksheet": "sheet.xml", "sharedStrings": "sharedStrings.xml"}
    told = "".join(f'<Relationship Id="{kind}" Type="{relations}/{kind}" Target="{kinds[kind]}"/>' for kind in kinds)
    shown = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{min(n - 1, 1)}</v></c></row>' for n in range(1, rows + 2))
    zipped(
        path,
        {
            "_rels/.rels": f'<Relationships xmlns="{packed}"><Relationship Id="a" Type="{relations}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packed}">{told}</Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="worksheet"/></sheets></workbook>',
            "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><t>text</t></si><si><t>{cell}</t></si></sst>',
            "xl/sheet.xml": f'<worksheet xmlns="{main}"><sheetData>{shown}</sheetData></worksheet>',
        },
    )


def test_a_small_file_gives_no_text_without_end(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", SENTENCE * 1_000, 40)
    size = (tmp_path / "a.xlsx").stat().st_size
    *articles, rest = read_file(tmp_path, "a.xlsx")
    together = sum(len(one.text) for one in articles if isinstance(one, Article))
    assert size < 3_000 and 900_000 < together <= limits.most_characters(size) < 1_150_000
    assert rest == Skipped(
        "a.xlsx", f"only its first {len(articles)} articles were read, the rest is too much text; split it"
    )


def test_an_archive_gives_no_text_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MOST_TOGETHER", 100)
    zipped(tmp_path / "a.zip", {f"{number}.txt": SENTENCE for number in range(10)})
    with Workers(tmp_path, 1) as readers:
        [outcomes] = readers.read(["a.zip"])
    assert [one.id for one in outcomes if isinstance(one, Article)] == ["a.zip/0.txt", "a.zip/1.txt"]
    assert outcomes[-1] == Skipped("a.zip", "it holds too much", again=True)


def test_blanks_without_end_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{SENTENCE}\n" + "\n" * 3_000_000 + "The end." + " " * 3_000_000 + "Or not.")
    [article] = read_file(tmp_path, "a.txt")
    assert isinstance(article, Article)
    assert article.text == f"{SENTENCE.rstrip()}\n\nThe end. Or not."


def test_an_article_has_so_many_characters(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE * 20_000)
    assert read_file(tmp_path, "a.txt") == [
        Skipped("a.txt", "it has 1,380,000 characters; an article may have up to 1,000,000")
    ]


def test_titles_fields_and_names_have_a_length(tmp_path: Path) -> None:
    long = "x" * 100_000
    told = {"title": long, "source": long, "url": f"https://news.example/{long}", "text": "Some words."}
    (tmp_path / "a.json").write_text(json.dumps(told))
    zipped(tmp_path / "b.zip", {f"{'y' * 5_000}.txt": "Some words."})
    [article], [skipped] = read_file(tmp_path, "a.json"), read_file(tmp_path, "b.zip")
    assert isinstance(article, Article) and isinstance(skipped, Skipped)
    assert (article.title, len(article.source), article.url) == ("x" * 499 + "…", 500, "")
    assert (len(skipped.path), skipped.reason) == (1_001, "its name is too long to be stored; rename the file")


def test_of_an_endless_article_so_many_sentences_are_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "TOKENS_AN_ARTICLE", 10)
    article = Article("a.txt", "", "One two three. Four five six. Seven eight nine. Ten eleven twelve.", language="en")
    whole = cut(article, lambda text: len(text.split()))
    assert len(whole.sentences) == 3 and whole.left_out_count == 1
    assert whole.passages[-1].text == "One two three. Four five six. Seven eight nine."


def test_what_is_not_searched_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_in_this_process(monkeypatch)
    monkeypatch.setattr(passages, "TOKENS_AN_ARTICLE", 10)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "long.txt").write_text("The bridge opened again. It had been closed for months. Nobody cared.")
    manifest = rebuild(tmp_path / "a", tmp_path / "index", HashingEmbedding)
    assert manifest.skipped == (Skipped("long.txt", "the last 1 of its sentences are not searched; split it"),)
    assert (manifest.article_count, manifest.found_count) == (1, 2)


def test_large_files_and_articles_are_not_in_memory_together() -> None:
    sizes = [1, 2, local.MOST_AT_ONCE, 3, 4, 5, local.MOST_AT_ONCE + 1]
    groups = list(in_sized_groups(((size, size) for size in sizes), 2))
    assert groups == [[1, 2], [local.MOST_AT_ONCE], [3, 4], [5], [local.MOST_AT_ONCE + 1]]


def test_of_ten_thousand_copies_an_answer_names_twenty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_in_this_process(monkeypatch)
    (tmp_path / "a").mkdir()
    line = json.dumps({"text": SENTENCE, "language": "en"})
    (tmp_path / "a" / "wire.jsonl").write_text("\n".join([line] * 10_000))
    rebuild(tmp_path / "a", tmp_path / "index", HashingEmbedding)
    generation = open_current(tmp_path / "index")
    [hit] = search("harbour master", generation, HashingEmbedding())
    assert len(hit.also_in) == COPIES_NAMED == 20
    assert generation.manifest.found_count == 10_000


def test_an_archive_replaced_while_it_is_read_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped(tmp_path / "a.zip", {"a.txt": "Some words.", "b.txt": "Other words.", "c.txt": "More."})
    zipped(tmp_path / "new.zip", {"x.txt": "New words.", "y.txt": "Newer words.", "a.txt": "Some words."})
    asked = workers._Worker.ask

    def ask(self, path, done):  # type: ignore[no-untyped-def]
        for reply in asked(self, path, done):
            if reply == "a.zip/b.txt":
                (tmp_path / "new.zip").replace(tmp_path / "a.zip")
                raise workers._Lost("its reader crashed")
            yield reply

    monkeypatch.setattr(workers._Worker, "ask", ask)
    with Workers(tmp_path, 1) as readers:
        assert readers.read(["a.zip"]) == [[Skipped("a.zip", "it was replaced while it was read; rebuild again")]]


def test_two_articles_of_one_name_end_no_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(_: Workers, paths: list[str]) -> list[list[Article | Skipped]]:
        return [[Article("same.txt", path, f"Words of {path}.")] for path in paths]

    monkeypatch.setattr(Workers, "read", twice)
    (tmp_path / "a").mkdir()
    for name in ("one.txt", "two.txt"):
        (tmp_path / "a" / name).write_text("Some words.")
    manifest = rebuild(tmp_path / "a", tmp_path / "index", HashingEmbedding)
    assert manifest.skipped == (Skipped("same.txt", "there is another article of this name; rename one"),)


def test_what_a_file_cost_twice_is_remembered_with_its_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def losing(_: Workers, paths: list[str]) -> list[list[Article | Skipped]]:
        tried.extend(path for path in paths if path == "slow.zip")
        return [
            [Skipped(path, "it crashed", again=True)] if path == "slow.zip" else [Article(path, path, f"About {path}.")]
            for path in paths
        ]

    monkeypatch.setattr(Workers, "read", losing)
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "slow.zip").write_bytes(b"slow")
    for number in range(4):
        (folder / f"{number}.txt").write_text("Some words.")
        manifest = rebuild(folder, tmp_path / "index", HashingEmbedding)
        assert [one.path for one in manifest.skipped] == ["slow.zip"]
    assert tried == ["slow.zip", "slow.zip"]
    (folder / "slow.zip").write_bytes(b"another")
    rebuild(folder, tmp_path / "index", HashingEmbedding)
    assert tried == ["slow.zip"] * 3
