"""The scaled worker on a real Redis: spread work, nothing lost or doubled whatever Redis does."""

import asyncio
import contextlib
import time
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from arq.constants import default_queue_name, in_progress_key_prefix
from redis.asyncio import Redis as Client

from cadence.core.errors import InvalidInput
from cadence.service import connecting, presence
from cadence.store import flight, messages, processes
from cadence.store.tables import mailboxes
from cadence.worker.queue import Caller, QueueWorker, calling, redis_settings
from cadence.worker.watch import WatchProcess
from tests.servers.database import Redis
from tests.service.conftest import World, database_url, mailbox, world

__all__ = ["database_url", "world"]


@pytest.fixture
def redis():
    server = Redis()
    yield server.start()
    server.stop()


def worker(world: World, redis: Redis, name: str) -> QueueWorker:
    return QueueWorker(replace(world.app, process=name), redis_settings(redis.url))


class Unswept(QueueWorker):
    """A worker that looks into the queue only when somebody asks for it."""

    def _worker(self, redis):
        made = super()._worker(redis)
        made.cron_jobs = []
        return made


@contextlib.asynccontextmanager
async def running(*workers):
    tasks = [asyncio.create_task(each.run()) for each in workers]
    try:
        yield
    finally:
        for each in workers:
            each.stop()
        await asyncio.wait_for(asyncio.gather(*tasks), 20)


async def until(check, seconds=20.0):
    for _ in range(int(seconds / 0.1)):
        if await check():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it did not happen in time")


async def enroll_many(world, count):
    for number in range(count):
        await world.enroll(f"p{number}@lost{number}.example", company=f"Company {number}")
    world.now += timedelta(hours=2)


def sent_to(world):
    return sorted(mail.recipient for mail in world.sent)


async def test_two_workers_send_each_mail_once(world, redis):
    await enroll_many(world, 12)
    async with running(worker(world, redis, "one"), worker(world, redis, "two")):

        async def all_sent():
            return len(world.sent) >= 12

        await until(all_sent)
        await asyncio.sleep(1.5)
    assert sent_to(world) == sorted(f"p{n}@lost{n}.example" for n in range(12))


async def test_a_worker_outlives_redis_and_what_was_flushed_is_found_again(world, redis):
    async with running(worker(world, redis, "one")):
        await asyncio.sleep(1)
        redis.stop()
        await enroll_many(world, 3)
        await asyncio.sleep(2)
        redis.start()

        async def all_sent():
            return len(world.sent) >= 3

        await until(all_sent, 30)
    assert len(world.sent) == 3


async def test_what_many_dead_workers_had_begun_hides_nothing_that_is_due(world, redis):
    await enroll_many(world, 1)
    begun = [f"send:{number}:of the dead" for number in range(1000)]
    async with Client.from_url(redis.url) as queue:
        long_ago = (time.time() - 90) * 1000
        await queue.zadd(default_queue_name, dict.fromkeys(begun, long_ago))
        await queue.mset({in_progress_key_prefix + job: "1" for job in begun})
    async with running(worker(world, redis, "one")):

        async def all_sent():
            return len(world.sent) == 1

        await until(all_sent)


async def test_whoever_changed_something_wakes_the_workers(world, redis):
    woken = Unswept(replace(world.app, process="one"), redis_settings(redis.url))
    async with running(woken), calling(world.app, redis.url):
        await enroll_many(world, 3)
        await asyncio.sleep(1.5)
        assert world.sent == []
        await world.app.wake()

        async def all_sent():
            return len(world.sent) >= 3

        await until(all_sent)
    assert len(world.sent) == 3


async def test_a_sweep_gives_its_hints_for_when_a_mail_is_due(world, redis):
    await enroll_many(world, 1)
    world.now -= timedelta(seconds=1.2)
    woken = Unswept(replace(world.app, process="one"), redis_settings(redis.url))
    async with running(woken), calling(world.app, redis.url):
        await world.app.wake()
        await asyncio.sleep(0.7)
        assert world.sent == []
        world.now += timedelta(seconds=1.2)

        async def is_sent():
            return len(world.sent) == 1

        await until(is_sent)


async def test_where_redis_is_away_a_change_is_made_all_the_same(redis, caplog):
    caller = Caller(redis_settings(redis.url))
    await caller()
    redis.stop()
    await caller()
    redis.start()
    await caller()
    await caller.close()


async def test_a_worker_says_that_it_is_alive_and_when_it_leaves(world, redis):
    async def alive():
        async with world.app.db.read() as tx:
            return await processes.alive(tx, presence.WORKER, world.now)

    async with running(worker(world, redis, "one")):

        async def is_alive():
            return await alive() == ["one"]

        await until(is_alive)
    assert await alive() == []


async def test_what_a_dead_worker_had_in_flight_is_in_doubt_at_once_and_a_live_one_s_is_not(world):
    dead, alive = replace(world.app, process="dead"), replace(world.app, process="alive")
    await enroll_many(world, 2)
    await presence.beat(alive, presence.WORKER)
    async with world.app.db.write() as tx:
        one, two = await messages.claim(tx, 1, now=world.now, until=world.now, limit=2)
        for message, by in ((one, dead), (two, alive)):
            mail = flight.Departure(message, b"x", "a subject", None, 1)
            marks = {"now": world.now, "until": world.now + timedelta(minutes=20), "mailbox_id": 1}
            assert await flight.begin(tx, [mail], **marks, sent_by=by.process)
    await world.after(seconds=1)
    async with world.app.db.read() as tx:
        states = [(await messages.get(tx, m.id)).state for m in (one, two)]
    assert states == ["in_doubt", "sending"]


async def test_watchers_share_the_mailboxes_and_a_dead_one_s_part_moves(world):
    for number in range(3):
        await connecting.add(world.app, mailbox(f"rep{number}@vendor.test"))
    one, two = replace(world.app, process="one"), replace(world.app, process="two")
    await presence.beat(one, presence.WATCHER)
    assert len(await presence.my_mailboxes(one)) == 4
    await presence.beat(two, presence.WATCHER)
    assert len(await presence.my_mailboxes(one)) == 2
    assert len(await presence.my_mailboxes(two)) == 2
    world.now += presence.ALIVE_FOR
    await presence.beat(two, presence.WATCHER)
    assert len(await presence.my_mailboxes(two)) == 4
    assert await presence.my_mailboxes(one) == set()  # it was late: others have what was its


async def test_two_watch_processes_read_every_mailbox(world):
    for number in range(3):
        await connecting.add(world.app, mailbox(f"rep{number}@vendor.test"))
    watching = [WatchProcess(replace(world.app, process=name), poll=1) for name in ("one", "two")]
    async with running(*watching):

        async def all_read():
            async with world.app.db.read() as tx:
                return None not in list((await tx.execute(sa.select(mailboxes.c.synced_at))).scalars())

        await until(all_read)


def test_a_bad_address_of_redis_is_one_clear_line():
    with pytest.raises(InvalidInput, match="redis_url"):
        redis_settings("http://localhost")
