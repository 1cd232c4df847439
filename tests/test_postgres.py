"""What PostgreSQL in particular might do, and must not."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pgvector import HalfVector
from random_vectors import random_vectors
from stores import PostgresProcess, StoreProcess, best, build, store_server

from assistant.settings import read_settings
from index.errors import UserError
from index.filters import Filters
from index.generations.pointer import open_current
from index.generations.writing import GenerationWriter
from index.stores import addresses as homes
from index.stores.full_text import FullText
from index.stores.postgres import PostgresTable, PostgresText, check, sweep
from index.stores.retry import READING
from index.stores.sqlite_text import SqliteText
from index.stores.vectors import PassageVectors, passage_metadata

pytestmark = pytest.mark.slow
VECTORS = random_vectors(2000, 32)


@pytest.fixture(scope="module")
def server() -> Iterator[StoreProcess]:
    with store_server("postgres") as server:
        yield server


def full_text(table: PostgresTable) -> FullText:
    """That of a generation without an article."""
    return table.full_text(lambda query, *values: [])


@pytest.fixture(scope="module")
def filled(server: StoreProcess) -> PostgresTable:
    def put(store: PassageVectors) -> None:
        metadatas = [passage_metadata(row, "a.txt", "", "en", "") for row in range(2000)]
        store.put(range(2000), VECTORS, metadatas, [{"every", f"tenth{row % 10}", str(row)} for row in range(2000)])

    table = PostgresTable(server.address, "newsdesk-filled")
    table.fill(put, VECTORS)
    return table


def test_the_nearest_are_found_by_the_index_over_the_vectors(filled: PostgresTable) -> None:
    explain = 'EXPLAIN SELECT number FROM "newsdesk-filled" WHERE TRUE ORDER BY vector <=> %s LIMIT %s'
    plan = filled.run(lambda connection: connection.execute(explain, (HalfVector(VECTORS[0]), 10)).fetchall(), READING)
    assert 'Index Scan using "newsdesk-filled_vector_idx"' in str(plan)


def test_passages_are_found_by_the_index_over_their_terms(server: StoreProcess, filled: PostgresTable) -> None:
    assert isinstance(server, PostgresProcess)
    used = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'newsdesk-filled_terms_idx'"
    before = server.execute(used)[0][0]
    assert full_text(filled).worded({"tenth3": 1, "1004": 2}, 3, Filters()) == [1004, 3, 13]
    filled.run(lambda connection: connection.execute("SELECT pg_stat_force_next_flush()"), READING)
    assert server.execute(used)[0][0] == before + 2


def test_terms_are_kept_whatever_is_in_them(server: StoreProcess) -> None:
    odd = [
        "o'neill",
        "''",
        "back\\slash\\",
        "a:b",
        "c:1A",
        "!x & (y | z) <-> w:*",
        '"quoted"',
        "坝",
        "مرحبا",
        "~nd",
        " ",
    ]
    terms = [*odd, "a" * 2046, "a" * 2047, "a" * 5000, "é" * 1023 + "a", "%s"]
    table = PostgresTable(server.address, "newsdesk-odd")

    def put(store: PassageVectors) -> None:
        days = ["2024-05-05" if row == 4 else "" for row in range(len(terms))]
        metadatas = [passage_metadata(row, "a.txt", day, "en", "") for row, day in enumerate(days)]
        store.put(range(len(terms)), VECTORS[: len(terms)], metadatas, [{"also", term} for term in terms])

    table.fill(put, VECTORS[: len(terms)])
    text = full_text(table)
    assert text.frequencies([*terms, "also", "b"]) == dict.fromkeys(terms, 1) | {"also": len(terms)}
    for number, term in enumerate(terms):
        assert text.worded({term: 1}, 5, Filters()) == [number], term
    assert text.worded({"also": 1} | dict(zip(terms[2:6], (4, 7, 7, 5), strict=True)), 5, Filters()) == [
        3,
        4,
        5,
        2,
        0,
    ]
    few = Filters(since="2024-05-05")
    assert text.worded(dict.fromkeys([*terms, "also"], 1), 50, few) == [4]
    assert (text.frequencies([]), text.worded({}, 5, Filters())) == ({}, [])


def test_nothing_of_a_removed_generation_is_left(server: StoreProcess, filled: PostgresTable) -> None:
    assert isinstance(server, PostgresProcess)
    table = PostgresTable(server.address, "newsdesk-gone-g000001")
    everything = "SELECT relname FROM pg_class WHERE relname LIKE 'newsdesk-gone-%'"
    for remove in (table.drop, lambda: sweep(server.address, "newsdesk-gone-", [])):
        table.fill(lambda store: store.put([0], VECTORS[:1], [passage_metadata(0, "a", "", "en", "")]), VECTORS[:1])
        assert len(server.execute(everything)) == 6  # the table, the view, and the indexes over both
        remove()
        assert server.execute(everything) == []


@pytest.mark.usefixtures("files_read")
def test_words_that_the_server_lacks_are_noticed_before_an_index_is_used(
    folder: Path, tmp_path: Path, server: StoreProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GenerationWriter, "_terms_of", lambda _, numbers: iter([frozenset()] * len(numbers)))
    with pytest.raises(UserError, match=r"words \d+ are missing from the full text"):
        build(folder, tmp_path / "index", server)


@pytest.mark.usefixtures("files_read")
def test_an_index_from_when_the_full_text_stayed_in_the_folder_answers(
    folder: Path, tmp_path: Path, server: StoreProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(server, PostgresProcess)
    with monkeypatch.context() as before:
        before.setattr(PostgresTable, "full_text", lambda _, rows: SqliteText(rows))
        name = build(folder, tmp_path / "index", server).store.partition("#")[2]
    server.execute(f'ALTER TABLE "{name}" DROP COLUMN terms CASCADE')
    opened = open_current(tmp_path / "index")
    assert opened.frequencies(["repair"]) == [("repair", 1)]
    assert best(opened) == "Engineer Ada Finch led the repair."
    (folder / "note.txt").write_text("A note on a repair.")
    build(folder, tmp_path / "index", server)
    opened = open_current(tmp_path / "index")
    assert isinstance(opened.full_text, PostgresText) and opened.frequencies(["repair"]) == [("repair", 2)]


def test_a_reader_needs_no_right_but_to_read(server: StoreProcess, filled: PostgresTable) -> None:
    assert isinstance(server, PostgresProcess)
    server.execute("CREATE ROLE reader LOGIN")
    server.execute("ALTER ROLE reader SET default_transaction_read_only = on")
    server.execute('GRANT SELECT ON "newsdesk-filled", "newsdesk-filled-counts" TO reader')
    address = server.address.replace("newsdesk@", "reader@")
    store = PostgresTable(address, "newsdesk-filled").open()
    assert (store.count(), store.nearest(VECTORS[5], 1)) == (2000, [5])
    text = full_text(PostgresTable(address, "newsdesk-filled"))
    assert text.frequencies(["tenth3"]) == {"tenth3": 200} and text.worded({"1234": 1}, 1, Filters()) == [1234]
    with pytest.raises(UserError, match=r"refuses \(.*read-only transaction"):
        PostgresTable(address, "newsdesk-filled").drop()


@pytest.mark.parametrize(("change", "reason"), [("/nothere", "does not exist"), ("/postgres?nothing=1", "nothing")])
def test_what_the_server_refuses_is_one_sentence(server: StoreProcess, change: str, reason: str) -> None:
    with pytest.raises(UserError, match=rf"^The index server at .* refuses \([^\n]*{reason}[^\n]*$"):
        check(server.address.replace("/postgres", change))


def test_a_password_is_never_remembered() -> None:
    for address in ("postgresql://me:secret@host/news", "postgresql://me@host/news?password=secret"):
        with pytest.raises(UserError, match="PGPASSWORD") as raised:
            read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_STORE": address})
        assert "secret" not in str(raised.value)
    settings = read_settings({"NEWSDESK_PROFILE": "light", "NEWSDESK_STORE": "postgresql://me@host/news"})
    assert settings.store == "postgresql://me@host/news"


def test_a_missing_library_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "index.stores.postgres", None)
    monkeypatch.delattr("index.stores.postgres")
    with pytest.raises(UserError, match=r"needs a library that is missing. Run `pip install '.\[postgres\]'`"):
        homes.home(Path(), "postgresql://me@host/news#newsdesk-x")
