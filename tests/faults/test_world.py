"""What the machines around do: servers restart, disks fill up, clocks jump, everything runs twice.

Real worker processes send under load meanwhile; the mail server's log is the judge.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from cadence.core.errors import CadenceError
from cadence.core.model import MessageState
from cadence.service.app import App
from cadence.store.tables import messages
from tests.faults.child import Order, Servers
from tests.faults.judge import Verdict, judge
from tests.faults.processes import Nursery, Worker, nursery
from tests.faults.scale import scaled
from tests.faults.sink import Sink
from tests.faults.site import FIRST, enroll, furnish, opened, until_due
from tests.servers.database import Postgres, Redis, postgres_programs

WORKERS = 2
REPS = 4
BATCH = 3
"""Mails of a mailbox that leave together, so as many may be in doubt when its worker is killed."""
MAILS = scaled(40, 600)
AHEAD = until_due()


@dataclass
class Plant:
    """Two real workers at work. app: the test's own look at the database."""

    app: App
    sink: Sink
    nurses: list[Nursery]
    order: Order
    workers: list[Worker]

    async def start(self, *, skew: float = 0.0) -> None:
        """Start the workers; skew: seconds by which each one's clock is ahead of the one before."""
        for number, nurse in enumerate(self.nurses):
            shift = self.order.shift + number * skew
            name = f"{self.order.process}-{len(self.workers)}"
            self.workers.append(await nurse.start(replace(self.order, process=name, shift=shift)))

    async def until(self, sent: int) -> None:
        """Until the mail server has taken so many."""
        async with asyncio.timeout(90):
            while len(self.sink.log) < sent:  # noqa: ASYNC110 - other processes send
                await asyncio.sleep(0.02)

    async def finish(self, *, pardon: int = 0) -> Verdict:
        """Until nothing is left to do; pardon: how many may be in doubt."""
        async with asyncio.timeout(90):
            while await self.unsettled():  # noqa: ASYNC110 - other processes send
                await asyncio.sleep(0.1)
        for worker in self.workers:
            worker.stop()
            await worker.end()
        verdict = await judge(self.app, self.sink.counts, expected=MAILS)
        assert not verdict.faults
        assert verdict.states["in_doubt"] <= pardon, verdict.states
        return verdict

    async def unsettled(self) -> bool:
        settled = (MessageState.SENT, MessageState.IN_DOUBT)
        query = sa.select(messages.c.id).where(messages.c.step == FIRST, messages.c.state.not_in(settled))
        try:
            async with self.app.db.read() as tx:
                return (await tx.execute(query.limit(1))).first() is not None
        except CadenceError:
            return True  # the database is away


@asynccontextmanager
async def plant(url: str, folder: Path, *, redis: str | None = None) -> AsyncIterator[Plant]:
    sink = Sink(lambda phase: 0.004 if phase == "content" else 0.0)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(sink.listening())
        ahead = AHEAD
        now = datetime.now(UTC)
        app = await stack.enter_async_context(opened(url, Servers(), lambda: now))
        await furnish(app, folder / "templates", rep_smtp=f"smtp://127.0.0.1:{sink.port}", reps=REPS)
        await enroll(app, MAILS, reps=REPS)
        nurses = [await stack.enter_async_context(nursery(folder / "log")) for _ in range(WORKERS)]
        order = Order(url, "worker", ahead.total_seconds(), redis=redis, batch=BATCH)
        yield Plant(app, sink, nurses, order, [])


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """One to be killed."""
    if postgres_programs() is None:
        pytest.skip("PostgreSQL is not installed")
    server = Postgres()
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed")
    server = Redis()
    try:
        yield server.start()
    finally:
        server.stop()


async def test_two_of_every_process_double_nothing(database_url: str, tmp_path: Path) -> None:
    async with plant(database_url, tmp_path) as works:
        await works.start()
        await works.finish()


async def test_clocks_that_are_an_hour_apart_double_nothing(tmp_path: Path) -> None:
    async with plant(f"sqlite+aiosqlite:///{tmp_path}/cadence.db", tmp_path) as works:
        await works.start(skew=3600.0)
        await works.until(MAILS // 3)
        for worker in works.workers:
            worker.kill()
            await worker.end()
        later = works.order.shift + 2 * 3600.0  # what was dated in the future is due by then
        works.order = replace(works.order, shift=later)
        await works.start()
        await works.finish(pardon=WORKERS * REPS * BATCH)


async def test_a_postgres_that_is_killed_under_load_loses_and_doubles_nothing(
    own_postgres: Postgres, tmp_path: Path
) -> None:
    async with plant(own_postgres.new_database(), tmp_path) as works:
        await works.start()
        for part in range(1, scaled(2, 4)):
            await works.until(part * MAILS // 4)
            own_postgres.stop(at_once=True)
            await asyncio.to_thread(own_postgres.launch)
        verdict = await works.finish()
        assert verdict.states["sent"] == MAILS


async def test_a_redis_that_is_flushed_and_killed_under_load_loses_and_doubles_nothing(
    postgres: Postgres, own_redis: Redis, tmp_path: Path
) -> None:
    async with plant(postgres.new_database(), tmp_path, redis=own_redis.url) as works:
        await works.start()
        await works.until(MAILS // 6)
        await asyncio.to_thread(flush, own_redis)
        await works.until(MAILS // 3)
        own_redis.stop()
        await asyncio.to_thread(own_redis.start)
        verdict = await works.finish()
        assert verdict.states["sent"] == MAILS


def flush(redis: Redis) -> None:
    subprocess.run(["redis-cli", "-p", str(redis.port), "flushall"], check=True, capture_output=True)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own that is soon full."""
    folder.mkdir()
    size = f"size={megabytes}m"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
async def test_a_disk_that_is_full_under_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 16) as disk:
        async with plant(f"sqlite+aiosqlite:///{disk}/cadence.db", tmp_path) as works:
            await works.start()
            await works.until(MAILS // 4)
            ballast = disk / "ballast"
            with contextlib.suppress(OSError):
                ballast.write_bytes(bytes(32 * 2**20))
            await complained(tmp_path / "log", "full")
            ballast.unlink()
            verdict = await works.finish()
            assert verdict.states["sent"] == MAILS


async def complained(log: Path, words: str) -> None:
    """Until a worker's log says so."""
    async with asyncio.timeout(20):
        while words not in await asyncio.to_thread(log.read_text):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.05)
