"""docker-compose.yml: its commands exist, its secrets are not in it, and Docker's own check accepts it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from cadence.cli.directory import COMMANDS

FILE = Path(__file__).parent.parent / "docker-compose.yml"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(FILE.read_text())


def test_every_command_of_ours_exists(compose):
    commands = [s["command"] for s in compose["services"].values() if s.get("image") == "cadence"]
    assert {command[0] for command in commands} == {"cadence"}
    assert {command[1] for command in commands} <= set(COMMANDS)


def test_each_of_our_services_has_the_least_rights(compose):
    for name, service in compose["services"].items():
        if service.get("image") == "cadence":
            assert service["read_only"] and service["cap_drop"] == ["ALL"], name


def test_no_port_is_open_to_the_world(compose):
    ports = [port for s in compose["services"].values() for port in s.get("ports", [])]
    assert ports and all(port.startswith("127.0.0.1:") for port in ports)


def test_what_is_checked_for_health_is_where_the_service_listens(compose):
    for name, service in compose["services"].items():
        check = " ".join(map(str, service.get("healthcheck", {}).get("test", ())))
        for port in re.findall(r"127\.0\.0\.1:(\d+)", check):
            command, environment = service["command"], service.get("environment", {})
            listens = (
                command[command.index("--port") + 1] if "--port" in command else environment["CADENCE_PORT"]
            )
            assert port == listens, name
            assert all(each.endswith(f":{port}") for each in service["ports"]), name


def test_whatever_sends_or_reads_is_asked_whether_it_is_alive(compose):
    for name in ("worker", "watch"):
        command = compose["services"][name]["healthcheck"]["test"]
        assert command[:2] == ["CMD", "cadence"] and command[2] in COMMANDS


def test_docker_compose_accepts_it(tmp_path):
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed")
    shutil.copy(FILE, tmp_path)
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=x\n")
    words = [program, "-f", FILE.name, "--profile", "sandbox", "config", "-q"]
    done = subprocess.run(
        words, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
