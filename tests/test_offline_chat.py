"""The chat on a machine without a network: the page in Chromium, inside a network namespace of its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from profiles import profiles_here

# Runs where nothing but the loopback interface exists, which even has to be switched on first.
OFFLINE = """
import fcntl, socket, struct, sys
from pathlib import Path
from playwright.sync_api import expect
from pages import ask, chromium, serving

SIOCSIFFLAGS, IFF_UP = 0x8914, 1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
assert [name for _, name in socket.if_nameindex()] == ["lo"]

folder, profile = Path(sys.argv[1]), sys.argv[2]
with serving(folder, folder.with_name("index"), profile) as served, chromium() as browser:
    page = browser.new_page()
    page.goto(served.url)
    expect(page.locator(".welcome")).to_be_visible(timeout=300_000)
    expect(page.locator(".notice, .problem")).to_have_count(0)
    ask(page, "Who led the repair of the bridge?", patience=300_000)
    page.locator(".chip").first.click()
    print(page.locator(".panel mark").first.inner_text())
"""


@pytest.mark.slow
@pytest.mark.parametrize("profile", profiles_here())
def test_the_chat_answers_without_a_network(folder: Path, profile: str) -> None:
    done = subprocess.run(
        ["unshare", "--map-root-user", "--net", sys.executable, "-c", OFFLINE, str(folder), profile],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Engineer Ada Finch led the repair."
