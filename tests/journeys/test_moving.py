"""An installation moves to more than one process in the middle of its work; nobody it writes to notices."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from cadence.service import moving
from cadence.store.database import Database
from cadence.worker.queue import QueueWorker, redis_settings
from tests.journeys.conftest import SOON, _app


async def test_what_was_moved_goes_on_and_nobody_is_mailed_twice(office, postgres, redis, record_property):
    record_property("server", "PostgreSQL")
    dana, emil = await office.prospect("dana"), await office.prospect("emil")
    await office.enroll(dana.address, deal_name="One")
    removed = await office.enroll(emil.address, deal_name="Two")
    await office.after(hours=2)
    await office.after(hours=2)
    (mail,) = await office.received(emil)
    await office.answers(emil, mail, "Please remove me from your list.")  # nobody has read it yet

    url = postgres.new_database(template="template1")
    await moving.move(f"sqlite+aiosqlite:///{office.folder}/cadence.db", url, now=office.clock())
    with pytest.raises(IntegrityError, match="was moved to"):  # a process that was forgotten
        await office.after(days=5)

    old, db = office.app, await Database.open(url)
    office.app = replace(_app(office, db), process="worker-1")
    worker = QueueWorker(office.app, redis_settings(redis.url))
    running = asyncio.create_task(worker.run())
    try:
        assert [m.subject for m in await office.received(dana, 2)] == ["Thank you", "One question"]
        for _ in range(int(SOON / 0.1)):
            if await office.state(removed) == "opted_out":
                break
            await asyncio.sleep(0.1)
        assert await office.state(removed) == "opted_out"
    finally:
        worker.stop()
        await asyncio.wait_for(running, 20)
    assert len(await office.received(dana, 2)) == 2
    assert len(await office.received(emil)) == 1
    await office.app.connections.close()
    await db.close()
    office.app = old
