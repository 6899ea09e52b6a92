"""`cadence run` as a process: what it says, what it serves, and how it ends."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cadence.setting_values import shipped_templates
from tests.cli.conftest import REP, Cadence, Servers

COMPANY = {"CADENCE_COMPANY_NAME": "Vendor", "CADENCE_COMPANY_POSTAL_ADDRESS": "1 Sample Street"}


class Running:
    """One `cadence run`, and what it said so far."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        self.log = folder / "said.txt"
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cadence", "run", "--port", "0", *words],
                cwd=folder,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
                stdout=stream,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def says(self, words: str, within: float = 30.0) -> str:
        end = time.monotonic() + within
        while words not in self.said:
            assert self.process.poll() is None, f"it ended: {self.said}"
            assert time.monotonic() < end, f"it never said {words!r}: {self.said}"
            time.sleep(0.05)
        return self.said

    def url(self) -> str:
        found = re.search(r"served at (\S+)", self.says("Ctrl+C stops it."))
        assert found
        return found[1]

    def stop(self, number: signal.Signals = signal.SIGTERM, within: float = 30.0) -> int:
        self.process.send_signal(number)
        return self.process.wait(within)


Start = Callable[..., Running]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    made: list[Running] = []

    def run(*words: str, **environment: str) -> Running:
        made.append(Running(folder, *words, **environment))
        return made[-1]

    yield run
    for running in made:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def test_it_says_what_it_does_and_what_is_missing_and_stops_cleanly(folder: Path, start: Start) -> None:
    shutil.copytree(shipped_templates(), folder / "templates")
    broken = folder / "templates" / "closed-lost" / "sequence.toml"
    broken.write_text("nonsense = 1\n" + broken.read_text())
    running = start()
    status, body = get(f"{running.url()}/healthz")
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    said = running.said
    for words in (
        "closed-lost/sequence.toml:1: ",
        "no mailbox is connected",
        "CADENCE_COMPANY_POSTAL_ADDRESS",
    ):
        assert words in said
    assert "CADENCE_PUBLIC_URL" in said
    began = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - began < 20
    assert running.said.endswith("Stopped.\n")
    assert "Traceback" not in running.said


def test_a_second_one_on_the_same_data_is_refused(cadence: Cadence, start: Start) -> None:
    running = start()
    running.url()
    said = cadence("run", "--port", 0)
    assert said.code == 2
    assert re.fullmatch(
        rf"cadence: another `cadence run` \(process {running.process.pid}\) works on \S+ already\n", said.err
    )
    assert running.stop(signal.SIGINT) == 0
    again = start()
    again.url()
    assert again.stop() == 0, "the lock goes with the process"


def test_a_port_in_use_is_one_line(cadence: Cadence) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = cadence("run", "--port", port)
    assert (said.code, said.out) == (1, "")
    assert (
        said.err
        == f"cadence: port {port} on 127.0.0.1 is taken by another program; choose another one with --port\n"
    )


def test_a_database_that_cannot_be_opened_is_one_line(cadence: Cadence, folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "cadence.db").write_bytes(b"no database at all, " * 100)
    said = cadence("run", "--port", 0)
    assert said.code == 2
    assert said.err.startswith("cadence: the database cannot be opened")
    assert said.err.count("\n") == 1


def test_unsubscribe_pages_are_served_and_do_what_they_say(
    cadence: Cadence, connected: Servers, start: Start
) -> None:
    running = start(**COMPANY)
    url = running.url()
    assert "executive" in running.said, "the shipped sequences have mails that one signs"
    assert get(f"{url}/u/nonsense")[0] == 200
    request = urllib.request.Request(f"{url}/u/nonsense", data=b"List-Unsubscribe=One-Click")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request, timeout=10)
    assert running.stop() == 0


def test_a_mailbox_at_work_is_stopped_cleanly_and_nothing_is_logged_about_whom(
    connected: Servers, start: Start
) -> None:
    running = start(CADENCE_LOG_FORMAT="json", **COMPANY)
    running.url()
    time.sleep(1.5)
    assert running.stop() == 0
    logged = [line for line in running.said.splitlines() if line.startswith("{")]
    assert all(REP not in line for line in logged)
    assert "Traceback" not in running.said


def test_a_second_signal_stops_at_once(start: Start) -> None:
    running = start()
    host, port = running.url().removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as busy:
        busy.sendall(b"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")  # keeps the server busy
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        running.says("Stopping")
        began = time.monotonic()
        assert running.stop() == 1
    assert time.monotonic() - began < 15
    assert running.said.endswith("Stopped at once. A mail that was in flight counts as in doubt.\n")


def test_a_dribbling_request_does_not_keep_it_from_stopping(start: Start) -> None:
    running = start()
    host, port = running.url().removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as dribble:
        dribble.sendall(b"GET /healthz HT")
        assert running.stop() == 0
