"""What of the containers can be checked without running any: their files, against the command that they start."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from packaging.requirements import Requirement

from ui.cli import newsdesk

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions and their arguments, each on one line."""
    joined = re.sub(r"\\\n(\s*#.*\n)*\s*", " ", DOCKERFILE)
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def of(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def exec_form(name: str) -> list[str]:
    (words,) = of(name)
    return [str(word) for word in yaml.safe_load(words[words.index("[") :])]


def assert_is_a_command(words: Sequence[str]) -> None:
    """That `newsdesk` takes these words: a subcommand that exists, with options and values that it has."""
    command: click.Command = newsdesk
    rest = list(words)
    while isinstance(command, click.Group):
        command = command.commands[rest.pop(0)]
    command.make_context(command.name, rest)


def test_every_image_is_pinned() -> None:
    bases = [base.split()[0] for base in of("FROM")]
    for image in [*bases, SERVICES["proxy"]["image"]]:
        assert re.search(r":\d+\.\d+\.\d+-[a-z]|@sha256:[0-9a-f]{64}$", image), image
    assert len(set(bases)) == 1  # an environment runs with the Python that made it


def test_the_last_stage_runs_as_an_account_without_rights() -> None:
    after = instructions()[max(place for place, (name, _) in enumerate(instructions()) if name == "FROM") :]
    names = [name for name, _ in after]
    assert [rest for name, rest in after if name == "USER"] == ["10001:10001"]
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert "--uid 10001" in DOCKERFILE and "--owner 10001" in DOCKERFILE


def test_what_is_copied_exists_and_nothing_else_reaches_the_build() -> None:
    sources = [word for rest in of("COPY") if "--from" not in rest for word in rest.split()[:-1]]
    assert all((ROOT / source).exists() for source in sources)
    ignored, *rest = (ROOT / ".dockerignore").read_text().split()
    assert ignored == "*"
    assert sorted(line.removeprefix("!") for line in rest if line.startswith("!")) == sorted(set(sources))


def test_no_secret_is_named() -> None:
    secret = r"(?i)(token|secret|passw|api_?key)"
    assert not [rest for name in ("ENV", "ARG") for rest in of(name) if re.search(secret, rest)]
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search(secret, name) or re.fullmatch(r"\$\{\w+:\?[^}]*\}", value), name


def test_the_image_starts_a_command_that_exists_and_can_be_asked_whether_it_is_well() -> None:
    assert exec_form("ENTRYPOINT") == ["newsdesk"]
    assert_is_a_command(exec_form("CMD"))
    port = exec_form("CMD")[exec_form("CMD").index("--port") + 1]
    assert of("EXPOSE") == [port]
    check = exec_form("HEALTHCHECK")
    assert check[:2] == ["python", "-c"] and port in check[2] and "/health" in check[2]
    compile(check[2], "HEALTHCHECK", "exec")


def test_the_models_can_be_baked_by_name() -> None:
    (bake,) = (rest for rest in of("RUN") if "models fetch" in rest)
    assert "newsdesk models fetch" in bake
    assert_is_a_command(["models", "fetch", "light"])


def test_torch_is_pinned_where_the_build_looks_for_it() -> None:
    assert len(re.findall(r"torch==[0-9.]*", (ROOT / "pyproject.toml").read_text())) == 1


def test_the_image_installs_by_hash_what_the_project_asks_for() -> None:
    (install,) = (rest for rest in of("RUN") if "pip install" in rest)
    commands = [command for command in install.split(" && ") if "pip install" in command]
    assert all("--no-deps" in command for command in commands)
    assert any("--require-hashes --requirement image.txt" in command for command in commands)
    locked = dict(re.findall(r"^(\S+?)==(\S+)", (ROOT / ".ci" / "locked" / "image.txt").read_text(), re.MULTILINE))
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = asked["optional-dependencies"]
    for one in map(Requirement, [*asked["dependencies"], *extras["signin"], *extras["otel"]]):
        if one.name != "torch" and (one.marker is None or one.marker.evaluate()):
            assert one.specifier.contains(locked[one.name.lower().replace("_", "-")]), one


@pytest.mark.skipif(not shutil.which("hadolint", path=str(Path(sys.executable).parent)), reason="not on this machine")
def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    for privilege in ("privileged", "pid", "ipc", "userns_mode", "devices", "cgroup_parent", "extra_hosts"):
        assert privilege not in service
    assert service.get("network_mode", "service:proxy") == "service:proxy"
    assert service["cap_drop"] == ["ALL"] and set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}
    assert service["security_opt"] == ["no-new-privileges:true"] and service["read_only"] is True


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_shares_is_a_named_volume_or_only_read(name: str) -> None:
    for volume in SERVICES[name]["volumes"]:
        source, target, *options = volume.replace(":-", "").split(":")
        assert source in COMPOSE["volumes"] or options == ["ro"], volume
        assert target.startswith("/") and "docker.sock" not in volume


