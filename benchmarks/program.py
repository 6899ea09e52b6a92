"""Programs beside a benchmark: a command of Cadence, with what it uses of the machine; an IMAP server."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.installation import SECRET
from benchmarks.line_up import ROOT
from tests.servers.database import Postgres, postgres_programs

_TICKS = os.sysconf("SC_CLK_TCK")
_ENDS_WITHIN = 60.0


class Program:
    """A running `cadence COMMAND`. more: of its environment."""

    def __init__(self, command: str, database: str, log: Path, **more: str) -> None:
        own = {
            "CADENCE_DATABASE_URL": database,
            "CADENCE_SECRET_KEY": SECRET,
            "CADENCE_LOG_FORMAT": "json",
            "CADENCE_PORT": "0",
        }
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cadence", *command.split()],
                cwd=ROOT,
                env=os.environ | own | more,
                stdout=out,
                stderr=out,
            )
        self._log = log

    def megabytes(self) -> tuple[float, float]:
        """What it holds now, and the most it ever held."""
        status = self._read("status")
        now, most = (re.search(rf"^{name}:\s+(\d+) kB", status, re.MULTILINE) for name in ("VmRSS", "VmHWM"))
        assert now and most
        return int(now[1]) / 1024, int(most[1]) / 1024

    def cpu_seconds(self) -> float:
        """Processor time that it used so far; raises RuntimeError where it ended."""
        fields = self._read("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def stop(self) -> float:
        """End it in good order; gives how many seconds that took."""
        began = time.perf_counter()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.returncode:
            raise RuntimeError(f"it failed: {self._log.read_text()[-2000:]}")
        return time.perf_counter() - began

    def _read(self, name: str) -> str:
        if self._process.poll() is not None:
            raise RuntimeError(f"it ended: {self._log.read_text()[-2000:]}")
        return Path(f"/proc/{self._process.pid}/{name}").read_text(encoding="ascii", errors="replace")


class Server:
    """A running crowd.py. folder: where its certificate is; url: where it listens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command, pipe = [sys.executable, "-m", "benchmarks.crowd", str(folder)], subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self.url = f"imaps://localhost:{self._heard()['port']}"

    def deliver(self, user: str, raw: bytes) -> float:
        """Let a mail arrive; gives when those who wait were told, as time.monotonic has it."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"user": user, "mail": raw.decode()}) + "\n")
        self._process.stdin.flush()
        return float(self._heard()["told"])

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator["Server"]:
        """One that runs, with its certificate in the folder."""
        server = cls(folder)
        try:
            yield server
        finally:
            server.stop()

    def stop(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the IMAP server ended")
        said: dict[str, Any] = json.loads(line)
        return said


@contextmanager
def database(folder: Path) -> Iterator[tuple[str, str]]:
    """A fresh database, PostgreSQL where it is installed: its kind and its address."""
    if postgres_programs() is None:
        yield "SQLite", f"sqlite+aiosqlite:///{folder}/cadence.db"
        return
    server = Postgres().start()
    try:
        yield "PostgreSQL", server.new_database()
    finally:
        server.remove()
