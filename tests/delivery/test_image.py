"""The Dockerfile: least rights, nothing that is not pinned, and the installed product runs on what it leaves.

No Docker is needed: the command, the settings and the health check of the image are tried on the installed
wheel, confined as docker-compose.yml confines the image.
"""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.conftest import ROOT, Installation
from tests.servers.process import end, free_port, workplace
from tests.worker.conftest import write_sequence

CONFINED = Path(__file__).with_name("confined.sh")
LINES = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text()).splitlines()
STAGES = [at for at, line in enumerate(LINES) if line.startswith("FROM")]
LAST = [line for line in LINES[STAGES[-1] :] if line and not line.startswith("#")]
"""The instructions of the stage that becomes the image."""


def said(instruction: str) -> str:
    """What the image says to an instruction."""
    (words,) = (line.partition(" ")[2] for line in LAST if line.startswith(f"{instruction} "))
    return words


def listed(instruction: str) -> list[str]:
    """A command of the image, as the program and its words."""
    words = json.loads(re.search(r"\[.*\]", said(instruction))[0])  # type: ignore[index]
    assert isinstance(words, list)
    return words


def test_it_runs_as_a_user_by_number_that_is_not_root() -> None:
    assert int(said("USER")) >= 10_000


def test_whatever_is_installed_is_pinned_with_hashes() -> None:
    for command in re.findall(r"pip[^&]* install [^&]*", "\n".join(LINES)):
        assert "--require-hashes" in command or ("--no-deps" in command and "--no-index" in command), command
    assert all("--no-build-isolation" in one for one in re.findall(r"pip wheel [^&]*", "\n".join(LINES)))


def test_the_base_has_a_version_and_no_tool_of_the_build_gets_into_the_image() -> None:
    bases = [line.split()[1] for line in LINES if line.startswith("FROM")]
    assert bases and all(re.fullmatch(r"[a-z/]+:\d\S*", base) for base in bases)
    assert [line for line in LAST if line.startswith("COPY")] == [
        "COPY --from=build /opt/cadence /opt/cadence"
    ]
    assert any("--without-pip /opt/cadence" in line for line in LINES)


def test_all_that_the_build_copies_is_let_in_and_no_secret_is() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {line[1:] for line in rules if line.startswith("!")}
    assert all((ROOT / name).exists() for name in let_in)
    copied = {word for line in LINES if line.startswith("COPY requirements") for word in line.split()[1:-1]}
    assert copied <= let_in
    assert {"cadence", "templates", "training/replies", "training/unseen", "pyproject.toml"} <= let_in


@pytest.fixture
def confined(installed: Installation) -> Iterator[list[str]]:
    """The words before a program that confine it; what it may write is the last of them."""
    program = shutil.which("unshare")
    probe = [program or "", "--mount", "true"]
    if program is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("confining a program needs unshare(1) and the right to mount")
    interpreter = (installed.programs / "python").resolve()
    is_public = all(folder.stat().st_mode & 0o001 for folder in interpreter.parents)
    user = int(said("USER")) if is_public else os.getuid()
    folder = workplace("confined")
    os.chown(folder, user, user)
    yield [program, "--mount", "sh", str(CONFINED), str(user), str(folder)]
    shutil.rmtree(folder)


def test_the_command_of_the_image_runs_with_nothing_to_write_to_but_its_data(
    installed: Installation, confined: list[str]
) -> None:
    folder, port = Path(confined[-1]), free_port()
    write_sequence(folder / "templates")
    settings = dict(one.split("=", 1) for one in said("ENV").split())
    settings |= {"PATH": installed.environment["PATH"], "TMPDIR": str(folder), "HOME": str(folder)}
    settings |= {"CADENCE_DATA": str(folder / "data"), "CADENCE_PORT": str(port), "CADENCE_HOST": "127.0.0.1"}
    log, before = folder.parent / f"{folder.name}.log", tree(installed.folder)
    environment = installed.environment | settings
    with log.open("wb") as stream:
        process = subprocess.Popen([*confined, *listed("CMD")], env=environment, stdout=stream, stderr=stream)
    try:
        check = [word.replace("8080", str(port)) for word in listed("HEALTHCHECK")]
        deadline = time.monotonic() + 60
        while subprocess.run(
            [*confined, *check], env=environment, capture_output=True, check=False
        ).returncode:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.3)
    finally:
        end(process)
        text = log.read_text()
        log.unlink()
    assert process.returncode == 0, text
    assert "Traceback" not in text
    assert (folder / "data" / "cadence.db").exists()
    assert tree(installed.folder) == before


def tree(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*")}


def test_the_confinement_confines(confined: list[str]) -> None:
    elsewhere = Path(confined[-1]).parent / "elsewhere"
    done = subprocess.run([*confined, "touch", str(elsewhere)], capture_output=True, text=True, check=False)
    assert done.returncode and "Read-only file system" in done.stderr
    assert subprocess.run([*confined, "touch", "inside"], check=False).returncode == 0