def test_ports_are_this_machines_own() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:8501:8080", "127.0.0.1:8000:8000"]


@pytest.mark.parametrize("name", ["page", "api"])
def test_a_service_starts_a_command_that_exists(name: str) -> None:
    assert_is_a_command(SERVICES[name]["command"])


def test_page_and_api_share_one_index() -> None:
    paths = dict(re.findall(r"(NEWSDESK_\w+)=(/\w+)", " ".join(of("ENV"))))
    for name in ("page", "api"):
        assert f"index:{paths['NEWSDESK_INDEX_DIR']}" in SERVICES[name]["volumes"]
        assert f"models:{paths['NEWSDESK_MODELS']}" in SERVICES[name]["volumes"]


def test_the_server_for_vectors_is_reached_by_the_other_services_only() -> None:
    chroma = SERVICES["chroma"]
    assert "ports" not in chroma and chroma["environment"] == {"ANONYMIZED_TELEMETRY": "False"}
    assert "/vectors" in of("RUN")[-2] and chroma["command"][-2:] == ["--path", "/vectors"]
    ready = "from chromadb.cli.cli import app; import sys; sys.argv[0] = 'chroma'; app()"
    asked = subprocess.run([sys.executable, "-c", ready, *chroma["command"], "--help"], capture_output=True, timeout=60)
    assert asked.returncode == 0, asked.stderr


def test_the_page_is_reached_through_the_sign_in_only() -> None:
    """It listens on loopback of a network that it shares with the proxy alone."""
    page, proxy = SERVICES["page"], SERVICES["proxy"]
    assert page["command"][:3] == ["chat", "--host", "127.0.0.1"]
    assert [name for name, one in SERVICES.items() if one.get("network_mode") == "service:proxy"] == ["page"]
    site = (ROOT / "docs" / "Caddyfile").read_text()
    assert "basic_auth {" in site and "admin off" in site
    published, inside = proxy["ports"][0].rsplit(":", 2)[1:]
    assert "ports" not in page
    assert f"http://127.0.0.1:{inside}, http://localhost:{inside} {{" in site
    assert f"reverse_proxy 127.0.0.1:{page['command'][-1]}\n" in site and published == page["command"][-1]
    assert {"PAGE_USER", "PAGE_PASSWORD_HASH"} <= set(proxy["environment"])
    assert "./docs/Caddyfile:/etc/caddy/Caddyfile:ro" in proxy["volumes"]


def test_the_handbook_names_commands_that_exist() -> None:
    told = (ROOT / "docs" / "OPERATING.md").read_text()
    commands = re.findall(r"^newsdesk (.*)", told, flags=re.M)
    commands += re.findall(r"^ *docker compose run --rm (?:--volume \S+ )?api (.*)", told, flags=re.M)
    assert len(commands) == 7
    for command in commands:
        assert_is_a_command(shlex.split(command, comments=True))
