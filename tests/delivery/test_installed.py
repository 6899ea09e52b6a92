"""Whoever installs the wheel gets to a first mail, from an empty folder and without a checkout in sight."""

import imaplib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.test_run import COMPANY
from tests.delivery.conftest import ROOT, Installation
from tests.worker.conftest import PASSWORD, REP, write_sequence

DANA = "dana@lost.example"


class Shell:
    """A terminal in an empty folder."""

    def __init__(self, installed: Installation, folder: Path) -> None:
        self.installed, self.folder = installed, folder

    def __call__(self, *words: str, stdin: str = "") -> str:
        done = subprocess.run(
            ["cadence", *words], cwd=self.folder, env=self.environment, input=stdin,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        return self.installed.environment | COMPANY

    @contextmanager
    def running(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        with subprocess.Popen(
            ["cadence", *words], cwd=self.folder, env=self.environment, text=True, stdout=subprocess.PIPE
        ) as process:
            try:
                yield process
            finally:
                process.terminate()
                process.communicate()


@pytest.fixture
def shell(installed: Installation, tmp_path: Path) -> Shell:
    return Shell(installed, tmp_path)


def line_with(words: str, process: "subprocess.Popen[str]") -> str:
    """The first line that a program says with these words in it."""
    assert process.stdout
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"it ended without {words!r}")


def first_mail(imap: str, address: str, within: float = 30.0) -> str:
    """The mail that arrives for somebody."""
    at = urlsplit(imap)
    assert at.hostname and at.port
    end = time.monotonic() + within
    while time.monotonic() < end:
        with imaplib.IMAP4(at.hostname, at.port, timeout=20) as client:
            client.login(address, PASSWORD)
            client.select("INBOX", readonly=True)
            if client.search(None, "ALL")[1][0]:
                found = client.fetch("1", "(BODY.PEEK[])")[1][0]
                assert isinstance(found, tuple)
                return found[1].decode()
        time.sleep(0.1)
    raise AssertionError("no mail arrived")


def test_from_an_empty_folder_to_the_first_mail(shell: Shell) -> None:
    users = [word for address in (REP, DANA) for word in ("--user", f"{address}:{PASSWORD}")]
    ports = ("--smtp-port", "0", "--imap-port", "0")
    with shell.running("sandbox", *ports, "--json", *users) as sandbox:
        servers = json.loads(line_with("imap", sandbox))
        write_sequence(shell.folder / "templates")
        shell("publish", "lost")
        urls = ("--smtp", servers["smtp"], "--imap", servers["imap"])
        shell("mailbox", "add", REP, "--name", "Robin Rep", *urls, "--password-stdin", stdin=PASSWORD)
        lost_at = f"{datetime.now(UTC) - timedelta(hours=3):%Y-%m-%d %H:%M}"
        shell("enroll", DANA, "--sequence", "lost", "--company", "Lost", "--deal-lost-at", lost_at)
        with shell.running("run", "--port", "0") as running:
            found = re.search(r"served at (\S+)", line_with("served at", running))
            assert found
            with urllib.request.urlopen(f"{found[1]}/healthz", timeout=10) as answer:
                assert json.load(answer) == {"status": "ok"}
            assert "Hello, thank you." in first_mail(servers["imap"], DANA)
        assert "sent" in shell("why", DANA)


def test_the_version_and_the_shipped_sequences_need_nothing_but_the_wheel(shell: Shell) -> None:
    assert re.fullmatch(r"cadence \d+\.\d+\.\d+\S*\n", shell("--version"))
    shell("init", ".")
    assert "Subject: " in shell("preview", "closed-lost", "--step", "thank-you")


LONG = pytest.mark.skipif(os.environ.get("DELIVERY") != "long", reason="`make dist` tries it on the wheel")


@LONG
def test_the_demo_needs_nothing_but_the_wheel(shell: Shell) -> None:
    told = json.loads(shell("demo", "--months", "1", "--json"))
    assert told["duplicates"] == told["after_reply"] == 0
    assert sum(told["sent"].values()) > 0


@LONG
def test_the_journeys_pass_where_no_checkout_is(shell: Shell) -> None:
    shutil.copytree(ROOT / "tests", shell.folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "docker-compose.yml"):
        shutil.copy(ROOT / name, shell.folder)
    (packages,) = shell.installed.folder.glob("lib/python*/site-packages")
    environment = shell.installed.environment | {"PYTHONPATH": str(packages)}  # goes before a checkout's
    words = [sys.executable, "-m", "pytest", "tests/journeys"]
    done = subprocess.run(
        words, cwd=shell.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
