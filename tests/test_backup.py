"""Back-ups: whole whatever is going on meanwhile, refused when damaged or hostile, never half restored."""

import errno
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fakes import HashingEmbedding, ScriptedAnswerer

from assistant.assistant import Assistant
from index.errors import UserError
from index.filters import Filters
from index.generations.pointer import open_current
from ui import feedback
from ui.api.tokens import Tokens
from ui.backup import KEPT, MANIFEST, back_up, restore
from ui.cli import newsdesk
from ui.conversations import FILE, Conversations
from ui.record import record

pytestmark = pytest.mark.slow

QUESTION = "Who led the repair in Marlow?"


@pytest.fixture
def kept(index_dir: Path) -> Path:
    """An index beside which one question was asked and rated, and a token made."""
    assistant = Assistant(
        index_dir, open_current(index_dir), HashingEmbedding(), ScriptedAnswerer("Engineer Ada Finch led the repair.")
    )
    conversations = Conversations(index_dir / FILE)
    _, reply = conversations.ask("me", "", QUESTION, Filters(), assistant)
    assert reply.wait(10)
    while "''" in str(conversations._rows("SELECT answer FROM turns")):
        pass
    feedback.approve(index_dir, record(assistant.ask(QUESTION), Filters()))
    Tokens(index_dir).create("reader")
    return index_dir


@pytest.fixture
def archive(kept: Path, tmp_path: Path) -> Path:
    """Its back-up."""
    back_up(kept, tmp_path / "kept.zip")
    return tmp_path / "kept.zip"


def files_in(index_dir: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in index_dir.iterdir() if path.is_file()}


def repacked(
    archive: Path, members: Sequence[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED, **manifest: Any
) -> Path:
    """An archive of these files, with a manifest that is right for them but for what is given."""
    described = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in members
    ]
    fields = {"made": "2026-01-01T00:00:00+00:00", "format": 1, "files": described} | manifest
    with zipfile.ZipFile(archive, "w", compression) as packed:
        packed.writestr(MANIFEST, json.dumps(fields))
        for name, content in members:
            packed.writestr(name, content)
    return archive


def test_what_was_backed_up_is_put_back(kept: Path, archive: Path, tmp_path: Path) -> None:
    made = restore(archive, tmp_path / "new" / "index")
    assert [one.name for one in made.files] == list(KEPT)
    for file in (folder / name for folder in (kept, tmp_path / "new" / "index") for name in KEPT):
        assert file.stat().st_mode & 0o777 == 0o600
    (conversation,) = Conversations(tmp_path / "new" / "index" / FILE).of("me")
    assert conversation.question == QUESTION
    assert (tmp_path / "new" / "index" / feedback.FILE).read_text() == (kept / feedback.FILE).read_text()
    assert [one.name for one in Tokens(tmp_path / "new" / "index").all()] == ["reader"]


def test_a_back_up_is_for_its_owner_alone_and_takes_no_others_place(kept: Path, archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    before = archive.read_bytes()
    with pytest.raises(UserError, match="is there already"):
        back_up(kept, archive)
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.iterdir() if path.name.startswith(".")] == []


