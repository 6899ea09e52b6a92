"""A private PostgreSQL and a private Redis, on free ports, from Debian's packages; and tables made once."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from cadence.store.database import Database
from tests.servers.process import free_port


def _as_user(name: str) -> dict[str, object]:
    """Server programs refuse to run as root."""
    return {"user": name, "group": name, "extra_groups": []} if os.getuid() == 0 else {}


def postgres_programs() -> Path | None:
    """The newest installed PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


def _memory() -> Path | None:
    """Where files are in memory, if there is enough of it."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > 6_000_000_000 else None


def in_its_own_loop(work: Coroutine[Any, Any, None]) -> None:
    """Do something before any loop runs, or while another does."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def migrate(url: str) -> None:
    """Make the tables, or bring those of an earlier revision to the newest."""

    async def make() -> None:
        await (await Database.open(url)).close()

    in_its_own_loop(make())


_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT relname FROM pg_stat_user_tables WHERE relname <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences LOOP
        PERFORM setval(format('%I', name), 1, false);
    END LOOP;
END $$;
"""
"""Empties a database, whatever its triggers say, as no migration brings rows along."""


STARTS_WITHIN = 60.0


class Postgres:
    """A server with a database for each test that asks for one.

    is_hasty: nothing waits for the disk, or is on it where memory will do; what was committed outlives the
    server, but not the machine.
    """

    def __init__(self, *, is_hasty: bool = False) -> None:
        programs = postgres_programs()
        assert programs is not None
        self._programs = programs
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="cadence-postgres-", dir=_memory() if is_hasty else None))
        self._hasty = ["-c", "fsync=off", "-c", "full_page_writes=off"] if is_hasty else []
        self._process: subprocess.Popen[bytes] | None = None
        self._is_migrated = False
        self._idle: list[str] = []

    def start(self) -> "Postgres":
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        subprocess.run(
            [
                self._programs / "initdb",
                "-D",
                self.folder / "data",
                "-U",
                "cadence",
                "-A",
                "trust",
                "-E",
                "UTF8",
            ],
            check=True,
            capture_output=True,
            **_as_user("postgres"),  # type: ignore[call-overload]
        )
        self.launch()
        return self

    def launch(self) -> None:
        """Start, or start again, on the same data and port."""
        options = [
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=200",
            "-c",
            "dynamic_shared_memory_type=mmap",  # in its folder: who is killed leaves nothing elsewhere
            *self._hasty,
        ]
        command = [self._programs / "postgres", "-D", self.folder / "data", "-p", str(self.port), *options]
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:  # or those of before still end
                self._process = subprocess.Popen(
                    command,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    **_as_user("postgres"),  # type: ignore[call-overload]
                )
            if not self._run("pg_isready", check=False).returncode:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def new_database(self, *, template: str = "migrated") -> str:
        """The SQLAlchemy URL of a fresh database, with the tables in it unless made from template1."""
        if template == "migrated" and not self._is_migrated:
            self._run("createdb", template)
            migrate(self._url(template))
            self._is_migrated = True
        name = f"t{uuid4().hex}"
        self._run("createdb", "-T", template, name)
        return self._url(name)

    @contextmanager
    def lent_database(self) -> Iterator[str]:
        """The URL of an empty database with the tables in it, for who leaves those as they are.

        It is emptied for the next: making one and removing its files takes many times as long.
        """
        url = self._idle.pop() if self._idle else self.new_database()
        yield url
        self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", _EMPTY, "-d", url.rpartition("/")[2])
        self._idle.append(url)

    def _url(self, database: str) -> str:
        return f"postgresql+asyncpg://cadence@127.0.0.1:{self.port}/{database}"

    def stop(self, *, at_once: bool = False) -> None:
        """End the server: in order, or as a crash would."""
        if self._process is not None:
            (self._process.kill if at_once else self._process.terminate)()
            self._process.wait(20)
            self._process = None

    def remove(self) -> None:
        self.stop(at_once=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str, check: bool = True) -> "subprocess.CompletedProcess[bytes]":
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "cadence"]
        return subprocess.run([self._programs / program, *address, *words], check=check, capture_output=True)


class Redis:
    """A server that keeps nothing on disk."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> "Redis":
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(["redis-server", *words], stdout=subprocess.DEVNULL)
        for _ in range(100):
            ping = ["redis-cli", "-p", str(self.port), "ping"]
            if subprocess.run(ping, capture_output=True, check=False).stdout.strip() == b"PONG":
                return self
            time.sleep(0.05)
        raise RuntimeError("Redis did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None
