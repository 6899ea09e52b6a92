"""Who takes part in the comparison of senders, on which servers, and the processes they run in."""

import contextlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.installation import seconds_to_epoch
from tests.servers.database import Postgres, Redis, postgres_programs
from tests.servers.process import program

ROOT = Path(__file__).parents[1]
OTHERS = ROOT / ".venv-bench" / "bin" / "python"
"""The environment of benchmarks/requirements.lock."""


@dataclass(frozen=True)
class Servers:
    """What the contenders share. postgres, redis: None where they are not installed."""

    folder: Path
    port: int
    words: Path
    size: int
    postgres: Postgres | None
    redis: Redis | None

    def database(self, kind: str) -> str:
        """A fresh database."""
        if kind == "SQLite":
            return f"sqlite+aiosqlite:///{self.folder}/{uuid4().hex}.db"
        assert self.postgres is not None
        return self.postgres.new_database()

    def empty_postgres(self) -> str:
        """A fresh database without tables."""
        assert self.postgres is not None
        return self.postgres.new_database(template="template1")


@dataclass
class Contender:
    """One way to send. weight: mails per round, relative to ours, so that all rounds take about as long."""

    name: str
    kind: str
    weight: float
    commands: list[list[str]]
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)

    @property
    def is_ours(self) -> bool:
        return self.kind == "ours"

    def start(self) -> None:
        """Begin to start; `started` waits for it. The first process makes the tables, so the others wait."""
        self._launch(self.commands[0])

    def started(self) -> None:
        _answer(self.processes[0])
        for command in self.commands[1:]:
            _answer(self._launch(command))

    def _launch(self, command: list[str]) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        self.processes.append(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT))
        return self.processes[-1]

    def prepare(self, count: int) -> None:
        _order(self.processes[0], "prepare", count)

    def send(self, count: int) -> list[dict[str, Any]]:
        """Let all processes send at once; gives what each of them measured."""
        answers: list[dict[str, Any]] = []

        def one(process: "subprocess.Popen[str]") -> None:
            answers.append(_order(process, "send", count))

        threads = [threading.Thread(target=one, args=(process,)) for process in self.processes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if sum(answer["done"] for answer in answers) != count:
            raise RuntimeError(f"{self.name} did not send {count} mails: {answers}")
        return answers

    def stop(self) -> None:
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _order(process: "subprocess.Popen[str]", work: str, count: int) -> dict[str, Any]:
    assert process.stdin is not None
    process.stdin.write(json.dumps({"work": work, "count": count}) + "\n")
    process.stdin.flush()
    return _answer(process)


def _answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} ended")
    answer: dict[str, Any] = json.loads(line)
    return answer


@contextlib.contextmanager
def databases(only: str = "") -> Iterator[tuple[Postgres | None, Redis | None]]:
    """A private PostgreSQL and a private Redis, where installed and not left out by `only`."""
    if "SQLite" in only:
        yield None, None
        return
    with contextlib.ExitStack() as stack:
        postgres = redis = None
        if postgres_programs() is not None:
            postgres = Postgres().start()
            stack.callback(postgres.remove)
        if shutil.which("redis-server") is not None:
            redis = Redis().start()
            stack.callback(redis.stop)
        yield postgres, redis


def line_up(servers: Servers) -> tuple[list[Contender], list[str]]:
    """Everybody who can take part, and why others do not."""
    kinds = ["SQLite", *(["PostgreSQL"] if servers.postgres else [])]
    missing = [] if servers.postgres else ["PostgreSQL is not installed"]
    found = [_bare(servers)]
    found += [_ours(servers, kind, processes) for kind in kinds for processes in (1, 2)]
    if OTHERS.exists():
        found += [_post_office(servers, kind) for kind in kinds]
    else:
        missing.append("django-post-office: .venv-bench is not there, see README.md")
    if servers.postgres and servers.redis:
        found += [_arq(servers, "as it comes", 0, 0.5), _arq(servers, "looking every 10 ms", 1, 0.01)]
    else:
        missing.append("the arq job needs PostgreSQL and Redis")
    return found, missing


def _command(module: str, python: Path | str = sys.executable, **given: Any) -> list[str]:
    return [str(python), "-m", f"benchmarks.contenders.{module}", json.dumps(given)]


def _bare(servers: Servers) -> Contender:
    smtp_source = program("smtp-source")
    name = "smtp-source, 10 connections" if smtp_source else "minimal loop, 10 connections"
    command = _command("bare", program=smtp_source, port=servers.port, size=servers.size)
    return Contender(name, "limit", 15.0 if smtp_source else 5.0, [command])


def _ours(servers: Servers, kind: str, processes: int) -> Contender:
    url, ahead = servers.database(kind), seconds_to_epoch()
    commands = [
        _command("ours", database=url, port=servers.port, number=n, processes=processes, ahead=ahead)
        for n in range(processes)
    ]
    many = "1 process" if processes == 1 else f"{processes} processes"
    return Contender(f"Cadence, {kind}, {many}", "ours", 1.0, commands)


def _post_office(servers: Servers, kind: str) -> Contender:
    url = servers.database(kind) if kind == "SQLite" else servers.empty_postgres()
    words, port = str(servers.words), servers.port
    command = _command("post_office", OTHERS, database=url, port=port, words=words, threads=1)
    return Contender(f"django-post-office, {kind}", "post-office", 1.0, [command])


def _arq(servers: Servers, how: str, queue: int, poll: float) -> Contender:
    assert servers.redis is not None
    url, redis, port = servers.empty_postgres(), f"{servers.redis.url}/{queue}", servers.port
    words = str(servers.words)
    command = _command("arq_job", database=url, redis=redis, port=port, words=words, poll=poll)
    return Contender(f"arq job, {how}, PostgreSQL", "arq", 1.0, [command])