def test_where_nothing_was_asked_there_is_nothing_to_back_up(index_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to back up"):
        back_up(index_dir, tmp_path / "kept.zip")
    assert not (tmp_path / "kept.zip").exists()


def test_a_back_up_is_whole_while_questions_are_asked_and_rated(kept: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(kept / FILE, isolation_level=None)) as database:
            number = 0
            while not stop.is_set():
                number += 1
                database.execute("BEGIN")
                database.execute("INSERT INTO conversations VALUES (?, 'me', '')", (f"c{number}",))
                database.execute("INSERT INTO turns VALUES (?, 0, ?, '{}', '')", (f"c{number}", "x" * 5000))
                database.execute("COMMIT")
                with (kept / feedback.FILE).open("a") as lines:
                    lines.write('{"question": "' + "x" * 20_000)
                    lines.flush()
                    lines.write('"}\n')

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(kept, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        restore(tmp_path / f"{number}.zip", tmp_path / str(number))
        with closing(sqlite3.connect(tmp_path / str(number) / FILE)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            lost = "SELECT count(*) FROM conversations WHERE id NOT IN (SELECT conversation FROM turns)"
            assert database.execute(lost).fetchone() == (0,)
        for line in (tmp_path / str(number) / feedback.FILE).read_text().splitlines():
            json.loads(line)


def test_what_a_killed_writer_left_undone_is_undone_in_the_back_up(kept: Path, tmp_path: Path) -> None:
    die = (
        "import os, sqlite3, sys; database = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "database.execute('PRAGMA cache_size = 1'); database.execute('BEGIN'); "
        "database.executemany('INSERT INTO turns VALUES (?, 0, ?, ?, ?)', "
        "[(str(n), 'x' * 3000, '', '') for n in range(300)]); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", die, str(kept / FILE)], timeout=60)
    assert (kept / f"{FILE}-journal").stat().st_size > 0
    back_up(kept, tmp_path / "kept.zip")
    restore(tmp_path / "kept.zip", tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / FILE)) as database:
        assert database.execute("SELECT count(*) FROM turns").fetchone() == (1,)


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(kept: Path, tmp_path: Path) -> None:
    with (kept / FILE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(UserError, match="No back-up can be made"):
        back_up(kept, tmp_path / "kept.zip")
    assert not (tmp_path / "kept.zip").exists()


def test_nothing_is_overwritten_unless_that_is_meant(kept: Path, archive: Path) -> None:
    Tokens(kept).create("writer")
    before = files_in(kept)
    with pytest.raises(UserError, match=r"conversations\.sqlite3 and feedback\.jsonl and tokens\.json .* --force"):
        restore(archive, kept)
    assert files_in(kept) == before
    restore(archive, kept, force=True)
    assert [one.name for one in Tokens(kept).all()] == ["reader"]
    assert (kept / "current").exists()  # the index stays


def test_a_damaged_database_is_replaced_and_its_journal_is_not_played_back(kept: Path, archive: Path) -> None:
    (kept / FILE).write_bytes(b"no database")
    (kept / f"{FILE}-journal").write_bytes(bytes.fromhex("d9d505f920a163d7") + b"\0" * 600)
    restore(archive, kept, force=True)
    assert not (kept / f"{FILE}-journal").exists()
    assert len(Conversations(kept / FILE).of("me")) == 1


def test_no_byte_of_a_back_up_can_change_unnoticed(kept: Path, archive: Path, tmp_path: Path) -> None:
    """Or it changes nothing that is restored: names and times in the archive's own directory."""
    whole = archive.read_bytes()
    restore(archive, tmp_path / "whole")
    chance = random.Random(0)
    for place in (chance.randrange(len(whole)) for _ in range(60)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(3)
        archive.write_bytes(damaged)
        target = tmp_path / f"at {place}"
        try:
            restore(archive, target)
        except UserError as error:
            assert "Nothing was changed" in str(error)
            assert not target.exists() or list(target.iterdir()) == []
        else:
            for name in KEPT:
                assert (target / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize("share", [0, 0.3, 0.7, 0.99])
def test_a_back_up_that_was_cut_is_refused(archive: Path, tmp_path: Path, share: float) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UserError, match=r"damaged, or no back-up .* Nothing was changed"):
        restore(archive, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/escaped", "current", "generations/g000001/manifest.json", "..", "tokens.json/../x"]
)
def test_a_file_of_any_other_name_is_refused(tmp_path: Path, kept: Path, name: str) -> None:
    before = files_in(kept)
    with pytest.raises(UserError, match="damaged, or no back-up"):
        restore(repacked(tmp_path / "hostile.zip", [(name, b"x")]), kept, force=True)
    assert files_in(kept) == before and not (tmp_path / "escaped").exists()


def database_with(statement: str, path: Path) -> bytes:
    Conversations(path)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(statement)
    return path.read_bytes()


HOSTILE: dict[str, Callable[[Path], Path]] = {
    "a bomb": lambda at: repacked(at / "a.zip", [("tokens.json", b"0" * 50_000_000)], zipfile.ZIP_DEFLATED),
    "a file twice": lambda at: repacked(at / "a.zip", [("tokens.json", b"[]"), ("tokens.json", b"[]")]),
    "a file unnamed": lambda at: repacked(at / "a.zip", [("tokens.json", b"[]")], files=[]),
    "a file missing": lambda at: repacked(
        at / "a.zip", [], files=[{"name": "tokens.json", "size": 2, "sha256": hashlib.sha256(b"[]").hexdigest()}]
    ),
    "another size": lambda at: repacked(
        at / "a.zip", [("tokens.json", b"[]")], files=[{"name": "tokens.json", "size": 10**15, "sha256": ""}]
    ),
    "another hash": lambda at: repacked(
        at / "a.zip", [("tokens.json", b"[]")], files=[{"name": "tokens.json", "size": 2, "sha256": "0" * 64}]
    ),
    "another format": lambda at: repacked(at / "a.zip", [("tokens.json", b"[]")], format=2),
    "no time": lambda at: repacked(at / "a.zip", [("tokens.json", b"[]")], made="\x1b[2J"),
    "a name that is none": lambda at: repacked(at / "a.zip", [], files=[{"name": [], "size": 0, "sha256": ""}]),
    "a field too many": lambda at: repacked(
        at / "a.zip", [], files=[{"name": "tokens.json", "size": 0, "sha256": "", "mode": 511}]
    ),
    "a manifest that is a list": lambda at: manifest_alone(at / "a.zip", b"[]"),
    "a manifest without end": lambda at: manifest_alone(at / "a.zip", b"[" * 90_000),
    "a huge manifest": lambda at: manifest_alone(at / "a.zip", b" " * 200_000 + b"{}"),
    "a trigger": lambda at: repacked(
        at / "a.zip",
        [
            (
                FILE,
                database_with(
                    "CREATE TRIGGER t AFTER INSERT ON turns BEGIN DELETE FROM conversations; END", at / "t.sqlite3"
                ),
            )
        ],
    ),
    "another table": lambda at: repacked(
        at / "a.zip", [(FILE, database_with("CREATE TABLE more (x)", at / "m.sqlite3"))]
    ),
    "no database": lambda at: repacked(at / "a.zip", [(FILE, b"SQLite format 3\0" + b"x" * 5000)]),
    "a folder": lambda at: at,
}


def manifest_alone(archive: Path, content: bytes) -> Path:
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(MANIFEST, content)
    return archive


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_archive_changes_nothing(kept: Path, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    before = files_in(kept)
    (tmp_path / "hostile").mkdir()
    with pytest.raises(UserError) as raised:
        restore(make(tmp_path / "hostile"), kept, force=True)
    assert "\x1b" not in str(raised.value)
    assert files_in(kept) == before


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "out").mkdir()
    monkeypatch.setattr("zipfile.ZipFile.write", full)
    with pytest.raises(UserError, match="No space left"):
        back_up(kept, tmp_path / "out" / "kept.zip")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_restore_that_is_cut_short_leaves_each_file_whole(
    kept: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored = {name: zipfile.ZipFile(archive).read(name) for name in KEPT}
    Tokens(kept).create("writer")
    before = files_in(kept)
    replace = Path.replace

    def replace_all_but_tokens(path: Path, target: Path) -> Path:
        if target.name == "tokens.json":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_all_but_tokens)
    with pytest.raises(UserError, match="try again"):
        restore(archive, kept, force=True)
    assert files_in(kept) == before | restored | {"tokens.json": before["tokens.json"]}
    monkeypatch.undo()
    restore(archive, kept, force=True)
    assert files_in(kept) == before | restored
    assert not list(kept.glob(".newsdesk-*"))


def test_the_commands_say_what_they_did(kept: Path, tmp_path: Path) -> None:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(newsdesk, [str(argument) for argument in arguments])

    archive, new = tmp_path / "kept.zip", tmp_path / "new"
    made = run("backup", archive, "--index-dir", kept)
    assert made.output == f"{archive} holds conversations.sqlite3, feedback.jsonl, tokens.json.\n"
    put_back = run("restore", archive, "--index-dir", new)
    assert put_back.output.startswith("Put back conversations.sqlite3, feedback.jsonl, tokens.json, as of 20")
    assert "--force" in str(run("restore", archive, "--index-dir", new).exception)
    assert run("restore", archive, "--index-dir", new, "--force").exit_code == 0
    assert "There is no file" in str(run("restore", tmp_path / "none.zip", "--index-dir", new).exception)
