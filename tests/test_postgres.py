"""What PostgreSQL in particular might do, and must not."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core.vector_stores.types import VectorStoreQuery
from pgvector import HalfVector
from stores import PostgresProcess, StoreProcess, store_server
from test_vectors import random_vectors

from assistant.settings import read_settings
from index import homes
from index.errors import UserError
from index.patience import READING
from index.postgres import PostgresTable, check
from index.vectors import PassageVectors, passage_metadata

pytestmark = pytest.mark.slow
VECTORS = random_vectors(2000, 32)


@pytest.fixture(scope="module")
def server() -> Iterator[StoreProcess]:
    with store_server("postgres") as server:
        yield server


@pytest.fixture(scope="module")
def filled(server: StoreProcess) -> PostgresTable:
    def put(store: PassageVectors) -> None:
        store.put(range(2000), VECTORS, [passage_metadata(row, "a.txt", "", "en", "") for row in range(2000)])

    table = PostgresTable(server.address, "newsdesk-filled")
    table.fill(put, VECTORS)
    return table


def test_the_nearest_are_found_by_the_index_over_the_vectors(filled: PostgresTable) -> None:
    explain = 'EXPLAIN SELECT number FROM "newsdesk-filled" WHERE TRUE ORDER BY vector <=> %s LIMIT %s'
    plan = filled.run(lambda connection: connection.execute(explain, (HalfVector(VECTORS[0]), 10)).fetchall(), READING)
    assert 'Index Scan using "newsdesk-filled_vector_idx"' in str(plan)


def test_a_reader_needs_no_right_but_to_read(server: StoreProcess, filled: PostgresTable) -> None:
    assert isinstance(server, PostgresProcess)
    server.execute("CREATE ROLE reader LOGIN")
    server.execute("ALTER ROLE reader SET default_transaction_read_only = on")
    server.execute('GRANT SELECT ON "newsdesk-filled" TO reader')
    address = server.address.replace("newsdesk@", "reader@")
    store = PostgresTable(address, "newsdesk-filled").open()
    found = store.query(VectorStoreQuery(query_embedding=VECTORS[5].tolist(), similarity_top_k=1))
    assert (store.count(), found.ids) == (2000, ["5"])
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
    monkeypatch.setitem(sys.modules, "index.postgres", None)
    monkeypatch.delattr("index.postgres")
    with pytest.raises(UserError, match=r"needs a library that is missing. Run `pip install '.\[postgres\]'`"):
        homes.home(Path(), "postgresql://me@host/news#newsdesk-x")
