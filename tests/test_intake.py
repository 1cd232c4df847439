"""What comes in through the page: whole, beside what is there and never over it, inside the folder, by its own name."""

from pathlib import Path

import pytest
from conftest import read_in_this_process
from fakes import HashingEmbedding

from index.articles import Article
from index.errors import UserError
from index.reading import files
from index.reading.files import create_file, list_files, remove_file
from index.reading.units import read_file
from index.rebuild import rebuild
from ui.intake import (
    EMPTY,
    FILE_BYTES,
    MOST_FILES,
    NAME_BYTES,
    TOO_LARGE,
    TOO_MANY,
    UNKNOWN_KIND,
    Incoming,
    Intake,
    written,
)
from ui.page.add_page import file_of


@pytest.fixture
def intake(folder: Path, tmp_path: Path) -> Intake:
    (folder / "wire").mkdir()
    (folder / "wire" / "one.txt").write_text("One.")
    return Intake(folder, tmp_path / "index")


def test_a_file_is_written_under_its_name_and_removed_by_who_added_it(intake: Intake) -> None:
    [outcome] = intake.add("me", "wire", [Incoming("strike.md", b"The strike is over.")])
    assert (outcome.path, outcome.known, outcome.problem) == ("wire/strike.md", False, "")
    assert (intake.folder / "wire/strike.md").read_bytes() == b"The strike is over."
    assert [(one.path, one.owner) for one in intake.added()] == [("wire/strike.md", "me")]
    with pytest.raises(UserError, match="you have added"):
        intake.remove("you", "wire/strike.md")
    intake.remove("me", "wire/strike.md")
    assert not (intake.folder / "wire/strike.md").exists()
    assert intake.added() == []
    intake.add("me", "", [Incoming("strike.md", b"Again.")])
    intake.remove("an admin", "strike.md", of_anybody=True)
    assert intake.added() == []


def test_nothing_takes_the_place_of_another_and_the_same_is_not_written_twice(intake: Intake) -> None:
    before = (intake.folder / "bridge.md").read_bytes()
    [other] = intake.add("me", "", [Incoming("bridge.md", b"Another bridge.")])
    assert other.path == "bridge (2).md"
    [again, same] = intake.add("me", "", [Incoming("bridge.md", b"Another bridge."), Incoming("bridge.md", before)])
    assert (again.path, again.known) == ("bridge (2).md", True)
    assert (same.path, same.known) == ("bridge.md", True)
    assert (intake.folder / "bridge.md").read_bytes() == before
    with pytest.raises(UserError, match="you have added"):  # the folder's own is nobody's here
        intake.remove("me", "bridge.md", of_anybody=True)


def test_what_was_changed_since_is_not_removed(intake: Intake) -> None:
    intake.add("me", "", [Incoming("note.txt", b"As it came.")])
    (intake.folder / "note.txt").write_text("As it is.")
    with pytest.raises(UserError, match="changed since"):
        intake.remove("me", "note.txt")
    assert (intake.folder / "note.txt").read_text() == "As it is."


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\news\\strike.md", "strike.md"),
        ("/abs/olute.txt", "olute.txt"),
        (".hidden.md", "hidden.md"),
        ("..md", "article.md"),
        ("a#3:b?.md", "a-3-b.md"),
        ("new\nline\u202ecod.txt", "new-line-cod.txt"),
        ("STRIKE.MD", "STRIKE.md"),
        ("nul\x00.txt", "_nul.txt"),
        ("стаття.txt", "стаття.txt"),
        ("x" * 500 + ".txt", "x" * NAME_BYTES + ".txt"),
        ("é" * 1_000_000 + ".txt", "é" * (NAME_BYTES // 2) + ".txt"),
        ("CON.txt", "_CON.txt"),
        ("nul.2024.md", "_nul.2024.md"),
        ("com1 .html", "_com1.html"),
        ("LPT¹.txt", "_LPT¹.txt"),
        ("Connery.txt", "Connery.txt"),
        ("a.exe\\.txt", "article.txt"),
        ("crawl.WARC.GZ", "crawl.warc.gz"),
        ("<img src=x onerror=alert(1)>.md", "img src=x onerror=alert(1).md"),
        ("\x1b]0;owned\x07.txt", "]0;owned.txt"),
        ("\ud800.txt", "article.txt"),
        ("\ufeffa\u200b\u2028b.txt", "a--b.txt"),
        ("~$a.docx", "~$a.docx"),
        ("-rf.txt", "rf.txt"),
        ("a.txt:stream.txt", "a.txt-stream.txt"),
        ("....//....//a.txt", "a.txt"),
        ("ａ／ｂ.txt", "ａ／ｂ.txt"),
    ],
)
def test_a_name_leads_nowhere_and_is_taken_by_every_system(intake: Intake, name: str, path: str) -> None:
    [outcome] = intake.add("me", "", [Incoming(name, b"Something happened.")])
    assert outcome.path == path
    assert path in list_files(intake.folder)


