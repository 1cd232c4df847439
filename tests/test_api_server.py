"""`newsdesk serve` as a process: who may listen where, what it says, and how it ends. It needs no model for that."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import ROOT, free_port

from assistant.settings import read_settings
from index.errors import UserError
from ui.api.server import Limits, serve
from ui.api.tokens import Tokens

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 20


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server over no index, with its address."""
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", str(free_port()), "--index-dir", str(tmp_path)]
    environment = os.environ | {"NEWSDESK_LOG": "json", "NEWSDESK_PROFILE": "light"}
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.endswith("(Ctrl-C ends it)\n")
        yield process, line.split()[3]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def get(url: str, **headers: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_process_serves_logs_json_takes_tokens_and_ends_at_ctrl_c(
    process: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    server, url = process
    until = time.monotonic() + PATIENCE_SECONDS
    while (reply := get(f"{url}/v1/search?q=canary"))[0] == 503 and '"loading"' in reply[1]:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert reply[0] == 503 and '"unusable"' in reply[1]
    assert get(f"{url}/health") == (503, '{"ready":false,"generation":""}')
    secret = Tokens(tmp_path).create("reader")
    assert get(f"{url}/v1/models")[0] == 401
    assert get(f"{url}/v1/models", Authorization=f"Bearer {secret}", **{"X-Request-ID": "mine"})[0] == 200
    server.send_signal(signal.SIGINT)
    _, log = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 0
    lines = [json.loads(line) for line in log.splitlines()]
    (mine,) = [one for one in lines if one["request_id"] == "mine"]
    assert (mine["route"], mine["status"], mine["caller"], mine["level"]) == ("/v1/models", 200, "reader", "info")
    assert "canary" not in log and secret not in log


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.7.7"])
def test_others_are_let_in_only_when_there_is_a_token(tmp_path: Path, host: str) -> None:
    settings = read_settings({}, index_dir=tmp_path)
    with pytest.raises(UserError, match="`newsdesk token create NAME`"):
        serve(host, 8502, settings, Limits())
    tokens = Tokens(tmp_path)
    tokens.create("reader")
    tokens.revoke("reader")
    with pytest.raises(UserError, match="`newsdesk token create NAME`"):
        serve(host, 8502, settings, Limits())


def test_a_name_is_no_address_to_listen_on(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"--host 127\.0\.0\.1"):
        serve("news.example", 8502, read_settings({}, index_dir=tmp_path), Limits())
