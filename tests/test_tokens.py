"""Tokens: shown once, kept as hashes, read again as soon as they have changed."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.errors import UserError
from ui.api.tokens import Tokens
from ui.cli import newsdesk


def test_only_a_hash_is_kept_in_a_file_that_others_cannot_read(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        secret = Tokens(tmp_path).create("reader")
    finally:
        os.umask(mask)
    kept = (tmp_path / "tokens.json").read_text()
    assert len(secret) >= len("newsdesk_") + 43  # 32 bytes, six bits a character
    assert secret not in kept and secret[9:] not in kept
    assert json.loads(kept)[0]["sha256"] == sha256(secret.encode()).hexdigest()
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"tokens.json"}


def test_a_secret_leads_to_its_owner_until_it_is_revoked(tmp_path: Path) -> None:
    tokens, elsewhere = Tokens(tmp_path / "index"), Tokens(tmp_path / "index")
    assert not tokens.needed and tokens.all() == () and tokens.owner("") is None
    reader, boss = elsewhere.create("reader"), elsewhere.create("boss", admin=True)
    found = [tokens.owner(secret) for secret in (reader, boss)]
    assert [(one.name, one.admin) for one in found if one] == [("reader", False), ("boss", True)]
    for wrong in ("", reader[:-1], reader + "x", found[0].sha256 if found[0] else "", "\udc80"):
        assert tokens.owner(wrong) is None
    elsewhere.revoke("reader")
    assert tokens.owner(reader) is None and tokens.owner(boss)
    elsewhere.revoke("boss")
    assert tokens.all() == () and tokens.needed


def test_two_tokens_of_one_name_and_names_that_are_none_are_refused(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    tokens.create("reader")
    with pytest.raises(UserError, match="newsdesk token revoke reader"):
        tokens.create("reader")
    with pytest.raises(UserError, match="newsdesk token list"):
        tokens.revoke("nobody")
    for name in ("", "a b", "-x", "x" * 41, "a\nb"):
        with pytest.raises(UserError, match="cannot name a token"):
            tokens.create(name)


def test_tokens_made_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        secrets = list(pool.map(lambda number: Tokens(tmp_path).create(f"t{number}"), range(8)))
    assert {one.name for one in Tokens(tmp_path).all()} == {f"t{number}" for number in range(8)}
    assert all(Tokens(tmp_path).owner(secret) for secret in secrets)


@pytest.mark.parametrize("text", ["", "[{", "[{}]", '[{"name": 1}]', "7", '["reader"]'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokens.json").write_text(text)
    with pytest.raises(UserError, match=r"tokens\.json cannot be read"):
        Tokens(tmp_path).owner("x")


def test_the_command_makes_lists_and_revokes(tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(newsdesk, ["token", *arguments, "--index-dir", str(tmp_path)], catch_exceptions=False)
        assert done.exit_code == 0
        return str(done.stdout)

    secret = run("create", "boss", "--admin").strip()
    assert Tokens(tmp_path).owner(secret)
    listed = run("list")
    assert "admin  boss" in listed and secret not in listed
    run("revoke", "boss")
    assert run("list") == ""