def test_what_is_no_article_or_too_much_is_told_and_not_written(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list_files(intake.folder)
    names = [
        "run.exe",
        "a.txt/",
        "a.txt.",
        "a.txt\u202egnp.exe",
        "a.md\n",
        "",
        ".",
        "..",
        "a.gz",
        "txt",
        ".env",
        "a.html~",
    ]
    files = [Incoming(name, b"MZ") for name in names]
    assert {one.problem for one in intake.add("me", "", files)} == {UNKNOWN_KIND}
    files = [Incoming("none.txt", b""), Incoming("big.txt", b"x" * (FILE_BYTES + 1))]
    assert [one.problem for one in intake.add("me", "", files)] == [EMPTY, TOO_LARGE]
    many = [Incoming("one.txt", b"x")] * (MOST_FILES + 1)
    monkeypatch.setattr(Intake, "_write", lambda self, owner, into, file: file)
    outcomes = intake.add("me", "", many)
    assert (len(outcomes), outcomes[-1].problem) == (MOST_FILES + 1, TOO_MANY)
    assert list_files(intake.folder) == before


def test_the_disk_is_not_filled(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list_files(intake.folder)
    monkeypatch.setattr(files, "LEAST_FREE_BYTES", 10**18)
    with pytest.raises(UserError, match=r"cannot be written to .*space"):
        intake.add("me", "", [Incoming("a.txt", b"A.")])
    assert list_files(intake.folder) == before and intake.added() == []


@pytest.mark.parametrize("into", ["..", "nowhere", "/etc", "wire/..", "out"])
def test_only_folders_that_are_offered_are_written_to(intake: Intake, into: str, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (intake.folder / "out").symlink_to(tmp_path / "outside")
    with pytest.raises(UserError, match="no such folder"):
        intake.add("me", into, [Incoming("a.txt", b"A.")])
    assert intake.folders() == ["", "wire"]
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("path", ["../a.txt", "out/a.txt", "..", "wire/../../a.txt", ""])
def test_no_file_is_made_or_removed_outside_the_folder(folder: Path, tmp_path: Path, path: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("Mine.")
    (tmp_path / "a.txt").write_text("Mine.")
    (folder / "out").symlink_to(outside)
    with pytest.raises(OSError):
        create_file(folder, path, b"Yours.")
    with pytest.raises(OSError):
        remove_file(folder, path)
    assert (outside / "a.txt").read_text() == (tmp_path / "a.txt").read_text() == "Mine."


def test_a_new_file_has_one_name_and_takes_no_other_ones(folder: Path) -> None:
    create_file(folder, "new.txt", b"New.")
    assert (folder / "new.txt").stat().st_nlink == 1
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []
    (folder / "link.txt").symlink_to(folder / "bridge.md")
    for taken in ("bridge.md", "link.txt"):
        with pytest.raises(FileExistsError):
            create_file(folder, taken, b"Other.")
    assert "Other" not in (folder / "bridge.md").read_text()


def test_a_pasted_text_is_read_with_what_is_known_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pasted = written('A "title": with\n--- marks', "The Wire", "2024-03-05", "First line.\n\n---\nSecond line.")
    create_file(tmp_path, "pasted.md", pasted.content)
    [article] = read_file(tmp_path, "pasted.md")
    assert isinstance(article, Article)
    assert (article.title, article.source, article.published) == ('A "title": with --- marks', "The Wire", "2024-03-05")
    assert article.text.startswith("First line.") and "Second line." in article.text
    assert pasted.name.startswith("2024-03-05-A ")
    with pytest.raises(UserError, match="no text"):
        written("Title", "", "", "  \n")


@pytest.mark.parametrize(
    ("title", "source", "text"),
    [
        ("---", "---", "---\ntitle: another\n---\nWords of it."),
        ("x\ny: &a [*a]", "!!python/object/apply:os.system [id]", "Words of it."),
        ("<script>alert(1)</script>", "javascript:alert(1)", "Words of it."),
        ("\x1b[31m\u202e\x00\u2028", "\ud800\udfff", "Words of it.\ud800"),
        ("../../etc/passwd", "C:\\Windows", "Words of it."),
        ("CON", "", "Words of it."),
        ("' \" : # | > % @ ` { } , [ ] * & ! ?", "yes", "Words of it."),
        ("2024-01-01", "1e999", "Words of it."),
        ("é" * 99_999, "x" * 99_999, "Words of it."),
        ("", "", "%PDF- Words of it."),
        ("", "", "PK\x03\x04 Words of it."),
        ("", "", "<html><script>fetch('http://a.example')</script>Words of it."),
    ],
)
def test_whatever_is_pasted_is_one_article_of_its_own_words(intake: Intake, title: str, source: str, text: str) -> None:
    [outcome] = intake.add("me", "", [written(title, source, "2024-03-05", text)])
    assert outcome.path.startswith("2024-03-05") and "/" not in outcome.path and outcome.path.isprintable()
    [article] = read_file(intake.folder, outcome.path)
    assert isinstance(article, Article) and "Words of it." in article.text
    assert (article.published, article.url) == ("2024-03-05", "")
    assert article.title.isprintable() and article.source.isprintable()
    assert len(article.title) <= 500 and len(article.source) <= 500


def test_what_came_in_is_indexed_and_gone_again(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    read_in_this_process(monkeypatch)
    intake.add("me", "", [Incoming("late.txt", b"The observatory opened on 3 May 2025.\n")])
    index_dir = intake.folder.parent / "index"
    assert rebuild(intake.folder, index_dir, HashingEmbedding).article_count == 5
    intake.remove("me", "late.txt")
    assert rebuild(intake.folder, index_dir, HashingEmbedding).article_count == 4


@pytest.mark.parametrize(
    ("article", "file"),
    [("a.md", "a.md"), ("wire.jsonl#3", "wire.jsonl"), ("w/week.zip/mon/strike.md", "w/week.zip"), ("b.zip", "b.zip")],
)
def test_an_article_is_known_by_its_file(article: str, file: str) -> None:
    assert file_of(article) == file
